// oms-show: an order whole: its lines, money, parcels, tickets, holds and history; as it is, or as it was.
#include "apply.h"
#include "cmd.h"
#include "each.h"
#include "find.h"
#include "fold.h"
#include "view.h"
#include <unistd.h>

struct opt { unsigned open; bool only, every; const char *at; int64_t until; struct codec *codec; struct rules *rules; };

enum { KEY_OPEN = 0x300, KEY_ONLY, KEY_ALL, KEY_AT, KEY_EVERY };
static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "Sections of the text (JSON is always whole):", 1},
	{"open", KEY_OPEN, "SECTION[,SECTION]", 0, "Open these sections below the summary: lines, financials, logistics, tickets, holds, history", 1},
	{"only", KEY_ONLY, "SECTION[,SECTION]", 0, "Show these sections and nothing else; summary is one of them", 1},
	{"all", KEY_ALL, NULL, 0, "Open all sections", 1},
	{NULL, 0, NULL, 0, "Which state:", 2},
	{"at", KEY_AT, "TIME", 0, "As it was at this instant: only what had happened by then", 2},
	{"every", KEY_EVERY, NULL, OPTION_HIDDEN, "Every order of the store, by id", 2},
	{0}
};

static unsigned sections_named(struct argp_state *st, const char *option, const char *list)
{
	unsigned set = 0;
	for (size_t n; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		int s = section_named((struct str){list, n});
		if (s >= 0) set |= 1u << s;
		else argp_error(st, "--%s: no such section: %.*s (summary, lines, financials, logistics, tickets, holds, history)", option, (int)(n < 64 ? n : 64), list);
	}
	return set;
}

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_OPEN: opt->open |= sections_named(st, "open", arg); return 0;
	case KEY_ONLY: opt->open |= sections_named(st, "only", arg); opt->only = true; return 0;
	case KEY_ALL: opt->open |= (1u << SECTIONS) - 1; return 0;
	case KEY_AT: opt->at = arg; return 0;
	case KEY_EVERY: opt->every = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static int events(struct oms *oms, int64_t key, struct event **ev, size_t *n)
{
	struct opt *opt = oms->opt;
	if (!opt->codec) opt->codec = codec_open(oms->db);
	return events_of_order(oms->db, opt->codec, &oms->err, &oms->arena, key, ev, n);
}

static int64_t happened(const struct event *ev) { return ev->occurred_at != DATE_NONE ? ev->occurred_at : ev->recorded_at; }

// As of an instant: the events up to then, folded; the rows say only how it is now.
static int as_of(struct oms *oms, int64_t key, int64_t until, struct order *o)
{
	const struct opt *opt = oms->opt;
	struct event *ev;
	size_t n;
	bool there = false;
	if (events(oms, key, &ev, &n)) return -1;
	for (size_t i = 0; i < n; i++) there |= event_type_makes(ev[i].type) && happened(&ev[i]) <= until;
	if (there) {
		if (fold_order(o, ev, n, until, NULL, &oms->arena, &oms->err)) return -1;
		apply_rule_holds(opt->rules, o, &oms->arena);
		return 0;
	}
	struct buf b = {0};
	date_local(&b, until, oms->zone);
	fail(&oms->err, E_NOTFOUND, "there was no such order yet at " STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return -1;
}

// The rows say how it is; what happened, and what of it still stands, the log knows.
static int as_is(struct oms *oms, int64_t key, bool history, struct order *o)
{
	struct event *ev;
	size_t n;
	struct order folded = {0};
	if (order_load(oms->db, &oms->err, &oms->arena, key, o)) return -1;
	if (!history) return 0;
	if (events(oms, key, &ev, &n) || fold_order(&folded, ev, n, DATE_NONE, NULL, &oms->arena, &oms->err)) return -1;
	o->timeline = folded.timeline;
	o->n_timeline = folded.n_timeline;
	return 0;
}

static void print(struct oms *oms, const struct order *o, int64_t now)
{
	const struct opt *opt = oms->opt;
	static struct buf b;
	buf_clear(&b);
	if (out_form(oms->out) != OUT_TEXT) {
		order_json(&b, o, now);
		out_record(oms->out, buf_view(&b));
		return;
	}
	if (oms->done) buf_c(&b, '\n'); // a blank line between two orders
	order_screen(&b, o, &(struct screen){.width = oms->width, .color = oms->color, .tty = oms->tty, .open = opt->open,
		.only = opt->only, .zone = oms->zone, .now = now});
	out_text(oms->out, buf_view(&b));
}

static int show(struct oms *oms, int64_t key)
{
	const struct opt *opt = oms->opt;
	struct order o = {0};
	bool past = opt->until != DATE_NONE;
	bool history = out_form(oms->out) != OUT_TEXT || !opt->only || opt->open >> SEC_HISTORY & 1;
	if (past ? as_of(oms, key, opt->until, &o) : as_is(oms, key, history, &o)) return -1;
	print(oms, &o, past ? opt->until : oms->now);
	return 0;
}

static int by_operand(struct oms *oms, const char *operand, void *ctx)
{
	(void)ctx;
	struct arena_mark mark = arena_mark(&oms->arena);
	struct str id;
	int64_t key;
	int r = find_one(oms->db, &oms->err, &oms->arena, operand, &key, &id);
	if (r == 0) r = show(oms, key);
	arena_reset(&oms->arena, mark);
	return r;
}

static int every(struct oms *oms)
{
	struct str id = {0};
	struct arena_mark start = arena_mark(&oms->arena);
	struct buf last = {0}; // the id outlives the arena of its order
	int64_t key;
	int r = 0;
	while (r == 0 && !out_broken(oms->out) && (key = order_next(oms->db, &oms->err, &oms->arena, buf_view(&last), &id)) != 0) {
		buf_clear(&last);
		buf_str(&last, id);
		r = key < 0 ? -1 : show(oms, key);
		if (r == 0) oms->done++;
		else if (key > 0 && oms->err.code == E_NOTFOUND) err_clear(&oms->err), r = 0; // not there yet at that instant
		arena_reset(&oms->arena, start);
	}
	buf_free(&last);
	return r;
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	opt->until = DATE_NONE;
	if (opt->at && date_typed(&oms->err, opt->at, oms->zone, oms->now, &opt->until)) return -1;
	if (opt->every && oms->args[0]) return fail(&oms->err, E_USAGE, "--every takes no operand");
	if (!opt->every && !oms->args[0] && isatty(0)) {
		fail(&oms->err, E_USAGE, "which order?");
		return hint(&oms->err, "oms-show ORDER, or pipe ids in: oms-find --status=new -F ids | oms-show -");
	}
	if (opt->at && !(opt->rules = rules_load(&oms->arena, &oms->err, NULL))) return -1; // they open holds, then as now
	if (opt->every) db_bulk(oms->db, true);
	int r = opt->every ? every(oms) : each_operand(oms, by_operand, NULL);
	rules_close(opt->rules);
	if (opt->codec) codec_close(opt->codec);
	return r;
}

static void words(struct oms *oms)
{
	for (int s = 0; s < SECTIONS; s++) cmd_word(oms, "SECTION", section_word((enum section)s), NULL);
}

static const struct out_column columns[] = {
	{"ORDER", "id", false, true, 0}, {"NUMBER", "number", false, false, 4}, {"PLACED", "placed_at", false, false, 3}, {"STATUS", "status", false, false, 0},
	{"PAYMENT", "payment_status", false, false, 2}, {"FULFILMENT", "fulfilment_status", false, false, 2}, {"TOTAL", "total", true, false, 1},
	{"", "currency", false, false, 1}, {"CUSTOMER", "customer.name", false, false, 5}, {"ATTENTION", "attention", false, false, 1},
};

const struct cmd cmd = {
	.name = "oms-show", .summary = "show orders whole: lines, money, parcels, tickets, holds, history", .args = "[ORDER...]", .audience = "look-up",
	.examples = "oms-show 1001 --open=financials,logistics\noms-find --held -F ids | oms-show -F jsonl -",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .groups = CMD_OUTPUT | CMD_ZONE,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TEXT, .words = words, .run = run,
};
