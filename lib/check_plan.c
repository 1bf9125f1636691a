// From where: one warehouse that has it all, else the fewest that have it together, else what may be waited for.
//
// Demands on one SKU are summed as they are given out: what an earlier line took is gone for the later one, in the same cell. A
// line's units may come from several places; all components of a unit come from one.
#include "check_part.h"

enum { EXACT = 12, WORK = 20000000 }; // up to so many places every combination is tried, the smaller first, while that is not too much work

// --- the stock there is ----------------------------------------------------------------------------------------------------------

static struct item *item_of(struct checking *c, const struct want *w, size_t part) { return &c->items.v[w->item[part]]; }

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
	t.may_wait = ref ? ref->backorder_limit : 0;
	for (size_t i = 0; i < n; i++) t.may_wait -= row[i].balance.backordered;
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
			struct item *t = item_of(c, w, k);
			if (__builtin_mul_overflow(w->units, w->parts[k].quantity, &units) || __builtin_add_overflow(t->wanted, units, &t->wanted)) t->wanted = INT64_MAX;
		}
	}
	return 0;
}

// --- giving out --------------------------------------------------------------------------------------------------------------------

struct trial {
	size_t *turn;    // in which order wants are served
	int64_t *units;  // by want and place
	int64_t missing; // what none of the places has
	size_t given;    // wants that were served
	int64_t work;    // spent on all trials so far
};

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t can_take(struct checking *c, const struct want *w, size_t place)
{
	int64_t n = INT64_MAX;
	for (size_t i = 0; i < w->n_parts; i++) {
		const struct cell *x = &item_of(c, w, i)->cell[place];
		int64_t left = x->available - x->waited - (c->below_safety ? 0 : x->safety) - x->taken;
		n = least(n, left > 0 ? left / w->parts[i].quantity : 0);
	}
	return w->n_parts ? n : 0;
}

static void take(struct checking *c, const struct want *w, size_t place, int64_t units)
{
	for (size_t i = 0; i < w->n_parts; i++) item_of(c, w, i)->cell[place].taken += units * w->parts[i].quantity;
}

static void put_back(struct checking *c, struct trial *t)
{
	for (size_t i = 0; i < t->given; i++)
		for (size_t p = 0; p < c->places.n; p++) {
			int64_t *units = &t->units[t->turn[i] * c->places.n + p];
			if (*units) take(c, &c->wants.v[t->turn[i]], p, -*units);
			*units = 0;
		}
	t->given = 0;
	t->missing = 0;
}

// Gives out from these places, in their order. all: where one want is not met the others are not looked at.
static void give(struct checking *c, const size_t *place, size_t n, bool all, struct trial *t)
{
	put_back(c, t);
	for (; t->given < c->wants.n && !(all && t->missing); t->given++) {
		const struct want *w = &c->wants.v[t->turn[t->given]];
		int64_t rest = w->units;
		for (size_t k = 0; k < n && rest; k++) {
			int64_t units = least(rest, can_take(c, w, place[k]));
			t->units[t->turn[t->given] * c->places.n + place[k]] += units;
			take(c, w, place[k], units);
			rest -= units;
		}
		if (__builtin_add_overflow(t->missing, rest, &t->missing)) t->missing = INT64_MAX;
	}
	t->work += (int64_t)(t->given * (n + 1));
}

// Bundles come first: a unit of theirs needs all its components in one place, a single SKU may come from anywhere.
static struct trial trial_of(struct checking *c)
{
	struct trial t = {.turn = NEW_N(c->a, size_t, c->wants.n + 1), .units = NEW_N(c->a, int64_t, c->wants.n * c->places.n + 1)};
	size_t n = 0;
	for (int single = 0; single < 2; single++)
		for (size_t i = 0; i < c->wants.n; i++)
			if ((c->wants.v[i].n_parts < 2) == single) t.turn[n++] = i;
	return t;
}

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
			give(c, at, k, true, t);
			if (!t->missing) return k;
		} while (next_combination(at, k, n) && t->work < WORK);
	}
	return 0;
}

// Of many places: the one that lowers what is missing the most is added, until nothing does.
static size_t greedy(struct checking *c, struct trial *t, size_t *at)
{
	size_t n = 0;
	for (int64_t missing = INT64_MAX; n < c->places.n;) {
		size_t best = c->places.n;
		for (size_t p = 0; p < c->places.n; p++) {
			at[n] = p;
			give(c, at, n + 1, false, t);
			if (t->missing < missing) missing = t->missing, best = p;
		}
		if (best == c->places.n) break;
		at[n++] = best;
		if (!missing) break;
	}
	give(c, at, n, false, t);
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

// What no place has may be waited for where each of its SKUs allows it: at the place it mostly comes from, else the first.
static bool wait_for(struct checking *c, const struct want *w, size_t place, int64_t units)
{
	for (size_t i = 0; i < w->n_parts; i++) {
		int64_t n;
		if (__builtin_mul_overflow(units, w->parts[i].quantity, &n) || item_of(c, w, i)->may_wait < n) return false;
	}
	for (size_t i = 0; i < w->n_parts; i++) item_of(c, w, i)->may_wait -= units * w->parts[i].quantity;
	add_units(c, line_of(c, w), place, 0, units);
	c->waits += units;
	return true;
}

static int64_t left_anywhere(const struct checking *c, const struct item *t)
{
	int64_t sum = 0;
	for (size_t k = 0; k < c->places.n; k++) {
		const struct cell *x = &t->cell[k];
		int64_t left = x->available - x->waited - (c->below_safety ? 0 : x->safety) - x->taken;
		if (left > 0 && __builtin_add_overflow(sum, left, &sum)) return INT64_MAX;
	}
	return sum;
}

// Of a bundle only what is too little is told of; all of it where it is there, and not in one place.
static void lack(struct checking *c, const struct want *w, int64_t units)
{
	c->to->plan.whole = false;
	bool told = false;
	for (int all = 0; all < 2 && !told; all++)
		for (size_t i = 0; i < w->n_parts; i++) {
			struct item *t = item_of(c, w, i);
			int64_t n, left = all ? 0 : left_anywhere(c, t);
			if (__builtin_mul_overflow(units, w->parts[i].quantity, &n)) n = INT64_MAX;
			if (n <= left) continue;
			told = true;
			if (__builtin_add_overflow(t->lacking, n - left, &t->lacking)) t->lacking = INT64_MAX;
		}
}

static void put_lines(struct checking *c, const struct trial *t)
{
	for (size_t i = 0; i < c->wants.n; i++) {
		const struct want *w = &c->wants.v[i];
		struct plan_line *l = line_of(c, w);
		int64_t rest = w->units;
		size_t most = 0;
		l->parts = w->parts;
		l->n_parts = w->n_parts;
		for (size_t p = 0; p < c->places.n; p++) {
			int64_t units = t->units[i * c->places.n + p];
			if (units) add_units(c, l, p, units, 0);
			if (units > t->units[i * c->places.n + most]) most = p;
			rest -= units;
		}
		if (rest && !(c->places.n && w->ref && wait_for(c, w, most, rest))) lack(c, w, rest);
	}
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

static void explain(struct checking *c, const size_t *at, size_t n, int64_t missing)
{
	struct buf b = {0};
	if (missing && !c->to->plan.whole) buf_cstr(&b, "no choice of warehouses has all of it");
	else if (missing) buf_cstr(&b, "no choice of warehouses has all of it; what is missing is waited for");
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
	struct trial t = trial_of(c);
	size_t *at = NEW_N(c->a, size_t, c->places.n + 1);
	c->to->plan.whole = true;
	if (!c->wants.n) return 0;
	if (read_items(c)) return -1;
	size_t n = choose(c, &t, at);
	if (t.missing && may_go_below(c)) {
		c->below_safety = true;
		n = choose(c, &t, at);
		if (t.missing) {
			c->below_safety = false; // that alone does not help
			n = choose(c, &t, at);
		}
	}
	put_lines(c, &t);
	put_deductions(c);
	explain(c, at, n, t.missing);
	return 0;
}
