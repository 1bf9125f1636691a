-- The words of the stored numbers (lib/order.h), and one read-only view a grain: an order, a line, a payment, an entry of
-- the shipping log. Amounts are minor units (digits says how many places), *_ms are milliseconds since 1970, *_at RFC 3339.
CREATE TABLE word (axis TEXT NOT NULL, n INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (axis, n)) STRICT, WITHOUT ROWID;
INSERT INTO word (axis, n, word) VALUES ('status', 0, 'new'), ('status', 1, 'confirmed'), ('status', 2, 'closed'), ('status', 3, 'cancelled'),
('payment', 0, 'unpaid'), ('payment', 1, 'pending'), ('payment', 2, 'authorized'), ('payment', 3, 'part_captured'), ('payment', 4, 'captured'), ('payment', 5, 'over_captured'),
('payment', 6, 'part_refunded'), ('payment', 7, 'refunded'), ('payment', 8, 'voided'), ('payment', 9, 'failed'), ('payment', 10, 'expired'),
('fulfilment', 0, 'none'), ('fulfilment', 1, 'part_allocated'), ('fulfilment', 2, 'allocated'), ('fulfilment', 3, 'backordered'), ('fulfilment', 4, 'part_shipped'),
('fulfilment', 5, 'shipped'), ('fulfilment', 6, 'part_delivered'), ('fulfilment', 7, 'delivered'), ('fulfilment', 8, 'part_returned'), ('fulfilment', 9, 'returned'),
('attention', 0, 'held'), ('attention', 1, 'disputed'), ('attention', 2, 'recon'), ('attention', 3, 'over_captured'), ('attention', 4, 'stalled'), ('attention', 5, 'late_to_ship'),
('attention', 6, 'late_in_transit'), ('attention', 7, 'ticket_open'), ('attention', 8, 'delivery_exception'), ('attention', 9, 'test'),
('track', 0, 'unknown'), ('track', 1, 'pre_transit'), ('track', 2, 'in_transit'), ('track', 3, 'out_for_delivery'), ('track', 4, 'available_for_pickup'), ('track', 5, 'attempt_failed'),
('track', 6, 'exception'), ('track', 7, 'delivered'), ('track', 8, 'return_to_sender'), ('track', 9, 'returned'), ('track', 10, 'expired'),
('shipment', 0, 'planned'), ('shipment', 1, 'released'), ('shipment', 2, 'picked'), ('shipment', 3, 'packed'), ('shipment', 4, 'shipped'), ('shipment', 5, 'delivered'),
('shipment', 6, 'cancelled'), ('shipment', 7, 'lost'), ('shipment', 8, 'returning'), ('shipment', 9, 'returned'), ('shipment', 10, 'failed'),
('refund', 0, 'proposed'), ('refund', 1, 'approved'), ('refund', 2, 'pending'), ('refund', 3, 'succeeded'), ('refund', 4, 'failed'), ('refund', 5, 'cancelled'),
('dispute', 0, 'warning_needs_response'), ('dispute', 1, 'warning_under_review'), ('dispute', 2, 'warning_closed'), ('dispute', 3, 'needs_response'),
('dispute', 4, 'under_review'), ('dispute', 5, 'won'), ('dispute', 6, 'lost'), ('dispute', 7, 'accepted'),
('ticket', 0, 'new'), ('ticket', 1, 'open'), ('ticket', 2, 'pending'), ('ticket', 3, 'hold'), ('ticket', 4, 'solved'), ('ticket', 5, 'closed'),
('hold', 0, 'open'), ('hold', 1, 'released'), ('hold', 2, 'rejected'), ('hold', 3, 'expired'), ('hold', 4, 'superseded');
CREATE VIEW order_view AS SELECT o.order_key, o.id, s.name AS source, substr(o.id, length(s.name) + 2) AS external_id, o.number,
(SELECT word FROM word WHERE axis = 'status' AND n = p.status) AS status,
(SELECT word FROM word WHERE axis = 'payment' AND n = p.payment_status) AS payment_status,
(SELECT word FROM word WHERE axis = 'fulfilment' AND n = p.fulfilment_status) AS fulfilment_status,
(SELECT group_concat(word) FROM word WHERE axis = 'attention' AND (p.attention >> n) & 1) AS attention,
strftime('%Y-%m-%dT%H:%M:%fZ', o.placed_at / 1000.0, 'unixepoch') AS placed_at, strftime('%Y-%m-%dT%H:%M:%fZ', o.updated_at / 1000.0, 'unixepoch') AS updated_at,
strftime('%Y-%m-%dT%H:%M:%fZ', o.due_at / 1000.0, 'unixepoch') AS due_at, o.placed_at AS placed_ms, o.updated_at AS updated_ms, o.due_at AS due_ms,
o.currency, o.digits, o.price_mode, o.subtotal AS subtotal_minor, o.discount_total AS discount_minor, o.shipping_total AS shipping_minor, o.fee_total AS fee_minor,
o.tax_total AS tax_minor, o.total AS total_minor, o.authorized AS authorized_minor, o.captured AS captured_minor, o.refunded AS refunded_minor, o.disputed AS disputed_minor,
o.lines, c.id AS customer_id, c.name AS customer_name, c.email AS customer_email, c.phone AS customer_phone, c.company AS customer_company, c.tax_id AS customer_tax_id,
nullif(p.segment, '') AS segment, o.parts, o.extra
FROM orders o JOIN profile p ON p.profile_id = o.profile_id JOIN source s ON s.source_id = p.source_id LEFT JOIN customer c ON c.customer_key = o.customer_key;
CREATE VIEW line_view AS SELECT l.order_key, o.id AS order_id, l.line_no, l.id AS line_id, l.sku, l.name, l.variant, l.quantity, o.currency, o.digits,
l.unit_price AS unit_price_minor, l.subtotal AS subtotal_minor, l.discount AS discount_minor, l.tax AS tax_minor, l.total AS total_minor, l.flags & 1 AS digital, l.flags >> 1 & 1 AS gift_card,
l.cancelled, l.backordered, l.allocated, l.picked, l.shipped, l.delivered, l.lost, l.returned, l.refunded
FROM line_item l JOIN orders o ON o.order_key = l.order_key;
CREATE VIEW payment_view AS SELECT y.order_key, o.id AS order_id, y.n, y.psp, y.psp_ref, (SELECT word FROM word WHERE axis = 'payment' AND n = y.status) AS status,
y.method, y.brand, y.last4, y.gateway, y.currency, y.digits, y.amount AS amount_minor, y.authorized AS authorized_minor, y.captured AS captured_minor, y.voided AS voided_minor,
y.refunded AS refunded_minor, y.fee AS fee_minor, strftime('%Y-%m-%dT%H:%M:%fZ', y.at / 1000.0, 'unixepoch') AS at, y.at AS at_ms, y.error
FROM payment y JOIN orders o ON o.order_key = y.order_key;
CREATE VIEW shipping_view AS SELECT h.order_key, o.id AS order_id, h.n AS shipment_n, h.id AS shipment_id, (SELECT word FROM word WHERE axis = 'shipment' AND n = h.status) AS status,
(SELECT word FROM word WHERE axis = 'track' AND n = h.progress) AS progress, h.carrier, h.service, h.tracking_number, h.tracking_url, h.location AS ship_from,
h.shipped_at AS shipped_ms, h.delivered_at AS delivered_ms, h.promised_at AS promised_ms, h.eta_at AS eta_ms, h.last_event_at AS last_event_ms, h.lines,
g.n AS entry_n, strftime('%Y-%m-%dT%H:%M:%fZ', g.at / 1000.0, 'unixepoch') AS at, g.at AS at_ms, (SELECT word FROM word WHERE axis = 'track' AND n = g.code) AS code,
g.raw_code, g.message, g.location
FROM shipment h JOIN orders o ON o.order_key = h.order_key LEFT JOIN shipping_log g ON g.order_key = h.order_key AND g.shipment_n = h.n;
