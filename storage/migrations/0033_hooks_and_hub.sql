-- Applications that report to us by web hooks, and readers elsewhere who are told of our feeds by WebSub.

-- Where an application may report. Who knows the path may: only its hash is kept.
CREATE TABLE hooks (
    id BIGINT PRIMARY KEY,
    dialect TEXT NOT NULL,           -- github, gitlab, gitea, jira, jenkins, json, git
    path TEXT NOT NULL UNIQUE,       -- SHA-256 of the secret in the address
    signing TEXT,                    -- what the application signs with or shows, NULL when it does neither
    owner BIGINT NOT NULL REFERENCES objects (id),
    speaker BIGINT NOT NULL REFERENCES objects (id),  -- the actor of ours that tells what is reported
    public SMALLINT NOT NULL,        -- 1: everybody is told
    settings TEXT NOT NULL DEFAULT '{}',     -- as JSON: the mapping, who is who, what the repository is called
    created BIGINT NOT NULL
);
CREATE INDEX hooks_owner ON hooks (owner);

-- What has been reported, so that nothing is told twice.
CREATE TABLE hook_reports (
    hook BIGINT NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,            -- SHA-256 of a delivery's id, or of a report's key
    at BIGINT NOT NULL,
    PRIMARY KEY (hook, digest)
) /* clustered */;
CREATE INDEX hook_reports_at ON hook_reports (at);

-- Feeds of ours that somebody wants to be told of, with what was told last.
CREATE TABLE topics (
    id BIGINT PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    digest TEXT,                     -- SHA-256 of what was sent last, NULL before the first time
    sent BIGINT NOT NULL DEFAULT 0
);

-- Who wants to be told (WebSub §5): one row for a topic and a callback.
CREATE TABLE subscribers (
    topic BIGINT NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    callback TEXT NOT NULL,
    id BIGINT NOT NULL UNIQUE,
    secret TEXT,
    until BIGINT NOT NULL,
    failing_since BIGINT,
    created BIGINT NOT NULL,
    PRIMARY KEY (topic, callback)
) /* clustered */;
CREATE INDEX subscribers_until ON subscribers (until)
