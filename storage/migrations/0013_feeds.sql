-- Feeds of applications. A feed is a stream of kind 'feed'; its owner is its tenant, its name "group:id".
-- An activity's id is a UUID of version 1: `position` is its time in ticks of 100 ns since 1582, `tie` its low
-- eight bytes as a signed number that sorts alike. Both together are the id.

ALTER TABLE tenants ADD COLUMN object BIGINT REFERENCES objects (id);   -- owns its feeds; NULL before the first

-- Kinds of feeds that a tenant has beside those of the configuration.
CREATE TABLE feed_groups (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    settings TEXT NOT NULL,          -- a JSON object, as [feeds.NAME] of the configuration
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, slug)
) /* clustered */;

-- Activities as feeds know them.
CREATE TABLE feed_activities (
    item BIGINT PRIMARY KEY REFERENCES objects (id) ON DELETE CASCADE,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    tie BIGINT NOT NULL,
    foreign_id TEXT NOT NULL,
    targets TEXT NOT NULL DEFAULT '',   -- the feeds in its "to", parted by spaces
    UNIQUE (tenant, position, tie)
);
CREATE INDEX feed_activities_foreign_id ON feed_activities (tenant, foreign_id) WHERE foreign_id <> '';

-- What belongs together in an aggregated or notification feed.
CREATE TABLE bundles (
    id BIGINT PRIMARY KEY,
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    name TEXT NOT NULL,              -- as the feed group's format gave it
    position BIGINT NOT NULL,        -- of the newest activity in it
    tie BIGINT NOT NULL,
    oldest BIGINT NOT NULL,          -- position of the oldest
    activities BIGINT NOT NULL,
    actors BIGINT NOT NULL,
    seen_position BIGINT NOT NULL DEFAULT 0,   -- the newest one when it was last seen, and read
    seen_tie BIGINT NOT NULL DEFAULT 0,
    read_position BIGINT NOT NULL DEFAULT 0,
    read_tie BIGINT NOT NULL DEFAULT 0,
    UNIQUE (stream, name)
);
CREATE INDEX bundles_newest ON bundles (stream, position, tie);

-- How many activities of an actor a bundle has.
CREATE TABLE bundle_actors (
    bundle BIGINT NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
    actor BIGINT NOT NULL,
    activities BIGINT NOT NULL,
    PRIMARY KEY (bundle, actor)
) /* clustered */;

-- What is in a feed, in the order of what it tells.
CREATE TABLE placements (
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    tie BIGINT NOT NULL,
    item BIGINT NOT NULL,            -- a row of feed_activities
    way SMALLINT NOT NULL,           -- 0 added there, 1 by "to", 2 through a follow
    origin BIGINT,                   -- through a follow: of which stream
    shown SMALLINT NOT NULL,         -- 0 to nobody, 1 to servers and the feed's own user, 2 to whoever may read the feed
    bundle BIGINT,
    placed BIGINT NOT NULL,          -- when, as an id that grows with time
    PRIMARY KEY (stream, position, tie)
) /* clustered */;
CREATE INDEX placements_item ON placements (item, stream);
CREATE INDEX placements_bundle ON placements (bundle, position, tie) WHERE bundle IS NOT NULL;

-- Feeds with so many followers that these read what is new in them, instead of being given copies.
CREATE TABLE popular (
    stream BIGINT PRIMARY KEY REFERENCES streams (id) ON DELETE CASCADE,
    since BIGINT NOT NULL            -- what was placed after this, as an id that grows with time
);

CREATE INDEX follows_since ON follows (source, created);
