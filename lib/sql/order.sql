-- The projections of an order: written by part, read through the views.

-- name: order_key
SELECT order_key FROM orders WHERE id = $1;

-- name: order_id
SELECT id FROM orders WHERE order_key = $1;

-- name: order_key_most
SELECT max(coalesce((SELECT max(order_key) FROM orders), 0), coalesce((SELECT max(order_key) FROM event), 0));

-- name: order_next
SELECT order_key, id FROM orders WHERE id > $1 ORDER BY id LIMIT 1;

-- name: order_by_ref
SELECT o.order_key FROM order_ref r JOIN orders o ON o.order_key = r.order_key WHERE r.value = $1 AND r.kind = $2 ORDER BY o.placed_at DESC, o.id DESC LIMIT $3;

-- name: order_before
SELECT o.profile_id, o.placed_at, o.parts, p.source_id FROM orders o JOIN profile p ON p.profile_id = o.profile_id WHERE o.order_key = $1;

-- name: order_insert
INSERT INTO orders (order_key, id, number, profile_id, customer_key, parts, placed_at, updated_at, due_at, currency, digits, price_mode, subtotal, discount_total,
shipping_total, fee_total, tax_total, total, authorized, captured, refunded, disputed, lines, extra)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24);

-- The indexed columns stand in statements of their own: an update that names one rewrites its index entries.
-- name: order_update
UPDATE orders SET number = $3, customer_key = $5, parts = $6, updated_at = $8, currency = $10, digits = $11, price_mode = $12,
subtotal = $13, discount_total = $14, shipping_total = $15, fee_total = $16, tax_total = $17, total = $18, authorized = $19, captured = $20, refunded = $21,
disputed = $22, lines = $23, extra = $24 WHERE order_key = $1;

-- name: order_update_profile
UPDATE orders SET profile_id = $2 WHERE order_key = $1 AND profile_id <> $2;

-- name: order_update_placed
UPDATE orders SET placed_at = $2 WHERE order_key = $1 AND placed_at <> $2;

-- name: order_update_due
UPDATE orders SET due_at = $2 WHERE order_key = $1 AND due_at IS NOT $2;

-- What our own commands change of the row: neither what it is found by nor what the channel told.
-- name: order_update_own
UPDATE orders SET parts = $2, extra = $3 WHERE order_key = $1;

-- name: order_update_own_state
UPDATE orders SET parts = $2, extra = $3, profile_id = $4 WHERE order_key = $1;

-- name: order_delete
DELETE FROM orders WHERE order_key = $1;

-- name: order_status
SELECT p.status FROM orders o JOIN profile p USING (profile_id) WHERE o.order_key = $1;

-- name: profile_get
SELECT profile_id FROM profile WHERE source_id = $1 AND status = $2 AND payment_status = $3 AND fulfilment_status = $4 AND attention = $5 AND segment = $6;

-- name: profile_insert
INSERT INTO profile (source_id, status, payment_status, fulfilment_status, attention, segment, orders) VALUES ($1, $2, $3, $4, $5, $6, 0);

-- name: profile_count
UPDATE profile SET orders = orders + $2 WHERE profile_id = $1;

-- name: customer_get
SELECT source_id, id, name, email, phone, company, tax_id FROM customer WHERE customer_key = $1;

-- name: customer_insert
INSERT INTO customer (customer_key, source_id, id, name, email, phone, company, tax_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: order_ref_insert
INSERT INTO order_ref (value, kind, order_key) VALUES ($1, $2, $3) ON CONFLICT (value, kind, order_key) DO NOTHING;

-- name: order_ref_delete
DELETE FROM order_ref WHERE value = $1 AND kind = $2 AND order_key = $3;

-- name: order_sku_insert
INSERT INTO order_sku (sku, profile_id, placed_at, id, order_key) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sku, profile_id, placed_at, id) DO NOTHING;

-- name: order_sku_delete
DELETE FROM order_sku WHERE sku = $1 AND profile_id = $2 AND placed_at = $3 AND id = $4;

-- name: line_insert
INSERT INTO line_item (order_key, line_no, id, sku, name, variant, quantity, unit_price, subtotal, discount, tax, total, flags, cancelled, backordered, allocated, picked,
shipped, delivered, lost, returned, refunded)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- name: line_units
UPDATE line_item SET cancelled = $3, backordered = $4, allocated = $5, picked = $6, shipped = $7, delivered = $8, lost = $9, returned = $10, refunded = $11
WHERE order_key = $1 AND line_no = $2;

-- name: allocation_insert
INSERT INTO allocation (order_key, line_no, kind, n, name, code, rate, amount, included) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: charge_insert
INSERT INTO charge (order_key, n, kind, id, name, code, price, discount, tax) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: address_insert
INSERT INTO address (order_key, kind, name, company, line1, line2, line3, city, region, region_code, postcode, country, phone)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: payment_insert
INSERT INTO payment (order_key, n, psp, psp_ref, method, brand, last4, gateway, status, currency, digits, amount, authorized, captured, voided, refunded, fee, at, error)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: refund_insert
INSERT INTO refund (order_key, n, id, psp_ref, payment_ref, status, amount, shipping, reason, note, at, lines) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: dispute_insert
INSERT INTO dispute (order_key, n, id, psp, payment_ref, status, reason, currency, digits, amount, opened_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: shipment_insert
INSERT INTO shipment (order_key, n, id, status, progress, carrier, service, tracking_number, tracking_url, location, shipped_at, delivered_at, promised_at, eta_at, last_event_at, lines)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: shipping_log_insert
INSERT INTO shipping_log (order_key, shipment_n, n, at, code, raw_code, message, location) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: hold_insert
INSERT INTO hold (order_key, n, id, type, status, reason, owner, source, rule, blocks, opened_at, closed_at, until_at, opened_by, closed_by, resolution)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: ticket_insert
INSERT INTO support_ticket (order_key, n, id, status, subject, channel, priority, requester, requester_email, assignee, url, tags, created_at, updated_at, solved_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: message_insert
INSERT INTO message (order_key, ticket_n, n, id, author, role, channel, public, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: lines_delete
DELETE FROM line_item WHERE order_key = $1;

-- name: allocations_delete
DELETE FROM allocation WHERE order_key = $1 AND line_no BETWEEN $2 AND $3;

-- name: charges_delete
DELETE FROM charge WHERE order_key = $1;

-- name: addresses_delete
DELETE FROM address WHERE order_key = $1;

-- name: payments_delete
DELETE FROM payment WHERE order_key = $1;

-- name: refunds_delete
DELETE FROM refund WHERE order_key = $1;

-- name: disputes_delete
DELETE FROM dispute WHERE order_key = $1;

-- name: shipments_delete
DELETE FROM shipment WHERE order_key = $1;

-- name: shipping_log_delete
DELETE FROM shipping_log WHERE order_key = $1;

-- name: holds_delete
DELETE FROM hold WHERE order_key = $1;

-- name: tickets_delete
DELETE FROM support_ticket WHERE order_key = $1;

-- name: messages_delete
DELETE FROM message WHERE order_key = $1;

-- name: order_load
SELECT id, source, external_id, number, status, payment_status, fulfilment_status, attention, placed_ms, updated_ms, currency, digits, price_mode, subtotal_minor, discount_minor,
shipping_minor, fee_minor, tax_minor, total_minor, authorized_minor, captured_minor, refunded_minor, disputed_minor, customer_id, customer_name, customer_email, customer_phone,
customer_company, customer_tax_id, segment, parts, extra FROM order_view WHERE order_key = $1;

-- name: lines_load
SELECT line_id, sku, name, variant, quantity, unit_price_minor, subtotal_minor, discount_minor, tax_minor, total_minor, digital, gift_card, cancelled, backordered, allocated,
picked, shipped, delivered, lost, returned, refunded FROM line_view WHERE order_key = $1 ORDER BY line_no;

-- name: allocations_load
SELECT line_no, kind, name, code, rate, amount, included FROM allocation WHERE order_key = $1 ORDER BY line_no, kind, n;

-- name: charges_load
SELECT kind, id, name, code, price, discount, tax FROM charge WHERE order_key = $1 ORDER BY n;

-- name: addresses_load
SELECT kind, name, company, line1, line2, line3, city, region, region_code, postcode, country, phone FROM address WHERE order_key = $1;

-- name: payments_load
SELECT psp, psp_ref, status, method, brand, last4, gateway, currency, digits, amount_minor, authorized_minor, captured_minor, voided_minor, refunded_minor, fee_minor, at_ms, error
FROM payment_view WHERE order_key = $1 ORDER BY n;

-- name: refunds_load
SELECT id, psp_ref, payment_ref, status, amount, shipping, reason, note, at, lines FROM refund WHERE order_key = $1 ORDER BY n;

-- name: disputes_load
SELECT id, psp, payment_ref, status, reason, currency, digits, amount, opened_at, due_at FROM dispute WHERE order_key = $1 ORDER BY n;

-- name: shipments_load
SELECT shipment_n, shipment_id, status, progress, carrier, service, tracking_number, tracking_url, ship_from, shipped_ms, delivered_ms, promised_ms, eta_ms, last_event_ms, lines,
entry_n, at_ms, code, raw_code, message, location FROM shipping_view WHERE order_key = $1 ORDER BY shipment_n, entry_n;

-- What lateness is told from, for the lines of a list: found by its key alone, without the views.
-- name: order_dues
SELECT o.extra, s.status, s.progress, s.shipped_at, s.promised_at, s.eta_at, s.last_event_at, s.tracking_number
FROM orders o LEFT JOIN shipment s ON s.order_key = o.order_key WHERE o.order_key = $1;

-- name: hold_times
SELECT status, until_at FROM hold WHERE order_key = $1;

-- name: holds_load
SELECT id, type, status, reason, owner, source, rule, blocks, opened_at, closed_at, until_at, opened_by, closed_by, resolution FROM hold WHERE order_key = $1 ORDER BY n;

-- name: tickets_load
SELECT id, status, subject, channel, priority, requester, requester_email, assignee, url, tags, created_at, updated_at, solved_at FROM support_ticket WHERE order_key = $1 ORDER BY n;

-- name: messages_load
SELECT ticket_n, id, author, role, channel, public, text, at FROM message WHERE order_key = $1 ORDER BY ticket_n, n;

-- name: reservation_insert
INSERT INTO reservation (order_key, line, warehouse, sku, allocated, backordered, shipped, returned, promised) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: reservations_delete
DELETE FROM reservation WHERE order_key = $1;

-- name: reservations_load
SELECT line, warehouse, sku, allocated, backordered, shipped, returned, promised FROM reservation WHERE order_key = $1 ORDER BY line, warehouse, sku;

-- name: reservation_any
SELECT 1 FROM reservation WHERE order_key > 0 LIMIT 1;
