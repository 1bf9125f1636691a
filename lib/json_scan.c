// The grammar of RFC 8259, strict, in one pass from the text to the tape.
#include "json.h"
#include "json_name.h"
#include "json_text.h"
#include <endian.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct scan {
	struct json *j;
	struct json_error *e;
	const char *start, *end;
	uint32_t depth, open[JSON_DEPTH]; // nodes of the arrays and objects that stand open
};

#define COLD __attribute__((cold, noinline)) // keeps what faults need out of the path of good records
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define BYTES(b) (0x0101010101010101u * (b))

// Says what is wrong at p, with its line and column; always NULL.
static COLD const char *refuse(struct scan *s, enum json_code code, const char *p, const char *what)
{
	const char *line = s->start;
	uint32_t n = 1;
	for (const char *lf; (lf = memchr(line, '\n', (size_t)(p - line))); line = lf + 1) n++;
	*s->e = (struct json_error){code, (uint32_t)(p - s->start), n, (uint32_t)(p - line) + 1, what};
	return NULL;
}

static inline uint64_t word_at(const char *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof w);
	return le64toh(w);
}

static inline const char *blanks(const struct scan *s, const char *p)
{
	while (p < s->end && (unsigned char)*p <= ' ') {
		if (*p == ' ' && s->end - p >= 8 && word_at(p) == BYTES(' ')) p += 8;
		else if (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') p++;
		else break;
	}
	return p;
}

// Ready for one more node: the tape grows with the text, and is bounded.
static __attribute__((noinline)) bool grow(struct scan *s, const char *p)
{
	struct json *j = s->j;
	if (j->n >= JSON_NODES) return refuse(s, JSON_E_SIZE, p, "the record has more than 1048576 values and names; split it") != NULL;
	uint32_t cap = j->cap ? j->cap * 2 : 256;
	j->node = must_realloc(j->node, cap * sizeof *j->node);
	j->cap = cap;
	return true;
}

static inline bool push(struct scan *s, enum json_type type, bool escaped, const char *p, const char *end)
{
	struct json *j = s->j;
	if (!LIKELY(j->n < j->cap && j->n < JSON_NODES) && !grow(s, p)) return false;
	j->node[j->n] = (struct json_node){type & 7u, escaped, (uint32_t)(end - p) & 0xfffffffu, (uint32_t)(p - s->start), j->n + 1, 0};
	j->n++;
	return true;
}

// The first byte from p on that is a quote, a backslash, a control or no ASCII: sixteen or eight at a time.
static inline const char *plain(const struct scan *s, const char *p)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), blank = _mm_set1_epi8(' ');
	for (; s->end - p >= 16; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)p);
		__m128i hits = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)), _mm_cmplt_epi8(v, blank));
		unsigned hit = (unsigned)_mm_movemask_epi8(hits); // compared with sign: what is no ASCII counts as below the blank
		if (hit) return p + __builtin_ctz(hit);
	}
#endif
	for (; s->end - p >= 8; p += 8) {
		uint64_t w = word_at(p);
		uint64_t hit = ((w - BYTES(' ')) | ((w ^ BYTES('"')) - BYTES(1)) | ((w ^ BYTES('\\')) - BYTES(1)) | w) & BYTES(0x80);
		if (hit) return p + (__builtin_ctzll(hit) >> 3);
	}
	while (p < s->end && (unsigned char)*p >= ' ' && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\') p++;
	return p;
}

static COLD const char *cut_string(struct scan *s)
{
	return refuse(s, JSON_E_TRUNCATED, s->end, "the text ends inside a string: its closing \" is missing");
}

static const char *unicode(struct scan *s, const char *p)
{
	if (s->end - p < 6) return cut_string(s);
	int c = json_hex4(p + 2);
	if (c < 0) return refuse(s, JSON_E_SYNTAX, p, "\\u must be followed by four hexadecimal digits");
	if (c == 0) return refuse(s, JSON_E_NUL, p, "\\u0000, the character NUL, is not allowed in text");
	if (c < 0xd800 || c > 0xdfff) return p + 6;
	if (c < 0xdc00 && s->end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
		int low = json_hex4(p + 8);
		if (low >= 0xdc00 && low <= 0xdfff) return p + 12;
	}
	return refuse(s, JSON_E_SURROGATE, p, "half a surrogate pair stands alone: no character has that number");
}

static const char *escape(struct scan *s, const char *p)
{
	if (s->end - p < 2) return cut_string(s);
	switch (p[1]) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': return p + 2;
	case 'u': return unicode(s, p);
	default: return refuse(s, JSON_E_SYNTAX, p, "an unknown escape: after \\ only \" \\ / b f n r t or u may stand");
	}
}

static const char *character(struct scan *s, const char *p)
{
	uint32_t c;
	size_t n = utf8_take((struct str){p, (size_t)(s->end - p)}, &c);
	return n ? p + n : refuse(s, JSON_E_UTF8, p, "bytes that are no UTF-8 character; convert the text to UTF-8");
}

static const char *control(struct scan *s, const char *p)
{
	if (*p == '\0') return refuse(s, JSON_E_NUL, p, "a NUL byte is not allowed in text");
	if (*p == '\n' || *p == '\r')
		return refuse(s, JSON_E_CONTROL, p, "the line ends inside a string: its closing \" is missing, or the line break must be \\n");
	return refuse(s, JSON_E_CONTROL, p, "a control character inside a string must be written as an escape, such as \\t");
}

// What plain() stopped at inside a string, and is not its end: an escape, a character beyond ASCII, or a fault.
static __attribute__((noinline)) const char *special(struct scan *s, const char *p)
{
	if (p == s->end) return cut_string(s);
	if (*p == '\\') return escape(s, p);
	if ((unsigned char)*p < ' ') return control(s, p);
	return character(s, p);
}

static __attribute__((noinline)) const char *special_string(struct scan *s, const char *from, const char *p)
{
	bool escaped = false;
	do {
		escaped |= p < s->end && *p == '\\';
		p = special(s, p);
		if (!p) return NULL;
		p = plain(s, p);
	} while (p == s->end || *p != '"');
	return push(s, JSON_STRING, escaped, from, p) ? p + 1 : NULL;
}

// p stands behind the opening quote; the result behind the closing one.
static inline __attribute__((always_inline)) const char *string(struct scan *s, const char *from)
{
	const char *p = plain(s, from);
	if (!LIKELY(p < s->end && *p == '"')) return special_string(s, from, p);
	return push(s, JSON_STRING, false, from, p) ? p + 1 : NULL;
}

static inline const char *digits(const struct scan *s, const char *p)
{
	while (p < s->end && (unsigned)(*p - '0') <= 9) p++;
	return p;
}

static inline __attribute__((always_inline)) const char *number(struct scan *s, const char *p)
{
	const char *from = p, *part;
	if (*p == '-') p++;
	p = digits(s, part = p);
	if (p == part) return refuse(s, JSON_E_NUMBER, p, "a digit was expected after -");
	if (*part == '0' && p - part > 1) return refuse(s, JSON_E_NUMBER, part, "a number may not start with a needless 0");
	if (p < s->end && *p == '.') {
		p = digits(s, part = p + 1);
		if (p == part) return refuse(s, JSON_E_NUMBER, p, "a digit was expected after the decimal point");
	}
	if (p < s->end && (*p | 0x20) == 'e') {
		p++;
		if (p < s->end && (*p == '+' || *p == '-')) p++;
		p = digits(s, part = p);
		if (p == part) return refuse(s, JSON_E_NUMBER, p, "a digit was expected in the exponent");
	}
	return push(s, JSON_NUMBER, false, from, p) ? p : NULL;
}

static COLD const char *no_value(struct scan *s, const char *p)
{
	const char *what = "a value was expected: an object, an array, a string in double quotes, a number, true, false or null";
	enum json_code code = JSON_E_SYNTAX;
	if (p == s->end) return refuse(s, JSON_E_TRUNCATED, p, "the text ends where a value was expected: it was cut off");
	switch (*p) {
	case '}': case ']':
		what = s->j->n && p > s->start ? "a value was expected before the closing bracket: a comma too many, or a value left out"
		                               : "a closing bracket that nothing opened";
		break;
	case ',': what = "a value was expected before the comma: a comma too many, or a value left out"; break;
	case '\'': what = "text stands in double quotes, not in single ones"; break;
	case '/': case '#': what = "a value was expected; comments are not allowed"; break;
	case '+': case '.': code = JSON_E_NUMBER; what = "a number starts with a digit or with - and a digit"; break;
	case 'N': case 'I': what = "a value was expected; NaN, Infinity, None and the like are no JSON: write null"; break;
	case 't': case 'f': case 'n': case 'T': case 'F': what = "a value was expected; the only words are true, false and null, in lower case"; break;
	case 0: return refuse(s, JSON_E_NUL, p, "a NUL byte stands where a value was expected");
	default:
		if ((unsigned char)*p < ' ') return refuse(s, JSON_E_CONTROL, p, "a control character stands where a value was expected");
		if ((unsigned char)*p >= 0x80 && !character(s, p)) return NULL;
	}
	return refuse(s, code, p, what);
}

static const char *word(struct scan *s, const char *p, enum json_type type, const char *text, size_t n)
{
	if ((size_t)(s->end - p) < n && memcmp(p, text, (size_t)(s->end - p)) == 0) return refuse(s, JSON_E_TRUNCATED, s->end, "the text ends inside a word: it was cut off");
	if ((size_t)(s->end - p) < n || memcmp(p, text, n) != 0) return no_value(s, p);
	return push(s, type, false, p, p + n) ? p + n : NULL;
}

static inline const char *open(struct scan *s, const char *p, enum json_type type)
{
	if (s->depth == JSON_DEPTH) return refuse(s, JSON_E_DEPTH, p, "arrays and objects are nested more than 64 deep");
	s->open[s->depth++] = s->j->n;
	return push(s, type, false, p, p) ? p + 1 : NULL;
}

static inline const char *value(struct scan *s, const char *p)
{
	p = blanks(s, p);
	if (p == s->end) return no_value(s, p);
	if (*p == '"') return string(s, p + 1); // most of them: no jump through a table
	switch (*p) {
	case '{': return open(s, p, JSON_OBJECT);
	case '[': return open(s, p, JSON_ARRAY);
	case 't': return word(s, p, JSON_TRUE, "true", 4);
	case 'f': return word(s, p, JSON_FALSE, "false", 5);
	case 'n': return word(s, p, JSON_NULL, "null", 4);
	case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
		return number(s, p);
	default: return no_value(s, p);
	}
}

static COLD const char *no_name(struct scan *s, const char *p)
{
	if (p == s->end) return refuse(s, JSON_E_TRUNCATED, p, "the text ends inside an object: it was cut off");
	switch (*p) {
	case '}': return refuse(s, JSON_E_SYNTAX, p, "a name was expected after the comma: take the last comma of the object away");
	case '{': return refuse(s, JSON_E_SYNTAX, p, "a name in double quotes was expected; a template such as {{now}} was left unfilled");
	case '\'': return refuse(s, JSON_E_SYNTAX, p, "a name stands in double quotes, not in single ones");
	case '/': case '#': return refuse(s, JSON_E_SYNTAX, p, "a name in double quotes was expected; comments are not allowed");
	default: return refuse(s, JSON_E_SYNTAX, p, "a name in double quotes was expected");
	}
}

static inline __attribute__((always_inline)) const char *name(struct scan *s, const char *p)
{
	p = blanks(s, p);
	if (p == s->end || *p != '"') return no_name(s, p);
	p = string(s, p + 1);
	if (!p) return NULL;
	p = blanks(s, p);
	if (LIKELY(p < s->end && *p == ':')) return p + 1;
	if (p == s->end) return refuse(s, JSON_E_TRUNCATED, p, "the text ends behind a name: it was cut off");
	return refuse(s, JSON_E_SYNTAX, p, "a colon was expected behind the name");
}

// Closes the innermost array or object, whose bracket stands at p.
static inline const char *closed(struct scan *s, const char *p)
{
	uint32_t i = s->open[--s->depth];
	struct json_node *node = &s->j->node[i];
	node->next = s->j->n;
	node->len = (uint32_t)(p + 1 - (s->start + node->at)) & 0xfffffffu;
	if (node->type == JSON_OBJECT && node->n > 1) {
		uint32_t twice = json_name_twice(s->j, i);
		if (twice) return refuse(s, JSON_E_DUPLICATE, s->start + s->j->node[twice].at - 1, "this name stands a second time in its object");
	}
	return p + 1;
}

static COLD const char *no_comma(struct scan *s, const char *p, bool object)
{
	if (p == s->end)
		return refuse(s, JSON_E_TRUNCATED, p, object ? "the text ends inside an object: it was cut off" : "the text ends inside an array: it was cut off");
	if (*p == '\0') return refuse(s, JSON_E_NUL, p, "a NUL byte is not allowed");
	const char *first = s->start + s->j->node[s->j->n - 1].at;
	if (s->j->node[s->j->n - 1].type == JSON_NUMBER && (*first == '0' || *first == '-') && (*p | 0x20) == 'x')
		return refuse(s, JSON_E_NUMBER, p, "hexadecimal numbers are not allowed");
	return refuse(s, JSON_E_SYNTAX, p, object ? "a comma or } was expected behind the value" : "a comma or ] was expected behind the value");
}

// Behind a value: closes what closes, and stands where the next value is to come, or at the end with nothing open.
static inline const char *behind(struct scan *s, const char *p)
{
	while (s->depth) {
		struct json_node *in = &s->j->node[s->open[s->depth - 1]];
		bool object = in->type == JSON_OBJECT;
		in->n++;
		p = blanks(s, p);
		if (p == s->end) return no_comma(s, p, object);
		if (*p == ',') return object ? name(s, p + 1) : p + 1;
		if (*p != (object ? '}' : ']')) return no_comma(s, p, object);
		p = closed(s, p);
		if (!p) return NULL;
	}
	return p;
}

// What was just opened is either empty, and then a value, or has a first member.
static inline const char *inside(struct scan *s, const char *p, bool *empty)
{
	bool object = s->j->node[s->j->n - 1].type == JSON_OBJECT;
	p = blanks(s, p);
	*empty = p < s->end && *p == (object ? '}' : ']');
	return *empty ? closed(s, p) : object ? name(s, p) : p;
}

static const char *document(struct scan *s, const char *p)
{
	do {
		uint32_t depth = s->depth;
		p = value(s, p);
		if (p && s->depth > depth) {
			bool empty;
			p = inside(s, p, &empty);
			if (!empty) continue;
		}
		if (!p) return NULL;
		p = behind(s, p);
	} while (p && s->depth);
	return p;
}

// UTF-16 and UTF-32 have a mark of their own, or a NUL beside the first ASCII character.
static bool named_encoding(struct scan *s)
{
	const unsigned char *p = (const unsigned char *)s->start;
	size_t n = (size_t)(s->end - s->start);
	const char *what = NULL;
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		refuse(s, JSON_E_SYNTAX, s->start, "the text starts with a byte order mark (EF BB BF); take it away");
		return true;
	}
	if (n >= 4 && (memcmp(p, "\xff\xfe\0\0", 4) == 0 || memcmp(p, "\0\0\xfe\xff", 4) == 0 || memcmp(p, "\0\0\0", 3) == 0 ||
	               memcmp(p + 1, "\0\0\0", 3) == 0))
		what = "the text is UTF-32; convert it to UTF-8";
	else if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0 || (!p[0] && p[1]) || (p[0] && !p[1])))
		what = "the text is UTF-16; convert it to UTF-8";
	if (what) refuse(s, JSON_E_UTF8, s->start, what);
	return what;
}

static bool whole(struct scan *s)
{
	if (s->end - s->start > JSON_BYTES) return refuse(s, JSON_E_SIZE, s->start, "the record is larger than 16 MiB; split it");
	if (named_encoding(s)) return false;
	const char *p = blanks(s, s->start);
	if (p == s->end) return refuse(s, JSON_E_EMPTY, p, "there is nothing but blanks; a value was expected");
	p = document(s, p);
	if (!p) return false;
	p = blanks(s, p);
	return p == s->end || refuse(s, *p ? JSON_E_TRAILING : JSON_E_NUL, p, "something follows the end of the value; one value was expected");
}

bool json_parse(struct json *j, struct str text, struct json_error *e)
{
	const char *start = text.p ? text.p : "";
	struct scan s; // its list of what stands open is not cleared for each record
	s.j = j, s.e = e, s.start = start, s.end = start + text.n, s.depth = 0;
	j->text = (struct str){start, text.n};
	j->n = 0;
	*e = (struct json_error){0};
	if (whole(&s)) return true;
	j->n = 0;
	if (!j->cap) grow(&s, start);
	j->node[0] = (struct json_node){.type = JSON_NULL, .next = 1}; // whoever reads on regardless finds nothing
	return false;
}
