// What can stand at the cursor of a command line.
#include "complete.h"

enum { FIELDS = 7 }; // of a line of --describe

struct option { struct str short_name, name, arg, flags, words; };
struct operand { struct str kind; bool many; };
struct word { struct str of, text, what; }; // of: an option's name, or a kind of argument

struct tables {
	VEC(struct option) option;
	VEC(struct operand) operand;
	VEC(struct word) word;
	struct str describe;
};

static struct str cut_at(struct str *s, char mark)
{
	const char *end = s->n ? memchr(s->p, mark, s->n) : NULL;
	struct str head = str_cut(*s, 0, end ? (size_t)(end - s->p) : s->n);
	*s = end ? str_cut(*s, head.n + 1, s->n) : (struct str){0};
	return head;
}

static void read_tables(struct tables *t, struct arena *a)
{
	for (struct str s = t->describe; s.n;) {
		struct str line = cut_at(&s, '\n'), f[FIELDS] = {{0}};
		for (size_t i = 0; i < FIELDS && line.n; i++) f[i] = cut_at(&line, '\t');
		if (str_is(f[0], "option")) *VEC_PUSH(a, &t->option) = (struct option){f[2], f[3], f[4], f[5], f[6]};
		if (str_is(f[0], "word")) *VEC_PUSH(a, &t->word) = (struct word){f[1], f[2], f[3]};
		if (str_is(f[0], "operand")) *VEC_PUSH(a, &t->operand) = (struct operand){f[1], str_is(f[3], "*")};
	}
}

static bool absent(struct str s) { return str_is(s, "-"); }
static bool needs_arg(const struct option *o) { return !absent(o->arg) && !str_is(o->flags, "?"); }

static const struct option *named(const struct tables *t, struct str name, bool is_short)
{
	for (size_t i = 0; i < t->option.n; i++) {
		const struct option *o = &t->option.v[i];
		struct str has = is_short ? o->short_name : o->name;
		if (!absent(has) && str_eq(has, name)) return o;
	}
	return NULL;
}

// The option a word is, if its argument is still to come.
static const struct option *waiting(const struct tables *t, struct str word)
{
	if (word.n < 2 || word.p[0] != '-') return NULL;
	if (word.p[1] == '-') {
		const struct option *o = memchr(word.p, '=', word.n) ? NULL : named(t, str_cut(word, 2, word.n), false);
		return o && needs_arg(o) ? o : NULL;
	}
	for (size_t i = 1; i < word.n; i++) {
		const struct option *o = named(t, str_cut(word, i, i + 1), true);
		if (o && needs_arg(o)) return i + 1 == word.n ? o : NULL;
	}
	return NULL;
}

// Is it in the list already?
static bool listed(struct str list, struct str value)
{
	while (list.n) {
		size_t n = 0;
		while (n < list.n && list.p[n] != ',' && list.p[n] != '+') n++;
		if (str_eq(str_cut(list, 0, n), value)) return true;
		list = str_cut(list, n + 1, list.n);
	}
	return false;
}

void complete_offer(struct completion *c, struct str value, struct str description)
{
	if (!str_starts(value, c->typed) || c->offered == COMPLETE_MOST || listed(c->had, value)) return;
	c->offered++;
	buf_str(&c->to, c->stem);
	buf_str(&c->to, value);
	if (description.n) {
		buf_c(&c->to, '\t');
		buf_str(&c->to, description);
	}
	buf_c(&c->to, '\n');
}

// A list is typed on: what stands before its last comma is kept.
static void behind_comma(struct completion *c, struct arena *a)
{
	size_t n = c->typed.n;
	while (n && c->typed.p[n - 1] != ',' && c->typed.p[n - 1] != '+') n--;
	const char *stem = arena_printf(a, STR_FMT STR_FMT, STR_ARG(c->stem), (int)n, c->typed.p);
	c->stem = str_of(stem);
	c->had = str_cut(c->typed, 0, n);
	c->typed = str_cut(c->typed, n, c->typed.n);
}

static void columns(struct completion *c, const struct tables *t, struct arena *a)
{
	behind_comma(c, a);
	for (struct str s = t->describe; s.n;) {
		struct str line = cut_at(&s, '\n');
		if (str_is(cut_at(&line, '\t'), "column")) {
			cut_at(&line, '\t');
			complete_offer(c, line, (struct str){0});
		}
	}
}

static bool words(struct completion *c, const struct tables *t, struct str of)
{
	bool any = false;
	for (size_t i = 0; of.n && i < t->word.n; i++) {
		const struct word *w = &t->word.v[i];
		if (!str_eq(w->of, of)) continue;
		any = true;
		complete_offer(c, w->text, absent(w->what) ? (struct str){0} : w->what);
	}
	return any;
}

static bool small(struct str s) { return s.n && *s.p >= 'a' && *s.p <= 'z'; }

// "spool:DIR": the word first, and what it is of behind it.
static bool word_and_kind(struct completion *c, struct str arg, struct arena *a)
{
	const char *colon = small(arg) ? memchr(arg.p, ':', arg.n) : NULL;
	if (!colon) return false;
	struct str word = str_cut(arg, 0, (size_t)(colon - arg.p) + 1);
	if (!str_starts(c->typed, word)) return complete_offer(c, word, (struct str){0}), true;
	c->stem = str_of(arena_printf(a, STR_FMT STR_FMT, STR_ARG(c->stem), STR_ARG(word)));
	c->typed = str_cut(c->typed, word.n, c->typed.n);
	c->kind = str_cut(arg, word.n, arg.n);
	return true;
}

// arg is a list of words ("auto|never"), or the name of a kind, maybe of several ("SOURCE[,SOURCE]", "FIELD,..."). What the
// command says of that option, or of that kind, goes first.
static void value(struct completion *c, const struct tables *t, struct str option, struct str arg, struct arena *a)
{
	bool list = memchr(arg.p, ',', arg.n);
	struct str first = arg;
	size_t end = 0;
	while (end < arg.n && arg.p[end] != '[' && arg.p[end] != ',' && arg.p[end] != '.') end++;
	first = str_cut(arg, 0, end);
	if (str_is(first, "FIELD")) {
		columns(c, t, a);
		return;
	}
	if (list) behind_comma(c, a);
	if (words(c, t, option) || words(c, t, first) || word_and_kind(c, first, a)) return;
	if (!small(first) || !memchr(first.p, '|', first.n)) {
		c->kind = first;
		return;
	}
	while (first.n) complete_offer(c, cut_at(&first, '|'), (struct str){0});
}

static void options(struct completion *c, const struct tables *t, struct arena *a)
{
	for (size_t i = 0; i < t->option.n; i++) {
		const struct option *o = &t->option.v[i];
		if (absent(o->name) || str_is(o->flags, "h")) continue;
		const char *text = arena_printf(a, "--" STR_FMT "%s", STR_ARG(o->name), needs_arg(o) ? "=" : "");
		complete_offer(c, str_of(text), absent(o->words) ? (struct str){0} : o->words);
	}
}

static void operand(struct completion *c, const struct tables *t, size_t before, struct arena *a)
{
	if (!t->operand.n) return;
	size_t k = before < t->operand.n ? before : t->operand.n - 1;
	if (before < t->operand.n || t->operand.v[k].many) value(c, t, (struct str){0}, t->operand.v[k].kind, a);
}

void complete_at(struct completion *c, struct str describe, const char *const *words, size_t n, struct arena *a)
{
	struct tables t = {.describe = describe};
	const struct option *open = NULL;
	size_t operands = 0;
	bool ended = false;
	read_tables(&t, a);
	*c = (struct completion){.to = c->to, .typed = str_of(n ? words[n - 1] : "")};
	for (size_t i = 0; i + 1 < n; i++) {
		struct str w = str_of(words[i]);
		if (open) open = NULL;
		else if (ended || w.n < 2 || *w.p != '-') operands++;
		else if (str_is(w, "--")) ended = true;
		else open = waiting(&t, w);
	}
	const char *equals = c->typed.n ? memchr(c->typed.p, '=', c->typed.n) : NULL;
	if (open) value(c, &t, open->name, open->arg, a);
	else if (ended || !c->typed.n || *c->typed.p != '-') operand(c, &t, operands, a);
	else if (!equals || !str_starts(c->typed, S("--"))) options(c, &t, a);
	else {
		struct str word = c->typed;
		const struct option *o = named(&t, str_cut(word, 2, (size_t)(equals - word.p)), false);
		c->stem = str_cut(word, 0, (size_t)(equals - word.p) + 1);
		c->typed = str_cut(word, c->stem.n, word.n);
		if (o && !absent(o->arg)) value(c, &t, o->name, o->arg, a);
	}
}
