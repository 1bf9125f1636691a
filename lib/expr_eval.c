// Expressions run: values, conditions, calls.
#include "expr_part.h"
#include "money.h"

enum { FEW = 8 };

struct str value_text(const struct value *v, struct expr_run *run)
{
	if (v->kind == VALUE_TEXT || v->kind == VALUE_BARE) return v->text;
	if (v->kind != VALUE_NODE) return (struct str){0};
	const struct json_node *n = &run->j->node[v->node];
	if (n->type == JSON_STRING && !n->escaped) return (struct str){run->j->text.p + n->at, n->len};
	return json_str(run->j, v->node, run->arena);
}

bool value_blank(const struct value *v, const struct json *j)
{
	switch (v->kind) {
	case VALUE_ABSENT: case VALUE_NULL: return true;
	case VALUE_TEXT: case VALUE_BARE: return v->text.n == 0;
	case VALUE_LIST: return v->n == 0;
	case VALUE_NODE: break;
	}
	const struct json_node *n = &j->node[v->node];
	return n->type == JSON_STRING ? n->len == 0 : n->type >= JSON_ARRAY && n->n == 0;
}

bool value_true(const struct value *v, struct expr_run *run)
{
	if (value_blank(v, run->j)) return false;
	struct str s = value_text(v, run);
	return !s.p || !(str_is(s, "false") || str_is(s, "0") || str_is(s, "False") || str_is(s, "FALSE"));
}

// --- comparing -----------------------------------------------------------------------------------------------------------

static bool list_like(const struct value *v, const struct json *j)
{
	return v->kind == VALUE_LIST || (v->kind == VALUE_NODE && j->node[v->node].type == JSON_ARRAY);
}

// Does any element of a list (or the one value) say the text?
static bool says(const struct value *v, struct str text, struct expr_run *run)
{
	if (list_like(v, run->j)) {
		values all = {0};
		value_spread(v, run, &all);
		for (size_t i = 0; i < all.n; i++)
			if (says(&all.v[i], text, run)) return true;
		return false;
	}
	struct str s = value_text(v, run);
	return s.p && str_eq(s, text);
}

static bool nothing(const struct value *v) { return v->kind == VALUE_ABSENT || v->kind == VALUE_NULL; }

static bool same(const struct value *a, const struct value *b, struct expr_run *run)
{
	if (nothing(a) || nothing(b)) return nothing(a) && nothing(b);
	if (!list_like(b, run->j)) {
		struct str text = value_text(b, run);
		return text.p && says(a, text, run);
	}
	values all = {0};
	value_spread(b, run, &all);
	for (size_t i = 0; i < all.n; i++)
		if (!list_like(&all.v[i], run->j) && same(a, &all.v[i], run)) return true;
	return false;
}

static bool ordered(const struct expr *x, struct expr_run *run, const struct value *a, const struct value *b)
{
	struct decimal da, db;
	if (!decimal_parse(str_trim(value_text(a, run)), &da) || !decimal_parse(str_trim(value_text(b, run)), &db)) return false;
	int c = decimal_cmp(da, db);
	switch (x->op) {
	case OP_LT: return c < 0;
	case OP_LE: return c <= 0;
	case OP_GT: return c > 0;
	default: return c >= 0;
	}
}

static bool one_of(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	struct value a = expr_eval(x->arg[0], run, scope);
	for (size_t i = 1; i < x->n; i++) {
		struct value b = expr_eval(x->arg[i], run, scope);
		if (same(&a, &b, run)) return true;
	}
	return false;
}

static bool fits(const struct expr *x, struct expr_run *run, struct value v)
{
	values all = {0};
	value_spread(&v, run, &all);
	for (size_t i = 0; i < all.n; i++) {
		struct str s = value_text(&all.v[i], run);
		if (s.p && regexec(x->regex, str_c(run->arena, s), 0, NULL, 0) == 0) return true;
	}
	return false;
}

bool expr_test(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	struct value a, b;
	switch (x->op) {
	case OP_AND: return expr_test(x->arg[0], run, scope) && expr_test(x->arg[1], run, scope);
	case OP_OR: return expr_test(x->arg[0], run, scope) || expr_test(x->arg[1], run, scope);
	case OP_NOT: return !expr_test(x->arg[0], run, scope);
	case OP_IN: return one_of(x, run, scope);
	case OP_LIKE: return fits(x, run, expr_eval(x->arg[0], run, scope));
	case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE: break;
	default:
		a = expr_eval(x, run, scope);
		return value_true(&a, run);
	}
	a = expr_eval(x->arg[0], run, scope);
	b = expr_eval(x->arg[1], run, scope);
	if (x->op == OP_EQ) return same(&a, &b, run);
	if (x->op == OP_NE) return !same(&a, &b, run);
	return ordered(x, run, &a, &b);
}

// --- values --------------------------------------------------------------------------------------------------------------

// The first that says something; a list known to be empty is better than nothing at all.
static struct value first_present(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	struct value empty = ABSENT;
	for (size_t i = 0; i < x->n; i++) {
		struct value v = expr_eval(x->arg[i], run, scope);
		if (!value_blank(&v, run->j)) return v;
		if (empty.kind == VALUE_ABSENT && (v.kind == VALUE_LIST || (v.kind == VALUE_NODE && run->j->node[v.node].type >= JSON_ARRAY)))
			empty = v;
	}
	return empty;
}

static struct value variable(const struct expr *x, struct expr_run *run)
{
	const char *text = NULL;
	if (strcmp(x->text, "currency") == 0) text = run->currency;
	else if (strcmp(x->text, "zone") == 0) text = run->zone;
	else if (run->variable) text = run->variable(run->ctx, x->text);
	return text ? value_of_text(str_of(text)) : ABSENT;
}

static struct value number(struct expr_run *run, uint32_t n)
{
	char digits[12];
	size_t at = sizeof digits;
	do digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	return value_bare((struct str){arena_copy(run->arena, digits + at, sizeof digits - at), sizeof digits - at});
}

struct value expr_eval(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	switch (x->op) {
	case OP_CONST: return x->value;
	case OP_PATH: return path_eval(x, run, scope);
	case OP_VARIABLE: return variable(x, run);
	case OP_INDEX: return number(run, scope_up(scope, x->up)->index);
	case OP_FIRST: return first_present(x, run, scope);
	case OP_CALL: return call_eval(x, run, scope);
	case OP_OUTER: return expr_eval(x->arg[0], run, scope->around ? scope->around : scope);
	default: return value_bool(expr_test(x, run, scope));
	}
}

size_t expr_nodes(const struct expr *x, struct expr_run *run, const struct expr_scope *scope, uint32_t **to)
{
	static uint32_t empty[1];
	struct value v = expr_eval(x, run, scope);
	values all = {0};
	if (v.kind == VALUE_LIST) all.v = v.list, all.n = v.n;
	else value_spread(&v, run, &all);
	uint32_t *node = all.n ? NEW_N(run->arena, uint32_t, all.n) : empty;
	size_t n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].kind == VALUE_NODE && !value_blank(&all.v[i], run->j)) node[n++] = all.v[i].node;
	*to = n || list_like(&v, run->j) ? node : NULL;
	return n;
}

// --- calls ---------------------------------------------------------------------------------------------------------------

static struct value one(struct call *c, struct value v)
{
	if (value_blank(&v, c->run->j)) return ABSENT;
	c->v[0] = v;
	c->text = value_text(&v, c->run);
	if (!c->text.p) return refuse(c, "map_shape", "an object or a list stands where one value is expected");
	return c->x->function->run(c);
}

// A function of one value, over a list of them: what comes out absent is dropped.
static struct value each(struct call *c)
{
	struct value whole = c->v[0];
	if (value_blank(&whole, c->run->j)) return whole.kind == VALUE_LIST ? whole : ABSENT;
	if (!list_like(&whole, c->run->j)) return one(c, whole);
	values in = {0}, out = {0};
	value_spread(&whole, c->run, &in);
	for (size_t i = 0; i < in.n; i++) {
		struct value v = one(c, in.v[i]);
		if (v.kind != VALUE_ABSENT) *VEC_PUSH(c->run->arena, &out) = v;
	}
	return value_list(out.v, out.n);
}

struct value call_eval(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	struct value few[FEW];
	struct call c = {.x = x, .run = run, .scope = scope, .n = x->n};
	if (x->function->way == FN_LAZY) return x->function->run(&c);
	c.v = x->n <= FEW ? few : NEW_N(run->arena, struct value, x->n);
	for (size_t i = 0; i < x->n; i++) {
		bool table = x->table && i == (x->function->needs == NEEDS_TABLE_1);
		c.v[i] = table ? ABSENT : expr_eval(x->arg[i], run, scope);
	}
	return x->function->way == FN_EACH ? each(&c) : x->function->run(&c);
}

static struct value first_argument(const struct call *c) { return c->n && c->v ? c->v[0] : ABSENT; }

static struct value say(struct call *c, bool fatal, const char *code, const char *message)
{
	struct value v = first_argument(c);
	struct str shown = value_text(&v, c->run);
	if (!shown.p && v.kind == VALUE_NODE) shown = json_raw(c->run->j, v.node);
	if (c->run->finding) c->run->finding(c->run->ctx, fatal, code, shown, message);
	return v;
}

struct value refuse(struct call *c, const char *code, const char *message) { return say(c, true, code, message), ABSENT; }
struct value doubt(struct call *c, const char *code, const char *message) { return say(c, false, code, message); }

struct buf *scratch(void)
{
	static struct buf b; // kept from call to call: one malloc a program
	buf_clear(&b);
	return &b;
}

struct value scratch_text(struct call *c, const struct buf *b)
{
	return value_of_text((struct str){arena_copy(c->run->arena, b->p, b->n), b->n});
}
