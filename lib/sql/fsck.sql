-- name: fsck_log_keys
SELECT DISTINCT order_key FROM event WHERE order_key > $1 ORDER BY order_key LIMIT $2;

-- name: fsck_order_keys
SELECT order_key, id FROM orders WHERE order_key > $1 ORDER BY order_key LIMIT $2;

-- name: fsck_events
SELECT count(*) FROM event;

-- Counters that do not say how many orders have that profile.
-- name: fsck_counters
SELECT p.profile_id, p.orders, (SELECT count(*) FROM orders o WHERE o.profile_id = p.profile_id) AS n FROM profile p WHERE p.orders <> (SELECT count(*) FROM orders o WHERE o.profile_id = p.profile_id);

-- name: fsck_recount
UPDATE profile SET orders = (SELECT count(*) FROM orders o WHERE o.profile_id = profile.profile_id);

-- name: fsck_orphan_orders
SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.order_key = o.order_key) LIMIT 100;

-- name: fsck_orphan_events
SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.order_key = e.order_key);

-- name: fsck_parked
SELECT body FROM parked ORDER BY key;

-- name: fsck_dead
SELECT p.digest, d.state, d.code, s.name FROM dead_letter d JOIN payload p ON p.payload_id = d.payload_id JOIN source s ON s.source_id = d.source_id WHERE d.state = 'open' ORDER BY p.digest, s.name;
