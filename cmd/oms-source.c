// oms-source: register where records come from, or show it.
#include "cmd.h"
#include "map.h"
#include "member.h"
#include "source_store.h"

struct opt { const char *channel, *account, *tz, *currency; };
enum { KEY_CHANNEL = 0x300, KEY_ACCOUNT, KEY_ZONE, KEY_CURRENCY };
static const struct argp_option options[] = {
	{"channel", KEY_CHANNEL, "CHANNEL", 0, "Mapping its records are read by: a file of share/channels", 1},
	{"account", KEY_ACCOUNT, "NAME", 0, "Shop, seller or account there", 1},
	{"source-tz", KEY_ZONE, "ZONE", 0, "Zone of its times that carry none: an IANA name", 1},
	{"tz", KEY_ZONE, "ZONE", 0, "The same, in short", 1},
	{"currency", KEY_CURRENCY, "CODE", 0, "Currency of its amounts that carry none: ISO 4217", 1},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_CHANNEL: opt->channel = arg; return 0;
	case KEY_ACCOUNT: opt->account = arg; return 0;
	case KEY_ZONE: opt->tz = arg; return 0;
	case KEY_CURRENCY: opt->currency = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void print(struct oms *oms, const struct source *s, const char *change)
{
	struct buf b = {0};
	member_record(&b, "oms.source/1");
	member_word(&b, "id", s->name);
	member_word(&b, "channel", s->channel);
	member_word(&b, "account", s->account);
	member_word(&b, "tz", s->tz);
	member_word(&b, "currency", s->currency);
	member_word(&b, "change", change);
	member_instant(&b, "created_at", s->created_at);
	if (oms->dry_run) member_flag(&b, "dry_run", true);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
	oms->done++;
}

static int list(struct oms *oms)
{
	struct source *s;
	size_t n;
	if (source_list(oms->db, &oms->err, &oms->arena, &s, &n)) return -1;
	for (size_t i = 0; i < n; i++) print(oms, &s[i], NULL);
	return 0;
}

static int check_name(struct oms *oms, const char *name)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	if (*name && strlen(name) <= 64 && strspn(name, ok) == strlen(name)) return 0;
	fail(&oms->err, E_USAGE, "a source's name has 1 to 64 of a-z 0-9 - _ .");
	return hint(&oms->err, "it becomes the first part of every order id, before the colon: shopify-eu:450789469");
}

static int check_values(struct oms *oms, const struct opt *opt)
{
	if (opt->channel && !map_load(&oms->arena, &oms->err, opt->channel)) return because(&oms->err, "--channel=%s", opt->channel);
	if (opt->tz && !zone_known(opt->tz)) return fail(&oms->err, E_USAGE, "--tz=%s: no such zone; give an IANA name such as Europe/Berlin", opt->tz);
	if (opt->currency && currency_digits(str_of(opt->currency)) < 0) return fail(&oms->err, E_USAGE, "--currency=%s: no such currency; give an ISO 4217 code such as EUR", opt->currency);
	return 0;
}

static bool same_text(const char *a, const char *b) { return !strcmp(a ? a : "", b ? b : ""); }

static bool same(const struct source *a, const struct source *b)
{
	return same_text(a->channel, b->channel) && same_text(a->account, b->account) && same_text(a->currency, b->currency) && same_text(a->tz, b->tz);
}

static int change(struct oms *oms, const char *name)
{
	const struct opt *opt = oms->opt;
	struct source s = {0};
	bool created;
	bool there = source_get(oms->db, &oms->err, &oms->arena, name, &s) == 0;
	if (!there && oms->err.code != E_NOTFOUND) return -1;
	if (!there && !opt->channel) return hint(&oms->err, "to register it: oms-source %s --channel=CHANNEL", name);
	if (!there && check_name(oms, name)) return -1;
	err_clear(&oms->err);
	struct source was = s;
	s.name = name;
	s.created_at = there ? s.created_at : oms->now;
	if (opt->channel) s.channel = opt->channel;
	if (opt->account) s.account = opt->account;
	if (opt->currency) s.currency = opt->currency;
	s.tz = opt->tz ? opt->tz : s.tz ? s.tz : "UTC";
	if (check_values(oms, opt) || source_put(oms->db, &oms->err, &s, &created)) return -1;
	print(oms, &s, created ? "created" : same(&was, &s) ? "unchanged" : "changed");
	return 0;
}

static int show(struct oms *oms, const char *name)
{
	struct source s;
	if (source_get(oms->db, &oms->err, &oms->arena, name, &s))
		return oms->err.code == E_NOTFOUND && !strstr(oms->err.hint, "did you mean") ? hint(&oms->err, "to register it: oms-source %s --channel=CHANNEL", name) : -1;
	print(oms, &s, NULL);
	return 0;
}

static int run(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	bool changes = opt->channel || opt->account || opt->tz || opt->currency;
	if (!oms->args[0]) return changes ? fail(&oms->err, E_USAGE, "name the source to register or change") : list(oms);
	if (oms->args[1]) return fail(&oms->err, E_USAGE, "one source at a time");
	return changes ? change(oms, oms->args[0]) : show(oms, oms->args[0]);
}

static int offer(struct oms *oms, struct str kind, struct str typed)
{
	struct source *s;
	size_t n;
	(void)kind;
	if (source_list(oms->db, &oms->err, &oms->arena, &s, &n)) return -1;
	for (size_t i = 0; i < n; i++)
		if (str_starts(str_of(s[i].name), typed) && !cmd_offer(oms, str_of(s[i].name), str_of(s[i].channel))) break;
	return 0;
}

static void words(struct oms *oms)
{
	size_t n;
	const char **channel = map_channels(&oms->arena, &n);
	for (size_t i = 0; i < n; i++) cmd_word(oms, "CHANNEL", channel[i], NULL);
}

static enum db_mode store_for(const struct oms *oms)
{
	const struct opt *opt = oms->opt;
	return opt->channel || opt->account || opt->tz || opt->currency ? DB_WRITE : DB_READ;
}

static const struct out_column columns[] = {
	{"SOURCE", "id", false, true, 0}, {"CHANNEL", "channel", false, false, 0}, {"ACCOUNT", "account", false, false, 2}, {"ZONE", "tz", false, false, 1},
	{"CURRENCY", "currency", false, false, 1}, {"CHANGE", "change", false, false, 0},
};

const struct cmd cmd = {
	.name = "oms-source", .summary = "register where records come from, or show it", .args = "[SOURCE]", .audience = "intake",
	.examples = "oms-source\noms-source shopify-eu --channel=shopify --account=eu-shop --tz=Europe/Berlin --currency=EUR",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .store_for = store_for, .groups = CMD_OUTPUT | CMD_DRY,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .words = words, .offer = offer, .run = run,
};
