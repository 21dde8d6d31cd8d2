-- What a match reads of every candidate: the ids of what its criteria ask, some 200 bytes beside a trial's 20,000.
-- Locks writers of `trial` for an instant, to add the trigger. Older code goes on: what it stores is without demands,
-- and such trials are judged by their criteria, as are all stored before this migration, until they are recompiled.
CREATE TABLE trial_demands (
    trial          integer  PRIMARY KEY REFERENCES trial ON DELETE CASCADE,
    condition      bigint,            -- which of the demands is to have what the trial studies
    demands        bigint[] NOT NULL, -- one a criterion, in their order
    overall_status text,              -- as in the trial, to be searched by without reading it
    phases         text[]   NOT NULL
);

CREATE FUNCTION forget_demands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM trial_demands WHERE trial = old.nct;
    RETURN NULL;
END
$$;

-- Whoever changes a trial's criteria without knowing of demands leaves none behind that are no longer true.
CREATE TRIGGER forget_demands AFTER UPDATE OF criteria ON trial
    FOR EACH ROW WHEN (old.criteria <> new.criteria) EXECUTE FUNCTION forget_demands();
