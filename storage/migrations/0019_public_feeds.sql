-- Feeds that can be followed from other servers, and accounts whose own posts enter their feed.

-- A feed of a public group is an actor; this is its stream.
ALTER TABLE actors ADD COLUMN feed BIGINT REFERENCES streams (id);
CREATE UNIQUE INDEX actors_feed ON actors (feed) WHERE feed IS NOT NULL;

-- What the actor of a feed said of an activity in it: a Note of its own, or its Announce of someone's post.
CREATE TABLE feed_posts (
    item BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    post BIGINT NOT NULL,            -- a row of objects
    PRIMARY KEY (item, stream)
) /* clustered */;

-- Activities of accounts that entered a feed, by what they are about.
CREATE TABLE linked (
    about BIGINT NOT NULL,           -- a row of objects; the activity itself when it is about nothing that is kept
    item BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    PRIMARY KEY (about, item)
) /* clustered */;
CREATE INDEX linked_item ON linked (item);
