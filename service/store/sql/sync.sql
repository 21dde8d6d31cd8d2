-- name: sync_mark
-- $1 address of the registry.
SELECT complete, reached FROM sync_mark WHERE registry = $1;

-- name: note_reached
-- $1 address of the registry, $2 a date. Never backwards: two may follow the same registry.
INSERT INTO sync_mark (registry, reached) VALUES ($1, $2)
ON CONFLICT (registry) DO UPDATE SET reached = greatest(sync_mark.reached, excluded.reached);

-- name: note_complete
-- $1 address of the registry, $2 a date, NULL where the registry is empty.
INSERT INTO sync_mark (registry, complete, reached) VALUES ($1, $2, $2)
ON CONFLICT (registry) DO UPDATE SET
    complete = greatest(sync_mark.complete, excluded.complete),
    reached = greatest(sync_mark.reached, excluded.reached), asked_at = now();

-- name: lacking
-- Which studies are neither stored nor quarantined as of their last update. $1 numbers of trials, $2 dates.
SELECT nct, updated FROM unnest($1::integer[], $2::text[]) AS said (nct, updated)
 WHERE NOT EXISTS (
     SELECT FROM trial
      WHERE trial.nct = said.nct AND trial.updated IS NOT NULL AND NOT stated_before(trial.updated, said.updated)
 ) AND NOT EXISTS (
     SELECT FROM quarantine
      WHERE quarantine.nct = said.nct AND quarantine.updated >= said.updated AND quarantine.code <> 'withdrawn'
 )
 ORDER BY updated, nct;

-- name: quarantine
-- One array a column. Replaces what was refused of the same trials before; the same document again is told anew.
WITH given AS (
    SELECT * FROM unnest(
        $1::integer[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::bytea[]
    ) AS given (nct, updated, source, sha256, engine, code, detail, document)
), earlier AS (
    DELETE FROM quarantine USING given WHERE quarantine.nct = given.nct AND quarantine.sha256 <> given.sha256
)
INSERT INTO quarantine (nct, updated, source, sha256, engine, code, detail, document)
SELECT DISTINCT ON (sha256) nct, updated, source, sha256, engine, code, detail, document FROM given ORDER BY sha256
ON CONFLICT (sha256) DO UPDATE SET engine = excluded.engine, code = excluded.code, detail = excluded.detail;

-- name: release
-- What is stored now need not wait any more. $1 numbers of trials, $2 when they were last updated, as far as is told.
DELETE FROM quarantine USING unnest($1::integer[], $2::text[]) AS stored (nct, updated)
 WHERE quarantine.nct = stored.nct AND NOT coalesce(stated_before(stored.updated, quarantine.updated), false);

-- name: known_refusals
-- $1 SHA-256 of documents, $2 the engine. Which of them it has refused already.
SELECT sha256 FROM quarantine WHERE sha256 = ANY ($1::bytea[]) AND engine = $2;

-- name: refused_by_others
-- What another engine refused. $1 this engine, $2 id of the last one seen, $3 how many.
SELECT id, document FROM quarantine WHERE engine <> $1 AND code <> 'withdrawn' AND id > $2 ORDER BY id LIMIT $3;

-- name: forget_refusals
-- $1 SHA-256 of documents that are stored now.
DELETE FROM quarantine WHERE sha256 = ANY ($1::bytea[]);

-- name: page_quarantine
-- The newest first. $1 id before which to begin, $2 how many.
SELECT id, nct, updated, source, sha256, code, detail, quarantined_at
  FROM quarantine WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- name: count_quarantine
SELECT count(*) FROM quarantine;

-- name: unlisted
-- Numbers of stored trials that are not among those listed. $1 numbers of trials.
SELECT nct FROM trial WHERE nct <> ALL ($1::integer[]) ORDER BY nct;

-- name: documents
-- $1 numbers of trials.
SELECT nct, document FROM trial WHERE nct = ANY ($1::integer[]) ORDER BY nct;

-- name: withdraw
-- Take trials out, and all that hangs on them; their documents are kept elsewhere. $1 numbers of trials.
DELETE FROM trial WHERE nct = ANY ($1::integer[]) RETURNING nct, updated, document;
