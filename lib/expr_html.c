// The plain text of a piece of HTML: tags off, entities undone, blocks on lines of their own.
#include "expr_part.h"

enum { LONGEST = 8192 }; // no tag is longer: text full of < must not cost its length squared

static void put_char(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_c(b, (char)c);
	} else if (c < 0x800) {
		buf_c(b, (char)(0xc0 | c >> 6));
		buf_c(b, (char)(0x80 | (c & 0x3f)));
	} else {
		if (c < 0x10000) {
			buf_c(b, (char)(0xe0 | c >> 12));
		} else {
			buf_c(b, (char)(0xf0 | c >> 18));
			buf_c(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_c(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_c(b, (char)(0x80 | (c & 0x3f)));
	}
}

static const struct { const char *name, *text; } entities[] = {
	{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"copy", "©"}, {"reg", "®"},
	{"trade", "™"}, {"hellip", "…"}, {"ndash", "–"}, {"mdash", "—"}, {"lsquo", "‘"}, {"rsquo", "’"}, {"ldquo", "“"},
	{"rdquo", "”"}, {"laquo", "«"}, {"raquo", "»"}, {"bull", "•"}, {"middot", "·"}, {"euro", "€"}, {"pound", "£"},
	{"yen", "¥"}, {"cent", "¢"}, {"deg", "°"}, {"times", "×"}, {"frac12", "½"}, {"szlig", "ß"}, {"auml", "ä"}, {"ouml", "ö"},
	{"uuml", "ü"}, {"Auml", "Ä"}, {"Ouml", "Ö"}, {"Uuml", "Ü"}, {"eacute", "é"}, {"egrave", "è"}, {"agrave", "à"},
	{"ccedil", "ç"}, {"ecirc", "ê"}, {"ntilde", "ñ"}, {"oslash", "ø"}, {"aring", "å"}, {"aelig", "æ"},
};

static bool number_of(struct str digits, uint32_t *c)
{
	bool hex = digits.n && (digits.p[0] == 'x' || digits.p[0] == 'X');
	uint32_t v = 0;
	if (digits.n == hex) return false;
	for (size_t i = hex; i < digits.n; i++) {
		char d = digits.p[i];
		uint32_t one = d >= '0' && d <= '9' ? (uint32_t)(d - '0') : (d | 32) >= 'a' && (d | 32) <= 'f' && hex ? (uint32_t)((d | 32) - 'a' + 10) : 99;
		if (one == 99 || v > 0x10ffff) return false;
		v = v * (hex ? 16 : 10) + one;
	}
	*c = v;
	return v && v <= 0x10ffff && (v < 0xd800 || v > 0xdfff);
}

// The bytes of the entity at s.p[0] == '&' that were used; 0 where it is none.
static size_t entity(struct buf *b, struct str s)
{
	const char *end = memchr(s.p, ';', s.n < 12 ? s.n : 12);
	if (!end) return 0;
	struct str name = str_cut(s, 1, (size_t)(end - s.p));
	size_t used = name.n + 2;
	uint32_t c;
	if (name.n && name.p[0] == '#') return number_of(str_cut(name, 1, name.n), &c) ? put_char(b, c), used : 0;
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (str_is(name, entities[i].name)) return buf_cstr(b, entities[i].text), used;
	return 0;
}

static bool tag_is(struct str tag, const char *name)
{
	size_t n = strlen(name);
	return tag.n >= n && str_eq_nocase(str_cut(tag, 0, n), str_of(name)) && (tag.n == n || !((tag.p[n] | 32) >= 'a' && (tag.p[n] | 32) <= 'z'));
}

static bool breaks(struct str tag)
{
	static const char *const block[] = {"br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/blockquote", "hr"};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++)
		if (tag_is(tag, block[i])) return true;
	return false;
}

// Behind the closing tag of a script or a style, which say nothing to a reader.
static size_t skip_silent(struct str s, size_t from, const char *closing)
{
	for (; from < s.n; from++)
		if (s.p[from] == '<' && tag_is(str_cut(s, from + 1, s.n), closing)) return from;
	return s.n;
}

static size_t tag(struct buf *b, struct str s, size_t i)
{
	const char *end = memchr(s.p + i, '>', s.n - i < LONGEST ? s.n - i : LONGEST);
	bool opens = i + 1 < s.n && (((s.p[i + 1] | 32) >= 'a' && (s.p[i + 1] | 32) <= 'z') || s.p[i + 1] == '/' || s.p[i + 1] == '!');
	if (!end || !opens) { // "5 < 6" is text
		buf_c(b, '<');
		return i + 1;
	}
	size_t behind = (size_t)(end - s.p) + 1;
	struct str name = str_cut(s, i + 1, behind - 1);
	if (breaks(name) && b->n && b->p[b->n - 1] != '\n') buf_c(b, '\n');
	if (tag_is(name, "script")) return skip_silent(s, behind, "/script");
	return tag_is(name, "style") ? skip_silent(s, behind, "/style") : behind;
}

void html_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] == '<') {
			i = tag(b, s, i);
			continue;
		}
		size_t used = s.p[i] == '&' ? entity(b, str_cut(s, i, s.n)) : 0;
		if (!used) buf_c(b, s.p[i]);
		i += used ? used : 1;
	}
}
