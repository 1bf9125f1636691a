-- Key 0 has the events of no order: reference data and stock.
-- name: fsck_log_keys
SELECT DISTINCT order_key FROM event WHERE order_key > $1 AND order_key <> 0 ORDER BY order_key LIMIT $2;

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
SELECT count(*) FROM event e WHERE e.order_key <> 0 AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.order_key = e.order_key);

-- name: fsck_ref
SELECT 1 FROM order_ref WHERE value = $1 AND kind = $2 AND order_key = $3;

-- name: fsck_sku
SELECT 1 FROM orders o JOIN order_sku s ON s.profile_id = o.profile_id AND s.placed_at = o.placed_at AND s.id = o.id WHERE o.order_key = $2 AND s.sku = $1;

-- name: fsck_due
SELECT due_at FROM orders WHERE order_key = $1;

-- name: fsck_found_by
SELECT (SELECT count(*) FROM order_ref) + (SELECT count(*) FROM order_sku);

-- While a rebuild is at work: rows that a stray hand left may name an order whose own row is just being written anew.
-- name: fsck_keys_off
PRAGMA foreign_keys = OFF;

-- name: fsck_keys_on
PRAGMA foreign_keys = ON;

-- name: fsck_refs_clear
DELETE FROM order_ref;

-- name: fsck_skus_clear
DELETE FROM order_sku;

-- name: fsck_customers_clear
DELETE FROM customer WHERE customer_key NOT IN (SELECT customer_key FROM orders WHERE customer_key IS NOT NULL);

-- name: fsck_parked
SELECT body FROM parked ORDER BY key;

-- name: fsck_dead
SELECT p.digest, d.state, d.code, s.name FROM dead_letter d JOIN payload p ON p.payload_id = d.payload_id JOIN source s ON s.source_id = d.source_id WHERE d.state = 'open' ORDER BY p.digest, s.name;
