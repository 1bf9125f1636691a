// oms-fsck: check a store: integrity, ties, projections against the log; rebuild them; print its digest.
#include "cmd.h"
#include "fsck.h"
#include "member.h"

struct opt { bool deep, rebuild, digest; };
enum { KEY_DEEP = 0x300, KEY_REBUILD, KEY_DIGEST };
static const struct argp_option options[] = {
	{"deep", KEY_DEEP, NULL, 0, "Fold every order from the event log again and compare it with its rows", 1},
	{"rebuild", KEY_REBUILD, NULL, 0, "Write all projections anew from the event log", 1},
	{"digest", KEY_DIGEST, NULL, 0, "Print the digest of what the store says: equal for equal records, in whatever order they came", 1},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	(void)arg;
	switch (key) {
	case KEY_DEEP: opt->deep = true; return 0;
	case KEY_REBUILD: opt->rebuild = true; return 0;
	case KEY_DIGEST: opt->digest = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void found(void *ctx, struct str order, const char *check, const char *what)
{
	cmd_finding(ctx, order.p ? order : S("store"), check, what);
}

static void progress(void *ctx, uint64_t orders)
{
	cmd_progress(ctx, "%llu orders", (unsigned long long)orders);
}

static int print_digest(struct oms *oms)
{
	struct digest d;
	if (fsck_digest(oms->db, &oms->err, &d)) return -1;
	struct buf b = {0};
	member_record(&b, "oms.digest/1");
	member_word(&b, "id", "store");
	member_open(&b, "digest", '"');
	digest_hex(&b, d.b, sizeof d.b);
	buf_cstr(&b, "\"}");
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
	return 0;
}

static int run(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	if (oms->args[0]) return fail(&oms->err, E_USAGE, "takes no operand; the store is named by --db");
	if (opt->digest) return print_digest(oms);
	if (!opt->rebuild) db_bulk(oms->db, true);
	struct fsck f = {.deep = opt->deep, .stopping = cmd_stopping, .found = found, .progress = progress, .ctx = oms};
	struct fsck_counts n;
	struct rules *r = rules_load(&oms->arena, &oms->err, NULL);
	if (!r) return -1;
	int bad = opt->rebuild ? fsck_rebuild(oms->db, &oms->err, r, oms->now, &f, &n) : fsck_run(oms->db, &oms->err, r, oms->now, &f, &n);
	rules_close(r);
	out_flush(oms->out);
	if (bad) return -1;
	if (oms->err_tty || oms->verbose || n.wrong)
		cmd_say(oms, "%s%llu orders, %llu events%s: %llu wrong", opt->rebuild ? "rebuilt " : "", (unsigned long long)n.orders, (unsigned long long)n.events,
			opt->deep ? ", each folded again" : "", (unsigned long long)n.wrong);
	if (!n.wrong || opt->rebuild) return 0;
	fail(&oms->err, E_BUG, "the store is not sound: %llu findings", (unsigned long long)n.wrong);
	return hint(&oms->err, "oms-fsck --rebuild writes the rows of orders anew from the event log; a damaged file, stock or reference data need a backup");
}

static enum db_mode store_for(const struct oms *oms)
{
	return ((const struct opt *)oms->opt)->rebuild ? DB_WRITE : DB_READ;
}

static const struct out_column columns[] = {
	{"ORDER", "id", false, true, 0}, {"CHECK", "check", false, false, 1}, {"WHAT", "message", false, false, 0}, {"DIGEST", "digest", false, true, 0},
};

const struct cmd cmd = {
	.name = "oms-fsck", .summary = "check a store, rebuild its projections, print its digest", .args = "", .audience = "govern",
	.examples = "oms-fsck --deep\noms-fsck --digest",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .store_for = store_for, .own_transactions = true, .groups = CMD_OUTPUT,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .run = run,
};
