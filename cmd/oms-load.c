// oms-load: take in reference data and movements of stock, list what is known, and the kinds there are.
#include "cmd_load.h"
#include "each.h"
#include "load_list.h"
#include "near.h"

struct opt { struct cmd_load load; bool kinds, list; };
enum { KEY_KINDS = 0x300, KEY_LIST, KEY_AT, KEY_INPUT, KEY_STRICT, KEY_ATOMIC, KEY_ATOMIC_TOO, KEY_REJECTS, KEY_MAX_REJECTS };
static const struct argp_option options[] = {
	{"kinds", KEY_KINDS, NULL, 0, "List the kinds there are; with KIND, its fields", 1},
	{"list", KEY_LIST, NULL, 0, "List what is known of KIND, or of it the records named; loads back as it is", 1},
	{"at", KEY_AT, "TIME", 0, "When counts were made that do not say it themselves", 2},
	{"input", KEY_INPUT, "json|csv|tsv", 0, "Form of the input, where looking is not enough", 2},
	{"rejects", KEY_REJECTS, "FILE", 0, "Write refused records there, with all reasons, as oms.reject/1", 3},
	{"max-rejects", KEY_MAX_REJECTS, "N|P%", 0, "Stop with exit 65 once more than this was refused", 3},
	{"strict", KEY_STRICT, NULL, 0, "What is warned of refuses too", 3},
	{"all-or-nothing", KEY_ATOMIC, NULL, 0, "One refused record leaves the store as it was, exit 65", 3},
	{"atomic", KEY_ATOMIC_TOO, NULL, OPTION_HIDDEN, "The same", 3},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct oms *oms = st->input;
	struct opt *opt = oms->opt;
	switch (key) {
	case KEY_KINDS: opt->kinds = true; return 0;
	case KEY_LIST: opt->list = true; return 0;
	case KEY_AT: opt->load.at = arg; return 0;
	case KEY_STRICT: opt->load.strict = true; return 0;
	case KEY_ATOMIC: case KEY_ATOMIC_TOO: opt->load.atomic = true; return 0;
	case KEY_REJECTS: opt->load.rejects = arg; return 0;
	case KEY_MAX_REJECTS: return reject_limit_read(&opt->load.limit, &oms->err, arg) ? EINVAL : 0;
	case KEY_INPUT:
		if (!input_form_named(arg, &opt->load.form)) argp_error(st, "--input takes json, csv or tsv");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

// --- what is known, and the kinds there are ------------------------------------------------------------------------------------

enum { PAGE = 500 };

static int print_row(struct oms *oms, enum reference_kind k, const struct reference_row *row)
{
	struct buf b = {0};
	int bad = load_row_json(&b, &oms->err, k, row);
	if (!bad) out_record(oms->out, buf_view(&b));
	buf_free(&b);
	return bad;
}

static int list_one(struct oms *oms, const char *id, void *ctx)
{
	const enum reference_kind k = *(const enum reference_kind *)ctx;
	struct reference_row row;
	int there = reference_get(oms->db, &oms->err, &oms->arena, k, str_of(id), &row);
	if (there > 0) return print_row(oms, k, &row);
	return there < 0 ? -1 : fail(&oms->err, E_NOTFOUND, "there is no %s of that id", reference_word(k));
}

static int list(struct oms *oms, enum reference_kind k)
{
	struct str after = S("");
	struct reference_row *row;
	size_t n = 1;
	if (!reference_is_state(k)) {
		fail(&oms->err, E_USAGE, "%s is a movement of stock: nothing of it is kept but what it did", reference_word(k));
		return hint(&oms->err, "oms-stock --moves lists movements");
	}
	if (db_begin(oms->db, &oms->err)) return -1; // one moment for all of it
	if (oms->args[0]) return each_operand(oms, list_one, &k);
	for (int64_t left = cmd_limit(oms); n && left > 0 && !out_broken(oms->out); left -= (int64_t)n) {
		if (reference_page(oms->db, &oms->err, &oms->arena, k, after, left < PAGE ? (size_t)left : PAGE, &row, &n)) return -1;
		for (size_t i = 0; i < n; i++, oms->done++)
			if (print_row(oms, k, &row[i])) return -1;
		if (n) after = row[n - 1].id;
	}
	return 0;
}

// k: -1 all kinds there are, else the fields of that.
static void print_kinds(struct oms *oms, int k)
{
	struct buf b = {0};
	size_t n = REFERENCE_KIND_COUNT;
	const struct reference_field *f = k < 0 ? NULL : reference_fields((enum reference_kind)k, &n);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&b);
		if (f) load_field_json(&b, (enum reference_kind)k, &f[i]);
		else load_kind_json(&b, (enum reference_kind)i);
		out_record(oms->out, buf_view(&b));
	}
	buf_free(&b);
}

// --- the command -------------------------------------------------------------------------------------------------------------

static int no_such_kind(struct oms *oms, const char *word)
{
	struct near near = near_begin(str_of(word), 3);
	for (int k = 0; k < REFERENCE_KIND_COUNT; k++) near_try(&near, reference_word((enum reference_kind)k));
	fail(&oms->err, E_USAGE, "'%s' is no kind of reference data", word);
	if (near.best) return hint(&oms->err, "did you mean %s?", near.best);
	return hint(&oms->err, "oms-load --kinds lists those there are");
}

static int run(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	int k = oms->args[0] ? reference_named(str_of(oms->args[0])) : -1;
	if (oms->args[0] && k < 0) return no_such_kind(oms, oms->args[0]);
	if (opt->kinds && (opt->list || (k >= 0 && oms->args[1]))) return fail(&oms->err, E_USAGE, "--kinds goes with one KIND or none");
	if (opt->kinds) return print_kinds(oms, k), 0;
	if (k < 0) {
		fail(&oms->err, E_USAGE, "name the kind of the records");
		return hint(&oms->err, "oms-load --kinds lists those there are");
	}
	oms->args++;
	return opt->list ? list(oms, (enum reference_kind)k) : cmd_load(oms, (enum reference_kind)k, &opt->load);
}

static void words(struct oms *oms)
{
	for (int k = 0; k < REFERENCE_KIND_COUNT; k++) cmd_word(oms, "KIND", reference_word((enum reference_kind)k), reference_what((enum reference_kind)k));
}

static enum db_mode store_for(const struct oms *oms)
{
	const struct opt *opt = oms->opt;
	bool load = !opt->kinds && !opt->list && oms->args[0] && reference_named(str_of(oms->args[0])) >= 0;
	return load ? DB_WRITE : opt->list ? DB_READ : DB_NONE;
}

static const struct out_column results[] = {
	{"INPUT", "input", false, false, 6}, {"LINE", "line", true, false, 3}, {"OUTCOME", "outcome", false, false, 0}, {"ID", "id", false, true, 0},
	{"CODE", "code", false, false, 5}, {"CHANGE", "message", false, false, 0},
};
static const struct out_column bookings[] = {
	{"INPUT", "input", false, false, 6}, {"LINE", "line", true, false, 3}, {"OUTCOME", "outcome", false, false, 0}, {"SKU", "sku", false, true, 0}, {"WAREHOUSE", "warehouse", false, false, 0},
	{"CODE", "code", false, false, 5}, {"CHANGE", "message", false, false, 0},
};
static const struct out_column kinds[] = {{"KIND", "id", false, true, 0}, {"TYPE", "type", false, false, 1}, {"WHAT", "message", false, false, 0}};
static const struct out_column fields[] = {
	{"FIELD", "field", false, true, 0}, {"TYPE", "type", false, false, 0}, {"REQUIRED", "required", false, false, 1}, {"WHAT", "message", false, false, 0},
};

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	const struct opt *opt = oms->opt;
	int k = oms->args[0] ? reference_named(str_of(oms->args[0])) : -1;
#define COLUMNS(table) (*n = sizeof table / sizeof *table, table)
	if (opt->kinds) return k < 0 ? COLUMNS(kinds) : COLUMNS(fields);
	if (opt->list && k >= 0) return load_columns((enum reference_kind)k, n);
	return k < 0 || reference_is_state((enum reference_kind)k) ? COLUMNS(results) : COLUMNS(bookings);
#undef COLUMNS
}

const struct cmd cmd = {
	.name = "oms-load", .summary = "take in reference data and movements of stock", .args = "[KIND] [FILE...]", .audience = "intake",
	.examples = "oms-load sku skus.csv\noms-load count --at=2026-11-20T08:00Z -n counts.csv",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .store_for = store_for, .own_transactions = true,
	.groups = CMD_OUTPUT | CMD_DRY | CMD_LIMIT | CMD_ZONE, .columns = results, .n_columns = sizeof results / sizeof *results, .columns_for = columns_for, .as_data = true, .tty_format = OUT_TABLE, .words = words, .run = run,
};
