// oms-dead: what could not be applied, why, whose it is to mend, and the bytes as they came.
#include "cmd.h"
#include "complete.h"
#include "dead_store.h"
#include "each.h"
#include "event_store.h"
#include "json.h"
#include "map.h"
#include "member.h"
#include "rule.h"
#include "source_store.h"
#include "text.h"
#include "view_page.h"

enum { PAGE = 500 };
struct opt { struct dead_filter f; bool raw, all, parked; };
enum { KEY_SOURCE = 0x300, KEY_CODE, KEY_OWNER, KEY_STATE, KEY_RAW };
static const struct argp_option options[] = {
	{"source", KEY_SOURCE, "SOURCE", 0, "Of this source", 1},
	{"code", KEY_CODE, "CODE", 0, "With this reason code: unknown_kind, totals_differ, json_syntax …", 1},
	{"owner", KEY_OWNER, "WORD", 0, "For this owner: channel-ops, finance, logistics, catalog, customer-care, compliance", 1},
	{"state", KEY_STATE, "open|redriven|discarded|any|parked", 0, "In this state (open); parked: events that wait for their order", 1},
	{"raw", KEY_RAW, NULL, 0, "The bytes as they came and nothing else: correct them, then oms-redrive --with=FILE", 2},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_SOURCE: opt->f.source = arg; return 0;
	case KEY_CODE: opt->f.code = arg; return 0;
	case KEY_OWNER: opt->f.owner = arg; return 0;
	case KEY_RAW: opt->raw = true; return 0;
	case KEY_STATE:
		if (strcmp(arg, "open") && strcmp(arg, "redriven") && strcmp(arg, "discarded") && strcmp(arg, "any") && strcmp(arg, "parked"))
			argp_error(st, "--state takes open, redriven, discarded, any or parked");
		opt->parked = !strcmp(arg, "parked");
		opt->f.state = strcmp(arg, "any") ? arg : NULL;
		opt->all = !opt->f.state;
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

// The first reason's sentence: what a list shows.
static struct str first_reason(struct arena *a, struct str reasons)
{
	struct json j = {0};
	struct json_error bad;
	struct str text = {0};
	if (json_parse(&j, reasons, &bad)) {
		struct str message = json_str(&j, json_getz(&j, json_first(&j, 0), "message"), a);
		text = (struct str){arena_copy(a, message.p, message.n), message.n};
	}
	json_free(&j);
	return text;
}

static void dead_json(struct buf *b, struct oms *oms, const struct dead *dl, const struct str *raw)
{
	struct source s = {0};
	source_by_id(oms->db, &oms->err, &oms->arena, dl->source_id, &s);
	member_record(b, "oms.dead/1");
	member_id(b, "id", dl->dead_id);
	member_word(b, "state", dl->state);
	member_word(b, "source", s.name);
	member_word(b, "code", dl->code);
	member_word(b, "owner", dl->owner);
	member_word(b, "topic", dl->topic);
	member_word(b, "input", dl->input);
	member_whole(b, "line", dl->line);
	member_whole(b, "attempts", dl->attempts);
	member_instant(b, "first_at", dl->first_at);
	member_instant(b, "last_at", dl->last_at);
	member_word(b, "map", dl->map);
	struct str expression, message = first_reason(&oms->arena, dl->reasons);
	bool column = out_form(oms->out) == OUT_TABLE && !oms->verbose; // where an expression would take all the room there is
	member_text(b, "message", column ? map_reason(message, &expression) : message);
	member_key(b, "reasons");
	buf_str(b, dl->reasons);
	if (raw && utf8_valid(*raw)) member_text(b, "raw", *raw);
	if (raw) member_whole(b, "bytes", (int64_t)raw->n);
	buf_c(b, '}');
}

// --- as a page -----------------------------------------------------------------------------------------------------------

enum { BYTES_LINES = 3, BYTES_MORE = 2000 }; // of the record: some lines of it, with -v so many bytes

static void put(struct page *p, const char *label, struct str s)
{
	if (!s.n) return;
	say_str(p, s);
	page_fact(p, label, PLAIN);
}

// What is wrong and what to do come first; where it was read from is for who mends the mapping.
static void put_reason(struct page *p, struct oms *oms, const struct json *j, uint32_t at)
{
	struct str expression, value = json_str(j, json_getz(j, at, "value"), &oms->arena);
	say_str(p, map_reason(json_str(j, json_getz(j, at, "message"), &oms->arena), &expression));
	say(p, " [");
	say_str(p, json_str(j, json_getz(j, at, "code"), &oms->arena));
	say(p, "]");
	page_fact(p, "why", STRONG);
	put(p, "to do", json_str(j, json_getz(j, at, "hint"), &oms->arena));
	say_str(p, json_str(j, json_getz(j, at, "path"), &oms->arena));
	if (value.n) say_next(p, ": "), say_str(p, value);
	if (p->v.n) page_fact(p, "where", PLAIN);
	if (oms->verbose) put(p, "read by", expression);
}

static void put_reasons(struct page *p, struct oms *oms, struct str reasons)
{
	struct json j = {0};
	struct json_error bad;
	if (json_parse(&j, reasons, &bad))
		for (uint32_t v = json_first(&j, 0); v; v = json_after(&j, 0, v)) put_reason(p, oms, &j, v);
	json_free(&j);
}

static void put_bytes(struct page *p, struct oms *oms, const struct dead *dl, struct str raw)
{
	size_t most = oms->verbose ? BYTES_MORE : BYTES_LINES * (p->width - PAGE_LABEL) - 2, n = raw.n < most ? raw.n : most;
	while (n && n < raw.n && ((unsigned char)raw.p[n] & 0xc0) == 0x80) n--; // whole characters
	say(p, "%zu", raw.n);
	if (n < raw.n) say(p, "; all of them: oms-dead --raw %lld", (long long)dl->dead_id);
	page_fact(p, "bytes", PLAIN);
	say_str(p, str_cut(raw, 0, n));
	if (n < raw.n) say(p, " …");
	p->indent = PAGE_LABEL;
	if (p->v.n) page_text(p, PLAIN);
	p->indent = 0;
}

static void dead_text(struct buf *b, struct oms *oms, const struct dead *dl, struct str raw)
{
	struct page p;
	page_open(&p, b, oms->width);
	p.color = oms->color, p.tty = oms->tty, p.zone = oms->zone, p.now = oms->now;
	if (oms->done + oms->failed) page_blank(&p);
	say(&p, "%lld, %s, for %s, tried %lld time%s", (long long)dl->dead_id, dl->state, dl->owner, (long long)dl->attempts, dl->attempts == 1 ? "" : "s");
	page_fact(&p, "dead", PLAIN);
	put_reasons(&p, oms, dl->reasons);
	say_str(&p, str_of(dl->input));
	say(&p, ", line %lld", (long long)dl->line);
	page_fact(&p, "from", PLAIN);
	say(&p, "%s", dl->map ? dl->map : "none");
	page_fact(&p, "mapping", PLAIN);
	say_at(&p, dl->first_at);
	page_fact(&p, "since", PLAIN);
	put_bytes(&p, oms, dl, raw);
	page_close(&p);
}

// --- what waits for its order ------------------------------------------------------------------------------------------

static void parked_record(struct oms *oms, const struct parked *p, const char *source)
{
	struct buf b = {0};
	member_record(&b, "oms.dead/1");
	buf_printf(&b, ",\"id\":\"parked-%lld\"", (long long)p->parked_id);
	member_word(&b, "state", "parked");
	member_word(&b, "source", source);
	member_word(&b, "code", "no_order");
	member_word(&b, "owner", "channel-ops");
	member_whole(&b, "attempts", 1);
	member_instant(&b, "first_at", p->recorded_at);
	member_instant(&b, "expires_at", p->expires_at);
	member_text(&b, "message", p->reason);
	member_open(&b, "reasons", '[');
	buf_c(&b, ']');
	member_text(&b, "raw", p->json);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
}

static int show_parked(struct oms *oms, const char *number)
{
	int64_t id;
	struct parked *p;
	struct source s;
	size_t n;
	if (!str_int(str_of(number), &id) || id < 1) return fail(&oms->err, E_USAGE, "parked-%s is no parked event's id (oms-dead --state=parked lists them)", number);
	if (parked_list(oms->db, &oms->err, &oms->arena, id - 1, 1, &p, &n)) return -1;
	if (!n || p->parked_id != id) return fail(&oms->err, E_NOTFOUND, "no event parked-%lld waits: its order has come, or it never was", (long long)id);
	if (source_by_id(oms->db, &oms->err, &oms->arena, p->source_id, &s)) return -1;
	parked_record(oms, p, s.name);
	return 0;
}

static int show(struct oms *oms, const char *operand, void *ctx)
{
	struct codec *codec = ctx;
	const struct opt *opt = oms->opt;
	struct dead dl;
	struct str raw;
	int64_t id;
	if (str_starts(str_of(operand), S("parked-"))) return show_parked(oms, operand + strlen("parked-"));
	if (!str_int(str_of(operand), &id)) return fail(&oms->err, E_USAGE, "a dead letter's id is a number (oms-dead lists them)");
	if (dead_get(oms->db, &oms->err, &oms->arena, id, &dl)) return -1;
	if (payload_get(oms->db, codec, &oms->err, &oms->arena, dl.payload_id, &raw)) return -1;
	struct buf b = {0};
	if (opt->raw) buf_str(&b, raw);
	else if (out_form(oms->out) == OUT_TEXT) dead_text(&b, oms, &dl, raw);
	else dead_json(&b, oms, &dl, &raw);
	if (opt->raw) out_bytes(oms->out, buf_view(&b));
	else if (out_form(oms->out) == OUT_TEXT) out_text(oms->out, buf_view(&b));
	else out_record(oms->out, buf_view(&b));
	buf_free(&b);
	return 0;
}

static int list_page(struct oms *oms, struct dead_filter *f, size_t *n)
{
	struct arena_mark m = arena_mark(&oms->arena);
	struct dead *d;
	if (dead_list(oms->db, &oms->err, &oms->arena, f, &d, n)) return -1;
	for (size_t i = 0; i < *n; i++) {
		struct buf b = {0};
		dead_json(&b, oms, &d[i], NULL);
		out_record(oms->out, buf_view(&b));
		buf_free(&b);
		oms->done++;
	}
	if (*n) f->after_id = d[*n - 1].dead_id;
	arena_reset(&oms->arena, m);
	return 0;
}

static void none(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	bool some = opt->f.source || opt->f.code || opt->f.owner || oms->since != DATE_NONE || oms->until != DATE_NONE;
	if (opt->parked) cmd_none(oms, some ? "nothing that matches waits for its order" : "nothing waits for its order");
	else if (some) cmd_none(oms, "no dead letters match");
	else if (opt->all) cmd_none(oms, "there are no dead letters");
	else cmd_none(oms, "no dead letters are %s", opt->f.state);
}

// A page at a time, so that there may be any number of them.
static int list(struct oms *oms)
{
	struct opt *opt = oms->opt;
	struct source s;
	int64_t left = cmd_limit(oms);
	if (opt->f.source && source_get(oms->db, &oms->err, &oms->arena, opt->f.source, &s)) return because(&oms->err, "--source=%s", opt->f.source);
	if (!opt->f.state && !opt->all) opt->f.state = "open";
	opt->f.since = oms->since;
	opt->f.until = oms->until;
	for (size_t n = 1; n && left && !out_broken(oms->out); left -= (int64_t)n) {
		opt->f.limit = left < PAGE ? left : PAGE;
		if (list_page(oms, &opt->f, &n)) return -1;
	}
	none(oms);
	return 0;
}

static int parked_page(struct oms *oms, int64_t *after, int64_t *left, size_t *n)
{
	const struct opt *opt = oms->opt;
	struct arena_mark m = arena_mark(&oms->arena);
	struct parked *p;
	if (parked_list(oms->db, &oms->err, &oms->arena, *after, PAGE, &p, n)) return -1;
	for (size_t i = 0; i < *n && *left; i++) {
		struct source s = {0};
		*after = p[i].parked_id;
		if (source_by_id(oms->db, &oms->err, &oms->arena, p[i].source_id, &s)) return -1;
		if (opt->f.source && strcmp(opt->f.source, s.name)) continue;
		if ((oms->since != DATE_NONE && p[i].recorded_at < oms->since) || (oms->until != DATE_NONE && p[i].recorded_at >= oms->until)) continue;
		parked_record(oms, &p[i], s.name);
		oms->done++;
		--*left;
	}
	arena_reset(&oms->arena, m);
	return 0;
}

static int list_waiting(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	int64_t after = 0, left = cmd_limit(oms);
	struct source s;
	if (oms->args[0] || opt->f.code || opt->f.owner || opt->raw)
		return fail(&oms->err, E_USAGE, "--state=parked lists what waits; it goes with --source, -S, -U and -L alone");
	if (opt->f.source && source_get(oms->db, &oms->err, &oms->arena, opt->f.source, &s)) return because(&oms->err, "--source=%s", opt->f.source);
	for (size_t n = 1; n && left && !out_broken(oms->out);)
		if (parked_page(oms, &after, &left, &n)) return -1;
	none(oms);
	return 0;
}

// --- completion ----------------------------------------------------------------------------------------------------------

// The open ones from one number to another.
static int offer_range(struct oms *oms, int64_t from, int64_t to)
{
	struct dead_filter f = {.state = "open", .since = DATE_NONE, .until = DATE_NONE, .after_id = from - 1, .limit = COMPLETE_MOST};
	struct dead *d;
	size_t n;
	if (dead_list(oms->db, &oms->err, &oms->arena, &f, &d, &n)) return -1;
	for (size_t i = 0; i < n && d[i].dead_id <= to; i++)
		if (!cmd_offer(oms, str_of(arena_printf(&oms->arena, "%lld", (long long)d[i].dead_id)), str_of(d[i].code))) break;
	return 0;
}

// Numbers that begin so: 12, 120 to 129, 1200 to 1299 …, each a range of the key.
static int offer(struct oms *oms, struct str kind, struct str typed)
{
	int64_t first = 0;
	(void)kind;
	if (!typed.n) return offer_range(oms, 1, INT64_MAX);
	if (!str_int(typed, &first) || first <= 0) return 0;
	for (int64_t times = 1; first <= INT64_MAX / 10 / times - 1; times *= 10)
		if (offer_range(oms, first * times, first * times + times - 1)) return -1;
	return 0;
}

static void words(struct oms *oms)
{
	for (size_t i = 0; rule_owner(i); i++) cmd_word(oms, "owner", rule_owner(i), NULL);
}

static int run(struct oms *oms)
{
	if (((const struct opt *)oms->opt)->parked) return list_waiting(oms);
	if (!oms->args[0]) return list(oms);
	struct codec *codec = codec_open(oms->db);
	int r = each_operand(oms, show, codec);
	codec_close(codec);
	return r;
}

static enum out_format tty_format_for(const struct oms *oms) { return oms->args[0] ? OUT_TEXT : OUT_TABLE; }

static const struct out_column columns[] = {
	{"DEAD", "id", true, true, 0}, {"SOURCE", "source", false, false, 1}, {"CODE", "code", false, false, 0}, {"OWNER", "owner", false, false, 2},
	{"TRIES", "attempts", true, false, 4}, {"INPUT", "input", false, false, 5}, {"LINE", "line", true, false, 3}, {"WHY", "message", false, false, 0},
};

const struct cmd cmd = {
	.name = "oms-dead", .summary = "list and show dead letters: raw bytes, reasons, owner", .args = "[DEAD...]", .audience = "intake",
	.examples = "oms-dead --owner=finance\noms-dead --raw 7 >fixed.json",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .groups = CMD_OUTPUT | CMD_WINDOW | CMD_LIMIT,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .tty_format_for = tty_format_for, .words = words, .offer = offer, .run = run,
};
