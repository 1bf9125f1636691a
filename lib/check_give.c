// What each line gets from some places: bundles first, and in other turns where the first leaves something missing.
//
// Demands on one SKU are summed as they are given out: what an earlier line took is gone for the later one, in the same cell. A
// line's units may come from several places; all components of a unit come from one. So a unit of a SKU may take any that is left,
// while two bundles that share a part can stand in each other's way: which of them is served where is then tried out. In what turn
// lines are served comes from what they take and never from where they stand in the order: its answer is the same however they do.
#include "check_part.h"
#include <stdlib.h>

enum { TURNS = 24, SEARCH = 2000000 }; // so often what failed is served first; so much work goes into one search

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static struct want *want_at(const struct checking *c, const struct trial *t, size_t turn) { return &c->wants.v[t->turn[turn]]; }

static int64_t can_take(const struct checking *c, const struct want *w, size_t place)
{
	int64_t n = INT64_MAX;
	for (size_t i = 0; i < w->n_parts; i++) {
		int64_t left = cell_left(c, &plan_item(c, w, i)->cell[place]);
		n = least(n, left > 0 ? left / w->parts[i].quantity : 0);
	}
	return w->n_parts ? n : 0;
}

static void take(struct checking *c, const struct want *w, size_t place, int64_t units)
{
	for (size_t i = 0; i < w->n_parts; i++) plan_item(c, w, i)->cell[place].taken += units * w->parts[i].quantity;
}

static void put_back(struct checking *c, struct trial *t)
{
	for (size_t i = 0; i < t->given; i++)
		for (size_t p = 0; p <= c->places.n; p++) {
			int64_t *units = trial_units(c, t, t->turn[i], p);
			if (*units) take(c, want_at(c, t, i), p, -*units);
			*units = 0;
		}
	t->given = 0;
	t->missing = 0;
}

// Units of the want of this turn from these places, each as much as it has: what is left of them.
static int64_t fill(struct checking *c, const size_t *place, size_t n, struct trial *t, size_t turn, int64_t rest)
{
	const struct want *w = want_at(c, t, turn);
	for (size_t k = 0; k < n && rest; k++) {
		int64_t units = least(rest, can_take(c, w, place[k]));
		*trial_units(c, t, t->turn[turn], place[k]) += units;
		take(c, w, place[k], units);
		rest -= units;
	}
	return rest;
}

// all: where one want is not met the others are not looked at.
static void go_on(struct checking *c, const size_t *place, size_t n, bool all, struct trial *t)
{
	size_t from = t->given;
	for (; t->given < c->wants.n && !(all && t->missing); t->given++) {
		int64_t rest = fill(c, place, n, t, t->given, want_at(c, t, t->given)->units);
		if (__builtin_add_overflow(t->missing, rest, &t->missing)) t->missing = INT64_MAX;
	}
	t->work += (int64_t)((t->given - from) * (n + 1));
}

void give(struct checking *c, const size_t *place, size_t n, struct trial *t)
{
	put_back(c, t);
	go_on(c, place, n, false, t);
}

bool give_waits(struct checking *c, struct trial *t)
{
	bool all = true;
	for (size_t i = 0; i < c->wants.n; i++) {
		const struct want *w = want_at(c, t, i);
		int64_t rest = w->units;
		for (size_t p = 0; p < c->places.n; p++) rest -= *trial_units(c, t, t->turn[i], p);
		if (rest && can_take(c, w, c->places.n) >= rest) rest = fill(c, &c->places.n, 1, t, i, rest);
		all = all && !rest;
	}
	return all;
}

// --- the turns -------------------------------------------------------------------------------------------------------------------

static size_t places_of(const struct checking *c, const struct want *w)
{
	size_t n = 0;
	for (size_t p = 0; p < c->places.n; p++) n += can_take(c, w, p) > 0;
	return n;
}

static int by_number(size_t a, size_t b) { return (a > b) - (a < b); }

static int by_need(const void *a, const void *b, void *with)
{
	const struct checking *c = with;
	const struct want *x = &c->wants.v[*(const size_t *)a], *y = &c->wants.v[*(const size_t *)b];
	int r = by_number(x->rank, y->rank);
	if (!r) r = str_cmp(x->line->sku, y->line->sku);
	if (!r) r = (x->units > y->units) - (x->units < y->units);
	return r ? r : by_number(*(const size_t *)a, *(const size_t *)b);
}

static int by_group(const void *a, const void *b, void *with)
{
	const struct checking *c = with;
	const struct want *x = &c->wants.v[*(const size_t *)a], *y = &c->wants.v[*(const size_t *)b];
	int r = by_number(x->group, y->group);
	return r ? r : by_number(x->rank, y->rank);
}

static size_t group_of(const struct checking *c, const struct trial *t, size_t turn)
{
	while (want_at(c, t, turn)->group != turn) turn = want_at(c, t, turn)->group;
	return turn;
}

// Which of them share parts. A group goes by the first turn in it.
static void join(struct checking *c, struct trial *t)
{
	for (size_t i = 0; i < t->bundles; i++) want_at(c, t, i)->group = want_at(c, t, i)->rank = i;
	for (size_t i = 0; i < t->bundles; i++)
		for (size_t k = 0; k < want_at(c, t, i)->n_parts; k++) {
			struct item *x = plan_item(c, want_at(c, t, i), k);
			if (!x->first) x->first = i + 1;
			size_t a = group_of(c, t, i), b = group_of(c, t, x->first - 1);
			want_at(c, t, a > b ? a : b)->group = a > b ? b : a;
			t->tangled |= x->first - 1 != i;
		}
	for (size_t i = 0; i < t->bundles; i++) want_at(c, t, i)->group = group_of(c, t, i);
}

// Those that the fewest places can serve are served first, and those that share parts one after the other.
static void set_turns(struct checking *c, struct trial *t)
{
	for (size_t i = 0; i < t->bundles; i++) want_at(c, t, i)->rank = places_of(c, want_at(c, t, i));
	qsort_r(t->turn, t->bundles, sizeof *t->turn, by_need, c);
	join(c, t);
	qsort_r(t->turn, t->bundles, sizeof *t->turn, by_group, c);
}

static bool is_bundle(const struct want *w) { return w->n_parts > 1 || (w->n_parts && w->parts[0].quantity > 1); }

// Bundles come first: a unit of theirs needs all it is made of in one place, a single SKU may come from anywhere.
struct trial trial_of(struct checking *c)
{
	size_t n = c->places.n + 1, last = c->wants.n;
	bool known = true;
	struct trial t = {.turn = NEW_N(c->a, size_t, c->wants.n + 1), .units = NEW_N(c->a, int64_t, c->wants.n * n), .every = NEW_N(c->a, size_t, n)};
	for (size_t p = 0; p < n; p++) t.every[p] = p;
	for (size_t i = 0; i < c->wants.n; i++) {
		if (is_bundle(&c->wants.v[i])) t.turn[t.bundles++] = i;
		known = known && c->wants.v[i].n_parts;
	}
	for (size_t i = c->wants.n; i-- > 0;)
		if (!is_bundle(&c->wants.v[i])) t.turn[--last] = i;
	if (t.bundles > 1) set_turns(c, &t);
	t.tangled = t.tangled && known; // of what is not known nothing is given, in no turn
	return t;
}

// --- other turns ---------------------------------------------------------------------------------------------------------------

// Whether these places have enough of each SKU, if it did not matter where.
static bool enough(const struct checking *c, const size_t *place, size_t n, struct trial *t)
{
	t->work += (int64_t)(c->items.n * n);
	for (size_t i = 0; i < c->items.n; i++) {
		const struct item *x = &c->items.v[i];
		int64_t rest = x->wanted;
		for (size_t k = 0; k < n && rest > 0; k++) {
			int64_t had = cell_left(c, &x->cell[place[k]]) + x->cell[place[k]].taken;
			if (had > 0) rest = had < rest ? rest - had : 0;
		}
		if (rest > 0) return false;
	}
	return true;
}

static size_t group_end(const struct checking *c, const struct trial *t, size_t from)
{
	size_t to = from + 1;
	while (to < t->bundles && want_at(c, t, to)->group == want_at(c, t, from)->group) to++;
	return to;
}

// What failed is served first of those it shares with, a few times over; one that fails as the first cannot be served at all.
static bool retry(struct checking *c, const size_t *place, size_t n, struct trial *t)
{
	for (int i = 0; i < TURNS; i++) {
		size_t at = t->given - 1, first = at, want = t->turn[at];
		while (first && want_at(c, t, first - 1)->group == c->wants.v[want].group) first--;
		if (first == at) return false;
		memmove(&t->turn[first + 1], &t->turn[first], (at - first) * sizeof *t->turn);
		t->turn[first] = want;
		put_back(c, t);
		go_on(c, place, n, true, t);
		if (!t->missing || t->given > t->bundles) return !t->missing;
	}
	return false;
}

// Whether each of these could still be served, were it alone.
static bool could_serve(const struct checking *c, const size_t *place, size_t n, struct trial *t, size_t from, size_t to)
{
	for (; from < to; from++) {
		const struct want *w = want_at(c, t, from);
		int64_t rest = w->units;
		for (size_t k = 0; k < n && rest > 0; k++) rest -= least(rest, can_take(c, w, place[k]));
		t->work += (int64_t)n;
		if (rest > 0) return false;
	}
	return true;
}

static void leave(struct checking *c, struct trial *t, size_t turn, size_t place, int64_t units)
{
	*trial_units(c, t, t->turn[turn], place) -= units;
	take(c, want_at(c, t, turn), place, -units);
}

// The next way to share the units of one want among the places: one less from the last where that may be, the rest from those behind
// it. False behind the last way: then nothing of it is taken.
static bool next_way(struct checking *c, const size_t *place, size_t n, struct trial *t, size_t turn)
{
	int64_t rest = 0;
	for (size_t k = n; k-- > 0;) {
		int64_t units = *trial_units(c, t, t->turn[turn], place[k]);
		t->work += (int64_t)(n - k);
		if (units) {
			leave(c, t, turn, place[k], 1);
			if (!fill(c, place + k + 1, n - k - 1, t, turn, rest + 1)) return true;
			for (size_t m = k + 1; m < n; m++) leave(c, t, turn, place[m], *trial_units(c, t, t->turn[turn], place[m]));
			leave(c, t, turn, place[k], units - 1);
		}
		rest += units;
	}
	return false;
}

// The bundles of one group: each way of each is tried, until all are served.
static bool search_group(struct checking *c, const size_t *place, size_t n, struct trial *t, size_t from, size_t to, int64_t until)
{
	size_t i = from;
	if (!could_serve(c, place, n, t, from, to)) return false;
	fill(c, place, n, t, i, want_at(c, t, i)->units);
	while (t->work < until) {
		if (could_serve(c, place, n, t, i + 1, to)) {
			if (++i == to) return true;
			fill(c, place, n, t, i, want_at(c, t, i)->units);
			continue;
		}
		while (!next_way(c, place, n, t, i))
			if (i-- == from) return false;
	}
	t->gave_up = true;
	return false;
}

static bool search(struct checking *c, const size_t *place, size_t n, struct trial *t)
{
	int64_t until = t->work + SEARCH;
	put_back(c, t);
	for (size_t to; t->given < t->bundles; t->given = to) {
		to = group_end(c, t, t->given);
		if (search_group(c, place, n, t, t->given, to, until)) continue;
		t->given = to; // so that all of it is put back
		t->missing = 1;
		return false;
	}
	go_on(c, place, n, true, t);
	return !t->missing;
}

// Where a single SKU failed, bundles were served: there are too few units in all, in whatever turn.
bool give_all(struct checking *c, const size_t *place, size_t n, struct trial *t)
{
	t->gave_up = false;
	put_back(c, t);
	go_on(c, place, n, true, t);
	if (!t->missing || !t->tangled) return !t->missing;
	if (t->given > t->bundles || !enough(c, place, n, t)) return false;
	return retry(c, place, n, t) || search(c, place, n, t);
}
