// The references an order answers to.
#include "order.h"
#include <stdlib.h>

struct refs { struct arena *a; VEC(struct event_ref) list; };

static void add(struct refs *r, enum ref_kind k, struct str value)
{
	if (!value.n) return;
	value = ref_normal(r->a, k, value);
	if (value.n) *VEC_PUSH(r->a, &r->list) = (struct event_ref){k, value};
}

static size_t digits_in(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) n += s.p[i] >= '0' && s.p[i] <= '9';
	return n;
}

// An order number of fewer digits has no tail to look for.
enum { TAIL_DIGITS = 4 };

static void add_address(struct refs *r, const struct address *d)
{
	add(r, REF_NAME, d->name);
	add(r, REF_NAME, d->company);
	add(r, REF_PHONE, d->phone);
}

// A shipment with several numbers shows them joined: each is one to look for.
static void add_tracking(struct refs *r, struct str numbers)
{
	for (size_t from = 0, i = 0; i <= numbers.n; i++) {
		if (i < numbers.n && numbers.p[i] != ',') continue;
		add(r, REF_TRACKING, str_cut(numbers, from, i));
		from = i + 1;
	}
}

static void add_parts(struct refs *r, const struct order *o)
{
	for (size_t i = 0; i < o->n_payments; i++) add(r, REF_PSP, o->payments[i].psp_ref);
	for (size_t i = 0; i < o->n_refunds; i++) {
		add(r, REF_PSP, o->refunds[i].psp_ref);
		add(r, REF_PSP, o->refunds[i].payment_ref);
	}
	for (size_t i = 0; i < o->n_disputes; i++) {
		add(r, REF_DISPUTE, o->disputes[i].id);
		add(r, REF_PSP, o->disputes[i].id);
		add(r, REF_PSP, o->disputes[i].payment_ref);
	}
	for (size_t i = 0; i < o->n_shipments; i++) {
		add(r, REF_SHIPMENT, o->shipments[i].id);
		add_tracking(r, o->shipments[i].tracking_number);
	}
	for (size_t i = 0; i < o->n_tickets; i++) add(r, REF_TICKET, o->tickets[i].id);
	for (size_t i = 0; i < o->n_more; i++) add(r, o->more[i].kind, o->more[i].value);
}

static int by_kind(const void *x, const void *y)
{
	const struct event_ref *a = x, *b = y;
	return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : str_cmp(a->value, b->value);
}

static size_t without_doubles(struct event_ref *r, size_t n)
{
	size_t k = 0;
	if (n > 1) qsort(r, n, sizeof *r, by_kind);
	for (size_t i = 0; i < n; i++)
		if (!k || by_kind(&r[k - 1], &r[i])) r[k++] = r[i];
	return k;
}

size_t order_refs(const struct order *o, struct arena *a, struct event_ref **refs)
{
	struct refs r = {.a = a};
	add(&r, REF_EXTERNAL, o->external_id);
	add(&r, REF_NUMBER, o->number);
	if (digits_in(o->number) >= TAIL_DIGITS) add(&r, REF_NUMBER_TAIL, o->number);
	add(&r, REF_EMAIL, o->customer.email);
	add(&r, REF_NAME, o->customer.name);
	add(&r, REF_NAME, o->customer.company);
	add(&r, REF_PHONE, o->customer.phone);
	add_address(&r, &o->shipping);
	add_address(&r, &o->billing);
	add_parts(&r, o);
	*refs = r.list.v;
	return without_doubles(r.list.v, r.list.n);
}
