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

-- Balances that are not what their newest movement left, or whose newest movement is of another.
-- name: fsck_stock_newest
SELECT s.sku, s.warehouse, s.movement_id, s.on_hand, s.held, s.allocated, s.backordered, m.on_hand_after, m.held_after, m.allocated_after, m.backordered_after
FROM stock s LEFT JOIN stock_movement m ON m.movement_id = s.movement_id AND m.sku = s.sku AND m.warehouse = s.warehouse
WHERE m.movement_id IS NULL OR s.on_hand <> m.on_hand_after OR s.held <> m.held_after OR s.allocated <> m.allocated_after OR s.backordered <> m.backordered_after;

-- name: fsck_stock_reserved
SELECT s.sku, s.warehouse, coalesce(r.allocated, 0), coalesce(r.backordered, 0), s.allocated, s.backordered
FROM stock s LEFT JOIN (SELECT sku, warehouse, sum(allocated) AS allocated, sum(backordered) AS backordered FROM reservation GROUP BY sku, warehouse) r ON r.sku = s.sku AND r.warehouse = s.warehouse
WHERE coalesce(r.allocated, 0) <> s.allocated OR coalesce(r.backordered, 0) <> s.backordered;

-- name: fsck_reserved_nowhere
SELECT r.sku, r.warehouse, sum(r.allocated), sum(r.backordered), 0, 0 FROM reservation r
WHERE NOT EXISTS (SELECT 1 FROM stock s WHERE s.sku = r.sku AND s.warehouse = r.warehouse) GROUP BY r.sku, r.warehouse HAVING sum(r.allocated) <> 0 OR sum(r.backordered) <> 0;

-- name: fsck_stock_sums
SELECT s.sku, s.warehouse, s.on_hand, s.held, s.allocated, s.backordered, m.on_hand, m.held, m.allocated, m.backordered
FROM stock s LEFT JOIN (SELECT sku, warehouse, sum(on_hand) AS on_hand, sum(held) AS held, sum(allocated) AS allocated, sum(backordered) AS backordered FROM stock_movement GROUP BY sku, warehouse) m
ON m.sku = s.sku AND m.warehouse = s.warehouse
WHERE m.sku IS NULL OR s.on_hand <> m.on_hand OR s.held <> m.held OR s.allocated <> m.allocated OR s.backordered <> m.backordered;

-- name: fsck_movement_chain
SELECT m.sku, m.warehouse, m.movement_id, m.before_id FROM stock_movement m LEFT JOIN stock_movement b ON b.movement_id = m.before_id AND b.sku = m.sku AND b.warehouse = m.warehouse AND b.movement_id < m.movement_id
WHERE (m.before_id <> 0 AND b.movement_id IS NULL) OR coalesce(b.on_hand_after, 0) + m.on_hand <> m.on_hand_after OR coalesce(b.held_after, 0) + m.held <> m.held_after
OR coalesce(b.allocated_after, 0) + m.allocated <> m.allocated_after OR coalesce(b.backordered_after, 0) + m.backordered <> m.backordered_after;

-- name: fsck_movement_fork
SELECT sku, warehouse, count(*), before_id FROM stock_movement GROUP BY sku, warehouse, before_id HAVING count(*) > 1;

-- name: fsck_movement_event
SELECT m.sku, m.warehouse, m.movement_id, m.event_id FROM stock_movement m LEFT JOIN event e ON e.event_id = m.event_id WHERE e.event_id IS NULL;

-- name: fsck_movement_loose
SELECT m.sku, m.warehouse, count(*) FROM stock_movement m WHERE NOT EXISTS (SELECT 1 FROM stock s WHERE s.sku = m.sku AND s.warehouse = m.warehouse) GROUP BY m.sku, m.warehouse;

-- name: fsck_references
SELECT kind, id, revision, body FROM reference ORDER BY kind, id;

-- name: fsck_own_events
SELECT (SELECT count(*) FROM event WHERE order_key = 0 AND type = $1), (SELECT coalesce(sum(revision), 0) FROM reference), (SELECT count(*) FROM event WHERE order_key = 0 AND type = $2),
(SELECT count(DISTINCT m.event_id) FROM stock_movement m JOIN event e ON e.event_id = m.event_id WHERE e.order_key = 0 AND e.type = $2);

-- name: fsck_stocks
SELECT sku, warehouse, on_hand, held, allocated, backordered FROM stock ORDER BY sku, warehouse;

-- Movements as what they are of, not as when they came: the key of their event stands for them.
-- name: fsck_movements
SELECT m.sku, m.warehouse, e.key, m.kind, m.line, m.on_hand, m.held, m.allocated, m.backordered FROM stock_movement m JOIN event e ON e.event_id = m.event_id ORDER BY m.sku, m.warehouse, e.key, m.kind, m.line;
