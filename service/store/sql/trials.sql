-- name: get
-- $1 numbers of trials.
SELECT nct, document, criteria, issues, digest FROM trial WHERE nct = ANY ($1::integer[]);

-- name: numbers_after
SELECT nct FROM trial WHERE nct > $1 ORDER BY nct LIMIT $2;

-- name: stored_state
-- $1 number of the trial, which nobody else changes until the transaction ends.
SELECT digest FROM trial WHERE nct = $1 FOR UPDATE;

-- name: put
-- Store trials, one array a column. Leaves alone what is stored already, what is stored from a later version, and
-- what states its date where the new one states none: a page that shows less never replaces a registry record.
-- Answers the trials that changed. An UPDATE has set xmax, an INSERT has not.
INSERT INTO trial AS stored (
    nct, document, criteria, issues, sites, digest, source_sha256, compiler, engine, brief_title, overall_status, phases,
    study_type, sex, age_min_days, age_max_days, sponsor, updated, verified, started, conditions, interventions, search
)
SELECT
    nct, document, criteria, issues, sites, digest, source_sha256, compiler, engine, brief_title, overall_status,
    phases::text[], study_type, sex, age_min_days, age_max_days, sponsor, updated, verified, started,
    to_tsvector('english', conditions), to_tsvector('english', interventions),
    setweight(to_tsvector('english', titles), 'A') || setweight(to_tsvector('english', conditions), 'B')
    || setweight(to_tsvector('english', interventions), 'C') || setweight(to_tsvector('english', rest), 'D')
FROM unnest(
    $1::integer[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::integer[], $16::integer[], $17::text[],
    $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[]
) AS given (
    nct, document, criteria, issues, sites, digest, source_sha256, compiler, engine, brief_title, overall_status, phases,
    study_type, sex, age_min_days, age_max_days, sponsor, updated, verified, started, titles, conditions,
    interventions, rest
)
ORDER BY nct
ON CONFLICT (nct) DO UPDATE SET
    document = excluded.document, criteria = excluded.criteria, issues = excluded.issues, sites = excluded.sites,
    digest = excluded.digest, source_sha256 = excluded.source_sha256, compiler = excluded.compiler,
    engine = excluded.engine, brief_title = excluded.brief_title, overall_status = excluded.overall_status,
    phases = excluded.phases, study_type = excluded.study_type, sex = excluded.sex,
    age_min_days = excluded.age_min_days, age_max_days = excluded.age_max_days, sponsor = excluded.sponsor,
    updated = excluded.updated, verified = excluded.verified, started = excluded.started,
    conditions = excluded.conditions, interventions = excluded.interventions, search = excluded.search
WHERE stored.digest <> excluded.digest
  AND NOT coalesce(
      stated_before(excluded.updated, stored.updated), stated_before(excluded.verified, stored.verified), false
  )
  AND NOT (stored.updated IS NOT NULL AND excluded.updated IS NULL)
RETURNING nct, xmax = 0 AS created;

-- name: known_sources
-- $1 SHA-256 of documents, $2 the engine. Which of them this engine has stored, and as what.
SELECT source_sha256, nct FROM trial WHERE source_sha256 = ANY ($1::bytea[]) AND engine = $2;

-- name: note_reading
-- What another compiler or engine has read to the same end need not be read again. Answers which trials are unchanged.
-- $1 numbers of trials, $2 digests, $3 compiler, $4 engine; a put that does not tell its engine keeps the one noted.
WITH unchanged AS (
    SELECT trial.nct FROM trial JOIN unnest($1::integer[], $2::bytea[]) AS given (nct, digest) USING (nct, digest)
), noted AS (
    UPDATE trial SET compiler = $3, engine = coalesce($4, engine)
     WHERE nct IN (SELECT nct FROM unchanged) AND (compiler, engine) IS DISTINCT FROM ($3, coalesce($4, engine))
)
SELECT nct FROM unchanged;

-- name: unlink
-- All that the link tables say of these trials. $1 their numbers.
WITH concepts AS (DELETE FROM trial_concept WHERE trial = ANY ($1::integer[])),
     demands AS (DELETE FROM trial_demands WHERE trial = ANY ($1::integer[])),
     interventions AS (DELETE FROM trial_intervention WHERE trial = ANY ($1::integer[])),
     countries AS (DELETE FROM trial_country WHERE trial = ANY ($1::integer[]))
DELETE FROM trial_place WHERE trial = ANY ($1::integer[]);

-- name: link_concepts
INSERT INTO trial_concept (trial, concept, open, sex, age_min_days, age_max_days)
SELECT * FROM unnest($1::integer[], $2::text[], $3::boolean[], $4::text[], $5::integer[], $6::integer[]);

-- name: link_demands
INSERT INTO trial_demands (trial, condition, demands, overall_status, phases)
SELECT trial, condition, demands::bigint[], overall_status, phases::text[]
  FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::text[])
    AS given (trial, condition, demands, overall_status, phases);

-- name: link_interventions
INSERT INTO trial_intervention (trial, concept) SELECT * FROM unnest($1::integer[], $2::text[]);

-- name: link_countries
INSERT INTO trial_country (trial, country) SELECT * FROM unnest($1::integer[], $2::text[]);

-- name: link_places
INSERT INTO trial_place (trial, lat, lon) SELECT * FROM unnest($1::integer[], $2::float8[], $3::float8[]);

-- name: note_change
-- Last in a transaction that writes: the row is locked until it ends. $1 how many trials are new.
UPDATE corpus SET changes = changes + 1, trials = trials + $1, changed = now();

-- name: naming
-- How many trials have the concept itself, no narrower one, among their conditions or interventions. $1 its id.
SELECT count(*) FROM (
    SELECT trial FROM trial_concept WHERE concept = $1 UNION SELECT trial FROM trial_intervention WHERE concept = $1
) AS named;

-- name: take_stock
-- What the planner knows of the tables is out of date after a large load; 4 s on 580,000 trials.
ANALYZE trial, trial_concept, trial_intervention, trial_country, trial_place, trial_demands;

-- name: corpus
SELECT epoch || '-' || changes AS version, trials FROM corpus;

-- name: state
SELECT epoch || '-' || changes AS version, trials, changed,
       (SELECT count(*) FROM quarantine) AS quarantined,
       (SELECT max(asked_at) FROM sync_mark WHERE complete IS NOT NULL) AS followed,
       (SELECT max(complete) FROM sync_mark) AS complete_to
  FROM corpus;

-- name: read_by_others
-- Documents whose criteria were read by another compiler. $1 version of this one, $2 number of the last one seen.
SELECT nct, document, digest FROM trial WHERE compiler <> $1 AND nct > $2 ORDER BY nct LIMIT $3;

-- name: count_read_by_others
-- How many those are. $1 version of this compiler.
SELECT count(*) FROM trial WHERE compiler <> $1;

-- name: lock_unchanged
-- Which trials are still as they were read, kept so until the transaction ends. $1 numbers of trials, $2 digests.
SELECT nct FROM trial JOIN unnest($1::integer[], $2::bytea[]) AS given (nct, digest) USING (nct, digest)
 ORDER BY nct FOR UPDATE OF trial;
