-- What actors of ours said of events: found by the event, and by the post that others answer.
CREATE INDEX feed_posts_post ON feed_posts (post);
