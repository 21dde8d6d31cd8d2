-- name: versions
-- Every version of a trial, the current one first. $1 number of the trial.
SELECT version, stored_at, updated, overall_status, source_sha256, false AS current FROM trial_version WHERE trial = $1
UNION ALL
SELECT (SELECT coalesce(max(version), 0) + 1 FROM trial_version WHERE trial = $1),
       stored_at, updated, overall_status, source_sha256, true
  FROM trial WHERE nct = $1
 ORDER BY version DESC;

-- name: version_documents
-- The document of one version and of all before it, which it is packed against. $1 number of the trial, $2 the version.
SELECT version, packed, document FROM (
    SELECT version, packed, document FROM trial_version WHERE trial = $1
    UNION ALL
    SELECT (SELECT coalesce(max(version), 0) + 1 FROM trial_version WHERE trial = $1), false, document
      FROM trial WHERE nct = $1
) AS every WHERE version <= $2 ORDER BY version;

-- name: kept_versions
-- Every earlier version of some trials, oldest first. $1 their numbers.
SELECT trial, version, packed, document FROM trial_version WHERE trial = ANY ($1::integer[]) ORDER BY trial, version;

-- name: pack_versions
-- $1 numbers of trials, $2 versions, $3 documents.
UPDATE trial_version AS kept SET document = given.document, packed = true
  FROM unnest($1::integer[], $2::integer[], $3::bytea[]) AS given (trial, version, document)
 WHERE (kept.trial, kept.version) = (given.trial, given.version);

-- name: forget_versions
-- Versions that the record after them only repeats; since when it is answered is told as before.
-- $1 numbers of trials, $2 versions.
WITH repeated AS (
    DELETE FROM trial_version AS kept USING unnest($1::integer[], $2::integer[]) AS given (trial, version)
     WHERE (kept.trial, kept.version) = (given.trial, given.version)
    RETURNING kept.trial, kept.stored_at
)
UPDATE trial SET stored_at = repeated.stored_at FROM repeated WHERE nct = repeated.trial;
