-- Notices of an item are found when what it says is taken away, or changed (Events §8, §13).

CREATE INDEX event_notices_item ON event_notices (item) WHERE item IS NOT NULL;
