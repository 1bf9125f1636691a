// --describe: a command's tables as lines of tab-separated words; the manual and the completions are made from them.
// Columns are those of the options that stand beside it.
//
//   command NAME SUMMARY ARGS AUDIENCE STORE        option HEADER SHORT LONG ARG FLAGS WORDS     ("-": none)
//   operand KIND LEAST MOST                         exit STATUS WORD MEANING
//   column  NAME PATH                               example LINE
//   word    OF WORD WHAT                            (OF: an option's LONG, or a KIND or ARG)
// FLAGS: "?" the argument may be left out, "=" another name of the option above, "h" hidden, "-" none of these.
#include "cmd_parts.h"
#include <ctype.h>

static const char *or_dash(const char *s) { return s && *s ? s : "-"; }

static void operand(FILE *to, const char *word, size_t n)
{
	bool optional = *word == '[', many = n > 3 && memmem(word, n, "...", 3);
	while (n && (*word == '[' || *word == '<')) word++, n--;
	size_t kind = 0;
	while (kind < n && word[kind] != '.' && word[kind] != ']' && word[kind] != '>') kind++;
	fprintf(to, "operand\t%.*s\t%d\t%s\n", (int)kind, word, !optional, many ? "*" : "1");
}

static void option(FILE *to, const struct row *r)
{
	char key[2] = {(char)(isprint(r->o->key) ? r->o->key : '-'), 0};
	const char *flags = r->hidden ? "h" : r->arg_optional ? "?" : r->o->flags & OPTION_ALIAS ? "=" : "-";
	fprintf(to, "option\t%s\t%s\t%s\t%s\t%s\t%s\n", r->header, key, or_dash(r->name), or_dash(r->arg), flags, or_dash(r->o->doc));
}

void cmd_word(struct oms *oms, const char *of, const char *word, const char *what)
{
	const struct frame *f = (const struct frame *)(const void *)oms;
	fprintf(f->to, "word\t%s\t%s\t%s\n", of, word, or_dash(what));
}

static void columns(const struct frame *f, FILE *to)
{
	size_t n = cmd.n_columns;
	const struct out_column *c = cmd.columns_for ? cmd.columns_for(&f->oms, &n) : cmd.columns;
	for (size_t i = 0; i < n; i++) fprintf(to, "column\t%s\t%s\n", c[i].name, c[i].path);
}

static void exits(FILE *to)
{
	int before = -1;
	for (int c = E_OK; c < ERR_COUNT; c++) {
		int status = err_exit((enum err_code)c);
		if (status != before) fprintf(to, "exit\t%d\t%s\t%s\n", status, err_word((enum err_code)c), err_meaning((enum err_code)c));
		before = status;
	}
}

void describe_print(struct frame *f, FILE *to)
{
	static const char *const store[] = {"none", "read", "write", "create"};
	fprintf(to, "command\t%s\t%s\t%s\t%s\t%s\n", cmd.name, cmd.summary, or_dash(cmd.args), or_dash(cmd.audience), store[cmd.store]);
	for (const char *s = cmd.args ? cmd.args : ""; *s;) {
		size_t n = strcspn(s, " ");
		if (n) operand(to, s, n);
		s += n + (s[n] == ' ');
	}
	for (size_t i = 0; i < f->rows.n; i++) option(to, &f->rows.v[i]);
	exits(to);
	columns(f, to);
	f->to = to;
	if (cmd.words) cmd.words(&f->oms);
	for (const char *s = cmd.examples ? cmd.examples : ""; *s;) {
		size_t n = strcspn(s, "\n");
		if (n) fprintf(to, "example\t%.*s\n", (int)n, s);
		s += n + (s[n] == '\n');
	}
}
