-- Feeds of others that are read for one of our actors (Atom §10, §16), and what was read of each.
CREATE TABLE pull_subscriptions (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES objects (id),
    bot BIGINT NOT NULL REFERENCES objects (id),      -- the actor of ours that tells what comes
    url TEXT NOT NULL,
    public SMALLINT NOT NULL,        -- 1: everybody is told
    settings TEXT NOT NULL DEFAULT '{}',  -- as JSON: how it is told, filters, who is who
    interval BIGINT NOT NULL,        -- seconds, as its owner wants it
    asked_interval BIGINT NOT NULL DEFAULT 0,  -- seconds, as the feed wants it
    state SMALLINT NOT NULL DEFAULT 0,    -- 0 read from time to time, 1 stopped
    title TEXT NOT NULL DEFAULT '',
    home TEXT NOT NULL DEFAULT '',
    feed TEXT NOT NULL DEFAULT '',   -- the feed's own id
    etag TEXT,
    modified TEXT,
    moved_to TEXT,
    moved_times SMALLINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    polled BIGINT,                   -- when it last answered
    next_poll BIGINT NOT NULL,
    callback TEXT UNIQUE,            -- SHA-256 of the secret in the address that its hub calls
    callback_secret TEXT,
    hub TEXT,
    topic TEXT,
    hub_secret TEXT,
    hub_wanted TEXT,                 -- subscribe or unsubscribe, while the hub has not answered
    hub_until BIGINT,                -- when the hub stops telling
    hub_asked BIGINT,
    created BIGINT NOT NULL,
    UNIQUE (owner, url)
);

-- Entries of feeds, by what they are known by there.
CREATE TABLE pulled (
    subscription BIGINT NOT NULL REFERENCES pull_subscriptions (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,            -- SHA-256 of the entry's key
    activity BIGINT,                 -- rows of objects, NULL for what a filter left out
    object BIGINT,
    page TEXT,                       -- SHA-256 of the permalink without tracking
    updated BIGINT NOT NULL,         -- as the feed says; 0 when it does not
    deleted SMALLINT NOT NULL DEFAULT 0,
    raw TEXT NOT NULL,               -- the entry as it stood
    PRIMARY KEY (subscription, digest)
);
CREATE INDEX pulled_page ON pulled (subscription, page);
