-- What the store keeps about itself.

-- name: version_put
INSERT INTO schema_version (version, applied_at, program) VALUES ($1, $2, $3)
