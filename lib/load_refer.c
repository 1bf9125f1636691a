// What records refer to: known, perhaps known later in the run, or unknown with the nearest name.
#include "load_part.h"
#include "near.h"

enum { NOTED = 100, PAGE = 500, LOOKED_AT = 20000, SLIPS = 3 };

int load_known(struct load *l, struct err *e, struct arena *a, enum reference_kind k, struct str id)
{
	struct reference_row row;
	return reference_get(l->db, e, a, k, id, &row);
}

struct load_unknown *load_noted(struct load *l, enum reference_kind k, struct str id)
{
	for (size_t i = 0; i < l->unknown.n; i++)
		if (l->unknown.v[i].kind == k && str_eq(l->unknown.v[i].id, id)) return &l->unknown.v[i];
	return NULL;
}

int load_refer(struct loading *x, const char *field, enum reference_kind k, struct str id)
{
	struct load *l = x->l;
	int there = load_known(l, x->e, x->a, k, id);
	if (there || l->o.strict) return there > 0 ? 0 : there < 0 ? -1 : load_need(x, field, k, id);
	struct load_unknown *u = load_noted(l, k, id);
	if (!u && l->unknown.n < NOTED) {
		u = VEC_PUSH(&l->arena, &l->unknown);
		*u = (struct load_unknown){k, {arena_copy(&l->arena, id.p, id.n), id.n}, l->input, x->line, 0};
	}
	if (u) u->records++;
	return 0;
}

int load_unknown(struct load *l, struct err *e, struct load_unknown **list, size_t *n)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->unknown.n; i++) {
		int there = load_known(l, e, &l->arena, l->unknown.v[i].kind, l->unknown.v[i].id);
		if (there < 0) return -1;
		if (!there) l->unknown.v[kept++] = l->unknown.v[i];
	}
	*list = l->unknown.v;
	*n = l->unknown.n = kept;
	return 0;
}

// --- the nearest name ----------------------------------------------------------------------------------------------------------

static size_t apart(size_t a, size_t b) { return a > b ? a - b : b - a; }

// Among the first of them: a hint must not cost more than the load.
static int nearest(struct loading *x, enum reference_kind k, struct str id, const char **best)
{
	struct load *l = x->l;
	struct near near = near_begin(id, SLIPS);
	struct reference_row *list;
	struct str after = S("");
	size_t n = PAGE;
	for (size_t looked = 0; n == PAGE && looked < LOOKED_AT && l->near_left > 0; looked += n) {
		if (reference_page(l->db, x->e, x->a, k, after, PAGE, &list, &n)) return -1;
		for (size_t i = 0; i < n; i++)
			if (apart(list[i].id.n, id.n) <= SLIPS) near_try(&near, str_c(x->a, list[i].id));
		if (n) after = list[n - 1].id;
	}
	l->near_left--;
	*best = near.best;
	return 0;
}

int load_need(struct loading *x, const char *field, enum reference_kind k, struct str id)
{
	const char *best = NULL;
	int there = load_known(x->l, x->e, x->a, k, id);
	if (there) return there > 0 ? 0 : -1;
	if (nearest(x, k, id, &best)) return -1;
	load_fault(x, field, arena_printf(x->a, "unknown_%s", reference_word(k)), arena_printf(x->a, STR_FMT " is no %s that is known", STR_ARG(id), k == REF_SKU ? "SKU" : reference_word(k)),
		best ? arena_printf(x->a, "did you mean %s?", best) : arena_printf(x->a, "oms-load %s takes it in, oms-load %s --list shows those there are", reference_word(k), reference_word(k)));
	return 0;
}
