// oms-validate: events through the rules; what may pass goes on unchanged, what may not is told with its reasons.
#include "cmd.h"
#include "digest.h"
#include "input.h"
#include "validate.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct opt {
	const char *rejects, *summary, *source, *rules;
	int64_t most;       // --max-rejects: that many, or that share
	bool limited, percent, strict;
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

static error_t max_rejects(struct oms *oms, struct opt *opt, const char *arg)
{
	struct str s = str_of(arg);
	opt->percent = s.n && s.p[s.n - 1] == '%';
	if (opt->percent) s.n--;
	opt->limited = true;
	if (str_int(s, &opt->most) && opt->most >= 0) return 0;
	fail(&oms->err, E_USAGE, "--max-rejects=%s is neither a number nor a share such as 5%%", arg);
	return EINVAL;
}

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
	case KEY_MAX_REJECTS: return max_rejects(oms, opt, arg);
	default: return ARGP_ERR_UNKNOWN;
	}
}

enum { SHOWN = 20, SAMPLE = 100 };
struct tally { const char *code; uint64_t n; };

struct run { // over all inputs
	struct oms *oms;
	struct opt *opt;
	struct rules *rules;
	FILE *rejects;
	struct input *input;
	const char *name;
	struct arena arena;   // of one record
	struct json tape;
	struct buf line;
	VEC(struct tally) by_code;
	uint64_t read, accepted, rejected, warned, held, shown, json; // json: records that began like JSON at all
	struct digest_sum digest; // only for --summary
	char *first, *last;   // ids of events that were accepted
	bool over;
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

static void write_reject(struct run *v, const struct record *r, const findings *found)
{
	struct buf *b = &v->line;
	buf_clear(b);
	buf_cstr(b, "{\"schema\":\"oms.reject/1\",\"source\":");
	buf_json(b, str_of(v->name));
	buf_printf(b, ",\"line\":%llu,\"record\":%llu,\"byte\":%llu,\"errors\":[", (unsigned long long)r->line, (unsigned long long)r->number, (unsigned long long)r->at);
	for (size_t i = 0; i < found->n; i++) {
		if (i) buf_c(b, ',');
		finding_json(b, &found->v[i]);
	}
	buf_cstr(b, "],\"raw\":");
	buf_json(b, r->raw);
	buf_cstr(b, "}\n");
	fwrite(b->p, 1, b->n, v->rejects);
}

// --- one record ----------------------------------------------------------------------------------------------------------

static bool share_passed(const struct run *v)
{
	return v->rejected * 100 > v->read * (uint64_t)v->opt->most;
}

static void reject(struct run *v, const struct record *r, const findings *found, enum severity least)
{
	const struct finding *worst = &found->v[0];
	v->rejected++;
	v->oms->failed++;
	for (size_t i = 0; i < found->n; i++) {
		if (found->v[i].severity > worst->severity) worst = &found->v[i];
		if (found->v[i].severity >= least) count_code(v, found->v[i].code);
	}
	if (v->rejects) write_reject(v, r, found);
	else if (v->shown++ < SHOWN) say(v, r, worst, found->n - 1, true);
	if (!v->opt->limited) return;
	v->over = v->opt->percent ? v->read >= SAMPLE && share_passed(v) : v->rejected > (uint64_t)v->opt->most;
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
	else validate_event(v->rules, &v->tape, &v->arena, &ev, &found);
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
	if (v->rejects) fflush(v->rejects);
}

static int read_input(struct run *v, const char *path)
{
	struct oms *oms = v->oms;
	struct record r;
	int got = 0, bad = 0;
	v->input = input_open(&oms->err, path, &(struct input_options){.form = INPUT_JSON});
	if (!v->input) return -1;
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

static int open_rejects(struct run *v)
{
	const char *name = v->opt->rejects;
	int64_t fd;
	if (!name) return 0;
	if (strncmp(name, "fd:", 3)) v->rejects = fopen(name, "we");
	else if (!str_int(str_of(name + 3), &fd) || fd < 1 || fd > 1 << 20 || fcntl((int)fd, F_GETFD) < 0)
		return fail(&v->oms->err, E_USAGE, "--rejects=%s: no open descriptor of that number", name);
	else v->rejects = fdopen(dup((int)fd), "w");
	return v->rejects ? 0 : fail(&v->oms->err, E_CANTCREAT, "%s: cannot write there: %s", name, strerror(errno));
}

static int close_rejects(struct run *v, int bad)
{
	if (!v->rejects) return bad;
	bool broken = ferror(v->rejects);
	if (!fclose(v->rejects) && !broken) return bad;
	return bad ? bad : fail(&v->oms->err, E_IO, "%s: cannot write: %s", v->opt->rejects, strerror(errno));
}

// --- counts --------------------------------------------------------------------------------------------------------------

static void add_count(struct buf *b, const char *name, uint64_t n) { buf_printf(b, ",\"%s\":%llu", name, (unsigned long long)n); }

static void summary_json(struct run *v, struct buf *b, int64_t micros)
{
	struct digest d;
	digest_end(&v->digest, &d);
	buf_cstr(b, "{\"schema\":\"oms.summary/1\",\"id\":\"");
	digest_hex(b, d.b, DIGEST_KEY);
	buf_cstr(b, "\",\"action\":\"validate\",\"input\":");
	buf_json(b, str_of(v->name ? v->name : "-"));
	add_count(b, "read", v->read);
	add_count(b, "accepted", v->accepted);
	add_count(b, "rejected", v->rejected);
	add_count(b, "held", v->held);
	add_count(b, "warned", v->warned);
	buf_cstr(b, ",\"by_code\":{");
	for (size_t i = 0; i < v->by_code.n; i++)
		buf_printf(b, "%s\"%s\":%llu", i ? "," : "", v->by_code.v[i].code, (unsigned long long)v->by_code.v[i].n);
	buf_c(b, '}');
	if (v->first) buf_cstr(b, ",\"first_id\":"), buf_json(b, str_of(v->first));
	if (v->first) buf_cstr(b, ",\"last_id\":"), buf_json(b, str_of(v->last ? v->last : v->first));
	buf_cstr(b, ",\"digest\":\"");
	digest_hex(b, d.b, DIGEST_FULL);
	buf_printf(b, "\",\"seconds\":\"%lld.%03lld\",\"at\":\"", (long long)(micros / 1000000), (long long)(micros / 1000 % 1000));
	date_text(b, v->oms->now);
	buf_cstr(b, "\"}\n");
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
	if (v->read) cmd_say(oms, "%llu read = %llu accepted (%llu of them held, %llu with warnings) + %llu rejected", (unsigned long long)v->read,
		(unsigned long long)v->accepted, (unsigned long long)v->held, (unsigned long long)v->warned, (unsigned long long)v->rejected);
}

static int prepare(struct run *v)
{
	struct oms *oms = v->oms;
	v->rules = rules_load(&oms->arena, &oms->err, v->opt->rules);
	if (!v->rules) return -1;
	rules_accept_source(v->rules, v->opt->source);
	digest_begin(&v->digest);
	return open_rejects(v);
}

static int over_limit(struct run *v, int bad)
{
	if (!bad && v->opt->limited && v->opt->percent && !v->over) v->over = v->rejected && share_passed(v);
	if (bad || !v->over) return bad;
	return fail(&v->oms->err, E_DATA, "%llu of %llu records rejected: more than --max-rejects allows", (unsigned long long)v->rejected, (unsigned long long)v->read);
}

static int run(struct oms *oms)
{
	struct run v = {.oms = oms, .opt = oms->opt};
	static char *standard_input[] = {"-", NULL};
	int64_t begun = micros_now();
	int bad = prepare(&v);
	for (char **file = oms->args[0] ? oms->args : standard_input; !bad && *file && !v.over && !cmd_stopping(); file++) bad = read_input(&v, *file);
	bad = over_limit(&v, close_rejects(&v, bad));
	say_summary(&v);
	struct err first = oms->err;
	int unsaid = v.rules ? write_summary(&v, micros_now() - begun) : 0;
	if (bad) oms->err = first;
	rules_close(v.rules);
	json_free(&v.tape);
	buf_free(&v.line);
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
