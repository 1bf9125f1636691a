// oms-validate: events through the rules; what may pass goes on unchanged, what may not is told with its reasons.
#include "cmd_rejects.h"
#include "digest.h"
#include "each.h"
#include "member.h"
#include "validate.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct opt {
	const char *rejects, *summary, *source, *rules;
	struct reject_limit limit;
	bool strict;
};
enum { KEY_REJECTS = 0x300, KEY_SUMMARY, KEY_SOURCE, KEY_RULES, KEY_STRICT, KEY_MAX_REJECTS };
static const struct argp_option options[] = {
	{"rejects", KEY_REJECTS, "FILE", 0, "Write what is rejected there, with all reasons (fd:N for an open descriptor)", 1},
	{"summary", KEY_SUMMARY, "FILE", 0, "Write the counts there as one JSON object", 1},
	{"strict", KEY_STRICT, NULL, 0, "Warnings and holds reject too", 2},
	{"max-rejects", KEY_MAX_REJECTS, "N|P%", 0, "Stop with exit 65 once more than this was rejected", 2},
	{"source", KEY_SOURCE, "SOURCE", 0, "Accept events of this source only", 2},
	{"rules", KEY_RULES, "DIR", 0, "Rules of this folder instead of those installed", 2},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct oms *oms = st->input;
	struct opt *opt = oms->opt;
	switch (key) {
	case KEY_REJECTS: opt->rejects = arg; return 0;
	case KEY_SUMMARY: opt->summary = arg; return 0;
	case KEY_SOURCE: opt->source = arg; return 0;
	case KEY_RULES: opt->rules = arg; return 0;
	case KEY_STRICT: opt->strict = true; return 0;
	case KEY_MAX_REJECTS: return reject_limit_read(&opt->limit, &oms->err, arg) ? EINVAL : 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

enum { SHOWN = 20 };
struct tally { const char *code; uint64_t n; };

struct run { // over all inputs
	struct oms *oms;
	struct opt *opt;
	struct rules *rules;
	struct rejects rejects;
	struct input *input;
	const char *name;
	struct arena arena;   // of one record
	struct json tape;
	VEC(struct tally) by_code;
	uint64_t read, accepted, rejected, warned, held, shown, json; // json: records that began like JSON at all
	struct digest_sum digest; // only for --summary
	char *first, *last;   // ids of events that were accepted
	bool over, holds;     // holds: somebody reads which orders would be held
};

// --- what is said ------------------------------------------------------------------------------------------------------

// Where a finding stands: the line and column, as editors count them.
static void place(struct buf *b, const struct run *v, const struct record *r, const struct finding *f)
{
	uint64_t line = r->line, column = f->at;
	for (size_t i = 0; i + 1 < f->at && i < r->raw.n; i++)
		if (r->raw.p[i] == '\n') line++, column = f->at - i - 1;
	buf_printf(b, "%s:%llu:", v->name, (unsigned long long)line);
	if (column) buf_printf(b, "%llu:", (unsigned long long)column);
}

static void say(struct run *v, const struct record *r, const struct finding *f, size_t more, bool refused)
{
	struct buf b = {0};
	place(&b, v, r, f);
	if (f->path.n) buf_printf(&b, " " STR_FMT ":", STR_ARG(f->path));
	buf_printf(&b, " %s [%s]", f->message, f->code);
	if (more) buf_printf(&b, ", and %zu more", more);
	if (refused) cmd_refuse(v->oms, f->code, STR_FMT, STR_ARG(buf_view(&b)));
	else cmd_warn(v->oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

static void count_code(struct run *v, const char *code)
{
	for (size_t i = 0; i < v->by_code.n; i++)
		if (strcmp(v->by_code.v[i].code, code) == 0) {
			v->by_code.v[i].n++;
			return;
		}
	*VEC_PUSH(&v->oms->arena, &v->by_code) = (struct tally){arena_strdup(&v->oms->arena, code), 1};
}

// --- one record ----------------------------------------------------------------------------------------------------------

static void reject(struct run *v, const struct record *r, const findings *found, enum severity least)
{
	const struct finding *worst = &found->v[0];
	v->rejected++;
	v->oms->failed++;
	for (size_t i = 0; i < found->n; i++) {
		if (found->v[i].severity > worst->severity) worst = &found->v[i];
		if (found->v[i].severity >= least) count_code(v, found->v[i].code);
	}
	if (v->rejects.to) rejects_put(&v->rejects, v->name, r, r->raw, found);
	else if (v->shown++ < SHOWN) say(v, r, worst, found->n - 1, true);
	v->over = reject_limit_passed(&v->opt->limit, v->rejected, v->read, false);
}

static void keep_id(struct run *v, struct str id)
{
	if (!v->opt->summary) return;
	char *copy = memcpy(must_alloc(id.n + 1), id.p, id.n);
	copy[id.n] = 0;
	if (!v->first) {
		v->first = copy;
		return;
	}
	free(v->last);
	v->last = copy;
}

static int accept(struct run *v, const struct record *r, const struct event *ev, const findings *found)
{
	bool held = false, warned = false;
	for (size_t i = 0; i < found->n; i++) {
		held |= found->v[i].severity == SEV_HOLD;
		warned |= found->v[i].severity == SEV_WARN;
		if (found->v[i].severity >= SEV_WARN && v->oms->verbose) say(v, r, &found->v[i], 0, false);
	}
	v->accepted++;
	v->oms->done++;
	v->held += held;
	v->warned += warned;
	keep_id(v, ev->id);
	bool good = fwrite(r->raw.p, 1, r->raw.n, stdout) == r->raw.n && putc('\n', stdout) != EOF;
	return good ? 0 : fail(&v->oms->err, E_IO, "cannot write the output: %s", strerror(errno));
}

static void intake(struct run *v, findings *found, const char *code, const char *why, uint32_t at)
{
	*VEC_PUSH(&v->arena, found) = (struct finding){.rule = "INTAKE", .code = code, .severity = SEV_REJECT, .owner = "channel-ops", .path = S(""),
		.message = why, .fix = "the sender must write one JSON object a line, in UTF-8", .at = at};
}

static int judge(struct run *v, const struct record *r)
{
	enum severity least = v->opt->strict ? SEV_WARN : SEV_PARK;
	struct arena_mark mark = arena_mark(&v->arena);
	struct json_error je;
	struct event ev = {0};
	findings found = {0};
	int bad = 0;
	v->read++;
	v->json += r->raw.n && (r->raw.p[0] == '{' || r->raw.p[0] == '['); // broken perhaps, but meant
	if (v->opt->summary) digest_raw(&v->digest, r->raw.p, r->raw.n), digest_raw(&v->digest, "\n", 1);
	bool tape = json_parse(&v->tape, r->json, &je);
	v->json += tape;
	if (r->broken) intake(v, &found, r->broken, r->why ? r->why : "the record is broken", tape ? 0 : je.at + 1);
	else if (!tape) intake(v, &found, json_code_word(je.code), je.what, je.at + 1);
	else if (v->holds) validate_event(v->rules, &v->tape, &v->arena, &ev, &found);
	else validate_record(v->rules, &v->tape, &v->arena, &v->arena, &ev, &found);
	if (found.n && findings_worst(&found) >= least) reject(v, r, &found, least);
	else bad = accept(v, r, &ev, &found);
	arena_reset(&v->arena, mark);
	return bad;
}

// --- inputs --------------------------------------------------------------------------------------------------------------

// Nothing more is there yet: who reads the other end gets what there is.
static void before_wait(void *arg)
{
	struct run *v = arg;
	fflush(stdout);
	rejects_flush(&v->rejects);
}

static int read_input(struct run *v, const char *path)
{
	struct oms *oms = v->oms;
	struct record r;
	int got = 0, bad = 0;
	v->input = input_open(&oms->err, path, &(struct input_options){.form = INPUT_JSON});
	if (!v->input) return -1;
	bad = rejects_begin(&v->rejects, &oms->err);
	v->name = arena_strdup(&oms->arena, input_name(v->input));
	input_before_wait(v->input, before_wait, v);
	input_stop_when(v->input, cmd_stopping);
	while (!bad && !v->over && !cmd_stopping() && (got = input_next(v->input, &r, &oms->err)) == 1) {
		bad = judge(v, &r);
		if (v->read % 4096 == 0) cmd_progress(oms, "%llu records, %llu rejected, line %llu", (unsigned long long)v->read, (unsigned long long)v->rejected, (unsigned long long)r.line);
	}
	if (got < 0) bad = -1;
	if (!bad && v->read && !v->json) bad = fail(&oms->err, E_DATA, "%s: no JSON stands there", v->name);
	input_close(v->input);
	return bad;
}

// --- counts --------------------------------------------------------------------------------------------------------------

static void summary_json(struct run *v, struct buf *b, int64_t micros)
{
	struct digest d;
	digest_end(&v->digest, &d);
	member_record(b, "oms.summary/1");
	member_open(b, "id", '"');
	digest_hex(b, d.b, DIGEST_KEY);
	buf_c(b, '"');
	member_word(b, "action", "validate");
	member_word(b, "input", v->name ? v->name : "-");
	member_whole(b, "read", (int64_t)v->read);
	member_whole(b, "accepted", (int64_t)v->accepted);
	member_whole(b, "rejected", (int64_t)v->rejected);
	member_whole(b, "held", (int64_t)v->held);
	member_whole(b, "warned", (int64_t)v->warned);
	member_open(b, "by_code", '{');
	for (size_t i = 0; i < v->by_code.n; i++) member_whole(b, v->by_code.v[i].code, (int64_t)v->by_code.v[i].n);
	buf_c(b, '}');
	member_word(b, "first_id", v->first);
	member_word(b, "last_id", v->last ? v->last : v->first);
	member_open(b, "digest", '"');
	digest_hex(b, d.b, DIGEST_FULL);
	buf_c(b, '"');
	member_key(b, "seconds");
	buf_printf(b, "\"%lld.%03lld\"", (long long)(micros / 1000000), (long long)(micros / 1000 % 1000));
	member_instant(b, "at", v->oms->now);
	buf_cstr(b, "}\n");
}

static int64_t micros_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int write_summary(struct run *v, int64_t micros)
{
	struct buf b = {0};
	const char *name = v->opt->summary;
	if (!name) return 0;
	summary_json(v, &b, micros);
	FILE *f = fopen(name, "we");
	bool good = f && fwrite(b.p, 1, b.n, f) == b.n;
	if (f && fclose(f)) good = false;
	buf_free(&b);
	return good ? 0 : fail(&v->oms->err, f ? E_IO : E_CANTCREAT, "%s: cannot write the summary: %s", name, strerror(errno));
}

static void say_summary(struct run *v)
{
	struct oms *oms = v->oms;
	if (v->shown > SHOWN) cmd_warn(oms, "and %llu more; use --rejects=FILE", (unsigned long long)(v->shown - SHOWN));
	char held[64] = "";
	if (v->holds) snprintf(held, sizeof held, "%llu of them held, ", (unsigned long long)v->held);
	if (v->read) cmd_say(oms, "%llu read = %llu accepted (%s%llu with warnings) + %llu rejected", (unsigned long long)v->read,
		(unsigned long long)v->accepted, held, (unsigned long long)v->warned, (unsigned long long)v->rejected);
}

// A hold keeps no record out, and intake judges the whole order again: folding each one here, a quarter of the time, is for
// those who read of it.
static bool reads_holds(const struct run *v) { return v->opt->strict || v->opt->summary || v->oms->verbose || v->oms->err_tty; }

static int spare_summary(struct run *v)
{
	const char *name = v->opt->summary;
	if (!name || !(cmd_spare_store(v->oms, name) || cmd_spare_inputs(v->oms, name))) return 0;
	v->opt->summary = NULL; // it is written also where a run fails
	return because(&v->oms->err, "--summary");
}

static int prepare(struct run *v)
{
	v->holds = reads_holds(v);
	struct oms *oms = v->oms;
	v->rules = rules_load(&oms->arena, &oms->err, v->opt->rules);
	if (!v->rules) return -1;
	rules_accept_source(v->rules, v->opt->source);
	if (spare_summary(v)) return -1;
	digest_begin(&v->digest);
	return rejects_open(&v->rejects, oms, v->opt->rejects);
}

static int over_limit(struct run *v, int bad)
{
	if (bad || !(v->over || reject_limit_passed(&v->opt->limit, v->rejected, v->read, true))) return bad;
	return fail(&v->oms->err, E_DATA, "%llu of %llu records rejected: more than --max-rejects allows", (unsigned long long)v->rejected, (unsigned long long)v->read);
}

static int run(struct oms *oms)
{
	struct run v = {.oms = oms, .opt = oms->opt};
	int64_t begun = micros_now();
	int bad = prepare(&v);
	for (char **file = each_input(oms); !bad && *file && !v.over && !cmd_stopping(); file++) bad = read_input(&v, *file);
	bad = over_limit(&v, rejects_close(&v.rejects, &oms->err, bad));
	say_summary(&v);
	struct err first = oms->err;
	int unsaid = v.rules ? write_summary(&v, micros_now() - begun) : 0;
	if (bad) oms->err = first;
	rules_close(v.rules);
	json_free(&v.tape);
	arena_free(&v.arena);
	free(v.first);
	free(v.last);
	return bad ? bad : unsaid;
}

const struct cmd cmd = {
	.name = "oms-validate", .summary = "check events by the rules, and let the good ones pass", .args = "[FILE...]", .audience = "intake",
	.examples = "oms-map --source=shopify day.jsonl | oms-validate --rejects=bad.jsonl >good.jsonl\noms-validate -v events.jsonl >/dev/null",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_NONE, .needs_input = true, .run = run,
};
