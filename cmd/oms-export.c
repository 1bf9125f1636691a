// oms-export: orders, lines, payments, taxes, parcels or events as a file for those who must keep it, with its proof.
#include "cmd_filter.h"
#include "export_page.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
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

// --- verify ------------------------------------------------------------------------------------------------------------

static void found(void *ctx, const char *check, const char *what)
{
	struct oms *oms = ctx;
	cmd_finding(oms, str_of(((const struct opt *)oms->opt)->verify), check, what);
}

static int verify(struct oms *oms)
{
	const char *file = ((const struct opt *)oms->opt)->verify;
	char *real = realpath(file, NULL); // the manifest of a file behind a link stands beside that file
	if (real) file = arena_strdup(&oms->arena, real);
	free(real);
	const char *manifest = arena_printf(&oms->arena, "%s.manifest.json", file);
	struct export_verify v = {.found = found, .ctx = oms};
	if (export_verify(&oms->err, &oms->arena, file, manifest, &v)) return -1;
	if (v.drawn) cmd_say(oms, "of a PDF the rows and sums are what its manifest says: they are not counted again");
	if (v.wrong) return fail(&oms->err, E_NONE, "%s is not what its manifest says: %llu differences", file, (unsigned long long)v.wrong);
	cmd_say(oms, "%s is what its manifest says: %llu rows", file, (unsigned long long)v.rows);
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

// --- documents ---------------------------------------------------------------------------------------------------------

struct documents { struct oms *oms; struct whole *file; size_t n; uint64_t pages, boxes; }; // file: NULL, it goes where the rows go

static void flaw(void *ctx, const char *order, const char *field, const char *what)
{
	struct documents *d = ctx;
	d->boxes++;
	cmd_warn(d->oms, "%s: %s: %s", order, field, what);
}

static int register_begin(void *ctx, struct err *e, size_t number, bool last)
{
	struct documents *d = ctx;
	const char *first = cmd_output_file(d->oms);
	d->n = number;
	if (!last && !first) return fail(e, E_USAGE, "these are more than %d pages, the most a document has: give -o FILE, and the others stand beside it", EXPORT_PAGES_MOST);
	d->file = number > 1 ? cmd_file(d->oms, export_document_name(&d->oms->arena, first, number)) : NULL;
	cmd_progress(d->oms, "%zu documents", number);
	return number == 1 || d->file ? 0 : -1;
}

static int document_bytes(void *ctx, struct err *e, struct str s)
{
	struct documents *d = ctx;
	(void)e;
	if (d->file) return cmd_file_add(d->oms, d->file, s);
	out_bytes(d->oms->out, s);
	return 0;
}

static int register_end(void *ctx, struct err *e)
{
	struct documents *d = ctx;
	struct whole *w = d->file;
	(void)e;
	d->file = NULL;
	return w ? cmd_file_with(d->oms, w) : 0;
}

static int print_register(struct oms *oms, struct export *x)
{
	struct documents d = {.oms = oms};
	struct export_sink to = {.begin = register_begin, .bytes = document_bytes, .end = register_end, .flaw = flaw, .ctx = &d, .font = ((const struct opt *)oms->opt)->font};
	int r = export_register(x, &oms->err, &to);
	if (r) return cmd_file_drop(d.file), r;
	const char *first = cmd_output_file(oms), *next = first ? export_document_name(&oms->arena, first, d.n + 1) : NULL;
	if (next && access(next, F_OK) == 0) cmd_warn(oms, "%s is of another run: this one ends with document %zu", next, d.n);
	return 0;
}

// --- sheets ------------------------------------------------------------------------------------------------------------

static int sheet_begin(void *ctx, struct err *e, size_t number, bool last) { (void)ctx, (void)e, (void)number, (void)last; return 0; }
static int sheet_end(void *ctx, struct err *e) { (void)ctx, (void)e; return 0; }

// What is wrong with one order's sheet is said, and the others go on; what is wrong with the disk ends the run.
static int one_sheet(struct oms *oms, int64_t key, struct documents *d)
{
	const struct opt *opt = oms->opt;
	struct export_sink to = {.begin = sheet_begin, .bytes = document_bytes, .end = sheet_end, .flaw = flaw, .ctx = d, .font = opt->font};
	struct str id = order_id_of(oms->db, &oms->err, &oms->arena, key);
	if (!id.p) return -1;
	d->file = cmd_file(oms, arena_printf(&oms->arena, "%s/%s", opt->sheets, export_sheet_name(&oms->arena, id)));
	if (!d->file) return -1;
	int r = export_sheet(oms->db, &oms->err, oms->zone, key, &to);
	if (r == 0) r = cmd_file_put(oms, d->file);
	else cmd_file_drop(d->file);
	d->file = NULL;
	if (r == 0) return oms->done++, 0;
	if (oms->err.code != E_REFUSED) return -1;
	cmd_report(oms, NULL);
	return 0;
}

static int folder_ready(struct oms *oms, const char *folder)
{
	if (mkdir(folder, 0777) == 0 || errno == EEXIST) return 0;
	return fail(&oms->err, E_CANTCREAT, "%s: cannot be made: %s", folder, strerror(errno));
}

static int sheets(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	struct documents d = {.oms = oms};
	struct find_filter filter = opt->f;
	int64_t key;
	int got = -1;
	filter.oldest_first = true;
	if (folder_ready(oms, opt->sheets)) return -1;
	db_bulk(oms->db, true); // a long read
	struct find *f = find_open(oms->db, &oms->err, &oms->arena, &filter);
	while (f && (got = find_next_key(f, &oms->err, &key)) == 1) {
		struct arena_mark m = arena_mark(&oms->arena);
		if (one_sheet(oms, key, &d)) got = -1;
		arena_reset(&oms->arena, m);
		if (got < 0) break;
		cmd_progress(oms, "%llu sheets", (unsigned long long)oms->done);
	}
	find_close(f);
	if (oms->done) cmd_sync_folder(oms, opt->sheets);
	if (got == 0) cmd_say(oms, "%llu sheets in %s, %llu refused", (unsigned long long)oms->done, opt->sheets, (unsigned long long)oms->failed);
	return got;
}

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
	cmd_say(oms, "%llu orders, %llu rows, %llu bytes%s", (unsigned long long)n.orders, (unsigned long long)n.rows, (unsigned long long)n.bytes,
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
	int r = pdf ? print_register(oms, x) : print_rows(oms, x, bytes);
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
	if (opt->manifest && (!oms->output || !strcmp(oms->output, "-"))) return fail(&oms->err, E_USAGE, "--manifest needs -o FILE: it stands beside FILE");
	if (window(oms) || (opt->lock && cmd_lock(oms, opt->lock)) || filter_settle(oms)) return -1;
	return opt->sheets ? sheets(oms) : rows_of(oms);
}

static enum db_mode store_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->verify ? DB_NONE : DB_READ; }

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	static const struct out_column differences[] = {{"FILE", "id", false, true, 0}, {"CHECK", "check", false, false, 1}, {"WHAT", "message", false, false, 0}};
	static struct out_column columns[64];
	const struct opt *opt = oms->opt;
	if (opt->verify) return *n = 3, differences;
	*n = export_width(opt->grain);
	for (size_t i = 0; i < *n; i++) columns[i] = (struct out_column){export_column_name(opt->grain, i), export_column_name(opt->grain, i), false, i == 0, (int)i};
	return columns;
}

const struct cmd cmd = {
	.name = "oms-export", .summary = "write orders and what is in them to a file, with its proof", .args = "", .audience = "govern",
	.examples = "oms-export -F csv --window=last-month -o orders.csv --manifest\noms-export -F pdf --grain=tax --window=2026-Q4 -o tax.pdf",
	.shared = (const struct argp *const[]){&filter_argp, NULL}, .options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_READ, .store_for = store_for,
	.groups = CMD_OUTPUT | CMD_WINDOW, .formats = "csv|csv-excel|jsonl|json|tsv|table|text|ids|count|pdf", .columns_for = columns_for, .tty_format = OUT_TABLE, .run = run,
};
