-- Users at the Feeds API: what an application says of those who act in its feeds. They need no account here.
CREATE TABLE feed_users (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,              -- the id that the application knows them by
    data TEXT NOT NULL,              -- a JSON object
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
) /* clustered */;

-- Things that activities speak of, by the collections that an application sorts them into.
CREATE TABLE feed_collections (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    collection TEXT NOT NULL,
    name TEXT NOT NULL,              -- the id within the collection
    author TEXT NOT NULL,            -- the user who made it, '' when that was a server
    data TEXT NOT NULL,              -- a JSON object
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (tenant, collection, name)
) /* clustered */;

-- Who made, changed and deleted what at the Feeds API.
CREATE TABLE feed_audit (
    id BIGINT PRIMARY KEY,           -- grows with time, and tells when it was
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    type TEXT NOT NULL,              -- activity, reaction, user, feed, collection
    name TEXT NOT NULL,              -- the id of what it was done to
    action TEXT NOT NULL,            -- create, update, delete
    author TEXT NOT NULL             -- the user who did it, '' when that was a server
);
CREATE INDEX feed_audit_name ON feed_audit (tenant, type, name, id);
CREATE INDEX feed_audit_author ON feed_audit (tenant, author, id);
