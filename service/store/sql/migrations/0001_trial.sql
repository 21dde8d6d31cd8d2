-- The registry: one row a trial, and link tables that answer which trials a search or a patient can reach.
-- Locks nothing that exists. No older code.

-- A trial is keyed by the number in its NCT id: four bytes, and in the order of the ids.
CREATE TABLE trial (
    nct            integer  PRIMARY KEY CHECK (nct BETWEEN 0 AND 99999999),
    -- The Trial as JSON, byte for byte as it is answered: nothing in SQL looks inside, so jsonb would cost parsing and
    -- key order for nothing, and equal bytes prove an equal document. TOAST compresses it (about 3:1) and keeps it out
    -- of the rows that searches read. To look inside: convert_from(document, 'UTF8')::jsonb.
    document       bytea    NOT NULL,
    criteria       bytea    NOT NULL,  -- compiled criteria, MessagePack
    issues         bytea    NOT NULL,  -- what the validator found, JSON
    sites          bytea    NOT NULL,  -- what a match shows of each site, MessagePack
    digest         bytea    NOT NULL,  -- SHA-256 of the document and all that was derived from it
    source_sha256  bytea,              -- of the page or record that the document was read from
    compiler       text     NOT NULL,  -- version of the compiler that read the criteria
    engine         text,               -- all that read and checked the document: the same engine need not look again
    brief_title    text,
    overall_status text,
    phases         text[]   NOT NULL,
    study_type     text,
    sex            text,
    age_min_days   integer  NOT NULL,  -- of the registry's own age fields, rounded outwards
    age_max_days   integer  NOT NULL,
    sponsor        text,
    updated        text     COLLATE "C",  -- dates are as precise as the source states them: year, month or day
    verified       text     COLLATE "C",
    started        text     COLLATE "C",
    conditions     tsvector NOT NULL,
    interventions  tsvector NOT NULL,
    search         tsvector NOT NULL   -- of everything; weights: A titles and ids, B conditions, C interventions, D the rest
);

CREATE INDEX trial_search ON trial USING gin (search);
CREATE INDEX trial_conditions ON trial USING gin (conditions);
CREATE INDEX trial_interventions ON trial USING gin (interventions);
CREATE INDEX trial_sponsor ON trial USING gin (to_tsvector('simple', coalesce(sponsor, '')));
CREATE INDEX trial_updated ON trial (coalesce(updated, ''), nct);
CREATE INDEX trial_compiler ON trial (compiler, nct);
CREATE INDEX trial_source ON trial (source_sha256);

-- The keys by which a patient can reach a trial: ids of its conditions, words of those the vocabulary does not know.
CREATE TABLE trial_concept (
    concept      text    COLLATE "C" NOT NULL,
    open         boolean NOT NULL,
    trial        integer NOT NULL REFERENCES trial ON DELETE CASCADE,
    sex          text    NOT NULL,
    age_min_days integer NOT NULL,
    age_max_days integer NOT NULL,
    PRIMARY KEY (trial, concept)
);

CREATE INDEX trial_concept_cover ON trial_concept (concept, open) INCLUDE (trial, sex, age_min_days, age_max_days);

CREATE TABLE trial_intervention (
    concept text    COLLATE "C" NOT NULL,
    trial   integer NOT NULL REFERENCES trial ON DELETE CASCADE,
    PRIMARY KEY (trial, concept)
);

CREATE INDEX trial_intervention_concept ON trial_intervention (concept, trial);

CREATE TABLE trial_country (
    country text    COLLATE "C" NOT NULL,  -- in small letters
    trial   integer NOT NULL REFERENCES trial ON DELETE CASCADE,
    PRIMARY KEY (trial, country)
);

CREATE INDEX trial_country_country ON trial_country (country, trial);

CREATE TABLE trial_place (
    trial integer          NOT NULL REFERENCES trial ON DELETE CASCADE,
    lat   double precision NOT NULL,  -- degrees, WGS 84
    lon   double precision NOT NULL,
    PRIMARY KEY (trial, lat, lon)
);

CREATE INDEX trial_place_lat ON trial_place (lat, lon, trial);

-- One row: how many trials there are, and a number that grows with every change. `epoch` tells registries apart.
CREATE TABLE corpus (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    text    NOT NULL DEFAULT left(gen_random_uuid()::text, 8),
    changes  bigint  NOT NULL DEFAULT 0,
    trials   bigint  NOT NULL DEFAULT 0
);

INSERT INTO corpus DEFAULT VALUES;

-- Whether one date lies before another, as far as both are stated: 2024-05 is not before 2024-05-12.
CREATE FUNCTION stated_before(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left($1, least(length($1), length($2))) COLLATE "C" < left($2, least(length($1), length($2))) COLLATE "C"
$$;

-- Great-circle distance between two places in degrees, on a sphere of the earth's mean radius.
CREATE FUNCTION distance_km(double precision, double precision, double precision, double precision)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * 6371.0088 * asin(least(1, sqrt(
        sin(radians($3 - $1) / 2) ^ 2 + cos(radians($1)) * cos(radians($3)) * sin(radians($4 - $2) / 2) ^ 2
    )))
$$;
