-- Programs that act in a member's name (OAuth 2), and members at their browsers.

-- Programs that registered here (RFC 7591).
CREATE TABLE clients (
    id TEXT PRIMARY KEY,             -- an IRI of ours
    name TEXT NOT NULL,
    secret TEXT,                     -- SHA-256, NULL for a public client
    redirect_uris TEXT NOT NULL,     -- a JSON array
    scope TEXT NOT NULL DEFAULT '',  -- the most it may ask for, '' for no such limit
    metadata TEXT NOT NULL,          -- what else it said of itself, a JSON object
    created BIGINT NOT NULL
) /* clustered */;
CREATE INDEX clients_created ON clients (created);

-- A member's word that a program may act in their name. Every code and token descends from one.
CREATE TABLE consents (
    id BIGINT PRIMARY KEY,
    actor BIGINT NOT NULL REFERENCES objects (id),
    client TEXT NOT NULL,            -- the client_id
    name TEXT NOT NULL,              -- of the program, as shown to the member
    scope TEXT NOT NULL,
    created BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX consents_actor ON consents (actor, id);
CREATE INDEX consents_client ON consents (client);
CREATE INDEX consents_created ON consents (created);

ALTER TABLE tokens ADD COLUMN consent BIGINT REFERENCES consents (id);
CREATE INDEX tokens_consent ON tokens (consent);

-- Authorisation codes; one that was used is kept, to be recognised when it comes again.
CREATE TABLE codes (
    hash TEXT PRIMARY KEY,           -- SHA-256
    consent BIGINT NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    redirect_uri TEXT,               -- as the request named it, NULL when it named none
    challenge TEXT NOT NULL,         -- PKCE, S256
    expires BIGINT NOT NULL,
    used BIGINT
) /* clustered */;
CREATE INDEX codes_consent ON codes (consent);
CREATE INDEX codes_expires ON codes (expires);

-- Refresh tokens; each is good for one use, and a second one gives a thief away.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY,           -- SHA-256
    consent BIGINT NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT
) /* clustered */;
CREATE INDEX refresh_tokens_consent ON refresh_tokens (consent);
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires);

-- Members who are signed in with a browser.
CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,           -- SHA-256 of the cookie
    actor BIGINT NOT NULL REFERENCES objects (id),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
) /* clustered */;
CREATE INDEX sessions_actor ON sessions (actor);
CREATE INDEX sessions_expires ON sessions (expires);

-- Passwords that were tried, per account and per network, so that guessing becomes slow.
CREATE TABLE attempts (
    key TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last BIGINT NOT NULL
) /* clustered */;
CREATE INDEX attempts_last ON attempts (last);
