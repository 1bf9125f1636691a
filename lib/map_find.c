// What a mapping says about a record besides its events: findings, the trace, the coverage.
#include "expr_part.h"
#include "map_part.h"

// --- places --------------------------------------------------------------------------------------------------------------

// As a JSON Pointer in the event: /body/lines/0/sku. A key of a place stands in a mapping file, so it is harmless.
void place_text(struct buf *b, const struct place *p)
{
	if (!p) return;
	place_text(b, p->up);
	buf_c(b, '/');
	if (p->key.p) buf_str(b, p->key);
	else buf_int(b, p->index);
}

// As the owners name it: lines.sku.
static void place_dotted(struct buf *b, const struct place *p)
{
	if (!p) return;
	place_dotted(b, p->up);
	if (!p->key.p || (!p->up && str_is(p->key, "body"))) return;
	if (b->n) buf_c(b, '.');
	buf_str(b, p->key);
}

static bool covers(struct str prefix, struct str path)
{
	return str_starts(path, prefix) && (path.n == prefix.n || path.p[prefix.n] == '.');
}

static const char *owner(struct run *r)
{
	struct buf b = {0};
	const char *found = "channel-ops";
	size_t longest = 0;
	place_dotted(&b, r->place);
	for (size_t i = 0; i < r->m->owners; i++) {
		const struct map_owner *o = &r->m->owner[i];
		if (str_is(o->prefix, "*") && !longest) found = o->owner;
		if (o->prefix.n <= longest || !covers(o->prefix, buf_view(&b))) continue;
		longest = o->prefix.n;
		found = o->owner;
	}
	buf_free(&b);
	return found;
}

// --- findings ------------------------------------------------------------------------------------------------------------

static const char *fix_of(const char *code)
{
	static const struct { const char *code, *fix; } all[] = {
		{"map_money", "correct the amount or its currency in the channel, or the mapping where it reads the wrong field"},
		{"map_number", "correct the number in the channel, or the mapping where it reads the wrong field"},
		{"map_time", "add the form of this time to the mapping, or correct it in the channel"},
		{"map_bool", "correct the value in the channel, or map its words with enum()"},
		{"map_shape", "correct the mapping: it must name the member inside"},
		{"map_enum", "add the word to the table in the mapping file"},
		{"map_country", "correct the country of the address; checks that need its code are left out"},
		{"map_required", "correct the mapping, or fetch the document again: it lacks what makes its key"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(code, all[i].code) == 0) return all[i].fix;
	return "correct the mapping or the document";
}

// At most 200 bytes, never half a character.
static struct str cut(struct arena *a, struct str s)
{
	size_t n = s.n < 200 ? s.n : 200;
	while (n && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80) n--;
	return s.p ? (struct str){arena_copy(a, s.p, n), n} : s;
}

static const char FROM[] = " (from ";

struct str map_reason(struct str message, struct str *expression)
{
	const char *at = message.n && message.p[message.n - 1] == ')' ? memmem(message.p, message.n, FROM, sizeof FROM - 1) : NULL;
	size_t end = at ? (size_t)(at - message.p) : message.n;
	*expression = at ? str_cut(message, end + sizeof FROM - 1, message.n - 1) : (struct str){0};
	return str_cut(message, 0, end);
}

void map_finding(struct run *r, bool fatal, const char *code, struct str value, const char *message)
{
	struct buf path = {0};
	place_text(&path, r->place);
	if (r->current) message = arena_printf(r->a, "%s%s%s)", message, FROM, expr_source(r->current));
	*VEC_PUSH(r->a, &r->unit->found) = (struct finding){.rule = "MAP", .code = code, .severity = fatal ? SEV_REJECT : SEV_WARN,
		.owner = owner(r), .path = {arena_copy(r->a, path.p, path.n), path.n}, .value = cut(r->a, value), .message = message, .fix = fix_of(code)};
	r->unit->refused |= fatal;
	buf_free(&path);
}

void map_say(void *run, bool fatal, const char *code, struct str value, const char *message)
{
	map_finding(run, fatal, code, value, message);
}

void map_refused(struct run *r, const char *code, const char *message, const char *fix, const char *who)
{
	*VEC_PUSH(r->a, &r->unit->found) = (struct finding){.rule = "MAP", .code = code, .severity = SEV_REJECT, .owner = who,
		.path = S(""), .value = {0}, .message = message, .fix = fix};
	r->unit->refused = true;
}

// --- the trace -----------------------------------------------------------------------------------------------------------

// The pointers in reads, one a line, as a JSON array.
static void reads_json(struct run *r)
{
	struct str s = buf_view(&r->reads);
	buf_c(&r->trace, '[');
	for (size_t i = 0, from = 0; i < s.n; i++) {
		if (s.p[i] != '\n') continue;
		if (from) buf_c(&r->trace, ',');
		buf_json(&r->trace, str_cut(s, from, i));
		from = i + 1;
	}
	buf_c(&r->trace, ']');
}

void watch_expr(struct run *r, const struct expr *x, size_t from)
{
	struct buf path = {0};
	place_text(&path, r->place);
	buf_cstr(&r->trace, r->trace.n ? ",{\"event\":" : "{\"event\":");
	buf_int(&r->trace, (int64_t)r->unit->n);
	buf_cstr(&r->trace, ",\"path\":");
	buf_json(&r->trace, buf_view(&path));
	buf_cstr(&r->trace, ",\"expression\":");
	buf_json(&r->trace, str_of(expr_source(x)));
	buf_cstr(&r->trace, ",\"read\":");
	reads_json(r);
	if (r->out->n > from) {
		buf_cstr(&r->trace, ",\"value\":");
		buf_add(&r->trace, r->out->p + from, r->out->n - from);
	}
	buf_c(&r->trace, '}');
	buf_free(&path);
}

// --- the coverage --------------------------------------------------------------------------------------------------------

struct leaf { struct str path; bool touched; };
struct cover { struct run *r; VEC(struct leaf) leaf; uint32_t *slot; size_t slots; struct buf path; };

static void resize(struct cover *c)
{
	c->slots = c->slots ? c->slots * 2 : 256;
	c->slot = NEW_N(c->r->a, uint32_t, c->slots);
	for (size_t i = 0; i < c->leaf.n; i++) {
		size_t h = str_hash(c->leaf.v[i].path) & (c->slots - 1);
		while (c->slot[h]) h = (h + 1) & (c->slots - 1);
		c->slot[h] = (uint32_t)i + 1;
	}
}

static struct leaf *leaf_of(struct cover *c, struct str path)
{
	if (c->leaf.n * 2 >= c->slots) resize(c);
	size_t h = str_hash(path) & (c->slots - 1);
	for (; c->slot[h]; h = (h + 1) & (c->slots - 1))
		if (str_eq(c->leaf.v[c->slot[h] - 1].path, path)) return &c->leaf.v[c->slot[h] - 1];
	struct leaf *l = VEC_PUSH(c->r->a, &c->leaf);
	*l = (struct leaf){{arena_copy(c->r->a, path.p, path.n), path.n}, false};
	c->slot[h] = (uint32_t)c->leaf.n;
	return l;
}

// Names that an expression cannot spell bare stand in brackets.
static void cover_name(struct buf *b, struct str name)
{
	bool bare = name.n > 0;
	for (size_t i = 0; bare && i < name.n; i++) {
		char c = name.p[i];
		bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (i && ((c >= '0' && c <= '9') || c == '-'));
	}
	if (bare && b->n) buf_c(b, '.');
	if (!bare) buf_cstr(b, "['");
	buf_str(b, name);
	if (!bare) buf_cstr(b, "']");
}

static void cover(struct cover *c, uint32_t i)
{
	const struct json *j = c->r->x.j;
	size_t before = c->path.n;
	if (j->node[i].type < JSON_ARRAY) {
		struct leaf *l = leaf_of(c, buf_view(&c->path));
		l->touched |= (c->r->x.touched[i >> 3] >> (i & 7)) & 1;
		return;
	}
	bool object = j->node[i].type == JSON_OBJECT;
	for (uint32_t v = json_first(j, i); v; v = json_after(j, i, v)) {
		if (object) cover_name(&c->path, (struct str){j->text.p + j->node[v].at, j->node[v].len});
		else buf_cstr(&c->path, "[]");
		cover(c, object ? v + 1 : v);
		c->path.n = before;
	}
}

static void cover_json(struct cover *c, struct buf *b, bool touched)
{
	bool any = false;
	buf_c(b, '[');
	for (size_t i = 0; i < c->leaf.n; i++) {
		if (c->leaf.v[i].touched != touched) continue;
		if (any) buf_c(b, ',');
		buf_json(b, c->leaf.v[i].path);
		any = true;
	}
	buf_c(b, ']');
}

static struct str coverage(struct run *r, uint32_t node)
{
	struct cover c = {.r = r};
	struct buf b = {0};
	cover(&c, node);
	buf_cstr(&b, "{\"untouched\":");
	cover_json(&c, &b, false);
	buf_cstr(&b, ",\"touched\":");
	cover_json(&c, &b, true);
	buf_c(&b, '}');
	struct str s = {arena_copy(r->a, b.p, b.n), b.n};
	buf_free(&b);
	buf_free(&c.path);
	return s;
}

void watch_begin(struct run *r)
{
	r->x.touched = r->m->watch.coverage ? NEW_N(r->a, unsigned char, r->x.j->n / 8 + 1) : NULL;
	r->x.trace = r->m->watch.trace ? &r->reads : NULL;
}

void watch_end(struct run *r, uint32_t node, struct map_watched *to)
{
	if (r->m->watch.trace) to->trace = (struct str){arena_printf(r->a, "{\"trace\":[" STR_FMT "]}", STR_ARG(buf_view(&r->trace))), r->trace.n + 12};
	if (r->m->watch.coverage) to->coverage = coverage(r, node);
	buf_free(&r->reads);
	buf_free(&r->trace);
	r->x.touched = NULL;
	r->x.trace = NULL;
}
