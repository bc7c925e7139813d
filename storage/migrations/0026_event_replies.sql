-- Comments that were replies on other servers: they go when their authors delete what they said.
CREATE TABLE event_replies (
    post BIGINT PRIMARY KEY,         -- a row of objects
    item BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE
);
CREATE INDEX event_replies_item ON event_replies (item);
