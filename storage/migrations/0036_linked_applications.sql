-- Other applications whose streams are part of ours (Atom §9).
CREATE TABLE linked_applications (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,       -- what stands behind the @ in the keys of its providers
    url TEXT NOT NULL,
    type TEXT NOT NULL,              -- headwater, jira, confluence
    owner BIGINT NOT NULL REFERENCES objects (id),    -- whose credentials these are
    public SMALLINT NOT NULL,        -- 1: shown to everybody
    credentials TEXT,                -- the value of Authorization, NULL for nobody in particular
    settings TEXT NOT NULL DEFAULT '{}',  -- as JSON: which of its keys are which of ours
    providers TEXT NOT NULL DEFAULT '[]', -- as JSON: what its configuration said last
    problem TEXT NOT NULL DEFAULT '',
    fetched BIGINT,
    created BIGINT NOT NULL
);
