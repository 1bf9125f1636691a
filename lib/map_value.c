// Values and templates written as the JSON text of an event, straight into one buffer; what turns out empty is taken back.
#include "map_part.h"
#include "money.h"

// --- values --------------------------------------------------------------------------------------------------------------

// Plain ASCII without DEL reads the same in what we write: eight bytes at a time.
static bool plain(struct str s)
{
	const uint64_t high = 0x8080808080808080, ones = 0x0101010101010101;
	size_t i = 0;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t w;
		memcpy(&w, s.p + i, 8);
		if ((w | (w + ones)) & high) return false;
	}
	for (; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x7f) return false;
	return true;
}

// Does it need no escape at all? A borrow can only make it say no too often.
static bool needs_none(struct str s)
{
	const uint64_t high = 0x8080808080808080, ones = 0x0101010101010101;
	size_t i = 0;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t w;
		memcpy(&w, s.p + i, 8);
		uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
		if (((w | (w + ones)) | (w - ones * 0x20) | (quote - ones) | (slash - ones)) & high) return false;
	}
	for (; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') return false;
	}
	return true;
}

static void write_text(struct run *r, struct str s)
{
	if (!needs_none(s)) {
		buf_json(r->out, s);
		return;
	}
	buf_c(r->out, '"');
	buf_add(r->out, s.p, s.n);
	buf_c(r->out, '"');
}

static bool write_string(struct run *r, uint32_t i)
{
	const struct json_node *n = &r->x.j->node[i];
	struct str s = {r->x.j->text.p + n->at, n->len};
	if (!s.n) return false;
	if (n->escaped || !plain(s)) {
		buf_json(r->out, n->escaped ? json_str(r->x.j, i, r->a) : s);
		return true;
	}
	buf_add(r->out, s.p - 1, s.n + 2); // with its quotes
	return true;
}

static bool write_node(struct run *r, uint32_t i);

static void write_elements(struct run *r, uint32_t i)
{
	const struct json *j = r->x.j;
	bool any = false;
	for (uint32_t v = json_first(j, i); v; v = json_after(j, i, v)) {
		size_t before = r->out->n;
		if (any) buf_c(r->out, ',');
		if (write_node(r, v)) any = true;
		else r->out->n = before;
	}
}

static void write_members(struct run *r, uint32_t i)
{
	const struct json *j = r->x.j;
	bool any = false;
	for (uint32_t k = json_first(j, i); k; k = json_after(j, i, k)) {
		size_t before = r->out->n;
		if (any) buf_c(r->out, ',');
		buf_json(r->out, json_str(j, k, r->a));
		buf_c(r->out, ':');
		if (write_node(r, k + 1)) any = true;
		else r->out->n = before;
	}
}

// A number of the channel goes out as text: ids, amounts and rates are texts in an event; int() makes counts.
static bool write_node(struct run *r, uint32_t i)
{
	const struct json_node *n = &r->x.j->node[i];
	struct str literal = {r->x.j->text.p + n->at, n->len};
	if (r->x.touched) r->x.touched[i >> 3] |= (unsigned char)(1u << (i & 7));
	switch ((enum json_type)n->type) {
	case JSON_NULL: return false;
	case JSON_STRING: return write_string(r, i);
	case JSON_TRUE: case JSON_FALSE: buf_str(r->out, literal); return true;
	case JSON_NUMBER:
		buf_c(r->out, '"');
		buf_str(r->out, literal);
		buf_c(r->out, '"');
		return true;
	case JSON_ARRAY: case JSON_OBJECT: break;
	}
	buf_c(r->out, n->type == JSON_ARRAY ? '[' : '{');
	if (n->type == JSON_ARRAY) write_elements(r, i);
	else write_members(r, i);
	buf_c(r->out, n->type == JSON_ARRAY ? ']' : '}');
	return true;
}

static void write_list(struct run *r, const struct value *v)
{
	bool any = false;
	buf_c(r->out, '[');
	for (size_t i = 0; i < v->n; i++) {
		size_t before = r->out->n;
		if (any) buf_c(r->out, ',');
		if (write_value(r, &v->list[i])) any = true;
		else r->out->n = before;
	}
	buf_c(r->out, ']');
}

bool write_value(struct run *r, const struct value *v)
{
	switch (v->kind) {
	case VALUE_ABSENT: case VALUE_NULL: return false;
	case VALUE_NODE: return write_node(r, v->node);
	case VALUE_TEXT:
		if (v->text.n) write_text(r, v->text);
		return v->text.n > 0;
	case VALUE_BARE:
		buf_str(r->out, v->text);
		return v->text.n > 0;
	case VALUE_LIST: break;
	}
	write_list(r, v);
	return true;
}

static struct value evaluate(struct run *r, const struct expr *x, const struct expr_scope *scope)
{
	r->current = x;
	return expr_eval(x, &r->x, scope);
}

bool write_expr(struct run *r, const struct expr *x, const struct expr_scope *scope, struct str label)
{
	size_t from = r->out->n;
	if (r->m->watch.trace) buf_clear(&r->reads);
	struct value v = evaluate(r, x, scope);
	bool wrote = false;
	if (v.kind > VALUE_NULL) {
		buf_str(r->out, label);
		size_t value = r->out->n;
		wrote = write_value(r, &v);
		if (wrote) from = value;
	}
	if (!wrote) r->out->n = from;
	if (r->m->watch.trace) watch_expr(r, x, from);
	return wrote;
}

static bool holds(struct run *r, const struct expr *when, const struct expr_scope *scope)
{
	if (!when) return true;
	r->current = when;
	return expr_test(when, &r->x, scope);
}

// --- what amounts and times are read in ------------------------------------------------------------------------------------

void set_currency(struct run *r, const struct expr *x, const struct expr_scope *scope)
{
	if (!x) return;
	struct value v = evaluate(r, x, scope);
	struct str code = str_upper(r->a, str_trim(value_text(&v, &r->x)));
	if (!code.n) return; // the source's own stays
	r->x.digits = currency_digits(code);
	r->x.currency = r->x.digits >= 0 ? str_c(r->a, code) : NULL;
}

void set_zone(struct run *r, const struct expr *x, const struct expr_scope *scope)
{
	if (!x) return;
	struct value v = evaluate(r, x, scope);
	const char *zone = str_c(r->a, str_trim(value_text(&v, &r->x)));
	if (!zone || !*zone) return;
	if (zone_known(zone)) r->x.zone = zone;
	else map_finding(r, true, "map_time", str_of(zone), "not a time zone");
}

// --- templates -----------------------------------------------------------------------------------------------------------

static bool write_member(struct run *r, const struct template *m, const struct expr_scope *scope)
{
	if (m->kind == T_EXPR) return write_expr(r, m->x, scope, m->label); // most of them; many say nothing
	buf_str(r->out, m->label);
	return write_template(r, m, scope);
}

static bool members(struct run *r, const struct template *t, const struct expr_scope *scope)
{
	struct place here = {.up = r->place, .index = -1};
	size_t start = r->out->n;
	bool any = false;
	buf_c(r->out, '{');
	r->place = &here;
	for (size_t i = 0; i < t->n; i++) {
		const struct template *m = &t->part[i];
		size_t before = r->out->n;
		here.key = m->key;
		if (any) buf_c(r->out, ',');
		if (write_member(r, m, scope)) any = true;
		else r->out->n = before;
	}
	r->place = here.up;
	buf_c(r->out, '}');
	if (!any && !t->keep) r->out->n = start;
	return any || t->keep;
}

// An object with its own scope already set.
static bool object(struct run *r, const struct template *t, const struct expr_scope *scope)
{
	if (!holds(r, t->when, scope)) return false;
	if (!t->currency && !t->zone) return members(r, t, scope);
	struct expr_run kept = r->x;
	set_currency(r, t->currency, scope);
	set_zone(r, t->zone, scope);
	bool wrote = members(r, t, scope);
	r->x.currency = kept.currency;
	r->x.digits = kept.digits;
	r->x.zone = kept.zone;
	return wrote;
}

static bool with(struct run *r, const struct template *t, const struct expr_scope *scope)
{
	if (!t->x) return object(r, t, scope);
	struct value v = evaluate(r, t->x, scope);
	if (v.kind == VALUE_LIST && v.n) v = v.list[0];
	if (v.kind != VALUE_NODE) return false;
	struct expr_scope in = {.node = v.node, .around = scope};
	return object(r, t, &in);
}

struct items { bool there; size_t n; }; // does the list exist; elements written so far

// Begins an element; r->out is put back to what it returns where nothing came of it.
static size_t begin(struct run *r, const struct items *to)
{
	size_t before = r->out->n;
	if (to->n) buf_c(r->out, ',');
	return before;
}

static void ended(struct run *r, struct items *to, size_t before, bool wrote)
{
	if (wrote) to->n++;
	else r->out->n = before;
	to->there |= wrote;
}

static void each(struct run *r, const struct template *t, const struct expr_scope *scope, struct items *to, struct place *here)
{
	uint32_t *node;
	r->current = t->x;
	size_t n = expr_nodes(t->x, &r->x, scope, &node);
	to->there |= node != NULL;
	for (size_t i = 0; i < n; i++) {
		struct expr_scope in = {.node = node[i], .index = (uint32_t)i, .around = scope};
		size_t before = begin(r, to);
		here->index = (int64_t)to->n;
		ended(r, to, before, object(r, t, &in));
	}
}

static void spread(struct run *r, const struct template *t, const struct expr_scope *scope, struct items *to)
{
	struct value v = evaluate(r, t->x, scope);
	struct value *list = v.kind == VALUE_LIST ? v.list : &v;
	size_t n = v.kind == VALUE_LIST ? v.n : 1;
	to->there |= v.kind == VALUE_LIST;
	if (v.kind == VALUE_NODE && r->x.j->node[v.node].type == JSON_ARRAY) {
		size_t before = begin(r, to), from = r->out->n;
		to->there = true;
		write_elements(r, v.node);
		ended(r, to, before, r->out->n > from);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		size_t before = begin(r, to);
		ended(r, to, before, write_value(r, &list[i]));
	}
}

static void items(struct run *r, const struct template *t, const struct expr_scope *scope, struct items *to, struct place *here)
{
	here->index = (int64_t)to->n;
	if (!holds(r, t->only, scope)) return;
	if (t->kind == T_EACH) {
		each(r, t, scope, to, here);
	} else if (t->kind == T_CONCAT) {
		for (size_t i = 0; i < t->n; i++) items(r, &t->part[i], scope, to, here);
	} else if (t->kind == T_EXPR) {
		spread(r, t, scope, to);
	} else {
		size_t before = begin(r, to);
		ended(r, to, before, write_template(r, t, scope));
	}
}

static bool array(struct run *r, const struct template *t, const struct expr_scope *scope)
{
	struct items to = {0};
	struct place here = {.up = r->place};
	size_t start = r->out->n;
	buf_c(r->out, '[');
	r->place = &here;
	items(r, t, scope, &to, &here);
	r->place = here.up;
	buf_c(r->out, ']');
	if (!to.there) r->out->n = start;
	return to.there;
}

bool write_template(struct run *r, const struct template *t, const struct expr_scope *scope)
{
	if (!holds(r, t->only, scope)) return false;
	switch (t->kind) {
	case T_EXPR: return write_expr(r, t->x, scope, (struct str){0});
	case T_CONST: buf_str(r->out, t->constant); return true;
	case T_OBJECT: return with(r, t, scope);
	case T_EACH: case T_CONCAT: break;
	}
	return array(r, t, scope);
}
