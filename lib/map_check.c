// A mapping's own tests: each sends one document through it and says what must come out.
#include "map_part.h"
#include "text.h"
#include <errno.h>
#include <stdio.h>

// The file is read by the record reader here: numbers of a payload must reach the mapping with the digits they have.
static int read_file(struct err *e, const char *path, struct buf *to)
{
	FILE *f = fopen(path, "re");
	if (!f) return fail(e, E_NOINPUT, "%s: %s", path, strerror(errno));
	char part[16384];
	for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_add(to, part, n);
	int bad = ferror(f);
	fclose(f);
	return bad ? fail(e, E_IO, "%s: reading failed", path) : 0;
}

struct check {
	struct arena *a;
	const struct json *j;      // the mapping file
	struct buf *to;
	struct str name;           // of the test
	struct map_result *unit;
	size_t units;
	int failed;
};

static void wrong(struct check *c, struct str what, struct str expected, struct str got)
{
	text_safe(c->to, c->name);
	buf_cstr(c->to, ": ");
	text_safe(c->to, what);
	buf_cstr(c->to, ": expected ");
	text_safe(c->to, expected);
	buf_cstr(c->to, ", got ");
	text_safe(c->to, got.p ? got : S("nothing"));
	buf_c(c->to, '\n');
	c->failed++;
}

static bool same(struct check *c, uint32_t x, const struct json *k, uint32_t y)
{
	const struct json_node *nx = &c->j->node[x], *ny = &k->node[y];
	if (nx->type != ny->type || nx->n != ny->n) return false;
	if (nx->type < JSON_ARRAY) return str_eq(json_str(c->j, x, c->a), json_str(k, y, c->a));
	uint32_t v = json_first(c->j, x), w = json_first(k, y);
	for (; v && w; v = json_after(c->j, x, v)) {
		if (nx->type == JSON_OBJECT) {
			uint32_t m = json_get(k, y, json_str(c->j, v, c->a));
			if (!m || !same(c, v + 1, k, m)) return false;
		} else {
			if (!same(c, v, k, w)) return false;
			w = json_after(k, y, w);
		}
	}
	return true;
}

// "body.lines.0.sku" from the root of an event; 0 where it leads nowhere.
static uint32_t follow(const struct json *k, struct str path)
{
	uint32_t i = 0;
	for (size_t from = 0; from <= path.n;) {
		const char *dot = from < path.n ? memchr(path.p + from, '.', path.n - from) : NULL;
		size_t to = dot ? (size_t)(dot - path.p) : path.n;
		struct str step = str_cut(path, from, to);
		int64_t index;
		if (k->node[i].type == JSON_ARRAY) i = str_int(step, &index) && index >= 0 ? json_at(k, i, (uint32_t)index) : 0;
		else i = json_get(k, i, step);
		if (!i) return 0;
		from = to + 1;
	}
	return i;
}

static const struct map_event *event_at(struct check *c, int64_t i)
{
	for (size_t u = 0; u < c->units; u++) {
		if (i < (int64_t)c->unit[u].n) return &c->unit[u].event[i];
		i -= (int64_t)c->unit[u].n;
	}
	return NULL;
}

static void check_member(struct check *c, struct str key, uint32_t expected)
{
	const char *dot = memchr(key.p, '.', key.n);
	int64_t index = 0;
	struct str said = json_raw(c->j, expected), path = str_cut(key, dot ? (size_t)(dot - key.p) + 1 : key.n, key.n);
	const struct map_event *ev = str_int(str_cut(key, 0, dot ? (size_t)(dot - key.p) : key.n), &index) && index >= 0 ? event_at(c, index) : NULL;
	struct json k = {0};
	struct json_error bad;
	if (!ev || !json_parse(&k, ev->json, &bad)) {
		wrong(c, key, said, S("no such event"));
	} else {
		uint32_t i = follow(&k, path);
		bool null = c->j->node[expected].type == JSON_NULL; // must not be there
		if (null ? i != 0 : !i || !same(c, expected, &k, i)) wrong(c, key, null ? S("nothing") : said, i ? json_raw(&k, i) : (struct str){0});
	}
	json_free(&k);
}

static void check_count(struct check *c, struct str key, uint32_t expected, size_t n)
{
	int64_t want;
	if (json_int(c->j, expected, &want) && want >= 0 && (size_t)want == n) return;
	wrong(c, key, json_raw(c->j, expected), str_of(arena_printf(c->a, "%zu", n)));
}

// Is there a finding with the code? reject: among those that refuse; else among the warnings.
static void check_code(struct check *c, struct str key, uint32_t expected, bool reject)
{
	struct str code = json_str(c->j, expected, c->a), seen = {0};
	for (size_t u = 0; u < c->units; u++)
		for (size_t i = 0; i < c->unit[u].found.n; i++) {
			const struct finding *f = &c->unit[u].found.v[i];
			if ((f->severity == SEV_REJECT) != reject) continue;
			if (str_is(code, f->code)) return;
			seen = str_of(f->code);
		}
	wrong(c, key, code, seen);
}

static size_t total(const struct check *c, bool events)
{
	size_t n = 0;
	for (size_t u = 0; u < c->units; u++) n += events ? c->unit[u].n : c->unit[u].found.n;
	return n;
}

static void check_expected(struct check *c, uint32_t expect)
{
	const struct json *j = c->j;
	bool refusal = false;
	for (uint32_t k = expect ? json_first(j, expect) : 0; k; k = json_after(j, expect, k)) {
		struct str key = json_str(j, k, c->a);
		refusal |= str_is(key, "refused");
		if (str_is(key, "events")) check_count(c, key, k + 1, total(c, true));
		else if (str_is(key, "units")) check_count(c, key, k + 1, c->units);
		else if (str_is(key, "findings")) check_count(c, key, k + 1, total(c, false));
		else if (str_is(key, "refused")) check_code(c, key, k + 1, true);
		else if (str_is(key, "warned")) check_code(c, key, k + 1, false);
		else check_member(c, key, k + 1);
	}
	for (size_t u = 0; u < c->units && !refusal; u++)
		for (size_t i = 0; i < c->unit[u].found.n; i++)
			if (c->unit[u].found.v[i].severity == SEV_REJECT) {
				const struct finding *f = &c->unit[u].found.v[i];
				wrong(c, f->path, S("no refusal"), str_of(arena_printf(c->a, "%s: %s: " STR_FMT, f->code, f->message, STR_ARG(f->value))));
			}
}

static int run_one(struct map *m, struct err *e, struct check *c, uint32_t test)
{
	const struct json *j = c->j;
	uint32_t input = json_getz(j, test, "input"), source = json_getz(j, test, "source");
	c->name = json_str(j, json_getz(j, test, "name"), c->a);
	if (!input) return fail(e, E_CONFIG, "%s: a test without \"input\"", m->path);
	struct map_source from = {.name = m->channel, .tz = m->tz, .currency = m->currency};
	struct { const char *key, **to; } own[] = {{"tz", &from.tz}, {"currency", &from.currency}, {"account", &from.account}};
	for (size_t i = 0; source && i < sizeof own / sizeof *own; i++) {
		struct str said = json_str(j, json_getz(j, source, own[i].key), c->a);
		if (said.p) *own[i].to = str_c(c->a, said);
	}
	struct json document = {0};
	struct json_error bad;
	json_parse(&document, json_raw(j, input), &bad); // part of a text that was read already
	int failed = map_document(m, e, c->a, &document, &from, str_c(c->a, json_str(j, json_getz(j, test, "topic"), c->a)), &c->unit, &c->units);
	if (!failed) check_expected(c, json_getz(j, test, "expect"));
	json_free(&document);
	return failed;
}

int map_test(struct map *m, struct err *e, struct buf *to, size_t *ran)
{
	struct buf text = {0};
	struct json j = {0};
	struct json_error bad;
	struct arena a = {0};
	struct check c = {.a = &a, .j = &j, .to = to};
	int failed = read_file(e, m->path, &text);
	*ran = 0;
	if (!failed && !json_parse(&j, buf_view(&text), &bad)) failed = fail(e, E_CONFIG, "%s:%u:%u: %s", m->path, bad.line, bad.column, bad.what);
	uint32_t tests = failed ? 0 : json_getz(&j, 0, "tests");
	for (uint32_t t = tests ? json_first(&j, tests) : 0; t && !failed; t = json_after(&j, tests, t), ++*ran) failed = run_one(m, e, &c, t);
	json_free(&j);
	buf_free(&text);
	arena_free(&a);
	memset(&m->watched, 0, sizeof m->watched);
	return failed ? -1 : c.failed;
}
