-- Which actions of providers were taken, by whom, on what, and what came of it (Atom §7.4).
CREATE TABLE stream_actions (
    id BIGINT PRIMARY KEY,           -- grows with time
    actor TEXT NOT NULL,             -- the IRI of a member
    provider TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    outcome TEXT NOT NULL            -- done, or what kept it from being done
);
