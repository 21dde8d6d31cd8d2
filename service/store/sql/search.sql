-- Searches have named parameters, because their filters come and go: a search's WHERE holds exactly the filters that
-- are asked for, joined by AND where it says /* asked */. A filter that is always there but switched off by a NULL
-- would keep the planner from joining: measured on 58,000 trials, 28 s instead of 30 ms.

-- filter: words
search @@ websearch_to_tsquery('english', :words)

-- filter: condition
nct IN (
    SELECT trial FROM trial_concept WHERE concept = ANY (:condition_keys::text[])
    UNION ALL
    SELECT nct FROM trial WHERE conditions @@ websearch_to_tsquery('english', :condition_words)
)

-- filter: condition_of_many
-- The same, asked of each trial that all else has left: where many have the condition, finding them all takes longer.
-- By a text that no index has: a trial's few concepts are looked up among the thousands asked for, not they in the index.
(EXISTS (SELECT FROM trial_concept WHERE trial = nct AND (concept || '') = ANY (:condition_keys::text[]))
 OR conditions @@ websearch_to_tsquery('english', :condition_words))

-- filter: intervention
nct IN (
    SELECT trial FROM trial_intervention WHERE concept = ANY (:intervention_keys::text[])
    UNION ALL
    SELECT nct FROM trial WHERE interventions @@ websearch_to_tsquery('english', :intervention_words)
)

-- filter: status
overall_status = ANY (:statuses::text[])

-- filter: phase
phases && :phases::text[]

-- filter: study_type
study_type = ANY (:study_types::text[])

-- filter: sex
-- A trial that does not say is open to all, as far as is known. Not by coalesce: the planner would know nothing of it,
-- expect one trial in a hundred and look up the places of all.
(sex IS NULL OR sex = ANY (:sexes::text[]))

-- filter: age
:age_days::integer BETWEEN age_min_days AND age_max_days

-- filter: country
-- In small letters.
nct IN (SELECT trial FROM trial_country WHERE country = ANY (:countries::text[]))

-- filter: near
-- The band of latitudes is what an index can find; a degree is 111.2 km.
nct IN (
    SELECT trial FROM trial_place
     WHERE lat BETWEEN :lat::float8 - :km::float8 / 111 AND :lat::float8 + :km::float8 / 111
       AND distance_km(:lat::float8, :lon::float8, lat, lon) <= :km::float8
)

-- filter: sponsor
to_tsvector('simple', coalesce(sponsor, '')) @@ websearch_to_tsquery('simple', :sponsor_words)

-- filter: updated_since
-- A date that names a month only counts as that month's last day.
updated >= left(:updated_since::text, length(updated))

-- filter: ids
nct = ANY (:numbers::integer[])

-- filter: months
-- Of the last update: a year, or a month of one. This and the next two are found together with the words.
facets(phases, overall_status, updated) && :months::text[]

-- filter: status_beside_words
facets(phases, overall_status, updated) && :statuses::text[]

-- filter: phase_beside_words
facets(phases, overall_status, updated) && :phases::text[]

-- filter: before
-- By a text that no index has: the words are to be found first.
(coalesce(updated, '') || '') COLLATE "C" < :before::text

-- filter: all
true

-- name: find_by_index
-- For the transaction. The planner does not know what it costs to look into the words of every trial.
SELECT set_config('enable_seqscan', 'off', true);

-- name: count
SELECT count(*) FROM trial WHERE /* asked */;

-- name: page_nct
-- From the trial after `nct` on, `size` of them.
SELECT nct, document FROM trial
 WHERE /* asked */ AND nct > :nct::integer
 ORDER BY nct LIMIT :size::integer;

-- name: page_nct_desc
SELECT nct, document FROM trial
 WHERE /* asked */ AND nct < :nct::integer
 ORDER BY nct DESC LIMIT :size::integer;

-- name: page_updated
-- From the trial after the one of date `key` and number `nct` on. Here and below, a trial without the date comes last.
SELECT nct, document, coalesce(updated, '9999') AS key FROM trial
 WHERE /* asked */ AND (coalesce(updated, '9999'), nct) > (:key::text, :nct::integer)
 ORDER BY coalesce(updated, '9999'), nct LIMIT :size::integer;

-- name: page_updated_desc
SELECT nct, document, coalesce(updated, '') AS key FROM trial
 WHERE /* asked */ AND (coalesce(updated, ''), nct) < (:key::text, :nct::integer)
 ORDER BY coalesce(updated, '') DESC, nct DESC LIMIT :size::integer;

-- name: page_start
SELECT nct, document, coalesce(started, '9999') AS key FROM trial
 WHERE /* asked */ AND (coalesce(started, '9999'), nct) > (:key::text, :nct::integer)
 ORDER BY coalesce(started, '9999'), nct LIMIT :size::integer;

-- name: page_start_desc
SELECT nct, document, coalesce(started, '') AS key FROM trial
 WHERE /* asked */ AND (coalesce(started, ''), nct) < (:key::text, :nct::integer)
 ORDER BY coalesce(started, '') DESC, nct DESC LIMIT :size::integer;

-- name: expected
-- How many trials the planner expects.
EXPLAIN (FORMAT JSON) SELECT FROM trial WHERE /* asked */;

-- name: dates
-- The newest, and such as part the registry into a hundred pieces of about one size, as far as ANALYZE has noticed.
SELECT coalesce((SELECT coalesce(updated, '') FROM trial ORDER BY coalesce(updated, '') DESC, nct DESC LIMIT 1), '')
       AS newest,
       coalesce((SELECT histogram_bounds::text::text[] FROM pg_stats
                  WHERE schemaname = current_schema() AND tablename = 'trial_updated' AND attname <> 'nct'), '{}')
       AS bounds;

-- name: is_of_many
-- Whether more than $2 trials have conditions of these keys ($1), as far as it takes to tell.
SELECT count(*) > $2::integer
  FROM (SELECT FROM trial_concept WHERE concept = ANY ($1::text[]) LIMIT $2::integer + 1) AS link;

-- name: newest
-- What is asked for, the newest first: after the one of `key` and `nct`, down to the floor. All of it is found first, by
-- the index of words: the planner would rather walk down the dates and look into each trial's words, which may take
-- seconds.
WITH found AS MATERIALIZED (
    SELECT nct, coalesce(updated, '') AS key FROM trial WHERE /* asked */
)
SELECT nct, key FROM found
 WHERE (key, nct) < (:key::text, :nct::integer) AND (key, nct) >= (:floor_key::text, :floor_nct::integer)
 ORDER BY key DESC, nct DESC LIMIT :size::integer;

-- name: page_ranked
-- Of the trials by their numbers ($1), by how well they match the words ($2), after the one of score $3, key $4 and
-- number $5, $6 of them. What counts is how close together the words stand and where: many mentions in the long texts
-- (weight D) must not outdo one in the title.
WITH hit AS MATERIALIZED (
    SELECT nct, coalesce(updated, '') AS key,
           ts_rank_cd('{0.005, 0.2, 0.4, 1}', search, websearch_to_tsquery('english', $2), 1) AS score
      FROM trial WHERE nct = ANY ($1::integer[])
), page AS (
    SELECT nct, key, score FROM hit WHERE (score, key, nct) < ($3::real, $4::text, $5::integer)
     ORDER BY score DESC, key DESC, nct DESC LIMIT $6::integer
)
SELECT nct, document, page.key, score FROM page JOIN trial USING (nct) ORDER BY score DESC, page.key DESC, nct DESC;

-- name: page_newest
-- The trials by their numbers, the newest first.
SELECT nct, document, coalesce(updated, '') AS key FROM trial
 WHERE nct = ANY ($1::integer[]) ORDER BY coalesce(updated, '') DESC, nct DESC;

-- name: candidates
-- Trials whose envelope admits the patient and that the caller asks for. May admit too many, never too few.
-- Ages in days; a filter that is left out is of a side of the patient that is not known. One array: as rows, a hundred
-- thousand of them take three times as long. By a sum, which no index has in order: to spare the sorting, the planner
-- would walk through all links of all trials.
SELECT coalesce(array_agg(DISTINCT nct + 0 ORDER BY nct + 0), '{}') AS numbers
  FROM (SELECT trial AS nct, concept, open, sex, age_min_days, age_max_days FROM trial_concept) AS link
 WHERE /* asked */;

-- filter: patient_age
age_max_days >= :age_low_days::integer AND age_min_days <= :age_high_days::integer

-- filter: patient_sex
sex IN ('ALL', :patient_sex::text)

-- filter: patient_keys
concept = ANY (:patient_keys::text[])

-- filter: open
-- Implied by a search for open trials alone; here the index can tell.
open

-- filter: within
-- The trial must carry one of these keys as well.
nct IN (SELECT trial FROM trial_concept WHERE concept = ANY (:within_keys::text[]))

-- filter: where
-- The caller's own search, as far as it is about places and ids: for those a trial's number is enough.
/* where */

-- name: outlines
-- What trials ask. A row without demands is of a trial that must be judged by its criteria.
SELECT number, condition, demands, overall_status, phases
  FROM unnest(:numbers::integer[]) AS number LEFT JOIN trial_demands ON trial = number;

-- name: criteria
SELECT nct, criteria, overall_status, phases FROM trial WHERE nct = ANY (:numbers::integer[]);

-- name: listed
-- What a match shows of trials.
SELECT nct, brief_title, overall_status, phases, criteria, sites FROM trial
 WHERE nct = ANY (:numbers::integer[]);
