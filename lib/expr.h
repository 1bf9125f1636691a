// Expressions over a JSON record: the words a mapping is written in. Compiled once, run over the tape. See man 5 oms-mapping.
#ifndef EXPR_H
#define EXPR_H
#include "conf.h"
#include "date.h"
#include "json.h"

struct expr; // compiled; lives in the arena it was compiled into

// Tables of a mapping ("tables": {"status": {"paid": "captured", "*": "other"}}) that enum() looks up.
struct expr_tables; 
struct expr_tables *expr_tables(struct arena *a, struct err *e, const struct conf *tables);

// NULL with E_CONFIG said: what, at which column of the expression.
struct expr *expr_compile(struct arena *a, struct err *e, const char *text, const struct expr_tables *tables);

// BARE is a number, true or false made on the way: written without quotes. A NODE lies in the record and was not touched.
enum value_kind { VALUE_ABSENT, VALUE_NULL, VALUE_TEXT, VALUE_NODE, VALUE_LIST, VALUE_BARE };
struct value {
	enum value_kind kind;
	uint32_t node;                                              // NODE
	union { struct str text; struct { struct value *list; size_t n; }; }; // TEXT and BARE; LIST
};

struct expr_scope { // where names are looked up: @ this element, ^ the one around it, $ the record
	uint32_t node;
	uint32_t index;                  // @index: position in the list, from 0
	const struct expr_scope *around;
};
struct expr_run {
	const struct json *j;
	struct arena *arena;             // for texts made on the way
	const char *currency;            // upper case; NULL: money() fails
	int digits;                      // its digits
	const char *zone;                // for naive times
	const char *(*variable)(void *ctx, const char *name); // $source.tz $topic …; NULL: absent
	void *ctx;
	unsigned char *touched;          // a bit a node for --coverage, or NULL
	// A conversion that fails, or an enum word no table knows, says so here and goes on as absent (or the raw word).
	void (*finding)(void *ctx, bool fatal, const char *code, struct str value, const char *message);
	struct buf *trace;               // --trace: paths read are appended, or NULL
	struct expr_keys *keys;          // the evaluator's own memory of objects; NULL at first
};
struct value expr_eval(const struct expr *x, struct expr_run *run, const struct expr_scope *scope);
bool expr_test(const struct expr *x, struct expr_run *run, const struct expr_scope *scope); // as a condition
const char *expr_source(const struct expr *x);
// The text of a scalar value; absent str where absent, null or a list/object.
struct str value_text(const struct value *v, struct expr_run *run);
// Every node a path expression names ("line_items[]"): for $each. An array is its elements, an object one element.
// *nodes is NULL where nothing is there, and not NULL where an empty array is.
size_t expr_nodes(const struct expr *x, struct expr_run *run, const struct expr_scope *scope, uint32_t **nodes);
#endif
