-- Earlier versions of a trial: what a record said before it was changed, whoever changed it.
-- Locks trial for an instant, to add a column without a rewrite. Older code still runs: the trigger serves it as well.

ALTER TABLE trial ADD COLUMN stored_at timestamptz;  -- since when this version is the one that is answered
ALTER TABLE trial ALTER COLUMN stored_at SET DEFAULT now();

-- A version is never changed again. `document` is written as it was, and packed in the same transaction: compressed
-- against the version before it (see store/packing.py), which takes 50 bytes where a date changed, not 3,000.
CREATE TABLE trial_version (
    trial          integer NOT NULL REFERENCES trial ON DELETE CASCADE,
    version        integer NOT NULL CHECK (version > 0),  -- from 1; the one in trial is the next
    stored_at      timestamptz,
    updated        text    COLLATE "C",
    overall_status text,
    source_sha256  bytea,
    document       bytea   NOT NULL,
    packed         boolean NOT NULL DEFAULT false,
    PRIMARY KEY (trial, version)
);

-- A trigger, because it holds for every way to change a trial, and because no two writers can lose a version between
-- reading the old record and writing the new one. Rows that are new do not fire it.
CREATE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trial_version (trial, version, stored_at, updated, overall_status, source_sha256, document)
    SELECT OLD.nct, coalesce(max(version), 0) + 1, OLD.stored_at, OLD.updated, OLD.overall_status, OLD.source_sha256,
           OLD.document
      FROM trial_version WHERE trial = OLD.nct;
    NEW.stored_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER trial_keeps_versions BEFORE UPDATE OF document ON trial
    FOR EACH ROW WHEN (OLD.document <> NEW.document) EXECUTE FUNCTION keep_version();
