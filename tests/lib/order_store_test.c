// Orders saved and read back: every field of every part, saved again, and what lists and references find.
#include "order_store.h"
#include "source_store.h"
#include "store_help.h"

// ---- an order as text, field by field, so that two can be compared and a difference be seen

static void t(struct buf *b, const char *name, struct str s)
{
	if (s.p) buf_printf(b, "%s=<" STR_FMT ">\n", name, STR_ARG(s));
	else buf_printf(b, "%s absent\n", name);
}

static void i(struct buf *b, const char *name, int64_t v) { buf_printf(b, "%s=%lld\n", name, (long long)v); }

#define TEXT(s, m) t(b, #m, (s)->m)
#define INT(s, m) i(b, #m, (int64_t)(s)->m)

static void taxes(struct buf *b, const struct tax *x, size_t n)
{
	for (size_t k = 0; k < n; k++) TEXT(&x[k], name), TEXT(&x[k], jurisdiction), TEXT(&x[k], rate), INT(&x[k], amount), INT(&x[k], included);
}

static void discounts(struct buf *b, const struct discount *x, size_t n)
{
	for (size_t k = 0; k < n; k++) TEXT(&x[k], code), TEXT(&x[k], name), INT(&x[k], amount);
}

static void address(struct buf *b, const struct address *x)
{
	INT(x, present), TEXT(x, name), TEXT(x, company), TEXT(x, line1), TEXT(x, line2), TEXT(x, line3), TEXT(x, city), TEXT(x, region), TEXT(x, region_code), TEXT(x, postcode),
		TEXT(x, country), TEXT(x, phone);
}

static void head(struct buf *b, const struct order *o)
{
	TEXT(o, id), TEXT(o, source), TEXT(o, external_id), TEXT(o, number), INT(o, status), INT(o, payment_status), INT(o, fulfilment_status), INT(o, attention), INT(o, complete);
	TEXT(o, channel_status), TEXT(o, channel_payment), TEXT(o, channel_fulfilment), INT(o, placed_at), INT(o, updated_at), INT(o, cancelled_at), INT(o, closed_at), INT(o, ship_by);
	INT(o, promised_at), TEXT(o, cancel_reason), TEXT(&o->customer, id), TEXT(&o->customer, name), TEXT(&o->customer, email), TEXT(&o->customer, phone);
	TEXT(&o->customer, company), TEXT(&o->customer, tax_id), TEXT(&o->customer, segment), TEXT(o, currency), INT(o, digits), INT(o, price_mode), INT(o, channel_fulfilled);
	INT(o, subtotal), INT(o, discount_total), INT(o, shipping_total), INT(o, fee_total), INT(o, tax_total), INT(o, total), INT(o, authorized), INT(o, captured), INT(o, refunded);
	INT(o, disputed), TEXT(o, note), TEXT(o, shipping_method), INT(o, parts);
	address(b, &o->shipping), address(b, &o->billing), taxes(b, o->taxes, o->n_taxes), discounts(b, o->discounts, o->n_discounts);
	for (size_t k = 0; k < o->n_tags; k++) t(b, "tag", o->tags[k]);
	for (size_t k = 0; k < o->n_more; k++) INT(&o->more[k], kind), TEXT(&o->more[k], value);
}

static void goods(struct buf *b, const struct order *o)
{
	for (size_t k = 0; k < o->n_lines; k++) {
		const struct line *l = &o->lines[k];
		TEXT(l, id), TEXT(l, sku), TEXT(l, name), TEXT(l, variant), INT(l, quantity), INT(l, unit_price), INT(l, subtotal), INT(l, discount), INT(l, tax), INT(l, total);
		INT(l, digital), INT(l, gift_card), INT(l, cancelled), INT(l, allocated), INT(l, picked), INT(l, backordered), INT(l, shipped), INT(l, delivered), INT(l, lost);
		INT(l, returned), INT(l, refunded), taxes(b, l->taxes, l->n_taxes), discounts(b, l->discounts, l->n_discounts);
	}
	for (size_t k = 0; k < o->n_charges; k++) {
		const struct charge *c = &o->charges[k];
		INT(c, kind), TEXT(c, id), TEXT(c, name), TEXT(c, code), INT(c, price), INT(c, discount), INT(c, tax), taxes(b, c->taxes, c->n_taxes);
	}
	for (size_t k = 0; k < o->n_shipments; k++) {
		const struct shipment *s = &o->shipments[k];
		TEXT(s, id), TEXT(s, carrier), TEXT(s, service), TEXT(s, tracking_number), TEXT(s, tracking_url), TEXT(s, location), INT(s, status), INT(s, progress), INT(s, shipped_at);
		INT(s, delivered_at), INT(s, promised_at), INT(s, eta_at), INT(s, last_event_at);
		for (size_t m = 0; m < s->n_lines; m++) TEXT(&s->lines[m], line), INT(&s->lines[m], quantity);
		for (size_t m = 0; m < s->n_events; m++)
			INT(&s->events[m], at), INT(&s->events[m], code), TEXT(&s->events[m], raw_code), TEXT(&s->events[m], message), TEXT(&s->events[m], location);
	}
}

static void money(struct buf *b, const struct order *o)
{
	for (size_t k = 0; k < o->n_payments; k++) {
		const struct payment *p = &o->payments[k];
		TEXT(p, psp), TEXT(p, psp_ref), TEXT(p, method), TEXT(p, brand), TEXT(p, last4), TEXT(p, gateway), INT(p, status), TEXT(p, currency), INT(p, digits), INT(p, amount);
		INT(p, authorized), INT(p, captured), INT(p, voided), INT(p, refunded), INT(p, fee), INT(p, at), TEXT(p, error);
	}
	for (size_t k = 0; k < o->n_refunds; k++) {
		const struct refund *r = &o->refunds[k];
		TEXT(r, id), TEXT(r, psp_ref), TEXT(r, payment_ref), TEXT(r, reason), TEXT(r, note), INT(r, status), INT(r, amount), INT(r, shipping), INT(r, at);
		for (size_t m = 0; m < r->n_lines; m++)
			TEXT(&r->lines[m], line), INT(&r->lines[m], quantity), INT(&r->lines[m], amount), INT(&r->lines[m], tax), TEXT(&r->lines[m], restock);
	}
	for (size_t k = 0; k < o->n_disputes; k++) {
		const struct dispute *p = &o->disputes[k];
		TEXT(p, id), TEXT(p, psp), TEXT(p, payment_ref), TEXT(p, reason), INT(p, status), TEXT(p, currency), INT(p, digits), INT(p, amount), INT(p, opened_at), INT(p, due_at);
	}
}

static void care(struct buf *b, const struct order *o)
{
	for (size_t k = 0; k < o->n_holds; k++) {
		const struct hold *h = &o->holds[k];
		TEXT(h, id), TEXT(h, type), TEXT(h, reason), TEXT(h, owner), TEXT(h, source), TEXT(h, rule), INT(h, status), INT(h, opened_at), INT(h, closed_at), INT(h, until_at);
		TEXT(h, opened_by), TEXT(h, closed_by), TEXT(h, resolution);
		for (size_t m = 0; m < h->n_blocks; m++) t(b, "block", h->blocks[m]);
	}
	for (size_t k = 0; k < o->n_tickets; k++) {
		const struct ticket *x = &o->tickets[k];
		TEXT(x, id), TEXT(x, subject), TEXT(x, channel), TEXT(x, priority), TEXT(x, requester), TEXT(x, requester_email), TEXT(x, assignee), TEXT(x, url), INT(x, status);
		INT(x, created_at), INT(x, updated_at), INT(x, solved_at);
		for (size_t m = 0; m < x->n_tags; m++) t(b, "tag", x->tags[m]);
		for (size_t m = 0; m < x->n_messages; m++) {
			const struct message *g = &x->messages[m];
			TEXT(g, id), TEXT(g, author), TEXT(g, role), TEXT(g, channel), TEXT(g, text), INT(g, public_), INT(g, at);
		}
	}
}

static const char *as_text(struct fixture *f, const struct order *o)
{
	struct buf b = {0};
	head(&b, o), goods(&b, o), money(&b, o), care(&b, o);
	const char *said = arena_copy(&f->arena, b.p, b.n);
	buf_free(&b);
	return said;
}

// ---- two orders: one with everything, one with almost nothing

static struct tax vat[] = {{{"VAT", 3}, {"DE", 2}, {"0.19", 4}, 467, true}, {{"Eco fee", 7}, {0}, {0}, 10, false}};
static struct discount ten[] = {{{"TEN", 3}, {"Ten off", 7}, 300}, {{0}, {"Loyal", 5}, 20}};
static struct str tags[] = {{"gift", 4}, {"\xE2\x82\xAC \"quoted\", \\ and \n", 21}};
static struct shipment_line parcel[] = {{{"l1", 2}, 2}};
static struct track scans[] = {{1762000000000, TRACK_PRE_TRANSIT, {"MA", 2}, {"Label made", 10}, {0}}, {1762090000123, TRACK_DELIVERED, {"OK", 2}, {0}, {"Berlin", 6}},
	{DATE_NONE, TRACK_UNKNOWN, {0}, {0}, {0}}};
static struct refund_line back[] = {{{"l1", 2}, 1, 1234, 197, {"return", 6}}, {{"l2", 2}, 1, MONEY_NONE, 0, {0}}};
static struct str blocks[] = {{"confirm", 7}, {"ship", 4}};
static struct message words[] = {{{"m1", 2}, {"Ann", 3}, {"customer", 8}, {"email", 5}, {"Where is it?", 12}, true, 1762000001000}, {{0}, {0}, {0}, {0}, {0}, false, DATE_NONE}};
static struct event_ref others[] = {{REF_PSP, {"pi_9", 4}}, {REF_TRACKING, {"1Z9", 3}}};

static struct line rich_lines[] = {
	{.id = {"l1", 2}, .sku = {"SKU-1", 5}, .name = {"Caf\xC3\xA9", 5}, .variant = {"red", 3}, .quantity = 3, .unit_price = 1000, .subtotal = 3000, .discount = 320, .tax = 477,
		.total = 2680, .taxes = vat, .n_taxes = 2, .discounts = ten, .n_discounts = 2, .cancelled = 1, .allocated = 1, .picked = 2, .backordered = 3, .shipped = 4, .delivered = 5,
		.lost = 6, .returned = 7, .refunded = 8},
	{.id = {"l2", 2}, .sku = {"SKU-1", 5}, .quantity = 1, .unit_price = MONEY_NONE, .subtotal = 333, .total = 333, .digital = true},
	{.id = {"l3", 2}, .name = {"", 0}, .quantity = 1, .unit_price = 5000, .subtotal = 5000, .total = 5000, .gift_card = true},
};
static struct charge rich_charges[] = {{.kind = 's', .id = {"c1", 2}, .name = {"Post", 4}, .code = {"P", 1}, .price = 499, .discount = 99, .tax = 64, .taxes = vat, .n_taxes = 1},
	{.kind = 'f', .price = 50}};
static struct payment rich_payments[] = {{{"stripe", 6}, {"ch_1", 4}, {"card", 4}, {"visa", 4}, {"4242", 4}, {"shopify_payments", 16}, PAY_PART_REFUNDED, {"EUR", 3}, 2, 8413, 8413, 8413, 0,
	1234, 144, 1762000000500, {0}}, {.status = PAY_FAILED, .digits = 0, .at = DATE_NONE, .error = {"card_declined", 13}}};
static struct refund rich_refunds[] = {{.id = {"r1", 2}, .psp_ref = {"re_1", 4}, .payment_ref = {"ch_1", 4}, .reason = {"damaged", 7}, .note = {"n", 1}, .status = REFUND_SUCCEEDED, .amount = 1234,
	.shipping = 0, .at = 1762100000000, .lines = back, .n_lines = 2}, {.id = {"r2", 2}, .status = REFUND_PENDING, .amount = 5, .at = DATE_NONE}};
static struct dispute rich_disputes[] = {{{"dp_1", 4}, {"stripe", 6}, {"ch_1", 4}, {"fraudulent", 10}, DISPUTE_NEEDS_RESPONSE, {"EUR", 3}, 2, 500, 1762200000000, 1762900000000}};
static struct shipment rich_shipments[] = {
	{.id = {"s1", 2}, .carrier = {"dhl", 3}, .service = {"paket", 5}, .tracking_number = {"1Z9, 1Z8", 8}, .tracking_url = {"https://t/1", 11}, .location = {"w1", 2}, .status = SHIP_DELIVERED,
		.progress = TRACK_DELIVERED, .shipped_at = 1, .delivered_at = 2, .promised_at = 3, .eta_at = 4, .last_event_at = 5, .lines = parcel, .n_lines = 1, .events = scans, .n_events = 3},
	{.id = {"s2", 2}, .status = SHIP_PLANNED, .progress = TRACK_UNKNOWN, .shipped_at = DATE_NONE, .delivered_at = DATE_NONE, .promised_at = DATE_NONE, .eta_at = DATE_NONE,
		.last_event_at = DATE_NONE}};
static struct hold rich_holds[] = {{.id = {"h1", 2}, .type = {"FRAUD", 5}, .reason = {"why", 3}, .owner = {"risk", 4}, .source = {"rule", 4}, .rule = {"R1", 2}, .blocks = blocks, .n_blocks = 2,
	.status = HOLD_OPEN, .opened_at = 7, .closed_at = DATE_NONE, .until_at = 9, .opened_by = {"me", 2}}};
static struct ticket rich_tickets[] = {{.id = {"t1", 2}, .subject = {"Where?", 6}, .channel = {"email", 5}, .priority = {"high", 4}, .requester = {"Ann", 3}, .requester_email = {"a@b.c", 5},
	.assignee = {"Bo", 2}, .url = {"https://z/1", 11}, .tags = tags, .n_tags = 2, .status = TICKET_OPEN, .created_at = 1, .updated_at = 2, .solved_at = DATE_NONE, .messages = words,
	.n_messages = 2}, {.id = {"t2", 2}, .status = TICKET_SOLVED, .created_at = DATE_NONE, .updated_at = DATE_NONE, .solved_at = 3}};

static struct reservation rich_held[] = {{{"1", 1}, {"BER", 3}, {"MUG", 3}, 1, 0, 1, 0}, {{"1", 1}, {"HAM", 3}, {"MUG", 3}, 0, 2, 0, 1}};

static struct order rich(void)
{
	return (struct order){.id = S("shop:450789469"), .source = S("shop"), .external_id = S("450789469"), .number = S("#1001"), .status = ORDER_CONFIRMED,
		.payment_status = PAY_PART_REFUNDED, .fulfilment_status = FUL_PART_DELIVERED, .attention = 1u << ATT_HELD | 1u << ATT_DISPUTED | 1u << ATT_TEST, .complete = true,
		.channel_status = S("open"), .channel_payment = S("paid"), .channel_fulfilment = S("partial"), .placed_at = 1761990000123, .updated_at = 1762200000000, .cancelled_at = 11,
		.closed_at = 12, .ship_by = 13, .promised_at = 14, .cancel_reason = S("none really"),
		.customer = {S("c7"), S("Ann O'Neil"), S("Ann@Example.com"), S("+49 30 1234567"), S("ACME"), S("DE123"), S("b2b")}, .currency = S("EUR"), .digits = 2, .price_mode = 'g',
		.channel_fulfilled = true, .subtotal = 8333, .discount_total = 419, .shipping_total = 499, .fee_total = 50, .tax_total = 541, .total = 8463, .authorized = 8413, .captured = 8413,
		.refunded = 1234, .disputed = 500, .shipping = {true, S("Ann"), S("ACME"), S("Street 1"), S("b"), S("c"), S("Berlin"), S("Berlin"), S("BE"), S("10115"), S("DE"), S("030 1")},
		.billing = {.present = true, .name = S("Bob"), .country = S("DE")}, .lines = rich_lines, .n_lines = 3, .charges = rich_charges, .n_charges = 2, .taxes = vat, .n_taxes = 2,
		.discounts = ten, .n_discounts = 2, .payments = rich_payments, .n_payments = 2, .refunds = rich_refunds, .n_refunds = 2, .disputes = rich_disputes, .n_disputes = 1,
		.shipments = rich_shipments, .n_shipments = 2, .holds = rich_holds, .n_holds = 1, .tickets = rich_tickets, .n_tickets = 2, .tags = tags, .n_tags = 2, .note = S("leave at door"),
		.shipping_method = S("express"), .more = others, .n_more = 2, .reservations = rich_held, .n_reservations = 2,
		.confirmed_at = 9, .confirmed_by = S("ann"), .service = S("STD"), .carrier = S("DHL"), .parts = 2047};
}

static struct order bare(struct str id)
{
	return (struct order){.id = id, .source = S("shop"), .external_id = str_cut(id, 5, id.n), .placed_at = 1761990000000, .updated_at = DATE_NONE, .confirmed_at = DATE_NONE, .cancelled_at = DATE_NONE,
		.closed_at = DATE_NONE, .ship_by = DATE_NONE, .promised_at = DATE_NONE, .digits = 2, .price_mode = 'g', .subtotal = MONEY_NONE, .discount_total = MONEY_NONE,
		.shipping_total = MONEY_NONE, .fee_total = MONEY_NONE, .tax_total = MONEY_NONE, .total = MONEY_NONE};
}

// ---- tests

static int64_t make_source(struct fixture *f)
{
	bool created;
	struct source s;
	OK(f, source_put(f->db, &f->err, &(struct source){.name = "shop", .channel = "shopify", .tz = "UTC"}, &created));
	OK(f, source_get(f->db, &f->err, &f->arena, "shop", &s));
	return s.source_id;
}

static int64_t save_new(struct fixture *f, int64_t source, const struct order *o)
{
	int64_t key = order_key_new(f->db, &f->err);
	OK(f, key);
	OK(f, order_save(f->db, &f->err, key, source, o, ~0u, true));
	return key;
}

static void assert_same(struct fixture *f, int64_t key, const struct order *o)
{
	struct order back_again;
	OK(f, order_load(f->db, &f->err, &f->arena, key, &back_again));
	assert_string_equal(as_text(f, &back_again), as_text(f, o));
}

static size_t found(struct fixture *f, enum ref_kind kind, const char *value, int64_t *first)
{
	int64_t *keys;
	size_t n;
	OK(f, order_by_ref(f->db, &f->err, &f->arena, kind, str_of(value), 10, &keys, &n));
	if (n) *first = keys[0];
	return n;
}

static void everything_comes_back(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	BEGIN(f);
	int64_t key = save_new(f, make_source(f), &o);
	assert_same(f, key, &o);
	COMMIT(f);
	assert_same(f, key, &o);
	assert_sound(f);
	assert_int_equal(order_key(f->db, &f->err, S("shop:450789469")), key);
	assert_int_equal(order_key(f->db, &f->err, S("shop:1")), 0);
	assert_string_equal(order_id_of(f->db, &f->err, &f->arena, key).p, "shop:450789469");
}

static void nothing_comes_back_as_nothing(void **state)
{
	struct fixture *f = *state;
	struct order o = bare(S("shop:1"));
	BEGIN(f);
	int64_t key = save_new(f, make_source(f), &o);
	COMMIT(f);
	assert_same(f, key, &o);
	assert_string_equal(ask(f, "SELECT extra FROM orders"), "NULL");
	assert_string_equal(ask(f, "SELECT count(*) FROM customer"), "0");
}

static void one_address_for_both_is_one_row(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	o.billing = o.shipping;
	BEGIN(f);
	int64_t key = save_new(f, make_source(f), &o);
	COMMIT(f);
	assert_same(f, key, &o);
	assert_string_equal(ask(f, "SELECT group_concat(kind) FROM address"), "a");
}

static void saved_again_nothing_old_is_left(void **state)
{
	struct fixture *f = *state;
	struct order o = rich(), less = bare(o.id);
	int64_t first = 0;
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o);
	OK(f, order_save(f->db, &f->err, key, source, &less, ~0u, false));
	COMMIT(f);
	assert_same(f, key, &less);
	assert_string_equal(ask(f, "SELECT (SELECT count(*) FROM line_item)+(SELECT count(*) FROM allocation)+(SELECT count(*) FROM charge)+(SELECT count(*) FROM address)"
		"+(SELECT count(*) FROM payment)+(SELECT count(*) FROM refund)+(SELECT count(*) FROM dispute)+(SELECT count(*) FROM shipment)+(SELECT count(*) FROM shipping_log)"
		"+(SELECT count(*) FROM hold)+(SELECT count(*) FROM support_ticket)+(SELECT count(*) FROM message)+(SELECT count(*) FROM order_sku)"), "0");
	assert_string_equal(ask(f, "SELECT group_concat(kind || ' ' || value) FROM order_ref"), "1 450789469");
	assert_int_equal(found(f, REF_PSP, "ch_1", &first), 0);
	assert_string_equal(ask(f, "SELECT sum(orders) || ' ' || count(*) FROM profile"), "1 2");
	BEGIN(f);
	OK(f, order_save(f->db, &f->err, key, source, &o, ~0u, false));
	COMMIT(f);
	assert_same(f, key, &o);
	assert_sound(f);
}

static void only_the_parts_asked_for_are_written(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o);
	COMMIT(f);
	struct order changed = o;
	changed.n_payments = 1;
	changed.n_lines = 1;
	changed.status = ORDER_CLOSED;
	BEGIN(f);
	OK(f, order_save(f->db, &f->err, key, source, &changed, PART_PAYMENTS, false));
	COMMIT(f);
	changed.n_lines = 3;
	assert_same(f, key, &changed);
}

// Every field of every part, once: what a save must notice.
#define PART_TEXTS(X) \
	X(lines[0].id) X(lines[0].sku) X(lines[0].name) X(lines[0].variant) X(lines[0].taxes[0].name) X(lines[0].taxes[0].jurisdiction) X(lines[0].taxes[0].rate) \
	X(lines[0].discounts[0].code) X(lines[0].discounts[0].name) X(charges[0].id) X(charges[0].name) X(charges[0].code) X(shipping.name) X(shipping.company) \
	X(shipping.line1) X(shipping.line2) X(shipping.line3) X(shipping.city) X(shipping.region) X(shipping.region_code) X(shipping.postcode) X(shipping.country) \
	X(shipping.phone) X(payments[0].psp) X(payments[0].psp_ref) X(payments[0].method) X(payments[0].brand) X(payments[0].last4) X(payments[0].gateway) \
	X(payments[0].currency) X(payments[0].error) X(refunds[0].id) X(refunds[0].psp_ref) X(refunds[0].payment_ref) X(refunds[0].reason) X(refunds[0].note) \
	X(refunds[0].lines[0].line) X(refunds[0].lines[0].restock) X(disputes[0].id) X(disputes[0].psp) X(disputes[0].payment_ref) X(disputes[0].reason) \
	X(disputes[0].currency) X(shipments[0].id) X(shipments[0].carrier) X(shipments[0].service) X(shipments[0].tracking_number) X(shipments[0].tracking_url) \
	X(shipments[0].location) X(shipments[0].lines[0].line) X(shipments[0].events[0].raw_code) X(shipments[0].events[0].message) X(shipments[0].events[0].location) \
	X(holds[0].id) X(holds[0].type) X(holds[0].reason) X(holds[0].owner) X(holds[0].source) X(holds[0].rule) X(holds[0].opened_by) X(holds[0].closed_by) \
	X(holds[0].resolution) X(tickets[0].id) X(tickets[0].subject) X(tickets[0].channel) X(tickets[0].priority) X(tickets[0].requester) X(tickets[0].requester_email) \
	X(tickets[0].assignee) X(tickets[0].url) X(tickets[0].messages[0].id) X(tickets[0].messages[0].author) X(tickets[0].messages[0].role) \
	X(tickets[0].messages[0].channel) X(tickets[0].messages[0].text)
#define PART_NUMBERS(X) \
	X(lines[0].quantity) X(lines[0].unit_price) X(lines[0].subtotal) X(lines[0].discount) X(lines[0].tax) X(lines[0].total) X(lines[0].digital) X(lines[0].gift_card) \
	X(lines[0].cancelled) X(lines[0].allocated) X(lines[0].picked) X(lines[0].backordered) X(lines[0].shipped) X(lines[0].delivered) X(lines[0].lost) \
	X(lines[0].returned) X(lines[0].refunded) X(lines[0].taxes[0].amount) X(lines[0].taxes[0].included) X(lines[0].discounts[0].amount) X(charges[0].price) \
	X(charges[0].discount) X(charges[0].tax) X(payments[0].digits) X(payments[0].amount) X(payments[0].authorized) X(payments[0].captured) X(payments[0].voided) \
	X(payments[0].refunded) X(payments[0].fee) X(payments[0].at) X(refunds[0].amount) X(refunds[0].shipping) X(refunds[0].at) X(refunds[0].lines[0].quantity) \
	X(refunds[0].lines[0].amount) X(refunds[0].lines[0].tax) X(disputes[0].digits) X(disputes[0].amount) X(disputes[0].opened_at) X(disputes[0].due_at) \
	X(shipments[0].shipped_at) X(shipments[0].delivered_at) X(shipments[0].promised_at) X(shipments[0].eta_at) X(shipments[0].last_event_at) \
	X(shipments[0].lines[0].quantity) X(shipments[0].events[0].at) X(holds[0].opened_at) X(holds[0].closed_at) X(holds[0].until_at) X(tickets[0].created_at) \
	X(tickets[0].updated_at) X(tickets[0].solved_at) X(tickets[0].messages[0].public_) X(tickets[0].messages[0].at) X(charges[0].kind) X(payments[0].status) \
	X(refunds[0].status) X(disputes[0].status) X(shipments[0].status) X(shipments[0].progress) X(shipments[0].events[0].code) X(holds[0].status) X(tickets[0].status)

static void resave(struct fixture *f, int64_t key, int64_t source, const struct order *o, const char *field)
{
	struct order back_again;
	OK(f, order_save(f->db, &f->err, key, source, o, ~0u, false));
	OK(f, order_load(f->db, &f->err, &f->arena, key, &back_again));
	const char *have = as_text(f, &back_again), *want = as_text(f, o);
	if (strcmp(have, want) != 0) fail_msg("%s: a change was not stored", field);
}

static void a_change_of_any_field_is_stored(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o);
#define X(m) do { struct str was = o.m; o.m = S("changed"); resave(f, key, source, &o, #m); o.m = (struct str){0}; if (o.lines[0].id.p) resave(f, key, source, &o, #m " (absent)"); o.m = was; } while (0);
	PART_TEXTS(X)
#undef X
#define X(m) do { struct str was = o.m; o.m = S("changed"); resave(f, key, source, &o, #m); o.m = was; } while (0);
	X(holds[0].blocks[1])
	X(tickets[0].tags[1])
#undef X
#define X(m) do { int64_t was = (int64_t)o.m; o.m = !o.m; resave(f, key, source, &o, #m); o.m = (__typeof__(o.m))was; } while (0);
	PART_NUMBERS(X)
#undef X
	resave(f, key, source, &o, "back to what it was");
	COMMIT(f);
	assert_sound(f);
}

static void a_row_changed_by_hand_is_put_right(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o);
	COMMIT(f);
	OK(f, db_script(f->db, &f->err, "UPDATE line_item SET name = 'by hand'; UPDATE payment SET brand = 'by hand'"));
	o.n_shipments = 1;
	BEGIN(f);
	OK(f, order_save(f->db, &f->err, key, source, &o, ~0u, false));
	COMMIT(f);
	assert_same(f, key, &o); // a row changed by hand is not alike, so it is put right
}

static void references_find_it(void **state)
{
	struct fixture *f = *state;
	struct order o = rich(), other = bare(S("shop:2"));
	int64_t first = 0;
	other.number = S("#1001");
	other.placed_at = o.placed_at + 1;
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o), second = save_new(f, source, &other);
	COMMIT(f);
	assert_int_equal(found(f, REF_NUMBER, "1001", &first), 2);
	assert_int_equal(first, second); // the newer one
	assert_int_equal(found(f, REF_PSP, "pi_9", &first), 1);
	assert_int_equal(first, key);
	assert_int_equal(found(f, REF_EMAIL, "ann@example.com", &first), 1);
	assert_int_equal(found(f, REF_TRACKING, "1Z8", &first), 1);
	assert_int_equal(found(f, REF_TICKET, "t2", &first), 1);
	o.n_payments = 0; // ch_1 is still named by the refund and the dispute
	o.n_shipments = 0;
	BEGIN(f);
	OK(f, order_save(f->db, &f->err, key, source, &o, ~0u, false));
	COMMIT(f);
	assert_int_equal(found(f, REF_PSP, "ch_1", &first), 1);
	assert_int_equal(found(f, REF_TRACKING, "1Z8", &first), 0);
}

static void a_part_saved_alone_keeps_what_others_name(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	int64_t first = 0;
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o);
	COMMIT(f);
	o.n_payments = 0;
	BEGIN(f);
	OK(f, order_save(f->db, &f->err, key, source, &o, PART_PAYMENTS, false));
	COMMIT(f);
	assert_int_equal(found(f, REF_PSP, "ch_1", &first), 1);
	assert_int_equal(found(f, REF_SHIPMENT, "s2", &first), 1);
}

static void a_rollback_takes_the_memory_with_it(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	BEGIN(f);
	int64_t source = make_source(f);
	COMMIT(f);
	BEGIN(f);
	save_new(f, source, &o);
	db_rollback(f->db);
	assert_string_equal(ask(f, "SELECT count(*) FROM profile"), "0");
	BEGIN(f);
	int64_t key = save_new(f, source, &o);
	COMMIT(f);
	assert_int_equal(key, 1);
	assert_same(f, key, &o);
	assert_string_equal(ask(f, "SELECT sum(orders) FROM profile"), "1");
	assert_sound(f);
}

static void the_clock_is_not_stored(void **state)
{
	struct fixture *f = *state;
	struct order o = bare(S("shop:1"));
	o.attention = 1u << ATT_LATE_TO_SHIP | 1u << ATT_STALLED | 1u << ATT_LATE_IN_TRANSIT | 1u << ATT_RECON;
	BEGIN(f);
	save_new(f, make_source(f), &o);
	COMMIT(f);
	assert_string_equal(ask(f, "SELECT attention FROM order_view"), "recon");
}

static void customers_are_kept_as_each_order_knew_them(void **state)
{
	struct fixture *f = *state;
	struct order a = rich(), b = bare(S("shop:2"));
	b.customer = a.customer;
	b.customer.email = S("new@example.com");
	BEGIN(f);
	int64_t source = make_source(f), one = save_new(f, source, &a), two = save_new(f, source, &b);
	COMMIT(f);
	assert_same(f, one, &a);
	assert_same(f, two, &b);
	struct order c = bare(S("shop:3"));
	c.customer = a.customer;
	BEGIN(f);
	save_new(f, source, &c);
	COMMIT(f);
	assert_string_equal(ask(f, "SELECT count(*) FROM customer"), "2");
}

static void views_show_one_row_a_grain(void **state)
{
	struct fixture *f = *state;
	struct order o = rich();
	BEGIN(f);
	save_new(f, make_source(f), &o);
	COMMIT(f);
	assert_string_equal(ask(f, "SELECT (SELECT count(*) FROM order_view) || (SELECT count(*) FROM line_view) || (SELECT count(*) FROM payment_view) || (SELECT count(*) FROM shipping_view)"),
		"1324");
	assert_string_equal(ask(f, "SELECT status || ' ' || payment_status || ' ' || fulfilment_status || ' ' || attention || ' ' || segment FROM order_view"),
		"confirmed part_refunded part_delivered held,disputed,test b2b");
	// 1761990000.123 s: python3 datetime.fromtimestamp(1761990000.123, timezone.utc)
	assert_string_equal(ask(f, "SELECT placed_at FROM order_view"), "2025-11-01T09:40:00.123Z");
	assert_string_equal(ask(f, "SELECT external_id || ' ' || source FROM order_view"), "450789469 shop");
	assert_string_equal(ask(f, "SELECT code FROM shipping_view WHERE entry_n = 2"), "delivered");
}

static void words_of_the_store_are_those_of_the_program(void **state)
{
	struct fixture *f = *state;
	static const struct { const char *axis; enum axis a; } axes[] = {{"status", AXIS_STATUS}, {"payment", AXIS_PAYMENT}, {"fulfilment", AXIS_FULFILMENT}, {"shipment", AXIS_SHIPMENT},
		{"refund", AXIS_REFUND}, {"dispute", AXIS_DISPUTE}, {"ticket", AXIS_TICKET}, {"hold", AXIS_HOLD}, {"attention", AXIS_ATTENTION}, {"track", AXIS_TRACK}};
	char sql[160];
	for (size_t k = 0; k < sizeof axes / sizeof *axes; k++) {
		struct buf want = {0};
		for (int v = 0; v < axis_size(axes[k].a); v++) buf_printf(&want, "%s%d %s", v ? "," : "", v, axis_word(axes[k].a, v));
		buf_c(&want, '\0');
		snprintf(sql, sizeof sql, "SELECT group_concat(n || ' ' || word) FROM (SELECT n, word FROM word WHERE axis = '%s' ORDER BY n)", axes[k].axis);
		assert_string_equal(ask(f, sql), want.p);
		buf_free(&want);
	}
}

static void walks_in_id_order_and_drops(void **state)
{
	struct fixture *f = *state;
	struct order o = rich(), b = bare(S("shop:1")), c = bare(S("shop:9"));
	struct str id = {0};
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o), low = save_new(f, source, &b), high = save_new(f, source, &c);
	assert_int_equal(order_next(f->db, &f->err, &f->arena, (struct str){0}, &id), low);
	assert_int_equal(order_next(f->db, &f->err, &f->arena, id, &id), key);
	assert_int_equal(order_next(f->db, &f->err, &f->arena, id, &id), high);
	assert_int_equal(order_next(f->db, &f->err, &f->arena, id, &id), 0);
	OK(f, order_drop(f->db, &f->err, key));
	COMMIT(f);
	assert_int_equal(order_load(f->db, &f->err, &f->arena, key, &o), -1);
	assert_int_equal(f->err.code, E_NOTFOUND);
	assert_string_equal(ask(f, "SELECT count(*) FROM order_ref"), "2");
	assert_string_equal(ask(f, "SELECT sum(orders) FROM profile"), "2");
	assert_sound(f);
}

static void nothing_scans(void **state)
{
	struct fixture *f = *state;
	struct order o = rich(), more;
	int64_t first = 0;
	BEGIN(f);
	int64_t source = make_source(f), key = save_new(f, source, &o);
	order_key(f->db, &f->err, o.id);
	found(f, REF_PSP, "ch_1", &first);
	o.n_tickets = 0;
	OK(f, order_save(f->db, &f->err, key, source, &o, ~0u, false));
	COMMIT(f);
	OK(f, order_load(f->db, &f->err, &f->arena, key, &more));
	struct db_stats s = db_stats(f->db);
	assert_int_equal(s.auto_indexes, 0);
	assert_int_equal(s.full_scans, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(everything_comes_back), TEST(nothing_comes_back_as_nothing), TEST(one_address_for_both_is_one_row), TEST(saved_again_nothing_old_is_left),
		TEST(only_the_parts_asked_for_are_written), TEST(a_change_of_any_field_is_stored), TEST(a_row_changed_by_hand_is_put_right), TEST(references_find_it), TEST(a_part_saved_alone_keeps_what_others_name), TEST(a_rollback_takes_the_memory_with_it),
		TEST(the_clock_is_not_stored), TEST(customers_are_kept_as_each_order_knew_them), TEST(views_show_one_row_a_grain), TEST(words_of_the_store_are_those_of_the_program),
		TEST(walks_in_id_order_and_drops), TEST(nothing_scans),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
