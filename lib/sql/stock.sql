-- The movement ledger, its balances, and reference data.

-- The balance, its newest movement and when that was booked.
-- name: stock_get
SELECT s.on_hand, s.held, s.allocated, s.backordered, s.movement_id, m.at FROM stock s LEFT JOIN stock_movement m ON m.movement_id = s.movement_id WHERE s.sku = $1 AND s.warehouse = $2;

-- name: stock_put
INSERT INTO stock (sku, warehouse, on_hand, held, allocated, backordered, movement_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (sku, warehouse) DO UPDATE SET on_hand = excluded.on_hand, held = excluded.held, allocated = excluded.allocated, backordered = excluded.backordered, movement_id = excluded.movement_id;

-- name: stock_update
UPDATE stock SET on_hand = $3, held = $4, allocated = $5, backordered = $6, movement_id = $7 WHERE sku = $1 AND warehouse = $2;

-- name: movement_insert
INSERT INTO stock_movement (before_id, sku, warehouse, kind, on_hand, held, allocated, backordered, on_hand_after, held_after, allocated_after, backordered_after, at, event_id, order_key, line)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: stock_of_sku
SELECT sku, warehouse, on_hand, held, allocated, backordered, movement_id FROM stock WHERE sku = $1 ORDER BY warehouse;

-- name: stock_page
SELECT sku, warehouse, on_hand, held, allocated, backordered, movement_id FROM stock WHERE (sku, warehouse) > ($1, $2) ORDER BY sku, warehouse LIMIT $3;

-- name: stock_next_sku
SELECT min(sku) FROM stock WHERE sku > $1;

-- name: movement_get
SELECT movement_id, before_id, sku, warehouse, kind, on_hand, held, allocated, backordered, on_hand_after, held_after, allocated_after, backordered_after, at, event_id, order_key, line
FROM stock_movement WHERE movement_id = $1;

-- name: movements_after
SELECT movement_id, before_id, sku, warehouse, kind, on_hand, held, allocated, backordered, on_hand_after, held_after, allocated_after, backordered_after, at, event_id, order_key, line
FROM stock_movement WHERE movement_id > $1 ORDER BY movement_id LIMIT $2;

-- name: movements_before
SELECT movement_id, before_id, sku, warehouse, kind, on_hand, held, allocated, backordered, on_hand_after, held_after, allocated_after, backordered_after, at, event_id, order_key, line
FROM stock_movement WHERE movement_id < $1 ORDER BY movement_id DESC LIMIT $2;

-- name: movement_last
SELECT max(movement_id) FROM stock_movement;

-- Units of new orders of a SKU: the index order_sku leads, the profile says which are new and none a test (attention bit 9).
-- name: stock_pending
SELECT coalesce(sum(l.quantity - l.cancelled - l.shipped), 0) FROM profile p JOIN order_sku k ON k.sku = $1 AND k.profile_id = p.profile_id
JOIN line_item l ON l.order_key = k.order_key AND l.sku = k.sku WHERE p.status = 0 AND (p.attention & 512) = 0 AND l.quantity > l.cancelled + l.shipped;

-- The same by order, newest first: of one SKU these are few, so that they may be sorted.
-- name: stock_pending_orders
SELECT o.id, sum(l.quantity - l.cancelled - l.shipped) FROM profile p JOIN order_sku k ON k.sku = $1 AND k.profile_id = p.profile_id
JOIN orders o ON o.order_key = k.order_key JOIN line_item l ON l.order_key = k.order_key AND l.sku = k.sku
WHERE p.status = 0 AND (p.attention & 512) = 0 AND l.quantity > l.cancelled + l.shipped GROUP BY k.order_key, o.id, k.placed_at ORDER BY k.placed_at DESC, o.id LIMIT $2;

-- What an order holds of a SKU in a warehouse.
-- name: reservation_of
SELECT o.id, sum(r.allocated), sum(r.backordered) FROM reservation r JOIN orders o ON o.order_key = r.order_key WHERE r.order_key = $1 AND r.sku = $2 AND r.warehouse = $3 GROUP BY o.id;

-- The event behind a movement.
-- name: event_by_row
SELECT dict_id, size, body FROM event WHERE event_id = $1;

-- name: order_id_by_key
SELECT id FROM orders WHERE order_key = $1;

-- name: reference_get
SELECT revision, changed_at, body FROM reference WHERE kind = $1 AND id = $2;

-- name: reference_put
INSERT INTO reference (kind, id, revision, changed_at, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, changed_at = excluded.changed_at, body = excluded.body;

-- name: reference_page
SELECT id, revision, changed_at, body FROM reference WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: reference_any
SELECT 1 FROM reference WHERE kind = $1 LIMIT 1;
