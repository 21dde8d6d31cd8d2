-- Keys by which other systems may ask.
-- Locks nothing that exists; older code runs on.

CREATE TABLE api_key (
    id         text        PRIMARY KEY,           -- the part of the key that may be shown
    name       text        NOT NULL,              -- who holds it
    roles      text[]      NOT NULL CHECK (cardinality(roles) > 0),
    salt       bytea       NOT NULL,
    digest     bytea       NOT NULL,              -- SHA-256 of salt and secret: the secret itself is 256 random bits
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz                        -- rows stay: the audit log names them
);
