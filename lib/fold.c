// Events in order make an order: sorted, taken up from the newest to the oldest, and closed part by part.
#include "fold.h"
#include "fold_parts.h"
#include <stdlib.h>

static int by_event(const void *x, const void *y) { return event_cmp(x, y); }

static void sort(struct event *ev, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (event_cmp(&ev[i - 1], &ev[i]) <= 0) continue;
		qsort(ev, n, sizeof *ev, by_event);
		return;
	}
}

static bool is_document(const struct event *ev) { return ev->type == EV_ORDER_CREATED || ev->type == EV_ORDER_UPDATED; }

// The order's id is that of its first document: later ones may come from elsewhere and be attached by a reference.
static const struct event *identity(const struct fold *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (is_document(&f->ev[i]) && f->ev[i].order.n) return &f->ev[i];
	for (size_t i = 0; i < f->n; i++)
		if (f->ev[i].order.n) return &f->ev[i];
	return f->n ? &f->ev[0] : NULL;
}

static void find_currency(struct fold *f)
{
	f->digits = -1;
	for (size_t i = f->n; i-- > 0 && !f->currency.n;) {
		struct place p = place_of(f, i, -1);
		if (is_document(&f->ev[i])) f->currency = text_at(&p, f->ev[i].body, "currency");
		f->currency_from = i;
	}
	if (f->currency.n) f->digits = currency_digits(f->currency);
}

static void start(struct fold *f)
{
	struct order *o = f->o;
	*o = (struct order){.placed_at = DATE_NONE, .updated_at = DATE_NONE, .cancelled_at = DATE_NONE, .closed_at = DATE_NONE,
		.ship_by = DATE_NONE, .promised_at = DATE_NONE, .subtotal = MONEY_NONE, .discount_total = MONEY_NONE,
		.shipping_total = MONEY_NONE, .fee_total = MONEY_NONE, .tax_total = MONEY_NONE, .total = MONEY_NONE};
	o->confirmed_at = DATE_NONE;
	f->confirmed = NOT_THERE;
	f->cancelled_at = f->told_shipped_at = f->fulfilled_at = f->shipped_at = f->captured_late_at = DATE_NONE;
	find_currency(f);
	o->digits = f->digits < 0 ? 2 : f->digits;
}

static void take_up(struct fold *f, size_t i)
{
	switch (f->ev[i].type) {
	case EV_ORDER_CREATED: case EV_ORDER_UPDATED: case EV_ORDER_CANCELLED: case EV_CUSTOMER_UPDATED: fold_order_event(f, i); break;
	case EV_PAYMENT_UPDATED: fold_payment_event(f, i); break;
	case EV_REFUND_UPDATED: fold_refund_event(f, i); break;
	case EV_DISPUTE_UPDATED: fold_dispute_event(f, i); break;
	case EV_SHIPMENT_UPDATED: fold_shipment_event(f, i); break;
	case EV_TRACKING_UPDATED: *VEC_PUSH(f->a, &f->scans) = i; break;
	case EV_TICKET_UPDATED: fold_ticket_event(f, i); break;
	case EV_TICKET_MESSAGE: fold_message_event(f, i); break;
	case EV_HOLD_OPENED: case EV_HOLD_RELEASED: *VEC_PUSH(f->a, &f->hold_events) = i; break;
	case EV_NOTE_ADDED: case EV_SOURCE_NOTIFIED: stands(f, i); break; // nothing but the timeline
	case EV_ORDER_CONFIRMED: case EV_UNITS_CANCELLED: case EV_UNITS_RELEASED: fold_plan_event(f, i); break;
	case EV_REFERENCE_SET: case EV_STOCK_BOOKED: case EV_COUNT: break; // of no order
	}
}

static struct str joined(struct arena *a, struct str source, struct str external)
{
	char *to = arena_take(a, source.n + 1 + external.n + 1);
	if (source.n) memcpy(to, source.p, source.n);
	to[source.n] = ':';
	if (external.n) memcpy(to + source.n + 1, external.p, external.n);
	return (struct str){to, source.n + 1 + external.n};
}

static void close_identity(struct fold *f)
{
	struct order *o = f->o;
	const struct event *ev = identity(f);
	if (!ev) return;
	o->source = ev->source;
	if (ev->order.n) o->external_id = ev->order;
	o->id = joined(f->a, o->source, o->external_id);
	for (size_t i = 0; i < f->n && o->placed_at == DATE_NONE; i++) // what we did with it says nothing of when it was placed
		if (event_type_class(f->ev[i].type) != 'c') o->placed_at = when(f, i);
	for (size_t i = f->n; i-- > 0 && o->updated_at == DATE_NONE;)
		if (is_document(&f->ev[i])) o->updated_at = when(f, i);
	if (!o->customer.segment.n) o->customer.segment = S("consumer");
	if (f->test) o->attention |= 1u << ATT_TEST;
}

static unsigned parts_of(const struct order *o)
{
	return (o->n_lines ? PART_LINES : 0u) | (o->n_charges ? PART_CHARGES : 0u) |
		(o->shipping.present || o->billing.present ? PART_ADDRESSES : 0u) | (o->n_payments ? PART_PAYMENTS : 0u) |
		(o->n_refunds ? PART_REFUNDS : 0u) | (o->n_disputes ? PART_DISPUTES : 0u) | (o->n_shipments ? PART_SHIPMENTS : 0u) |
		(o->n_holds ? PART_HOLDS : 0u) | (o->n_tickets ? PART_TICKETS : 0u) | (o->n_taxes ? PART_TAXES : 0u) | (o->n_reservations ? PART_RESERVATIONS : 0u);
}

void fold_also(struct fold *f, enum ref_kind kind, struct str name)
{
	for (size_t k = 0; k < f->more.n; k++)
		if (f->more.v[k].kind == kind && str_eq(f->more.v[k].value, name)) return;
	*VEC_PUSH(f->a, &f->more) = (struct event_ref){kind, name};
}

static void other_names(struct fold *f)
{
	f->o->more = f->more.v;
	f->o->n_more = f->more.n;
}

// Said once, here: so that a check of the rows can tell figures that came untied from rows that were damaged.
static bool untied(const struct order *o)
{
	struct buf words = {0};
	bool bad = order_breaches(o, &words) > 0;
	buf_free(&words);
	return bad;
}

static void close_all(struct fold *f)
{
	close_identity(f);
	fold_lines_close(f);
	fold_amounts_close(f);
	if (f->refunds.n) fold_refunds_close(f);
	if (f->rows.n || f->refunds.n) fold_payments_close(f);
	if (f->disputes.n) fold_disputes_close(f);
	if (f->parcels.n || f->scans.n) fold_parcels_close(f);
	fold_units_close(f);
	fold_status_close(f);
	if (f->confirmed != NOT_THERE) fold_plan_close(f);
	if (f->tickets.n) fold_tickets_close(f);
	fold_holds_close(f);
	order_derive(f->o);
	other_names(f);
	f->o->untied = untied(f->o);
	f->o->parts = parts_of(f->o);
}

static int fold_all(struct order *o, struct event *ev, size_t n, int64_t until, bool *used, bool timeline, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (ev[i].type >= EV_COUNT) return fail(e, E_DATA, "event " STR_FMT ": no event type this program knows", STR_ARG(ev[i].id));
	sort(ev, n);
	if (!used) used = NEW_N(a, bool, n + 1);
	for (size_t i = 0; i < n; i++) used[i] = false;
	while (until != DATE_NONE && n && ev[n - 1].sort_at > until) n--;
	struct fold f = {.o = o, .a = a, .ev = ev, .n = n, .used = used};
	start(&f);
	for (size_t i = n; i-- > 0;) take_up(&f, i);
	close_all(&f);
	if (timeline) fold_timeline(&f);
	return 0;
}

int fold_order(struct order *o, struct event *ev, size_t n, int64_t until, bool *used, struct arena *a, struct err *e)
{
	return fold_all(o, ev, n, until, used, true, a, e);
}

int fold_state(struct order *o, struct event *ev, size_t n, int64_t until, bool *used, struct arena *a, struct err *e)
{
	return fold_all(o, ev, n, until, used, false, a, e);
}
