// Paths walked over the tape of a record: members, elements, elements that a condition chooses.
#include "expr_part.h"
#include <stddef.h>

typedef VEC(uint32_t) nodes;

// The first word of a node holds type, escapes and length: a key is told from most others by one comparison.
static uint32_t head_of(const struct json_node *n)
{
	uint32_t head;
	_Static_assert(offsetof(struct json_node, at) == sizeof head, "type, escaped and len fill the first word");
	memcpy(&head, n, sizeof head);
	return head;
}

static uint32_t escaped_bit(void)
{
	struct json_node n = {.escaped = 1};
	return head_of(&n);
}

static bool named(const struct json *j, uint32_t k, const struct step *s)
{
	if (head_of(&j->node[k]) != s->head) return false;
	const char *p = j->text.p + j->node[k].at;
	return !s->name.n || (p[0] == s->name.p[0] && memcmp(p, s->name.p, s->name.n) == 0);
}

// Where the keys of the last few larger objects lie, so that a hint can be tried at once; and which names can be among them
// at all: a bit for each length and first letter.
enum { OBJECTS = 32, LARGE = 8, WORDS = 4 };
struct expr_keys { uint32_t object[OBJECTS]; uint32_t *key[OBJECTS]; uint64_t names[OBJECTS][WORDS]; };

static unsigned bit_of(struct str name)
{
	return ((unsigned)name.n * 29 + (name.n ? (unsigned char)name.p[0] : 0)) % (WORDS * 64);
}

static void fill(const struct json *j, uint32_t i, uint32_t *key, uint64_t names[WORDS])
{
	const struct json_node *node = j->node;
	memset(names, 0, WORDS * sizeof *names);
	for (uint32_t k = i + 1, end = node[i].next; k < end; k = node[k + 1].next) {
		unsigned bit = bit_of((struct str){j->text.p + node[k].at, node[k].len});
		*key++ = k;
		names[bit / 64] |= UINT64_C(1) << bit % 64;
		if (node[k].escaped) memset(names, 0xff, WORDS * sizeof *names); // it may be any name
	}
}

void step_named(struct step *s, struct str name)
{
	struct json_node n = {.type = JSON_STRING, .len = (uint32_t)name.n & 0xfffffff};
	s->name = name;
	s->head = head_of(&n);
	s->bit = bit_of(name);
}

static size_t keys_of(struct expr_run *run, uint32_t i)
{
	if (!run->keys) run->keys = NEW(run->arena, struct expr_keys);
	struct expr_keys *all = run->keys;
	size_t at = i % OBJECTS;
	if (all->object[at] == i && all->key[at]) return at;
	all->object[at] = i;
	all->key[at] = NEW_N(run->arena, uint32_t, run->j->node[i].n);
	fill(run->j, i, all->key[at], all->names[at]);
	return at;
}

// Names without escapes are nearly all; an object that has others is left to the record reader.
static uint32_t search(const struct json *j, uint32_t i, struct step *s)
{
	const struct json_node *node = j->node;
	uint32_t seen = 0, at = 0;
	for (uint32_t k = i + 1, end = node[i].next; k < end; k = node[k + 1].next, at++) {
		seen |= head_of(&node[k]);
		if (!named(j, k, s)) continue;
		s->hint = at;
		return k + 1;
	}
	return seen & escaped_bit() ? json_get(j, i, s->name) : 0;
}

static uint32_t member(struct expr_run *run, uint32_t i, struct step *s)
{
	const struct json_node *object = &run->j->node[i];
	if (object->type != JSON_OBJECT) return 0;
	if (object->n >= LARGE) {
		size_t at = keys_of(run, i);
		uint32_t k = s->hint < object->n ? run->keys->key[at][s->hint] : 0;
		if (k && named(run->j, k, s)) return k + 1;
		if (!(run->keys->names[at][s->bit / 64] >> s->bit % 64 & 1)) return 0;
	}
	return search(run->j, i, s);
}

// A single thing stands for a list of one; null and "" for no list at all.
static bool single(const struct json *j, uint32_t i)
{
	const struct json_node *n = &j->node[i];
	return n->type != JSON_ARRAY && n->type != JSON_NULL && !(n->type == JSON_STRING && n->len == 0);
}

// The first element of list i, and the one after; a value that is no list is its own only element. NONE at the end.
#define NONE UINT32_MAX
static uint32_t first(const struct json *j, uint32_t i)
{
	if (j->node[i].type != JSON_ARRAY) return single(j, i) ? i : NONE;
	return j->node[i].n ? i + 1 : NONE;
}

static uint32_t after(const struct json *j, uint32_t i, uint32_t v)
{
	if (v == i) return NONE;
	uint32_t next = j->node[v].next;
	return next < j->node[i].next ? next : NONE;
}

static uint32_t element(const struct json *j, uint32_t i, int64_t at)
{
	if (j->node[i].type != JSON_ARRAY) return single(j, i) && (at == 0 || at == -1) ? i : NONE;
	if (at < 0) at += j->node[i].n;
	if (at < 0 || at >= j->node[i].n) return NONE;
	return json_at(j, i, (uint32_t)at);
}

const struct expr_scope *scope_up(const struct expr_scope *s, unsigned up)
{
	while (up-- && s->around) s = s->around;
	return s;
}

static uint32_t by_value(const struct step *s, struct expr_run *run, const struct expr_scope *scope, uint32_t i)
{
	struct value v = expr_eval(s->x, run, scope);
	struct str key = value_text(&v, run);
	int64_t at;
	if (!key.p) return NONE;
	if (run->j->node[i].type == JSON_OBJECT) {
		uint32_t m = json_get(run->j, i, key);
		return m ? m : NONE;
	}
	return str_int(key, &at) ? element(run->j, i, at) : NONE;
}

// The first element from v on that the condition of s holds for.
static uint32_t where(const struct step *s, struct expr_run *run, const struct expr_scope *scope, uint32_t i, uint32_t v, uint32_t *index)
{
	for (; v != NONE; v = after(run->j, i, v), ++*index) {
		struct expr_scope in = {.node = v, .index = *index, .around = scope};
		if (expr_test(s->x, run, &in)) return v;
	}
	return NONE;
}

// One step that leads to one place at the most.
static uint32_t go_elsewhere(const struct step *s, struct expr_run *run, const struct expr_scope *scope, uint32_t i)
{
	uint32_t index = 0;
	switch (s->kind) {
	case STEP_INDEX: return element(run->j, i, s->index);
	case STEP_BY: return by_value(s, run, scope, i);
	case STEP_FIRST: return where(s, run, scope, i, first(run->j, i), &index);
	case STEP_NAME: case STEP_ALL: case STEP_VALUES: case STEP_EVERY: break;
	}
	return NONE;
}

// Nearly all steps are names: they are worth a way without a call and its frame.
static inline uint32_t go(struct step *s, struct expr_run *run, const struct expr_scope *scope, uint32_t i)
{
	if (s->kind != STEP_NAME) return go_elsewhere(s, run, scope, i);
	uint32_t m = member(run, i, s);
	return m ? m : NONE;
}

struct walk { struct expr_run *run; const struct expr_scope *scope; nodes found; bool there; };

static void walk(struct walk *w, struct step *s, size_t n, uint32_t i);

static void walk_list(struct walk *w, struct step *s, size_t n, uint32_t i)
{
	const struct json *j = w->run->j;
	uint32_t index = 0;
	bool members = s->kind == STEP_VALUES && j->node[i].type == JSON_OBJECT;
	w->there |= j->node[i].type == JSON_ARRAY || members;
	if (members) {
		for (uint32_t k = json_first(j, i); k; k = json_after(j, i, k)) walk(w, s + 1, n - 1, k + 1);
		return;
	}
	for (uint32_t v = first(j, i); v != NONE; v = after(j, i, v), index++) {
		if (s->kind == STEP_EVERY && (v = where(s, w->run, w->scope, i, v, &index)) == NONE) return;
		walk(w, s + 1, n - 1, v);
	}
}

static void walk(struct walk *w, struct step *s, size_t n, uint32_t i)
{
	for (; n; s++, n--) {
		if (s->kind == STEP_ALL || s->kind == STEP_VALUES || s->kind == STEP_EVERY) {
			walk_list(w, s, n, i);
			return;
		}
		i = go(s, w->run, w->scope, i);
		if (i == NONE) return;
	}
	*VEC_PUSH(w->run->arena, &w->found) = i;
}

// --- what was read, for those who watch ----------------------------------------------------------------------------------

static void pointer_name(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '~') buf_cstr(b, "~0");
		else if (s.p[i] == '/') buf_cstr(b, "~1");
		else buf_c(b, s.p[i]);
	}
}

void node_pointer(struct buf *b, const struct json *j, uint32_t target)
{
	uint32_t i = 0;
	while (i != target) {
		bool object = j->node[i].type == JSON_OBJECT;
		int64_t index = 0;
		uint32_t v = json_first(j, i);
		for (; v && j->node[object ? v + 1 : v].next <= target; index++) v = json_after(j, i, v);
		if (!v) return;
		buf_c(b, '/');
		if (object) pointer_name(b, (struct str){j->text.p + j->node[v].at, j->node[v].len});
		else buf_int(b, index);
		i = object ? v + 1 : v;
	}
}

static void saw(struct expr_run *run, uint32_t i)
{
	if (run->touched) run->touched[i >> 3] |= (unsigned char)(1u << (i & 7));
	if (!run->trace) return;
	node_pointer(run->trace, run->j, i);
	buf_c(run->trace, '\n');
}

static struct value found(struct expr_run *run, uint32_t i)
{
	if (run->touched || run->trace) saw(run, i);
	return (struct value){.kind = run->j->node[i].type == JSON_NULL ? VALUE_NULL : VALUE_NODE, .node = i};
}

// --- the value of a path -------------------------------------------------------------------------------------------------

static uint32_t start(const struct expr *x, const struct expr_scope *scope)
{
	switch (x->base) {
	case BASE_AROUND: return scope_up(scope, x->up)->node;
	case BASE_RECORD: while (scope->around) scope = scope->around; return scope->node;
	case BASE_DOC: return 0;
	case BASE_THIS: case BASE_VALUE: break;
	}
	return scope->node;
}

static void walk_from(struct walk *w, const struct expr *x, const struct value *v)
{
	if (v->kind == VALUE_NODE) walk(w, x->step, x->steps, v->node);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->n; i++) walk_from(w, x, &v->list[i]);
}

static struct value as_list(struct walk *w)
{
	if (!w->found.n) return w->there ? value_list(NULL, 0) : ABSENT;
	struct value *list = NEW_N(w->run->arena, struct value, w->found.n);
	for (size_t i = 0; i < w->found.n; i++) list[i] = found(w->run, w->found.v[i]);
	return value_list(list, w->found.n);
}

static struct value behind_value(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	struct walk w = {.run = run, .scope = scope};
	struct value v = expr_eval(x->arg[0], run, scope);
	w.there = v.kind == VALUE_LIST;
	walk_from(&w, x, &v);
	if (x->many || v.kind == VALUE_LIST) return as_list(&w);
	return w.found.n ? found(run, w.found.v[0]) : ABSENT;
}

struct value path_eval(const struct expr *x, struct expr_run *run, const struct expr_scope *scope)
{
	if (x->base == BASE_VALUE) return behind_value(x, run, scope);
	uint32_t i = start(x, scope);
	if (x->many) {
		struct walk w = {.run = run, .scope = scope};
		walk(&w, x->step, x->steps, i);
		return as_list(&w);
	}
	for (size_t s = 0; s < x->steps; s++)
		if ((i = go(&x->step[s], run, scope, i)) == NONE) return ABSENT;
	return found(run, i);
}

void value_spread(const struct value *v, struct expr_run *run, values *to)
{
	const struct json *j = run->j;
	if (v->kind == VALUE_LIST) {
		for (size_t i = 0; i < v->n; i++) *VEC_PUSH(run->arena, to) = v->list[i];
	} else if (v->kind == VALUE_NODE && j->node[v->node].type == JSON_ARRAY) {
		for (uint32_t k = json_first(j, v->node); k; k = json_after(j, v->node, k)) *VEC_PUSH(run->arena, to) = found(run, k);
	} else if (v->kind != VALUE_ABSENT) {
		*VEC_PUSH(run->arena, to) = *v;
	}
}
