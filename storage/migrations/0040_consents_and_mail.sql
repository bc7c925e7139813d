-- Where members get mail: told in feeds only where the operator wants that (Atom §3.5).
ALTER TABLE members ADD COLUMN email TEXT;

-- By which credentials members are shown what linked applications show them (Atom §9).
CREATE TABLE application_consents (
    application BIGINT NOT NULL REFERENCES linked_applications (id) ON DELETE CASCADE,
    actor BIGINT NOT NULL REFERENCES objects (id),
    credentials TEXT NOT NULL,       -- the value of Authorization
    created BIGINT NOT NULL,
    PRIMARY KEY (application, actor)
) /* clustered */;
CREATE INDEX application_consents_actor ON application_consents (actor);
