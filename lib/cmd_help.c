// --help, --usage and what else a command says of itself to a person, laid out for 80 columns.
#include "cmd_parts.h"
#include "text.h"
#include <ctype.h>

enum { LEFT = 27, WIDTH = 79 };

static bool listed(const struct row *r) { return r->name && !r->hidden; }

static int short_of(const struct row *r) { return isprint(r->o->key) ? r->o->key : 0; }

static void usage_line(FILE *to)
{
	const char *args = cmd.args ? cmd.args : "";
	fprintf(to, "Usage: %s [OPTION...]%s%s\n", cmd.name, *args ? " " : "", args);
}

// A long line goes on in the next one, as a shell would read it.
static void example(FILE *to, const char *s, size_t n)
{
	int indent = 2;
	while (n + (size_t)indent > WIDTH) {
		size_t cut = WIDTH - (size_t)indent - 2;
		while (cut && s[cut] != ' ') cut--;
		if (!cut) break;
		fprintf(to, "%*s%.*s \\\n", indent, "", (int)cut, s);
		s += cut + 1;
		n -= cut + 1;
		indent = 6;
	}
	fprintf(to, "%*s%.*s\n", indent, "", (int)n, s);
}

static void examples(FILE *to)
{
	for (const char *s = cmd.examples ? cmd.examples : ""; *s;) {
		size_t n = strcspn(s, "\n");
		if (n) example(to, s, n);
		s += n + (s[n] == '\n');
	}
}

// Words from column LEFT on, where `at` columns are taken already.
static void wrap(FILE *to, const char *words, size_t at)
{
	size_t column = at;
	if (at + 2 > LEFT) fputc('\n', to), column = 0;
	fprintf(to, "%*s", (int)(LEFT - column), "");
	column = LEFT;
	for (const char *s = words; *s;) {
		size_t n = strcspn(s, " ");
		size_t wide = text_width((struct str){s, n});
		if (column > LEFT && column + 1 + wide > WIDTH) fprintf(to, "\n%*s", LEFT, ""), column = LEFT;
		if (column > LEFT) fputc(' ', to), column++;
		fwrite(s, 1, n, to);
		column += wide;
		s += n;
		while (*s == ' ') s++;
	}
	fputc('\n', to);
}

static void option_line(const struct row *r, FILE *to)
{
	char dash[8] = "    ";
	if (short_of(r)) snprintf(dash, sizeof dash, "-%c, ", short_of(r));
	const char *open = !r->arg ? "" : r->arg_optional ? "[=" : "=", *close = r->arg && r->arg_optional ? "]" : "";
	int n = fprintf(to, "  %s--%s%s%s%s", dash, r->name, open, r->arg ? r->arg : "", close);
	wrap(to, r->o->doc ? r->o->doc : "", n > 0 ? (size_t)n : 0);
}

static bool header_before(const struct frame *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (listed(&f->rows.v[k]) && !strcmp(f->rows.v[k].header, f->rows.v[i].header)) return true;
	return false;
}

// Groups of one name are one group, wherever their tables stand.
static void option_groups(const struct frame *f, FILE *to)
{
	for (size_t i = 0; i < f->rows.n; i++) {
		if (!listed(&f->rows.v[i]) || header_before(f, i)) continue;
		fprintf(to, "\n%s:\n", f->rows.v[i].header);
		for (size_t k = i; k < f->rows.n; k++)
			if (listed(&f->rows.v[k]) && !strcmp(f->rows.v[k].header, f->rows.v[i].header)) option_line(&f->rows.v[k], to);
	}
}

static void summary_line(FILE *to) { fprintf(to, "%c%s.\n", toupper((unsigned char)cmd.summary[0]), cmd.summary + 1); }

void help_print(struct frame *f, FILE *to)
{
	usage_line(to);
	summary_line(to);
	fputc('\n', to);
	examples(to);
	option_groups(f, to);
	fprintf(to, "\nExit status: 0 all done, 3 some, 1 none or refused, 64 and up could not run\n"
		"(oms help exit-codes). The whole manual: man %s\n", cmd.name);
}

void help_short(struct frame *f, FILE *to)
{
	(void)f;
	usage_line(to);
	summary_line(to);
	examples(to);
	fprintf(to, "Give an operand, or pipe something in. %s --help tells all.\n", cmd.name);
}

static size_t put(FILE *to, size_t column, const char *text)
{
	size_t n = strlen(text), indent = strlen("Usage: ") + strlen(cmd.name);
	if (column + 1 + n > WIDTH) {
		fprintf(to, "\n%*s", (int)indent, "");
		column = indent;
	}
	fprintf(to, " %s", text);
	return column + 1 + n;
}

void help_usage(struct frame *f, FILE *to)
{
	char flags[64] = "[-", word[256];
	size_t n = 2;
	int head = fprintf(to, "Usage: %s", cmd.name);
	size_t column = head > 0 ? (size_t)head : 0;
	for (size_t i = 0; i < f->rows.n; i++) {
		const struct row *r = &f->rows.v[i];
		if (listed(r) && short_of(r) && !r->arg && n < sizeof flags - 2) flags[n++] = (char)short_of(r);
	}
	flags[n++] = ']';
	flags[n] = 0;
	if (n > 3) column = put(to, column, flags);
	for (size_t i = 0; i < f->rows.n; i++) {
		const struct row *r = &f->rows.v[i];
		if (!listed(r) || (short_of(r) && !r->arg)) continue;
		snprintf(word, sizeof word, r->arg_optional ? "[--%s[=%s]]" : r->arg ? "[--%s=%s]" : "[--%s]", r->name, r->arg);
		column = put(to, column, word);
	}
	if (cmd.args && *cmd.args) put(to, column, cmd.args);
	fputc('\n', to);
}

void help_fields(struct frame *f, FILE *to)
{
	size_t n = cmd.n_columns;
	const struct out_column *c = cmd.columns_for ? cmd.columns_for(&f->oms, &n) : cmd.columns;
	for (size_t i = 0; i < n; i++) fprintf(to, "%-20s %s\n", c[i].name, c[i].path);
}
