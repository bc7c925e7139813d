-- What hubs were asked to tell no more: asked back, we answer that we meant it (WebSub §5.3; Atom §16).
CREATE TABLE hub_departures (
    callback TEXT PRIMARY KEY,       -- SHA-256 of the secret in the address that the hub calls
    topic TEXT NOT NULL,
    until BIGINT NOT NULL            -- for so long it may ask back
);
CREATE INDEX hub_departures_until ON hub_departures (until);
