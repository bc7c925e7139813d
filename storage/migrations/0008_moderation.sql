-- What people report, for the operator's eyes alone.
CREATE TABLE reports (
    id BIGINT PRIMARY KEY,
    reporter BIGINT REFERENCES objects (id),    -- ours only; of someone elsewhere we keep the host
    host TEXT NOT NULL,
    activity TEXT NOT NULL,                     -- IRI of the Flag
    subject TEXT NOT NULL,                      -- IRI of the actor reported
    objects TEXT NOT NULL,                      -- what is reported: IRIs as a JSON array
    content TEXT NOT NULL,                      -- why, as plain text
    created BIGINT NOT NULL,
    forwarded BIGINT,
    resolved BIGINT,
    resolver BIGINT REFERENCES objects (id),
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX reports_open ON reports (id) WHERE resolved IS NULL;
CREATE INDEX reports_reporter ON reports (reporter, created);
CREATE INDEX reports_host ON reports (host, created);
CREATE INDEX reports_activity ON reports (activity);

-- 1 where the configuration says so, not the operator at the terminal.
ALTER TABLE domain_policies ADD COLUMN configured SMALLINT NOT NULL DEFAULT 0;

CREATE INDEX blocks_activity ON blocks (activity)
