// Text as pointer and length, UTF-8 taken apart, and a buffer that grows.
#include "str.h"
#include <stdio.h>
#include <stdlib.h>

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n) return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i])) return false;
	return true;
}

static bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct str str_trim(struct str s)
{
	static const struct str nbsp = {"\xc2\xa0", 2}; // spreadsheets and web forms leave it behind
	for (;;) {
		if (s.n && blank(s.p[0])) s = str_cut(s, 1, s.n);
		else if (s.n && blank(s.p[s.n - 1])) s.n--;
		else if (str_starts(s, nbsp)) s = str_cut(s, 2, s.n);
		else if (str_ends(s, nbsp)) s.n -= 2;
		else return s;
	}
}

struct str str_cut(struct str s, size_t from, size_t to)
{
	if (to > s.n) to = s.n;
	if (from > to) from = to;
	return s.p ? (struct str){s.p + from, to - from} : s;
}

const char *str_c(struct arena *a, struct str s) { return s.p ? arena_copy(a, s.p, s.n) : NULL; }

static struct str mapped(struct arena *a, struct str s, char (*of)(char))
{
	if (!s.p) return s;
	char *to = arena_copy(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++) to[i] = of(to[i]);
	return (struct str){to, s.n};
}

struct str str_lower(struct arena *a, struct str s) { return mapped(a, s, lower); }
struct str str_upper(struct arena *a, struct str s) { return mapped(a, s, upper); }

bool str_int(struct str s, int64_t *value)
{
	bool minus = s.n && s.p[0] == '-';
	size_t i = minus ? 1 : 0;
	if (i == s.n) return false;
	int64_t v = 0; // counted downwards: INT64_MIN has no positive twin
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') return false;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v)) return false;
	}
	if (!minus && v == INT64_MIN) return false;
	*value = minus ? v : -v;
	return true;
}

// Goes back to the last '*' only, so a hostile pattern costs length times length, never more.
bool glob_match(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*') pattern++;
	return !*pattern;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325;
	for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3;
	return h;
}

size_t utf8_take(struct str s, uint32_t *c)
{
	if (!s.n) return 0;
	const unsigned char *p = (const unsigned char *)s.p;
	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || s.n < n) return 0;
	uint32_t v = p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	if (n == 3 && (v < 0x800 || (v >= 0xd800 && v <= 0xdfff))) return 0;
	if (n == 4 && (v < 0x10000 || v > 0x10ffff)) return 0;
	*c = v;
	return n;
}

// Bytes of plain ASCII are nearly all there is: eight at a time.
bool utf8_valid(struct str s)
{
	size_t i = 0;
	while (i < s.n) {
		uint64_t eight;
		if (i + sizeof eight <= s.n) {
			memcpy(&eight, s.p + i, sizeof eight);
			if (!(eight & 0x8080808080808080)) {
				i += sizeof eight;
				continue;
			}
		}
		uint32_t c;
		size_t n = utf8_take(str_cut(s, i, s.n), &c);
		if (!n) return false;
		i += n;
	}
	return true;
}

bool utf8_hidden(uint32_t c)
{
	static const struct { uint32_t from, to; } range[] = {
		{0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfdd0, 0xfdef}, {0xfeff, 0xfeff},
		{0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0x40000, 0xeffff},
	};
	if (c < 0xa0) return c < 0x20 || c >= 0x7f;
	if ((c & 0xfffe) == 0xfffe) return true; // the two noncharacters that end each plane
	for (size_t i = 0; i < sizeof range / sizeof *range && c >= range[i].from; i++)
		if (c <= range[i].to) return true;
	return false;
}

void buf_room(struct buf *b, size_t more)
{
	size_t need = b->n + more;
	if (need < more) need = SIZE_MAX; // malloc refuses that in the one place that speaks of it
	if (need <= b->cap) return;
	size_t cap = b->cap > SIZE_MAX / 2 ? need : b->cap * 2;
	if (cap < 64) cap = 64;
	if (cap < need) cap = need;
	b->p = must_realloc(b->p, cap);
	b->cap = cap;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (!n) return;
	if (n > b->cap - b->n) buf_room(b, n);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_str(struct buf *b, struct str s) { buf_add(b, s.p, s.n); }
void buf_cstr(struct buf *b, const char *s) { buf_add(b, s, strlen(s)); }

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		buf_room(b, (size_t)n + 1);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_int(struct buf *b, int64_t v)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
	do digits[--at] = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0) digits[--at] = '-';
	buf_add(b, digits + at, sizeof digits - at);
}

static void json_unit(struct buf *b, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	char six[6] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
	buf_add(b, six, sizeof six);
}

static void json_escape(struct buf *b, uint32_t c)
{
	static const char word[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	for (size_t i = 0; c && c < 0x80 && i + 1 < sizeof word; i += 2)
		if (c == (unsigned char)word[i]) {
			buf_c(b, '\\');
			buf_c(b, word[i + 1]);
			return;
		}
	if (c > 0xffff) {
		json_unit(b, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	json_unit(b, c);
}

// Length of the run that a JSON string holds as it is: printable ASCII without '"' and '\\'. Eight bytes at a time; a byte
// that must be looked at sets its high bit, and those above the first such may do so wrongly, which costs a look.
static size_t json_plain(const char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
	size_t i = 0;
	for (uint64_t v; i + sizeof v <= n; i += sizeof v) {
		memcpy(&v, p + i, sizeof v);
		uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\', del = v ^ ones * 0x7f;
		if ((v | (v - ones * 0x20) | (quote - ones) | (slash - ones) | (del - ones)) & highs) break;
	}
	while (i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' && p[i] != '\\') i++;
	return i;
}

// Bytes that are no UTF-8 become U+FFFD, so that what we write can always be read again.
void buf_json(struct buf *b, struct str s)
{
	size_t plain = 0, i = 0;
	buf_c(b, '"');
	for (;;) {
		if (i < s.n) i += json_plain(s.p + i, s.n - i);
		if (i == s.n) break;
		uint32_t c;
		size_t n = utf8_take(str_cut(s, i, s.n), &c);
		if (!n || c == '"' || c == '\\' || utf8_hidden(c)) {
			buf_add(b, s.p + plain, i - plain);
			json_escape(b, n ? c : 0xfffd);
			plain = i + (n ? n : 1);
		}
		i += n ? n : 1;
	}
	if (plain < s.n) buf_add(b, s.p + plain, s.n - plain);
	buf_c(b, '"');
}

struct str buf_view(const struct buf *b) { return (struct str){b->p ? b->p : "", b->n}; }
void buf_clear(struct buf *b) { b->n = 0; }

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}
