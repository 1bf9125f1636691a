-- Orders of the same e-mail that came just before one, or just after it: what a second copy of it would be among.

-- name: twins_before
SELECT o.order_key, o.id, o.placed_at, o.total, o.lines FROM order_ref r JOIN orders o ON o.order_key = r.order_key
WHERE r.kind = 5 AND r.value = $1 AND r.order_key < $2 ORDER BY r.order_key DESC LIMIT $3;

-- name: twins_after
SELECT o.order_key, o.id, o.placed_at, o.total, o.lines FROM order_ref r JOIN orders o ON o.order_key = r.order_key
WHERE r.kind = 5 AND r.value = $1 AND r.order_key > $2 ORDER BY r.order_key LIMIT $3;
