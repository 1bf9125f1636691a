// A JSON record reshaped on its way out.
#include "shape.h"
#include "text.h"

static struct str next_word(struct str *path)
{
	const char *dot = path->n ? memchr(path->p, '.', path->n) : NULL;
	size_t n = dot ? (size_t)(dot - path->p) : path->n;
	struct str word = str_cut(*path, 0, n);
	*path = dot ? str_cut(*path, n + 1, path->n) : (struct str){0};
	return word;
}

static struct str plain(const struct json *j, uint32_t i, struct arena *a)
{
	return json_type(j, i) == JSON_OBJECT ? json_raw(j, i) : json_str(j, i, a);
}

static void join(struct buf *b, struct str s)
{
	if (!s.n) return;
	if (b->n) buf_cstr(b, ", ");
	buf_str(b, s);
}

// A path that meets an array goes into each element, unless its next word is a number.
static void gather(struct buf *b, const struct json *j, uint32_t i, struct str path, struct arena *a)
{
	while (path.n || json_type(j, i) == JSON_ARRAY) {
		struct str rest = path, word = next_word(&rest);
		int64_t k;
		if (json_type(j, i) != JSON_ARRAY) i = json_get(j, i, word);
		else if (path.n && str_int(word, &k)) i = k >= 0 && k < JSON_NODES ? json_at(j, i, (uint32_t)k) : 0;
		else {
			for (uint32_t v = json_first(j, i); v; v = json_after(j, i, v)) gather(b, j, v, path, a);
			return;
		}
		if (!i) return;
		path = rest;
	}
	join(b, plain(j, i, a));
}

struct str shape_pick(const struct json *j, struct str path, struct arena *a)
{
	uint32_t i = 0;
	struct str rest = path;
	while (rest.n && json_type(j, i) == JSON_OBJECT) {
		i = json_get(j, i, next_word(&rest));
		if (!i) return (struct str){0};
	}
	if (!rest.n && json_type(j, i) != JSON_ARRAY) return plain(j, i, a);
	struct buf b = {0};
	gather(&b, j, i, rest, a);
	struct str s = {b.n ? arena_copy(a, b.p, b.n) : NULL, b.n};
	buf_free(&b);
	return s;
}

// What of the paths is left inside member `name`; *whole where one ends here.
static size_t narrow(const struct str *path, size_t n, struct str name, struct str *left, bool *whole)
{
	size_t m = 0;
	for (size_t k = 0; k < n; k++) {
		struct str rest = path[k];
		if (!str_eq(next_word(&rest), name)) continue;
		if (rest.n) left[m++] = rest;
		else *whole = true;
	}
	return m;
}

struct wish { const struct str *path; size_t n; bool top; };

static void keep(struct buf *b, const struct json *j, uint32_t i, struct wish w, struct arena *a);

static void keep_members(struct buf *b, const struct json *j, uint32_t i, struct wish w, struct arena *a)
{
	struct arena_mark mark = arena_mark(a);
	bool begun = false;
	for (uint32_t k = json_first(j, i); k; k = json_after(j, i, k)) {
		struct str *left = NEW_N(a, struct str, w.n + 1), name = json_str(j, k, a);
		bool whole = w.top && str_is(name, "schema");
		size_t m = narrow(w.path, w.n, name, left, &whole);
		if (!whole && !m) continue;
		if (begun) buf_c(b, ',');
		begun = true;
		buf_str(b, json_raw(j, k));
		buf_c(b, ':');
		if (whole) buf_str(b, json_raw(j, k + 1));
		else keep(b, j, k + 1, (struct wish){left, m, false}, a);
	}
	arena_reset(a, mark);
}

static void keep_elements(struct buf *b, const struct json *j, uint32_t i, struct wish w, struct arena *a)
{
	uint32_t first = json_first(j, i);
	for (uint32_t v = first; v; v = json_after(j, i, v)) {
		if (v != first) buf_c(b, ',');
		keep(b, j, v, w, a);
	}
}

static void keep(struct buf *b, const struct json *j, uint32_t i, struct wish w, struct arena *a)
{
	switch (json_type(j, i)) {
	case JSON_OBJECT:
		buf_c(b, '{');
		keep_members(b, j, i, w, a);
		buf_c(b, '}');
		return;
	case JSON_ARRAY:
		buf_c(b, '[');
		keep_elements(b, j, i, w, a);
		buf_c(b, ']');
		return;
	default: buf_str(b, json_raw(j, i));
	}
}

void shape_fields(struct buf *b, const struct json *j, const struct str *path, size_t n, struct arena *a)
{
	keep(b, j, 0, (struct wish){path, n, true}, a);
}

static void new_line(struct buf *b, size_t indent)
{
	buf_c(b, '\n');
	while (indent--) buf_cstr(b, "  ");
}

static void pretty(struct buf *b, const struct json *j, uint32_t i, size_t indent)
{
	bool object = json_type(j, i) == JSON_OBJECT;
	uint32_t first = object || json_type(j, i) == JSON_ARRAY ? json_first(j, i) : 0;
	if (!first) {
		buf_str(b, json_raw(j, i));
		return;
	}
	buf_c(b, object ? '{' : '[');
	for (uint32_t v = first; v; v = json_after(j, i, v)) {
		if (v != first) buf_c(b, ',');
		new_line(b, indent + 1);
		if (object) buf_str(b, json_raw(j, v)), buf_cstr(b, ": ");
		pretty(b, j, object ? v + 1 : v, indent + 1);
	}
	new_line(b, indent);
	buf_c(b, object ? '}' : ']');
}

void shape_pretty(struct buf *b, const struct json *j, size_t indent) { pretty(b, j, 0, indent); }

static void escaped(struct buf *b, uint32_t c)
{
	if (c > 0xffff) buf_printf(b, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
	else buf_printf(b, "\\u%04x", c);
}

// Outside of strings JSON has no character beyond ASCII, so an escape can only land inside one.
static void for_terminal(struct buf *b, struct str s)
{
	struct buf shown = {0};
	for (size_t n; s.n; s = str_cut(s, n, s.n)) {
		uint32_t c = 0;
		for (n = 0; n < s.n && (s.p[n] == '\t' || (s.p[n] >= ' ' && s.p[n] < 0x7f)); n++);
		if (n) {
			buf_add(b, s.p, n);
			continue;
		}
		n = utf8_take(s, &c);
		if (!n) n = 1, c = 0xfffd;
		buf_clear(&shown);
		text_safe(&shown, str_cut(s, 0, n));
		if (str_eq(buf_view(&shown), str_cut(s, 0, n))) buf_add(b, s.p, n);
		else escaped(b, c);
	}
	buf_free(&shown);
}

void shape_line(struct buf *b, struct str json, bool terminal)
{
	while (json.n) { // line ends stand between tokens only
		size_t n = 0;
		while (n < json.n && json.p[n] != '\n' && json.p[n] != '\r') n++;
		if (terminal) for_terminal(b, str_cut(json, 0, n));
		else buf_add(b, json.p, n);
		while (n < json.n && (json.p[n] == '\n' || json.p[n] == '\r')) n++;
		json = str_cut(json, n, json.n);
	}
}
