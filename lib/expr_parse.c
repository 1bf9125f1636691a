// The grammar of expressions, from text to what runs; see man 5 oms-mapping.
#include "expr_part.h"
#include <ctype.h>
#include <stdio.h>

enum { DEEP = 48 };

struct parser {
	struct arena *a;
	struct err *e;
	const struct expr_tables *tables;
	const char *text, *p;
	int deep;
	bool filter; // inside [condition]: a parenthesised right side looks in the scope outside
};

static struct expr *parse_or(struct parser *p);

static struct expr *bad(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static struct expr *bad(struct parser *p, const char *fmt, ...)
{
	char what[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	fail(p->e, E_CONFIG, "column %td of \"%s\": %s", p->p - p->text + 1, p->text, what);
	hint(p->e, "man 5 oms-mapping describes expressions");
	return NULL;
}

static struct expr *node(struct parser *p, enum op op)
{
	struct expr *x = NEW(p->a, struct expr);
	x->op = op;
	x->source = p->text;
	return x;
}

static void push(struct parser *p, struct expr *x, struct expr *arg)
{
	if (x->n % 4 == 0) {
		struct expr **more = NEW_N(p->a, struct expr *, x->n + 4);
		if (x->n) memcpy(more, x->arg, x->n * sizeof *more);
		x->arg = more;
	}
	x->arg[x->n++] = arg;
}

static void blanks(struct parser *p)
{
	while (*p->p == ' ' || *p->p == '\t' || *p->p == '\n') p->p++;
}

static bool name_char(char c) { return isalnum((unsigned char)c) || c == '_' || c == '-' || (unsigned char)c >= 0x80; }

static bool take(struct parser *p, const char *sign)
{
	blanks(p);
	size_t n = strlen(sign);
	if (strncmp(p->p, sign, n) != 0) return false;
	p->p += n;
	return true;
}

// A word of the language: not the beginning of a longer name.
static bool word(struct parser *p, const char *w)
{
	blanks(p);
	size_t n = strlen(w);
	if (strncmp(p->p, w, n) != 0 || name_char(p->p[n])) return false;
	p->p += n;
	return true;
}

static struct str name(struct parser *p)
{
	const char *from = p->p;
	while (name_char(*p->p)) p->p++;
	return (struct str){from, (size_t)(p->p - from)};
}

static struct str kept(struct parser *p, struct str s) { return (struct str){arena_copy(p->a, s.p, s.n), s.n}; }

// 'text', with '' for a quote inside.
static bool quoted(struct parser *p, struct str *to)
{
	char *out = arena_take(p->a, strlen(p->p) + 1);
	size_t n = 0;
	const char *from = p->p++;
	for (;; p->p++) {
		if (!*p->p) {
			p->p = from;
			return bad(p, "a quote that nothing closes"), false;
		}
		if (*p->p == '\'' && *++p->p != '\'') break;
		out[n++] = *p->p;
	}
	*to = (struct str){out, n};
	return true;
}

// --- paths -------------------------------------------------------------------------------------------------------------

static struct step *add_step(struct parser *p, struct expr *x, enum step_kind kind)
{
	struct step *more = NEW_N(p->a, struct step, x->steps + 1);
	if (x->steps) memcpy(more, x->step, x->steps * sizeof *more);
	x->step = more;
	x->many |= kind == STEP_ALL || kind == STEP_VALUES || kind == STEP_EVERY;
	struct step *s = &more[x->steps++];
	s->kind = kind;
	return s;
}

static void add_name(struct parser *p, struct expr *x, struct str n) { step_named(add_step(p, x, STEP_NAME), n); }

static bool name_step(struct parser *p, struct expr *x)
{
	struct str n = name(p);
	if (!n.n) return bad(p, "a name is missing here"), false;
	add_name(p, x, kept(p, n));
	return true;
}

static bool closed(struct parser *p)
{
	if (take(p, "]")) return true;
	return bad(p, "a ']' is missing"), false;
}

// [3] [-1]
static bool index_step(struct parser *p, struct expr *x)
{
	const char *from = p->p;
	if (*p->p == '-') p->p++;
	while (isdigit((unsigned char)*p->p)) p->p++;
	int64_t i;
	if (*p->p != ']' || !str_int((struct str){from, (size_t)(p->p - from)}, &i)) return bad(p, "not a position in a list"), false;
	add_step(p, x, STEP_INDEX)->index = i;
	return closed(p);
}

// [(expression)]; a condition that only begins with a parenthesis is left to where_step.
static int by_step(struct parser *p, struct expr *x)
{
	const char *from = p->p++;
	bool filter = p->filter;
	p->filter = false;
	struct expr *by = parse_or(p);
	p->filter = filter;
	if (!by || !take(p, ")")) return by ? (bad(p, "a ')' is missing"), -1) : -1;
	if (!take(p, "]")) {
		p->p = from;
		return 0;
	}
	add_step(p, x, STEP_BY)->x = by;
	return 1;
}

static bool where_step(struct parser *p, struct expr *x)
{
	bool filter = p->filter;
	p->filter = true;
	struct expr *where = parse_or(p);
	p->filter = filter;
	if (!where || !closed(p)) return false;
	bool every = p->p[0] == '[' && p->p[1] == ']';
	if (every) p->p += 2;
	add_step(p, x, every ? STEP_EVERY : STEP_FIRST)->x = where;
	return true;
}

static bool bracket_step(struct parser *p, struct expr *x)
{
	p->p++;
	if (take(p, "]")) return add_step(p, x, STEP_ALL), true;
	if (p->p[0] == '*' && p->p[1] == ']') return p->p += 2, add_step(p, x, STEP_VALUES), true;
	if (*p->p == '-' || isdigit((unsigned char)*p->p)) return index_step(p, x);
	if (*p->p == '\'') {
		const char *from = p->p;
		struct str n;
		if (!quoted(p, &n)) return false;
		if (take(p, "]")) return add_name(p, x, n), true;
		p->p = from;
	}
	if (*p->p == '(') {
		int by = by_step(p, x);
		if (by) return by > 0;
	}
	return where_step(p, x);
}

static struct expr *steps(struct parser *p, struct expr *x)
{
	for (;;) {
		if (*p->p == '[') {
			if (!bracket_step(p, x)) return NULL;
		} else if (*p->p == '.' && p->p[1] == '[') {
			p->p++;
		} else if (*p->p == '.') {
			p->p++;
			if (!name_step(p, x)) return NULL;
		} else {
			return x;
		}
	}
}

static struct expr *path(struct parser *p, enum path_base base)
{
	struct expr *x = node(p, OP_PATH);
	x->base = base;
	return x;
}

// What stands behind a value: (a // b).name
static struct expr *behind(struct parser *p, struct expr *value)
{
	if (!value || (*p->p != '.' && *p->p != '[')) return value;
	struct expr *x = path(p, BASE_VALUE);
	push(p, x, value);
	return steps(p, x);
}

// --- $ @ ^ ---------------------------------------------------------------------------------------------------------------

static bool variable_known(struct str n)
{
	static const char *const known[] = {"source.name", "source.account", "source.tz", "source.currency", "topic", "currency", "zone"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(n, known[i])) return true;
	return str_starts(n, S("header."));
}

static struct expr *dollar(struct parser *p)
{
	const char *at = p->p++;
	if (!name_char(*p->p)) return steps(p, path(p, BASE_RECORD));
	if (word(p, "doc")) return steps(p, path(p, BASE_DOC));
	const char *from = p->p;
	while (name_char(*p->p) || (*p->p == '.' && name_char(p->p[1]))) p->p++;
	struct str n = {from, (size_t)(p->p - from)};
	if (!variable_known(n)) {
		p->p = at;
		return bad(p, "there is no $%.*s: $ $doc $topic $currency $zone $header.NAME $source.name .account .tz .currency", STR_ARG(n));
	}
	struct expr *x = node(p, OP_VARIABLE);
	x->text = kept(p, n).p;
	return x;
}

static struct expr *scoped(struct parser *p)
{
	unsigned up = 0;
	while (*p->p == '^') p->p++, up++;
	if (*p->p == '@') {
		p->p++;
		if (word(p, "index")) {
			struct expr *x = node(p, OP_INDEX);
			x->up = up;
			return x;
		}
		if (up) return bad(p, "only @index may stand behind ^");
	}
	struct expr *x = path(p, up ? BASE_AROUND : BASE_THIS);
	x->up = up;
	if (name_char(*p->p)) return bad(p, "a '.' is missing before the name");
	return steps(p, x);
}

// --- values --------------------------------------------------------------------------------------------------------------

static struct expr *constant(struct parser *p, struct value v)
{
	struct expr *x = node(p, OP_CONST);
	x->value = v;
	return x;
}

static struct expr *number(struct parser *p)
{
	const char *from = p->p;
	if (*p->p == '-') p->p++;
	while (isdigit((unsigned char)*p->p)) p->p++;
	if (*p->p == '.' && isdigit((unsigned char)p->p[1]))
		for (p->p++; isdigit((unsigned char)*p->p);) p->p++;
	struct str s = {from, (size_t)(p->p - from)};
	if (name_char(*p->p)) return bad(p, "a name that begins with a digit is written ['%.*s…']", STR_ARG(s));
	return constant(p, value_bare(kept(p, s)));
}

// The arguments up to the ')'.
static bool arguments(struct parser *p, struct expr *x)
{
	if (take(p, ")")) return true;
	do {
		struct expr *arg = parse_or(p);
		if (!arg) return false;
		push(p, x, arg);
	} while (take(p, ","));
	if (take(p, ")")) return true;
	return bad(p, "a ')' or ',' is missing"), false;
}

static struct expr *call(struct parser *p, struct str n, struct expr *piped)
{
	const char *at = p->p;
	struct expr *x = node(p, OP_CALL);
	x->function = function_named(n);
	if (!x->function) {
		const char *near = function_near(n);
		p->p -= n.n;
		return bad(p, "there is no function %.*s()%s%s%s", STR_ARG(n), near ? "; did you mean " : "", near ? near : "", near ? "()?" : "");
	}
	if (piped) push(p, x, piped);
	if (*p->p == '(') {
		p->p++;
		bool filter = p->filter;
		p->filter = false;
		if (!arguments(p, x)) return NULL;
		p->filter = filter;
	}
	const char *why = call_bind(p->a, x, p->tables);
	if (!why) return x;
	p->p = at - n.n;
	return bad(p, "%s", why);
}

static struct expr *named(struct parser *p)
{
	if (word(p, "true")) return constant(p, value_bool(true));
	if (word(p, "false")) return constant(p, value_bool(false));
	if (word(p, "null")) return constant(p, (struct value){.kind = VALUE_NULL});
	const char *from = p->p;
	struct str n = name(p);
	if (*p->p == '(') return behind(p, call(p, n, NULL));
	p->p = from;
	struct expr *x = path(p, BASE_THIS);
	return name_step(p, x) ? steps(p, x) : NULL;
}

static struct expr *parens(struct parser *p)
{
	p->p++;
	bool filter = p->filter;
	p->filter = false;
	struct expr *x = parse_or(p);
	p->filter = filter;
	if (!x) return NULL;
	return take(p, ")") ? behind(p, x) : bad(p, "a ')' is missing");
}

static struct expr *primary(struct parser *p)
{
	blanks(p);
	char c = *p->p;
	if (c == '(') return parens(p);
	if (c == '$') return dollar(p);
	if (c == '@' || c == '^') return scoped(p);
	if (c == '[') return steps(p, path(p, BASE_THIS));
	if (isdigit((unsigned char)c) || (c == '-' && isdigit((unsigned char)p->p[1]))) return number(p);
	if (c == '\'') {
		struct str s;
		return quoted(p, &s) ? constant(p, value_of_text(s)) : NULL;
	}
	if (name_char(c)) return named(p);
	return c ? bad(p, "'%c' begins no value", c) : bad(p, "a value is missing");
}

// --- operators -----------------------------------------------------------------------------------------------------------

// x | f(…) and x // y, from left to right.
static struct expr *pipes(struct parser *p)
{
	struct expr *x = primary(p);
	while (x) {
		if (take(p, "//")) {
			struct expr *y = primary(p);
			if (!y) return NULL;
			if (x->op != OP_FIRST) {
				struct expr *first = node(p, OP_FIRST);
				push(p, first, x);
				x = first;
			}
			push(p, x, y);
		} else if (take(p, "|")) {
			blanks(p);
			struct str n = name(p);
			if (!n.n) return bad(p, "the name of a function is missing behind '|'");
			x = call(p, n, x);
		} else {
			return x;
		}
	}
	return NULL;
}

static struct expr *two(struct parser *p, enum op op, struct expr *a, struct expr *b)
{
	if (!a || !b) return NULL;
	struct expr *x = node(p, op);
	push(p, x, a);
	push(p, x, b);
	return x;
}

static struct expr *right_side(struct parser *p)
{
	blanks(p);
	bool outside = p->filter && *p->p == '(';
	struct expr *x = pipes(p);
	if (!x || !outside) return x;
	struct expr *outer = node(p, OP_OUTER);
	push(p, outer, x);
	return outer;
}

static struct expr *not_of(struct parser *p, struct expr *x)
{
	if (!x) return NULL;
	struct expr *not = node(p, OP_NOT);
	push(p, not, x);
	return not;
}

static struct expr *in(struct parser *p, struct expr *a)
{
	if (!take(p, "(")) return bad(p, "in wants a list: x in ('a', 'b')");
	struct expr *x = node(p, OP_IN);
	push(p, x, a);
	return arguments(p, x) ? x : NULL;
}

static struct expr *like(struct parser *p, struct expr *a)
{
	struct expr *b = pipes(p);
	if (!b) return NULL;
	if (b->op != OP_CONST || !b->value.text.p) return bad(p, "a pattern must be a 'text'");
	struct expr *x = two(p, OP_LIKE, a, b);
	const char *why = regex_bind(p->a, x, b->value.text);
	return why ? bad(p, "%s", why) : x;
}

static struct expr *compare(struct parser *p)
{
	struct expr *a = pipes(p);
	if (!a) return NULL;
	if (take(p, "!=")) return two(p, OP_NE, a, right_side(p));
	if (take(p, "==") || take(p, "=")) return two(p, OP_EQ, a, right_side(p));
	if (take(p, "<=")) return two(p, OP_LE, a, right_side(p));
	if (take(p, ">=")) return two(p, OP_GE, a, right_side(p));
	if (take(p, "<")) return two(p, OP_LT, a, right_side(p));
	if (take(p, ">")) return two(p, OP_GT, a, right_side(p));
	if (take(p, "~")) return like(p, a);
	if (word(p, "in")) return in(p, a);
	const char *at = p->p;
	if (word(p, "not") && word(p, "in")) return not_of(p, in(p, a));
	p->p = at;
	return a;
}

static struct expr *parse_not(struct parser *p)
{
	if (++p->deep > DEEP) return bad(p, "nested too deeply");
	struct expr *x = word(p, "not") ? not_of(p, parse_not(p)) : compare(p);
	p->deep--;
	return x;
}

static struct expr *parse_and(struct parser *p)
{
	struct expr *x = parse_not(p);
	while (x && word(p, "and")) x = two(p, OP_AND, x, parse_not(p));
	return x;
}

static struct expr *parse_or(struct parser *p)
{
	struct expr *x = parse_and(p);
	while (x && word(p, "or")) x = two(p, OP_OR, x, parse_and(p));
	return x;
}

struct expr *expr_compile(struct arena *a, struct err *e, const char *text, const struct expr_tables *tables)
{
	struct parser p = {.a = a, .e = e, .tables = tables};
	p.text = p.p = arena_strdup(a, text);
	blanks(&p);
	if (!*p.p) return path(&p, BASE_THIS); // "": the scope itself
	struct expr *x = parse_or(&p);
	if (!x) return NULL;
	blanks(&p);
	if (*p.p) return bad(&p, "this is left over; a name with blanks or signs is written ['like this']");
	x->source = p.text;
	return x;
}

const char *expr_source(const struct expr *x) { return x->source; }
