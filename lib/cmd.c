// Main, common options, store, errors, exit: what a command goes through from its first to its last moment.
#include "cmd_parts.h"
#include "complete.h"
#include "member.h"
#include "text.h"
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

// Usage errors are JSON too, so this is looked for before the command line is read.
static bool wants_json_errors(char **argv)
{
	const char *env = getenv("OMS_JSON_ERRORS");
	if (env && *env && strcmp(env, "0") != 0) return true;
	for (char **a = argv + 1; *a && strcmp(*a, "--") != 0; a++)
		if (!strcmp(*a, "--json-errors")) return true;
	return false;
}

static void begin(struct frame *f, char **argv)
{
	output_guard();
	signals_reset();
	f->oms.since = f->oms.until = DATE_NONE;
	f->oms.limit = f->asked_width = -1;
	f->oms.wait_ms = 5000;
	f->oms.width = 80;
	f->oms.zone = "UTC";
	f->oms.err_tty = isatty(2);
	f->json_errors = wants_json_errors(argv);
	if (cmd.opt_size) f->oms.opt = arena_take(&f->oms.arena, cmd.opt_size);
}

static int answer(struct frame *f)
{
	switch (f->ask) {
	case ASK_HELP: help_print(f, stdout); break;
	case ASK_USAGE: help_usage(f, stdout); break;
	case ASK_VERSION: printf("%s (oms) %s\n", cmd.name, VERSION); break;
	case ASK_DESCRIBE: describe_print(f, stdout); break;
	default: help_fields(f, stdout);
	}
	return output_close_stdout(&f->oms.err);
}

static int nothing_to_read(struct frame *f)
{
	if (!f->json_errors) {
		help_short(f, stderr);
		f->oms.err.code = E_USAGE; // said, in more words than one
		return -1;
	}
	fail(&f->oms.err, E_USAGE, "there is no operand, and standard input is a terminal");
	return hint(&f->oms.err, "usage: %s [OPTION...] %s", cmd.name, cmd.args ? cmd.args : "");
}

// How the store is opened: a command that only looks, with these options, needs no right to write.
static enum db_mode mode_of(const struct oms *oms) { return cmd.store_for && cmd.store != DB_NONE ? cmd.store_for(oms) : cmd.store; }

static void printer_open(struct frame *f)
{
	struct oms *oms = &f->oms;
	enum out_format form = f->format;
	if (form == OUT_AUTO) form = !oms->tty ? OUT_JSONL : cmd.tty_format_for ? cmd.tty_format_for(oms) : cmd.tty_format == OUT_TEXT ? OUT_TEXT : OUT_TABLE;
	size_t width = f->asked_width >= 0 ? (size_t)f->asked_width : oms->tty ? oms->width : 0;
	size_t n = cmd.n_columns;
	const struct out_column *columns = cmd.columns_for ? cmd.columns_for(oms, &n) : cmd.columns;
	oms->out = out_open(f->to, &(struct out_options){
		.format = form, .fields = f->oms.fields, .header = !f->oms.no_header, .color = oms->color, .nul = oms->nul, .width = width,
		.tty = oms->tty, .zone = oms->zone, .as_data = cmd.as_data, .hold = f->mode >= DB_WRITE}, columns, n);
}

static int store_open(struct frame *f)
{
	struct oms *oms = &f->oms;
	if (f->mode == DB_NONE) return 0;
	oms->db = db_open(oms->store, f->mode, oms->wait_ms, &oms->err);
	if (!oms->db) return -1;
	return cmd.own_transactions ? 0 : db_begin(oms->db, &oms->err);
}

// A writer's words are printed after the commit that made them true; where nothing was stored they are forgotten.
static int store_end(struct frame *f, int r)
{
	struct oms *oms = &f->oms;
	if (!oms->db) return r;
	struct err later = {0};
	if (r == 0 && !cmd.own_transactions && !oms->dry_run) r = db_commit(oms->db, &oms->err);
	else db_rollback(oms->db);
	if (r && oms->out && f->mode >= DB_WRITE) out_drop(oms->out);
	if (db_close(oms->db, r ? &later : &oms->err)) r = -1;
	oms->db = NULL;
	return r;
}

bool cmd_offer(struct oms *oms, struct str value, struct str what)
{
	struct buf b = {0};
	text_safe(&b, value);
	bool typeable = str_eq(buf_view(&b), value); // what would have to be escaped nobody can type
	if (what.n) buf_c(&b, '\t'), text_safe(&b, what);
	buf_c(&b, '\n');
	if (typeable) out_bytes(oms->out, buf_view(&b));
	buf_free(&b);
	return out_count(oms->out) < COMPLETE_MOST;
}

static int offer(struct frame *f)
{
	struct str kind = str_of(f->offer), typed = {0};
	const char *colon = memchr(kind.p, ':', kind.n);
	if (!cmd.offer || !colon) return fail(&f->oms.err, E_USAGE, "--offer=%s: this command knows no such values", f->offer);
	typed = str_of(colon + 1);
	kind.n = (size_t)(colon - kind.p);
	return cmd.offer(&f->oms, kind, typed);
}

// The output failed, the store did not: what became of what was asked.
static void say_stored(struct oms *oms)
{
	if (oms->cut && oms->done) hint(&oms->err, "done before that, and stored: %llu; run it again for the rest", (unsigned long long)oms->done);
	else if (oms->cut) hint(&oms->err, "nothing was done before that: run it again");
	else if (oms->failed && oms->done) hint(&oms->err, "what was not refused is stored; only the output is not whole");
	else if (!oms->failed) hint(&oms->err, "what was asked is stored; only the output is not whole");
}

static int work(struct frame *f)
{
	struct oms *oms = &f->oms;
	if (settle(f) || operands_check(f)) return -1;
	f->mode = mode_of(oms);
	bool asks = cmd.store_for && f->mode == DB_NONE; // a list of what there is: it needs nothing
	if (cmd.needs_input && !asks && !f->operands.n && isatty(0)) return nothing_to_read(f);
	if (f->mode >= DB_WRITE) signals_catch();
	else if (f->oms.output) signals_clean();
	int r = store_open(f);
	if (r == 0) r = output_open(f);
	if (r == 0) {
		printer_open(f);
		r = f->offer ? offer(f) : cmd.run(oms);
		if (r && !oms->err.code) r = fail(&oms->err, E_BUG, "failed without a reason");
	}
	r = store_end(f, r);
	bool stored = r == 0 && f->mode >= DB_WRITE && !oms->dry_run;
	r = output_end(f, r);
	if (r && stored && !oms->err.hint[0]) say_stored(oms);
	return r;
}

static int status_of(const struct oms *oms, int r)
{
	if (r) return err_exit(oms->err.code);
	if (!oms->failed) return 0;
	return err_exit(oms->done ? E_SOME : E_NONE);
}

static int finish(struct frame *f, int r)
{
	struct oms *oms = &f->oms;
	int sig = signals_got(), status = status_of(oms, r);
	if (r && oms->err.code == E_USAGE && !oms->err.hint[0]) hint(&oms->err, "%s --help tells how", cmd.name);
	if (r && oms->err.text[0]) say_error(f);
	if (sig && !r && f->mode >= DB_WRITE && !oms->quiet && !oms->dry_run) {
		oms->verbose++; // also where nobody looks on
		cmd_say(oms, "stopped by signal %d; what was finished is stored, run the same command to go on", sig);
	}
	say_last(f, sig ? 128 + sig : status);
	buf_free(&f->pending);
	arena_free(&oms->arena);
	if (sig) signals_again();
	return status;
}

void cmd_finding(struct oms *oms, struct str id, const char *check, const char *what)
{
	struct buf b = {0};
	member_record(&b, "oms.finding/1");
	member_text(&b, "id", id);
	member_word(&b, "check", check);
	member_word(&b, "message", what);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
}

const char *cmd_actor(struct oms *oms)
{
	const struct passwd *p = getpwuid(getuid());
	return p && p->pw_name && *p->pw_name ? arena_strdup(&oms->arena, p->pw_name) : arena_printf(&oms->arena, "uid:%u", (unsigned)getuid());
}

int64_t cmd_limit(const struct oms *oms)
{
	enum { SCREEN = 100 };
	return oms->limit > 0 ? oms->limit : oms->limit < 0 && oms->tty ? SCREEN : INT64_MAX;
}

int cmd_main(int argc, char **argv)
{
	struct frame frame = {0}, *f = &frame;
	static char name[64];
	static char *none[2] = {name, NULL};
	snprintf(name, sizeof name, "%s", cmd.name);
	if (argc < 1) argc = 1, argv = none; // a caller may leave even that away
	argv[0] = name;
	begin(f, argv);
	options_collect(f);
	int r = options_scan(f, argc, argv);
	if (r == 0) r = options_parse(f, argc, argv);
	if (r == 0) r = f->ask ? answer(f) : work(f);
	return finish(f, r);
}
