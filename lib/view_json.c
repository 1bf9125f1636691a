// An order as one oms.order/1 record: complete, never collapsed, the same bytes for the same order and the same now.
#include "member.h"
#include "view.h"

static void word(struct buf *b, const char *name, enum axis a, int value) { member_word(b, name, axis_word(a, value)); }

static void put_taxes(struct buf *b, const struct tax *t, size_t n, int digits)
{
	member_open(b, "taxes", '[');
	for (size_t i = 0; i < n; i++) {
		member_item(b, '{');
		member_text(b, "name", t[i].name);
		member_text(b, "jurisdiction", t[i].jurisdiction);
		member_text(b, "rate", t[i].rate);
		member_money(b, "amount", t[i].amount, digits);
		member_flag(b, "included", t[i].included);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_discounts(struct buf *b, const struct discount *d, size_t n, int digits)
{
	member_open(b, "discounts", '[');
	for (size_t i = 0; i < n; i++) {
		member_item(b, '{');
		member_text(b, "code", d[i].code);
		member_text(b, "name", d[i].name);
		member_money(b, "amount", d[i].amount, digits);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

// Quantities come from outside: what is left of absurd ones wraps instead of stopping the program.
static int64_t less(int64_t a, int64_t b) { return (int64_t)((uint64_t)a - (uint64_t)b); }

// Where units of a line are; left out while all of them are simply open.
static void put_quantities(struct buf *b, const struct line *l)
{
	if (!(l->cancelled | l->allocated | l->picked | l->backordered | l->shipped | l->delivered | l->lost | l->returned | l->refunded)) return;
	int64_t unshipped = less(less(l->quantity, l->cancelled), l->shipped);
	member_open(b, "quantities", '{');
	member_whole(b, "cancelled", l->cancelled);
	member_whole(b, "unshipped", unshipped);
	member_whole(b, "backordered", l->backordered);
	member_whole(b, "open", less(less(less(unshipped, l->backordered), l->allocated), l->picked));
	member_whole(b, "allocated", l->allocated);
	member_whole(b, "picked", l->picked);
	member_whole(b, "shipped", l->shipped);
	member_whole(b, "in_transit", less(less(l->shipped, l->delivered), l->lost));
	member_whole(b, "delivered", l->delivered);
	member_whole(b, "lost", l->lost);
	member_whole(b, "returned", l->returned);
	member_whole(b, "refunded", l->refunded);
	buf_c(b, '}');
}

static void put_line(struct buf *b, const struct line *l, int digits)
{
	member_item(b, '{');
	member_text(b, "id", l->id);
	member_text(b, "sku", l->sku);
	member_text(b, "name", l->name);
	member_text(b, "variant", l->variant);
	member_whole(b, "quantity", l->quantity);
	member_money(b, "unit_price", l->unit_price, digits);
	member_money(b, "subtotal", l->subtotal, digits);
	member_money(b, "discount", l->discount, digits);
	member_money(b, "tax", l->tax, digits);
	member_money(b, "total", l->total, digits);
	put_taxes(b, l->taxes, l->n_taxes, digits);
	put_discounts(b, l->discounts, l->n_discounts, digits);
	if (l->digital) member_flag(b, "digital", true);
	if (l->gift_card) member_flag(b, "gift_card", true);
	put_quantities(b, l);
	buf_c(b, '}');
}

static void put_charge(struct buf *b, const struct charge *c, int digits)
{
	member_item(b, '{');
	member_word(b, "kind", c->kind == 's' ? "shipping" : "fee");
	member_text(b, "id", c->id);
	member_text(b, "name", c->name);
	member_text(b, "code", c->code);
	member_money(b, "price", c->price, digits);
	member_money(b, "discount", c->discount, digits);
	member_money(b, "tax", c->tax, digits);
	put_taxes(b, c->taxes, c->n_taxes, digits);
	buf_c(b, '}');
}

void address_json(struct buf *b, const char *name, const struct address *a)
{
	if (!a->present) return;
	member_open(b, name, '{');
	member_text(b, "name", a->name);
	member_text(b, "company", a->company);
	member_text(b, "line1", a->line1);
	member_text(b, "line2", a->line2);
	member_text(b, "line3", a->line3);
	member_text(b, "city", a->city);
	member_text(b, "region", a->region);
	member_text(b, "region_code", a->region_code);
	member_text(b, "postcode", a->postcode);
	member_text(b, "country", a->country);
	member_text(b, "phone", a->phone);
	buf_c(b, '}');
}

static void put_payment(struct buf *b, const struct payment *p)
{
	member_item(b, '{');
	member_text(b, "psp", p->psp);
	member_text(b, "psp_ref", p->psp_ref);
	word(b, "status", AXIS_PAYMENT, (int)p->status);
	member_text(b, "method", p->method);
	member_text(b, "brand", p->brand);
	member_text(b, "last4", p->last4);
	member_text(b, "gateway", p->gateway);
	member_text(b, "currency", p->currency);
	member_money(b, "amount", p->amount, p->digits);
	member_money(b, "authorized", p->authorized, p->digits);
	member_money(b, "captured", p->captured, p->digits);
	member_money(b, "voided", p->voided, p->digits);
	member_money(b, "refunded", p->refunded, p->digits);
	member_money(b, "fee", p->fee, p->digits);
	member_instant(b, "at", p->at);
	member_text(b, "error", p->error);
	buf_c(b, '}');
}

static void put_refund(struct buf *b, const struct refund *r, const struct order *o)
{
	member_item(b, '{');
	member_text(b, "id", r->id);
	member_text(b, "psp_ref", r->psp_ref);
	member_text(b, "payment_ref", r->payment_ref);
	word(b, "status", AXIS_REFUND, (int)r->status);
	member_text(b, "currency", o->currency);
	member_money(b, "amount", r->amount, o->digits);
	member_money(b, "shipping", r->shipping, o->digits);
	member_text(b, "reason", r->reason);
	member_text(b, "note", r->note);
	member_instant(b, "at", r->at);
	member_open(b, "lines", '[');
	for (size_t i = 0; i < r->n_lines; i++) {
		member_item(b, '{');
		member_text(b, "line", r->lines[i].line);
		member_whole(b, "quantity", r->lines[i].quantity);
		member_money(b, "amount", r->lines[i].amount, o->digits);
		member_money(b, "tax", r->lines[i].tax, o->digits);
		member_text(b, "restock", r->lines[i].restock);
		buf_c(b, '}');
	}
	buf_cstr(b, "]}");
}

static void put_dispute(struct buf *b, const struct dispute *d)
{
	member_item(b, '{');
	member_text(b, "id", d->id);
	member_text(b, "psp", d->psp);
	member_text(b, "payment_ref", d->payment_ref);
	word(b, "status", AXIS_DISPUTE, (int)d->status);
	member_text(b, "reason", d->reason);
	member_text(b, "currency", d->currency);
	member_money(b, "amount", d->amount, d->digits);
	member_instant(b, "opened_at", d->opened_at);
	member_instant(b, "due_at", d->due_at);
	buf_c(b, '}');
}

static void put_tracks(struct buf *b, const struct shipment *s)
{
	member_open(b, "events", '[');
	for (size_t i = 0; i < s->n_events; i++) {
		const struct track *t = &s->events[i];
		member_item(b, '{');
		member_instant(b, "at", t->at);
		word(b, "code", AXIS_TRACK, (int)t->code);
		member_text(b, "raw_code", t->raw_code);
		member_text(b, "message", t->message);
		member_text(b, "location", t->location);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_shipment(struct buf *b, const struct shipment *s)
{
	member_item(b, '{');
	member_text(b, "id", s->id);
	word(b, "status", AXIS_SHIPMENT, (int)s->status);
	word(b, "progress", AXIS_TRACK, (int)s->progress);
	member_text(b, "carrier", s->carrier);
	member_text(b, "service", s->service);
	member_text(b, "tracking_number", s->tracking_number);
	member_text(b, "tracking_url", s->tracking_url);
	member_text(b, "location", s->location);
	member_instant(b, "shipped_at", s->shipped_at);
	member_instant(b, "delivered_at", s->delivered_at);
	member_instant(b, "promised_at", s->promised_at);
	member_instant(b, "eta_at", s->eta_at);
	member_instant(b, "last_event_at", s->last_event_at);
	member_open(b, "lines", '[');
	for (size_t i = 0; i < s->n_lines; i++) {
		member_item(b, '{');
		member_text(b, "line", s->lines[i].line);
		member_whole(b, "quantity", s->lines[i].quantity);
		buf_c(b, '}');
	}
	buf_c(b, ']');
	put_tracks(b, s);
	buf_c(b, '}');
}

static void put_hold(struct buf *b, const struct hold *h)
{
	member_item(b, '{');
	member_text(b, "id", h->id);
	member_text(b, "type", h->type);
	word(b, "status", AXIS_HOLD, (int)h->status);
	member_text(b, "reason", h->reason);
	member_text(b, "owner", h->owner);
	member_text(b, "source", h->source);
	member_text(b, "rule", h->rule);
	member_texts(b, "blocks", h->blocks, h->n_blocks);
	member_instant(b, "opened_at", h->opened_at);
	member_text(b, "opened_by", h->opened_by);
	member_instant(b, "until_at", h->until_at);
	member_instant(b, "closed_at", h->closed_at);
	member_text(b, "closed_by", h->closed_by);
	member_text(b, "resolution", h->resolution);
	buf_c(b, '}');
}

static void put_messages(struct buf *b, const struct ticket *t)
{
	member_open(b, "messages", '[');
	for (size_t i = 0; i < t->n_messages; i++) {
		const struct message *m = &t->messages[i];
		member_item(b, '{');
		member_text(b, "id", m->id);
		member_text(b, "author", m->author);
		member_text(b, "role", m->role);
		member_text(b, "channel", m->channel);
		member_flag(b, "public", m->public_);
		member_instant(b, "at", m->at);
		member_text(b, "text", m->text);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_ticket(struct buf *b, const struct ticket *t)
{
	member_item(b, '{');
	member_text(b, "id", t->id);
	member_text(b, "subject", t->subject);
	word(b, "status", AXIS_TICKET, (int)t->status);
	member_text(b, "priority", t->priority);
	member_text(b, "channel", t->channel);
	if (t->requester.p || t->requester_email.p) {
		member_open(b, "requester", '{');
		member_text(b, "name", t->requester);
		member_text(b, "email", t->requester_email);
		buf_c(b, '}');
	}
	member_text(b, "assignee", t->assignee);
	member_text(b, "url", t->url);
	member_instant(b, "created_at", t->created_at);
	member_instant(b, "updated_at", t->updated_at);
	member_instant(b, "solved_at", t->solved_at);
	member_texts(b, "tags", t->tags, t->n_tags);
	put_messages(b, t);
	buf_c(b, '}');
}

static void put_moment(struct buf *b, const struct moment *m)
{
	member_item(b, '{');
	member_instant(b, "at", m->at);
	member_word(b, "type", event_type_word(m->type));
	member_text(b, "id", m->id);
	member_text(b, "source", m->source);
	member_text(b, "actor", m->actor);
	member_text(b, "summary", m->summary);
	if (m->superseded) member_flag(b, "superseded", true);
	buf_c(b, '}');
}

// What it is, where it came from, where it stands.
static void put_head(struct buf *b, const struct order *o, int64_t now)
{
	member_text(b, "id", o->id);
	member_text(b, "source", o->source);
	member_text(b, "external_id", o->external_id);
	member_text(b, "number", o->number);
	word(b, "status", AXIS_STATUS, (int)o->status);
	word(b, "payment_status", AXIS_PAYMENT, (int)o->payment_status);
	word(b, "fulfilment_status", AXIS_FULFILMENT, (int)o->fulfilment_status);
	member_key(b, "attention");
	axis_list(b, AXIS_ATTENTION, o->attention | order_late(o, now));
	member_flag(b, "complete", o->complete);
	if (o->channel_status.p || o->channel_payment.p || o->channel_fulfilment.p) {
		member_open(b, "channel", '{');
		member_text(b, "status", o->channel_status);
		member_text(b, "payment", o->channel_payment);
		member_text(b, "fulfilment", o->channel_fulfilment);
		buf_c(b, '}');
	}
	if (o->channel_fulfilled) member_flag(b, "channel_fulfilled", true);
	if (o->credit) member_flag(b, "credit", true);
	if (o->untied) member_flag(b, "untied", true);
}

static void put_times(struct buf *b, const struct order *o)
{
	member_instant(b, "placed_at", o->placed_at);
	member_instant(b, "updated_at", o->updated_at);
	member_instant(b, "confirmed_at", o->confirmed_at);
	member_text(b, "confirmed_by", o->confirmed_by);
	member_text(b, "service", o->service);
	member_text(b, "carrier", o->carrier);
	member_instant(b, "cancelled_at", o->cancelled_at);
	member_text(b, "cancel_reason", o->cancel_reason);
	member_instant(b, "closed_at", o->closed_at);
	member_instant(b, "ship_by", o->ship_by);
	member_instant(b, "promised_at", o->promised_at);
}

static void put_customer(struct buf *b, const struct customer *c)
{
	member_open(b, "customer", '{');
	member_text(b, "id", c->id);
	member_text(b, "name", c->name);
	member_text(b, "email", c->email);
	member_text(b, "phone", c->phone);
	member_text(b, "company", c->company);
	member_text(b, "tax_id", c->tax_id);
	member_text(b, "segment", c->segment);
	buf_c(b, '}');
}

static void put_totals(struct buf *b, const struct order *o)
{
	member_text(b, "currency", o->currency);
	if (o->price_mode) member_word(b, "price_mode", o->price_mode == 'n' ? "net" : "gross");
	member_money(b, "subtotal", o->subtotal, o->digits);
	member_money(b, "discount_total", o->discount_total, o->digits);
	member_money(b, "shipping_total", o->shipping_total, o->digits);
	member_money(b, "fee_total", o->fee_total, o->digits);
	member_money(b, "tax_total", o->tax_total, o->digits);
	member_money(b, "total", o->total, o->digits);
	member_money(b, "authorized", o->authorized, o->digits);
	member_money(b, "captured", o->captured, o->digits);
	member_money(b, "refunded", o->refunded, o->digits);
	member_money(b, "disputed", o->disputed, o->digits);
}

#define EACH(name, n, call) do { \
	member_open(b, name, '['); \
	for (size_t i = 0; i < (n); i++) call; \
	buf_c(b, ']'); \
} while (0)

static void put_parts(struct buf *b, const struct order *o)
{
	EACH("lines", o->n_lines, put_line(b, &o->lines[i], o->digits));
	EACH("charges", o->n_charges, put_charge(b, &o->charges[i], o->digits));
	put_taxes(b, o->taxes, o->n_taxes, o->digits);
	put_discounts(b, o->discounts, o->n_discounts, o->digits);
	member_open(b, "addresses", '{');
	address_json(b, "shipping", &o->shipping);
	address_json(b, "billing", &o->billing);
	buf_c(b, '}');
	member_text(b, "shipping_method", o->shipping_method);
	EACH("payments", o->n_payments, put_payment(b, &o->payments[i]));
	EACH("refunds", o->n_refunds, put_refund(b, &o->refunds[i], o));
	EACH("disputes", o->n_disputes, put_dispute(b, &o->disputes[i]));
	EACH("shipments", o->n_shipments, put_shipment(b, &o->shipments[i]));
	EACH("holds", o->n_holds, put_hold(b, &o->holds[i]));
	EACH("tickets", o->n_tickets, put_ticket(b, &o->tickets[i]));
}

// Only confirmed orders hold stock: an array that nearly all have empty would be in the way.
static void put_reservations(struct buf *b, const struct order *o)
{
	if (!o->n_reservations) return;
	member_open(b, "reservations", '[');
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		member_item(b, '{');
		member_text(b, "line", r->line);
		member_text(b, "warehouse", r->warehouse);
		member_text(b, "sku", r->sku);
		member_whole(b, "allocated", r->allocated);
		member_whole(b, "backordered", r->backordered);
		member_whole(b, "shipped", r->shipped);
		member_whole(b, "returned", r->returned);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

void order_json(struct buf *b, const struct order *o, int64_t now)
{
	member_record(b, "oms.order/1");
	put_head(b, o, now);
	put_times(b, o);
	put_customer(b, &o->customer);
	put_totals(b, o);
	put_parts(b, o);
	put_reservations(b, o);
	member_texts(b, "tags", o->tags, o->n_tags);
	member_text(b, "note", o->note);
	EACH("timeline", o->n_timeline, put_moment(b, &o->timeline[i]));
	buf_c(b, '}');
}
