// The record reader: strict RFC 8259 to a flat tape. UTF-8 is checked, duplicate keys (also by escape) are refused, depth
// and size are bounded, number literals stay text, strings are slices of the line. See DESIGN.md §4 for why it is ours.
#ifndef JSON_H
#define JSON_H
#include "str.h"

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

// One value of the tape, in document order. A member of an object is two nodes: its key (JSON_STRING), then its value.
struct json_node {
	uint32_t type : 3, escaped : 1, len : 28; // len: bytes of the literal; of a string without quotes, escapes not undone
	uint32_t at;                              // offset of its first byte (of a string: behind the quote)
	uint32_t next;                            // index of the node after this value and all inside it
	uint32_t n;                               // array: elements; object: members; else 0
};

enum { JSON_DEPTH = 64, JSON_BYTES = 16 << 20, JSON_NODES = 1 << 20 };

struct json { // reusable from record to record; zero-initialised means new
	struct str text; // what was parsed; must outlive the tape
	struct json_node *node;
	uint32_t n, cap;
};

// Stable codes of a refusal; json_code_word gives "json_syntax" and so on for dead letters and --json-errors.
enum json_code { JSON_OK, JSON_E_SYNTAX, JSON_E_UTF8, JSON_E_DUPLICATE, JSON_E_DEPTH, JSON_E_SIZE, JSON_E_TRAILING,
	JSON_E_EMPTY, JSON_E_NUL, JSON_E_SURROGATE, JSON_E_NUMBER, JSON_E_CONTROL, JSON_E_TRUNCATED };
struct json_error { enum json_code code; uint32_t at; uint32_t line, column; const char *what; }; // 1-based; what: a sentence
const char *json_code_word(enum json_code c);

// Parses exactly one value (outer blanks allowed). Node 0 is the root. False with *e said.
// A BOM or UTF-16 is named as such. Integer literals of any length and 1e400 are text, so they are fine.
bool json_parse(struct json *j, struct str text, struct json_error *e);
void json_free(struct json *j);
// A copy of the tape in the arena, for what must outlive the next parse; the text it points into must live as long.
const struct json *json_keep(const struct json *j, struct arena *a);

static inline enum json_type json_type(const struct json *j, uint32_t i) { return (enum json_type)j->node[i].type; }
// The value of member `key` of object i, or 0 (never the root) where i is no object or has no such member.
// Compares undone escapes where the key has some.
uint32_t json_get(const struct json *j, uint32_t i, struct str key);
static inline uint32_t json_getz(const struct json *j, uint32_t i, const char *key) { return json_get(j, i, str_of(key)); }
uint32_t json_at(const struct json *j, uint32_t array, uint32_t k); // 0 where there is none
// Walking: for (uint32_t v = json_first(j, i); v; v = json_after(j, i, v)) — of an object v is the KEY, v + 1 the value.
uint32_t json_first(const struct json *j, uint32_t i);
uint32_t json_after(const struct json *j, uint32_t i, uint32_t v);
// The bytes as they stand in the text: a string with its quotes, an object with all inside.
struct str json_raw(const struct json *j, uint32_t i);
// Text of a string (escapes undone, in the arena only where there were some) or literal of a number/true/false; absent
// str for null, arrays, objects and i == 0.
struct str json_str_any(const struct json *j, uint32_t i, struct arena *a);
static inline struct str json_str(const struct json *j, uint32_t i, struct arena *a)
{
	const struct json_node *v = &j->node[i];
	if (i && v->type == JSON_STRING && !v->escaped) return (struct str){j->text.p + v->at, v->len}; // nearly always
	return json_str_any(j, i, a);
}
bool json_int(const struct json *j, uint32_t i, int64_t *value); // number or string of whole decimal digits
#define json_true json_is_so // libjansson, which conf.c links, exports a json_true of its own
bool json_true(const struct json *j, uint32_t i);
#endif
