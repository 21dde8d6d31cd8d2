-- How far a registry has been followed, and the studies that could not be taken from it.
-- Locks nothing that exists; older code does not know these tables.

CREATE TABLE sync_mark (
    registry text PRIMARY KEY,        -- its address
    complete text COLLATE "C",        -- every study whose last update was posted on this date or before is here
    reached  text COLLATE "C",        -- how far the walk has come that is not complete yet; where the next one begins
    asked_at timestamptz NOT NULL DEFAULT now()  -- when the registry was last found to have nothing more
);

-- One row a study: what is refused now. It leaves when a version is stored that is not older.
CREATE TABLE quarantine (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nct            integer,           -- number of the trial, where it could be read
    updated        text   COLLATE "C",
    source         text   NOT NULL,
    sha256         bytea  NOT NULL UNIQUE,
    engine         text   NOT NULL,   -- which refused it: another one tries again
    code           text   NOT NULL,
    detail         text   NOT NULL,
    document       bytea  NOT NULL,   -- packed by store/packing.py
    quarantined_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX quarantine_nct ON quarantine (nct);
