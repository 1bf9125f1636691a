// oms-check: may these orders be confirmed? Every check with its evidence, where the units would come from, and a digest of it.
#include "cmd_checks.h"
#include "confirm.h"
#include "cmd.h"
#include "each.h"
#include "member.h"
#include "check_screen.h"

struct opt { const char *expect; bool checks, shown; struct policy *policy; struct own *own; unsigned overrides; const char *override; };
enum { KEY_EXPECT = 0x300, KEY_CHECKS, KEY_OVERRIDE };
static const struct argp_option options[] = {
	{"override", KEY_OVERRIDE, "CHECK[,CHECK]", 0, "As if these checks were passed over", 1},
	{"expect", KEY_EXPECT, "DIGEST", 0, "Answer no where what is seen is not what this digest was of", 1},
	{"checks", KEY_CHECKS, NULL, 0, "List the checks there are", 1},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_EXPECT: opt->expect = arg; return 0;
	case KEY_CHECKS: opt->checks = true; return 0;
	case KEY_OVERRIDE: opt->override = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static int list(struct oms *oms, const struct policy *p)
{
	for (size_t i = 0; i < policy_size(p); i++) {
		struct policy_check c = policy_check_at(p, i);
		struct buf b = {0};
		member_record(&b, "oms.check_kind/1");
		member_word(&b, "id", c.id);
		member_word(&b, "name", c.name);
		member_word(&b, "about", c.about);
		member_word(&b, "override", c.override);
		buf_c(&b, '}');
		out_record(oms->out, buf_view(&b));
		buf_free(&b);
	}
	oms->done = policy_size(p);
	return 0;
}

static void print(struct oms *oms, const struct confirmed *c)
{
	struct opt *opt = oms->opt;
	struct buf b = {0};
	if (out_form(oms->out) == OUT_TEXT) {
		check_screen(&b, &c->check, &(struct check_look){.width = oms->width, .color = oms->color, .more = opt->shown});
		out_bytes(oms->out, buf_view(&b));
		buf_free(&b);
		opt->shown = true;
		return;
	}
	member_record(&b, "oms.check/1");
	member_text(&b, "id", c->id);
	member_word(&b, "status", axis_word(AXIS_STATUS, (int)c->check.o->status));
	member_text(&b, "message", check_message(&c->check, own_arena(((const struct opt *)oms->opt)->own)));
	check_json(&b, &c->check, true);
	member_instant(&b, "at", oms->now);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
}

static int one(struct oms *oms, const char *operand, void *ctx)
{
	struct opt *opt = ctx;
	struct confirmed c;
	struct confirm_options o = {.policy = opt->policy, .now = oms->now, .overrides = opt->overrides, .expect = opt->expect, .evidence = true};
	int r = confirm_look(opt->own, oms->db, &oms->err, operand, &o, &c);
	if (c.check.o) print(oms, &c);
	own_forget(opt->own);
	if (!r || !c.check.o || err_exit(oms->err.code) >= err_exit(E_USAGE)) return r;
	err_clear(&oms->err); // the answer is no, and why stands in the record: nothing more is to be said
	oms->failed++;
	oms->done--; // it is counted as done when this returns
	return 0;
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	opt->policy = policy_load(&oms->arena, &oms->err);
	if (!opt->policy) return -1;
	int r = opt->checks ? list(oms, opt->policy) : checks_expect(&oms->err, opt->expect) ? -1 : policy_overrides(opt->policy, &oms->err, opt->override, &opt->overrides);
	if (r == 0 && !opt->checks) {
		opt->own = own_open(oms->db, &oms->err, oms->now, cmd_actor(oms), NULL);
		r = each_operand(oms, one, opt);
		own_close(opt->own);
	}
	policy_close(opt->policy);
	return r;
}

static enum db_mode store_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->checks ? DB_NONE : DB_READ; }

static const struct out_column columns[] = {
	{"ORDER", "id", false, true, 0}, {"VERDICT", "verdict", false, false, 0}, {"WHY", "message", false, false, 1}, {"SERVICE", "plan.service", false, false, 2}, {"DIGEST", "digest", false, false, 3},
};
static const struct out_column kinds[] = {{"CHECK", "id", false, true, 0}, {"NAME", "name", false, false, 0}, {"WHAT HOLDS", "about", false, false, 0}, {"OVERRIDE", "override", false, false, 1}};

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	bool checks = ((const struct opt *)oms->opt)->checks;
	*n = checks ? sizeof kinds / sizeof *kinds : sizeof columns / sizeof *columns;
	return checks ? kinds : columns;
}

static enum out_format tty_format_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->checks ? OUT_TABLE : OUT_TEXT; }

const struct cmd cmd = {
	.name = "oms-check", .summary = "say whether orders may be confirmed, and why not", .args = "[ORDER...]", .audience = "execute",
	.examples = "oms-check 1001\noms-find --status=new -F ids | oms-check -F jsonl",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .store_for = store_for, .groups = CMD_OUTPUT, .columns_for = columns_for,
	.tty_format_for = tty_format_for, .needs_input = true, .words = checks_words, .run = run,
};
