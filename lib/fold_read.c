// Body members into structs by tables of fields; names to indices; sums that may become unknown.
#include "fold_parts.h"

enum { FEW = 8 }; // names looked through one by one; from here on by a table

static bool same(struct str a, struct str b) { return str_eq(a, b); }

static size_t in_table(const struct names *t, struct str name)
{
	for (size_t s = (size_t)str_hash(name) & (t->slots - 1); t->slot[s]; s = (s + 1) & (t->slots - 1))
		if (same(t->v.v[t->slot[s] - 1].name, name)) return t->slot[s] - 1;
	return NOT_THERE;
}

size_t names_find(struct names *t, struct str name)
{
	size_t k = NOT_THERE;
	if (!name.n || !t->v.n) return NOT_THERE;
	if (t->hint < t->v.n && same(t->v.v[t->hint].name, name)) k = t->hint; // documents list things in the same order
	else if (t->slots) k = in_table(t, name);
	else
		for (size_t i = 0; i < t->v.n && k == NOT_THERE; i++)
			if (same(t->v.v[i].name, name)) k = i;
	if (k == NOT_THERE) return k;
	t->hint = k + 1;
	return t->v.v[k].at;
}

static void to_slot(struct names *t, size_t k)
{
	size_t s = (size_t)str_hash(t->v.v[k].name) & (t->slots - 1);
	while (t->slot[s]) s = (s + 1) & (t->slots - 1);
	t->slot[s] = (uint32_t)(k + 1);
}

void names_add(struct arena *a, struct names *t, struct str name, size_t at)
{
	*VEC_PUSH(a, &t->v) = (struct name_at){name, at};
	if (t->v.n <= FEW) return;
	if (t->v.n * 2 <= t->slots) {
		to_slot(t, t->v.n - 1);
		return;
	}
	t->slots = t->slots ? t->slots * 2 : (size_t)FEW * 4;
	t->slot = NEW_N(a, uint32_t, t->slots);
	for (size_t k = 0; k < t->v.n; k++) to_slot(t, k);
}

void names_set(struct arena *a, struct names *t, struct str name, size_t at)
{
	if (names_find(t, name) == NOT_THERE) names_add(a, t, name, at);
	else t->v.v[t->hint - 1].at = at;
}

struct place place_of(struct fold *f, size_t i, int digits)
{
	return (struct place){f, i, f->ev[i].j, digits};
}

// Members mostly come in the order of the table: the search goes on behind the last one found.
static size_t field_named(const struct form *form, struct str key, size_t from)
{
	size_t n = form->n;
	for (size_t i = 0, k = from; i < n; i++, k++) {
		if (k >= n) k = 0;
		const struct field *x = &form->field[k];
		if (x->len == key.n && bytes_same(x->name, key.p, key.n)) return k;
	}
	return NOT_THERE;
}

bool take_money(struct place *p, uint32_t v, int64_t *to)
{
	struct str s = json_str(p->j, v, p->f->a);
	if (!s.n || p->digits < 0) return false;
	int64_t minor;
	switch (money_parse(s, p->digits, &minor)) {
	case MONEY_OK: *to = minor; return true;
	case MONEY_RANGE: p->f->overflow = true; break;
	case MONEY_DIGITS: break; // a unit price of 0.0075: said, and not exact in this currency
	case MONEY_SYNTAX: return false;
	}
	*to = MONEY_NONE;
	return true;
}

static bool take_text(struct place *p, uint32_t v, struct str *to)
{
	struct str s = json_str(p->j, v, p->f->a);
	if (s.n) *to = s;
	return s.n > 0;
}

static bool take_time(struct place *p, uint32_t v, int64_t *to)
{
	int64_t at = event_time(json_str(p->j, v, p->f->a));
	if (at != DATE_NONE) *to = at;
	return at != DATE_NONE;
}

static bool take_flag(struct place *p, uint32_t v, bool *to)
{
	enum json_type t = json_type(p->j, v);
	if (t != JSON_TRUE && t != JSON_FALSE) return false;
	*to = t == JSON_TRUE;
	return true;
}

static bool take_word(struct place *p, uint32_t v, enum axis axis, void *to)
{
	struct str s = json_str(p->j, v, p->f->a);
	int word = s.n ? axis_value(axis, s) : -1;
	if (word >= 0) memcpy(to, &word, sizeof word);
	return word >= 0;
}

static bool take(struct place *p, const struct form *form, const struct field *x, uint32_t v, void *to)
{
	void *at = (char *)to + x->at;
	switch ((enum field_kind)x->kind) {
	case TEXT: return take_text(p, v, at);
	case MONEY: return take_money(p, v, at);
	case TIME: return take_time(p, v, at);
	case UNITS: return json_int(p->j, v, at);
	case FLAG: return take_flag(p, v, at);
	case WORD: return take_word(p, v, (enum axis)x->axis, at);
	case OWN: case DEEP: return form->own(p, to, x->at, v);
	}
	return false;
}

bool take_members(struct place *p, const struct form *form, uint32_t v, void *to, uint64_t *have)
{
	bool any = false;
	if (!v || json_type(p->j, v) != JSON_OBJECT) return false;
	size_t next = 0;
	const struct json_node *node = p->j->node;
	const char *text = p->j->text.p;
	for (uint32_t m = v + 1, end = node[v].next; m < end; m = node[m + 1].next) {
		if (node[m + 1].type == JSON_NULL) continue;
		struct str key = {text + node[m].at, node[m].len};
		if (node[m].escaped) key = json_str(p->j, m, p->f->a);
		size_t k = key.n ? field_named(form, key, next) : NOT_THERE;
		if (k == NOT_THERE) continue;
		next = k + 1;
		const struct field *x = &form->field[k];
		if (*have >> k & 1) continue;
		if (!take(p, form, x, m + 1, to)) continue;
		any = true;
		if (x->kind != DEEP) *have |= (uint64_t)1 << k;
	}
	return any;
}

struct str text_at(struct place *p, uint32_t object, const char *key)
{
	struct str s = json_str(p->j, json_getz(p->j, object, key), p->f->a);
	return s.n ? s : (struct str){0};
}

int64_t time_at(struct place *p, uint32_t object, const char *key) { return event_time(text_at(p, object, key)); }

bool take_strs(struct place *p, uint32_t v, struct str **list, size_t *n)
{
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	*list = NEW_N(p->f->a, struct str, p->j->node[v].n);
	*n = 0;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) {
		struct str s = json_str(p->j, m, p->f->a);
		if (s.n) (*list)[(*n)++] = s;
	}
	return true;
}

static const struct field tax_fields[] = {
	FIELD("name", TEXT, struct tax, name), FIELD("jurisdiction", TEXT, struct tax, jurisdiction), FIELD("rate", TEXT, struct tax, rate),
	FIELD("amount", MONEY, struct tax, amount), FIELD("included", FLAG, struct tax, included),
};
static const struct form tax_form = FORM(tax_fields, NULL);

static const struct field discount_fields[] = {
	FIELD("code", TEXT, struct discount, code), FIELD("name", TEXT, struct discount, name), FIELD("amount", MONEY, struct discount, amount),
};
static const struct form discount_form = FORM(discount_fields, NULL);

bool take_taxes(struct place *p, uint32_t v, struct tax **list, size_t *n)
{
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	*list = NEW_N(p->f->a, struct tax, p->j->node[v].n);
	*n = 0;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) {
		uint64_t have = 0;
		(*list)[*n].amount = MONEY_NONE;
		take_members(p, &tax_form, m, &(*list)[(*n)++], &have);
	}
	return true;
}

bool take_discounts(struct place *p, uint32_t v, struct discount **list, size_t *n)
{
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	*list = NEW_N(p->f->a, struct discount, p->j->node[v].n);
	*n = 0;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) {
		uint64_t have = 0;
		(*list)[*n].amount = MONEY_NONE;
		take_members(p, &discount_form, m, &(*list)[(*n)++], &have);
	}
	return true;
}

void stands(struct fold *f, size_t i) { f->used[i] = true; }

int64_t sooner_of(int64_t a, int64_t b) { return a == DATE_NONE ? b : b == DATE_NONE || a < b ? a : b; }

int64_t when(const struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	return ev->occurred_at != DATE_NONE ? ev->occurred_at : ev->sort_at ? ev->sort_at : DATE_NONE;
}

int64_t plus(struct fold *f, int64_t a, int64_t b)
{
	int64_t sum = MONEY_NONE;
	if (a == MONEY_NONE || b == MONEY_NONE) return MONEY_NONE;
	if (!money_add(a, b, &sum) || sum == MONEY_NONE) f->overflow = true;
	return sum;
}

int64_t minus(struct fold *f, int64_t a, int64_t b)
{
	int64_t rest = MONEY_NONE;
	if (a == MONEY_NONE || b == MONEY_NONE) return MONEY_NONE;
	if (!money_sub(a, b, &rest) || rest == MONEY_NONE) f->overflow = true;
	return rest;
}
