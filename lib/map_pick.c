// Which records of a document go to which kind of a mapping.
#include "map_part.h"
#include <stdlib.h>

struct choice {
	struct run *r;
	VEC(struct pick) pick;
	VEC(const struct expr *) partly;  // lists of which a kind took some, not all
	unsigned char *taken;             // a byte a node, once something was taken
	const struct map_kind *empty;     // a kind whose list is there without elements
};

static bool fits(struct run *r, const struct map_kind *k, uint32_t node)
{
	struct expr_scope scope = {.node = node};
	return !k->when || expr_test(k->when, &r->x, &scope);
}

// Does it lie in, or round, something that a kind took already?
static bool taken(const struct choice *c, uint32_t node)
{
	return c->taken && memchr(c->taken + node, 1, c->r->x.j->node[node].next - node);
}

static void mark(struct choice *c)
{
	const struct json *j = c->r->x.j;
	if (!c->taken) c->taken = NEW_N(c->r->a, unsigned char, j->n);
	for (size_t i = 0; i < c->pick.n; i++) memset(c->taken + c->pick.v[i].node, 1, j->node[c->pick.v[i].node].next - c->pick.v[i].node);
}

static size_t take(struct choice *c, const struct map_kind *k, const struct expr *from, bool sure)
{
	uint32_t *node;
	struct expr_scope document = {.node = 0};
	size_t n = expr_nodes(from, &c->r->x, &document, &node), got = 0;
	if (node && !n && !c->empty) c->empty = k;
	for (size_t i = 0; i < n; i++) {
		if (taken(c, node[i]) || (!sure && !fits(c->r, k, node[i]))) continue;
		*VEC_PUSH(c->r->a, &c->pick) = (struct pick){node[i], k, false};
		got++;
	}
	if (got && got < n) *VEC_PUSH(c->r->a, &c->partly) = from;
	return got;
}

// The first place where something fits; a topic that decided makes do with any.
static void take_kind(struct choice *c, const struct map_kind *k, bool sure)
{
	for (size_t i = 0; i < k->froms; i++)
		if (take(c, k, k->from[i], false)) return;
	for (size_t i = 0; sure && i < k->froms; i++)
		if (take(c, k, k->from[i], true)) return;
}

static const struct map_kind *by_topic(const struct map *m, const char *topic)
{
	for (size_t i = 0; topic && i < m->kinds; i++)
		for (size_t t = 0; t < m->kind[i].topics; t++)
			if (glob_match(m->kind[i].topic[t], topic)) return &m->kind[i];
	return NULL;
}

static void take_all(struct choice *c)
{
	const struct map *m = c->r->m;
	const struct map_kind *decided = by_topic(m, c->r->topic);
	if (decided) {
		take_kind(c, decided, true);
		return;
	}
	for (size_t i = 0; i < m->kinds; i++) {
		size_t before = c->pick.n;
		take_kind(c, &m->kind[i], false);
		if (c->pick.n && c->pick.v[0].node == 0) return; // nothing is left
		if (c->pick.n > before && i + 1 < m->kinds) mark(c);
	}
}

// Elements beside those that were taken, which no kind knows: they must not vanish.
static void leave(struct choice *c)
{
	struct expr_scope document = {.node = 0};
	for (size_t i = 0; i < c->partly.n; i++) {
		uint32_t *node;
		mark(c);
		size_t n = expr_nodes(c->partly.v[i], &c->r->x, &document, &node);
		for (size_t k = 0; k < n; k++)
			if (!taken(c, node[k])) *VEC_PUSH(c->r->a, &c->pick) = (struct pick){node[k], NULL, false};
	}
}

static int earlier(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;
	return (x->node > y->node) - (x->node < y->node);
}

size_t map_pick(struct run *r, struct pick **to)
{
	struct choice c = {.r = r};
	take_all(&c);
	leave(&c);
	if (!c.pick.n) *VEC_PUSH(r->a, &c.pick) = (struct pick){0, c.empty, c.empty != NULL};
	if (c.pick.n > 1) qsort(c.pick.v, c.pick.n, sizeof *c.pick.v, earlier);
	*to = c.pick.v;
	return c.pick.n;
}
