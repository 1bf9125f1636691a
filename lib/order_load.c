// An order out of its rows, through the views where they carry it; parts its row says are empty are not asked for.
#include "order_rows.h"

// A word of a view as its number; what it does not know is 0, the first state.
static int value_of(enum axis axis, struct str word)
{
	int v = word.p ? axis_value(axis, word) : 0;
	return v < 0 ? 0 : v;
}

static unsigned attention_of(struct str words)
{
	unsigned bits = 0;
	for (size_t from = 0, i = 0; words.n && i <= words.n; i++) {
		if (i < words.n && words.p[i] != ',') continue;
		int bit = axis_value(AXIS_ATTENTION, str_cut(words, from, i));
		if (bit >= 0) bits |= 1u << bit;
		from = i + 1;
	}
	return bits;
}

static int whole(struct rows *r, int i) { return (int)row_int(r, i); }
static char letter(struct rows *r, int i) { return row_str(r, i).n ? row_str(r, i).p[0] : '\0'; }

static int load_lines(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct line) list = {0};
	struct rows *r = db_query(d, e, SQL_LINES_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) {
		*VEC_PUSH(a, &list) = (struct line){.id = cell(r, 0, a), .sku = cell(r, 1, a), .name = cell(r, 2, a), .variant = cell(r, 3, a), .quantity = row_int(r, 4),
			.unit_price = row_int(r, 5), .subtotal = row_int(r, 6), .discount = row_int(r, 7), .tax = row_int(r, 8), .total = row_int(r, 9), .digital = row_int(r, 10) == 1,
			.gift_card = row_int(r, 11) == 1, .cancelled = row_int(r, 12), .backordered = row_int(r, 13), .allocated = row_int(r, 14), .picked = row_int(r, 15),
			.shipped = row_int(r, 16), .delivered = row_int(r, 17), .lost = row_int(r, 18), .returned = row_int(r, 19), .refunded = row_int(r, 20)};
	}
	o->lines = list.v;
	o->n_lines = list.n;
	return more;
}

static int load_charges(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct charge) list = {0};
	struct rows *r = db_query(d, e, SQL_CHARGES_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0)
		*VEC_PUSH(a, &list) = (struct charge){.kind = letter(r, 0), .id = cell(r, 1, a), .name = cell(r, 2, a), .code = cell(r, 3, a), .price = row_int(r, 4),
			.discount = row_int(r, 5), .tax = row_int(r, 6)};
	o->charges = list.v;
	o->n_charges = list.n;
	return more;
}

struct owner { struct tax **taxes; size_t *n_taxes; struct discount **discounts; size_t *n_discounts; };

static bool owner_of(struct order *o, int64_t line_no, struct owner *to)
{
	*to = (struct owner){&o->taxes, &o->n_taxes, NULL, NULL};
	if (line_no == 0) return true;
	if (line_no < 0) {
		if ((size_t)-line_no > o->n_charges) return false;
		struct charge *c = &o->charges[-line_no - 1];
		*to = (struct owner){&c->taxes, &c->n_taxes, NULL, NULL};
		return true;
	}
	if ((size_t)line_no > o->n_lines) return false;
	struct line *l = &o->lines[line_no - 1];
	*to = (struct owner){&l->taxes, &l->n_taxes, &l->discounts, &l->n_discounts};
	return true;
}

// A vector one row longer; its room grows at powers of two, so no capacity is kept.
static void *one_more(struct arena *a, void *v, size_t n, size_t size)
{
	if (n & (n - 1)) return v;
	void *grown = arena_take(a, size * (n ? n * 2 : 1));
	if (n) memcpy(grown, v, n * size);
	return grown;
}

static void add_allocation(struct rows *r, struct arena *a, const struct owner *to)
{
	if (letter(r, 1) == 't') {
		*to->taxes = one_more(a, *to->taxes, *to->n_taxes, sizeof **to->taxes);
		(*to->taxes)[(*to->n_taxes)++] = (struct tax){cell(r, 2, a), cell(r, 3, a), cell(r, 4, a), row_int(r, 5), row_int(r, 6) == 1};
	} else if (to->discounts) {
		*to->discounts = one_more(a, *to->discounts, *to->n_discounts, sizeof **to->discounts);
		(*to->discounts)[(*to->n_discounts)++] = (struct discount){cell(r, 3, a), cell(r, 2, a), row_int(r, 5)};
	}
}

static int load_allocations(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	struct rows *r = db_query(d, e, SQL_ALLOCATIONS_LOAD, I(key));
	if (!r) return -1;
	int more;
	struct owner to;
	while ((more = rows_next(r, e)) > 0)
		if (owner_of(o, row_int(r, 0), &to)) add_allocation(r, a, &to);
	return more;
}

static int load_addresses(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	struct rows *r = db_query(d, e, SQL_ADDRESSES_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) {
		char kind = letter(r, 0);
		struct address at = {true, cell(r, 1, a), cell(r, 2, a), cell(r, 3, a), cell(r, 4, a), cell(r, 5, a), cell(r, 6, a), cell(r, 7, a), cell(r, 8, a), cell(r, 9, a),
			cell(r, 10, a), cell(r, 11, a)};
		if (kind != 'b') o->shipping = at;
		if (kind != 's') o->billing = at;
	}
	return more;
}

static int load_payments(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct payment) list = {0};
	struct rows *r = db_query(d, e, SQL_PAYMENTS_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0)
		*VEC_PUSH(a, &list) = (struct payment){.psp = cell(r, 0, a), .psp_ref = cell(r, 1, a), .status = (enum payment_status)value_of(AXIS_PAYMENT, row_str(r, 2)),
			.method = cell(r, 3, a), .brand = cell(r, 4, a), .last4 = cell(r, 5, a), .gateway = cell(r, 6, a), .currency = cell(r, 7, a), .digits = whole(r, 8),
			.amount = row_int(r, 9), .authorized = row_int(r, 10), .captured = row_int(r, 11), .voided = row_int(r, 12), .refunded = row_int(r, 13), .fee = row_int(r, 14),
			.at = row_int(r, 15), .error = cell(r, 16, a)};
	o->payments = list.v;
	o->n_payments = list.n;
	return more;
}

static int load_refunds(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct refund) list = {0};
	struct rows *r = db_query(d, e, SQL_REFUNDS_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) {
		struct refund *f = VEC_PUSH(a, &list);
		*f = (struct refund){.id = cell(r, 0, a), .psp_ref = cell(r, 1, a), .payment_ref = cell(r, 2, a), .status = (enum refund_status)whole(r, 3), .amount = row_int(r, 4),
			.shipping = row_int(r, 5), .reason = cell(r, 6, a), .note = cell(r, 7, a), .at = row_int(r, 8)};
		if (refund_lines_read(f, row_str(r, 9), a, e) < 0) return rows_end(r), -1;
	}
	o->refunds = list.v;
	o->n_refunds = list.n;
	return more;
}

static int load_disputes(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct dispute) list = {0};
	struct rows *r = db_query(d, e, SQL_DISPUTES_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0)
		*VEC_PUSH(a, &list) = (struct dispute){.id = cell(r, 0, a), .psp = cell(r, 1, a), .payment_ref = cell(r, 2, a), .status = (enum dispute_status)whole(r, 3),
			.reason = cell(r, 4, a), .currency = cell(r, 5, a), .digits = whole(r, 6), .amount = row_int(r, 7), .opened_at = row_int(r, 8), .due_at = row_int(r, 9)};
	o->disputes = list.v;
	o->n_disputes = list.n;
	return more;
}

static int read_shipment(struct rows *r, struct arena *a, struct err *e, struct shipment *s)
{
	*s = (struct shipment){.id = cell(r, 1, a), .status = (enum shipment_status)value_of(AXIS_SHIPMENT, row_str(r, 2)),
		.progress = (enum track_code)value_of(AXIS_TRACK, row_str(r, 3)), .carrier = cell(r, 4, a), .service = cell(r, 5, a), .tracking_number = cell(r, 6, a),
		.tracking_url = cell(r, 7, a), .location = cell(r, 8, a), .shipped_at = row_int(r, 9), .delivered_at = row_int(r, 10), .promised_at = row_int(r, 11),
		.eta_at = row_int(r, 12), .last_event_at = row_int(r, 13)};
	return shipment_lines_read(s, row_str(r, 14), a, e);
}

// One row an entry of the shipping log; a shipment without entries has one row whose entry is NULL.
static int load_shipments(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct shipment) list = {0};
	struct shipment *s = NULL;
	struct rows *r = db_query(d, e, SQL_SHIPMENTS_LOAD, I(key));
	if (!r) return -1;
	int more;
	int64_t last = 0;
	while ((more = rows_next(r, e)) > 0) {
		if (!s || row_int(r, 0) != last) {
			last = row_int(r, 0);
			s = VEC_PUSH(a, &list);
			if (read_shipment(r, a, e, s) < 0) return rows_end(r), -1;
		}
		if (row_int(r, 15) == INT64_MIN) continue;
		s->events = one_more(a, s->events, s->n_events, sizeof *s->events);
		s->events[s->n_events++] = (struct track){row_int(r, 16), (enum track_code)value_of(AXIS_TRACK, row_str(r, 17)), cell(r, 18, a), cell(r, 19, a), cell(r, 20, a)};
	}
	o->shipments = list.v;
	o->n_shipments = list.n;
	return more;
}

static int load_holds(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct hold) list = {0};
	struct rows *r = db_query(d, e, SQL_HOLDS_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) {
		struct hold *h = VEC_PUSH(a, &list);
		*h = (struct hold){.id = cell(r, 0, a), .type = cell(r, 1, a), .status = (enum hold_status)whole(r, 2), .reason = cell(r, 3, a), .owner = cell(r, 4, a), .source = cell(r, 5, a),
			.rule = cell(r, 6, a), .opened_at = row_int(r, 8), .closed_at = row_int(r, 9), .until_at = row_int(r, 10), .opened_by = cell(r, 11, a), .closed_by = cell(r, 12, a),
			.resolution = cell(r, 13, a)};
		if (strs_read(&h->blocks, &h->n_blocks, row_str(r, 7), a, e) < 0) return rows_end(r), -1;
	}
	o->holds = list.v;
	o->n_holds = list.n;
	return more;
}

static int load_messages(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	struct rows *r = db_query(d, e, SQL_MESSAGES_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) {
		int64_t n = row_int(r, 0);
		if (n < 1 || (size_t)n > o->n_tickets) continue;
		struct ticket *t = &o->tickets[n - 1];
		t->messages = one_more(a, t->messages, t->n_messages, sizeof *t->messages);
		t->messages[t->n_messages++] = (struct message){.id = cell(r, 1, a), .author = cell(r, 2, a), .role = cell(r, 3, a), .channel = cell(r, 4, a), .public_ = row_int(r, 5) == 1,
			.text = cell(r, 6, a), .at = row_int(r, 7)};
	}
	return more;
}

static int load_tickets(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct ticket) list = {0};
	struct rows *r = db_query(d, e, SQL_TICKETS_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) {
		struct ticket *t = VEC_PUSH(a, &list);
		*t = (struct ticket){.id = cell(r, 0, a), .status = (enum ticket_status)whole(r, 1), .subject = cell(r, 2, a), .channel = cell(r, 3, a), .priority = cell(r, 4, a),
			.requester = cell(r, 5, a), .requester_email = cell(r, 6, a), .assignee = cell(r, 7, a), .url = cell(r, 8, a), .created_at = row_int(r, 10),
			.updated_at = row_int(r, 11), .solved_at = row_int(r, 12)};
		if (strs_read(&t->tags, &t->n_tags, row_str(r, 9), a, e) < 0) return rows_end(r), -1;
	}
	o->tickets = list.v;
	o->n_tickets = list.n;
	return more < 0 ? -1 : load_messages(d, e, a, key, o);
}

int order_reservations(struct db *d, struct err *e, struct arena *a, int64_t key, struct reservation **to, size_t *n)
{
	VEC(struct reservation) list = {0};
	struct rows *r = db_query(d, e, SQL_RESERVATIONS_LOAD, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0)
		*VEC_PUSH(a, &list) = (struct reservation){cell(r, 0, a), cell(r, 1, a), cell(r, 2, a), row_int(r, 3), row_int(r, 4), row_int(r, 5), row_int(r, 6), row_int(r, 7)};
	*to = list.v;
	*n = list.n;
	return more;
}

static int load_reservations(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	return order_reservations(d, e, a, key, &o->reservations, &o->n_reservations);
}

int order_rule_holds(struct db *d, struct err *e, struct arena *a, int64_t key, struct hold **list, size_t *n)
{
	struct order o = {0};
	if (load_holds(d, e, a, key, &o) < 0) return -1;
	*list = o.holds;
	*n = 0;
	for (size_t i = 0; i < o.n_holds; i++)
		if (str_starts(o.holds[i].id, S("rule:"))) o.holds[(*n)++] = o.holds[i];
	return 0;
}

static int load_row(struct rows *r, struct arena *a, struct err *e, struct order *o)
{
	*o = (struct order){.id = cell(r, 0, a), .source = cell(r, 1, a), .external_id = cell(r, 2, a), .number = cell(r, 3, a),
		.status = (enum order_status)value_of(AXIS_STATUS, row_str(r, 4)), .payment_status = (enum payment_status)value_of(AXIS_PAYMENT, row_str(r, 5)),
		.fulfilment_status = (enum fulfilment_status)value_of(AXIS_FULFILMENT, row_str(r, 6)), .attention = attention_of(row_str(r, 7)), .placed_at = row_int(r, 8),
		.updated_at = row_int(r, 9), .currency = cell(r, 10, a), .digits = whole(r, 11), .price_mode = letter(r, 12), .subtotal = row_int(r, 13), .discount_total = row_int(r, 14),
		.shipping_total = row_int(r, 15), .fee_total = row_int(r, 16), .tax_total = row_int(r, 17), .total = row_int(r, 18), .authorized = row_int(r, 19), .captured = row_int(r, 20),
		.refunded = row_int(r, 21), .disputed = row_int(r, 22), .customer = {cell(r, 23, a), cell(r, 24, a), cell(r, 25, a), cell(r, 26, a), cell(r, 27, a), cell(r, 28, a),
		cell(r, 29, a)}, .parts = (unsigned)row_int(r, 30)};
	return extra_read(o, row_str(r, 31), a, e);
}

int order_read(struct db *d, struct err *e, struct arena *a, int64_t key, unsigned parts, struct order *to)
{
	typedef int loader(struct db *, struct err *, struct arena *, int64_t, struct order *);
	static const struct { unsigned part; loader *load; } loaders[] = {
		{PART_LINES, load_lines}, {PART_CHARGES, load_charges}, {PART_LINES | PART_CHARGES | PART_TAXES, load_allocations}, {PART_ADDRESSES, load_addresses},
		{PART_PAYMENTS, load_payments}, {PART_REFUNDS, load_refunds}, {PART_DISPUTES, load_disputes}, {PART_SHIPMENTS, load_shipments}, {PART_HOLDS, load_holds},
		{PART_TICKETS, load_tickets}, {PART_RESERVATIONS, load_reservations},
	};
	struct rows *r = db_query(d, e, SQL_ORDER_LOAD, I(key));
	if (!r) return -1;
	int more = rows_next(r, e);
	if (more <= 0) return more;
	int rc = load_row(r, a, e, to);
	rows_end(r);
	for (size_t i = 0; rc == 0 && i < sizeof loaders / sizeof *loaders; i++)
		if (to->parts & parts & loaders[i].part) rc = loaders[i].load(d, e, a, key, to);
	return rc < 0 ? because(e, "order " STR_FMT, STR_ARG(to->id)) : 1;
}

int order_load(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *to)
{
	int got = order_read(d, e, a, key, PARTS_ALL, to);
	if (got == 0) return fail(e, E_NOTFOUND, "there is no order with that key in the store");
	return got < 0 ? -1 : 0;
}

static int load_dues(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct shipment) list = {0};
	struct rows *r = db_query(d, e, SQL_ORDER_DUES, I(key));
	if (!r) return -1;
	int more;
	for (bool first = true; (more = rows_next(r, e)) > 0; first = false) {
		if (first && extra_read(o, row_str(r, 0), a, e) < 0) return rows_end(r), -1;
		if (row_int(r, 1) == INT64_MIN) continue; // no shipment
		*VEC_PUSH(a, &list) = (struct shipment){.status = (enum shipment_status)whole(r, 1), .progress = (enum track_code)whole(r, 2), .shipped_at = row_int(r, 3),
			.promised_at = row_int(r, 4), .eta_at = row_int(r, 5), .last_event_at = row_int(r, 6), .tracking_number = cell(r, 7, a)};
	}
	o->shipments = list.v;
	o->n_shipments = list.n;
	return more;
}

static int load_hold_times(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *o)
{
	VEC(struct hold) list = {0};
	struct rows *r = db_query(d, e, SQL_HOLD_TIMES, I(key));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) *VEC_PUSH(a, &list) = (struct hold){.status = (enum hold_status)whole(r, 0), .until_at = row_int(r, 1)};
	o->holds = list.v;
	o->n_holds = list.n;
	return more;
}

int order_load_dues(struct db *d, struct err *e, struct arena *a, int64_t key, bool due, struct order *to)
{
	to->ship_by = to->promised_at = DATE_NONE;
	if (due && load_dues(d, e, a, key, to) < 0) return -1;
	return to->attention >> ATT_HELD & 1 ? load_hold_times(d, e, a, key, to) : 0;
}
