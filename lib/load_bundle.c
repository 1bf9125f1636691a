// Bundles and what they are made of: never of bundles, which would have to be taken apart again and again, or go round in a circle.
#include "load_part.h"
#include <stdlib.h>

enum { PAGE = 500 };

// --- ids by their hash -------------------------------------------------------------------------------------------------------

static struct seen_id *slot_of(struct seen_id *v, size_t cap, uint64_t hash)
{
	size_t i = hash % cap;
	while (v[i].hash && v[i].hash != hash) i = (i + 1) % cap;
	return &v[i];
}

static void grow(struct seen *s)
{
	size_t cap = s->cap ? s->cap * 2 : 1024;
	struct seen_id *to = must_alloc(cap * sizeof *to);
	memset(to, 0, cap * sizeof *to);
	for (size_t i = 0; i < s->cap; i++)
		if (s->v[i].hash) *slot_of(to, cap, s->v[i].hash) = s->v[i];
	free(s->v);
	s->v = to;
	s->cap = cap;
}

uint64_t *seen_line(struct seen *s, struct str id)
{
	uint64_t hash = str_hash(id) | 1;
	if ((s->n + 1) * 2 > s->cap) grow(s);
	struct seen_id *at = slot_of(s->v, s->cap, hash);
	if (!at->hash) at->hash = hash, s->n++;
	return &at->line;
}

void seen_forget(struct seen *s)
{
	free(s->v);
	*s = (struct seen){0};
}

// --- parts -------------------------------------------------------------------------------------------------------------------

void load_keep_parts(struct load *l, const struct sku_ref *s)
{
	for (size_t i = 0; i < s->n_components; i++) *seen_line(&l->parts, s->components[i].sku) = 1;
}

static void keep_row(struct load *l, struct str body)
{
	struct json j = {0};
	struct json_error bad;
	struct reference r;
	reference_faults faults = {0};
	struct arena_mark m = arena_mark(&l->arena);
	if (memmem(body.p, body.n, "\"components\"", 12) && json_parse(&j, body, &bad)) {
		reference_read(&r, REF_SKU, &j, 0, &l->arena, &faults);
		if (!faults.n) load_keep_parts(l, &r.sku);
	}
	json_free(&j);
	arena_reset(&l->arena, m);
}

// Read once a run, and only where the run has a bundle: no index leads from a part to what it is a part of.
static int read_parts(struct loading *x)
{
	struct load *l = x->l;
	struct str last = S("");
	if (l->parts_read) return 0;
	l->parts_read = true;
	for (size_t n = PAGE; n == PAGE;) {
		struct reference_row *row;
		if (reference_page(l->db, x->e, x->a, REF_SKU, last, PAGE, &row, &n)) return -1;
		for (size_t i = 0; i < n; i++) keep_row(l, row[i].body);
		if (n) last = row[n - 1].id;
	}
	return 0;
}

int load_components(struct loading *x)
{
	const struct sku_ref *s = &x->r->sku;
	if (s->n_components && read_parts(x)) return -1;
	if (s->n_components && (*seen_line(&x->l->parts, s->id) || load_noted(x->l, REF_SKU, s->id)))
		load_fault(x, "components", "nested_bundle", "makes it a bundle, and it is a part of one", "name what it is made of there");
	for (size_t i = 0; i < s->n_components; i++) {
		struct str id = s->components[i].sku;
		struct err none = {0};
		const struct sku_ref *c = catalog_sku(x->l->db, &none, id);
		if (none.code) {
			*x->e = none;
			return -1;
		}
		if (c && c->n_components)
			load_fault(x, "components", "nested_bundle", arena_printf(x->a, "names " STR_FMT ", which is a bundle itself", STR_ARG(id)), "name what that is made of");
		if (load_refer(x, "components", REF_SKU, id)) return -1;
	}
	return 0;
}
