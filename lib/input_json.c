// Where JSON records start and end in a stream. Looks at strings and brackets only, each byte once however the reads fall;
// whether what stands between is JSON is the parser's business. A record that is never closed must not swallow the good
// ones behind it: see `boundary`.
#include "input_json.h"

static const char too_large[] = "the record is larger than 16 MiB";

void input_json_start(struct input_json *x, struct bytes *s)
{
	*x = (struct input_json){.s = s, .line = 1, .line_at = s->offset + s->pos, .fresh = true};
}

void input_json_free(struct input_json *x)
{
	buf_free(&x->head);
	json_free(&x->json);
}

static uint64_t here(const struct input_json *x) { return x->s->offset + x->s->pos; }
static const char *bytes(const struct input_json *x) { return x->s->b.p + x->s->pos; }
static size_t held(const struct input_json *x) { return x->s->b.n - x->s->pos; }

// Is byte i behind s->pos at hand, or can it be had? 1, 0 the input ends before it, -1.
static inline int have(struct input_json *x, size_t i)
{
	while (i >= held(x)) {
		int rc = bytes_more(x->s);
		if (rc <= 0) return rc;
	}
	return 1;
}

static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

static void new_line(struct input_json *x, uint64_t at)
{
	x->line++;
	x->line_at = at;
	x->fresh = true;
}

// To the next byte that is no blank: 1, 0 the end, -1.
static int skip_blanks(struct input_json *x)
{
	for (int rc;; x->s->pos++) {
		if ((rc = have(x, 0)) <= 0) return rc;
		char c = *bytes(x);
		if (!is_blank(c)) break;
		if (c == '\n') new_line(x, here(x) + 1);
	}
	if (x->fresh) x->indent = (size_t)(here(x) - x->line_at);
	x->fresh = false;
	return 1;
}

static int broken(struct piece *p, const char *code, const char *why)
{
	p->broken = code;
	p->why = why;
	return 1;
}

// --- the record at hand ------------------------------------------------------------------------------------------------

static void begin(struct input_json *x, struct piece *p)
{
	*p = (struct piece){.line = x->line, .at = here(x)};
	x->at = 0;
	x->depth = 0;
	x->objects = 0;
	x->last = 0;
	x->string = x->escape = x->large = false;
}

// The record ends with the byte before x->at: blanks off its end, and the stream moves behind it.
static int end(struct input_json *x, struct piece *p)
{
	const char *raw = bytes(x);
	size_t n = x->at;
	x->s->pos += n;
	p->end = here(x);
	for (; n && is_blank(raw[n - 1]); n--) p->end--;
	p->raw = (struct str){raw, n};
	x->lines = (x->lines || !x->count) && p->line == x->line;
	x->count++;
	if (x->large) {
		p->raw = buf_view(&x->head);
		return broken(p, "too_large", too_large);
	}
	return 1;
}

// What was looked at is let go where the record outgrows what is held of one.
static void bound(struct input_json *x)
{
	if (x->at <= PIECE_BYTES) return;
	if (!x->large) {
		buf_clear(&x->head);
		buf_add(&x->head, bytes(x), PIECE_HEAD);
		x->large = true;
	}
	x->s->pos += x->at;
	x->at = 0;
}

// To the LF that ends the line, or the end of the input.
static int to_line_end(struct input_json *x)
{
	for (;;) {
		size_t left = held(x) - x->at;
		const char *lf = left ? memchr(bytes(x) + x->at, '\n', left) : NULL;
		x->at += lf ? (size_t)(lf - (bytes(x) + x->at)) : left;
		if (lf) return 1;
		bound(x);
		int rc = bytes_more(x->s);
		if (rc <= 0) return rc;
	}
}

static bool starts_value(char c) { return strchr("{[\"-tfn0123456789", c) && c; }

// May byte c come next, behind the last one, inside the innermost bracket?
static bool may_follow(const struct input_json *x, char c)
{
	bool object = x->depth <= 64 && (x->objects >> (x->depth - 1) & 1);
	switch (x->last) {
	case '{': return c == '"' || c == '}';
	case '[': return c == ']' || starts_value(c);
	case ':': return starts_value(c);
	case ',': return object ? c == '"' : starts_value(c);
	default: return c == ',' || c == ':' || c == '}' || c == ']';
	}
}

// The first byte that is no blank behind the LF at `lf`, where it stands as deep in its line as our record does in its own:
// *i; 0 where it stands elsewhere or the input ends.
static int sibling(struct input_json *x, size_t lf, size_t *i)
{
	size_t line = lf + 1;
	for (*i = line;; ++*i) {
		int rc = have(x, *i);
		if (rc <= 0) return rc;
		char c = bytes(x)[*i];
		if (c == '\n') line = *i + 1;
		else if (!is_blank(c)) return *i - line == x->indent;
		else if (*i - line > x->indent && c != '\r') return 0;
	}
}

// Is the line at i one whole value? 1, 0, -1; *end: where it ends, at its LF or the end of the input.
static int whole_line(struct input_json *x, size_t i, size_t *lf)
{
	bool string = false, escape = false;
	for (uint32_t depth = 0;; i++) {
		int rc = have(x, i);
		if (rc <= 0 || i > PIECE_BYTES * 2) return rc < 0 ? -1 : 0;
		char c = bytes(x)[i];
		if (c == '\n') return 0;
		if (escape) escape = false;
		else if (string && c == '\\') escape = true;
		else if (c == '"') string = !string;
		else if (!string && (c == '{' || c == '[')) depth++;
		else if (!string && (c == '}' || c == ']') && --depth == 0) break;
	}
	for (i++;; i++) {
		int rc = have(x, i);
		if (rc < 0) return -1;
		*lf = i;
		if (!rc || bytes(x)[i] == '\n') return 1;
		if (!is_blank(bytes(x)[i])) return 0;
	}
}

// A value may start in the next line by the grammar; but is it a record of its own? Yes where the line is one whole value
// and no line that could go on with ours follows it.
static int own_record(struct input_json *x, size_t i)
{
	size_t lf, after;
	int rc = whole_line(x, i, &lf);
	if (rc <= 0) return rc;
	rc = sibling(x, lf, &after);
	if (rc < 0) return -1;
	if (rc) return bytes(x)[after] == '{' || bytes(x)[after] == '[';
	while ((rc = have(x, lf)) == 1 && is_blank(bytes(x)[lf])) lf++;
	return rc < 0 ? -1 : !rc; // nothing follows
}

// The line of a record that is still open ends at `lf`. Is the next line another record, and ours never closed? 1, 0, -1.
// It is where it starts as deep in its line as ours did, with a bracket that cannot come here by the grammar; in JSON Lines
// anything that cannot come will do.
static int boundary(struct input_json *x, size_t lf)
{
	size_t i;
	int rc = sibling(x, lf, &i);
	if (rc <= 0) return rc;
	char c = bytes(x)[i];
	bool bracket = c == '{' || c == '[';
	if (!may_follow(x, c)) return bracket || (x->lines && !x->array);
	return bracket ? own_record(x, i) : 0;
}

static uint64_t word_at(const char *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof w);
	return w;
}

// Inside a string: to its closing quote, an escape or a control, eight bytes at a time where they hold none.
static size_t plain(const struct input_json *x, size_t at)
{
	const char *p = bytes(x);
	const uint64_t one = 0x0101010101010101u;
	for (; at + 8 <= held(x); at += 8) {
		uint64_t w = word_at(p + at), quote = w ^ one * '"', slash = w ^ one * '\\';
		if ((((w - one * ' ') & ~w) | ((quote - one) & ~quote) | ((slash - one) & ~slash)) & one * 0x80) break;
	}
	return at;
}

enum step { STEP_ON, STEP_END, STEP_BEFORE }; // the record goes on, ends with this byte, ends before it

static enum step in_string(struct input_json *x, char c)
{
	bool escaped = x->escape;
	x->escape = !escaped && c == '\\';
	if (escaped || c != '"') return STEP_ON;
	x->string = false;
	return x->depth ? STEP_ON : STEP_END;
}

static enum step outside(struct input_json *x, char c)
{
	switch (c) {
	case ' ': case '\t': case '\r': return STEP_ON;
	case '"': x->string = true; break;
	case '{': case '[':
		if (x->depth++ < 64) x->objects = (x->objects & ~(1ull << (x->depth - 1))) | (uint64_t)(c == '{') << (x->depth - 1);
		break;
	case '}': case ']':
		if (!x->depth) return STEP_BEFORE; // of an array around it
		if (x->array && x->depth == 1 && c == ']' && (x->objects & 1)) return STEP_BEFORE;
		x->last = c;
		return --x->depth ? STEP_ON : STEP_END;
	case ',':
		if (!x->depth) return STEP_BEFORE;
		break;
	default: break;
	}
	x->last = c;
	return STEP_ON;
}

// The record ended before it was whole, or the line did not end with it: the parser says in its words what is wrong, so
// that the same bytes have the same code wherever a read or a line happened to end.
static int refused(struct input_json *x, struct piece *p)
{
	end(x, p);
	struct json_error e;
	if (x->large || json_parse(&x->json, p->raw, &e)) return 1;
	return broken(p, json_code_word(e.code), e.what);
}

// Behind a value that ends before x->at: what follows it in its line must be a value of its own, or nothing.
static int last_of_line(struct input_json *x, struct piece *p)
{
	for (size_t i = x->at; !x->array; i++) {
		int rc = have(x, i);
		if (rc < 0) return -1;
		char c = rc ? bytes(x)[i] : '\n';
		if (c == '\n' || c == '{' || c == '[') break;
		if (is_blank(c)) continue;
		if (to_line_end(x) < 0) return -1;
		return refused(x, p);
	}
	return end(x, p);
}

static int at_line_end(struct input_json *x, struct piece *p)
{
	x->string = x->escape = false; // a string cannot hold a line end
	int rc = x->depth ? boundary(x, x->at) : 1;
	if (rc < 0) return -1;
	if (!rc) {
		new_line(x, here(x) + x->at + 1);
		return 0;
	}
	return x->depth ? refused(x, p) : end(x, p);
}

// Reads the record at s->pos to its end. 1, -1.
static int record(struct input_json *x, struct piece *p)
{
	for (begin(x, p);; x->at++) {
		if (x->string && !x->escape) x->at = plain(x, x->at);
		bound(x);
		int rc = have(x, x->at);
		if (rc < 0) return -1;
		if (!rc) return x->depth || x->string ? refused(x, p) : end(x, p);
		char c = bytes(x)[x->at];
		if (c == '\n') {
			if ((rc = at_line_end(x, p))) return rc;
			continue;
		}
		enum step step = x->string ? in_string(x, c) : outside(x, c);
		if (step == STEP_ON) continue;
		x->at += step == STEP_END;
		if (step == STEP_END) return last_of_line(x, p);
		return x->depth ? refused(x, p) : end(x, p);
	}
}

// Does the bracket stand behind a closing one somewhere? In one value it does so only in strings.
static bool second_value(const char *raw, const char *last, char bracket)
{
	for (const char *q = raw; (q = memchr(q + 1, bracket, (size_t)(last - q)));) {
		const char *before = q - 1;
		while (is_blank(*before)) before--;
		if (*before == '}' || *before == ']') return true;
	}
	return false;
}

// A line of JSON Lines, without looking at each byte: it starts with { and ends with }, the next line starts with a bracket
// at its first column, and there is no } before a { inside. Whatever else is in it, the record ends where the line does.
static bool quick_line(struct input_json *x, struct piece *p)
{
	const char *raw = bytes(x), *lf = memchr(raw, '\n', held(x));
	if (!lf || lf + 1 == raw + held(x) || (lf[1] != '{' && lf[1] != '[') || lf - raw > PIECE_BYTES) return false;
	if (x->indent || here(x) != x->line_at) return false;
	const char *last = lf - 1;
	while (last > raw && is_blank(*last)) last--;
	if (*last != '}') return false;
	if (second_value(raw, last, '{') || second_value(raw, last, '[')) return false;
	begin(x, p);
	x->at = (size_t)(last + 1 - raw);
	end(x, p);
	return true;
}

// --- what stands where no record should ----------------------------------------------------------------------------------

// A line that starts with no bracket: a bare value, or nothing that is JSON.
static int bare_line(struct input_json *x, struct piece *p)
{
	begin(x, p);
	return to_line_end(x) < 0 ? -1 : refused(x, p);
}

static int stray_in_array(struct input_json *x, struct piece *p, const char *why)
{
	begin(x, p);
	if (to_line_end(x) < 0) return -1;
	end(x, p);
	x->array = ARRAY_RESYNC;
	return x->large ? 1 : broken(p, "json_syntax", why);
}

static int one_byte(struct input_json *x, struct piece *p, const char *why)
{
	begin(x, p);
	x->at = 1;
	end(x, p);
	return broken(p, "json_syntax", why);
}

static int element(struct input_json *x, struct piece *p)
{
	if (x->array == ARRAY_ELEMENT) return stray_in_array(x, p, "a comma was expected between two elements of the array");
	if (*bytes(x) == '}') return stray_in_array(x, p, "a closing bracket that nothing opened");
	x->one_line = x->line == x->array_line;
	int rc = record(x, p);
	x->array = rc == 1 && p->broken ? ARRAY_RESYNC : ARRAY_ELEMENT;
	return rc;
}

// Behind a line that is an array of its own and was never closed, the next such line is no element of it.
static bool next_array(const struct input_json *x)
{
	return x->array == ARRAY_RESYNC && x->one_line && x->line > x->array_line && *bytes(x) == '[' &&
		x->indent == x->array_indent && here(x) == x->line_at + x->indent;
}

static int in_array(struct input_json *x, struct piece *p)
{
	char c = *bytes(x);
	if (next_array(x)) {
		x->array = ARRAY_NONE;
		return 0;
	}
	if (c == ',' && x->array != ARRAY_COMMA && x->array != ARRAY_FIRST) {
		x->array = ARRAY_COMMA;
		x->s->pos++;
		return 0;
	}
	if (c == ',') return one_byte(x, p, "a value was expected before the comma: a comma too many, or a value left out");
	if (c != ']') return element(x, p);
	bool comma = x->array == ARRAY_COMMA;
	x->array = ARRAY_NONE;
	if (comma) return one_byte(x, p, "a value was expected before the closing bracket: a comma too many, or a value left out");
	x->s->pos++;
	return 0;
}

static int at_end(struct input_json *x, struct piece *p)
{
	if (!x->array) return 0;
	x->array = ARRAY_NONE;
	begin(x, p);
	end(x, p);
	return broken(p, "json_truncated", "the input ends inside an array: it was cut off, or a closing ] is missing");
}

int input_json_next(struct input_json *x, struct piece *p)
{
	for (;;) {
		int rc = skip_blanks(x);
		if (rc <= 0) return rc < 0 ? -1 : at_end(x, p);
		char c = *bytes(x);
		if (x->array) {
			if ((rc = in_array(x, p))) return rc;
		} else if (c == '[') {
			x->array = ARRAY_FIRST;
			x->array_line = x->line;
			x->array_indent = x->indent;
			x->s->pos++;
		} else if (c == '{') {
			return quick_line(x, p) ? 1 : record(x, p);
		} else {
			return bare_line(x, p);
		}
	}
}
