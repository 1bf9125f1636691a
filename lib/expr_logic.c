// Functions that choose: has set if default null_if each index digest.
#include "digest.h"
#include "expr_part.h"

static struct value arg(struct call *c, size_t i) { return i < c->x->n ? expr_eval(c->x->arg[i], c->run, c->scope) : ABSENT; }

static struct value has(struct call *c)
{
	return value_bool(arg(c, 0).kind != VALUE_ABSENT);
}

// A list is set where one of its elements is.
static struct value set(struct call *c)
{
	struct value v = arg(c, 0);
	values all = {0};
	if (value_blank(&v, c->run->j)) return value_bool(false);
	value_spread(&v, c->run, &all);
	for (size_t i = 0; i < all.n; i++)
		if (!value_blank(&all.v[i], c->run->j)) return value_bool(true);
	return value_bool(false);
}

static struct value if_else(struct call *c)
{
	return arg(c, expr_test(c->x->arg[0], c->run, c->scope) ? 1 : 2);
}

static struct value fallback(struct call *c)
{
	for (size_t i = 0; i < c->x->n; i++) {
		struct value v = arg(c, i);
		if (!value_blank(&v, c->run->j)) return v;
	}
	return ABSENT;
}

static struct value null_if(struct call *c)
{
	struct value v = c->v[0];
	struct str word = str_trim(value_text(&v, c->run));
	for (size_t i = 1; i < c->n; i++)
		if (word.p && str_eq(word, value_text(&c->v[i], c->run))) return ABSENT;
	return v;
}

// each(list, expression): the expression with every element as its scope.
static struct value each(struct call *c)
{
	uint32_t *node;
	size_t n = expr_nodes(c->x->arg[0], c->run, c->scope, &node);
	values out = {0};
	if (!node) return ABSENT;
	for (size_t i = 0; i < n; i++) {
		struct expr_scope in = {.node = node[i], .index = (uint32_t)i, .around = c->scope};
		struct value v = expr_eval(c->x->arg[1], c->run, &in);
		if (!value_blank(&v, c->run->j)) *VEC_PUSH(c->run->arena, &out) = v;
	}
	return value_list(out.v, out.n);
}

// index() counts from 0, index(1) from 1.
static struct value position(struct call *c)
{
	int64_t from = 0;
	struct value v = arg(c, 0);
	struct buf *b = scratch();
	if (c->x->n && !str_int(value_text(&v, c->run), &from)) return ABSENT;
	buf_int(b, from + c->scope->index);
	return value_bare(scratch_text(c, b).text);
}

// digest(): of the record; digest(x): of x alone, as it is written, so that a part of an order is one event however often
// the order around it changes.
static struct value digest(struct call *c)
{
	if (c->x->n == 0) {
		const char *hex = c->run->variable ? c->run->variable(c->run->ctx, "digest") : NULL;
		return hex ? value_of_text(str_of(hex)) : ABSENT;
	}
	struct value v = arg(c, 0);
	struct str raw = v.kind == VALUE_NODE ? json_raw(c->run->j, v.node) : value_text(&v, c->run);
	unsigned char key[DIGEST_KEY];
	if (!raw.n) return ABSENT;
	digest_key(raw, key);
	struct buf *b = scratch();
	digest_hex(b, key, DIGEST_KEY / 2);
	return scratch_text(c, b);
}

const struct function functions_logic[] = {
	{"has", 1, 1, FN_LAZY, NEEDS_NOTHING, has},
	{"set", 1, 1, FN_LAZY, NEEDS_NOTHING, set},
	{"if", 2, 3, FN_LAZY, NEEDS_NOTHING, if_else},
	{"default", 2, 9, FN_LAZY, NEEDS_NOTHING, fallback},
	{"null_if", 2, 20, FN_PLAIN, NEEDS_NOTHING, null_if},
	{"each", 2, 2, FN_LAZY, NEEDS_NOTHING, each},
	{"index", 0, 1, FN_LAZY, NEEDS_NOTHING, position},
	{"digest", 0, 1, FN_LAZY, NEEDS_NOTHING, digest},
	{0}};
