// An order as one oms.order/1 record: complete, never collapsed, the same bytes for the same order and the same now.
#include "money.h"
#include "view.h"

// Members are written by name and skipped where absent, so the comma is decided here: never behind an opening bracket.
// What stands before is never the inside of a string, since every string ends in its quote.
static void comma(struct buf *b)
{
	if (b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[') buf_c(b, ',');
}

static void key(struct buf *b, const char *name)
{
	comma(b);
	buf_c(b, '"');
	buf_cstr(b, name);
	buf_cstr(b, "\":");
}

static void open_object(struct buf *b)
{
	comma(b);
	buf_c(b, '{');
}

static void open_array(struct buf *b, const char *name)
{
	key(b, name);
	buf_c(b, '[');
}

static void text(struct buf *b, const char *name, struct str s)
{
	if (!s.p) return;
	key(b, name);
	buf_json(b, s);
}

static void word(struct buf *b, const char *name, enum axis a, int value)
{
	const char *w = axis_word(a, value);
	if (w) text(b, name, str_of(w));
}

static void money(struct buf *b, const char *name, int64_t minor, int digits)
{
	if (minor == MONEY_NONE) return;
	key(b, name);
	buf_c(b, '"');
	money_text(b, minor, digits);
	buf_c(b, '"');
}

static void instant(struct buf *b, const char *name, int64_t at)
{
	if (at == DATE_NONE) return;
	key(b, name);
	buf_c(b, '"');
	date_text(b, at);
	buf_c(b, '"');
}

static void whole(struct buf *b, const char *name, int64_t v)
{
	key(b, name);
	buf_int(b, v);
}

static void yes(struct buf *b, const char *name, bool v)
{
	key(b, name);
	buf_cstr(b, v ? "true" : "false");
}

static void texts(struct buf *b, const char *name, const struct str *v, size_t n)
{
	open_array(b, name);
	for (size_t i = 0; i < n; i++) {
		comma(b);
		buf_json(b, v[i]);
	}
	buf_c(b, ']');
}

static void put_attention(struct buf *b, unsigned bits)
{
	open_array(b, "attention");
	for (int i = 0; i < ATTENTION_COUNT; i++) {
		if (!(bits >> i & 1)) continue;
		comma(b);
		buf_json(b, str_of(axis_word(AXIS_ATTENTION, i)));
	}
	buf_c(b, ']');
}

static void put_taxes(struct buf *b, const struct tax *t, size_t n, int digits)
{
	open_array(b, "taxes");
	for (size_t i = 0; i < n; i++) {
		open_object(b);
		text(b, "name", t[i].name);
		text(b, "jurisdiction", t[i].jurisdiction);
		text(b, "rate", t[i].rate);
		money(b, "amount", t[i].amount, digits);
		yes(b, "included", t[i].included);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_discounts(struct buf *b, const struct discount *d, size_t n, int digits)
{
	open_array(b, "discounts");
	for (size_t i = 0; i < n; i++) {
		open_object(b);
		text(b, "code", d[i].code);
		text(b, "name", d[i].name);
		money(b, "amount", d[i].amount, digits);
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
	key(b, "quantities");
	buf_c(b, '{');
	whole(b, "cancelled", l->cancelled);
	whole(b, "unshipped", unshipped);
	whole(b, "backordered", l->backordered);
	whole(b, "open", less(less(less(unshipped, l->backordered), l->allocated), l->picked));
	whole(b, "allocated", l->allocated);
	whole(b, "picked", l->picked);
	whole(b, "shipped", l->shipped);
	whole(b, "in_transit", less(less(l->shipped, l->delivered), l->lost));
	whole(b, "delivered", l->delivered);
	whole(b, "lost", l->lost);
	whole(b, "returned", l->returned);
	whole(b, "refunded", l->refunded);
	buf_c(b, '}');
}

static void put_line(struct buf *b, const struct line *l, int digits)
{
	open_object(b);
	text(b, "id", l->id);
	text(b, "sku", l->sku);
	text(b, "name", l->name);
	text(b, "variant", l->variant);
	whole(b, "quantity", l->quantity);
	money(b, "unit_price", l->unit_price, digits);
	money(b, "subtotal", l->subtotal, digits);
	money(b, "discount", l->discount, digits);
	money(b, "tax", l->tax, digits);
	money(b, "total", l->total, digits);
	put_taxes(b, l->taxes, l->n_taxes, digits);
	put_discounts(b, l->discounts, l->n_discounts, digits);
	if (l->digital) yes(b, "digital", true);
	if (l->gift_card) yes(b, "gift_card", true);
	put_quantities(b, l);
	buf_c(b, '}');
}

static void put_charge(struct buf *b, const struct charge *c, int digits)
{
	open_object(b);
	text(b, "kind", c->kind == 's' ? S("shipping") : S("fee"));
	text(b, "id", c->id);
	text(b, "name", c->name);
	text(b, "code", c->code);
	money(b, "price", c->price, digits);
	money(b, "discount", c->discount, digits);
	money(b, "tax", c->tax, digits);
	put_taxes(b, c->taxes, c->n_taxes, digits);
	buf_c(b, '}');
}

static void put_address(struct buf *b, const char *name, const struct address *a)
{
	if (!a->present) return;
	key(b, name);
	buf_c(b, '{');
	text(b, "name", a->name);
	text(b, "company", a->company);
	text(b, "line1", a->line1);
	text(b, "line2", a->line2);
	text(b, "line3", a->line3);
	text(b, "city", a->city);
	text(b, "region", a->region);
	text(b, "region_code", a->region_code);
	text(b, "postcode", a->postcode);
	text(b, "country", a->country);
	text(b, "phone", a->phone);
	buf_c(b, '}');
}

static void put_payment(struct buf *b, const struct payment *p)
{
	open_object(b);
	text(b, "psp", p->psp);
	text(b, "psp_ref", p->psp_ref);
	word(b, "status", AXIS_PAYMENT, (int)p->status);
	text(b, "method", p->method);
	text(b, "brand", p->brand);
	text(b, "last4", p->last4);
	text(b, "gateway", p->gateway);
	text(b, "currency", p->currency);
	money(b, "amount", p->amount, p->digits);
	money(b, "authorized", p->authorized, p->digits);
	money(b, "captured", p->captured, p->digits);
	money(b, "voided", p->voided, p->digits);
	money(b, "refunded", p->refunded, p->digits);
	money(b, "fee", p->fee, p->digits);
	instant(b, "at", p->at);
	text(b, "error", p->error);
	buf_c(b, '}');
}

static void put_refund(struct buf *b, const struct refund *r, const struct order *o)
{
	open_object(b);
	text(b, "id", r->id);
	text(b, "psp_ref", r->psp_ref);
	text(b, "payment_ref", r->payment_ref);
	word(b, "status", AXIS_REFUND, (int)r->status);
	text(b, "currency", o->currency);
	money(b, "amount", r->amount, o->digits);
	money(b, "shipping", r->shipping, o->digits);
	text(b, "reason", r->reason);
	text(b, "note", r->note);
	instant(b, "at", r->at);
	open_array(b, "lines");
	for (size_t i = 0; i < r->n_lines; i++) {
		open_object(b);
		text(b, "line", r->lines[i].line);
		whole(b, "quantity", r->lines[i].quantity);
		money(b, "amount", r->lines[i].amount, o->digits);
		money(b, "tax", r->lines[i].tax, o->digits);
		text(b, "restock", r->lines[i].restock);
		buf_c(b, '}');
	}
	buf_cstr(b, "]}");
}

static void put_dispute(struct buf *b, const struct dispute *d)
{
	open_object(b);
	text(b, "id", d->id);
	text(b, "psp", d->psp);
	text(b, "payment_ref", d->payment_ref);
	word(b, "status", AXIS_DISPUTE, (int)d->status);
	text(b, "reason", d->reason);
	text(b, "currency", d->currency);
	money(b, "amount", d->amount, d->digits);
	instant(b, "opened_at", d->opened_at);
	instant(b, "due_at", d->due_at);
	buf_c(b, '}');
}

static void put_tracks(struct buf *b, const struct shipment *s)
{
	open_array(b, "events");
	for (size_t i = 0; i < s->n_events; i++) {
		const struct track *t = &s->events[i];
		open_object(b);
		instant(b, "at", t->at);
		word(b, "code", AXIS_TRACK, (int)t->code);
		text(b, "raw_code", t->raw_code);
		text(b, "message", t->message);
		text(b, "location", t->location);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_shipment(struct buf *b, const struct shipment *s)
{
	open_object(b);
	text(b, "id", s->id);
	word(b, "status", AXIS_SHIPMENT, (int)s->status);
	word(b, "progress", AXIS_TRACK, (int)s->progress);
	text(b, "carrier", s->carrier);
	text(b, "service", s->service);
	text(b, "tracking_number", s->tracking_number);
	text(b, "tracking_url", s->tracking_url);
	text(b, "location", s->location);
	instant(b, "shipped_at", s->shipped_at);
	instant(b, "delivered_at", s->delivered_at);
	instant(b, "promised_at", s->promised_at);
	instant(b, "eta_at", s->eta_at);
	instant(b, "last_event_at", s->last_event_at);
	open_array(b, "lines");
	for (size_t i = 0; i < s->n_lines; i++) {
		open_object(b);
		text(b, "line", s->lines[i].line);
		whole(b, "quantity", s->lines[i].quantity);
		buf_c(b, '}');
	}
	buf_c(b, ']');
	put_tracks(b, s);
	buf_c(b, '}');
}

static void put_hold(struct buf *b, const struct hold *h)
{
	open_object(b);
	text(b, "id", h->id);
	text(b, "type", h->type);
	word(b, "status", AXIS_HOLD, (int)h->status);
	text(b, "reason", h->reason);
	text(b, "owner", h->owner);
	text(b, "source", h->source);
	text(b, "rule", h->rule);
	texts(b, "blocks", h->blocks, h->n_blocks);
	instant(b, "opened_at", h->opened_at);
	text(b, "opened_by", h->opened_by);
	instant(b, "until_at", h->until_at);
	instant(b, "closed_at", h->closed_at);
	text(b, "closed_by", h->closed_by);
	text(b, "resolution", h->resolution);
	buf_c(b, '}');
}

static void put_messages(struct buf *b, const struct ticket *t)
{
	open_array(b, "messages");
	for (size_t i = 0; i < t->n_messages; i++) {
		const struct message *m = &t->messages[i];
		open_object(b);
		text(b, "id", m->id);
		text(b, "author", m->author);
		text(b, "role", m->role);
		text(b, "channel", m->channel);
		yes(b, "public", m->public_);
		instant(b, "at", m->at);
		text(b, "text", m->text);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_ticket(struct buf *b, const struct ticket *t)
{
	open_object(b);
	text(b, "id", t->id);
	text(b, "subject", t->subject);
	word(b, "status", AXIS_TICKET, (int)t->status);
	text(b, "priority", t->priority);
	text(b, "channel", t->channel);
	if (t->requester.p || t->requester_email.p) {
		key(b, "requester");
		buf_c(b, '{');
		text(b, "name", t->requester);
		text(b, "email", t->requester_email);
		buf_c(b, '}');
	}
	text(b, "assignee", t->assignee);
	text(b, "url", t->url);
	instant(b, "created_at", t->created_at);
	instant(b, "updated_at", t->updated_at);
	instant(b, "solved_at", t->solved_at);
	texts(b, "tags", t->tags, t->n_tags);
	put_messages(b, t);
	buf_c(b, '}');
}

static void put_moment(struct buf *b, const struct moment *m)
{
	open_object(b);
	instant(b, "at", m->at);
	text(b, "type", str_of(event_type_word(m->type)));
	text(b, "id", m->id);
	text(b, "source", m->source);
	text(b, "actor", m->actor);
	text(b, "summary", m->summary);
	if (m->superseded) yes(b, "superseded", true);
	buf_c(b, '}');
}

// What it is, where it came from, where it stands.
static void put_head(struct buf *b, const struct order *o, int64_t now)
{
	text(b, "schema", S("oms.order/1"));
	text(b, "id", o->id);
	text(b, "source", o->source);
	text(b, "external_id", o->external_id);
	text(b, "number", o->number);
	word(b, "status", AXIS_STATUS, (int)o->status);
	word(b, "payment_status", AXIS_PAYMENT, (int)o->payment_status);
	word(b, "fulfilment_status", AXIS_FULFILMENT, (int)o->fulfilment_status);
	put_attention(b, o->attention | order_late(o, now));
	yes(b, "complete", o->complete);
	if (o->channel_status.p || o->channel_payment.p || o->channel_fulfilment.p) {
		key(b, "channel");
		buf_c(b, '{');
		text(b, "status", o->channel_status);
		text(b, "payment", o->channel_payment);
		text(b, "fulfilment", o->channel_fulfilment);
		buf_c(b, '}');
	}
	if (o->channel_fulfilled) yes(b, "channel_fulfilled", true);
	if (o->credit) yes(b, "credit", true);
	if (o->untied) yes(b, "untied", true);
}

static void put_times(struct buf *b, const struct order *o)
{
	instant(b, "placed_at", o->placed_at);
	instant(b, "updated_at", o->updated_at);
	instant(b, "cancelled_at", o->cancelled_at);
	text(b, "cancel_reason", o->cancel_reason);
	instant(b, "closed_at", o->closed_at);
	instant(b, "ship_by", o->ship_by);
	instant(b, "promised_at", o->promised_at);
}

static void put_customer(struct buf *b, const struct customer *c)
{
	key(b, "customer");
	buf_c(b, '{');
	text(b, "id", c->id);
	text(b, "name", c->name);
	text(b, "email", c->email);
	text(b, "phone", c->phone);
	text(b, "company", c->company);
	text(b, "tax_id", c->tax_id);
	text(b, "segment", c->segment);
	buf_c(b, '}');
}

static void put_totals(struct buf *b, const struct order *o)
{
	text(b, "currency", o->currency);
	if (o->price_mode) text(b, "price_mode", o->price_mode == 'n' ? S("net") : S("gross"));
	money(b, "subtotal", o->subtotal, o->digits);
	money(b, "discount_total", o->discount_total, o->digits);
	money(b, "shipping_total", o->shipping_total, o->digits);
	money(b, "fee_total", o->fee_total, o->digits);
	money(b, "tax_total", o->tax_total, o->digits);
	money(b, "total", o->total, o->digits);
	money(b, "authorized", o->authorized, o->digits);
	money(b, "captured", o->captured, o->digits);
	money(b, "refunded", o->refunded, o->digits);
	money(b, "disputed", o->disputed, o->digits);
}

#define EACH(name, n, call) do { \
	open_array(b, name); \
	for (size_t i = 0; i < (n); i++) call; \
	buf_c(b, ']'); \
} while (0)

static void put_parts(struct buf *b, const struct order *o)
{
	EACH("lines", o->n_lines, put_line(b, &o->lines[i], o->digits));
	EACH("charges", o->n_charges, put_charge(b, &o->charges[i], o->digits));
	put_taxes(b, o->taxes, o->n_taxes, o->digits);
	put_discounts(b, o->discounts, o->n_discounts, o->digits);
	key(b, "addresses");
	buf_c(b, '{');
	put_address(b, "shipping", &o->shipping);
	put_address(b, "billing", &o->billing);
	buf_c(b, '}');
	text(b, "shipping_method", o->shipping_method);
	EACH("payments", o->n_payments, put_payment(b, &o->payments[i]));
	EACH("refunds", o->n_refunds, put_refund(b, &o->refunds[i], o));
	EACH("disputes", o->n_disputes, put_dispute(b, &o->disputes[i]));
	EACH("shipments", o->n_shipments, put_shipment(b, &o->shipments[i]));
	EACH("holds", o->n_holds, put_hold(b, &o->holds[i]));
	EACH("tickets", o->n_tickets, put_ticket(b, &o->tickets[i]));
}

void order_json(struct buf *b, const struct order *o, int64_t now)
{
	buf_c(b, '{');
	put_head(b, o, now);
	put_times(b, o);
	put_customer(b, &o->customer);
	put_totals(b, o);
	put_parts(b, o);
	texts(b, "tags", o->tags, o->n_tags);
	text(b, "note", o->note);
	EACH("timeline", o->n_timeline, put_moment(b, &o->timeline[i]));
	buf_c(b, '}');
}
