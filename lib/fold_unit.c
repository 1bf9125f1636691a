// Line quantities: what shipments, the channel's counts and refunds say of the units of each line.
#include "fold_parts.h"

static struct line *line_named(struct fold *f, struct str id)
{
	size_t k = names_find(&f->line_names, id);
	return k == NOT_THERE ? NULL : &f->o->lines[k];
}

static void count(struct fold *f, int64_t *to, int64_t n)
{
	if (__builtin_add_overflow(*to, n, to)) {
		*to = INT64_MAX;
		f->overflow = true;
	}
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

// 0 where nothing is left, and where the quantities are beyond counting.
static int64_t rest(int64_t a, int64_t b)
{
	int64_t n;
	return __builtin_sub_overflow(a, b, &n) || n < 0 ? 0 : n;
}

struct parcels { size_t left, delivered, returned; bool with_lines; };

static struct parcels from_shipments(struct fold *f)
{
	struct parcels x = {0};
	for (size_t k = 0; k < f->o->n_shipments; k++) {
		const struct shipment *s = &f->o->shipments[k];
		if (s->status == SHIP_CANCELLED || s->status == SHIP_FAILED) continue;
		bool left = shipment_left(s->status);
		x.left += left;
		x.delivered += s->status == SHIP_DELIVERED;
		x.returned += s->status == SHIP_RETURNED;
		x.with_lines |= left && s->n_lines > 0;
		for (size_t n = 0; n < s->n_lines; n++) {
			struct line *l = line_named(f, s->lines[n].line);
			int64_t q = s->lines[n].quantity;
			if (!l) continue;
			if (left) count(f, &l->shipped, q);
			if (s->status == SHIP_DELIVERED) count(f, &l->delivered, q);
			if (s->status == SHIP_LOST) count(f, &l->lost, q);
			if (s->status == SHIP_RETURNED) count(f, &l->returned, q);
			if (s->status == SHIP_PICKED || s->status == SHIP_PACKED) count(f, &l->picked, q);
		}
	}
	return x;
}

static bool all_left(enum fulfilment_status s) { return s == FUL_SHIPPED || s == FUL_DELIVERED || s == FUL_RETURNED; }

// Shipments that name lines come first, then the channel's count of a line. Where neither says anything, all of the
// order has left when the channel says so or when parcels without lines are on their way.
static void shipped_units(struct fold *f, const struct parcels *x)
{
	struct order *o = f->o;
	bool any = false;
	for (size_t k = 0; k < o->n_lines; k++) {
		struct line *l = &o->lines[k];
		if (f->lines.v[k].fulfilled > l->shipped) {
			l->shipped = f->lines.v[k].fulfilled;
			f->shipped_at = sooner_of(f->shipped_at, f->fulfilled_at);
		}
		any |= l->shipped > 0;
	}
	if (any || !(all_left(o->fulfilment_status) || (x->left && !x->with_lines))) return;
	for (size_t k = 0; k < o->n_lines; k++)
		o->lines[k].shipped = rest(o->lines[k].quantity, o->lines[k].cancelled);
}

// Deliveries and returns no line is named for: all of what has left, when that is said of the whole.
static void arrived_units(struct fold *f, const struct parcels *x)
{
	struct order *o = f->o;
	bool loose = x->left && !x->with_lines;
	bool delivered = o->fulfilment_status == FUL_DELIVERED || (loose && x->delivered == x->left);
	bool returned = o->fulfilment_status == FUL_RETURNED || (loose && x->returned == x->left);
	for (size_t k = 0; k < o->n_lines; k++) {
		struct line *l = &o->lines[k];
		if (returned && l->returned < l->shipped) l->returned = l->shipped;
		else if (delivered) l->delivered = larger(l->delivered, rest(l->shipped, l->lost));
	}
}

struct given_back { int64_t units, returned, cancelled; };

static void add_refund(struct fold *f, struct given_back *back, const struct refund *r)
{
	for (size_t n = 0; n < r->n_lines; n++) {
		size_t k = names_find(&f->line_names, r->lines[n].line);
		if (k == NOT_THERE) continue;
		count(f, &back[k].units, r->lines[n].quantity);
		if (str_is(r->lines[n].restock, "return")) count(f, &back[k].returned, r->lines[n].quantity);
		if (str_is(r->lines[n].restock, "cancel")) count(f, &back[k].cancelled, r->lines[n].quantity);
	}
}

// Units refunded before they left will never leave. The channel's own count of cancelled units leaves them out, so they
// are added where they fit.
static void refunded_units(struct fold *f)
{
	struct order *o = f->o;
	struct given_back *back = o->n_refunds ? NEW_N(f->a, struct given_back, o->n_lines + 1) : NULL;
	for (size_t k = 0; k < o->n_refunds; k++)
		if (o->refunds[k].status == REFUND_SUCCEEDED) add_refund(f, back, &o->refunds[k]);
	for (size_t k = 0; back && k < o->n_lines; k++) {
		struct line *l = &o->lines[k];
		int64_t both = l->cancelled;
		count(f, &both, back[k].cancelled);
		l->cancelled = both <= l->quantity ? both : larger(l->cancelled, back[k].cancelled);
		l->refunded = larger(l->refunded, back[k].units);
		l->returned = larger(l->returned, back[k].returned);
		f->lines.v[k].restocked = back[k].returned;
	}
}

void fold_units_close(struct fold *f)
{
	struct order *o = f->o;
	refunded_units(f);
	if (f->unit_cancels.n) fold_plan_cancels(f);
	struct parcels x = from_shipments(f);
	shipped_units(f, &x);
	arrived_units(f, &x);
	if (o->fulfilment_status >= FUL_PART_SHIPPED) f->shipped_at = sooner_of(f->shipped_at, f->told_shipped_at);
}
