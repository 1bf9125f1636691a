// oms-ingest: map, validate and apply payloads of one source, in batches that survive a kill.
#include "cmd_rejects.h"
#include "each.h"
#include "ingest.h"
#include "resume_store.h"
#include <errno.h>
#include <stdlib.h>

struct opt {
	const char *source, *topic;
	struct reject_limit limit;
	enum input_form form;
	bool strict, atomic, stop, restart;
};
enum { KEY_SOURCE = 0x300, KEY_TOPIC, KEY_INPUT, KEY_STRICT, KEY_ATOMIC, KEY_ON_REJECT, KEY_MAX_REJECTS, KEY_RESTART };
static const struct argp_option options[] = {
	{"source", KEY_SOURCE, "SOURCE", 0, "Registered source the records come from (oms-source lists them)", 1},
	{"topic", KEY_TOPIC, "TOPIC", 0, "Topic the channel names in a header, such as orders/updated", 1},
	{"input", KEY_INPUT, "json|csv|tsv", 0, "Form of the input, where looking is not enough", 1},
	{"strict", KEY_STRICT, NULL, 0, "Warnings reject too", 2},
	{"on-reject", KEY_ON_REJECT, "continue|stop", 0, "What a rejected record does to the rest (continue)", 2},
	{"max-rejects", KEY_MAX_REJECTS, "N|P%", 0, "Stop with exit 65 once more than this was rejected", 2},
	{"atomic", KEY_ATOMIC, NULL, 0, "All or nothing: one rejected record leaves the store as it was, exit 65", 2},
	{"restart", KEY_RESTART, NULL, 0, "Read an interrupted input from its start again", 2},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct oms *oms = st->input;
	struct opt *opt = oms->opt;
	switch (key) {
	case KEY_SOURCE: opt->source = arg; return 0;
	case KEY_TOPIC: opt->topic = arg; return 0;
	case KEY_STRICT: opt->strict = true; return 0;
	case KEY_ATOMIC: opt->atomic = true; return 0;
	case KEY_RESTART: opt->restart = true; return 0;
	case KEY_MAX_REJECTS: return reject_limit_read(&opt->limit, &oms->err, arg) ? EINVAL : 0;
	case KEY_ON_REJECT:
		if (strcmp(arg, "stop") && strcmp(arg, "continue")) argp_error(st, "--on-reject takes continue or stop");
		opt->stop = !strcmp(arg, "stop");
		return 0;
	case KEY_INPUT:
		if (!input_form_named(arg, &opt->form)) argp_error(st, "--input takes json, csv or tsv");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

enum { BATCH = 1000, BATCH_BYTES = 8 << 20, SHOWN = 20 };

struct load { // one run over all its inputs
	struct oms *oms;
	struct opt *opt;
	struct ingest *in;
	struct ingest_options io;
	struct rules *rules;
	struct input *input;
	const char *name, *path;  // of the input; real path where it can resume
	struct resume at;
	uint64_t read, outcome[OUTCOMES], released, shown;
	size_t batch, batch_bytes;
	size_t units, dead;       // of the batch in hand
	bool open, stop, bad, failed;
};

static bool enough; // the load stops of itself: what waits for more input is to know

static bool stopping(void) { return enough || cmd_stopping(); }

// --- what is said ------------------------------------------------------------------------------------------------------

static void say_dead(struct load *l, const struct ingest_unit *u)
{
	if (l->shown++ >= SHOWN) return;
	const struct finding *f = u->found.n ? &u->found.v[0] : NULL;
	for (size_t i = 0; i < u->found.n; i++)
		if (u->found.v[i].severity >= SEV_REJECT && f->severity < SEV_REJECT) f = &u->found.v[i];
	struct buf b = {0};
	buf_printf(&b, "%s:%llu: ", u->input, (unsigned long long)u->line);
	if (f && f->path.n) buf_printf(&b, STR_FMT ": ", STR_ARG(f->path));
	buf_printf(&b, "%s [%s]", u->result.why ? u->result.why : "refused", u->result.code ? u->result.code : "refused");
	if (u->found.n > 1) buf_printf(&b, " and %zu more finding%s", u->found.n - 1, u->found.n == 2 ? "" : "s");
	cmd_refuse(l->oms, u->result.code, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

static void tell(struct load *l, const struct ingest_unit *u)
{
	l->outcome[u->result.outcome]++;
	l->read++;
	bool fine = u->result.outcome != OUTCOME_DEAD;
	*(fine ? &l->oms->done : &l->oms->failed) += 1;
	bool listed = l->oms->tty && l->oms->err_tty && out_form(l->oms->out) == OUT_TABLE; // on this very screen, below
	if (!fine && !listed) say_dead(l, u);
	// On a terminal the screen is for what needs a person; a pipe gets one result a record.
	if (l->oms->tty && out_form(l->oms->out) == OUT_TABLE && (u->result.outcome == OUTCOME_APPLIED || u->result.outcome == OUTCOME_DUPLICATE)) return;
	struct buf b = {0};
	struct ingest_unit row = *u;
	if (out_form(l->oms->out) == OUT_TABLE) row.result.why = ingest_why(u, &l->oms->arena);
	ingest_result_json(&b, &row, l->opt->source, l->oms->now, l->oms->dry_run);
	out_record(l->oms->out, buf_view(&b));
	buf_free(&b);
}

// --- batches -----------------------------------------------------------------------------------------------------------

static bool limit_passed(const struct load *l, bool all)
{
	return reject_limit_passed(&l->opt->limit, l->outcome[OUTCOME_DEAD] + l->dead, l->read + l->units, all);
}

// What was rejected just now ends the load here, not a thousand records further on.
static bool too_bad(const struct load *l) { return l->dead && (l->opt->stop || limit_passed(l, false)); }

static void count_units(struct load *l)
{
	struct ingest_unit **u;
	size_t n = ingest_units(l->in, &u);
	for (; l->units < n; l->units++) l->dead += u[l->units]->result.outcome == OUTCOME_DEAD;
}

static int save_place(struct load *l)
{
	if (!l->path || !l->at.at) return 0;
	if (resume_tail(&l->oms->err, input_fd(l->input), l->at.at, l->at.tail)) return -1;
	return resume_put(l->oms->db, &l->oms->err, l->path, l->io.source.source_id, &l->at, l->oms->now);
}

// One transaction for all: a dry run, and a load that is all or nothing.
static bool one_piece(const struct load *l) { return l->oms->dry_run || l->opt->atomic; }

static int end_batch(struct load *l, bool last)
{
	if (!l->open || (!l->batch && !(last && one_piece(l)))) return 0;
	struct oms *oms = l->oms;
	struct ingest_unit **u;
	if (ingest_finish(l->in, &oms->err)) return -1;
	size_t n = ingest_units(l->in, &u);
	l->bad |= l->dead > 0;
	l->stop |= too_bad(l) || (l->opt->atomic && l->bad);
	enough = l->stop;
	if (!one_piece(l)) {
		if (save_place(l) || db_commit(oms->db, &oms->err)) return -1;
		l->open = false;
	}
	l->released += ingest_released(l->in);
	for (size_t i = 0; i < n; i++) tell(l, u[i]);
	if (!l->opt->atomic) out_flush(oms->out); // of a dry run as well: a million lines are not kept for nothing
	ingest_forget(l->in);
	l->batch = l->batch_bytes = l->units = l->dead = 0;
	cmd_progress(oms, "%llu records, %llu applied, %llu dead, line %llu", (unsigned long long)l->read, (unsigned long long)l->outcome[OUTCOME_APPLIED],
		(unsigned long long)l->outcome[OUTCOME_DEAD], (unsigned long long)l->at.line);
	return 0;
}

static void before_wait(void *arg)
{
	struct load *l = arg;
	// Nothing more is there yet: what was read is made durable and told, rather than held back.
	if (l->batch && !one_piece(l) && end_batch(l, false)) l->failed = enough = true;
}

static int add(struct load *l, const struct record *r)
{
	struct oms *oms = l->oms;
	if (!l->open) {
		if (db_begin(oms->db, &oms->err)) return -1;
		l->open = true;
		ingest_at(l->in, oms->now = date_later()); // what is fed for days is not all of its first moment
	}
	if (ingest_record(l->in, &oms->err, r, l->name)) return -1;
	l->at = (struct resume){.at = r->end, .line = r->line, .number = r->number};
	l->batch++;
	l->batch_bytes += r->raw.n;
	count_units(l);
	return l->batch >= BATCH || l->batch_bytes >= BATCH_BYTES || too_bad(l) ? end_batch(l, false) : 0;
}

// --- inputs ------------------------------------------------------------------------------------------------------------

static int resume_input(struct load *l)
{
	struct oms *oms = l->oms;
	struct resume r;
	unsigned char tail[sizeof r.tail];
	if (l->opt->restart || one_piece(l)) return 0;
	int got = resume_get(oms->db, &oms->err, l->path, l->io.source.source_id, &r);
	if (got <= 0) return got;
	if (r.at > input_size(l->input)) return 0;
	if (resume_tail(&oms->err, input_fd(l->input), r.at, tail)) return -1;
	if (memcmp(tail, r.tail, sizeof tail)) return 0; // another file of that name now: from its start
	cmd_say(oms, "%s: going on behind record %llu (line %llu), where the last run was stopped", l->name, (unsigned long long)r.number, (unsigned long long)r.line);
	return input_seek(l->input, r.at, r.line, r.number, &oms->err);
}

static int read_all(struct load *l)
{
	struct oms *oms = l->oms;
	struct record r;
	int got = 0;
	while (!l->stop && !cmd_stopping() && (got = input_next(l->input, &r, &oms->err)) == 1) {
		if (l->stop || l->failed) break; // the wait for this record ended it
		if (add(l, &r)) return -1;
	}
	if (l->failed || got < 0) return -1;
	return end_batch(l, false);
}

// The input is done: its place is forgotten, so that the same file again says "duplicate" record by record.
static int forget_place(struct load *l)
{
	struct oms *oms = l->oms;
	if (!l->path || one_piece(l) || l->stop || cmd_stopping()) return 0;
	if (db_begin(oms->db, &oms->err)) return -1;
	return resume_drop(oms->db, &oms->err, l->path, l->io.source.source_id) ? -1 : db_commit(oms->db, &oms->err);
}

static int load_input(struct load *l, const char *path)
{
	struct oms *oms = l->oms;
	struct input_options o = map_input(l->io.map);
	if (l->opt->form != INPUT_AUTO) o.form = l->opt->form;
	l->at = (struct resume){0};
	l->input = input_open(&oms->err, path, &o);
	if (!l->input) return -1;
	input_before_wait(l->input, before_wait, l);
	input_stop_when(l->input, stopping);
	l->name = arena_strdup(&oms->arena, input_name(l->input)); // it is spoken of when the input is closed
	char *real = input_regular(l->input) && strcmp(path, "-") ? realpath(path, NULL) : NULL;
	l->path = real ? arena_strdup(&oms->arena, real) : NULL;
	free(real);
	int r = l->path ? resume_input(l) : 0;
	if (!r) r = read_all(l);
	if (!r) r = forget_place(l);
	input_close(l->input);
	l->input = NULL;
	return r;
}

static int prepare(struct load *l)
{
	struct oms *oms = l->oms;
	if (!l->opt->source) {
		fail(&oms->err, E_USAGE, "--source=SOURCE is needed: whose records are these?");
		return hint(&oms->err, "oms-source lists the registered ones");
	}
	if (source_get(oms->db, &oms->err, &oms->arena, l->opt->source, &l->io.source)) return because(&oms->err, "--source=%s", l->opt->source);
	l->io.rules = l->rules = rules_load(&oms->arena, &oms->err, NULL);
	l->io.map = l->rules ? map_load(&oms->arena, &oms->err, l->io.source.channel) : NULL;
	if (!l->io.map) return -1;
	l->io.topic = l->opt->topic;
	l->io.strict = l->opt->strict;
	l->io.now = oms->now;
	db_bulk(oms->db, true);
	l->in = ingest_open(oms->db, &l->io, &oms->err);
	return l->in ? 0 : -1;
}

static void summary(struct load *l)
{
	struct oms *oms = l->oms;
	bool trouble = l->outcome[OUTCOME_DEAD] || l->outcome[OUTCOME_PARKED];
	if (l->shown > SHOWN) cmd_warn(oms, "and %llu more; oms-dead lists them", (unsigned long long)(l->shown - SHOWN));
	if (!trouble && !oms->err_tty && !oms->verbose) return;
	struct buf b = {0};
	buf_printf(&b, "%s%llu record%s =", oms->dry_run ? "dry run, nothing stored: " : "", (unsigned long long)l->read, l->read == 1 ? "" : "s");
	for (int i = 0; i < OUTCOMES; i++) buf_printf(&b, "%s %llu %s", i ? " +" : "", (unsigned long long)l->outcome[i], outcome_word((enum outcome)i));
	cmd_say(oms, STR_FMT, STR_ARG(buf_view(&b)));
	if (l->released) cmd_say(oms, "%llu parked before %s released", (unsigned long long)l->released, l->released == 1 ? "was" : "were");
	if (l->outcome[OUTCOME_DEAD] && !oms->dry_run) cmd_say(oms, "next: oms-dead shows why; correct the cause, then oms-redrive");
	buf_free(&b);
}

// Stopped by a signal: what was committed stays, but of all or nothing that is nothing.
static int say_stopped(struct load *l)
{
	if (l->opt->atomic)
		return fail(&l->oms->err, E_BUSY, "stopped at line %llu of %s: --atomic was asked for, so nothing was stored", (unsigned long long)l->at.line, l->name);
	cmd_warn(l->oms, "stopped at line %llu of %s", (unsigned long long)l->at.line, l->name);
	return 0;
}

static int say_too_many(struct load *l)
{
	struct err *e = &l->oms->err;
	if (l->stop) return fail(e, E_DATA, "stopped at line %llu of %s: %s; what was applied before stays", (unsigned long long)l->at.line, l->name,
		l->opt->stop ? "a record was rejected (--on-reject=stop)" : "more rejects than --max-rejects allows");
	return fail(e, E_DATA, "%llu of %llu records rejected: more than --max-rejects allows; what was applied stays",
		(unsigned long long)l->outcome[OUTCOME_DEAD], (unsigned long long)l->read);
}

static int finish(struct load *l, int r)
{
	struct oms *oms = l->oms;
	if (!r && one_piece(l)) r = end_batch(l, true);
	if (!r && l->opt->atomic && l->bad) r = fail(&oms->err, E_DATA, "a record was rejected and --atomic was asked for: nothing was stored");
	if (!r && cmd_stopping()) r = say_stopped(l);
	if (!r && l->opt->atomic && !oms->dry_run && l->open) r = db_commit(oms->db, &oms->err), l->open = false;
	if (l->open) db_rollback(oms->db);
	if (!r && !l->opt->atomic && (l->stop || limit_passed(l, true))) r = say_too_many(l);
	return r;
}

static int run(struct oms *oms)
{
	struct load l = {.oms = oms, .opt = oms->opt};
	int r = prepare(&l);
	for (char **file = each_input(oms); !r && *file && !l.stop && !cmd_stopping(); file++) r = load_input(&l, *file);
	if (l.input) input_close(l.input);
	r = l.in ? finish(&l, r) : r;
	if (l.in && (!r || l.read)) summary(&l); // nothing was read: the error says all
	ingest_close(l.in);
	rules_close(l.rules);
	return r;
}

static const struct out_column columns[] = {
	{"INPUT", "input", false, false, 6}, {"LINE", "line", true, false, 0}, {"OUTCOME", "outcome", false, false, 0}, {"ORDER", "order", false, true, 0}, {"KIND", "kind", false, false, 2},
	{"CODE", "code", false, false, 1}, {"WHY", "message", false, false, 3},
};

const struct cmd cmd = {
	.name = "oms-ingest", .summary = "take in payloads of a source: map, validate, apply", .args = "[FILE...]", .audience = "intake",
	.examples = "oms-ingest --source=shopify orders.jsonl\nzcat day.jsonl.gz | oms-ingest --source=stripe -v",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .own_transactions = true, .groups = CMD_OUTPUT | CMD_DRY,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .needs_input = true, .run = run,
};
