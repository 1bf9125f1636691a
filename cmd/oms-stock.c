// oms-stock: balances of stock, what may be promised of them and why, and the ledger of movements.
#include "each.h"
#include "near.h"
#include "source_store.h"
#include "supply.h"
#include "view_page.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>

struct opt {
	const char *warehouse, *channel, *after;
	bool below, moves, why, follow;
	struct codec *codec;
	struct str place, source;  // of --warehouse and --channel; absent where not given
	struct str *sku; size_t skus; // whose movements are asked for; none: all
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

// --- why, as text --------------------------------------------------------------------------------------------------------------

static void say_words(struct page *p, void (*words)(struct buf *b, const struct supply_row *r), const struct supply_row *r)
{
	struct buf b = {0};
	words(&b, r);
	say_str(p, buf_view(&b));
	buf_free(&b);
}

static void put_movement(struct page *p, const struct supply_move *m)
{
	struct buf b = {0};
	supply_moved(&b, &m->m);
	say_at(p, m->m.at);
	say(p, ": %s, ", stock_kind_word(m->m.kind));
	say_str(p, buf_view(&b));
	if (m->counted_at != DATE_NONE) say(p, ", counted "), say_at(p, m->counted_at);
	if (m->order.n) say(p, ", for "), say_str(p, m->order);
	if (m->actor.n) say(p, ", by "), say_str(p, m->actor);
	if (m->reason.n) say(p, ": "), say_str(p, m->reason);
	page_fact(p, "newest", PLAIN);
	buf_free(&b);
}

// Held is what is damaged or recalled: what orders have is allocated to them.
static void put_holders(struct page *p, const struct supply_row *r, const struct supply_why *w)
{
	int64_t left = r->balance.allocated + r->balance.backordered;
	if (!left) return;
	for (size_t i = 0; i < w->holders; i++) {
		say(p, i ? ", " : "to ");
		say_str(p, w->holder[i].order);
		say(p, " %lld", (long long)w->holder[i].allocated);
		if (w->holder[i].backordered) say(p, " and %lld backordered", (long long)w->holder[i].backordered);
		left -= w->holder[i].allocated + w->holder[i].backordered;
	}
	if (left) say_next(p, ", "), say(p, "%lld more", (long long)left);
	page_fact(p, "allocated", PLAIN);
}

static void put_row(struct page *p, const struct supply_row *r, const struct supply_why *w)
{
	say_str(p, r->warehouse);
	if (!r->ships) say(p, ", which does not ship: it does not count below");
	page_fact(p, "warehouse", STRONG);
	say_words(p, supply_available, r);
	if (r->available < 0) say(p, ", short");
	page_fact(p, "available", r->available < 0 ? ALERT : PLAIN);
	say_words(p, supply_sellable, r);
	page_fact(p, "sellable", r->sellable < 0 ? ALERT : PLAIN);
	say(p, "%lld, by ", (long long)r->safety);
	say_str(p, r->rule.n ? r->rule : S("default: no rule is of it"));
	page_fact(p, "safety", PLAIN);
	put_holders(p, r, w);
	if (w->moved) put_movement(p, &w->newest);
}

static void put_waiters(struct page *p, const struct supply *s, const struct supply_why *w)
{
	int64_t left = s->pending;
	say(p, "%lld of new orders", (long long)s->pending);
	for (size_t i = 0; i < w->waiters; i++) {
		say(p, i ? ", " : ": ");
		say_str(p, w->waiter[i].order);
		say(p, " %lld", (long long)w->waiter[i].quantity);
		left -= w->waiter[i].quantity;
	}
	if (left > 0) say(p, ", others %lld", (long long)left);
	page_fact(p, "pending", PLAIN);
}

static void put_end(struct page *p, const struct supply *s)
{
	struct buf b = {0};
	supply_free(&b, s);
	say_str(p, buf_view(&b));
	page_fact(p, "promisable", s->free_to_promise < 0 ? ALERT : STRONG);
	buf_free(&b);
}

// --- balances --------------------------------------------------------------------------------------------------------------------

static bool wanted(const struct opt *opt, const struct supply_row *r)
{
	if (opt->place.p && !str_eq(r->warehouse, opt->place)) return false;
	return !opt->below || r->available < r->safety || r->available < 0;
}

static int print_row(struct oms *oms, const struct supply *s, const struct supply_row *r, struct page *page)
{
	struct opt *opt = oms->opt;
	struct supply_why why;
	if (opt->why && supply_why(oms->db, opt->codec, &oms->err, &oms->arena, s, r, &why)) return -1;
	if (page) {
		page_blank(page);
		put_row(page, r, &why);
		return 0;
	}
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
	struct page p = {.color = oms->color, .tty = oms->tty, .zone = oms->zone, .now = oms->now};
	struct supply_why why;
	page_open(&p, &b, oms->width);
	say_str(&p, s->sku);
	say_part(&p, s->name);
	say_part(&p, s->category);
	page_fact(&p, "sku", STRONG);
	int r = print_rows(oms, s, &p);
	if (!r) r = supply_why(oms->db, opt->codec, &oms->err, &oms->arena, s, NULL, &why);
	if (!r) {
		page_blank(&p);
		put_waiters(&p, s, &why);
		put_end(&p, s);
		if (oms->done) out_text(oms->out, S("\n"));
		out_text(oms->out, buf_view(&b));
	}
	page_close(&p);
	buf_free(&b);
	return r;
}

static int print_supply(struct oms *oms, const struct supply *s, bool asked)
{
	const struct opt *opt = oms->opt;
	static const struct supply_row nowhere;
	if (opt->why && out_form(oms->out) == OUT_TEXT) return print_text(oms, s);
	if (!s->n && asked && !opt->place.p && !opt->below) return print_row(oms, s, &nowhere, NULL);
	return print_rows(oms, s, NULL);
}

static int unknown(struct oms *oms, struct str sku)
{
	struct near near = near_begin(sku, 3);
	struct reference_row *row;
	size_t n = 0;
	// Of those that begin alike; to look through all of a large catalog for a hint takes too long.
	if (reference_page(oms->db, &oms->err, &oms->arena, REF_SKU, str_cut(sku, 0, sku.n > 2 ? 2 : 0), 5000, &row, &n)) return -1;
	for (size_t i = 0; i < n; i++) near_try(&near, str_c(&oms->arena, row[i].id));
	fail(&oms->err, E_NOTFOUND, "there is no such SKU");
	if (near.best) return hint(&oms->err, "did you mean %s?", near.best);
	return hint(&oms->err, "oms-load sku --list has those that are known");
}

static int by_operand(struct oms *oms, const char *operand, void *ctx)
{
	const struct opt *opt = oms->opt;
	struct arena_mark mark = arena_mark(&oms->arena);
	struct supply s;
	(void)ctx;
	if (opt->left <= 0) return 0;
	int r = supply_of(oms->db, &oms->err, &oms->arena, str_of(operand), opt->source, &s);
	if (!r) r = s.known || s.n ? print_supply(oms, &s, true) : unknown(oms, s.sku);
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

static bool asked_for(const struct oms *oms, const struct movement *m)
{
	const struct opt *opt = oms->opt;
	bool of_sku = !opt->skus;
	for (size_t i = 0; i < opt->skus && !of_sku; i++) of_sku = str_eq(opt->sku[i], m->sku);
	if (!of_sku || (opt->place.p && !str_eq(opt->place, m->warehouse))) return false;
	return (oms->since == DATE_NONE || m->at >= oms->since) && (oms->until == DATE_NONE || m->at < oms->until);
}

static int print_move(struct oms *oms, const struct movement *m)
{
	struct opt *opt = oms->opt;
	struct supply_move told;
	struct buf b = {0};
	if (!asked_for(oms, m)) return 0;
	if (supply_move(oms->db, opt->codec, &oms->err, &oms->arena, m, &told)) return -1;
	supply_move_json(&b, &told);
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
	opt->left--;
	return 0;
}

enum { PAGE = 500, POLL_MS = 200 };

// A page of the ledger behind or before an id, which moves on.
static int page_of_moves(struct oms *oms, bool back, int64_t *id, size_t *n)
{
	struct opt *opt = oms->opt;
	struct arena_mark mark = arena_mark(&oms->arena);
	struct movement *m;
	if ((back ? stock_moves_before : stock_moves_after)(oms->db, &oms->err, &oms->arena, *id, PAGE, &m, n)) return -1;
	for (size_t i = 0; i < *n && opt->left > 0; i++) {
		if (print_move(oms, &m[i])) return -1;
		*id = m[i].movement_id;
	}
	arena_reset(&oms->arena, mark);
	return 0;
}

static int all_moves(struct oms *oms, bool back, int64_t *id)
{
	const struct opt *opt = oms->opt;
	for (size_t n = 1; n && opt->left > 0 && !out_broken(oms->out);)
		if (page_of_moves(oms, back, id, &n)) return -1;
	return 0;
}

// The chains of some SKUs, one for each warehouse, read as one list: the newest of their heads comes next.
struct heads { struct movement *m; size_t n; };

static int next_of(struct oms *oms, struct movement *m)
{
	int64_t before = m->before_id < m->movement_id ? m->before_id : 0;
	if (!before) return m->movement_id = 0, 0;
	return stock_movement(oms->db, &oms->err, &oms->arena, before, m);
}

static int heads_of(struct oms *oms, struct heads *h)
{
	const struct opt *opt = oms->opt;
	VEC(struct movement) found = {0};
	for (size_t i = 0; i < opt->skus; i++) {
		struct stock_row *row;
		size_t n;
		if (stock_list(oms->db, &oms->err, &oms->arena, opt->sku[i], &row, &n)) return -1;
		for (size_t k = 0; k < n; k++)
			if ((!opt->place.p || str_eq(opt->place, row[k].warehouse)) && stock_movement(oms->db, &oms->err, &oms->arena, row[k].movement_id, VEC_PUSH(&oms->arena, &found))) return -1;
	}
	*h = (struct heads){found.v, found.n};
	return 0;
}

static int moves_of_some(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	struct heads h;
	if (heads_of(oms, &h)) return -1;
	while (opt->left > 0 && !out_broken(oms->out)) {
		struct movement *next = NULL;
		for (size_t i = 0; i < h.n; i++) {
			if (h.m[i].movement_id && oms->since != DATE_NONE && h.m[i].at < oms->since) h.m[i].movement_id = 0; // and all before it
			if (h.m[i].movement_id && (!next || h.m[i].movement_id > next->movement_id)) next = &h.m[i];
		}
		if (!next) break;
		if (print_move(oms, next) || next_of(oms, next)) return -1;
	}
	return 0;
}

// Waits for the next look; a reader that goes away in the meantime ends it, as it would at the next line.
static void wait_a_little(void)
{
	struct pollfd to = {1, 0, 0};
	if (poll(&to, 1, POLL_MS) <= 0 || !(to.revents & POLLERR)) return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

static int follow(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (!opt->after && (opt->after_id = stock_last_movement(oms->db, &oms->err)) < 0) return -1;
	while (!cmd_stopping()) {
		if (all_moves(oms, false, &opt->after_id)) return -1;
		db_rollback(oms->db); // the next look sees what was booked since
		out_flush(oms->out);
		if (opt->left <= 0 || out_broken(oms->out)) return 0;
		wait_a_little();
		if (db_begin(oms->db, &oms->err)) return -1;
	}
	return 0;
}

static int take_sku(struct oms *oms, const char *operand, void *ctx)
{
	struct opt *opt = oms->opt;
	struct reference_row row;
	struct stock_row *list;
	size_t n;
	(void)ctx;
	struct str sku = str_of(arena_strdup(&oms->arena, operand)), *more = NEW_N(&oms->arena, struct str, opt->skus + 1);
	int there = reference_get(oms->db, &oms->err, &oms->arena, REF_SKU, sku, &row);
	if (there < 0 || stock_list(oms->db, &oms->err, &oms->arena, sku, &list, &n)) return -1;
	if (!there && !n) return unknown(oms, sku);
	if (opt->skus) memcpy(more, opt->sku, opt->skus * sizeof *more);
	more[opt->skus++] = sku;
	opt->sku = more;
	return 0;
}

static int moves(struct oms *oms)
{
	struct opt *opt = oms->opt;
	int64_t newest = INT64_MAX;
	if (oms->args[0] && each_operand(oms, take_sku, NULL)) return -1;
	if (oms->args[0] && !opt->skus) return 0; // none of them is known, and that was said
	if (opt->follow) return follow(oms);
	if (opt->after) return all_moves(oms, false, &opt->after_id);
	return opt->skus ? moves_of_some(oms) : all_moves(oms, true, &newest);
}

// --- the command -------------------------------------------------------------------------------------------------------------------

static int no_such_warehouse(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	const struct warehouse_ref *w;
	size_t n;
	struct near near = near_begin(opt->place, 3);
	if (catalog_warehouses(oms->db, &oms->err, &w, &n)) return -1;
	for (size_t i = 0; i < n; i++) near_try(&near, str_c(&oms->arena, w[i].id));
	fail(&oms->err, E_NOTFOUND, "--warehouse=%s: there is no such warehouse", opt->warehouse);
	if (near.best) return hint(&oms->err, "did you mean %s?", near.best);
	return hint(&oms->err, "oms-load warehouse --list has those that are known");
}

static int check(struct oms *oms)
{
	struct opt *opt = oms->opt;
	struct source s;
	struct reference_row row;
	bool ledger = opt->moves || opt->follow || opt->after;
	if (ledger && (opt->why || opt->below || opt->channel)) return fail(&oms->err, E_USAGE, "--why, --below and --channel are of balances, not of movements");
	if (!ledger && (oms->since != DATE_NONE || oms->until != DATE_NONE)) return fail(&oms->err, E_USAGE, "--since and --until go with --moves: a balance is as of now");
	if (opt->follow && oms->output) return fail(&oms->err, E_USAGE, "--follow does not end: send it to a pipe or with > to a file");
	if (opt->after && (!str_int(str_of(opt->after), &opt->after_id) || opt->after_id < 0)) return fail(&oms->err, E_USAGE, "--after=%s is no movement's number", opt->after);
	if (opt->channel && source_get(oms->db, &oms->err, &oms->arena, opt->channel, &s)) return because(&oms->err, "--channel=%s", opt->channel);
	if (opt->channel) opt->source = str_of(opt->channel);
	if (!opt->warehouse) return 0;
	opt->place = str_of(opt->warehouse);
	int there = reference_get(oms->db, &oms->err, &oms->arena, REF_WAREHOUSE, opt->place, &row);
	return there > 0 ? 0 : there < 0 ? -1 : no_such_warehouse(oms);
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (db_begin(oms->db, &oms->err) || check(oms)) return -1;
	opt->codec = codec_open(oms->db);
	opt->left = opt->follow && oms->limit < 0 ? INT64_MAX : cmd_limit(oms);
	int r = opt->moves || opt->follow || opt->after ? moves(oms) : oms->args[0] ? each_operand(oms, by_operand, NULL) : all(oms);
	codec_close(opt->codec);
	return r;
}

static const struct out_column balances[] = {
	{"SKU", "sku", false, true, 0}, {"NAME", "name", false, false, 8}, {"WAREHOUSE", "warehouse", false, false, 0}, {"ON_HAND", "on_hand", true, false, 0}, {"HELD", "held", true, false, 0},
	{"ALLOCATED", "allocated", true, false, 0}, {"AVAILABLE", "available", true, false, 0}, {"SAFETY", "safety", true, false, 1}, {"SELLABLE", "sellable", true, false, 0},
	{"BACKORDERED", "backordered", true, false, 7}, {"PENDING", "pending", true, false, 6}, {"FREE_TO_PROMISE", "free_to_promise", true, false, 5},
};
static const struct out_column movements[] = {
	{"ID", "id", true, true, 0}, {"BOOKED_AT", "booked_at", false, false, 3}, {"SKU", "sku", false, true, 0}, {"WAREHOUSE", "warehouse", false, false, 0}, {"KIND", "kind", false, false, 0},
	{"CHANGE", "message", false, false, 0}, {"ORDER", "order", false, true, 2}, {"ACTOR", "actor", false, false, 4}, {"REASON", "reason", false, false, 5}, {"COUNTED_AT", "counted_at", false, false, 6},
};

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	const struct opt *opt = oms->opt;
	bool ledger = opt->moves || opt->follow || opt->after;
	*n = ledger ? sizeof movements / sizeof *movements : sizeof balances / sizeof *balances;
	return ledger ? movements : balances;
}

static enum out_format tty_format_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->why ? OUT_TEXT : OUT_TABLE; }

const struct cmd cmd = {
	.name = "oms-stock", .summary = "balances of stock, what may be promised and why, movements", .args = "[SKU...]", .audience = "execute",
	.examples = "oms-stock --below\noms-stock --why FK-MUG-M",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .own_transactions = true, .groups = CMD_OUTPUT | CMD_WINDOW | CMD_LIMIT,
	.columns = balances, .n_columns = sizeof balances / sizeof *balances, .columns_for = columns_for, .tty_format = OUT_TABLE, .tty_format_for = tty_format_for, .run = run,
};
