-- What is new in feeds, for those who are told: listeners that are connected now, and web hooks.

-- Feeds that someone listens to, here or in another process; whoever does says so again before `until`.
CREATE TABLE watched (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    until BIGINT NOT NULL,
    PRIMARY KEY (tenant, stream)
) /* clustered */;
CREATE INDEX watched_until ON watched (until);

-- What happened in watched feeds within the last minutes. Rows of one event belong to one unit of work.
CREATE TABLE news (
    event BIGINT NOT NULL,           -- when, as an id that grows with time
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    item BIGINT NOT NULL,            -- the activity it is about, 0 for none; -1: a listener has changed, `told` names it
    told TEXT,                       -- NULL: the activity is new; else what is told instead, a JSON object
    PRIMARY KEY (event, stream, item)
) /* clustered */;

-- Where a tenant wants to be told by HTTP what happens in all of its feeds.
CREATE TABLE webhooks (
    tenant BIGINT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    created BIGINT NOT NULL
);

-- What happened and has not been made into letters for web hooks yet.
CREATE TABLE webhook_news (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,              -- when, as an id that grows with time
    event TEXT NOT NULL,             -- a JSON object
    PRIMARY KEY (tenant, id)
) /* clustered */;

-- Realtime clients that have subscribed to something, so that any process can go on with them.
CREATE TABLE listeners (
    id TEXT PRIMARY KEY,
    heard TEXT NOT NULL,             -- what it was told, as JSON
    previously TEXT NOT NULL,        -- the same, before the poll that was answered last
    answered TEXT NOT NULL,          -- the message id of that poll
    until BIGINT NOT NULL
) /* clustered */;
CREATE INDEX listeners_until ON listeners (until);

CREATE TABLE subscriptions (
    listener TEXT NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    whole SMALLINT NOT NULL,         -- 1: also what is shown to servers and the feed's own user alone
    since BIGINT NOT NULL,           -- what happened after this event is told,
    but TEXT NOT NULL,               -- save for these events, as JSON: they were there when it began
    api_key TEXT NOT NULL,
    token TEXT NOT NULL,             -- looked at again from time to time
    PRIMARY KEY (listener, channel, stream)
) /* clustered */;
