-- Who acts in an activity, for feeds that count their actors or leave some out: eight bytes of a hash of the text
-- that names the actor. `bundle_actors.actor` is the same.
ALTER TABLE feed_activities ADD COLUMN actor BIGINT NOT NULL DEFAULT 0;
