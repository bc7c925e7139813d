-- Who uses the Events API: users of a tenant, scoped keys, and what tokens add to messages. Instants are microseconds.

-- What a key is called; and of a scoped key, which was minted from another, what is merged into all it submits.
ALTER TABLE events_keys ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE events_keys ADD COLUMN minted_by TEXT;   -- hash of the key it was minted from, NULL for a full key
ALTER TABLE events_keys ADD COLUMN defaults TEXT;    -- a partial message as JSON, NULL when there is none
CREATE INDEX events_keys_minted_by ON events_keys (minted_by) WHERE minted_by IS NOT NULL;

-- Users of a tenant. What they may do is in privileges; who has none any more is still remembered.
CREATE TABLE event_users (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    username TEXT NOT NULL,          -- in lower case
    password TEXT NOT NULL,          -- scrypt
    about TEXT NOT NULL,             -- email, firstName and so on, a JSON object
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (tenant, username)
) /* clustered */;

-- Message defaults that clients refer to by a short text.
CREATE TABLE event_tokens (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    token TEXT NOT NULL,
    defaults TEXT NOT NULL,          -- involves, aspects, properties: a partial message as JSON
    variables TEXT NOT NULL,         -- what stands for %name%, a JSON object
    valid_until BIGINT,              -- NULL: for ever
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, token)
) /* clustered */;

-- What a tenant may say of itself: name, icon and theme.
ALTER TABLE tenants ADD COLUMN about TEXT NOT NULL DEFAULT '{}';

-- Whether rules name somebody at all: then not everyone may say who belongs to them.
CREATE INDEX event_readers_party ON event_readers (party);
