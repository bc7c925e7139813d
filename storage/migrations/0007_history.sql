-- What happened before or elsewhere and is brought here: threads, profiles, archives.

-- Where we went to complete a thread or a profile, so that we go neither too soon nor too often again.
CREATE TABLE visits (
    iri TEXT PRIMARY KEY,                 -- a collection, a post, or the first post of a thread
    visited BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,   -- how often in a row it brought nothing usable
    brought BIGINT NOT NULL DEFAULT 0     -- posts that were fetched because of it
) /* clustered */;
CREATE INDEX visits_visited ON visits (visited);

-- How many such requests a host got within an hour.
CREATE TABLE errands (
    host TEXT NOT NULL,
    hour BIGINT NOT NULL,                 -- hours since 1970-01-01 UTC
    requests BIGINT NOT NULL,
    PRIMARY KEY (host, hour)
) /* clustered */;

-- What an actor brought along from another server, by its id over there.
CREATE TABLE former_ids (
    actor BIGINT NOT NULL REFERENCES objects (id),
    former TEXT NOT NULL,
    item BIGINT NOT NULL REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,
    waits_for TEXT,                       -- the former id of what it replies to, while that has not come
    PRIMARY KEY (actor, former)
) /* clustered */;
CREATE INDEX former_ids_waiting ON former_ids (actor, waits_for) WHERE waits_for IS NOT NULL;
