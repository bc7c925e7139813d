-- The Events API: who follows what, what came of it, what was done about things, and who is told. Instants are
-- microseconds.

-- Users and channels follow entities, types of events and origins. A follow that is changed gets a new number: what
-- the old number matched counts no more.
CREATE TABLE event_follows (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    follower BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    followed BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    stream_id TEXT NOT NULL,
    occurred BIGINT NOT NULL,        -- when it began
    attributes TEXT NOT NULL DEFAULT '{}',
    UNIQUE (follower, followed)
);
CREATE INDEX event_follows_followed ON event_follows (followed, id);
CREATE INDEX event_follows_tenant ON event_follows (tenant);

-- Whose events concern a follow: what it follows, who that is known as, and what is linked to it as far as is asked.
CREATE TABLE event_watches (
    named BIGINT NOT NULL,           -- a row of event_entities
    follow BIGINT NOT NULL REFERENCES event_follows (id) ON DELETE CASCADE,
    since BIGINT NOT NULL,           -- what occurred from then
    until BIGINT NOT NULL,           -- to then, this one not included
    PRIMARY KEY (named, follow, since)
) /* clustered */;
CREATE INDEX event_watches_follow ON event_watches (follow);

-- What is in the streams of users and channels. It counts for as long as both of its follows exist.
CREATE TABLE event_matches (
    follower BIGINT NOT NULL,        -- whose stream it is in
    occurred BIGINT NOT NULL,
    item BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    follow BIGINT NOT NULL,          -- the follow of the follower that brought it,
    monitor BIGINT NOT NULL,         -- and the one that matched it: the same, or a channel's
    PRIMARY KEY (follower, occurred, item, follow, monitor)
) /* clustered */;
CREATE INDEX event_matches_item ON event_matches (item);
CREATE INDEX event_matches_follow ON event_matches (follow);
CREATE INDEX event_matches_monitor ON event_matches (monitor);

-- What users did about a thing, in order.
CREATE TABLE event_steps (
    item BIGINT NOT NULL,            -- a row of event_entities or of events
    id BIGINT NOT NULL,              -- grows with time
    action TEXT NOT NULL,            -- "CLAIMED_BY"
    done_by BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    assignee BIGINT REFERENCES event_entities (id) ON DELETE CASCADE,
    occurred BIGINT NOT NULL,
    PRIMARY KEY (item, id)
) /* clustered */;

-- What came of it, for lists.
CREATE TABLE event_progress (
    item BIGINT PRIMARY KEY,
    status TEXT NOT NULL,
    assignee BIGINT REFERENCES event_entities (id) ON DELETE SET NULL
);

-- What users are told of.
CREATE TABLE event_notices (
    id BIGINT PRIMARY KEY,           -- grows with time
    owner BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    stream_id TEXT NOT NULL,
    type TEXT NOT NULL,              -- MENTIONS, ADDITION, CORRESPONDENCE, NOTIFICATION, FOLLOWS, BUMP
    cause TEXT NOT NULL,             -- the stream id of what caused it: one notice for each
    item BIGINT,                     -- the row of events or event_entities that one must be allowed to read
    occurred BIGINT NOT NULL,
    seen SMALLINT NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    UNIQUE (owner, type, cause)
);
CREATE INDEX event_notices_newest ON event_notices (owner, id);
CREATE UNIQUE INDEX event_notices_stream_id ON event_notices (stream_id);
CREATE INDEX event_notices_unread ON event_notices (owner, id) WHERE seen = 0;

-- What happened within the last minutes in tenants where somebody listens.
CREATE TABLE event_news (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,        -- an id that grows with time
    kind TEXT NOT NULL,              -- event, comment, bump, notification
    item BIGINT NOT NULL,            -- the row of events; of a bump its target, of a notification the notice
    actor BIGINT,                    -- whose vote it is, or whom a notification is for
    stream_id TEXT NOT NULL,
    PRIMARY KEY (tenant, position)
) /* clustered */;

-- Tenants where somebody listens, here or in another process; whoever does says so again before `until`.
CREATE TABLE event_listeners (
    tenant BIGINT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    until BIGINT NOT NULL
);
