// Events from text, folds of them, and a dump of every field of an order: for tests of the fold.
#ifndef FOLD_HELP_H
#define FOLD_HELP_H
#include "fold.h"
#include "money.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

struct set { struct arena a; VEC(struct event) ev; struct order o; bool used[256]; struct err e; };

// One event of JSON text; fails the test where it cannot be read.
static inline struct event event_of(struct set *s, const char *text)
{
	struct json *j = NEW(&s->a, struct json);
	struct json_error je;
	struct event ev;
	if (!json_parse(j, str_of(text), &je)) fail_msg("%s at %u: %s", je.what, je.column, text);
	if (event_read(&ev, j, &s->a, &s->e)) fail_msg("%s: %s", s->e.text, text);
	return ev;
}

static int serial;
// add(&s, "order.updated", "2026-11-02T10:00:00.000Z", "\"total\":\"1.00\""): an event of order 1 of source shop.
static inline void add_from(struct set *s, const char *source, const char *type, const char *at, const char *body)
{
	char *text = arena_printf(&s->a, "{\"schema\":\"oms.event/1\",\"id\":\"e%03d\",\"type\":\"%s\",\"source\":\"%s\",\"order\":\"1\","
		"\"occurred_at\":\"%s\",\"body\":{%s}}", ++serial, type, source, at, body);
	*VEC_PUSH(&s->a, &s->ev) = event_of(s, text);
}

static inline void add(struct set *s, const char *type, const char *at, const char *body) { add_from(s, "shop", type, at, body); }

static inline struct order *fold(struct set *s)
{
	assert_int_equal(fold_order(&s->o, s->ev.v, s->ev.n, DATE_NONE, s->used, &s->a, &s->e), 0);
	return &s->o;
}

static inline void done(struct set *s)
{
	for (size_t i = 0; i < s->ev.n; i++) json_free((struct json *)(uintptr_t)s->ev.v[i].j);
	arena_free(&s->a);
}

#define assert_str(is, should) assert_string_equal(str_show(is), should)
static inline const char *str_show(struct str s)
{
	static char ring[8][512];
	static int k;
	char *to = ring[k++ & 7];
	if (!s.p) return "(absent)";
	size_t n = s.n < 511 ? s.n : 511;
	memcpy(to, s.p, n);
	to[n] = 0;
	return to;
}

static inline const struct hold *hold_named(const struct order *o, const char *id)
{
	for (size_t i = 0; i < o->n_holds; i++)
		if (str_is(o->holds[i].id, id)) return &o->holds[i];
	return NULL;
}

// --- dump -----------------------------------------------------------------------------------------------------------

static inline void d_str(struct buf *b, const char *name, struct str s)
{
	buf_cstr(b, name);
	if (s.p) buf_json(b, s);
	else buf_cstr(b, "-");
	buf_c(b, ' ');
}
static inline void d_int(struct buf *b, const char *name, int64_t v)
{
	buf_cstr(b, name);
	buf_int(b, v);
	buf_c(b, ' ');
}
#define DS(x) d_str(b, #x "=", x)
#define DI(x) d_int(b, #x "=", (int64_t)(x))

static inline void d_taxes(struct buf *b, const struct tax *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		DS(t[i].name); DS(t[i].jurisdiction); DS(t[i].rate); DI(t[i].amount); DI(t[i].included);
	}
}
static inline void d_discounts(struct buf *b, const struct discount *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		DS(t[i].code); DS(t[i].name); DI(t[i].amount);
	}
}
static inline void d_strs(struct buf *b, const struct str *t, size_t n)
{
	for (size_t i = 0; i < n; i++) DS(t[i]);
}
static inline void d_address(struct buf *b, const struct address *d)
{
	DI(d->present); DS(d->name); DS(d->company); DS(d->line1); DS(d->line2); DS(d->line3); DS(d->city); DS(d->region);
	DS(d->region_code); DS(d->postcode); DS(d->country); DS(d->phone);
}
static inline void d_lines(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		DS(l->id); DS(l->sku); DS(l->name); DS(l->variant); DI(l->quantity); DI(l->unit_price); DI(l->subtotal); DI(l->discount);
		DI(l->tax); DI(l->total); DI(l->digital); DI(l->gift_card); DI(l->cancelled); DI(l->allocated); DI(l->picked);
		DI(l->backordered); DI(l->shipped); DI(l->delivered); DI(l->lost); DI(l->returned); DI(l->refunded);
		d_taxes(b, l->taxes, l->n_taxes);
		d_discounts(b, l->discounts, l->n_discounts);
		buf_c(b, '\n');
	}
	for (size_t i = 0; i < o->n_charges; i++) {
		const struct charge *c = &o->charges[i];
		DI(c->kind); DS(c->id); DS(c->name); DS(c->code); DI(c->price); DI(c->discount); DI(c->tax);
		d_taxes(b, c->taxes, c->n_taxes);
		buf_c(b, '\n');
	}
}
static inline void d_money(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_payments; i++) {
		const struct payment *p = &o->payments[i];
		DS(p->psp); DS(p->psp_ref); DS(p->method); DS(p->brand); DS(p->last4); DS(p->gateway); DI(p->status); DS(p->currency);
		DI(p->digits); DI(p->amount); DI(p->authorized); DI(p->captured); DI(p->voided); DI(p->refunded); DI(p->fee); DI(p->at); DS(p->error);
		buf_c(b, '\n');
	}
	for (size_t i = 0; i < o->n_refunds; i++) {
		const struct refund *r = &o->refunds[i];
		DS(r->id); DS(r->psp_ref); DS(r->payment_ref); DS(r->reason); DS(r->note); DI(r->status); DI(r->amount); DI(r->shipping); DI(r->at);
		for (size_t k = 0; k < r->n_lines; k++) {
			DS(r->lines[k].line); DI(r->lines[k].quantity); DI(r->lines[k].amount); DI(r->lines[k].tax); DS(r->lines[k].restock);
		}
		buf_c(b, '\n');
	}
	for (size_t i = 0; i < o->n_disputes; i++) {
		const struct dispute *d = &o->disputes[i];
		DS(d->id); DS(d->psp); DS(d->payment_ref); DS(d->reason); DI(d->status); DS(d->currency); DI(d->digits); DI(d->amount);
		DI(d->opened_at); DI(d->due_at);
		buf_c(b, '\n');
	}
}
static inline void d_shipments(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		DS(s->id); DS(s->carrier); DS(s->service); DS(s->tracking_number); DS(s->tracking_url); DS(s->location); DI(s->status);
		DI(s->progress); DI(s->shipped_at); DI(s->delivered_at); DI(s->promised_at); DI(s->eta_at); DI(s->last_event_at);
		for (size_t k = 0; k < s->n_lines; k++) {
			DS(s->lines[k].line); DI(s->lines[k].quantity);
		}
		for (size_t k = 0; k < s->n_events; k++) {
			const struct track *t = &s->events[k];
			DI(t->at); DI(t->code); DS(t->raw_code); DS(t->message); DS(t->location);
		}
		buf_c(b, '\n');
	}
}
static inline void d_care(struct buf *b, const struct order *o)
{
	for (size_t i = 0; i < o->n_holds; i++) {
		const struct hold *h = &o->holds[i];
		DS(h->id); DS(h->type); DS(h->reason); DS(h->owner); DS(h->source); DS(h->rule); DI(h->status); DI(h->opened_at); DI(h->closed_at);
		DI(h->until_at); DS(h->opened_by); DS(h->closed_by); DS(h->resolution);
		d_strs(b, h->blocks, h->n_blocks);
		buf_c(b, '\n');
	}
	for (size_t i = 0; i < o->n_tickets; i++) {
		const struct ticket *t = &o->tickets[i];
		DS(t->id); DS(t->subject); DS(t->channel); DS(t->priority); DS(t->requester); DS(t->requester_email); DS(t->assignee); DS(t->url);
		DI(t->status); DI(t->created_at); DI(t->updated_at); DI(t->solved_at);
		d_strs(b, t->tags, t->n_tags);
		for (size_t k = 0; k < t->n_messages; k++) {
			const struct message *m = &t->messages[k];
			DS(m->id); DS(m->author); DS(m->role); DS(m->channel); DS(m->text); DI(m->public_); DI(m->at);
		}
		buf_c(b, '\n');
	}
	for (size_t i = 0; i < o->n_timeline; i++) {
		const struct moment *m = &o->timeline[i];
		DI(m->at); DI(m->type); DS(m->id); DS(m->source); DS(m->actor); DS(m->summary); DI(m->superseded);
		buf_c(b, '\n');
	}
}
static inline void dump(struct buf *b, const struct order *o)
{
	DS(o->id); DS(o->source); DS(o->external_id); DS(o->number); DI(o->status); DI(o->payment_status); DI(o->fulfilment_status);
	DI(o->attention); DI(o->complete); DS(o->channel_status); DS(o->channel_payment); DS(o->channel_fulfilment); DI(o->placed_at);
	DI(o->updated_at); DI(o->cancelled_at); DI(o->closed_at); DI(o->ship_by); DI(o->promised_at); DS(o->cancel_reason);
	DS(o->customer.id); DS(o->customer.name); DS(o->customer.email); DS(o->customer.phone); DS(o->customer.company);
	DS(o->customer.tax_id); DS(o->customer.segment); DS(o->currency); DI(o->digits); DI(o->price_mode); DI(o->channel_fulfilled);
	DI(o->subtotal); DI(o->discount_total); DI(o->shipping_total); DI(o->fee_total); DI(o->tax_total); DI(o->total);
	DI(o->authorized); DI(o->captured); DI(o->refunded); DI(o->disputed); DS(o->note); DS(o->shipping_method); DI(o->parts);
	buf_c(b, '\n');
	d_address(b, &o->shipping);
	d_address(b, &o->billing);
	d_taxes(b, o->taxes, o->n_taxes);
	d_discounts(b, o->discounts, o->n_discounts);
	d_strs(b, o->tags, o->n_tags);
	buf_c(b, '\n');
	d_lines(b, o);
	d_money(b, o);
	d_shipments(b, o);
	d_care(b, o);
	for (size_t i = 0; i < o->n_more; i++) {
		DI(o->more[i].kind); DS(o->more[i].value);
	}
}
#endif
