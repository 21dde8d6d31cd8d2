-- name: add_key
-- $1 id, $2 name, $3 roles, $4 salt, $5 digest, $6 days until it expires or NULL.
INSERT INTO api_key (id, name, roles, salt, digest, expires_at) VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 day');

-- name: all_keys
SELECT id, name, roles, salt, digest, created_at, expires_at, revoked_at FROM api_key ORDER BY created_at, id;

-- name: good_keys
-- Neither revoked nor expired.
SELECT id, name, roles, salt, digest, created_at, expires_at, revoked_at FROM api_key
 WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- name: revoke_key
-- $1 id. Answers a row if the key was good until now.
UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id;
