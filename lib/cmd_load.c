// A load as a command runs it: what is said, printed and kept of it, and how it ends.
#include "cmd_load.h"
#include "each.h"
#include "load_json.h"
#include "load_run.h"
#include <unistd.h>

enum { SAID = 20 }; // so many of a kind of line; then how many more there are

struct loading { // one load over all its inputs
	struct oms *oms;
	const struct cmd_load *o;
	enum reference_kind kind;
	struct load_run run;
	struct buf results;       // of the batch in hand, each ended by a line end
	struct rejects rejects;
	uint64_t outcome[LOAD_OUTCOMES], said, warned, printed;
};

static bool enough; // the load stops of itself: what waits for more input is to know

static bool stopping(void) { return enough || cmd_stopping(); }

// --- what is said ------------------------------------------------------------------------------------------------------------

static void say(struct loading *l, const struct record *r, const struct reference_fault *f, bool refused)
{
	uint64_t *count = refused ? &l->said : &l->warned;
	if ((*count)++ >= SAID) return;
	struct buf b = {0};
	load_fault_line(&b, l->run.name, r->line, f);
	if (refused) cmd_refuse(l->oms, f->code, STR_FMT, STR_ARG(buf_view(&b)));
	else cmd_warn(l->oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

// On a terminal the screen is for what changed, and not for a whole catalog; a pipe gets one result a record.
static bool shown(struct loading *l, enum load_outcome o)
{
	if (!l->oms->tty || out_form(l->oms->out) != OUT_TABLE) return true;
	if (o == LOAD_UNCHANGED || o == LOAD_REFUSED) return false;
	return l->printed++ < (uint64_t)cmd_limit(l->oms);
}

// Only now what the file of --rejects had before is lost.
static int opened(void *ctx)
{
	struct loading *l = ctx;
	return rejects_begin(&l->rejects, &l->oms->err);
}

static bool tell(void *ctx, struct arena *a, const struct record *r, const struct load_result *result)
{
	struct loading *l = ctx;
	struct oms *oms = l->oms;
	findings found = {0};
	for (size_t i = 0; i < result->faults.n; i++) say(l, r, &result->faults.v[i], true);
	for (size_t i = 0; i < result->warnings.n; i++) say(l, r, &result->warnings.v[i], false);
	load_findings(&found, a, l->kind, result);
	if (result->outcome == LOAD_REFUSED && l->rejects.to) rejects_put(&l->rejects, l->run.name, r, r->raw, &found);
	l->outcome[result->outcome]++;
	*(result->outcome == LOAD_REFUSED ? &oms->failed : &oms->done) += 1;
	if (shown(l, result->outcome)) {
		struct load_place at = {l->run.name, r->line, r->number, oms->now, oms->dry_run};
		load_result_json(&l->results, a, l->kind, result, &at);
		buf_c(&l->results, '\n');
	}
	return !reject_limit_passed(&l->o->limit, l->outcome[LOAD_REFUSED], l->run.read, false);
}

static void stored(void *ctx)
{
	struct loading *l = ctx;
	for (struct str s = buf_view(&l->results); s.n;) {
		const char *end = memchr(s.p, '\n', s.n);
		size_t n = end ? (size_t)(end - s.p) : s.n;
		out_record(l->oms->out, str_cut(s, 0, n));
		s = str_cut(s, n + 1, s.n);
	}
	buf_clear(&l->results);
	if (!l->o->atomic) out_flush(l->oms->out);
	rejects_flush(&l->rejects);
	cmd_progress(l->oms, "%llu records, %llu refused, line %llu", (unsigned long long)l->run.read, (unsigned long long)l->outcome[LOAD_REFUSED], (unsigned long long)l->run.line);
}

// Those that came later in the run are known by now; of the others somebody should hear.
static int say_unknown(struct loading *l)
{
	struct oms *oms = l->oms;
	struct load_unknown *u;
	size_t n;
	if (!l->run.open && (db_begin(oms->db, &oms->err) || !(l->run.open = true))) return -1;
	if (load_unknown(l->run.load, &oms->err, &u, &n)) return -1;
	for (size_t i = 0; i < n && i < SAID; i++) {
		struct buf b = {0};
		load_unknown_line(&b, &u[i]);
		cmd_warn(oms, STR_FMT, STR_ARG(buf_view(&b)));
		buf_free(&b);
	}
	if (n > SAID) cmd_warn(oms, "and %zu more that are not known", n - SAID);
	return 0;
}

static void summary(struct loading *l)
{
	struct oms *oms = l->oms;
	struct buf b = {0};
	if (l->said > SAID) cmd_warn(oms, "and %llu more; --rejects=FILE keeps them all", (unsigned long long)(l->said - SAID));
	if (l->warned > SAID) cmd_warn(oms, "and %llu more warnings", (unsigned long long)(l->warned - SAID));
	if (oms->tty && l->printed > (uint64_t)cmd_limit(oms)) cmd_say(oms, "%lld of %llu shown; --limit=0 for all", (long long)cmd_limit(oms), (unsigned long long)l->printed);
	load_sum(&b, l->kind, l->run.read, l->outcome);
	cmd_say(oms, "%s" STR_FMT, oms->dry_run ? "dry run, nothing stored: " : "", STR_ARG(buf_view(&b)));
	buf_free(&b);
}

// --- a load ------------------------------------------------------------------------------------------------------------------

static int say_refused(struct loading *l)
{
	struct err *e = &l->oms->err;
	unsigned long long refused = l->outcome[LOAD_REFUSED], read = l->run.read, line = l->run.line;
	if (l->o->atomic && refused) return fail(e, E_DATA, "%llu of %llu records refused and --all-or-nothing was asked for: nothing was stored", refused, read);
	if (l->o->atomic && cmd_stopping()) return fail(e, E_BUSY, "stopped at line %llu of %s: --all-or-nothing was asked for, so nothing was stored", line, l->run.name);
	if (l->run.over || reject_limit_passed(&l->o->limit, refused, read, true))
		return fail(e, E_DATA, "%llu of %llu records refused: more than --max-rejects allows; what was stored before stays", refused, read);
	return 0;
}

static int finish(struct loading *l, int r)
{
	struct oms *oms = l->oms;
	if (!r && l->run.read && reference_is_state(l->kind)) r = say_unknown(l);
	if (!r) r = say_refused(l);
	if (!r && l->run.open && l->o->atomic && !oms->dry_run) r = db_commit(oms->db, &oms->err), l->run.open = false;
	if (l->run.open) db_rollback(oms->db);
	return r;
}

static int prepare(struct loading *l, struct load_options *o)
{
	struct oms *oms = l->oms;
	*o = (struct load_options){.now = oms->now, .counted_at = DATE_NONE, .actor = cmd_actor(oms), .strict = l->o->strict};
	if (l->o->at && l->kind != REF_COUNT) return fail(&oms->err, E_USAGE, "--at goes with counts alone");
	if (l->o->at && date_typed(&oms->err, l->o->at, oms->zone, oms->now, &o->counted_at)) return because(&oms->err, "--at=%s", l->o->at);
	return rejects_open(&l->rejects, oms, l->o->rejects);
}

int cmd_load(struct oms *oms, enum reference_kind k, const struct cmd_load *what)
{
	struct loading l = {.oms = oms, .o = what, .kind = k};
	struct load_options o;
	if (!oms->args[0] && isatty(0)) return fail(&oms->err, E_USAGE, "no file is named, and standard input is a terminal");
	if (prepare(&l, &o)) return -1;
	db_bulk(oms->db, true);
	l.run = (struct load_run){.db = oms->db, .err = &oms->err, .load = load_open(oms->db, k, &o), .form = what->form, .one_piece = oms->dry_run || what->atomic,
		.stop_when = stopping, .enough = &enough, .ctx = &l, .opened = opened, .told = tell, .stored = stored};
	int r = 0;
	for (char **file = each_input(oms); !r && *file && !l.run.over && !cmd_stopping(); file++) r = load_run_input(&l.run, *file);
	r = rejects_close(&l.rejects, &oms->err, finish(&l, r));
	if (!r || l.run.read) summary(&l);
	load_close(l.run.load);
	load_run_free(&l.run);
	buf_free(&l.results);
	return r;
}
