// What the bytes between the quotes of a JSON string say: escapes undone, names compared.
#include "json_text.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	if (c >= 'A' && c <= 'F') return c - 'A' + 10;
	return -1;
}

int json_hex4(const char *p)
{
	int a = hex(p[0]), b = hex(p[1]), c = hex(p[2]), d = hex(p[3]);
	return (a | b | c | d) < 0 ? -1 : a << 12 | b << 8 | c << 4 | d;
}

static size_t utf8_put(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6) to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)((0xf00u >> n & 0xf0) | c);
	return n;
}

static size_t unicode(const char *p, size_t *at, char out[4])
{
	uint32_t c = (uint32_t)json_hex4(p + 2);
	*at += 6;
	if (c >= 0xd800 && c < 0xdc00) { // the other half follows: the parser saw it
		c = 0x10000 + ((c - 0xd800) << 10) + ((uint32_t)json_hex4(p + 8) - 0xdc00);
		*at += 6;
	}
	return utf8_put(out, c);
}

size_t json_text_step(struct str raw, size_t *at, char out[4])
{
	const char *p = raw.p + *at;
	if (*p == '\\' && p[1] == 'u') return unicode(p, at, out);
	char c = *p;
	if (c == '\\') {
		c = p[1];
		c = c == 'b' ? '\b' : c == 'f' ? '\f' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
		++*at;
	}
	++*at;
	out[0] = c;
	return 1;
}

// An escape never says more bytes than it is long, so `to` may be the text itself.
size_t json_text_undo(char *to, struct str raw)
{
	size_t n = 0, at = 0;
	while (at < raw.n) {
		const char *slash = memchr(raw.p + at, '\\', raw.n - at);
		size_t plain = slash ? (size_t)(slash - raw.p) - at : raw.n - at;
		memmove(to + n, raw.p + at, plain);
		n += plain;
		at += plain;
		if (slash) {
			char out[4];
			size_t said = json_text_step(raw, &at, out);
			memcpy(to + n, out, said);
			n += said;
		}
	}
	return n;
}

bool json_text_same(struct str a, struct str b)
{
	size_t i = 0, k = 0, an = 0, bn = 0, ai = 0, bi = 0;
	char ac[4] = "", bc[4] = "";
	for (;;) {
		if (ai == an) {
			ai = 0;
			an = i < a.n ? json_text_step(a, &i, ac) : 0;
		}
		if (bi == bn) {
			bi = 0;
			bn = k < b.n ? json_text_step(b, &k, bc) : 0;
		}
		if (!an || !bn) return an == bn;
		if (ac[ai++] != bc[bi++]) return false;
	}
}
