-- fragment: asked
-- Trials that a TrialQuery asks for; NULL asks nothing. The numbers are those of search.filter_arguments.
-- $1 words; $2 concepts and $3 words of conditions; $4 concepts and $5 words of interventions; $6 statuses; $7 phases;
-- $8 study types; $9 sexes; $10 age in days; $11 countries in small letters; $12 $13 $14 latitude, longitude and
-- kilometres; $15 words of the sponsor; $16 day of the last update, or later; $17 numbers of trials.
    ($1::text IS NULL OR search @@ websearch_to_tsquery('english', $1))
AND ($3::text IS NULL OR nct IN (
        SELECT trial FROM trial_concept WHERE concept = ANY ($2::text[])
        UNION ALL
        SELECT worded.nct FROM trial AS worded
         WHERE search @@ websearch_to_tsquery('english', $3)
           AND ts_filter(search, '{b}') @@ websearch_to_tsquery('english', $3)))
AND ($5::text IS NULL OR nct IN (
        SELECT trial FROM trial_intervention WHERE concept = ANY ($4::text[])
        UNION ALL
        SELECT worded.nct FROM trial AS worded
         WHERE search @@ websearch_to_tsquery('english', $5)
           AND ts_filter(search, '{c}') @@ websearch_to_tsquery('english', $5)))
AND ($6::text[] IS NULL OR overall_status = ANY ($6))
AND ($7::text[] IS NULL OR phases && $7)
AND ($8::text[] IS NULL OR study_type = ANY ($8))
AND ($9::text[] IS NULL OR sex IS NULL OR sex = 'ALL' OR sex = ANY ($9))
AND ($10::integer IS NULL OR $10 BETWEEN age_min_days AND age_max_days)
AND ($11::text[] IS NULL OR nct IN (SELECT trial FROM trial_site WHERE country = ANY ($11)))
AND ($14::double precision IS NULL OR nct IN (
        SELECT trial FROM trial_site
         WHERE lat BETWEEN $12::double precision - $14 / 111 AND $12 + $14 / 111
           AND distance_km($12, $13::double precision, lat, lon) <= $14))
AND ($15::text IS NULL OR to_tsvector('simple', coalesce(sponsor, '')) @@ websearch_to_tsquery('simple', $15))
AND ($16::text IS NULL OR updated >= left($16, length(updated)))
AND ($17::integer[] IS NULL OR nct = ANY ($17))

-- name: count
SELECT count(*) FROM trial WHERE /* asked */;

-- name: page_nct
-- $18 number of the last trial seen; $19 how many.
SELECT nct, document FROM trial
 WHERE /* asked */ AND nct > $18::integer
 ORDER BY nct LIMIT $19::integer;

-- name: page_nct_desc
SELECT nct, document FROM trial
 WHERE /* asked */ AND nct < $18::integer
 ORDER BY nct DESC LIMIT $19::integer;

-- name: page_updated
-- $18 date and $19 number of the last trial seen; $20 how many. Here and below, a trial without the date comes last.
SELECT nct, document, coalesce(updated, '9999') AS key FROM trial
 WHERE /* asked */ AND (coalesce(updated, '9999'), nct) > ($18::text, $19::integer)
 ORDER BY coalesce(updated, '9999'), nct LIMIT $20::integer;

-- name: page_updated_desc
SELECT nct, document, coalesce(updated, '') AS key FROM trial
 WHERE /* asked */ AND (coalesce(updated, ''), nct) < ($18::text, $19::integer)
 ORDER BY coalesce(updated, '') DESC, nct DESC LIMIT $20::integer;

-- name: page_start
SELECT nct, document, coalesce(started, '9999') AS key FROM trial
 WHERE /* asked */ AND (coalesce(started, '9999'), nct) > ($18::text, $19::integer)
 ORDER BY coalesce(started, '9999'), nct LIMIT $20::integer;

-- name: page_start_desc
SELECT nct, document, coalesce(started, '') AS key FROM trial
 WHERE /* asked */ AND (coalesce(started, ''), nct) < ($18::text, $19::integer)
 ORDER BY coalesce(started, '') DESC, nct DESC LIMIT $20::integer;

-- name: relevance_floor
-- Ranking reads every hit's words, so only the $18 newest hits are ranked. The last of them, if there are more.
SELECT coalesce(updated, '') AS key, nct FROM trial
 WHERE /* asked */
 ORDER BY coalesce(updated, '') DESC, nct DESC OFFSET $18::integer - 1 LIMIT 1;

-- name: page_relevance
-- Ranked hits by score, then the others, the newest first. $18 score, $19 date and $20 number of the last trial seen;
-- $21 date and $22 number of the last ranked hit, as page 1 found it, so that trials added since move nothing; $23 how many.
SELECT nct, document, key, score FROM (
    SELECT nct, document, coalesce(updated, '') AS key,
           CASE WHEN (coalesce(updated, ''), nct) >= ($21::text, $22::integer)
                THEN ts_rank('{0.05, 0.2, 0.5, 1}', search, websearch_to_tsquery('english', $1), 1)
                ELSE -1::real END AS score
      FROM trial
     WHERE /* asked */
) AS hit
 WHERE (score, key, nct) < ($18::real, $19::text, $20::integer)
 ORDER BY score DESC, key DESC, nct DESC LIMIT $23::integer;
