// Functions over lists: count min max first last join any nonblank unique kv split, and the tables.
#include "expr_part.h"
#include "money.h"

static values spread(struct call *c, size_t from)
{
	values all = {0};
	for (size_t i = from; i < c->n; i++) value_spread(&c->v[i], c->run, &all);
	return all;
}

static bool blank(struct call *c, const struct value *v) { return value_blank(v, c->run->j); }

static struct value count(struct call *c)
{
	if (c->v[0].kind == VALUE_ABSENT) return ABSENT;
	values all = spread(c, 0);
	size_t n = 0;
	for (size_t i = 0; i < all.n; i++) n += !blank(c, &all.v[i]);
	struct buf *b = scratch();
	buf_int(b, (int64_t)n);
	return value_bare(scratch_text(c, b).text);
}

// Numbers as numbers; texts, such as times of one form, byte by byte.
static int compare(struct call *c, const struct value *a, const struct value *b)
{
	struct decimal da, db;
	struct str ta = value_text(a, c->run), tb = value_text(b, c->run);
	if (decimal_parse(ta, &da) && decimal_parse(tb, &db)) return decimal_cmp(da, db);
	return str_cmp(ta, tb);
}

static struct value extreme(struct call *c, int sign)
{
	values all = spread(c, 0);
	const struct value *best = NULL;
	for (size_t i = 0; i < all.n; i++)
		if (!blank(c, &all.v[i]) && (!best || compare(c, &all.v[i], best) * sign > 0)) best = &all.v[i];
	return best ? *best : ABSENT;
}

static struct value least(struct call *c) { return extreme(c, -1); }
static struct value most(struct call *c) { return extreme(c, 1); }

static struct value first(struct call *c)
{
	values all = spread(c, 0);
	for (size_t i = 0; i < all.n; i++)
		if (!blank(c, &all.v[i])) return all.v[i];
	return ABSENT;
}

static struct value last(struct call *c)
{
	values all = spread(c, 0);
	for (size_t i = all.n; i--;)
		if (!blank(c, &all.v[i])) return all.v[i];
	return ABSENT;
}

static struct value joined(struct call *c, struct str between, values all)
{
	struct buf *b = scratch();
	bool any = false;
	for (size_t i = 0; i < all.n; i++) {
		struct str s = value_text(&all.v[i], c->run);
		if (!s.n) continue;
		if (any) buf_str(b, between);
		buf_str(b, s);
		any = true;
	}
	return any ? scratch_text(c, b) : ABSENT;
}

static struct value join(struct call *c) { return joined(c, value_text(&c->v[0], c->run), spread(c, 1)); }
static struct value concat(struct call *c) { return joined(c, S(""), spread(c, 0)); }

static struct value any(struct call *c)
{
	values all = spread(c, 0);
	for (size_t i = 0; i < all.n; i++)
		if (value_true(&all.v[i], c->run)) return value_bool(true);
	return value_bool(false);
}

static struct value nonblank(struct call *c)
{
	if (c->v[0].kind == VALUE_ABSENT) return ABSENT;
	values all = spread(c, 0), out = {0};
	for (size_t i = 0; i < all.n; i++)
		if (!blank(c, &all.v[i])) *VEC_PUSH(c->run->arena, &out) = all.v[i];
	return value_list(out.v, out.n);
}

static struct value unique(struct call *c)
{
	struct value list = nonblank(c);
	size_t n = 0;
	for (size_t i = 0; i < list.n; i++) {
		struct str s = value_text(&list.list[i], c->run);
		size_t k = 0;
		while (k < n && !str_eq(value_text(&list.list[k], c->run), s)) k++;
		if (k == n) list.list[n++] = list.list[i];
	}
	list.n = n;
	return list;
}

// --- name and value pairs ------------------------------------------------------------------------------------------------

static struct value node_value(uint32_t i, const struct json *j)
{
	if (!i) return ABSENT;
	return (struct value){.kind = j->node[i].type == JSON_NULL ? VALUE_NULL : VALUE_NODE, .node = i};
}

static bool pair_named(struct call *c, uint32_t pair, struct str key)
{
	static const char *const names[] = {"name", "key", "id", "code", "attribute_code"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct value v = node_value(json_getz(c->run->j, pair, names[i]), c->run->j);
		struct str s = value_text(&v, c->run);
		if (s.p && str_eq_nocase(s, key)) return true;
	}
	return false;
}

// The value of a key in [{"name": key, "value": …}, …], or in {key: …}: some channels send now one, now the other.
static struct value kv(struct call *c)
{
	const struct json *j = c->run->j;
	struct str key = value_text(&c->v[1], c->run);
	values all = {0};
	if (!key.p) return ABSENT;
	value_spread(&c->v[0], c->run, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (all.v[i].kind != VALUE_NODE || j->node[all.v[i].node].type != JSON_OBJECT) continue;
		uint32_t value = json_getz(j, all.v[i].node, "value");
		if (value && pair_named(c, all.v[i].node, key)) return node_value(value, j);
		if (!value && (value = json_get(j, all.v[i].node, key))) return node_value(value, j);
	}
	return ABSENT;
}

static struct value split(struct call *c)
{
	struct str s = c->text, by = value_text(&c->v[1], c->run);
	values out = {0};
	while (by.n) {
		const char *at = memmem(s.p, s.n, by.p, by.n);
		struct str part = str_trim(at ? str_cut(s, 0, (size_t)(at - s.p)) : s);
		if (part.n) *VEC_PUSH(c->run->arena, &out) = value_of_text(part);
		if (!at) break;
		s = str_cut(s, (size_t)(at - s.p) + by.n, s.n);
	}
	return value_list(out.v, out.n);
}

static struct value look(struct call *c) { return table_look(c, c->text); }

const struct function functions_list[] = {
	{"count", 1, 1, FN_PLAIN, NEEDS_NOTHING, count},
	{"min", 1, 8, FN_PLAIN, NEEDS_NOTHING, least},
	{"max", 1, 8, FN_PLAIN, NEEDS_NOTHING, most},
	{"first", 1, 1, FN_PLAIN, NEEDS_NOTHING, first},
	{"last", 1, 1, FN_PLAIN, NEEDS_NOTHING, last},
	{"join", 2, 20, FN_PLAIN, NEEDS_NOTHING, join},
	{"concat", 1, 20, FN_PLAIN, NEEDS_NOTHING, concat},
	{"any", 1, 8, FN_PLAIN, NEEDS_NOTHING, any},
	{"nonblank", 1, 1, FN_PLAIN, NEEDS_NOTHING, nonblank},
	{"unique", 1, 1, FN_PLAIN, NEEDS_NOTHING, unique},
	{"kv", 2, 2, FN_PLAIN, NEEDS_NOTHING, kv},
	{"split", 2, 2, FN_EACH, NEEDS_NOTHING, split},
	{"enum", 2, 2, FN_EACH, NEEDS_TABLE_1, look},
	{"match", 2, 9, FN_LAZY, NEEDS_TABLE_0, table_match},
	{0}};
