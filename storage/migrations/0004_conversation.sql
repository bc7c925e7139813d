-- What was said before it was edited.
CREATE TABLE versions (
    object BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,        -- grows with time
    document TEXT NOT NULL,
    context TEXT,
    PRIMARY KEY (object, position)
) /* clustered */;
