// The options that many commands share, and the reading of a command line with argp.
#include "cmd_parts.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

enum { K_DB = 0x1000, K_JSON_ERRORS, K_WAIT, K_DESCRIBE, K_OFFER, K_USAGE, K_JSON, K_FIELDS, K_NO_HEADER, K_WIDTH, K_COLOR, K_NO_COLOR, K_TZ };

static const struct argp_option common_options[] = {
	{NULL, 0, NULL, 0, "Common", 0},
	{"db", K_DB, "FILE", 0, "The store (else $OMS_DB, else the home folder's)", 0},
	{"wait-lock", K_WAIT, "SECONDS", 0, "Wait so long for a locked store (5)", 0},
	{"quiet", 'q', NULL, 0, "On standard error only what failed", 0},
	{"verbose", 'v', NULL, 0, "Say more; may be repeated", 0},
	{"json-errors", K_JSON_ERRORS, NULL, 0, "Errors as JSON, one object a line", 0},
	{"help", 'h', NULL, 0, "Print this help", 0},
	{"usage", K_USAGE, NULL, 0, "Print the usage in short", 0},
	{"version", 'V', NULL, 0, "Print the version", 0},
	{NULL, '?', NULL, OPTION_HIDDEN, NULL, 0},
	{"describe", K_DESCRIBE, NULL, OPTION_HIDDEN, "Print these tables, for the manual and the completions", 0},
	{"offer", K_OFFER, "KIND:TYPED", OPTION_HIDDEN, "Print the values of a kind that begin so, for the completions", 0},
	{0}
};
static struct argp_option output_options[] = { // a command that has other forms puts them into the second line
	{NULL, 0, NULL, 0, "Output", 0},
	{"format", 'F', "table|text|jsonl|json|csv|tsv|ids|count", 0, "The form of the records; jsonl where no terminal is", 0},
	{"json", K_JSON, NULL, 0, "One JSON array: --format=json", 0},
	{"fields", K_FIELDS, "FIELD,...", 0, "Only these; +FIELD adds one, 'help' lists them", 0},
	{"output", 'o', "FILE", 0, "Write to FILE, whole or not at all", 0},
	{"null", 'z', NULL, 0, "Ids end with NUL, those printed and those read", 0},
	{"no-header", K_NO_HEADER, NULL, 0, "No line of names above table, csv and tsv", 0},
	{"width", K_WIDTH, "COLUMNS", 0, "Width of tables; 0: never cut", 0},
	{"color", K_COLOR, "auto|always|never", 0, "Colour in tables and text", 0},
	{"no-color", K_NO_COLOR, NULL, OPTION_HIDDEN, "No colour", 0},
	{0}
};
static const struct argp_option window_options[] = {
	{NULL, 0, NULL, 0, "Time", 0},
	{"since", 'S', "DATE", 0, "From DATE: 2026-11-03, '2026-11-03 09:15', -7d", 0},
	{"until", 'U', "DATE", 0, "Until DATE, which is not in it", 0},
	{"tz", K_TZ, "ZONE", 0, "Time zone of dates typed and shown (else $TZ)", 0},
	{0}
};
static const struct argp_option zone_options[] = {
	{NULL, 0, NULL, 0, "Time", 0},
	{"tz", K_TZ, "ZONE", 0, "Time zone of dates typed and shown (else $TZ)", 0},
	{0}
};
static const struct argp_option limit_options[] = {
	{NULL, 0, NULL, 0, "Output", 0},
	{"limit", 'L', "N", 0, "Print at most N records; 0: all", 0},
	{0}
};
static const struct argp_option dry_options[] = {
	{NULL, 0, NULL, 0, "Common", 0},
	{"dry-run", 'n', NULL, 0, "Do all of it, print the results, store nothing", 0},
	{0}
};

static struct frame *frame_of(struct argp_state *st) { return st->input; }

static error_t wrong(struct frame *f, const char *option, const char *value, const char *wants)
{
	fail(&f->oms.err, E_USAGE, "--%s=%s: %s", option, value, wants);
	return EINVAL;
}

static error_t whole(struct frame *f, const char *option, const char *arg, int64_t *to)
{
	if (str_int(str_of(arg), to) && *to >= 0) return 0;
	return wrong(f, option, arg, "needs a whole number, 0 or more");
}

// Seconds with up to three decimals, as milliseconds.
static error_t seconds(struct frame *f, const char *arg)
{
	const char *dot = strchrnul(arg, '.');
	int64_t s = 0, ms = 0;
	char digits[4] = "000";
	if (*dot)
		for (size_t i = 0; i < 3 && dot[1 + i]; i++) digits[i] = dot[1 + i];
	bool fine = str_int((struct str){arg, (size_t)(dot - arg)}, &s) && s >= 0 && s <= 86400 && str_int(str_of(digits), &ms) && ms >= 0;
	if (!fine || (*dot && (!dot[1] || strspn(dot + 1, "0123456789") != strlen(dot + 1))))
		return wrong(f, "wait-lock", arg, "needs seconds, 0 to 86400, as in 5 or 0.5");
	f->oms.wait_ms = (int)(s * 1000 + ms);
	return 0;
}

static error_t format(struct frame *f, const char *arg)
{
	const char *list = output_options[1].arg, *at = *arg ? strstr(list, arg) : NULL;
	size_t n = strlen(arg);
	while (at && ((at > list && at[-1] != '|') || (at[n] && at[n] != '|'))) at = strstr(at + 1, arg);
	if (at && out_format_named(arg, &f->format)) return 0;
	char *words = arena_strdup(&f->oms.arena, list);
	for (char *c = words; (c = strchr(c, '|'));) *c = ' ';
	return wrong(f, "format", arg, arena_printf(&f->oms.arena, "the form is one of %s", words));
}

static error_t color(struct frame *f, const char *arg)
{
	f->color = arg;
	if (!strcmp(arg, "auto") || !strcmp(arg, "always") || !strcmp(arg, "never")) return 0;
	return wrong(f, "color", arg, "it is one of auto always never");
}

static error_t common_parse(int key, char *arg, struct argp_state *st)
{
	struct frame *f = frame_of(st);
	switch (key) {
	case ARGP_KEY_INIT:
		st->err_stream = f->complaints;
		for (size_t i = 0; st->root_argp->children && st->root_argp->children[i].argp; i++) st->child_inputs[i] = f;
		return 0;
	case ARGP_KEY_ARG: *VEC_PUSH(&f->oms.arena, &f->operands) = arg; return 0;
	case K_DB: f->db = arg; return 0;
	case K_WAIT: return seconds(f, arg);
	case 'q': f->oms.quiet = true; return 0;
	case 'v': f->oms.verbose++; return 0;
	case K_JSON_ERRORS: return 0; // seen before anything could go wrong
	case 'h': case '?': f->ask = ASK_HELP; return 0;
	case K_USAGE: f->ask = ASK_USAGE; return 0;
	case 'V': f->ask = ASK_VERSION; return 0;
	case K_DESCRIBE: f->ask = ASK_DESCRIBE; return 0;
	case K_OFFER: f->offer = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

// Opened anew it would be replaced where it is a file, with what the caller has written into it already.
static bool is_stdout(const char *name)
{
	return !strcmp(name, "/dev/stdout") || !strcmp(name, "/dev/fd/1") || !strcmp(name, "/proc/self/fd/1");
}

static error_t output_parse(int key, char *arg, struct argp_state *st)
{
	struct frame *f = frame_of(st);
	switch (key) {
	case 'F': return format(f, arg);
	case K_JSON: f->format = OUT_JSON; return 0;
	case K_FIELDS:
		f->oms.fields = arg;
		if (!strcmp(arg, "help") && !f->ask) f->ask = ASK_FIELDS;
		return *arg ? 0 : wrong(f, "fields", arg, "names no field");
	case 'o': f->oms.output = is_stdout(arg) ? "-" : arg; return *arg ? 0 : wrong(f, "output", arg, "names no file");
	case 'z': f->oms.nul = true; return 0;
	case K_NO_HEADER: f->oms.no_header = true; return 0;
	case K_WIDTH: return whole(f, "width", arg, &f->asked_width);
	case K_COLOR: return color(f, arg);
	case K_NO_COLOR: f->color = "never"; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static error_t select_parse(int key, char *arg, struct argp_state *st)
{
	struct frame *f = frame_of(st);
	switch (key) {
	case 'S': f->since = arg; return 0;
	case 'U': f->until = arg; return 0;
	case K_TZ: f->tz = arg; return 0;
	case 'L': return whole(f, "limit", arg, &f->oms.limit);
	case 'n': f->oms.dry_run = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp own_argp = {0}, output_argp = {output_options, output_parse, NULL, NULL, NULL, NULL, NULL},
	window_argp = {window_options, select_parse, NULL, NULL, NULL, NULL, NULL},
	zone_argp = {zone_options, select_parse, NULL, NULL, NULL, NULL, NULL},
	limit_argp = {limit_options, select_parse, NULL, NULL, NULL, NULL, NULL},
	dry_argp = {dry_options, select_parse, NULL, NULL, NULL, NULL, NULL};

enum { CHILDREN = 10 };

// Help lists the groups in this order; the common options, argp's root, come last.
static size_t children(struct argp *own, struct argp_child *to)
{
	size_t n = 0;
	*own = own_argp;
	own->options = cmd.options;
	own->parser = cmd.parse;
	if (cmd.formats) output_options[1].arg = cmd.formats;
	for (size_t i = 0; cmd.shared && cmd.shared[i]; i++) to[n++].argp = cmd.shared[i];
	if (cmd.options) to[n++].argp = own;
	if (cmd.groups & CMD_WINDOW) to[n++].argp = &window_argp;
	else if (cmd.groups & CMD_ZONE) to[n++].argp = &zone_argp;
	if (cmd.groups & CMD_LIMIT) to[n++].argp = &limit_argp;
	if (cmd.groups & CMD_OUTPUT) to[n++].argp = &output_argp;
	if (cmd.groups & CMD_DRY) to[n++].argp = &dry_argp;
	return n;
}

static void collect(struct frame *f, const struct argp_option *o, const char *header)
{
	struct row elder = {0};
	for (; o && (o->name || o->key || o->doc); o++) {
		if (!o->name && !o->key) {
			size_t n = strlen(o->doc);
			header = arena_copy(&f->oms.arena, o->doc, n - (n && o->doc[n - 1] == ':'));
			continue;
		}
		bool alias = o->flags & OPTION_ALIAS;
		struct row r = {header, o, o->name, alias ? elder.arg : o->arg, o->key ? o->key : elder.key,
			alias ? elder.arg_optional : (o->flags & OPTION_ARG_OPTIONAL) != 0, (o->flags & OPTION_HIDDEN) != 0};
		if (!alias) elder = r;
		*VEC_PUSH(&f->oms.arena, &f->rows) = r;
	}
}

void options_collect(struct frame *f)
{
	struct argp own;
	struct argp_child c[CHILDREN] = {0};
	size_t n = children(&own, c);
	for (size_t i = 0; i < n; i++) collect(f, c[i].argp->options, "Options");
	collect(f, common_options, "Common");
}

const struct row *options_long(const struct frame *f, struct str name)
{
	for (size_t i = 0; i < f->rows.n; i++)
		if (f->rows.v[i].name && str_is(name, f->rows.v[i].name)) return &f->rows.v[i];
	return NULL;
}

const struct row *options_short(const struct frame *f, int key)
{
	for (size_t i = 0; i < f->rows.n; i++)
		if (f->rows.v[i].o->key == key && isprint(key)) return &f->rows.v[i];
	return NULL;
}

// What argp_error wrote: "oms-x: words", and a line that sends the reader to --help.
static int complained(struct frame *f, const char *text)
{
	size_t own = strlen(cmd.name);
	if (!strncmp(text, cmd.name, own) && !strncmp(text + own, ": ", 2)) text += own + 2;
	return fail(&f->oms.err, E_USAGE, STR_FMT, (int)strcspn(text, "\n"), text);
}

int options_parse(struct frame *f, int argc, char **argv)
{
	struct argp own;
	struct argp_child c[CHILDREN] = {0};
	children(&own, c);
	struct argp root = {common_options, common_parse, NULL, NULL, c, NULL, NULL};
	char *said = NULL;
	size_t n = 0;
	f->complaints = open_memstream(&said, &n);
	if (!f->complaints) return fail(&f->oms.err, E_BUSY, "out of memory");
	error_t wrongly = argp_parse(&root, argc, argv, ARGP_NO_HELP | ARGP_NO_EXIT, NULL, f);
	fclose(f->complaints);
	int r = 0;
	if (f->oms.err.code) r = -1;
	else if (n) r = complained(f, said);
	else if (wrongly) r = fail(&f->oms.err, E_USAGE, "%s", strerror(wrongly));
	free(said);
	*VEC_PUSH(&f->oms.arena, &f->operands) = NULL;
	f->operands.n--;
	f->oms.args = f->operands.v;
	return r;
}
