-- What only some may know of is neither measured nor counted for others; and what broker messages lacked. Instants are
-- microseconds.

-- Of which entities one must be allowed to know to be told of a point: that row, or of several what stands for them in
-- point_casts. NULL for a point that is told of to all who may know of its item.
ALTER TABLE points ADD COLUMN about BIGINT;

-- Several entities that points name together.
CREATE TABLE point_casts (
    id BIGINT NOT NULL,              -- negative; the same for the same entities
    entity BIGINT NOT NULL REFERENCES event_entities (id) ON DELETE CASCADE,
    PRIMARY KEY (entity, id)
) /* clustered */;

-- Points that were sent as such are told of to those who may know of all that their series is about.
INSERT INTO point_casts (id, entity) SELECT DISTINCT -c.series, n.id
    FROM point_entities c JOIN event_entities n ON n.tenant = c.tenant AND n.key = c.key;
UPDATE points SET about = -series WHERE item IS NULL;

-- What tells that an entity has changed is for those who may know of the entity.
UPDATE points SET about = (SELECT r.named FROM event_roles r WHERE r.item = points.item AND r.path = 'AFFECTS' LIMIT 1)
    WHERE item IN (SELECT id FROM events WHERE type IN ('as.entity.created', 'as.entity.updated'));

CREATE INDEX event_entities_restricted ON event_entities (tenant, id) WHERE restricted = 1;
CREATE INDEX events_restricted ON events (tenant, origin) WHERE restricted = 1;

-- How many of the comments not everybody may know of who may know of the thing: those that have rules of their own, or
-- are on something else too.
ALTER TABLE event_counts ADD COLUMN guarded BIGINT NOT NULL DEFAULT 0;
UPDATE event_counts SET guarded = (SELECT count(*) FROM event_roles r JOIN events e ON e.id = r.item
    WHERE r.named = event_counts.item AND r.path = 'COMMENT:COMMENTED_ON' AND e.kind = 1 AND e.hidden = 0
    AND (e.restricted = 1 OR EXISTS (SELECT 1 FROM event_roles o
        WHERE o.item = r.item AND o.path = r.path AND o.named <> r.named)))
    WHERE comments > 0;

-- When messages of a broker that do not say when they occurred came first: what is delivered again is the same event.
CREATE TABLE event_receipts (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    message TEXT NOT NULL,           -- what the broker calls it, or a digest of it
    received BIGINT NOT NULL,
    PRIMARY KEY (tenant, message)
) /* clustered */;
