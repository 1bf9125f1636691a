-- name: resume_get
SELECT offset_at, line, number, tail FROM resume WHERE input = $1 AND source_id = $2;

-- name: resume_put
INSERT INTO resume (input, source_id, offset_at, line, number, tail, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (input) DO UPDATE SET source_id = excluded.source_id, offset_at = excluded.offset_at, line = excluded.line, number = excluded.number, tail = excluded.tail, saved_at = excluded.saved_at;

-- name: resume_drop
DELETE FROM resume WHERE input = $1 AND source_id = $2;
