-- The Events API: what happened, who took part, and how things belong together. Instants are microseconds.
-- Entities, events, comments and bumps are rows of `objects` as well, under the same id: the Activity Streams form.

-- What a tenant knows of an entity. One that other doors alone have named has no row here.
CREATE TABLE event_entities (
    id BIGINT PRIMARY KEY REFERENCES objects (id),
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key TEXT NOT NULL,               -- root of the type and id, in lower case: its footprint
    root TEXT NOT NULL,              -- the root of the type in lower case: "vessel"
    kind TEXT NOT NULL,              -- the type in lower case: "vessel:tug"
    type TEXT NOT NULL,              -- the type from root to leaf, the finest that was ever said
    name TEXT NOT NULL,              -- its id as it was first written
    stream_id TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',  -- of its aspect presentation
    aspects TEXT NOT NULL DEFAULT '{}',
    properties TEXT NOT NULL DEFAULT '{}',
    acl TEXT,                        -- its rules as JSON, NULL when there are none
    restricted SMALLINT NOT NULL DEFAULT 0,  -- 1: only parties in event_readers may know of it
    deleted SMALLINT NOT NULL DEFAULT 0,
    stated BIGINT,                   -- when the newest state that it was given applied
    registered BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    UNIQUE (tenant, key)
);
CREATE UNIQUE INDEX event_entities_stream_id ON event_entities (tenant, stream_id);
CREATE INDEX event_entities_root ON event_entities (tenant, root, id);

-- How an entity came to be what it is, to know its state at a moment.
CREATE TABLE event_states (
    entity BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,              -- when the state applied
    change BIGINT NOT NULL,          -- an id that grows with time
    aspects TEXT NOT NULL,           -- all of them, as they were from then on
    properties TEXT NOT NULL,
    PRIMARY KEY (entity, at, change)
) /* clustered */;

-- What settings an entity was given, and when each of them applied: change sets may come in any order.
CREATE TABLE event_settings (
    entity BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    change BIGINT NOT NULL,          -- an id that grows with time
    value TEXT,                      -- JSON, NULL when it has none from then on
    PRIMARY KEY (entity, name, at, change)
) /* clustered */;

-- Stream items: events, comments, and the sub-events of line items.
CREATE TABLE events (
    id BIGINT PRIMARY KEY REFERENCES objects (id) ON DELETE CASCADE,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    stream_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,          -- 0 event, 1 comment, 2 sub-event of a line item
    type TEXT NOT NULL,
    origin TEXT NOT NULL,
    occurred BIGINT NOT NULL,
    received BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    importance SMALLINT NOT NULL,
    body TEXT NOT NULL,              -- the message, normalised, without what the server adds: a JSON object
    original TEXT,                   -- as it was sent, NULL when the body says it all
    acl TEXT,                        -- its rules as JSON, NULL when there are none
    restricted SMALLINT NOT NULL DEFAULT 0,  -- 1: only parties in event_readers may know of it
    hidden SMALLINT NOT NULL DEFAULT 0,      -- 1: its batch was invalidated
    external_id TEXT,
    batch_id TEXT,
    scope TEXT,                      -- of the aspect grouped
    grouped TEXT,
    parent BIGINT REFERENCES events (id) ON DELETE CASCADE,
    UNIQUE (tenant, stream_id)
);
CREATE INDEX events_newest ON events (tenant, kind, occurred, id);
CREATE INDEX events_type ON events (tenant, type, occurred, id);
CREATE INDEX events_external ON events (tenant, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX events_batch ON events (tenant, batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX events_parent ON events (parent) WHERE parent IS NOT NULL;

-- Who took part in what. What is named may be an entity or, by a comment, another stream item.
CREATE TABLE event_roles (
    named BIGINT NOT NULL,           -- a row of event_entities or of events
    occurred BIGINT NOT NULL,
    item BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    path TEXT NOT NULL,              -- "ACTOR:OPERATOR"
    external_id TEXT NOT NULL DEFAULT '',
    derived SMALLINT NOT NULL DEFAULT 0,     -- 1: it follows from an aspect
    PRIMARY KEY (named, occurred, item, path, external_id)
) /* clustered */;
CREATE INDEX event_roles_item ON event_roles (item);

-- Parties that may know of what is restricted: keys of entities, names of roles of privileges.
CREATE TABLE event_readers (
    item BIGINT NOT NULL,            -- a row of event_entities or of events
    party TEXT NOT NULL,             -- "asuser/ada", "MANAGEMENT"
    manages SMALLINT NOT NULL,
    PRIMARY KEY (item, party)
) /* clustered */;

-- Tags of stream items, in lower case.
CREATE TABLE event_tags (
    tenant BIGINT NOT NULL,
    tag TEXT NOT NULL,
    occurred BIGINT NOT NULL,
    item BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant, tag, occurred, item)
) /* clustered */;
CREATE INDEX event_tags_item ON event_tags (item);

-- Links between entities, over time.
CREATE TABLE event_links (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    source BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    root TEXT NOT NULL,              -- "RELATED_TO"
    path TEXT NOT NULL,              -- "RELATED_TO:SIBLING"
    target BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    external_id TEXT NOT NULL DEFAULT '',
    stream_id TEXT NOT NULL,
    weight DOUBLE PRECISION,
    properties TEXT NOT NULL DEFAULT '{}',
    active_from BIGINT,
    active_until BIGINT,             -- NULL while it holds
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX event_links_source ON event_links (source, root, target);
CREATE INDEX event_links_target ON event_links (target, root);

-- Labels of roles and links that a tenant made, each reserved for one place.
CREATE TABLE event_labels (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    space TEXT NOT NULL,             -- role, link
    label TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (tenant, space, label)
) /* clustered */;

-- Types of events and of entities, and origins: that they occurred, and what was set for them.
CREATE TABLE event_kinds (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    space TEXT NOT NULL,             -- event-type, entity-type, origin
    name TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    first BIGINT NOT NULL,
    PRIMARY KEY (tenant, space, name)
) /* clustered */;

-- One vote of an actor on an entity or a stream item.
CREATE TABLE event_bumps (
    target BIGINT NOT NULL,          -- a row of event_entities or of events
    actor BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    value SMALLINT NOT NULL,         -- 1, -1 or 0
    stream_id TEXT NOT NULL,
    occurred BIGINT NOT NULL,
    body TEXT NOT NULL,
    activity BIGINT REFERENCES objects (id),  -- its Activity Streams form
    PRIMARY KEY (target, actor)
) /* clustered */;
CREATE INDEX event_bumps_actor ON event_bumps (actor, occurred);

-- How many comments and votes a thing has, when it has any.
CREATE TABLE event_counts (
    item BIGINT PRIMARY KEY,
    comments BIGINT NOT NULL DEFAULT 0,
    up BIGINT NOT NULL DEFAULT 0,
    down BIGINT NOT NULL DEFAULT 0,
    neutral BIGINT NOT NULL DEFAULT 0
);
