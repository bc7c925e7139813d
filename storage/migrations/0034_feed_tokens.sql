-- What the Atom door remembers of its own.

-- Secrets in the addresses that feed readers without a login are given. Only the hash is kept.
CREATE TABLE feed_tokens (
    id BIGINT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    actor BIGINT NOT NULL REFERENCES objects (id),
    label TEXT NOT NULL,             -- what its member calls it
    created BIGINT NOT NULL
);
CREATE INDEX feed_tokens_actor ON feed_tokens (actor);

-- What was decided of providers while the server runs; one without a row is as it is configured.
CREATE TABLE provider_settings (
    key TEXT PRIMARY KEY,
    enabled BIGINT NOT NULL,
    settings TEXT,                   -- a JSON object in place of the configured one, NULL to keep that
    changed BIGINT NOT NULL
);
