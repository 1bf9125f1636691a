// The ledger of movements as it is asked for: in pages as it was booked, or along the chains of some SKUs.
#include "supply_ledger.h"
#include "date.h"

enum { PAGE = 500 };
struct walk { struct db *db; struct err *e; struct arena *a; const struct ledger_ask *ask; ledger_each *f; void *ctx; };

static bool asked_for(const struct ledger_ask *ask, const struct movement *m)
{
	bool of_sku = !ask->skus;
	for (size_t i = 0; i < ask->skus && !of_sku; i++) of_sku = str_eq(ask->sku[i], m->sku);
	if (!of_sku || (ask->warehouse.p && !str_eq(ask->warehouse, m->warehouse))) return false;
	return (ask->since == DATE_NONE || m->at >= ask->since) && (ask->until == DATE_NONE || m->at < ask->until);
}

static int tell(const struct walk *w, const struct movement *m) { return asked_for(w->ask, m) ? w->f(w->ctx, m) : 0; }

// A page of the ledger behind or before an id, which moves on. *n: how many stood there.
static int page(const struct walk *w, bool back, int64_t *id, size_t *n)
{
	struct arena_mark mark = arena_mark(w->a);
	struct movement *m;
	int r = 0;
	if ((back ? stock_moves_before : stock_moves_after)(w->db, w->e, w->a, *id, PAGE, &m, n)) return -1;
	for (size_t i = 0; i < *n && !r; i++) {
		r = tell(w, &m[i]);
		if (r >= 0) *id = m[i].movement_id;
	}
	arena_reset(w->a, mark);
	return r;
}

static int pages(const struct walk *w, bool back, int64_t *id)
{
	size_t n = 1;
	int r = 0;
	while (n && !r) r = page(w, back, id, &n);
	return r;
}

// The chains of some SKUs, one for each warehouse, read as one list: the newest of their heads comes next.
struct heads { struct movement *m; size_t n; };

static int heads_of(const struct walk *w, struct heads *h)
{
	const struct ledger_ask *ask = w->ask;
	VEC(struct movement) found = {0};
	for (size_t i = 0; i < ask->skus; i++) {
		struct stock_row *row;
		size_t n;
		if (stock_list(w->db, w->e, w->a, ask->sku[i], &row, &n)) return -1;
		for (size_t k = 0; k < n; k++)
			if ((!ask->warehouse.p || str_eq(ask->warehouse, row[k].warehouse)) && stock_movement(w->db, w->e, w->a, row[k].movement_id, VEC_PUSH(w->a, &found))) return -1;
	}
	*h = (struct heads){found.v, found.n};
	return 0;
}

static struct movement *newest(const struct walk *w, struct heads *h)
{
	struct movement *top = NULL;
	for (size_t i = 0; i < h->n; i++) {
		struct movement *m = &h->m[i];
		if (m->movement_id && w->ask->since != DATE_NONE && m->at < w->ask->since) m->movement_id = 0; // and all before it
		if (m->movement_id && (!top || m->movement_id > top->movement_id)) top = m;
	}
	return top;
}

static int step(const struct walk *w, struct movement *m)
{
	int64_t before = m->before_id < m->movement_id ? m->before_id : 0;
	if (!before) return m->movement_id = 0, 0;
	return stock_movement(w->db, w->e, w->a, before, m);
}

static int chains(const struct walk *w)
{
	struct heads h;
	struct movement *m;
	int r = 0;
	if (heads_of(w, &h)) return -1;
	while (!r && (m = newest(w, &h))) {
		r = tell(w, m);
		if (!r) r = step(w, m);
	}
	return r;
}

int ledger_back(struct db *d, struct err *e, struct arena *a, const struct ledger_ask *ask, ledger_each *f, void *ctx)
{
	struct walk w = {d, e, a, ask, f, ctx};
	int64_t id = INT64_MAX;
	return (ask->skus ? chains(&w) : pages(&w, true, &id)) < 0 ? -1 : 0;
}

int ledger_on(struct db *d, struct err *e, struct arena *a, const struct ledger_ask *ask, int64_t *after, ledger_each *f, void *ctx)
{
	struct walk w = {d, e, a, ask, f, ctx};
	return pages(&w, false, after) < 0 ? -1 : 0;
}
