-- Raw payloads, the event log, and the dictionaries both are compressed with.

-- name: payload_find
SELECT payload_id FROM payload WHERE digest = $1 AND source_id = $2;

-- name: payload_insert
INSERT INTO payload (digest, source_id, dict_id, size, body) VALUES ($1, $2, $3, $4, $5);

-- name: payload_get
SELECT dict_id, size, body FROM payload WHERE payload_id = $1;

-- name: event_insert
INSERT INTO event (key, order_key, source_id, type, occurred_at, recorded_at, payload_id, dict_id, size, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING;

-- name: event_by_key
SELECT dict_id, size, body FROM event WHERE key = $1;

-- name: event_where
SELECT event_id, source_id, payload_id FROM event WHERE key = $1;

-- name: event_move
UPDATE event SET order_key = $2 WHERE key = $1;

-- name: event_take
DELETE FROM event WHERE key = $1;

-- name: event_ref_insert
INSERT INTO event_ref (value, kind, event_id) VALUES ($1, $2, $3) ON CONFLICT (value, kind, event_id) DO NOTHING;

-- name: event_ref_delete
DELETE FROM event_ref WHERE value = $1 AND kind = $2 AND event_id = $3;

-- name: event_ref_any
SELECT 1 FROM event_ref WHERE kind > 0 LIMIT 1;

-- Guests that name this and are with another order.
-- name: event_ref_elsewhere
SELECT 1 FROM event_ref r JOIN event e ON e.event_id = r.event_id WHERE r.value = $1 AND r.kind = $2 AND e.order_key <> $3 LIMIT 1;

-- name: event_ref_orders
SELECT e.order_key FROM event_ref r JOIN event e ON e.event_id = r.event_id WHERE r.value = $1 AND r.kind = $2 AND e.order_key <> $3 LIMIT $4;

-- name: events_of_order
SELECT dict_id, size, body, recorded_at FROM event WHERE order_key = $1;

-- name: event_last
SELECT max(event_id) FROM event WHERE order_key = $1;

-- name: dictionary_get
SELECT body FROM dictionary WHERE dict_id = $1;

-- name: dictionary_newest
SELECT max(dict_id) FROM dictionary WHERE source_id = $1 AND kind = $2;

-- name: dictionary_insert
INSERT INTO dictionary (source_id, kind, body) VALUES ($1, $2, $3);
