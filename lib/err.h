// What went wrong: a code, a sentence, a hint. A function that fails returns -1 (or NULL) having said so here, once:
// `return fail(e, E_DATA, "…")`; callers frame it on the way up: `return because(e, "line %ld", n)`. Only the frame prints.
#ifndef ERR_H
#define ERR_H
#include <stddef.h>

// code, exit status, stable word, what it means
#define ERRORS(X) \
	X(E_OK,           0, "ok",            "everything asked was done") \
	X(E_NONE,         1, "none",          "the answer is no: not found, refused, or all was rejected") \
	X(E_NOTFOUND,     1, "not_found",     "no such order, source or file in the store") \
	X(E_AMBIGUOUS,    1, "ambiguous",     "more than one order answers to that reference") \
	X(E_REFUSED,      1, "refused",       "a rule refuses it") \
	X(E_SOME,         3, "some",          "some were done, some were not") \
	X(E_USAGE,       64, "usage",         "wrong usage") \
	X(E_DATA,        65, "data",          "the input cannot be read as what it should be") \
	X(E_NOINPUT,     66, "no_input",      "an input file or the store is missing or unreadable") \
	X(E_UNAVAILABLE, 69, "unavailable",   "a helper program is missing") \
	X(E_BUG,         70, "bug",           "an internal check failed, or the store is damaged") \
	X(E_CANTCREAT,   73, "cannot_create", "an output file cannot be made") \
	X(E_IO,          74, "io",            "reading or writing failed, or the disk is full") \
	X(E_BUSY,        75, "try_again",     "the store is locked or the outcome unknown: run it again") \
	X(E_VERSION,     76, "version",       "the store or a format is of a version not known here") \
	X(E_DENIED,      77, "not_permitted", "not permitted") \
	X(E_CONFIG,      78, "config",        "a mapping, rule or settings file is wrong")

enum err_code {
#define X(code, status, word, text) code,
	ERRORS(X)
#undef X
	ERR_COUNT
};

struct err {
	enum err_code code;
	char text[2048]; // what, and why; made safe for a terminal by fail
	char hint[512];  // what to do about it; may be empty
};

int fail(struct err *e, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4))); // always -1
int because(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3))); // "frame: text"; always -1
int hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));    // always -1
void err_clear(struct err *e);
int err_exit(enum err_code code);
const char *err_word(enum err_code code);
const char *err_meaning(enum err_code code);
#endif
