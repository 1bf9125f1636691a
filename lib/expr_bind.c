// What of a call is known before any record is read: its number of arguments, its table, its pattern.
#include "expr_part.h"
#include "near.h"
#include <stdlib.h>

static const struct function *const all[] = {functions_logic, functions_list, functions_text, functions_amount, functions_time};

const struct function *function_named(struct str name)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (const struct function *f = all[i]; f->name; f++)
			if (str_is(name, f->name)) return f;
	return NULL;
}

const char *function_near(struct str name)
{
	struct near n = near_begin(name, 2);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (const struct function *f = all[i]; f->name; f++) near_try(&n, f->name);
	return n.best;
}

// Compiled patterns live as long as the program: libc keeps their insides outside any arena.
const char *regex_bind(struct arena *a, struct expr *x, struct str pattern)
{
	static struct kept { struct kept *next; char *pattern; regex_t re; } *patterns;
	for (struct kept *k = patterns; k; k = k->next)
		if (str_is(pattern, k->pattern)) return x->regex = &k->re, NULL;
	struct kept *k = must_alloc(sizeof *k);
	k->pattern = must_alloc(pattern.n + 1);
	memcpy(k->pattern, pattern.p, pattern.n);
	k->pattern[pattern.n] = '\0';
	int code = regcomp(&k->re, k->pattern, REG_EXTENDED);
	if (code) {
		char why[200];
		regerror(code, &k->re, why, sizeof why);
		free(k->pattern);
		free(k);
		return arena_printf(a, "not a regular expression: %s", why);
	}
	k->next = patterns;
	patterns = k;
	x->regex = &k->re;
	return NULL;
}

// A table is named by a bare word, which was read as a path.
static const char *bind_table(struct arena *a, struct expr *x, size_t i, const struct expr_tables *tables)
{
	const struct expr *arg = x->arg[i];
	struct str n = {0};
	if (arg->op == OP_CONST) n = arg->value.text;
	else if (arg->op == OP_PATH && arg->base == BASE_THIS && arg->steps == 1) n = arg->step[0].name;
	if (!n.p) return arena_printf(a, "%s() wants the name of one of \"tables\"", x->function->name);
	if (tables) x->table = table_named(tables, n);
	return x->table ? NULL : arena_printf(a, "\"tables\" has no %.*s", STR_ARG(n));
}

static const char *bind_text(struct arena *a, struct expr *x, bool regex)
{
	if (x->n < 2) return NULL;
	const struct expr *arg = x->arg[1];
	if (arg->op != OP_CONST || !arg->value.text.p) return arena_printf(a, "%s() wants a 'text' here, not something read", x->function->name);
	x->text = arg->value.text.p;
	return regex ? regex_bind(a, x, arg->value.text) : NULL;
}

const char *call_bind(struct arena *a, struct expr *x, const struct expr_tables *tables)
{
	const struct function *f = x->function;
	if (x->n < f->least || x->n > f->most)
		return arena_printf(a, "%s() takes %d to %d arguments, what is piped into it among them; here are %zu", f->name, f->least, f->most, x->n);
	switch (f->needs) {
	case NEEDS_TABLE_0: return bind_table(a, x, 0, tables);
	case NEEDS_TABLE_1: return bind_table(a, x, 1, tables);
	case NEEDS_TEXT: return bind_text(a, x, false);
	case NEEDS_REGEX: return bind_text(a, x, true);
	case NEEDS_NOTHING: break;
	}
	return NULL;
}
