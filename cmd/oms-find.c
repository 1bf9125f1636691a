// oms-find: resolve any identifier, or list orders by filter.
#include "cmd_filter.h"
#include "complete.h"
#include "each.h"
#include "member.h"
#include "text.h"

enum { TOKEN_MOST = 1000, PAGE = 1000 }; // more lines than PAGE are a long read
struct opt { struct find_filter f; const char *after; bool held, explain; };

enum { KEY_OLDEST = 0x300, KEY_EXPLAIN, KEY_AFTER };
static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "Order of the list:", 2},
	{"oldest", KEY_OLDEST, NULL, 0, "Oldest first; newest first is the default", 2},
	{"after", KEY_AFTER, "CURSOR", 0, "Go on behind a line: the cursor member of a record", 2},
	{"explain", KEY_EXPLAIN, NULL, 0, "Say on stderr which window, index and counters the answer took", 2},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_OLDEST: opt->f.oldest_first = true; return 0;
	case KEY_EXPLAIN: opt->explain = true; return 0;
	case KEY_AFTER: opt->after = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

// What of it the token was; bit 0 is the order's own id.
static void matched(struct buf *b, unsigned kinds)
{
	member_open(b, "matched_on", '[');
	for (int i = 0; kinds; i++, kinds >>= 1) {
		const char *word = !i ? "id" : kinds & 1 ? ref_kind_word((enum ref_kind)i) : NULL;
		if (!word || !(kinds & 1)) continue;
		member_item(b, 0);
		buf_json(b, str_of(word));
	}
	buf_c(b, ']');
}

static unsigned attention_now(struct oms *oms, const struct found *o)
{
	struct err e = {0};
	unsigned bits;
	return found_attention(oms->db, &e, &oms->arena, o, oms->now, &bits) ? o->attention : bits;
}

static void cursor(struct buf *b, int64_t at, struct str id)
{
	static struct buf text;
	buf_clear(&text);
	buf_int(&text, at);
	buf_c(&text, ':');
	buf_str(&text, id);
	member_text(b, "cursor", buf_view(&text));
}

static void print(struct oms *oms, const struct found *o)
{
	const struct opt *opt = oms->opt;
	static struct buf b;
	buf_clear(&b);
	member_record(&b, "oms.found/1");
	member_text(&b, "id", o->id);
	member_text(&b, "number", o->number);
	member_word(&b, "status", axis_word(AXIS_STATUS, (int)o->status));
	member_word(&b, "payment_status", axis_word(AXIS_PAYMENT, (int)o->payment));
	member_word(&b, "fulfilment_status", axis_word(AXIS_FULFILMENT, (int)o->fulfilment));
	member_key(&b, "attention");
	axis_list(&b, AXIS_ATTENTION, attention_now(oms, o));
	member_instant(&b, "placed_at", o->placed_at);
	member_instant(&b, "due_at", o->due_at);
	member_text(&b, "customer", o->customer);
	member_text(&b, "email", o->email);
	member_text(&b, "segment", o->segment);
	member_whole(&b, "lines", o->lines);
	member_text(&b, "currency", o->currency);
	member_money(&b, "total", o->total, o->digits);
	member_text(&b, "source", o->source);
	if (o->matched) matched(&b, o->matched);
	else cursor(&b, opt->f.late && !opt->f.sku ? o->due_at : o->placed_at, o->id);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	oms->done++;
}

// 1 it passes all filters, 0, -1.
static int passes(struct oms *oms, const struct found *o)
{
	const struct find_filter *f = &((const struct opt *)oms->opt)->f;
	int pass = found_passes(oms->db, &oms->err, &oms->arena, f, o);
	return pass > 0 && f->sku ? found_has_sku(oms->db, &oms->err, o, f->sku) : pass;
}

// The filters choose first, then the limit cuts.
static int print_some(struct oms *oms, const char *token, const struct found *list, size_t n, bool more)
{
	size_t shown = 0, most = oms->limit > 0 ? (size_t)oms->limit : SIZE_MAX;
	int pass = 0;
	for (size_t i = 0; i < n && (pass = passes(oms, &list[i])) >= 0; i++) {
		if (!pass) continue;
		if (shown == most) {
			cmd_warn(oms, "%s: more than %zu orders answer to it; the newest are shown", token, most);
			break;
		}
		print(oms, &list[i]);
		shown++;
	}
	if (pass < 0) return -1;
	oms->done -= shown; // each_operand counts the operand
	if (more) cmd_warn(oms, "%s: more than %zu orders answer to it, and only these were looked at; say more of it", token, n);
	if (shown) return 0;
	if (n) return fail(&oms->err, E_NOTFOUND, "orders answer to it, but none passes the filters");
	fail(&oms->err, E_NOTFOUND, "no order answers to it");
	return find_too_short(token) ? hint(&oms->err, "by the last digits of its number an order is found from %d digits on", FIND_TAIL_LEAST) : -1;
}

static int by_token(struct oms *oms, const char *token, void *ctx)
{
	(void)ctx;
	struct arena_mark m = arena_mark(&oms->arena);
	struct found *list;
	size_t n;
	bool more;
	int r = find_token(oms->db, &oms->err, &oms->arena, token, TOKEN_MOST, &list, &n, &more) ? -1 : print_some(oms, token, list, n, more);
	arena_reset(&oms->arena, m);
	return r;
}

static int start_after(struct oms *oms, struct find *s, const char *cursor)
{
	const char *colon = strchr(cursor, ':');
	int64_t at;
	if (!colon || !str_int((struct str){cursor, (size_t)(colon - cursor)}, &at))
		return fail(&oms->err, E_USAGE, "--after takes the cursor member of a record, not this");
	find_after(s, at, str_of(colon + 1));
	return 0;
}

static void explain(struct oms *oms, const struct find *s, size_t rows)
{
	struct db_stats st = db_stats(oms->db);
	struct buf b = {0};
	buf_cstr(&b, "window [");
	oms->since == DATE_NONE ? buf_cstr(&b, "…") : date_text(&b, oms->since);
	buf_cstr(&b, ", ");
	oms->until == DATE_NONE ? buf_cstr(&b, "…") : date_text(&b, oms->until);
	buf_printf(&b, ") index %s streams %zu rows %zu full_scans %lld sorts %lld auto_indexes %lld vm_steps %lld", find_index(s), find_streams(s), rows,
		(long long)st.full_scans, (long long)st.sorts, (long long)st.auto_indexes, (long long)st.vm_steps);
	cmd_tell(oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

static bool filtered(const struct oms *oms)
{
	const struct find_filter *f = &((const struct opt *)oms->opt)->f;
	return f->status || f->payment || f->fulfilment || f->attention || f->segment || f->source || f->sku || f->late || oms->since != DATE_NONE || oms->until != DATE_NONE;
}

static void none(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	if (opt->after) cmd_none(oms, "no further orders");
	else if (filtered(oms)) cmd_none(oms, "no orders match");
	else cmd_none(oms, "there are no orders yet; oms-ingest takes them in");
}

static int list(struct oms *oms)
{
	struct opt *opt = oms->opt;
	struct found o;
	int got = 0;
	int64_t limit = cmd_limit(oms), rows = 0;
	if (limit > PAGE) db_bulk(oms->db, true);
	struct find *s = find_open(oms->db, &oms->err, &oms->arena, &opt->f);
	if (!s || (opt->after && start_after(oms, s, opt->after))) return -1;
	if (out_form(oms->out) == OUT_COUNT && limit == INT64_MAX && find_total(s) >= 0 && !opt->after) { // the counters know
		out_add(oms->out, (size_t)find_total(s));
		find_close(s);
		return 0;
	}
	while (rows < limit && (got = find_next(s, &oms->err, &o)) == 1) print(oms, &o), rows++;
	if (rows == limit && oms->limit < 0) {
		int64_t total = find_total(s);
		if (total > limit) cmd_say(oms, "%lld of %lld shown; --limit=0 for all", (long long)rows, (long long)total);
		else if (total < 0 && find_next(s, &oms->err, &o) == 1) cmd_say(oms, "the first %lld shown; --limit=0 for all", (long long)rows);
	}
	if (opt->explain) explain(oms, s, (size_t)rows);
	if (!rows && got == 0) none(oms);
	find_close(s);
	return rows < limit && got < 0 ? -1 : 0;
}

// --- completion ----------------------------------------------------------------------------------------------------------

static int offer_ids(struct oms *oms, struct str typed)
{
	struct rows *r = db_query(oms->db, &oms->err, SQL_ID_PREFIX, T(typed), T(str_of(arena_printf(&oms->arena, STR_FMT "\xff", STR_ARG(typed)))), I(COMPLETE_MOST));
	int got = -1;
	while (r && (got = rows_next(r, &oms->err)) == 1) cmd_offer(oms, row_str(r, 0), (struct str){0});
	return got;
}

// People type numbers. One that several orders have is offered once.
static int offer_numbers(struct oms *oms, struct str typed)
{
	struct str begin = ref_normal(&oms->arena, REF_NUMBER, typed), end = str_of(arena_printf(&oms->arena, STR_FMT "\xff", STR_ARG(begin)));
	struct buf number = {0}, last = {0};
	struct rows *r = begin.n ? db_query(oms->db, &oms->err, SQL_NUMBER_PREFIX, I(REF_NUMBER), T(begin), T(end), I(COMPLETE_MOST)) : NULL;
	int got = r || !begin.n ? 0 : -1;
	while (r && (got = rows_next(r, &oms->err)) == 1) {
		struct str value = row_str(r, 0);
		if (str_eq(value, buf_view(&last))) continue;
		buf_clear(&last);
		buf_str(&last, value);
		buf_clear(&number);
		buf_str(&number, typed); // as it was typed, with its # or in capitals: it is read so too
		buf_str(&number, str_cut(value, begin.n, value.n));
		cmd_offer(oms, buf_view(&number), row_str(r, 1));
	}
	buf_free(&number);
	buf_free(&last);
	return got;
}

static int offer_segments(struct oms *oms)
{
	struct str *segment;
	size_t n;
	if (find_segments(oms->db, &oms->err, &oms->arena, &segment, &n)) return -1;
	for (size_t i = 0; i < n; i++) cmd_offer(oms, segment[i], (struct str){0});
	return 0;
}

static int offer(struct oms *oms, struct str kind, struct str typed)
{
	if (str_is(kind, "SEGMENT")) return offer_segments(oms);
	return offer_ids(oms, typed) || offer_numbers(oms, typed) ? -1 : 0;
}

// --- the command ---------------------------------------------------------------------------------------------------------

static int run(struct oms *oms)
{
	if (filter_settle(oms)) return -1;
	return oms->args[0] ? each_operand(oms, by_token, NULL) : list(oms);
}

// What people go by comes first; the long id, which a number stands for, only where there is room for all.
static const struct out_column columns[] = {
	{"ORDER", "id", false, true, OUT_FROM(140)}, {"NUMBER", "number", false, false, 0}, {"PLACED", "placed_at", false, false, OUT_FROM(70)}, {"STATUS", "status", false, false, 0},
	{"PAYMENT", "payment_status", false, false, OUT_FROM(100)}, {"FULFILMENT", "fulfilment_status", false, false, OUT_FROM(115)}, {"TOTAL", "total", true, false, 0},
	{"", "currency", false, false, OUT_FROM(50)}, {"CUSTOMER", "customer", false, false, OUT_FROM(60)}, {"ATTENTION", "attention", false, false, OUT_FROM(80)}, {"MATCHED ON", "matched_on", false, false, 1},
};

const struct cmd cmd = {
	.name = "oms-find", .summary = "resolve any identifier, filter and list orders", .args = "[TOKEN...]", .audience = "look-up",
	.examples = "oms-find anna@example.org\noms-find --status=new --since=-7d -L 20",
	.shared = (const struct argp *const[]){&filter_argp, NULL}, .options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .groups = CMD_OUTPUT | CMD_WINDOW | CMD_LIMIT,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .words = filter_words, .offer = offer, .run = run,
};
