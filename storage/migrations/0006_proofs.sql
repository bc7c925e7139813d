-- What proofs and other servers' disappearance need to be known by.

ALTER TABLE keys ADD COLUMN asserts SMALLINT NOT NULL DEFAULT 0;      -- 1: its actor lists it in assertionMethod
UPDATE keys SET asserts = 1 WHERE private IS NOT NULL AND algorithm = 'ed25519';
DELETE FROM keys WHERE private IS NULL AND algorithm = 'ed25519';     -- theirs are found again, with what they are for

ALTER TABLE actors ADD COLUMN missed BIGINT;     -- theirs only: when their origin first answered 410
