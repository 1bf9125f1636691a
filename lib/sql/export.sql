-- The rows of an export, an order at a time: found by its key, in the order of the primary keys, so that nothing is sorted.
-- The first six columns are the same in all: id, number, profile, placed_at, and the currency and digits of the amounts.

-- name: export_order
SELECT o.id, o.number, o.profile_id, o.placed_at, o.currency, o.digits, o.updated_at, o.due_at, CASE o.price_mode WHEN 'n' THEN 'net' WHEN 'g' THEN 'gross' END,
o.subtotal, o.discount_total, o.shipping_total, o.fee_total, o.tax_total, o.total, o.authorized, o.captured, o.refunded, o.disputed, o.lines,
c.id, c.name, c.email, c.phone, c.company, c.tax_id,
s.name, s.line1, s.line2, s.postcode, s.city, s.region, s.country, b.name, b.postcode, b.city, b.country
FROM orders o LEFT JOIN customer c ON c.customer_key = o.customer_key LEFT JOIN address s ON s.order_key = o.order_key AND s.kind IN ('a', 's')
LEFT JOIN address b ON b.order_key = o.order_key AND b.kind IN ('a', 'b') WHERE o.order_key = $1;

-- name: export_line
SELECT o.id, o.number, o.profile_id, o.placed_at, o.currency, o.digits, l.line_no, l.id, l.sku, l.name, l.variant, l.quantity, l.unit_price, l.subtotal, l.discount,
l.tax, l.total, l.cancelled, l.shipped, l.returned, l.refunded
FROM orders o JOIN line_item l ON l.order_key = o.order_key WHERE o.order_key = $1 ORDER BY l.line_no;

-- name: export_payment
SELECT o.id, o.number, o.profile_id, o.placed_at, y.currency, y.digits, y.n, y.psp, y.psp_ref, y.status, y.method, y.brand, y.last4, y.gateway, y.at, y.amount,
y.authorized, y.captured, y.voided, y.refunded, y.fee, y.error
FROM orders o JOIN payment y ON y.order_key = o.order_key WHERE o.order_key = $1 ORDER BY y.n;

-- Taxes as told: of charges, of the order as a whole, of lines. The kinds are 'd' and 't': with an = there the planner would not see
-- that the primary key has them in order.
-- name: export_tax
SELECT o.id, o.number, o.profile_id, o.placed_at, o.currency, o.digits,
CASE WHEN a.line_no > 0 THEN 'line' WHEN a.line_no = 0 THEN 'order' WHEN c.kind = 's' THEN 'shipping' ELSE 'fee' END, CASE WHEN a.line_no > 0 THEN a.line_no END,
l.id, l.sku, c.name, a.n + 1, a.name, a.code, a.rate, a.amount, a.included, s.country, s.region
FROM orders o JOIN allocation a ON a.order_key = o.order_key AND a.kind > 'd' LEFT JOIN line_item l ON l.order_key = a.order_key AND l.line_no = a.line_no
LEFT JOIN charge c ON c.order_key = a.order_key AND c.n = -a.line_no LEFT JOIN address s ON s.order_key = o.order_key AND s.kind IN ('a', 's')
WHERE o.order_key = $1 ORDER BY a.line_no, a.kind, a.n;

-- The entries of one shipment are sorted, because of the outer join: the only sort there is, and of a few rows.
-- name: export_shipping
SELECT o.id, o.number, o.profile_id, o.placed_at, o.currency, o.digits, h.n, h.id, h.status, h.progress, h.carrier, h.service, h.tracking_number, h.location, h.shipped_at,
h.delivered_at, h.promised_at, h.eta_at, g.n, g.at, g.code, g.raw_code, g.message, g.location
FROM orders o JOIN shipment h ON h.order_key = o.order_key LEFT JOIN shipping_log g ON g.order_key = h.order_key AND g.shipment_n = h.n
WHERE o.order_key = $1 ORDER BY h.n, g.n;

-- name: export_event
SELECT o.id, o.number, o.profile_id, o.placed_at, o.currency, o.digits FROM orders o WHERE o.order_key = $1;

-- name: export_head
SELECT event_id, key FROM event ORDER BY event_id DESC LIMIT 1;
