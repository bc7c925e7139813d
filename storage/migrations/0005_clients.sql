-- What clients need besides posting: files they uploaded, and what changed, for those who watch.

-- Files that people of ours put here. The file itself lies in a directory under its digest.
CREATE TABLE media (
    id BIGINT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,      -- the part of its address that cannot be guessed
    owner BIGINT NOT NULL REFERENCES objects (id),
    digest TEXT NOT NULL,            -- SHA-256 of the bytes, hexadecimal
    type TEXT NOT NULL,              -- media type, as found by looking at the content
    bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    created BIGINT NOT NULL
);
CREATE INDEX media_digest ON media (digest);
CREATE INDEX media_created ON media (created);

-- Which things show a file: who may read one of them may see it, and without any it is forgotten.
CREATE TABLE media_uses (
    media BIGINT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    object BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    PRIMARY KEY (media, object)
) /* clustered */;
CREATE INDEX media_uses_object ON media_uses (object);

-- What left a stream lately. What entered it, the entries tell.
CREATE TABLE removals (
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    item BIGINT NOT NULL REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (stream, position)
) /* clustered */;
CREATE INDEX removals_position ON removals (position);

-- Which documents were replaced or deleted lately; what they are now, their rows tell.
CREATE TABLE edits (
    object BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (object, position)
) /* clustered */;
CREATE INDEX edits_position ON edits (position);
