-- Dead letters, and events that wait for an order.

-- name: dead_put
INSERT INTO dead_letter (source_id, payload_id, state, code, owner, topic, input, line, attempts, first_at, last_at, map, reasons)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12)
ON CONFLICT (payload_id) DO UPDATE SET state = excluded.state, code = excluded.code, owner = excluded.owner, topic = coalesce(excluded.topic, topic), input = excluded.input,
line = excluded.line, attempts = attempts + 1, last_at = excluded.last_at, map = excluded.map, reasons = excluded.reasons
RETURNING dead_id;

-- name: dead_get
SELECT dead_id, source_id, payload_id, line, attempts, first_at, last_at, state, code, owner, topic, input, map, reasons FROM dead_letter WHERE dead_id = $1;

-- name: dead_open
SELECT 1 FROM dead_letter WHERE payload_id = $1 AND state = 'open';

-- name: dead_close
UPDATE dead_letter SET state = $2, last_at = $3 WHERE payload_id = $1 AND state = 'open';

-- name: dead_count
SELECT count(*) FROM dead_letter WHERE state = 'open';

-- By state, on the index (state, dead_id): the other conditions thin out what it gives.
-- name: dead_list_state
SELECT d.dead_id, d.source_id, d.payload_id, d.line, d.attempts, d.first_at, d.last_at, d.state, d.code, d.owner, d.topic, d.input, d.map, d.reasons
FROM dead_letter d WHERE d.state = $1 AND d.dead_id > $2 AND ($3 IS NULL OR d.code = $3) AND ($4 IS NULL OR d.owner = $4)
AND ($5 IS NULL OR d.source_id = $5) AND ($6 IS NULL OR d.last_at >= $6) AND ($7 IS NULL OR d.last_at < $7) ORDER BY d.dead_id LIMIT $8;

-- name: dead_list_all
SELECT d.dead_id, d.source_id, d.payload_id, d.line, d.attempts, d.first_at, d.last_at, d.state, d.code, d.owner, d.topic, d.input, d.map, d.reasons
FROM dead_letter d WHERE d.dead_id > $2 AND ($3 IS NULL OR d.code = $3) AND ($4 IS NULL OR d.owner = $4)
AND ($5 IS NULL OR d.source_id = $5) AND ($6 IS NULL OR d.last_at >= $6) AND ($7 IS NULL OR d.last_at < $7) ORDER BY d.dead_id LIMIT $8;

-- name: parked_insert
INSERT INTO parked (key, source_id, type, recorded_at, expires_at, payload_id, reason, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (key) DO NOTHING;

-- name: parked_ref_insert
INSERT INTO parked_ref (value, kind, parked_id) VALUES ($1, $2, $3) ON CONFLICT (value, kind, parked_id) DO NOTHING;

-- name: parked_by_key
SELECT parked_id, body FROM parked WHERE key = $1;

-- name: parked_for
SELECT p.parked_id, p.source_id, p.payload_id, p.recorded_at, p.expires_at, p.body, p.reason
FROM parked_ref r JOIN parked p ON p.parked_id = r.parked_id WHERE r.value = $1 AND r.kind = $2 ORDER BY r.parked_id;

-- name: parked_get
SELECT body FROM parked WHERE parked_id = $1;

-- name: parked_drop
DELETE FROM parked WHERE parked_id = $1;

-- name: parked_ref_drop
DELETE FROM parked_ref WHERE value = $1 AND kind = $2 AND parked_id = $3;

-- name: parked_list
SELECT parked_id, source_id, payload_id, recorded_at, expires_at, body, reason FROM parked WHERE parked_id > $1 ORDER BY parked_id LIMIT $2;
