// oms-stock: balances of stock, what may be promised of them and why, and the ledger of movements.
#include "complete.h"
#include "each.h"
#include "source_store.h"
#include "supply_ledger.h"
#include "supply_screen.h"

struct opt {
	const char *warehouse, *channel, *after;
	bool below, moves, why, follow;
	struct codec *codec;
	struct str source;         // of --channel; absent where not given
	struct ledger_ask ask;     // its warehouse is that of --warehouse for balances too
	int64_t after_id, left;
};
enum { KEY_WAREHOUSE = 0x300, KEY_CHANNEL, KEY_BELOW, KEY_MOVES, KEY_WHY, KEY_AFTER };
static const struct argp_option options[] = {
	{"warehouse", KEY_WAREHOUSE, "WAREHOUSE", 0, "Of this warehouse alone", 1},
	{"channel", KEY_CHANNEL, "SOURCE", 0, "With the safety stock that is kept from orders of this source", 1},
	{"below", KEY_BELOW, NULL, 0, "Only where less is available than the safety stock, or more is promised than there is", 1},
	{"why", KEY_WHY, NULL, 0, "How the figures come about: rules, movements, the orders it is allocated to, those that wait", 2},
	{"moves", KEY_MOVES, NULL, 0, "The ledger, newest movement first", 2},
	{"follow", 'f', NULL, 0, "Print movements as they are booked, until interrupted", 2},
	{"after", KEY_AFTER, "MOVEMENT", 0, "Movements behind this one, oldest first: the cursor of the last record", 2},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_WAREHOUSE: opt->warehouse = arg; return 0;
	case KEY_CHANNEL: opt->channel = arg; return 0;
	case KEY_BELOW: opt->below = true; return 0;
	case KEY_WHY: opt->why = true; return 0;
	case KEY_MOVES: opt->moves = true; return 0;
	case 'f': opt->follow = true; return 0;
	case KEY_AFTER: opt->after = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

// --- balances --------------------------------------------------------------------------------------------------------------------

static bool wanted(const struct opt *opt, const struct supply_row *r)
{
	if (opt->ask.warehouse.p && !str_eq(r->warehouse, opt->ask.warehouse)) return false;
	return !opt->below || r->available < r->safety || r->available < 0;
}

static int print_row(struct oms *oms, const struct supply *s, const struct supply_row *r, struct page *page)
{
	struct opt *opt = oms->opt;
	struct supply_why why;
	if (opt->why && supply_why(oms->db, opt->codec, &oms->err, &oms->arena, s, r, &why)) return -1;
	if (page) return supply_screen_row(page, r, &why), 0;
	struct buf b = {0};
	supply_json(&b, s, r, opt->source, opt->why ? &why : NULL);
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
	opt->left--;
	return 0;
}

static int print_rows(struct oms *oms, const struct supply *s, struct page *page)
{
	struct opt *opt = oms->opt;
	for (size_t i = 0; i < s->n && opt->left > 0; i++)
		if (wanted(opt, &s->row[i]) && print_row(oms, s, &s->row[i], page)) return -1;
	return 0;
}

static int print_text(struct oms *oms, const struct supply *s)
{
	struct opt *opt = oms->opt;
	struct buf b = {0};
	struct page p;
	struct supply_why why;
	page_open(&p, &b, oms->width);
	p.color = oms->color, p.tty = oms->tty, p.zone = oms->zone, p.now = oms->now;
	supply_screen_head(&p, s);
	int r = print_rows(oms, s, &p) || supply_why(oms->db, opt->codec, &oms->err, &oms->arena, s, NULL, &why) ? -1 : 0;
	if (!r) {
		supply_screen_end(&p, s, &why);
		if (oms->done) out_text(oms->out, S("\n"));
		out_text(oms->out, buf_view(&b));
	}
	page_close(&p);
	buf_free(&b);
	return r;
}

static int print_supply(struct oms *oms, const struct supply *s, bool asked)
{
	static const struct supply_row nowhere;
	const struct opt *opt = oms->opt;
	if (opt->why && out_form(oms->out) == OUT_TEXT) return print_text(oms, s);
	if (!s->n && asked && !opt->ask.warehouse.p && !opt->below) return print_row(oms, s, &nowhere, NULL);
	return print_rows(oms, s, NULL);
}

static int by_operand(struct oms *oms, const char *operand, void *ctx)
{
	const struct opt *opt = oms->opt;
	struct arena_mark mark = arena_mark(&oms->arena);
	struct supply s;
	(void)ctx;
	if (opt->left <= 0) return 0;
	int r = supply_of(oms->db, &oms->err, &oms->arena, str_of(operand), opt->source, &s);
	if (!r && !s.known && !s.n) r = supply_need_sku(oms->db, &oms->err, &oms->arena, s.sku); // says what is near
	if (!r) r = print_supply(oms, &s, true);
	arena_reset(&oms->arena, mark);
	catalog_trim(oms->db);
	return r;
}

static int all(struct oms *oms)
{
	struct opt *opt = oms->opt;
	struct arena_mark mark = arena_mark(&oms->arena);
	struct buf last = {0};
	struct str sku;
	int more = 0, r = 0;
	while (!r && opt->left > 0 && !out_broken(oms->out) && (more = stock_next_sku(oms->db, &oms->err, &oms->arena, last.p ? buf_view(&last) : S(""), &sku)) > 0) {
		struct supply s;
		r = supply_of(oms->db, &oms->err, &oms->arena, sku, opt->source, &s);
		if (!r) r = print_supply(oms, &s, false);
		buf_clear(&last);
		buf_str(&last, sku);
		oms->done++;
		arena_reset(&oms->arena, mark);
		catalog_trim(oms->db);
	}
	buf_free(&last);
	return r || more < 0 ? -1 : 0;
}

// --- movements -------------------------------------------------------------------------------------------------------------------

static int print_move(void *ctx, const struct movement *m)
{
	struct oms *oms = ctx;
	struct opt *opt = oms->opt;
	struct arena_mark mark = arena_mark(&oms->arena);
	struct supply_move told;
	struct buf b = {0};
	if (supply_move(oms->db, opt->codec, &oms->err, &oms->arena, m, &told)) return -1;
	supply_move_json(&b, &told);
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
	arena_reset(&oms->arena, mark);
	return --opt->left <= 0 || out_broken(oms->out);
}

static int moves_on(struct oms *oms)
{
	struct opt *opt = oms->opt;
	return ledger_on(oms->db, &oms->err, &oms->arena, &opt->ask, &opt->after_id, print_move, oms);
}

static int follow(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (!opt->after && (opt->after_id = stock_last_movement(oms->db, &oms->err)) < 0) return -1;
	while (!cmd_stopping()) {
		if (moves_on(oms)) return -1;
		db_rollback(oms->db); // the next look sees what was booked since
		out_flush(oms->out);
		if (opt->left <= 0 || out_broken(oms->out)) return 0;
		cmd_wait(200); // ms
		if (db_begin(oms->db, &oms->err)) return -1;
	}
	return 0;
}

static int take_sku(struct oms *oms, const char *operand, void *ctx)
{
	struct ledger_ask *ask = &((struct opt *)oms->opt)->ask;
	struct str sku = str_of(arena_strdup(&oms->arena, operand)), *more = NEW_N(&oms->arena, struct str, ask->skus + 1);
	(void)ctx;
	if (supply_need_sku(oms->db, &oms->err, &oms->arena, sku)) return -1;
	if (ask->skus) memcpy(more, ask->sku, ask->skus * sizeof *more);
	more[ask->skus++] = sku;
	ask->sku = more;
	return 0;
}

static int moves(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (oms->args[0] && each_operand(oms, take_sku, NULL)) return -1;
	if (oms->args[0] && !opt->ask.skus) return 0; // none of them is known, and that was said
	if (opt->follow) return follow(oms);
	return opt->after ? moves_on(oms) : ledger_back(oms->db, &oms->err, &oms->arena, &opt->ask, print_move, oms);
}

// --- the command -------------------------------------------------------------------------------------------------------------------

static bool of_ledger(const struct opt *opt) { return opt->moves || opt->follow || opt->after; }

static int check(struct oms *oms)
{
	struct opt *opt = oms->opt;
	struct source s;
	if (of_ledger(opt) && (opt->why || opt->below || opt->channel)) return fail(&oms->err, E_USAGE, "--why, --below and --channel are of balances, not of movements");
	if (!of_ledger(opt) && (oms->since != DATE_NONE || oms->until != DATE_NONE)) return fail(&oms->err, E_USAGE, "--since and --until go with --moves: a balance is as of now");
	if (opt->follow && oms->output) return fail(&oms->err, E_USAGE, "--follow does not end: send it to a pipe or with > to a file");
	if (opt->after && (!str_int(str_of(opt->after), &opt->after_id) || opt->after_id < 0)) return fail(&oms->err, E_USAGE, "--after=%s is no movement's number", opt->after);
	if (opt->channel && source_get(oms->db, &oms->err, &oms->arena, opt->channel, &s)) return because(&oms->err, "--channel=%s", opt->channel);
	if (opt->channel) opt->source = str_of(opt->channel);
	opt->ask.since = oms->since, opt->ask.until = oms->until;
	if (!opt->warehouse) return 0;
	opt->ask.warehouse = str_of(opt->warehouse);
	return supply_need_warehouse(oms->db, &oms->err, &oms->arena, opt->ask.warehouse) ? because(&oms->err, "--warehouse=%s", opt->warehouse) : 0;
}

// --- completion --------------------------------------------------------------------------------------------------------------------

static int offer_sku(struct oms *oms, struct str sku, bool *more)
{
	struct reference_row row;
	int there = reference_get(oms->db, &oms->err, &oms->arena, REF_SKU, sku, &row);
	const struct sku_ref *s = there > 0 ? catalog_sku(oms->db, &oms->err, sku) : NULL;
	if (there < 0) return -1;
	*more = cmd_offer(oms, sku, s ? s->name : (struct str){0});
	return 0;
}

// Those of the catalog, and behind them those that only lie somewhere.
static int offer_skus(struct oms *oms, struct str typed)
{
	struct reference_row *row, known;
	struct str sku = typed;
	size_t n;
	bool more = true;
	int got = reference_get(oms->db, &oms->err, &oms->arena, REF_SKU, typed, &known);
	if (got < 0 || (got && offer_sku(oms, typed, &more))) return -1;
	if (reference_page(oms->db, &oms->err, &oms->arena, REF_SKU, typed, COMPLETE_MOST, &row, &n)) return -1;
	for (size_t i = 0; i < n && more && str_starts(row[i].id, typed); i++)
		if (offer_sku(oms, row[i].id, &more)) return -1;
	while (more && (got = stock_next_sku(oms->db, &oms->err, &oms->arena, sku, &sku)) > 0 && str_starts(sku, typed)) {
		got = reference_get(oms->db, &oms->err, &oms->arena, REF_SKU, sku, &known);
		if (got < 0) break;
		if (!got) more = cmd_offer(oms, sku, (struct str){0});
	}
	return got < 0 ? -1 : 0;
}

static int offer(struct oms *oms, struct str kind, struct str typed)
{
	const struct warehouse_ref *w;
	size_t n;
	if (db_begin(oms->db, &oms->err)) return -1;
	if (str_is(kind, "SKU")) return offer_skus(oms, typed);
	if (catalog_warehouses(oms->db, &oms->err, &w, &n)) return -1;
	for (size_t i = 0; i < n; i++)
		if (str_starts(w[i].id, typed) && !cmd_offer(oms, w[i].id, w[i].name)) break;
	return 0;
}

// --- the run ---------------------------------------------------------------------------------------------------------------------

static void none(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	bool some = opt->ask.warehouse.p || oms->args[0] || oms->since != DATE_NONE || oms->until != DATE_NONE;
	if (opt->follow) return;
	if (opt->moves || opt->after) cmd_none(oms, opt->after ? "no further movements" : some ? "no movements match" : "there are no movements of stock yet");
	else if (opt->below) cmd_none(oms, "nothing is below its safety stock");
	else if (some) cmd_none(oms, "no stock matches");
	else cmd_none(oms, "there is no stock yet; oms-load count takes counts in");
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (db_begin(oms->db, &oms->err) || check(oms)) return -1;
	opt->codec = codec_open(oms->db);
	opt->left = opt->follow && oms->limit < 0 ? INT64_MAX : cmd_limit(oms);
	int r = of_ledger(opt) ? moves(oms) : oms->args[0] ? each_operand(oms, by_operand, NULL) : all(oms);
	codec_close(opt->codec);
	if (r == 0) none(oms);
	return r;
}

static const struct out_column balances[] = {
	{"SKU", "sku", false, true, 0}, {"NAME", "name", false, false, 8}, {"WAREHOUSE", "warehouse", false, false, 0}, {"ON_HAND", "on_hand", true, false, 0}, {"HELD", "held", true, false, 0},
	{"ALLOCATED", "allocated", true, false, 0}, {"AVAILABLE", "available", true, false, 0}, {"SAFETY", "safety", true, false, 1}, {"SELLABLE", "sellable", true, false, 0},
	{"BACKORDERED", "backordered", true, false, 7}, {"PENDING", "pending", true, false, 6}, {"FREE_TO_PROMISE", "free_to_promise", true, false, 5},
};
// The change is what a ledger is read for: it is never cut, and the others make room.
static const struct out_column movements[] = {
	{"ID", "id", true, true, 0}, {"BOOKED_AT", "booked_at", false, false, 1}, {"SKU", "sku", false, true, 0}, {"WAREHOUSE", "warehouse", false, false, 0}, {"KIND", "kind", false, false, OUT_FROM(100)},
	{"CHANGE", "message", false, true, 0}, {"ORDER", "order", false, true, OUT_FROM(125)}, {"ACTOR", "actor", false, false, OUT_FROM(145)}, {"REASON", "reason", false, false, OUT_FROM(160)}, {"COUNTED_AT", "counted_at", false, false, OUT_FROM(180)},
};

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	bool ledger = of_ledger(oms->opt);
	*n = ledger ? sizeof movements / sizeof *movements : sizeof balances / sizeof *balances;
	return ledger ? movements : balances;
}

static enum out_format tty_format_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->why ? OUT_TEXT : OUT_TABLE; }

const struct cmd cmd = {
	.name = "oms-stock", .summary = "balances of stock, what may be promised and why, movements", .args = "[SKU...]", .audience = "execute",
	.examples = "oms-stock --below\noms-stock --why FK-MUG-M",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .own_transactions = true, .groups = CMD_OUTPUT | CMD_WINDOW | CMD_LIMIT,
	.columns = balances, .n_columns = sizeof balances / sizeof *balances, .columns_for = columns_for, .tty_format = OUT_TABLE, .tty_format_for = tty_format_for, .offer = offer, .run = run,
};
