-- Everything that happened, at whichever door, to be read newest first, filtered and paged. An index of what is in
-- `objects`, made after the fact: who writes there says by `noted` alone that there is something to be looked at.
-- Who may see what is never copied here; it is asked of the documents when they are read.

-- Even when the row has something new for the index, else odd. Whoever changes a row makes it even again, and larger.
ALTER TABLE objects ADD COLUMN noted BIGINT NOT NULL DEFAULT 0;
CREATE INDEX objects_unnoted ON objects (id) WHERE (noted & 1) = 0 AND (kind = 2 OR kind = 1 AND noted > 0);

-- Activities that are news.
CREATE TABLE happenings (
    published BIGINT NOT NULL,       -- as that of the activity
    id BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    about BIGINT,                    -- the row of what it is about; of a shared post the post itself
    edition BIGINT NOT NULL,         -- which edition of that is told here: its `noted`, when it was odd
    provider TEXT NOT NULL,
    tenant BIGINT REFERENCES tenants (id) ON DELETE CASCADE,  -- that keeps it for itself, NULL when an actor said it
    local SMALLINT NOT NULL,
    echo SMALLINT NOT NULL,          -- 1: a group passes on what somebody said, which may be here itself
    facets TEXT NOT NULL,            -- ids of its values below, a JSON array
    text TEXT NOT NULL,              -- what it says, case-folded and without markup
    ended BIGINT,                    -- when it was deleted; then it says nothing any more
    PRIMARY KEY (published, id)
) /* clustered */;
CREATE UNIQUE INDEX happenings_id ON happenings (id);
CREATE INDEX happenings_about ON happenings (about) WHERE about IS NOT NULL;
CREATE INDEX happenings_ended ON happenings (ended) WHERE ended IS NOT NULL;

-- Values by which happenings are found: users, keys, kinds of activity, the shelves they lie on.
CREATE TABLE happening_values (
    id BIGINT PRIMARY KEY,
    option TEXT NOT NULL,            -- user, key, issue-key, activity, provider_name, shelf
    value TEXT NOT NULL,             -- in lower case but for IRIs
    name TEXT NOT NULL DEFAULT '',   -- of a user: what they are called here, in lower case,
    handle TEXT NOT NULL DEFAULT '', -- and everywhere: "name@host"
    UNIQUE (option, value)
);
CREATE INDEX happening_values_name ON happening_values (option, name) WHERE name <> '';
CREATE INDEX happening_values_handle ON happening_values (option, handle) WHERE handle <> '';
CREATE TABLE happening_facets (
    value BIGINT NOT NULL,           -- a row of happening_values
    published BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (value, published, id)
) /* clustered */;
