// What a confirmed order holds of stock: the plan it was confirmed by, less what has left, was cancelled or came back.
#include "fold_parts.h"
#include <stdlib.h>

struct part { struct str sku; int64_t quantity; };                                     // what one unit of the line takes
struct place_units { // of the line, in one warehouse: planned; given back; and what is of it now
	struct str warehouse;
	int64_t units, backordered, released, released_waiting, shipped, allocated, waiting, returned;
};
struct plan_line { struct str line, sku; int64_t quantity, before; VEC(struct place_units) at; VEC(struct part) parts; };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t rest(int64_t a, int64_t b) { return a > b ? a - b : 0; }

static int64_t whole_at(struct place *p, uint32_t object, const char *key)
{
	int64_t n;
	uint32_t v = json_getz(p->j, object, key);
	return v && json_int(p->j, v, &n) && n > 0 ? n : 0;
}

static uint32_t list_at(struct place *p, uint32_t object, const char *key)
{
	uint32_t v = json_getz(p->j, object, key);
	return v && json_type(p->j, v) == JSON_ARRAY ? v : 0;
}

// The newest confirmation is the plan; one behind it was superseded.
void fold_plan_event(struct fold *f, size_t i)
{
	if (f->ev[i].type != EV_ORDER_CONFIRMED) {
		bool cancels = f->ev[i].type == EV_UNITS_CANCELLED;
		if (cancels) *VEC_PUSH(f->a, &f->unit_cancels) = i;
		else *VEC_PUSH(f->a, &f->unit_releases) = i;
		stands(f, i);
		return;
	}
	if (f->confirmed != NOT_THERE) return;
	f->confirmed = i;
	f->o->confirmed_at = when(f, i);
	f->o->confirmed_by = f->ev[i].actor;
	struct place p = place_of(f, i, -1);
	f->o->service = text_at(&p, f->ev[i].body, "service");
	f->o->carrier = text_at(&p, f->ev[i].body, "carrier");
	stands(f, i);
}

// The channel's own count of cancelled units has ours in it once the channel was told, so the larger of the two holds; ours were
// cancelled beyond what was then: the event says how many were after it.
void fold_plan_cancels(struct fold *f)
{
	struct order *o = f->o;
	int64_t *ours = NEW_N(f->a, int64_t, o->n_lines + 1), *all = NEW_N(f->a, int64_t, o->n_lines + 1);
	for (size_t k = 0; k < f->unit_cancels.n; k++) {
		struct place p = place_of(f, f->unit_cancels.v[k], -1);
		uint32_t lines = list_at(&p, f->ev[p.i].body, "lines");
		for (uint32_t v = lines ? json_first(p.j, lines) : 0; v; v = json_after(p.j, lines, v)) {
			size_t at = names_find(&f->line_names, text_at(&p, v, "line"));
			if (at == NOT_THERE) continue;
			if (__builtin_add_overflow(ours[at], whole_at(&p, v, "quantity"), &ours[at])) ours[at] = INT64_MAX;
			if (whole_at(&p, v, "cancelled") > all[at]) all[at] = whole_at(&p, v, "cancelled");
		}
	}
	for (size_t k = 0; k < o->n_lines; k++) {
		struct line *l = &o->lines[k];
		int64_t n = least(ours[k] > all[k] ? ours[k] : all[k], l->quantity);
		if (n > l->cancelled) l->cancelled = n;
	}
}

// --- the plan ----------------------------------------------------------------------------------------------------------------

static void read_line(struct place *p, uint32_t v, struct plan_line *to)
{
	struct arena *a = p->f->a;
	uint32_t at = list_at(p, v, "allocations"), parts = list_at(p, v, "components");
	*to = (struct plan_line){.line = text_at(p, v, "line"), .sku = text_at(p, v, "sku"), .quantity = whole_at(p, v, "quantity"), .before = whole_at(p, v, "shipped")};
	for (uint32_t u = at ? json_first(p->j, at) : 0; u; u = json_after(p->j, at, u))
		*VEC_PUSH(a, &to->at) = (struct place_units){.warehouse = text_at(p, u, "warehouse"), .units = whole_at(p, u, "units"), .backordered = whole_at(p, u, "backordered")};
	for (uint32_t c = parts ? json_first(p->j, parts) : 0; c; c = json_after(p->j, parts, c))
		*VEC_PUSH(a, &to->parts) = (struct part){text_at(p, c, "sku"), whole_at(p, c, "quantity")};
}

// Parcels that say which warehouse they left.
static int64_t shipped_from(const struct fold *f, struct str line, struct str warehouse)
{
	int64_t n = 0;
	for (size_t k = 0; k < f->o->n_shipments; k++) {
		const struct shipment *s = &f->o->shipments[k];
		if (!shipment_left(s->status) || !str_eq(s->location, warehouse)) continue;
		for (size_t i = 0; i < s->n_lines; i++)
			if (str_eq(s->lines[i].line, line) && s->lines[i].quantity > 0 && __builtin_add_overflow(n, s->lines[i].quantity, &n)) return INT64_MAX;
	}
	return n;
}

// Units that left, given to warehouses: to those that parcels name, then as planned; what is over left the first one too.
static void give_shipped(struct fold *f, struct plan_line *pl, int64_t left)
{
	for (size_t i = 0; i < pl->at.n && left; i++) {
		struct place_units *at = &pl->at.v[i];
		at->shipped = least(least(shipped_from(f, pl->line, at->warehouse), at->units + at->backordered), left);
		left -= at->shipped;
	}
	for (size_t i = 0; i < pl->at.n && left; i++) {
		struct place_units *at = &pl->at.v[i];
		int64_t n = least(rest(at->units + at->backordered, at->shipped), left);
		at->shipped += n;
		left -= n;
	}
	if (pl->at.n && left > 0) pl->at.v[0].shipped += left;
}

// What is still to leave, given to warehouses as planned: the last of the plan is the first to be let go.
static void give_open(struct plan_line *pl, int64_t open)
{
	for (size_t i = 0; i < pl->at.n; i++) {
		struct place_units *at = &pl->at.v[i];
		at->allocated = least(rest(at->units, at->shipped + at->released), open);
		open -= at->allocated;
	}
	for (size_t i = 0; i < pl->at.n; i++) {
		struct place_units *at = &pl->at.v[i];
		at->waiting = least(rest(at->units + at->backordered, at->shipped + at->allocated + at->released + at->released_waiting), open);
		at->waiting = least(at->waiting, rest(at->backordered, at->released_waiting));
		open -= at->waiting;
	}
}

static void give_returned(struct plan_line *pl, int64_t back)
{
	for (size_t i = 0; i < pl->at.n; i++) {
		struct place_units *at = &pl->at.v[i];
		at->returned = least(at->shipped, back);
		back -= at->returned;
	}
}

static int64_t times(struct fold *f, int64_t a, int64_t b)
{
	int64_t n;
	if (!__builtin_mul_overflow(a, b, &n)) return n;
	f->overflow = true;
	return 0;
}

// Of the units that left, those that it was to ship: what is over was nobody's order to this warehouse.
static int64_t promised(const struct place_units *at)
{
	return least(at->shipped, rest(at->units + at->backordered, at->released + at->released_waiting));
}

static void reserve(struct fold *f, reservations *list, const struct plan_line *pl, const struct place_units *at, const struct part *part)
{
	struct reservation r = {pl->line, at->warehouse, part->sku, times(f, at->allocated, part->quantity), times(f, at->waiting, part->quantity),
		times(f, at->shipped, part->quantity), times(f, at->returned, part->quantity), times(f, promised(at), part->quantity)};
	if (r.allocated | r.backordered | r.shipped | r.returned) *VEC_PUSH(f->a, list) = r;
}

// --- what was given back -------------------------------------------------------------------------------------------------------

struct given_units { struct str line, warehouse, sku; int64_t units, waiting; };
struct given_back { VEC(struct given_units) list; struct names first; }; // by line; where in the list each begins

static int release_by_line(const void *x, const void *y)
{
	const struct given_units *a = x, *b = y;
	return str_cmp(a->line, b->line);
}

// Stock that was given back may be another order's by now: whatever is told later, it is not taken back without a check.
static void read_releases(struct fold *f, struct given_back *to)
{
	for (size_t k = 0; k < f->unit_releases.n; k++) {
		struct place p = place_of(f, f->unit_releases.v[k], -1);
		uint32_t lines = list_at(&p, f->ev[p.i].body, "lines");
		for (uint32_t v = lines ? json_first(p.j, lines) : 0; v; v = json_after(p.j, lines, v))
			*VEC_PUSH(f->a, &to->list) = (struct given_units){text_at(&p, v, "line"), text_at(&p, v, "warehouse"), text_at(&p, v, "sku"), whole_at(&p, v, "quantity"),
				whole_at(&p, v, "backordered")};
	}
	if (!to->list.n) return;
	qsort(to->list.v, to->list.n, sizeof *to->list.v, release_by_line);
	for (size_t i = 0; i < to->list.n; i++)
		if (!i || !str_eq(to->list.v[i].line, to->list.v[i - 1].line)) names_add(f->a, &to->first, to->list.v[i].line, i);
}

// A bundle's components move together: the first tells how many units of the line it was.
static void give_back(struct given_back *g, struct plan_line *pl)
{
	if (!g->list.n || !pl->parts.n || !pl->parts.v[0].quantity) return;
	for (size_t i = names_find(&g->first, pl->line); i < g->list.n && str_eq(g->list.v[i].line, pl->line); i++) {
		const struct given_units *r = &g->list.v[i];
		for (size_t k = 0; k < pl->at.n; k++) {
			struct place_units *at = &pl->at.v[k];
			if (!str_eq(at->warehouse, r->warehouse) || !str_eq(pl->parts.v[0].sku, r->sku)) continue;
			at->released += least(r->units / pl->parts.v[0].quantity, rest(at->units, at->released));
			at->released_waiting += least(r->waiting / pl->parts.v[0].quantity, rest(at->backordered, at->released_waiting));
		}
	}
}

// --- line by line ----------------------------------------------------------------------------------------------------------------

static int64_t units_in(const struct parcel *x, struct str line)
{
	int64_t n = 0;
	for (size_t i = 0; i < x->s.n_lines; i++)
		if (str_eq(x->s.lines[i].line, line) && __builtin_add_overflow(n, rest(x->s.lines[i].quantity, 0), &n)) return INT64_MAX;
	return n;
}

// Of the units that had left before it was confirmed, those in parcels that have not left after all: they are the plan's when they
// leave. One that had been taken back by then was not among them, so as many as still are in parcels of that time are left out.
static int64_t had_not_left(const struct fold *f, const struct plan_line *pl)
{
	int64_t still = 0, back = 0;
	for (size_t k = 0; k < f->parcels.n && pl->before; k++) {
		const struct parcel *x = &f->parcels.v[k];
		int64_t *to = shipment_left(x->s.status) ? &still : &back;
		if (x->merged || x->told_at == DATE_NONE || x->told_at > f->o->confirmed_at) continue;
		if (__builtin_add_overflow(*to, units_in(x, pl->line), to)) *to = INT64_MAX;
	}
	return least(back, rest(pl->before, still));
}

static void close_line(struct fold *f, reservations *list, struct given_back *back, struct plan_line *pl)
{
	size_t k = names_find(&f->line_names, pl->line);
	if (k == NOT_THERE) {
		f->changed = true;
		return; // what the channel took out of the order holds nothing
	}
	struct line *l = &f->o->lines[k];
	int64_t open = rest(rest(l->quantity, l->cancelled), l->shipped);
	give_back(back, pl);
	int64_t stayed = had_not_left(f, pl);
	give_shipped(f, pl, rest(rest(l->shipped, 0), pl->before - stayed)); // what had left before was none of ours
	give_open(pl, open);
	give_returned(pl, f->lines.v[k].restocked);
	int64_t given = 0;
	for (size_t i = 0; i < pl->at.n; i++) {
		l->allocated += pl->at.v[i].allocated;
		l->backordered += pl->at.v[i].waiting;
		given += pl->at.v[i].released + pl->at.v[i].released_waiting;
		open = rest(open, pl->at.v[i].allocated + pl->at.v[i].waiting);
		for (size_t c = 0; c < pl->parts.n; c++) reserve(f, list, pl, &pl->at.v[i], &pl->parts.v[c]);
	}
	f->changed |= l->quantity != pl->quantity || !str_eq(l->sku, pl->sku);
	f->reopened |= open && (given || stayed);
	l->picked = least(l->picked, l->allocated);
	l->allocated -= l->picked; // picked units are held as well, under their own name
}

static int by_place(const void *x, const void *y)
{
	const struct reservation *a = x, *b = y;
	int c = str_cmp(a->line, b->line);
	if (!c) c = str_cmp(a->warehouse, b->warehouse);
	return c ? c : str_cmp(a->sku, b->sku);
}

void fold_plan_close(struct fold *f)
{
	struct place p = place_of(f, f->confirmed, -1);
	uint32_t lines = list_at(&p, f->ev[f->confirmed].body, "lines");
	reservations list = {0};
	struct given_back back = {0};
	size_t known = 0;
	read_releases(f, &back);
	for (uint32_t v = lines ? json_first(p.j, lines) : 0; v; v = json_after(p.j, lines, v), known++) {
		struct plan_line pl;
		read_line(&p, v, &pl);
		close_line(f, &list, &back, &pl);
	}
	f->changed |= known != f->o->n_lines;
	if (list.n > 1) qsort(list.v, list.n, sizeof *list.v, by_place);
	f->o->reservations = list.v;
	f->o->n_reservations = list.n;
}
