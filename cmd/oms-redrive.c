// oms-redrive: dead letters through intake again, corrected or with the mapping and rules of today.
#include "cmd.h"
#include "each.h"
#include "ingest.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PAGE = 500 };
struct opt { struct dead_filter f; const char *with; bool all; };
enum { KEY_SOURCE = 0x300, KEY_CODE, KEY_OWNER, KEY_ALL, KEY_WITH };
static const struct argp_option options[] = {
	{"source", KEY_SOURCE, "SOURCE", 0, "All open ones of this source", 1},
	{"code", KEY_CODE, "CODE", 0, "All open ones with this reason code", 1},
	{"owner", KEY_OWNER, "WORD", 0, "All open ones of this owner", 1},
	{"all", KEY_ALL, NULL, 0, "All open ones", 1},
	{"with", KEY_WITH, "FILE", 0, "These bytes instead of the ones kept: the corrected record, for one dead letter", 2},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_SOURCE: opt->f.source = arg; return 0;
	case KEY_CODE: opt->f.code = arg; return 0;
	case KEY_OWNER: opt->f.owner = arg; return 0;
	case KEY_ALL: opt->all = true; return 0;
	case KEY_WITH: opt->with = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

struct from { struct source source; struct map *map; }; // read once, however many letters are of it
struct drive { struct rules *rules; struct codec *codec; struct arena arena; VEC(struct from) from; };

static int read_file(struct oms *oms, const char *path, struct str *to)
{
	struct buf b = {0};
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : 0;
	if (fd < 0) return fail(&oms->err, E_NOINPUT, "%s: %s", path, strerror(errno));
	for (ssize_t n;;) {
		buf_room(&b, 65536);
		n = read(fd, b.p + b.n, 65536);
		if (n < 0) return buf_free(&b), fail(&oms->err, E_NOINPUT, "%s: %s", path, strerror(errno));
		if (!n) break;
		b.n += (size_t)n;
		if (b.n > (16u << 20)) return buf_free(&b), fail(&oms->err, E_DATA, "%s: over 16 MiB: no record is that large", path);
	}
	if (fd) close(fd);
	*to = (struct str){arena_copy(&oms->arena, b.p ? b.p : "", b.n), b.n};
	buf_free(&b);
	return 0;
}

// The letter is closed, in the same transaction, where its bytes as a whole are no longer what fails: all is fine, or they
// are a document of several records by now, and those that fail have letters of their own. A correction that fails leaves no trace.
static int keep(struct oms *oms, const struct dead *dl, struct ingest_unit **u, size_t n, size_t bad)
{
	bool still = !n;
	for (size_t i = 0; i < n; i++) still |= u[i]->result.outcome == OUTCOME_DEAD && u[i]->payload_id == dl->payload_id;
	if (oms->dry_run || (bad && ((const struct opt *)oms->opt)->with)) return db_rollback(oms->db), 0;
	if (!still && dead_close(oms->db, &oms->err, dl->payload_id, "redriven", oms->now)) return -1;
	return db_commit(oms->db, &oms->err);
}

static int drive_bytes(struct oms *oms, const struct dead *dl, struct str raw, struct ingest *in, const char *source)
{
	const struct opt *opt = oms->opt;
	struct ingest_unit **u;
	if (ingest_bytes(in, &oms->err, raw, dl->input, (uint64_t)dl->line) || ingest_finish(in, &oms->err)) return -1;
	size_t n = ingest_units(in, &u), bad = 0;
	for (size_t i = 0; i < n; i++) bad += u[i]->result.outcome == OUTCOME_DEAD;
	if (keep(oms, dl, u, n, bad)) return -1;
	for (size_t i = 0; i < n; i++) {
		struct buf b = {0};
		if (!u[i]->dead_id || opt->with) u[i]->dead_id = dl->dead_id;
		if (out_form(oms->out) == OUT_TABLE) u[i]->result.why = ingest_why(u[i], &oms->arena);
		ingest_result_json(&b, u[i], source, oms->now, oms->dry_run);
		out_record(oms->out, buf_view(&b));
		buf_free(&b);
	}
	out_flush(oms->out);
	if (!bad && n) return 0;
	const char *why = "nothing to apply in it";
	for (size_t i = 0; i < n; i++)
		if (u[i]->result.outcome == OUTCOME_DEAD && u[i]->result.why) why = u[i]->result.why;
	fail(&oms->err, E_REFUSED, "dead as before: %s", why);
	return opt->with ? hint(&oms->err, "the letter keeps its own bytes; correct the file and try again") : -1;
}

static const struct from *from_of(struct oms *oms, struct drive *dr, int64_t source_id)
{
	for (size_t i = 0; i < dr->from.n; i++)
		if (dr->from.v[i].source.source_id == source_id) return &dr->from.v[i];
	struct from f;
	if (source_by_id(oms->db, &oms->err, &dr->arena, source_id, &f.source)) return NULL;
	f.map = map_load(&dr->arena, &oms->err, f.source.channel);
	if (!f.map) return NULL;
	*VEC_PUSH(&dr->arena, &dr->from) = f;
	return &dr->from.v[dr->from.n - 1];
}

static int drive(struct oms *oms, struct drive *dr, int64_t id)
{
	const struct opt *opt = oms->opt;
	struct ingest_options io = {.rules = dr->rules, .now = oms->now};
	struct dead dl;
	struct str raw;
	if (db_begin(oms->db, &oms->err)) return -1;
	int r = dead_get(oms->db, &oms->err, &oms->arena, id, &dl);
	if (!r && strcmp(dl.state, "open")) r = fail(&oms->err, E_REFUSED, "is %s already", dl.state);
	const struct from *from = r ? NULL : from_of(oms, dr, dl.source_id);
	if (!from) r = -1;
	if (!r) r = opt->with ? read_file(oms, opt->with, &raw) : payload_get(oms->db, dr->codec, &oms->err, &oms->arena, dl.payload_id, &raw);
	if (r) return db_rollback(oms->db), -1;
	io.source = from->source;
	io.map = from->map;
	io.topic = dl.topic;
	struct ingest *in = ingest_open(oms->db, &io, &oms->err);
	r = in ? drive_bytes(oms, &dl, raw, in, io.source.name) : -1;
	db_rollback(oms->db); // nothing where it was committed
	ingest_close(in);
	return r;
}

static int one(struct oms *oms, const char *operand, void *ctx)
{
	int64_t id;
	if (!str_int(str_of(operand), &id)) return fail(&oms->err, E_USAGE, "a dead letter's id is a number (oms-dead lists them)");
	struct arena_mark m = arena_mark(&oms->arena);
	int r = drive(oms, ctx, id);
	arena_reset(&oms->arena, m);
	return r;
}

static int drive_counted(struct oms *oms, struct drive *dr, int64_t id)
{
	char about[32];
	if (!drive(oms, dr, id)) {
		oms->done++;
		return 0;
	}
	snprintf(about, sizeof about, "%lld", (long long)id);
	if (err_exit(oms->err.code) >= 64) return because(&oms->err, "%s", about);
	cmd_report(oms, about);
	return 0;
}

// A page at a time, so that there may be any number of them.
static int by_filter(struct oms *oms, struct drive *dr)
{
	struct opt *opt = oms->opt;
	struct dead *d;
	int64_t left = oms->limit > 0 ? oms->limit : INT64_MAX;
	opt->f.state = "open";
	opt->f.since = opt->f.until = DATE_NONE;
	for (size_t n = 1; n && left; left -= (int64_t)n) {
		struct arena_mark m = arena_mark(&oms->arena);
		opt->f.limit = left < PAGE ? left : PAGE;
		if (dead_list(oms->db, &oms->err, &oms->arena, &opt->f, &d, &n)) return -1;
		for (size_t i = 0; i < n && !cmd_stopping(); i++) {
			struct arena_mark one_letter = arena_mark(&oms->arena);
			if (drive_counted(oms, dr, d[i].dead_id)) return -1;
			arena_reset(&oms->arena, one_letter);
		}
		if (n) opt->f.after_id = d[n - 1].dead_id;
		arena_reset(&oms->arena, m);
		if (cmd_stopping()) break;
	}
	return 0;
}

static void words(struct oms *oms)
{
	for (size_t i = 0; rule_owner(i); i++) cmd_word(oms, "owner", rule_owner(i), NULL);
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	bool filter = opt->f.source || opt->f.code || opt->f.owner || opt->all;
	if (filter == (oms->args[0] != NULL)) return fail(&oms->err, E_USAGE, "name dead letters, or choose them by --source, --code, --owner or --all");
	if (opt->with && (filter || oms->args[1])) return fail(&oms->err, E_USAGE, "--with=FILE corrects one dead letter: name that one");
	struct source s;
	if (opt->f.source && source_get(oms->db, &oms->err, &oms->arena, opt->f.source, &s)) return because(&oms->err, "--source=%s", opt->f.source);
	struct drive dr = {.rules = rules_load(&oms->arena, &oms->err, NULL), .codec = codec_open(oms->db)};
	int r = !dr.rules ? -1 : filter ? by_filter(oms, &dr) : each_operand(oms, one, &dr);
	arena_free(&dr.arena);
	codec_close(dr.codec);
	rules_close(dr.rules);
	return r;
}

static const struct out_column columns[] = {
	{"DEAD", "dead", true, true, 0}, {"OUTCOME", "outcome", false, false, 0}, {"ORDER", "order", false, false, 0}, {"KIND", "kind", false, false, 2},
	{"CODE", "code", false, false, 1}, {"WHY", "message", false, false, 3},
};

const struct cmd cmd = {
	.name = "oms-redrive", .summary = "apply dead letters again, corrected or re-mapped", .args = "[DEAD...]", .audience = "intake",
	.examples = "oms-redrive --code=unknown_kind -n\noms-redrive 7 --with=fixed.json",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .own_transactions = true, .groups = CMD_OUTPUT | CMD_DRY | CMD_LIMIT,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns, .tty_format = OUT_TABLE, .words = words, .run = run,
};
