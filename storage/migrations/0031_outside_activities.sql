-- Outside activities (Atom §6): what was posted, as it was kept after its markup was made harmless, and what it is
-- found by. `identity` says which posts are one; `author` is the name of the account that is credited, empty when none is.
CREATE TABLE outside_activities (
    item BIGINT PRIMARY KEY,         -- the activity, a row of objects
    poster BIGINT NOT NULL,          -- a row of objects
    identity TEXT NOT NULL,
    generator TEXT NOT NULL,
    generator_name TEXT NOT NULL,
    author TEXT NOT NULL,
    entity_key TEXT NOT NULL,        -- in lower case: what it is associated with, and what that is part of
    container_key TEXT NOT NULL,
    published BIGINT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (poster, identity)
);
CREATE INDEX outside_activities_published ON outside_activities (published, item);
CREATE INDEX outside_activities_generator ON outside_activities (generator, generator_name);
