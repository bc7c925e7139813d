-- Polls that live here. Two votes at the same moment wait for each other at this row.
CREATE TABLE polls (
    id BIGINT PRIMARY KEY REFERENCES objects (id),
    voters BIGINT NOT NULL DEFAULT 0
);

-- Who has voted, in polls here and elsewhere.
CREATE TABLE votes (
    poll BIGINT NOT NULL REFERENCES objects (id),
    voter BIGINT NOT NULL REFERENCES objects (id),
    choice TEXT NOT NULL,            -- the option's name where several may be chosen, else '': one vote each
    PRIMARY KEY (poll, voter, choice)
) /* clustered */;

-- The last move of an actor to another one: not again within a month (SEC-035).
CREATE TABLE moves (
    actor BIGINT PRIMARY KEY REFERENCES objects (id),
    target TEXT NOT NULL,
    moved BIGINT NOT NULL
);
