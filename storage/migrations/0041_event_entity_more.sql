-- What a message says of an entity itself beside aspects, properties and rules (Events §5.1).

ALTER TABLE event_entities ADD COLUMN more TEXT NOT NULL DEFAULT '{}';   -- as JSON: archetype, partition, _members
