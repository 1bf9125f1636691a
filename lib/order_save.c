// The part tables of an order, written: each part is deleted and inserted as a whole.
#include "order_rows.h"

unsigned order_parts(const struct order *o)
{
	return (o->n_lines ? PART_LINES : 0u) | (o->n_charges ? PART_CHARGES : 0u) | (o->shipping.present || o->billing.present ? PART_ADDRESSES : 0u)
		| (o->n_payments ? PART_PAYMENTS : 0u) | (o->n_refunds ? PART_REFUNDS : 0u) | (o->n_disputes ? PART_DISPUTES : 0u)
		| (o->n_shipments ? PART_SHIPMENTS : 0u) | (o->n_holds ? PART_HOLDS : 0u) | (o->n_tickets ? PART_TICKETS : 0u) | (o->n_taxes ? PART_TAXES : 0u)
		| (o->n_reservations ? PART_RESERVATIONS : 0u);
}

#define RUN(...) do { if (db_run(d, e, __VA_ARGS__) < 0) return -1; } while (0)

int parts_delete(struct db *d, struct err *e, int64_t key, unsigned parts)
{
	static const struct { unsigned part; enum sql sql[2]; } tables[] = {
		{PART_LINES, {SQL_LINES_DELETE, SQL_COUNT}}, {PART_CHARGES, {SQL_CHARGES_DELETE, SQL_COUNT}}, {PART_ADDRESSES, {SQL_ADDRESSES_DELETE, SQL_COUNT}},
		{PART_PAYMENTS, {SQL_PAYMENTS_DELETE, SQL_COUNT}}, {PART_REFUNDS, {SQL_REFUNDS_DELETE, SQL_COUNT}}, {PART_DISPUTES, {SQL_DISPUTES_DELETE, SQL_COUNT}},
		{PART_SHIPMENTS, {SQL_SHIPMENTS_DELETE, SQL_SHIPPING_LOG_DELETE}}, {PART_HOLDS, {SQL_HOLDS_DELETE, SQL_COUNT}},
		{PART_TICKETS, {SQL_TICKETS_DELETE, SQL_MESSAGES_DELETE}}, {PART_RESERVATIONS, {SQL_RESERVATIONS_DELETE, SQL_COUNT}},
	};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (size_t k = 0; k < 2; k++)
			if ((parts & tables[i].part) && tables[i].sql[k] != SQL_COUNT) RUN(tables[i].sql[k], I(key));
	if (parts & PART_LINES) RUN(SQL_ALLOCATIONS_DELETE, I(key), I(1), I(LINE_MOST));
	if (parts & PART_TAXES) RUN(SQL_ALLOCATIONS_DELETE, I(key), I(0), I(0));
	if (parts & PART_CHARGES) RUN(SQL_ALLOCATIONS_DELETE, I(key), I(-LINE_MOST), I(-1));
	return 0;
}

static int insert_taxes(struct db *d, struct err *e, int64_t key, int64_t line_no, const struct tax *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		RUN(SQL_ALLOCATION_INSERT, I(key), I(line_no), T(S("t")), I((int64_t)i), T(t[i].name), T(t[i].jurisdiction), T(t[i].rate), OPT(t[i].amount), I(t[i].included));
	return 0;
}

static int insert_lines(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		int64_t no = (int64_t)i + 1;
		RUN(SQL_LINE_INSERT, I(key), I(no), T(l->id), T(l->sku), T(l->name), T(l->variant), I(l->quantity), OPT(l->unit_price), OPT(l->subtotal), OPT(l->discount), OPT(l->tax),
			OPT(l->total), I(l->digital | l->gift_card << 1), I(l->cancelled), I(l->backordered), I(l->allocated), I(l->picked), I(l->shipped), I(l->delivered),
			I(l->lost), I(l->returned), I(l->refunded));
		if (insert_taxes(d, e, key, no, l->taxes, l->n_taxes) < 0) return -1;
		for (size_t k = 0; k < l->n_discounts; k++)
			RUN(SQL_ALLOCATION_INSERT, I(key), I(no), T(S("d")), I((int64_t)k), T(l->discounts[k].name), T(l->discounts[k].code), N(), OPT(l->discounts[k].amount), I(0));
	}
	return 0;
}

int units_update(struct db *d, struct err *e, int64_t key, const struct order *was, const struct order *is)
{
	for (size_t i = 0; i < is->n_lines; i++) {
		const struct line *l = &is->lines[i];
		if (units_same(&was->lines[i], l)) continue;
		RUN(SQL_LINE_UNITS, I(key), I((int64_t)i + 1), I(l->cancelled), I(l->backordered), I(l->allocated), I(l->picked), I(l->shipped), I(l->delivered), I(l->lost), I(l->returned),
			I(l->refunded));
	}
	return 0;
}

static int insert_charges(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	for (size_t i = 0; i < o->n_charges; i++) {
		const struct charge *c = &o->charges[i];
		int64_t n = (int64_t)i + 1;
		RUN(SQL_CHARGE_INSERT, I(key), I(n), T(((struct str){&c->kind, 1})), T(c->id), T(c->name), T(c->code), OPT(c->price), OPT(c->discount), OPT(c->tax));
		if (insert_taxes(d, e, key, -n, c->taxes, c->n_taxes) < 0) return -1;
	}
	return 0;
}

static bool same_address(const struct address *a, const struct address *b)
{
	const struct str *x = &a->name, *y = &b->name;
	size_t n = (size_t)(&a->phone - &a->name) + 1;
	for (size_t i = 0; i < n; i++)
		if (!x[i].p != !y[i].p || !str_eq(x[i], y[i])) return false;
	return a->present && b->present;
}

static int insert_address(struct db *d, struct err *e, int64_t key, const char *kind, const struct address *a)
{
	RUN(SQL_ADDRESS_INSERT, I(key), Z(kind), T(a->name), T(a->company), T(a->line1), T(a->line2), T(a->line3), T(a->city), T(a->region), T(a->region_code), T(a->postcode),
		T(a->country), T(a->phone));
	return 0;
}

static int insert_addresses(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	if (same_address(&o->shipping, &o->billing)) return insert_address(d, e, key, "a", &o->shipping);
	if (o->shipping.present && insert_address(d, e, key, "s", &o->shipping) < 0) return -1;
	return o->billing.present ? insert_address(d, e, key, "b", &o->billing) : 0;
}

static int insert_payments(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	for (size_t i = 0; i < o->n_payments; i++) {
		const struct payment *p = &o->payments[i];
		RUN(SQL_PAYMENT_INSERT, I(key), I((int64_t)i + 1), T(p->psp), T(p->psp_ref), T(p->method), T(p->brand), T(p->last4), T(p->gateway), I((int64_t)p->status), T(p->currency),
			I(p->digits), OPT(p->amount), OPT(p->authorized), OPT(p->captured), OPT(p->voided), OPT(p->refunded), OPT(p->fee), OPT(p->at), T(p->error));
	}
	return 0;
}

// A list as a column: NULL where it is empty.
static struct sql_arg json_arg(const struct buf *b) { return b->n ? T(buf_view(b)) : N(); }

static int insert_refunds(struct db *d, struct err *e, int64_t key, const struct order *o, struct buf *b)
{
	for (size_t i = 0; i < o->n_refunds; i++) {
		const struct refund *r = &o->refunds[i];
		buf_clear(b);
		refund_lines_write(b, r);
		RUN(SQL_REFUND_INSERT, I(key), I((int64_t)i + 1), T(r->id), T(r->psp_ref), T(r->payment_ref), I((int64_t)r->status), OPT(r->amount), OPT(r->shipping), T(r->reason), T(r->note),
			OPT(r->at), json_arg(b));
	}
	return 0;
}

static int insert_disputes(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	for (size_t i = 0; i < o->n_disputes; i++) {
		const struct dispute *p = &o->disputes[i];
		RUN(SQL_DISPUTE_INSERT, I(key), I((int64_t)i + 1), T(p->id), T(p->psp), T(p->payment_ref), I((int64_t)p->status), T(p->reason), T(p->currency), I(p->digits), OPT(p->amount),
			OPT(p->opened_at), OPT(p->due_at));
	}
	return 0;
}

static int insert_shipments(struct db *d, struct err *e, int64_t key, const struct order *o, struct buf *b)
{
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		int64_t n = (int64_t)i + 1;
		buf_clear(b);
		shipment_lines_write(b, s);
		RUN(SQL_SHIPMENT_INSERT, I(key), I(n), T(s->id), I((int64_t)s->status), I((int64_t)s->progress), T(s->carrier), T(s->service), T(s->tracking_number), T(s->tracking_url),
			T(s->location), OPT(s->shipped_at), OPT(s->delivered_at), OPT(s->promised_at), OPT(s->eta_at), OPT(s->last_event_at), json_arg(b));
		for (size_t k = 0; k < s->n_events; k++) {
			const struct track *t = &s->events[k];
			RUN(SQL_SHIPPING_LOG_INSERT, I(key), I(n), I((int64_t)k + 1), OPT(t->at), I((int64_t)t->code), T(t->raw_code), T(t->message), T(t->location));
		}
	}
	return 0;
}

static int insert_holds(struct db *d, struct err *e, int64_t key, const struct order *o, struct buf *b)
{
	for (size_t i = 0; i < o->n_holds; i++) {
		const struct hold *h = &o->holds[i];
		buf_clear(b);
		strs_write(b, h->blocks, h->n_blocks);
		RUN(SQL_HOLD_INSERT, I(key), I((int64_t)i + 1), T(h->id), T(h->type), I((int64_t)h->status), T(h->reason), T(h->owner), T(h->source), T(h->rule), json_arg(b), OPT(h->opened_at),
			OPT(h->closed_at), OPT(h->until_at), T(h->opened_by), T(h->closed_by), T(h->resolution));
	}
	return 0;
}

static int insert_tickets(struct db *d, struct err *e, int64_t key, const struct order *o, struct buf *b)
{
	for (size_t i = 0; i < o->n_tickets; i++) {
		const struct ticket *t = &o->tickets[i];
		int64_t n = (int64_t)i + 1;
		buf_clear(b);
		strs_write(b, t->tags, t->n_tags);
		RUN(SQL_TICKET_INSERT, I(key), I(n), T(t->id), I((int64_t)t->status), T(t->subject), T(t->channel), T(t->priority), T(t->requester), T(t->requester_email), T(t->assignee),
			T(t->url), json_arg(b), OPT(t->created_at), OPT(t->updated_at), OPT(t->solved_at));
		for (size_t k = 0; k < t->n_messages; k++) {
			const struct message *m = &t->messages[k];
			RUN(SQL_MESSAGE_INSERT, I(key), I(n), I((int64_t)k + 1), T(m->id), T(m->author), T(m->role), T(m->channel), I(m->public_), T(m->text), OPT(m->at));
		}
	}
	return 0;
}

static int insert_reservations(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		RUN(SQL_RESERVATION_INSERT, I(key), T(r->line), T(r->warehouse), T(r->sku), I(r->allocated), I(r->backordered), I(r->shipped), I(r->returned), I(r->promised));
	}
	return 0;
}

int parts_insert(struct db *d, struct err *e, int64_t key, const struct order *o, unsigned parts)
{
	struct buf b = {0};
	parts &= order_parts(o);
	bool failed = ((parts & PART_LINES) && insert_lines(d, e, key, o) < 0) || ((parts & PART_CHARGES) && insert_charges(d, e, key, o) < 0)
		|| ((parts & PART_TAXES) && insert_taxes(d, e, key, 0, o->taxes, o->n_taxes) < 0) || ((parts & PART_ADDRESSES) && insert_addresses(d, e, key, o) < 0)
		|| ((parts & PART_PAYMENTS) && insert_payments(d, e, key, o) < 0) || ((parts & PART_REFUNDS) && insert_refunds(d, e, key, o, &b) < 0)
		|| ((parts & PART_DISPUTES) && insert_disputes(d, e, key, o) < 0) || ((parts & PART_SHIPMENTS) && insert_shipments(d, e, key, o, &b) < 0)
		|| ((parts & PART_HOLDS) && insert_holds(d, e, key, o, &b) < 0) || ((parts & PART_TICKETS) && insert_tickets(d, e, key, o, &b) < 0)
		|| ((parts & PART_RESERVATIONS) && insert_reservations(d, e, key, o) < 0);
	buf_free(&b);
	return failed ? -1 : 0;
}
