// oms-map: payloads of a channel in, canonical events out; or what the mapping does, and whether it passes its own tests.
#include "cmd_rejects.h"
#include "each.h"
#include "map.h"
#include "member.h"
#include "source_store.h"
#include "text.h"
#include <errno.h>

struct opt {
	const char *source, *channel, *mapping, *topic, *rejects;
	enum input_form form;
	bool trace, coverage, test;
};
enum { KEY_SOURCE = 0x300, KEY_CHANNEL, KEY_MAPPING, KEY_TOPIC, KEY_INPUT, KEY_REJECTS, KEY_TRACE, KEY_COVERAGE, KEY_TEST };
static const struct argp_option options[] = {
	{"source", KEY_SOURCE, "SOURCE", 0, "Registered source the records come from: its channel, zone and currency", 1},
	{"channel", KEY_CHANNEL, "CHANNEL", 0, "Channel, without a store: its mapping's defaults hold", 1},
	{"mapping", KEY_MAPPING, "FILE", 0, "Mapping file in place of the channel's, to try a change", 1},
	{"topic", KEY_TOPIC, "TOPIC", 0, "Topic the channel names in a header, such as orders/updated", 1},
	{"input", KEY_INPUT, "json|csv|tsv", 0, "Form of the input, where looking is not enough", 1},
	{"rejects", KEY_REJECTS, "FILE", 0, "Write refused records there, with all reasons (fd:N for an open descriptor)", 2},
	{"trace", KEY_TRACE, NULL, 0, "In place of events: every member with its expression, what it read and what came of it", 3},
	{"coverage", KEY_COVERAGE, NULL, 0, "In place of events: what of the payloads no expression reads, by kind", 3},
	{"test", KEY_TEST, NULL, 0, "Run the tests in the mapping file; reads no input", 3},
	{0}
};

static error_t input_named(struct opt *opt, const char *arg, struct err *e)
{
	if (input_form_named(arg, &opt->form)) return 0;
	fail(e, E_USAGE, "--input takes json, csv or tsv");
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct oms *oms = st->input;
	struct opt *opt = oms->opt;
	switch (key) {
	case KEY_SOURCE: opt->source = arg; return 0;
	case KEY_CHANNEL: opt->channel = arg; return 0;
	case KEY_MAPPING: opt->mapping = arg; return 0;
	case KEY_TOPIC: opt->topic = arg; return 0;
	case KEY_REJECTS: opt->rejects = arg; return 0;
	case KEY_TRACE: opt->trace = true; return 0;
	case KEY_COVERAGE: opt->coverage = true; return 0;
	case KEY_TEST: opt->test = true; return 0;
	case KEY_INPUT: return input_named(opt, arg, &oms->err);
	default: return ARGP_ERR_UNKNOWN;
	}
}

enum { SHOWN = 20 };

struct leaf { struct str path; bool touched; };
struct cover { const char *kind; uint64_t records; VEC(struct leaf) leaf; }; // what was seen of one kind, over all input

struct work {
	struct oms *oms;
	struct opt *opt;
	struct map *map;
	struct map_source source;
	struct json document;
	struct arena one;          // of the record at hand
	const char *input;
	struct rejects rejects;
	uint64_t shown;
	VEC(struct cover) cover;
};

// --- refusals ------------------------------------------------------------------------------------------------------------

static void say(struct work *w, const struct record *r, const struct finding *f)
{
	struct buf b = {0};
	if (w->shown++ >= SHOWN) return;
	buf_printf(&b, "%s:%llu: ", w->input, (unsigned long long)r->line);
	if (f->path.n) buf_printf(&b, STR_FMT ": ", STR_ARG(f->path));
	if (f->value.n) {
		buf_cstr(&b, "\"");
		text_safe(&b, f->value);
		buf_cstr(&b, "\": ");
	}
	buf_printf(&b, "%s [%s]", f->message, f->code);
	if (f->severity == SEV_REJECT) cmd_refuse(w->oms, f->code, STR_FMT, STR_ARG(buf_view(&b)));
	else cmd_warn(w->oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

static void refused(struct work *w, const struct record *r, struct str raw, const findings *found)
{
	w->oms->failed++;
	if (w->rejects.to) rejects_put(&w->rejects, w->input, r, raw, found);
	for (size_t i = 0; i < found->n && !w->rejects.to; i++)
		if (found->v[i].severity == SEV_REJECT) say(w, r, &found->v[i]);
}

static void unreadable(struct work *w, const struct record *r, const char *code, const char *why)
{
	findings found = {0};
	*VEC_PUSH(&w->one, &found) = (struct finding){.rule = "INTAKE", .code = code, .severity = SEV_REJECT, .owner = "channel-ops", .path = S(""),
		.message = why ? why : "not readable", .fix = "correct the record and feed it in again"};
	refused(w, r, r->raw, &found);
}

// --- coverage ------------------------------------------------------------------------------------------------------------

static struct cover *cover_of(struct work *w, const char *kind)
{
	for (size_t i = 0; i < w->cover.n; i++)
		if (strcmp(w->cover.v[i].kind, kind) == 0) return &w->cover.v[i];
	struct cover *c = VEC_PUSH(&w->oms->arena, &w->cover);
	*c = (struct cover){.kind = kind};
	return c;
}

static void cover_add(struct work *w, struct cover *c, struct str path, bool touched)
{
	for (size_t i = 0; i < c->leaf.n; i++)
		if (str_eq(c->leaf.v[i].path, path)) {
			c->leaf.v[i].touched |= touched;
			return;
		}
	*VEC_PUSH(&w->oms->arena, &c->leaf) = (struct leaf){{arena_copy(&w->oms->arena, path.p, path.n), path.n}, touched};
}

static void cover_unit(struct work *w, const char *kind, struct str json)
{
	struct json j = {0};
	struct json_error bad;
	struct cover *c = cover_of(w, kind);
	c->records++;
	for (uint32_t k = json_parse(&j, json, &bad) ? json_first(&j, 0) : 0; k; k = json_after(&j, 0, k))
		for (uint32_t v = json_first(&j, k + 1); v; v = json_after(&j, k + 1, v))
			cover_add(w, c, json_str(&j, v, &w->one), str_is(json_str(&j, k, &w->one), "touched"));
	json_free(&j);
}

static void cover_list(struct buf *b, const char *name, const struct cover *c, bool touched)
{
	member_open(b, name, '[');
	for (size_t i = 0; i < c->leaf.n; i++) {
		if (c->leaf.v[i].touched != touched) continue;
		member_item(b, 0);
		buf_json(b, c->leaf.v[i].path);
	}
	buf_c(b, ']');
}

static void cover_print(struct work *w)
{
	struct buf b = {0};
	for (size_t i = 0; i < w->cover.n; i++) {
		const struct cover *c = &w->cover.v[i];
		buf_clear(&b);
		member_record(&b, "oms.coverage/1");
		member_word(&b, "map", map_name(w->map));
		member_word(&b, "kind", c->kind);
		member_whole(&b, "records", (int64_t)c->records);
		cover_list(&b, "untouched", c, false);
		cover_list(&b, "touched", c, true);
		buf_c(&b, '}');
		out_record(w->oms->out, buf_view(&b));
	}
	buf_free(&b);
}

// --- records -------------------------------------------------------------------------------------------------------------

static void trace_print(struct work *w, const struct record *r, const char *kind, struct str trace)
{
	struct buf b = {0};
	member_record(&b, "oms.trace/1");
	member_whole(&b, "line", (int64_t)r->line);
	member_word(&b, "kind", kind);
	member_item(&b, 0);
	buf_str(&b, str_cut(trace, 1, trace.n)); // {"trace":[…]} goes on here
	out_record(w->oms->out, buf_view(&b));
	buf_free(&b);
}

static void unit(struct work *w, const struct record *r, const struct map_result *u, size_t i)
{
	const char *kind = u->kind ? u->kind : "none";
	if (w->opt->trace && u->kind) trace_print(w, r, kind, map_unit_trace(w->map, i));
	if (w->opt->coverage && u->kind) cover_unit(w, kind, map_unit_coverage(w->map, i));
	if (u->refused) {
		refused(w, r, u->raw, &u->found);
		return;
	}
	for (size_t f = 0; f < u->found.n; f++) say(w, r, &u->found.v[f]);
	for (size_t k = 0; k < u->n && !w->opt->trace && !w->opt->coverage; k++) out_record(w->oms->out, u->event[k].json);
	w->oms->done++;
}

static int one_record(struct work *w, const struct record *r)
{
	struct oms *oms = w->oms;
	struct json_error bad;
	struct map_result *u;
	size_t n;
	if (r->broken) return unreadable(w, r, r->broken, r->why), 0;
	if (!json_parse(&w->document, r->json, &bad)) {
		const char *why = arena_printf(&w->one, "column %u: %s", bad.column, bad.what);
		return unreadable(w, r, json_code_word(bad.code), why), 0;
	}
	// As intake keeps it: a row with its header, so that both name the same payload.
	struct str made_of = r->header.n ? str_of(arena_printf(&w->one, STR_FMT STR_FMT, STR_ARG(r->header), STR_ARG(r->raw))) : r->raw;
	if (r->json.p != r->raw.p) map_made_of(w->map, made_of, NULL);
	if (map_document(w->map, &oms->err, &w->one, &w->document, &w->source, w->opt->topic, &u, &n)) return -1;
	for (size_t i = 0; i < n; i++) unit(w, r, &u[i], i);
	return 0;
}

static void before_wait(void *out) { out_flush(out); }

static int one_input(struct work *w, const char *path)
{
	struct oms *oms = w->oms;
	struct record r;
	struct input_options o = map_input(w->map);
	if (w->opt->form != INPUT_AUTO) o.form = w->opt->form;
	struct input *in = input_open(&oms->err, path, &o);
	if (!in) return -1;
	input_before_wait(in, before_wait, oms->out);
	w->input = input_name(in);
	int got = 1, failed = rejects_begin(&w->rejects, &oms->err);
	while (!failed && !out_broken(oms->out) && (got = input_next(in, &r, &oms->err)) == 1) {
		struct arena_mark m = arena_mark(&w->one);
		failed = one_record(w, &r);
		arena_reset(&w->one, m);
	}
	input_close(in);
	return failed || got < 0 ? -1 : 0;
}

// --- the mapping ---------------------------------------------------------------------------------------------------------

static int from_store(struct work *w, struct source *s)
{
	struct oms *oms = w->oms;
	if (!oms->store) return fail(&oms->err, E_NOINPUT, "--source=%s: no store is named, and there is no home folder to look in", w->opt->source);
	struct db *d = db_open(oms->store, DB_READ, oms->wait_ms, &oms->err);
	if (!d) return -1;
	int failed = db_begin(d, &oms->err) || source_get(d, &oms->err, &oms->arena, w->opt->source, s);
	struct err later = {0};
	db_close(d, failed ? &later : &oms->err);
	return failed ? because(&oms->err, "--source=%s", w->opt->source) : 0;
}

static int prepare(struct work *w)
{
	struct oms *oms = w->oms;
	struct source s = {.channel = w->opt->channel};
	if (!w->opt->source && !w->opt->channel && !w->opt->mapping) {
		fail(&oms->err, E_USAGE, "--source, --channel or --mapping is needed: what kind of payloads are these?");
		return hint(&oms->err, "oms-source lists the registered sources");
	}
	if (w->opt->source && from_store(w, &s)) return -1;
	w->map = w->opt->mapping ? map_load_file(&oms->arena, &oms->err, w->opt->mapping)
		: map_load(&oms->arena, &oms->err, w->opt->channel ? w->opt->channel : s.channel);
	if (!w->map) return -1;
	w->source = (struct map_source){.name = s.name, .account = s.account, .tz = s.tz, .currency = s.currency};
	map_watch(w->map, (struct map_trace){.trace = w->opt->trace, .coverage = w->opt->coverage});
	return 0;
}

static int run_tests(struct work *w)
{
	struct oms *oms = w->oms;
	struct buf lines = {0};
	size_t ran;
	int failed = map_test(w->map, &oms->err, &lines, &ran);
	struct str rest = buf_view(&lines);
	while (failed >= 0 && rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		cmd_warn(oms, STR_FMT, STR_ARG(str_cut(rest, 0, n)));
		rest = str_cut(rest, n + 1, rest.n);
	}
	buf_free(&lines);
	if (failed < 0) return -1;
	if (failed) return fail(&oms->err, E_DATA, "%s: %d of what its %zu test%s did not come out", map_name(w->map), failed, ran, ran == 1 ? " expects" : "s expect");
	cmd_say(oms, "%s: %zu test%s passed", map_name(w->map), ran, ran == 1 ? "" : "s");
	return 0;
}

static void summary(struct work *w)
{
	struct oms *oms = w->oms;
	if (w->shown > SHOWN) cmd_warn(oms, "and %llu more; --rejects=FILE keeps all refused records", (unsigned long long)(w->shown - SHOWN));
	if (!oms->failed && !oms->verbose) return;
	cmd_say(oms, "%llu records read, %llu mapped, %llu refused", (unsigned long long)(oms->done + oms->failed), (unsigned long long)oms->done,
		(unsigned long long)oms->failed);
}

static int run(struct oms *oms)
{
	struct work w = {.oms = oms, .opt = oms->opt};
	if (prepare(&w)) return -1;
	if (w.opt->test) return run_tests(&w);
	if (rejects_open(&w.rejects, oms, w.opt->rejects)) return -1;
	int failed = 0;
	for (char **file = each_input(oms); !failed && *file; file++) failed = one_input(&w, *file);
	if (!failed && w.opt->coverage) cover_print(&w);
	failed = rejects_close(&w.rejects, &oms->err, failed);
	summary(&w);
	json_free(&w.document);
	arena_free(&w.one);
	return failed;
}

static void words(struct oms *oms)
{
	size_t n;
	const char **channel = map_channels(&oms->arena, &n);
	for (size_t i = 0; i < n; i++) cmd_word(oms, "CHANNEL", channel[i], NULL);
}

static const struct out_column columns[] = {
	{"TYPE", "type", false, false, 0}, {"ID", "id", false, true, 0}, {"ORDER", "order", false, true, 1}, {"OCCURRED", "occurred_at", false, false, 1},
	{"TOTAL", "body.total", true, false, 2},
};

const struct cmd cmd = {
	.name = "oms-map", .summary = "map payloads of a channel to events", .args = "[FILE...]", .audience = "intake",
	.examples = "oms-map --channel=shopify orders.jsonl\noms-map --channel=shopify --test",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_NONE, .groups = CMD_OUTPUT,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .needs_input = false, .words = words, .run = run,
};
