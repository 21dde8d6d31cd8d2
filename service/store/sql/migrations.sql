-- name: has_schema
SELECT to_regclass('schema_migration') IS NOT NULL;

-- name: applied
SELECT name, checksum FROM schema_migration ORDER BY name;

-- name: wait_as_long_as_it_takes
-- Another replica may be migrating: waiting for it is right.
SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true);

-- name: lock_migrations
-- $1 the lock's number; freed when the transaction ends.
SELECT pg_advisory_xact_lock($1);

-- name: create_schema_migration
CREATE TABLE IF NOT EXISTS schema_migration (
    name       text        PRIMARY KEY,
    checksum   text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: limit_waiting
-- A migration that cannot have its locks soon gives up, rather than hold up everyone who queues behind it.
SELECT set_config('statement_timeout', '5s', true), set_config('lock_timeout', '4s', true);

-- name: note_migration
-- $1 name, $2 checksum.
INSERT INTO schema_migration (name, checksum) VALUES ($1, $2);
