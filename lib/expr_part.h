// What an expression is compiled to: shared by the files that make it and run it, and by nobody else.
#ifndef EXPR_PART_H
#define EXPR_PART_H
#include "expr.h"
#include <regex.h>

enum op {
	OP_CONST, OP_PATH, OP_VARIABLE, OP_INDEX, OP_FIRST, OP_CALL, OP_OUTER, // give a value
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_LIKE, OP_IN, OP_AND, OP_OR, OP_NOT // give true or false
};
enum path_base { BASE_THIS, BASE_AROUND, BASE_RECORD, BASE_DOC, BASE_VALUE };
enum step_kind {
	STEP_NAME,   // .name
	STEP_ALL,    // []
	STEP_VALUES, // [*]
	STEP_INDEX,  // [3] [-1]
	STEP_BY,     // [(expression)]
	STEP_FIRST,  // [condition]
	STEP_EVERY   // [condition][]
};
struct step {
	enum step_kind kind;
	uint32_t head;             // STEP_NAME: how the first word of its node reads on the tape
	uint32_t bit;              // STEP_NAME: which bit its name has among those of a large object
	uint32_t hint;             // STEP_NAME: which member it was last time; documents of a channel look alike
	struct str name;
	int64_t index;
	const struct expr *x;
};

struct table;
struct call;
struct function {
	const char *name;
	unsigned char least, most;  // arguments, the piped one among them
	enum { FN_PLAIN, FN_EACH, FN_LAZY } way; // EACH: a list goes through it one by one, a blank comes out absent
	enum { NEEDS_NOTHING, NEEDS_TABLE_1, NEEDS_TABLE_0, NEEDS_REGEX, NEEDS_TEXT } needs; // what must be constant
	struct value (*run)(struct call *c);
};

struct expr {
	enum op op;
	enum path_base base;
	unsigned up;               // ^ ^^ ^^^ of a path or an @index
	bool many;                 // a path that gives a list
	struct value value;        // OP_CONST
	struct step *step;
	size_t steps;
	struct expr **arg;
	size_t n;
	const char *text;          // OP_VARIABLE: its name; a call: its constant argument as C text
	const struct function *function;
	const struct table *table;
	const regex_t *regex;
	const char *source;        // the text it was written as
};

struct call { // one call on its way
	const struct expr *x;
	struct expr_run *run;
	const struct expr_scope *scope;
	struct value *v;           // arguments; not for FN_LAZY
	size_t n;
	struct str text;           // FN_EACH: the text of the first one
};

#define ABSENT ((struct value){.kind = VALUE_ABSENT})
static inline struct value value_of_text(struct str s) { return (struct value){.kind = VALUE_TEXT, .text = s}; }
static inline struct value value_bare(struct str s) { return (struct value){.kind = VALUE_BARE, .text = s}; }
static inline struct value value_bool(bool yes) { return value_bare(yes ? S("true") : S("false")); }
static inline struct value value_list(struct value *v, size_t n) { return (struct value){.kind = VALUE_LIST, .list = v, .n = n}; }

// expr_table
const struct table *table_named(const struct expr_tables *t, struct str name);
struct value table_look(struct call *c, struct str word); // enum()
struct value table_match(struct call *c);                 // match()

// expr_path
void step_named(struct step *s, struct str name); // STEP_NAME made ready
struct value path_eval(const struct expr *x, struct expr_run *run, const struct expr_scope *scope);
const struct expr_scope *scope_up(const struct expr_scope *s, unsigned up);
// Spreads a list, or an array that lies in the record, into its elements; anything else is one. Appends to to.
typedef VEC(struct value) values;
void value_spread(const struct value *v, struct expr_run *run, values *to);
void node_pointer(struct buf *b, const struct json *j, uint32_t node); // where it lies, as a JSON Pointer

// expr_eval
bool value_blank(const struct value *v, const struct json *j); // absent, null, "", an empty list or object
bool value_true(const struct value *v, struct expr_run *run);
struct value call_eval(const struct expr *x, struct expr_run *run, const struct expr_scope *scope);
struct value refuse(struct call *c, const char *code, const char *message); // says so; always absent
struct value doubt(struct call *c, const char *code, const char *message);  // a warning; the first argument as it is

// expr_bind: what of a call is known before any record is read
const struct function *function_named(struct str name);
const char *function_near(struct str name); // NULL where none is near
const char *call_bind(struct arena *a, struct expr *x, const struct expr_tables *tables); // NULL, or what is wrong
const char *regex_bind(struct arena *a, struct expr *x, struct str pattern);

// expr_html: the plain text of a piece of HTML
void html_text(struct buf *b, struct str s);

// The functions, by kind. Each file lists its own; the end has no name.
extern const struct function functions_logic[], functions_list[], functions_text[], functions_amount[], functions_time[];

// A text in the arena made with a buffer that is used again and again.
struct buf *scratch(void);
struct value scratch_text(struct call *c, const struct buf *b);
#endif
