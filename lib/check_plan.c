// From where: one warehouse that has it all, else the fewest that have it together, else what may be waited for.
//
// Which line gets what from some places is found out in check_give.c; here it is which places, and what becomes of the rest.
#include "check_part.h"

enum { EXACT = 12, WORK = 20000000 }; // up to so many places every combination is tried, the smaller first, while that is not too much work

// --- the stock there is ----------------------------------------------------------------------------------------------------------

static uint32_t *slot_of(struct checking *c, struct str sku)
{
	size_t i = (size_t)str_hash(sku) & (c->slots - 1);
	while (c->slot[i] && !str_eq(c->items.v[c->slot[i] - 1].sku, sku)) i = (i + 1) & (c->slots - 1);
	return &c->slot[i];
}

static int read_item(struct checking *c, struct str sku)
{
	const struct sku_ref *ref = catalog_sku(c->db, c->e, sku);
	struct item t = {.sku = sku, .cell = NEW_N(c->a, struct cell, c->places.n + 1)};
	struct stock_row *row;
	size_t n;
	if ((!ref && c->e->code) || stock_list(c->db, c->e, c->a, sku, &row, &n)) return -1;
	struct cell *waits = &t.cell[c->places.n];
	waits->available = ref ? ref->backorder_limit : 0;
	for (size_t i = 0; i < n; i++) waits->available -= row[i].balance.backordered;
	for (size_t k = 0; k < c->places.n; k++) {
		struct cell *x = &t.cell[k];
		struct str warehouse = c->places.v[k].ref->id;
		for (size_t i = 0; i < n; i++)
			if (str_eq(row[i].warehouse, warehouse)) x->available = balance_available(&row[i].balance), x->waited = balance_waited(&row[i].balance);
		if (catalog_safety(c->db, c->e, sku, ref ? ref->category : (struct str){0}, warehouse, c->o->source, &x->safety, &x->rule)) return -1;
	}
	*VEC_PUSH(c->a, &c->items) = t;
	return 0;
}

static void begin_items(struct checking *c)
{
	size_t n = 0;
	for (size_t i = 0; i < c->wants.n; i++) n += c->wants.v[i].n_parts;
	for (c->slots = 16; c->slots < 2 * n; c->slots *= 2);
	c->slot = NEW_N(c->a, uint32_t, c->slots);
}

static int read_items(struct checking *c)
{
	begin_items(c);
	for (size_t i = 0; i < c->wants.n; i++) {
		struct want *w = &c->wants.v[i];
		w->item = NEW_N(c->a, size_t, w->n_parts + 1);
		for (size_t k = 0; k < w->n_parts; k++) {
			int64_t units;
			uint32_t *at = slot_of(c, w->parts[k].sku);
			if (!*at && read_item(c, w->parts[k].sku)) return -1;
			if (!*at) *at = (uint32_t)c->items.n;
			w->item[k] = *at - 1;
			struct item *t = plan_item(c, w, k);
			if (__builtin_mul_overflow(w->units, w->parts[k].quantity, &units) || __builtin_add_overflow(t->wanted, units, &t->wanted)) t->wanted = INT64_MAX;
		}
	}
	return 0;
}

// --- which places ---------------------------------------------------------------------------------------------------------------

// The next combination of k out of n, in the order of the places; false behind the last.
static bool next_combination(size_t *at, size_t k, size_t n)
{
	for (size_t i = k; i-- > 0;) {
		if (at[i] == n - k + i) continue;
		at[i]++;
		for (size_t j = i + 1; j < k; j++) at[j] = at[j - 1] + 1;
		return true;
	}
	return false;
}

// The first of the smallest combinations that has it all: how many places, 0 where none has.
static size_t fewest(struct checking *c, struct trial *t, size_t *at)
{
	size_t n = c->places.n;
	for (size_t k = 1; k <= n && (k == 1 || n <= EXACT); k++) {
		for (size_t i = 0; i < k; i++) at[i] = i;
		do {
			if (give_all(c, at, k, t)) return k;
		} while (next_combination(at, k, n) && t->work < WORK);
	}
	return 0;
}

// The places something is taken from, in their order.
static size_t used(const struct checking *c, const struct trial *t, size_t *at)
{
	size_t n = 0;
	for (size_t p = 0; p < c->places.n; p++) {
		bool any = false;
		for (size_t i = 0; i < c->wants.n && !any; i++) any = *trial_units(c, t, i, p) > 0;
		if (any) at[n++] = p;
	}
	return n;
}

// Of many places: the one that lowers what is missing the most is added, until nothing does; then all of them together, in other turns.
static size_t greedy(struct checking *c, struct trial *t, size_t *at)
{
	size_t n = 0;
	for (int64_t missing = INT64_MAX; n < c->places.n;) {
		size_t best = c->places.n;
		for (size_t p = 0; p < c->places.n; p++) {
			at[n] = p;
			give(c, at, n + 1, t);
			if (t->missing < missing) missing = t->missing, best = p;
		}
		if (best == c->places.n) break;
		at[n++] = best;
		if (!missing) break;
	}
	give(c, at, n, t);
	if (!t->missing || c->places.n <= EXACT || !t->tangled) return n; // of few, all of them together were tried already
	if (give_all(c, t->every, c->places.n, t)) return used(c, t, at);
	give(c, at, n, t);
	return n;
}

// --- the plan ------------------------------------------------------------------------------------------------------------------------

static struct plan_line *line_of(struct checking *c, const struct want *w) { return &c->to->plan.lines.v[w->line - c->o->lines]; }

static void add_units(struct checking *c, struct plan_line *l, size_t place, int64_t units, int64_t waits)
{
	struct str warehouse = c->places.v[place].ref->id;
	for (size_t i = 0; i < l->at.n; i++)
		if (str_eq(l->at.v[i].warehouse, warehouse)) {
			l->at.v[i].units += units;
			l->at.v[i].backordered += waits;
			return;
		}
	*VEC_PUSH(c->a, &l->at) = (struct plan_units){warehouse, units, waits};
}

// What no place has waits where each of its SKUs allows it; of bundles that share a part it may be another one that can. How many of
// the places are used then.
static size_t wait_for_rest(struct checking *c, struct trial *t, size_t *at, size_t n)
{
	if (give_waits(c, t)) return n;
	if (t->tangled && give_all(c, t->every, c->places.n + 1, t)) return used(c, t, at);
	give(c, at, n, t);
	give_waits(c, t);
	return n;
}

static int64_t left_anywhere(const struct checking *c, const struct item *t)
{
	int64_t sum = 0;
	for (size_t k = 0; k < c->places.n; k++) {
		int64_t left = cell_left(c, &t->cell[k]);
		if (left > 0 && __builtin_add_overflow(sum, left, &sum)) return INT64_MAX;
	}
	return sum;
}

static int64_t plus(int64_t a, int64_t b) { return __builtin_add_overflow(a, b, &a) ? INT64_MAX : a; }

static int64_t unmet_of(const struct want *w, size_t part)
{
	int64_t n;
	return __builtin_mul_overflow(w->unmet, w->parts[part].quantity, &n) ? INT64_MAX : n;
}

// Of a bundle only what is too little is told of; all of it where it is there, and not in one place.
static void lack(struct checking *c)
{
	for (size_t i = 0; i < c->items.n; i++) {
		struct item *t = &c->items.v[i];
		int64_t left = t->unmet ? left_anywhere(c, t) : 0;
		if (t->unmet > left) t->lacking = t->unmet - left;
	}
	for (size_t i = 0; i < c->wants.n; i++) {
		struct want *w = &c->wants.v[i];
		w->apart = w->unmet && w->n_parts;
		for (size_t k = 0; k < w->n_parts; k++) w->apart = w->apart && !plan_item(c, w, k)->lacking;
	}
	for (size_t i = 0; i < c->wants.n; i++) {
		const struct want *w = &c->wants.v[i];
		for (size_t k = 0; k < w->n_parts && w->apart; k++) plan_item(c, w, k)->lacking = plus(plan_item(c, w, k)->lacking, unmet_of(w, k));
	}
}

static void put_line(struct checking *c, const struct trial *t, size_t i)
{
	struct want *w = &c->wants.v[i];
	struct plan_line *l = line_of(c, w);
	int64_t waits = *trial_units(c, t, i, c->places.n);
	size_t most = 0;
	w->unmet = w->units - waits;
	l->parts = w->parts;
	l->n_parts = w->n_parts;
	for (size_t p = 0; p < c->places.n; p++) {
		int64_t units = *trial_units(c, t, i, p);
		if (units) add_units(c, l, p, units, 0);
		if (units > *trial_units(c, t, i, most)) most = p;
		w->unmet -= units;
	}
	if (waits) add_units(c, l, most, 0, waits); // where it mostly comes from, else the first
	c->waits += waits;
	if (!w->unmet) return;
	c->to->plan.whole = false;
	for (size_t k = 0; k < w->n_parts; k++) plan_item(c, w, k)->unmet = plus(plan_item(c, w, k)->unmet, unmet_of(w, k));
}

static void put_deductions(struct checking *c)
{
	for (size_t i = 0; i < c->items.n; i++)
		for (size_t k = 0; k < c->places.n; k++) {
			const struct cell *x = &c->items.v[i].cell[k];
			if (x->taken)
				*VEC_PUSH(c->a, &c->to->plan.deductions) = (struct deduction){c->places.v[k].ref->id, c->items.v[i].sku, x->available, x->taken, x->available - x->taken, x->safety, x->rule};
		}
}

static void explain(struct checking *c, const struct trial *t, const size_t *at, size_t n)
{
	struct buf b = {0};
	if (!c->to->plan.whole) buf_printf(&b, "no choice of warehouses%s has all of it", t->gave_up ? " that was tried" : "");
	else if (c->waits) buf_cstr(&b, "no choice of warehouses has all of it; what is missing is waited for");
	else if (c->places.n == 1) buf_printf(&b, STR_FMT " has all of it; it is the only warehouse that ships there", STR_ARG(c->places.v[0].ref->id));
	else if (n == 1) buf_printf(&b, STR_FMT " has all of it: the first by priority, of %zu that ship there, that does", STR_ARG(c->places.v[at[0]].ref->id), c->places.n);
	else {
		buf_printf(&b, "none of %zu has all of it; the fewest that have it together: ", c->places.n);
		for (size_t i = 0; i < n; i++) buf_printf(&b, "%s" STR_FMT, i ? ", " : "", STR_ARG(c->places.v[at[i]].ref->id));
	}
	c->to->plan.why = (struct str){arena_copy(c->a, b.p, b.n), b.n};
	buf_free(&b);
}

static size_t choose(struct checking *c, struct trial *t, size_t *at)
{
	t->work = 0;
	size_t n = fewest(c, t, at);
	return n ? n : greedy(c, t, at);
}

// The override of the availability check lets a plan go below the safety stock, never below nothing; that it had to is told.
static bool may_go_below(const struct checking *c)
{
	int at = policy_check_named(c->policy, S("availability"));
	return at >= 0 && c->opt->overrides >> at & 1;
}

int plan_make(struct checking *c)
{
	struct trial t;
	size_t *at = NEW_N(c->a, size_t, c->places.n + 1);
	c->to->plan.whole = true;
	if (!c->wants.n) return 0;
	if (read_items(c)) return -1;
	t = trial_of(c);
	size_t n = choose(c, &t, at);
	if (t.missing && may_go_below(c)) {
		c->below_safety = true;
		n = choose(c, &t, at);
		if (t.missing) {
			c->below_safety = false; // that alone does not help
			n = choose(c, &t, at);
		}
	}
	if (t.missing && c->places.n) n = wait_for_rest(c, &t, at, n);
	for (size_t i = 0; i < c->wants.n; i++) put_line(c, &t, i);
	if (!c->to->plan.whole) lack(c);
	put_deductions(c);
	explain(c, &t, at, n);
	return 0;
}
