// Which parts of two orders are alike, so that a save leaves the rows of those alone: a scan more is not a line rewritten.
#include "order_rows.h"

static void num(struct buf *b, int64_t v) { buf_add(b, &v, sizeof v); }

static void text(struct buf *b, struct str s)
{
	num(b, s.p ? (int64_t)s.n : -1);
	if (s.n) buf_add(b, s.p, s.n);
}

static void texts(struct buf *b, const struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++) text(b, s[i]);
}

static void nums(struct buf *b, const int64_t *v, size_t n) { buf_add(b, v, n * sizeof *v); }

#define TEXTS(b, ...) texts((b), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
#define NUMS(b, ...) nums((b), (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void taxes(struct buf *b, const struct tax *t, size_t n)
{
	num(b, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		TEXTS(b, t[i].name, t[i].jurisdiction, t[i].rate);
		NUMS(b, t[i].amount, t[i].included);
	}
}

// Without the counts of where their units are: those have an update of their own.
static void lines(struct buf *b, const struct order *o)
{
	num(b, (int64_t)o->n_lines);
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		TEXTS(b, l->id, l->sku, l->name, l->variant);
		NUMS(b, l->quantity, l->unit_price, l->subtotal, l->discount, l->tax, l->total, l->digital, l->gift_card, (int64_t)l->n_discounts);
		taxes(b, l->taxes, l->n_taxes);
		for (size_t k = 0; k < l->n_discounts; k++) {
			TEXTS(b, l->discounts[k].code, l->discounts[k].name);
			num(b, l->discounts[k].amount);
		}
	}
}

static void charges(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_charges; i++) {
		const struct charge *c = &o->charges[i];
		TEXTS(b, c->id, c->name, c->code);
		NUMS(b, c->kind, c->price, c->discount, c->tax);
		taxes(b, c->taxes, c->n_taxes);
	}
}

static void order_taxes(struct buf *b, const struct order *o) { taxes(b, o->taxes, o->n_taxes); }

static void address(struct buf *b, const struct address *a)
{
	num(b, a->present);
	TEXTS(b, a->name, a->company, a->line1, a->line2, a->line3, a->city, a->region, a->region_code, a->postcode, a->country, a->phone);
}

static void addresses(struct buf *b, const struct order *o)
{
	address(b, &o->shipping);
	address(b, &o->billing);
}

static void payments(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_payments; i++) {
		const struct payment *p = &o->payments[i];
		TEXTS(b, p->psp, p->psp_ref, p->method, p->brand, p->last4, p->gateway, p->currency, p->error);
		NUMS(b, p->status, p->digits, p->amount, p->authorized, p->captured, p->voided, p->refunded, p->fee, p->at);
	}
}

static void refunds(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_refunds; i++) {
		const struct refund *r = &o->refunds[i];
		TEXTS(b, r->id, r->psp_ref, r->payment_ref, r->reason, r->note);
		NUMS(b, r->status, r->amount, r->shipping, r->at, (int64_t)r->n_lines);
		for (size_t k = 0; k < r->n_lines; k++) {
			TEXTS(b, r->lines[k].line, r->lines[k].restock);
			NUMS(b, r->lines[k].quantity, r->lines[k].amount, r->lines[k].tax);
		}
	}
}

static void disputes(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_disputes; i++) {
		const struct dispute *d = &o->disputes[i];
		TEXTS(b, d->id, d->psp, d->payment_ref, d->reason, d->currency);
		NUMS(b, d->status, d->digits, d->amount, d->opened_at, d->due_at);
	}
}

static void shipments(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		TEXTS(b, s->id, s->carrier, s->service, s->tracking_number, s->tracking_url, s->location);
		NUMS(b, s->status, s->progress, s->shipped_at, s->delivered_at, s->promised_at, s->eta_at, s->last_event_at, (int64_t)s->n_lines, (int64_t)s->n_events);
		for (size_t k = 0; k < s->n_lines; k++) {
			text(b, s->lines[k].line);
			num(b, s->lines[k].quantity);
		}
		for (size_t k = 0; k < s->n_events; k++) {
			NUMS(b, s->events[k].at, s->events[k].code);
			TEXTS(b, s->events[k].raw_code, s->events[k].message, s->events[k].location);
		}
	}
}

static void holds(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_holds; i++) {
		const struct hold *h = &o->holds[i];
		TEXTS(b, h->id, h->type, h->reason, h->owner, h->source, h->rule, h->opened_by, h->closed_by, h->resolution);
		NUMS(b, h->status, h->opened_at, h->closed_at, h->until_at, (int64_t)h->n_blocks);
		texts(b, h->blocks, h->n_blocks);
	}
}

static void tickets(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_tickets; i++) {
		const struct ticket *t = &o->tickets[i];
		TEXTS(b, t->id, t->subject, t->channel, t->priority, t->requester, t->requester_email, t->assignee, t->url);
		NUMS(b, t->status, t->created_at, t->updated_at, t->solved_at, (int64_t)t->n_tags, (int64_t)t->n_messages);
		texts(b, t->tags, t->n_tags);
		for (size_t k = 0; k < t->n_messages; k++) {
			const struct message *m = &t->messages[k];
			TEXTS(b, m->id, m->author, m->role, m->channel, m->text);
			NUMS(b, m->public_, m->at);
		}
	}
}

static void reserved(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		TEXTS(b, r->line, r->warehouse, r->sku);
		NUMS(b, r->allocated, r->backordered, r->shipped, r->returned, r->promised);
	}
}

bool units_same(const struct line *a, const struct line *b)
{
	return a->cancelled == b->cancelled && a->allocated == b->allocated && a->picked == b->picked && a->backordered == b->backordered && a->shipped == b->shipped
		&& a->delivered == b->delivered && a->lost == b->lost && a->returned == b->returned && a->refunded == b->refunded;
}

unsigned parts_same(const struct order *a, const struct order *b, unsigned parts)
{
	static const struct { unsigned part; void (*write)(struct buf *, const struct order *); } writers[] = {
		{PART_LINES, lines}, {PART_CHARGES, charges}, {PART_TAXES, order_taxes}, {PART_ADDRESSES, addresses}, {PART_PAYMENTS, payments}, {PART_REFUNDS, refunds},
		{PART_DISPUTES, disputes}, {PART_SHIPMENTS, shipments}, {PART_HOLDS, holds}, {PART_TICKETS, tickets}, {PART_RESERVATIONS, reserved},
	};
	struct buf x = {0}, y = {0};
	unsigned same = 0;
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		if (!(parts & writers[i].part)) continue;
		buf_clear(&x);
		buf_clear(&y);
		writers[i].write(&x, a);
		writers[i].write(&y, b);
		if (str_eq(buf_view(&x), buf_view(&y))) same |= writers[i].part;
	}
	buf_free(&x);
	buf_free(&y);
	return same;
}
