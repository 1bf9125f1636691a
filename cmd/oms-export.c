// oms-export: orders, lines, payments, taxes, parcels or events as a file for those who must keep it, with its proof.
#include "cmd_documents.h"
#include "cmd_filter.h"
#include "member.h"
#include <errno.h>
#include <unistd.h>

struct opt { struct find_filter f; const char *window, *verify, *lock, *sheets, *font; enum export_grain grain; bool manifest, grain_given; };

enum { KEY_GRAIN = 0x300, KEY_WINDOW, KEY_MANIFEST, KEY_VERIFY, KEY_LOCK, KEY_SHEETS, KEY_FONT };
static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "Rows:", 2},
	{"grain", KEY_GRAIN, "order|line|payment|tax|shipping|event", 0, "What a row is; order is the default", 2},
	{"window", KEY_WINDOW, "SPAN", 0, "Orders placed in it: 2026-10, 2026-W41, 2026-Q4, 2026-10-05, yesterday, last-month …", 2},
	{NULL, 0, NULL, 0, "Documents:", 3},
	{"per-order", KEY_SHEETS, "DIR", 0, "A PDF an order in DIR, each named after its order, in place of rows", 3},
	{"font", KEY_FONT, "FILE", 0, "For PDF: the TrueType font of letters that are not Latin", 3},
	{NULL, 0, NULL, 0, "Proof:", 4},
	{"manifest", KEY_MANIFEST, NULL, 0, "With -o FILE: write FILE.manifest.json beside it: counts, sums, hash, window", 4},
	{"verify", KEY_VERIFY, "FILE", 0, "Hash, count and sum up FILE again and hold it against its manifest", 4},
	{"lock", KEY_LOCK, "NAME", 0, "Run only where no other run holds NAME; 75 where one does", 4},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	int grain;
	switch (key) {
	case KEY_GRAIN:
		if ((grain = export_grain_named(str_of(arg))) < 0) argp_error(st, "--grain=%s: is one of order line payment tax shipping event", arg);
		else opt->grain = (enum export_grain)grain, opt->grain_given = true;
		return 0;
	case KEY_WINDOW: opt->window = arg; return 0;
	case KEY_MANIFEST: opt->manifest = true; return 0;
	case KEY_VERIFY: opt->verify = arg; return 0;
	case KEY_LOCK: opt->lock = arg; return 0;
	case KEY_SHEETS: opt->sheets = arg; return 0;
	case KEY_FONT: opt->font = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const char *s_of(uint64_t n) { return n == 1 ? "" : "s"; }

// --- verify ------------------------------------------------------------------------------------------------------------

static void found(void *ctx, const struct export_difference *d)
{
	struct oms *oms = ctx;
	struct buf b = {0};
	member_record(&b, "oms.finding/1");
	member_word(&b, "id", ((const struct opt *)oms->opt)->verify);
	member_word(&b, "file", d->file);
	member_word(&b, "check", d->check);
	member_word(&b, "message", d->what);
	member_word(&b, "found", d->found);
	member_word(&b, "expected", d->manifest);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
}

static int reads(void *ctx, const char *path) { return cmd_spare_read(ctx, path); }

// Whatever else says what is exported says nothing here, and a form of an export is none of a list of differences.
static int verify_alone(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	const struct find_filter *f = &opt->f;
	enum out_format form = out_form(oms->out);
	bool chosen = f->status || f->payment || f->fulfilment || f->attention || f->segment || f->source || f->sku || f->late || f->oldest_first || f->scan;
	if (opt->grain_given || opt->window || opt->manifest || opt->sheets || opt->font || chosen || oms->since != DATE_NONE || oms->until != DATE_NONE)
		return fail(&oms->err, E_USAGE, "--verify reads what its file's manifest says: leave away what chooses rows and makes files");
	return form == OUT_PDF || form == OUT_CSV_EXCEL ? fail(&oms->err, E_USAGE, "-F %s is a form of exports; differences are records: table, jsonl, csv …", form == OUT_PDF ? "pdf" : "csv-excel") : 0;
}

static int verify(struct oms *oms)
{
	const char *file = ((const struct opt *)oms->opt)->verify;
	if (verify_alone(oms)) return -1;
	struct export_verify v = {.found = found, .reads = reads, .ctx = oms};
	if (export_verify(&oms->err, &oms->arena, file, &v)) return -1;
	if (v.drawn) cmd_say(oms, "of a PDF the rows and sums are what its manifest says: they are not counted again");
	if (v.wrong) return fail(&oms->err, E_NONE, "%s is not what its manifest says: %llu difference%s", file, (unsigned long long)v.wrong, s_of(v.wrong));
	cmd_say(oms, "%s is what its manifest says: %llu row%s", file, (unsigned long long)v.rows, s_of(v.rows));
	return 0;
}

// --- export ------------------------------------------------------------------------------------------------------------

static int window(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	if (!opt->window) return 0;
	if (oms->since != DATE_NONE || oms->until != DATE_NONE) return fail(&oms->err, E_USAGE, "--window stands in place of --since and --until: give one or the other");
	return date_window(&oms->err, opt->window, oms->zone, oms->now, &oms->since, &oms->until) ? because(&oms->err, "--window") : 0;
}

// --- sheets ------------------------------------------------------------------------------------------------------------

static int sheets_asked(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	enum out_format f = out_form(oms->out);
	if (oms->output) return fail(&oms->err, E_USAGE, "--per-order writes into its folder: leave -o away");
	if (opt->manifest) return fail(&oms->err, E_USAGE, "--manifest proves one file: leave it away with --per-order");
	if (opt->grain_given || oms->fields) return fail(&oms->err, E_USAGE, "a sheet has all of an order: --grain and --fields are for rows");
	if (f != OUT_PDF && f != OUT_JSONL && f != OUT_TABLE) return fail(&oms->err, E_USAGE, "--per-order makes PDF, and nothing else");
	return 0;
}

// --- rows --------------------------------------------------------------------------------------------------------------

// Bytes as they are handed out; the printer makes what it is made for: tables, one array, ids, counts, colour.
static bool straight(const struct oms *oms, enum export_form *form)
{
	enum out_format f = out_form(oms->out);
	*form = f == OUT_CSV ? EXPORT_CSV : f == OUT_CSV_EXCEL ? EXPORT_CSV_EXCEL : f == OUT_PDF ? EXPORT_PDF : EXPORT_JSONL;
	return *form != EXPORT_JSONL || (f == OUT_JSONL && !oms->tty);
}

static int print_rows(struct oms *oms, struct export *x, bool bytes)
{
	struct str row;
	int got;
	struct str head = export_head(x);
	if (bytes && head.n) out_bytes(oms->out, head);
	while ((got = export_row(x, &oms->err, &row)) == 1) {
		if (bytes) out_bytes(oms->out, row);
		else out_record(oms->out, str_cut(row, 0, row.n - 1));
		uint64_t rows = export_counted(x).rows;
		if (rows % 1024) continue;
		cmd_progress(oms, "%llu rows", (unsigned long long)rows);
		if (out_broken(oms->out)) break; // closing it says why
	}
	if (got < 0 && !export_counted(x).rows) out_drop(oms->out); // a header alone would be an export of no rows
	return got < 0 ? -1 : 0;
}

static int write_manifest(struct oms *oms, struct export *x)
{
	const char *slash = strrchr(oms->output, '/');
	struct buf b = {0};
	int r = export_manifest(x, &oms->err, &(struct export_stamp){slash ? slash + 1 : oms->output, "oms " VERSION, oms->now}, &b);
	if (r == 0) r = cmd_beside(oms, ".manifest.json", buf_view(&b));
	buf_free(&b);
	return r;
}

static void summary(struct oms *oms, const struct export *x)
{
	struct export_counts n = export_counted(x);
	cmd_say(oms, "%llu order%s, %llu row%s, %llu bytes%s", (unsigned long long)n.orders, s_of(n.orders), (unsigned long long)n.rows, s_of(n.rows), (unsigned long long)n.bytes,
		n.guarded ? arena_printf(&oms->arena, "; %llu cells begin as a formula does and got a '", (unsigned long long)n.guarded) : "");
}

static int rows_of(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	struct export_options o = {.grain = opt->grain, .filter = opt->f, .zone = oms->zone, .header = !oms->no_header, .proof = opt->manifest};
	bool pdf = out_form(oms->out) == OUT_PDF;
	bool bytes = straight(oms, &o.form);
	if (bytes) o.fields = oms->fields;
	o.proof |= pdf; // it prints the totals
	if (opt->manifest && !bytes) return fail(&oms->err, E_USAGE, "--manifest proves csv, csv-excel, jsonl and pdf; say which with -F");
	db_bulk(oms->db, true); // a long read
	struct export *x = export_open(oms->db, &oms->err, &oms->arena, &o);
	if (!x) return -1;
	int r = pdf ? documents_register(oms, x, opt->font) : print_rows(oms, x, bytes);
	if (r == 0 && opt->manifest && !out_broken(oms->out)) r = write_manifest(oms, x);
	if (r == 0 && oms->output) summary(oms, x);
	export_close(x);
	return r;
}

static int run(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	if (opt->verify) return verify(oms);
	if (opt->sheets && sheets_asked(oms)) return -1;
	if (out_form(oms->out) == OUT_PDF && oms->tty && !opt->sheets) return fail(&oms->err, E_USAGE, "a PDF is nothing for a terminal: give -o FILE, or a pipe");
	if (opt->font && access(opt->font, R_OK)) return fail(&oms->err, E_NOINPUT, "--font=%s: %s", opt->font, strerror(errno));
	if (opt->font && cmd_spare_read(oms, opt->font)) return because(&oms->err, "--font");
	if (opt->manifest && !cmd_output_file(oms)) return fail(&oms->err, E_USAGE, "--manifest needs -o FILE, and FILE to be a file: it stands beside it");
	if (window(oms) || (opt->lock && cmd_lock(oms, opt->lock)) || filter_settle(oms)) return -1;
	return opt->sheets ? documents_sheets(oms, &opt->f, opt->sheets, opt->font) : rows_of(oms);
}

static void words(struct oms *oms)
{
	const char *span;
	filter_words(oms);
	for (size_t i = 0; (span = date_window_word(i)); i++) cmd_word(oms, "window", span, NULL);
}

static enum db_mode store_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->verify ? DB_NONE : DB_READ; }

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	static const struct out_column differences[] = {{"FILE", "file", false, true, 0}, {"CHECK", "check", false, false, 1}, {"WHAT", "message", false, false, 0}};
	static struct out_column columns[64];
	const struct opt *opt = oms->opt;
	if (opt->verify) return *n = 3, differences;
	*n = export_width(opt->grain);
	for (size_t i = 0; i < *n; i++) {
		const char *name = export_column_name(opt->grain, i);
		columns[i] = (struct out_column){name, name, export_column_right(opt->grain, i), export_column_id(opt->grain, i), export_column_rank(opt->grain, i)};
	}
	return columns;
}

const struct cmd cmd = {
	.name = "oms-export", .summary = "write orders and what is in them to a file, with its proof", .args = "", .audience = "govern",
	.examples = "oms-export -F csv --window=last-month -o orders.csv --manifest\noms-export -F pdf --grain=tax --window=2026-Q4 -o tax.pdf",
	.shared = (const struct argp *const[]){&filter_argp, NULL}, .options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .store_for = store_for,
	.groups = CMD_OUTPUT | CMD_WINDOW, .formats = "csv|csv-excel|jsonl|json|tsv|table|text|ids|count|pdf", .columns_for = columns_for, .tty_format = OUT_TABLE, .words = words, .run = run,
};
