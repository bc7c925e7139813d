-- What programs of a tenant bring to the Feeds API beside activities: files, what people did with what they
-- were shown, and what moderators said of it.

-- Files that they uploaded, each a row of `media` that the tenant's own object shows for as long as it is there.
CREATE TABLE uploads (
    media BIGINT PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    username TEXT NOT NULL,          -- who brought it, '' when a server did and named nobody
    name TEXT NOT NULL,              -- as it was called there, the last part of its address
    source BIGINT REFERENCES media (id) ON DELETE CASCADE,   -- the picture that it was made of
    operation TEXT,                  -- and how
    UNIQUE (source, operation)
);

-- What people did with what they were shown, and what they were shown, as it was told. Pruned by age.
CREATE TABLE engagements (
    id BIGINT PRIMARY KEY,           -- grows with the time at which it was told
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    label TEXT NOT NULL,             -- what they did; '' when they were shown it
    event TEXT NOT NULL              -- a JSON object
);

-- How often something was done with a content; rankings count on it.
CREATE TABLE engagement_counts (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    content TEXT NOT NULL,           -- the foreign id of an activity, most likely
    label TEXT NOT NULL,
    times BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    PRIMARY KEY (tenant, content, label)
) /* clustered */;
CREATE INDEX engagement_counts_latest ON engagement_counts (latest);

-- What a tenant's moderators decided of a user, activity or reaction.
CREATE TABLE verdicts (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    type TEXT NOT NULL,              -- stream:user, stream:feeds:v2:activity or stream:feeds:v2:reaction
    entity TEXT NOT NULL,            -- its id
    moderator TEXT NOT NULL,
    status TEXT NOT NULL,
    recommended TEXT NOT NULL,       -- what to do about it
    latest TEXT NOT NULL,            -- what was done last
    updated BIGINT NOT NULL,
    PRIMARY KEY (tenant, type, entity)
) /* clustered */;
