-- Data points for analyses. Instants are microseconds.

-- What points are of: in the dataset `timeseries` a series of its own, in any other a type of events. What a dimension
-- or metric is called in a series is kept here, each with the number of its column in `points`. Series of a dataset
-- share numbers as far as they can.
CREATE TABLE point_series (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    dataset TEXT NOT NULL,           -- events, trades, timeseries, web and so on
    name TEXT NOT NULL,
    dimensions TEXT NOT NULL DEFAULT '{}',  -- name → number, a JSON object
    several TEXT NOT NULL DEFAULT '[]',      -- dimensions of which some point has several values
    metrics TEXT NOT NULL DEFAULT '{}',     -- name → number
    details TEXT NOT NULL DEFAULT '{}',     -- aspects and properties that were said of it
    created BIGINT NOT NULL,
    UNIQUE (tenant, dataset, name)
);

-- One row for each point. What has no column of its own, or more values than one, is in `more`.
CREATE TABLE points (
    series BIGINT NOT NULL REFERENCES point_series (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    point BIGINT NOT NULL,           -- equal for points that say the same, unless a stream item says it
    item BIGINT REFERENCES events (id) ON DELETE CASCADE,  -- NULL for one that was sent as such
    restricted SMALLINT NOT NULL DEFAULT 0,  -- 1: only parties in event_readers may know of the item
    d1 TEXT, d2 TEXT, d3 TEXT, d4 TEXT, d5 TEXT, d6 TEXT, d7 TEXT, d8 TEXT,
    d9 TEXT, d10 TEXT, d11 TEXT, d12 TEXT, d13 TEXT, d14 TEXT, d15 TEXT, d16 TEXT,
    d17 TEXT, d18 TEXT, d19 TEXT, d20 TEXT, d21 TEXT, d22 TEXT, d23 TEXT, d24 TEXT,
    m1 DOUBLE PRECISION, m2 DOUBLE PRECISION, m3 DOUBLE PRECISION, m4 DOUBLE PRECISION,
    m5 DOUBLE PRECISION, m6 DOUBLE PRECISION, m7 DOUBLE PRECISION, m8 DOUBLE PRECISION,
    m9 DOUBLE PRECISION, m10 DOUBLE PRECISION, m11 DOUBLE PRECISION, m12 DOUBLE PRECISION,
    m13 DOUBLE PRECISION, m14 DOUBLE PRECISION, m15 DOUBLE PRECISION, m16 DOUBLE PRECISION,
    more TEXT,                       -- {"d": {number: [value]}, "m": {number: value}}, NULL when there is nothing
    PRIMARY KEY (series, at, point)
) /* clustered */;
CREATE INDEX points_item ON points (item) WHERE item IS NOT NULL;

-- Entities that the points of a series are about.
CREATE TABLE point_entities (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key TEXT NOT NULL,               -- as in event_entities: root of the type and id, in lower case
    series BIGINT NOT NULL REFERENCES point_series (id) ON DELETE CASCADE,
    ref TEXT NOT NULL,               -- as it was first written
    PRIMARY KEY (tenant, key, series)
) /* clustered */;
CREATE INDEX point_entities_series ON point_entities (series, key);
