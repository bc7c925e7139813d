-- Reactions at the Feeds API. Each is an activity of its user, about an activity or about another reaction
-- (`subject`). What is reacted to need not exist: then its row in `objects` is a mere name.
CREATE TABLE feed_reactions (
    item BIGINT PRIMARY KEY REFERENCES objects (id) ON DELETE CASCADE,
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,              -- its id at the door, made here or by a client
    position BIGINT NOT NULL,        -- when it was made, as an id that grows with time
    subject BIGINT NOT NULL,         -- a row of objects
    activity TEXT NOT NULL,          -- the UUID of the activity at the root of all replies
    parent TEXT NOT NULL,            -- the name of the reaction it is about, '' when that is an activity
    level SMALLINT NOT NULL,         -- 1 when it is about an activity, otherwise one more than its parent
    kind TEXT NOT NULL,
    author TEXT NOT NULL,            -- the id of the user
    targets TEXT NOT NULL,           -- the feeds that were told of it, parted by spaces
    deleted BIGINT,                  -- since when it is hidden, NULL while it shows
    told TEXT,                       -- while it is hidden: what went along to its targets, as a JSON object
    UNIQUE (tenant, name)
);
CREATE INDEX feed_reactions_newest ON feed_reactions (subject, position) WHERE deleted IS NULL;
CREATE INDEX feed_reactions_of_kind ON feed_reactions (subject, kind, position) WHERE deleted IS NULL;
CREATE INDEX feed_reactions_own ON feed_reactions (subject, author, kind, position) WHERE deleted IS NULL;
CREATE INDEX feed_reactions_hidden ON feed_reactions (subject, position) WHERE deleted IS NOT NULL;
CREATE INDEX feed_reactions_author ON feed_reactions (tenant, author, position);
CREATE INDEX feed_reactions_author_kind ON feed_reactions (tenant, author, kind, position) WHERE deleted IS NULL;

-- How many reactions of a kind show below a thing; a kind that was there once stays, with nothing left too.
CREATE TABLE feed_reaction_counts (
    subject BIGINT NOT NULL,
    kind TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (subject, kind)
) /* clustered */;
