// oms-cancel: orders, or units of a line, that will not be shipped; their stock is given back.
#include "cancel.h"
#include "cmd_group.h"
#include "member.h"
#include <errno.h>

struct opt { const char *reason; bool whole; VEC(struct cancel_units) units; struct own *own; struct rules *rules; struct group group; };
enum { KEY_LINE = 0x300, KEY_REASON, KEY_WHOLE };
static const struct argp_option options[] = {
	{"line", KEY_LINE, "LINE:N", 0, "Only N units of this line, by its id or its SKU, of one order; may be given again", 1},
	{"reason", KEY_REASON, "TEXT", 0, "Why: needed", 1},
	{"all-or-nothing", KEY_WHOLE, NULL, 0, "Cancel all of them, or none where one is refused", 1},
	{0}
};

static error_t take_line(struct oms *oms, const char *arg)
{
	struct opt *opt = oms->opt;
	const char *colon = strrchr(arg, ':');
	struct cancel_units u = {.quantity = 0};
	if (colon && colon > arg) u.line = (struct str){arg, (size_t)(colon - arg)};
	if (!u.line.n || !str_int(str_of(colon + 1), &u.quantity) || u.quantity < 1 || u.quantity > 1000000000) {
		fail(&oms->err, E_USAGE, "--line=%s: give a line and how many units, as in --line=2:1", arg);
		return EINVAL;
	}
	*VEC_PUSH(&oms->arena, &opt->units) = u;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct oms *oms = st->input;
	struct opt *opt = oms->opt;
	switch (key) {
	case KEY_LINE: return take_line(oms, arg);
	case KEY_REASON: opt->reason = arg; return 0;
	case KEY_WHOLE: opt->whole = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static int64_t held(const struct order *o, const struct reservation *like)
{
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		if (str_eq(r->line, like->line) && str_eq(r->warehouse, like->warehouse) && str_eq(r->sku, like->sku)) return r->allocated;
	}
	return 0;
}

static void say_done(struct buf *b, const struct cancelled *c)
{
	struct buf t = {0};
	int64_t units = 0;
	for (size_t i = 0; i < c->is->n_lines && i < c->was->n_lines; i++) units += c->is->lines[i].cancelled - c->was->lines[i].cancelled;
	buf_printf(&t, "%lld unit%s", (long long)units, units == 1 ? "" : "s");
	for (size_t i = 0, k = 0; i < c->was->n_reservations; i++) {
		const struct reservation *r = &c->was->reservations[i];
		int64_t n = r->allocated - held(c->is, r);
		if (n) buf_printf(&t, "%s%lld " STR_FMT " back in " STR_FMT, k++ ? ", " : "; ", (long long)n, STR_ARG(r->sku), STR_ARG(r->warehouse));
	}
	member_text(b, "message", buf_view(&t));
	buf_free(&t);
}

static void put_released(struct buf *b, const struct cancelled *c)
{
	member_open(b, "released", '[');
	for (size_t i = 0; i < c->was->n_reservations && c->changed; i++) {
		const struct reservation *r = &c->was->reservations[i];
		int64_t n = r->allocated - held(c->is, r);
		if (!n) continue;
		member_item(b, '{');
		member_text(b, "warehouse", r->warehouse);
		member_text(b, "sku", r->sku);
		member_text(b, "line", r->line);
		member_whole(b, "quantity", n);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void put_result(struct oms *oms, struct buf *b, const struct cancelled *c, int r)
{
	const struct opt *opt = oms->opt;
	member_record(b, "oms.result/1");
	member_text(b, "id", c->id);
	member_word(b, "action", "cancel");
	member_word(b, "outcome", c->changed ? "cancelled" : r ? "refused" : "unchanged");
	member_flag(b, "changed", c->changed);
	member_text(b, "order", c->id);
	member_word(b, "from", axis_word(AXIS_STATUS, (int)c->was->status));
	member_word(b, "to", axis_word(AXIS_STATUS, (int)c->is->status));
	member_word(b, "code", c->code);
	if (r) member_word(b, "message", oms->err.text);
	else if (c->changed) say_done(b, c);
	put_released(b, c);
	member_word(b, "actor", own_actor(opt->own));
	if (oms->dry_run) member_flag(b, "dry_run", true);
	member_instant(b, "at", oms->now);
	buf_c(b, '}');
}

static int one(struct oms *oms, const char *operand, void *ctx)
{
	struct opt *opt = ctx;
	struct cancelled c;
	struct buf b = {0};
	own_at(opt->own, oms->now);
	int r = cancel_order(opt->own, &oms->err, operand, &(struct cancel_options){opt->reason, opt->units.v, opt->units.n, oms->now}, &c);
	if (c.was) {
		put_result(oms, &b, &c, r);
		group_result(&opt->group, buf_view(&b), r == 0);
	}
	buf_free(&b);
	return r;
}

static void forget(void *with) { own_forget(with); }

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (own_reason(&oms->err, opt->reason)) return -1;
	if (opt->units.n && (!oms->args[0] || oms->args[1] || !strcmp(oms->args[0], "-"))) return fail(&oms->err, E_USAGE, "--line is of one order: name one");
	opt->rules = rules_load(&oms->arena, &oms->err, NULL); // a cancelled order has other holds
	if (!opt->rules) return -1;
	opt->own = own_open(oms->db, &oms->err, oms->now, cmd_actor(oms), opt->rules);
	opt->group = (struct group){.oms = oms, .whole = opt->whole, .forget = forget, .with = opt->own};
	int r = group_each(&opt->group, one, opt);
	own_close(opt->own);
	rules_close(opt->rules);
	return r;
}

static const struct out_column columns[] = {
	{"ORDER", "id", false, true, 0}, {"OUTCOME", "outcome", false, false, 0}, {"STATUS", "to", false, false, 1}, {"CODE", "code", false, false, 3}, {"WHAT", "message", false, false, 2},
};

const struct cmd cmd = {
	.name = "oms-cancel", .summary = "cancel orders, or units of a line, and give their stock back", .args = "[ORDER...]", .audience = "execute",
	.examples = "oms-cancel 1001 --reason='customer changed his mind'\noms-cancel 1001 --line=MUG:1 --reason='one is enough'",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .own_transactions = true, .groups = CMD_OUTPUT | CMD_DRY,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .needs_input = true, .run = run,
};
