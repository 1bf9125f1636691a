// oms-confirm: orders whose checks pass are confirmed, their stock taken in the same transaction.
#include "cmd_checks.h"
#include "cmd_group.h"
#include "confirm.h"
#include "member.h"
#include "check_screen.h"

struct opt { const char *expect, *override, *reason; bool whole; struct policy *policy; struct own *own; struct group group; struct confirm_options o; };
enum { KEY_EXPECT = 0x300, KEY_OVERRIDE, KEY_REASON, KEY_WHOLE };
static const struct argp_option options[] = {
	{"expect", KEY_EXPECT, "DIGEST", 0, "Only where what is there is what oms-check saw: its digest, or eight and more of its digits", 1},
	{"override", KEY_OVERRIDE, "CHECK[,CHECK]", 0, "Pass over these checks where they block; recorded on the order for ever", 1},
	{"reason", KEY_REASON, "TEXT", 0, "Why: needed with --override", 1},
	{"all-or-nothing", KEY_WHOLE, NULL, 0, "Confirm all of them, or none where one is refused", 1},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_EXPECT: opt->expect = arg; return 0;
	case KEY_OVERRIDE: opt->override = arg; return 0;
	case KEY_REASON: opt->reason = arg; return 0;
	case KEY_WHOLE: opt->whole = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void put_result(struct oms *oms, struct buf *b, const struct confirmed *c, int r)
{
	const struct opt *opt = oms->opt;
	member_record(b, "oms.result/1");
	member_text(b, "id", c->id);
	member_word(b, "action", "confirm");
	member_word(b, "outcome", c->changed ? "confirmed" : r ? "refused" : "unchanged");
	member_flag(b, "changed", c->changed);
	member_text(b, "order", c->id);
	member_word(b, "from", axis_word(AXIS_STATUS, (int)c->check.o->status));
	member_word(b, "to", c->changed ? "confirmed" : axis_word(AXIS_STATUS, (int)c->check.o->status));
	member_word(b, "code", c->code);
	if (r) member_word(b, "message", oms->err.text);
	check_json(b, &c->check, oms->verbose > 0);
	member_word(b, "actor", own_actor(opt->own));
	if (oms->dry_run) member_flag(b, "dry_run", true);
	member_instant(b, "at", oms->now);
	buf_c(b, '}');
}

static int one(struct oms *oms, const char *operand, void *ctx)
{
	struct opt *opt = ctx;
	struct confirmed c;
	struct buf b = {0};
	own_at(opt->own, oms->now);
	opt->o.now = oms->now;
	int r = confirm_order(opt->own, oms->db, &oms->err, operand, &opt->o, &c);
	if (!oms->args[0] || oms->args[1]) oms->err.hint[0] = 0; // of many the same advice a hundred times is noise
	if (c.check.o && out_form(oms->out) == OUT_TEXT)
		check_screen(&b, &c.check, &(struct check_look){.width = oms->width, .color = oms->color, .done = c.changed, .dry_run = oms->dry_run, .already = !r && !c.changed});
	else if (c.check.o) put_result(oms, &b, &c, r);
	if (b.n) group_result(&opt->group, buf_view(&b), r == 0);
	buf_free(&b);
	return r;
}

static void forget(void *with) { own_forget(with); }

static int settle(struct oms *oms, struct opt *opt)
{
	if (opt->reason && !opt->override) return fail(&oms->err, E_USAGE, "--reason is for --override");
	if (checks_expect(&oms->err, opt->expect)) return -1;
	if (opt->expect && oms->args[0] && oms->args[1]) return fail(&oms->err, E_USAGE, "--expect is of one order: name one");
	if (!opt->override) return 0;
	return own_reason(&oms->err, opt->reason) ? -1 : policy_overrides(opt->policy, &oms->err, opt->override, &opt->o.overrides);
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	opt->policy = policy_load(&oms->arena, &oms->err);
	if (!opt->policy) return -1;
	int r = settle(oms, opt);
	if (r == 0) {
		opt->own = own_open(oms->db, &oms->err, oms->now, cmd_actor(oms), NULL);
		opt->group = (struct group){.oms = oms, .whole = opt->whole, .as_text = out_form(oms->out) == OUT_TEXT, .forget = forget, .with = opt->own};
		opt->o.policy = opt->policy, opt->o.reason = opt->reason, opt->o.expect = opt->expect, opt->o.evidence = oms->verbose > 0;
		r = group_each(&opt->group, one, opt);
		own_close(opt->own);
	}
	policy_close(opt->policy);
	return r;
}

static const struct out_column columns[] = {
	{"ORDER", "id", false, true, 0}, {"OUTCOME", "outcome", false, false, 0}, {"SERVICE", "plan.service", false, false, 2}, {"CODE", "code", false, false, 1}, {"WHY", "message", false, false, 3},
};

const struct cmd cmd = {
	.name = "oms-confirm", .summary = "confirm orders: checked, their stock taken, told to others", .args = "[ORDER...]", .audience = "execute",
	.examples = "oms-confirm 1001\noms-find --status=new -F ids | oms-confirm -F jsonl",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .own_transactions = true, .groups = CMD_OUTPUT | CMD_DRY,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .needs_input = true, .words = checks_words, .run = run,
};
