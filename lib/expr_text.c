// Functions of text: case, parts, patterns, addresses, URLs.
#include "expr_part.h"

static struct value some(struct str s) { return s.n ? value_of_text(s) : ABSENT; }
static struct str argument(struct call *c, size_t i) { return value_text(&c->v[i], c->run); }

static struct value text(struct call *c) { return value_of_text(c->text); }
static struct value lower(struct call *c) { return value_of_text(str_lower(c->run->arena, c->text)); }
static struct value upper(struct call *c) { return value_of_text(str_upper(c->run->arena, c->text)); }
static struct value trim(struct call *c) { return some(str_trim(c->text)); }

// The first of several prefixes that stands there.
static struct value strip(struct call *c)
{
	for (size_t i = 1; i < c->n; i++) {
		struct str prefix = argument(c, i);
		if (prefix.n && str_starts(c->text, prefix)) return some(str_cut(c->text, prefix.n, c->text.n));
	}
	return value_of_text(c->text);
}

static const char *find(struct call *c, struct str what) { return what.n ? memmem(c->text.p, c->text.n, what.p, what.n) : NULL; }

static struct value after(struct call *c)
{
	struct str mark = argument(c, 1);
	const char *at = find(c, mark);
	return at ? some(str_cut(c->text, (size_t)(at - c->text.p) + mark.n, c->text.n)) : ABSENT;
}

static struct value before(struct call *c)
{
	const char *at = find(c, argument(c, 1));
	return some(at ? str_cut(c->text, 0, (size_t)(at - c->text.p)) : c->text);
}

static struct value last_part(struct call *c)
{
	struct str mark = argument(c, 1), s = c->text;
	if (!mark.n) return value_of_text(s);
	for (const char *at; (at = memmem(s.p, s.n, mark.p, mark.n));) s = str_cut(s, (size_t)(at - s.p) + mark.n, s.n);
	return some(s);
}

static struct value replace(struct call *c)
{
	struct str what = argument(c, 1), with = argument(c, 2), s = c->text;
	if (!what.n) return value_of_text(s);
	struct buf *b = scratch();
	for (const char *at; (at = memmem(s.p, s.n, what.p, what.n));) {
		size_t n = (size_t)(at - s.p);
		buf_add(b, s.p, n);
		buf_str(b, with);
		s = str_cut(s, n + what.n, s.n);
	}
	buf_str(b, s);
	return b->n ? scratch_text(c, b) : ABSENT;
}

// --- patterns ------------------------------------------------------------------------------------------------------------

enum { GROUPS = 10 };

// Group 1 where the pattern has one, else all of the match; or the group asked for.
static size_t group(struct call *c)
{
	int64_t asked;
	if (c->n > 2 && str_int(argument(c, 2), &asked) && asked >= 0 && asked < GROUPS) return (size_t)asked;
	return c->x->regex->re_nsub > 0;
}

static struct value re(struct call *c)
{
	regmatch_t m[GROUPS];
	size_t g = group(c);
	const char *s = str_c(c->run->arena, c->text);
	if (regexec(c->x->regex, s, GROUPS, m, 0) != 0 || m[g].rm_so < 0) return ABSENT;
	return some(str_cut(c->text, (size_t)m[g].rm_so, (size_t)m[g].rm_eo));
}

static struct value re_all(struct call *c)
{
	regmatch_t m[GROUPS];
	values out = {0};
	size_t g = group(c), from = 0;
	const char *s = str_c(c->run->arena, c->text);
	while (from <= c->text.n && regexec(c->x->regex, s + from, GROUPS, m, from ? REG_NOTBOL : 0) == 0) {
		if (m[g].rm_eo > m[g].rm_so)
			*VEC_PUSH(c->run->arena, &out) = value_of_text(str_cut(c->text, from + (size_t)m[g].rm_so, from + (size_t)m[g].rm_eo));
		from += m[0].rm_eo > 0 ? (size_t)m[0].rm_eo : 1;
	}
	return value_list(out.v, out.n);
}

// --- addresses and URLs --------------------------------------------------------------------------------------------------

static int hex(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct value urldecode(struct call *c)
{
	struct buf *b = scratch();
	struct str s = c->text;
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex(s.p[i + 1]) : -1, low = high >= 0 ? hex(s.p[i + 2]) : -1;
		char plain = s.p[i] == '+' ? ' ' : s.p[i];
		if (low >= 0) i += 2;
		buf_c(b, low >= 0 ? (char)(high * 16 + low) : plain);
	}
	// What is no text once undone stays as it was.
	return utf8_valid(buf_view(b)) && !memchr(b->p, '\0', b->n) ? scratch_text(c, b) : value_of_text(s);
}

// The bounds of <…> in "Rachel <rachel@example.org>".
static bool angles(struct str s, size_t *open, size_t *close)
{
	for (*close = s.n; *close && s.p[*close - 1] != '>'; --*close) {}
	if (!*close) return false;
	for (*open = --*close; *open && s.p[*open - 1] != '<'; --*open) {}
	return *open > 0;
}

static struct value email_addr(struct call *c)
{
	size_t open, close;
	struct str s = angles(c->text, &open, &close) ? str_cut(c->text, open, close) : c->text;
	s = str_trim(s);
	return memchr(s.p, '@', s.n) ? value_of_text(s) : ABSENT;
}

static struct value email_name(struct call *c)
{
	size_t open, close;
	if (!angles(c->text, &open, &close)) return memchr(c->text.p, '@', c->text.n) ? ABSENT : some(str_trim(c->text));
	struct str s = str_trim(str_cut(c->text, 0, open - 1));
	if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"') s = str_trim(str_cut(s, 1, s.n - 1));
	return some(s);
}

static struct value html(struct call *c)
{
	struct buf *b = scratch();
	html_text(b, c->text);
	struct str s = str_trim(buf_view(b));
	return s.n ? value_of_text((struct str){arena_copy(c->run->arena, s.p, s.n), s.n}) : ABSENT;
}

const struct function functions_text[] = {
	{"text", 1, 1, FN_EACH, NEEDS_NOTHING, text},
	{"lower", 1, 1, FN_EACH, NEEDS_NOTHING, lower},
	{"upper", 1, 1, FN_EACH, NEEDS_NOTHING, upper},
	{"trim", 1, 1, FN_EACH, NEEDS_NOTHING, trim},
	{"strip", 2, 8, FN_EACH, NEEDS_NOTHING, strip},
	{"after", 2, 2, FN_EACH, NEEDS_NOTHING, after},
	{"before", 2, 2, FN_EACH, NEEDS_NOTHING, before},
	{"last_part", 2, 2, FN_EACH, NEEDS_NOTHING, last_part},
	{"replace", 3, 3, FN_EACH, NEEDS_NOTHING, replace},
	{"re", 2, 3, FN_EACH, NEEDS_REGEX, re},
	{"re_all", 2, 3, FN_EACH, NEEDS_REGEX, re_all},
	{"html", 1, 1, FN_EACH, NEEDS_NOTHING, html},
	{"urldecode", 1, 1, FN_EACH, NEEDS_NOTHING, urldecode},
	{"email_addr", 1, 1, FN_EACH, NEEDS_NOTHING, email_addr},
	{"email_name", 1, 1, FN_EACH, NEEDS_NOTHING, email_name},
	{0}};
