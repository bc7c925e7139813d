-- Everything Headwater remembers. One text for both engines: BIGINT, SMALLINT and TEXT mean what each
-- engine calls them; "/* clustered */" asks SQLite to keep the rows in primary-key order.
-- Instants are microseconds since 1970-01-01 UTC.

-- Facts about this database: its public origin, its age.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) /* clustered */;

-- Everything that has an IRI: activities, objects, actors, collections, and names we have only heard of.
CREATE TABLE objects (
    id BIGINT PRIMARY KEY,
    iri TEXT NOT NULL UNIQUE,
    kind SMALLINT NOT NULL,          -- 0 a name only, 1 object, 2 activity, 3 actor, 4 collection
    type TEXT NOT NULL,              -- the first type, '' when there is none
    local SMALLINT NOT NULL,         -- 1 when the IRI is ours
    owner BIGINT REFERENCES objects (id),
    object BIGINT REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,  -- the one thing an activity acts on
    public SMALLINT NOT NULL,        -- 1 when addressed to Public
    document TEXT,                   -- compact JSON without @context, bto and bcc; an activity's also without its object
    context TEXT,                    -- further @context entries as a JSON array, NULL when there are none
    published BIGINT NOT NULL,
    updated BIGINT,
    deleted BIGINT
);
CREATE INDEX objects_owner ON objects (owner, id);

-- Who a document is addressed to, the Public collection apart.
CREATE TABLE audience (
    object BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    field SMALLINT NOT NULL,         -- 1 to, 2 cc, 3 audience, 4 bto, 5 bcc
    PRIMARY KEY (object, recipient, field)
) /* clustered */;

-- What we know of an actor beyond its document: ours and theirs.
CREATE TABLE actors (
    id BIGINT PRIMARY KEY REFERENCES objects (id),
    name TEXT NOT NULL,              -- preferredUsername as written
    host TEXT NOT NULL,              -- canonical host of the id
    handle TEXT UNIQUE,              -- ours only: the name in lower case
    inbox TEXT,
    shared_inbox TEXT,
    followers TEXT,                  -- IRI of its followers collection
    approves SMALLINT NOT NULL DEFAULT 0,   -- 1: follows wait for the actor's own Accept
    settings TEXT NOT NULL DEFAULT '{}',
    state SMALLINT NOT NULL DEFAULT 0,      -- 0 active, 1 moved, 2 suspended, 3 gone
    version BIGINT NOT NULL,         -- changes with anything its document shows
    fetched BIGINT                   -- theirs only: when we last read it
);
CREATE INDEX actors_host ON actors (host);

-- Streams: inbox, outbox, followers, likes, feeds, channels: ordered lists of references.
CREATE TABLE streams (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES objects (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    iri TEXT UNIQUE,
    total BIGINT NOT NULL DEFAULT 0,
    public_total BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 0,      -- grows with every entry that comes or goes
    UNIQUE (owner, kind, name)
);
CREATE TABLE entries (
    stream BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    item BIGINT NOT NULL REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,
    public SMALLINT NOT NULL,
    PRIMARY KEY (stream, position)
) /* clustered */;
CREATE UNIQUE INDEX entries_item ON entries (item, stream);
CREATE INDEX entries_public ON entries (stream, position) WHERE public = 1;

-- A follow copies what enters one stream into another; when the follower is remote, into its inbox over there.
CREATE TABLE follows (
    source BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    target BIGINT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    state SMALLINT NOT NULL,         -- 0 waiting for an answer, 1 accepted
    activity BIGINT REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,
    created BIGINT NOT NULL,
    PRIMARY KEY (source, target)
) /* clustered */;
CREATE INDEX follows_target ON follows (target, source);
CREATE INDEX follows_activity ON follows (activity);

-- One reaction of a kind per actor and object: Like, Dislike, Announce, EmojiReact.
CREATE TABLE reactions (
    object BIGINT NOT NULL REFERENCES objects (id),
    actor BIGINT NOT NULL REFERENCES objects (id),
    kind TEXT NOT NULL,
    activity BIGINT NOT NULL REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (object, kind, actor)
) /* clustered */;
CREATE INDEX reactions_actor ON reactions (actor);
CREATE INDEX reactions_activity ON reactions (activity);

-- Whom an actor does not want to hear of.
CREATE TABLE blocks (
    actor BIGINT NOT NULL REFERENCES objects (id),
    target TEXT NOT NULL,            -- an actor's IRI, or a host
    kind TEXT NOT NULL,              -- block, mute, domain
    activity BIGINT REFERENCES objects (id) DEFERRABLE INITIALLY DEFERRED,
    created BIGINT NOT NULL,
    PRIMARY KEY (actor, target, kind)
) /* clustered */;
CREATE INDEX blocks_target ON blocks (target);

-- Things that arrived before what they speak of: an Undo or Delete of something not seen yet.
CREATE TABLE foretold (
    iri TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,              -- undo, delete
    until BIGINT NOT NULL,
    PRIMARY KEY (iri, actor, kind)
) /* clustered */;
CREATE INDEX foretold_until ON foretold (until);

-- Keys: ours with their private half, theirs as we found them; a row without a public half remembers a failure.
CREATE TABLE keys (
    id TEXT PRIMARY KEY,             -- the key's IRI
    actor TEXT NOT NULL,
    algorithm TEXT NOT NULL,         -- rsa, ed25519
    public TEXT,                     -- SPKI PEM
    private TEXT,                    -- PKCS#8 PEM, ours only
    created BIGINT NOT NULL,
    fetched BIGINT,                  -- theirs: when we last asked
    retry_at BIGINT,                 -- not to be asked for again before
    retired BIGINT
) /* clustered */;
CREATE INDEX keys_actor ON keys (actor);

-- What we have learned of other hosts.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    signature TEXT,                  -- cavage or rfc9421, once one worked
    signature_learned BIGINT,
    media_type TEXT,                 -- when it refuses the usual one
    failures BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT,
    opens BIGINT NOT NULL DEFAULT 0, -- how often in a row the circuit has opened
    open_until BIGINT,
    not_before BIGINT,               -- its own Retry-After
    seen BIGINT NOT NULL
) /* clustered */;

-- The operator's word on other hosts.
CREATE TABLE domain_policies (
    host TEXT PRIMARY KEY,
    severity TEXT NOT NULL,          -- suspend, silence
    reason TEXT NOT NULL DEFAULT '',
    created BIGINT NOT NULL
) /* clustered */;

-- Work to be done, committed with what asks for it.
CREATE TABLE letters (
    id BIGINT PRIMARY KEY,
    body TEXT NOT NULL,              -- sent byte for byte on every attempt
    created BIGINT NOT NULL
);
CREATE TABLE jobs (
    id BIGINT PRIMARY KEY,
    queue TEXT NOT NULL,
    lane TEXT NOT NULL,              -- fairness: work for one host
    key TEXT NOT NULL,               -- order: jobs with one key run one after the other
    dedupe TEXT,                     -- at most one such job in the queue
    payload TEXT NOT NULL,
    letter BIGINT REFERENCES letters (id),
    state SMALLINT NOT NULL,         -- 0 waiting, 1 leased, 2 dead, 3 behind an earlier one of its key
    run_at BIGINT NOT NULL,
    lease_until BIGINT,
    lease_owner TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    lost BIGINT NOT NULL DEFAULT 0,  -- how often its worker ended or went silent
    created BIGINT NOT NULL,
    failed_first BIGINT,
    failed_last BIGINT,
    error TEXT,
    status SMALLINT,
    UNIQUE (queue, dedupe)
);
CREATE INDEX jobs_due ON jobs (queue, state, lane, run_at, id);
CREATE INDEX jobs_key ON jobs (queue, key, state, id) WHERE key <> '';
CREATE INDEX jobs_lease ON jobs (queue, lease_until) WHERE state = 1;
CREATE INDEX jobs_dead ON jobs (queue, id) WHERE state = 2;
CREATE INDEX jobs_letter ON jobs (letter) WHERE letter IS NOT NULL;

-- The lanes that have work, and when each is next to be looked at. One that was served goes to the back
-- of the line, so they take turns; one that must wait costs nothing until its time comes.
CREATE TABLE lanes (
    queue TEXT NOT NULL,
    lane TEXT NOT NULL,
    ready_at BIGINT NOT NULL,
    PRIMARY KEY (queue, lane)
) /* clustered */;
CREATE INDEX lanes_ready ON lanes (queue, ready_at, lane);

-- Per queue: how many jobs ever entered and how they left. One row per writer, so that writers do not wait for each other.
CREATE TABLE tallies (
    queue TEXT NOT NULL,
    writer TEXT NOT NULL,
    enqueued BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    discarded BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (queue, writer)
) /* clustered */;

-- People who sign in, and what their programs may do.
CREATE TABLE members (
    actor BIGINT PRIMARY KEY REFERENCES objects (id),
    password TEXT,                   -- scrypt, with its parameters
    admin SMALLINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL
);
CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,           -- SHA-256 of the token
    actor BIGINT NOT NULL REFERENCES objects (id),
    scope TEXT NOT NULL,
    client TEXT NOT NULL DEFAULT '',
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT
) /* clustered */;
CREATE INDEX tokens_actor ON tokens (actor);

-- Answers given to requests that carried an Idempotency-Key.
CREATE TABLE answers (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,           -- SHA-256 of the body
    status SMALLINT NOT NULL,
    location TEXT,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
) /* clustered */;
CREATE INDEX answers_created ON answers (created);
