-- Name spaces, each with keys, feeds and entities of its own. The Feeds API calls one an app.
CREATE TABLE tenants (
    id BIGINT PRIMARY KEY,           -- the Feeds API's app_id
    label TEXT NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    suspended BIGINT,
    tokens_expire SMALLINT NOT NULL DEFAULT 0,  -- 1: a user token of the Feeds API must say until when it holds
    tokens_since BIGINT NOT NULL DEFAULT 0      -- user tokens of the Feeds API that were issued before are refused
);

-- The public half of credentials at the Feeds API: it tells which tenant a request is about.
CREATE TABLE feeds_keys (
    key TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    created BIGINT NOT NULL
) /* clustered */;
CREATE INDEX feeds_keys_tenant ON feeds_keys (tenant, created);

-- The secret halves. Signatures are made with them, so no hash of them would do.
CREATE TABLE feeds_secrets (
    key TEXT NOT NULL REFERENCES feeds_keys (key) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,                  -- set when another one takes its place
    PRIMARY KEY (key, secret)
) /* clustered */;

-- Keys of the Events API, and to whom they belong.
CREATE TABLE events_keys (
    hash TEXT PRIMARY KEY,           -- SHA-256 of the key
    key TEXT,                        -- the key itself when the operator may see it again, else NULL
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    type TEXT NOT NULL,              -- BASIC, INGESTION_ONLY, QUERY_ONLY
    username TEXT,                   -- NULL for a key that acts as nobody
    active_from BIGINT NOT NULL,
    active_until BIGINT,
    created BIGINT NOT NULL
) /* clustered */;
CREATE INDEX events_keys_tenant ON events_keys (tenant, created);

-- What the users of a tenant may do at the Events API.
CREATE TABLE privileges (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    role TEXT NOT NULL,              -- USER, TEAM_LEADER, MANAGEMENT, ADMINISTRATOR, INTERNAL_AUDITING
    active_from BIGINT NOT NULL,
    active_until BIGINT,
    PRIMARY KEY (tenant, username)
) /* clustered */;
