-- name: candidates
-- Trials whose envelope admits the patient, and that the caller asks for ($1 to $17 as in search.sql, used if $18).
-- May admit too many, never too few. $19 low and $20 high end of the age in days; $21 sex, $22 keys, $23 more keys of
-- which the trial must carry one: NULL is unknown and admits everything.
SELECT DISTINCT link.trial FROM trial_concept AS link
 WHERE ($22::text[] IS NULL OR link.concept = ANY ($22))
   AND link.age_max_days >= $19::integer AND link.age_min_days <= $20::integer
   AND ($21::text IS NULL OR link.sex IN ('ALL', $21))
   AND ($23::text[] IS NULL OR link.trial IN (SELECT trial FROM trial_concept WHERE concept = ANY ($23)))
   AND (NOT $18::boolean OR link.trial IN (SELECT nct FROM trial WHERE /* asked */))
 ORDER BY link.trial;

-- name: candidate_rows
-- $1 numbers of trials.
SELECT nct, brief_title, overall_status, phases, criteria, sites FROM trial
 WHERE nct = ANY ($1::integer[]) ORDER BY nct;
