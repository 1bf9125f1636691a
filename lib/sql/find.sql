-- name: profiles
SELECT p.profile_id, p.source_id, p.status, p.payment_status, p.fulfilment_status, p.attention, p.segment, p.orders, s.name
FROM profile p JOIN source s ON s.source_id = p.source_id WHERE p.profile_id > 0 AND p.orders > 0;

-- Streams of one profile in key order; each is answered by its index alone (orders_profile, orders_placed, orders_due, order_sku).
-- name: stream_profile_desc
SELECT placed_at, id, order_key FROM orders WHERE profile_id = $1 AND placed_at >= $2 AND (placed_at, id) < ($3, $4) ORDER BY placed_at DESC, id DESC LIMIT $5;

-- name: stream_profile_asc
SELECT placed_at, id, order_key FROM orders WHERE profile_id = $1 AND placed_at < $2 AND (placed_at, id) > ($3, $4) ORDER BY placed_at, id LIMIT $5;

-- name: stream_all_desc
SELECT placed_at, id, order_key FROM orders WHERE placed_at >= $2 AND (placed_at, id) < ($3, $4) ORDER BY placed_at DESC, id DESC LIMIT $5;

-- name: stream_all_asc
SELECT placed_at, id, order_key FROM orders WHERE placed_at < $2 AND (placed_at, id) > ($3, $4) ORDER BY placed_at, id LIMIT $5;

-- name: stream_due_asc
SELECT due_at, id, order_key FROM orders WHERE profile_id = $1 AND due_at IS NOT NULL AND due_at < $2 AND (due_at, id) > ($3, $4) ORDER BY due_at, id LIMIT $5;

-- name: stream_due_desc
SELECT due_at, id, order_key FROM orders WHERE profile_id = $1 AND due_at IS NOT NULL AND due_at >= $2 AND (due_at, id) < ($3, $4) ORDER BY due_at DESC, id DESC LIMIT $5;

-- name: stream_sku_desc
SELECT placed_at, id, order_key FROM order_sku WHERE sku = $6 AND profile_id = $1 AND placed_at >= $2 AND (placed_at, id) < ($3, $4) ORDER BY placed_at DESC, id DESC LIMIT $5;

-- name: stream_sku_asc
SELECT placed_at, id, order_key FROM order_sku WHERE sku = $6 AND profile_id = $1 AND placed_at < $2 AND (placed_at, id) > ($3, $4) ORDER BY placed_at, id LIMIT $5;

-- name: found_row
SELECT o.id, o.number, o.profile_id, o.placed_at, o.due_at, o.currency, o.digits, o.total, o.lines, c.name, c.email
FROM orders o LEFT JOIN customer c ON c.customer_key = o.customer_key WHERE o.order_key = $1;

-- name: found_one
SELECT o.id, o.number, o.profile_id, o.placed_at, o.due_at, o.currency, o.digits, o.total, o.lines, c.name, c.email,
p.profile_id, p.source_id, p.status, p.payment_status, p.fulfilment_status, p.attention, p.segment, p.orders, s.name
FROM orders o JOIN profile p ON p.profile_id = o.profile_id JOIN source s ON s.source_id = p.source_id LEFT JOIN customer c ON c.customer_key = o.customer_key WHERE o.order_key = $1;

-- name: found_sku
SELECT 1 FROM order_sku WHERE sku = $1 AND profile_id = $2 AND placed_at = $3 AND id = $4;

-- name: ref_keys
SELECT order_key FROM order_ref WHERE kind = $1 AND value = $2 LIMIT $3;

-- name: ref_keys_prefix
SELECT order_key FROM order_ref WHERE kind = $1 AND value >= $2 AND value < $3 LIMIT $4;

-- name: number_prefix
SELECT r.value, o.id FROM order_ref r JOIN orders o ON o.order_key = r.order_key WHERE r.kind = $1 AND r.value >= $2 AND r.value < $3 ORDER BY r.value LIMIT $4;

-- name: id_prefix
SELECT id, order_key FROM orders WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3;
