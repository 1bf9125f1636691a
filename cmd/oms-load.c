// oms-load: take in reference data and movements of stock, list what is known, and the kinds there are.
#include "cmd_rejects.h"
#include "each.h"
#include "load_json.h"
#include "member.h"
#include "near.h"
#include <unistd.h>

struct opt {
	const char *at, *rejects;
	struct reject_limit limit;
	enum input_form form;
	bool kinds, list, strict, atomic;
};
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
	case KEY_AT: opt->at = arg; return 0;
	case KEY_STRICT: opt->strict = true; return 0;
	case KEY_ATOMIC: case KEY_ATOMIC_TOO: opt->atomic = true; return 0;
	case KEY_REJECTS: opt->rejects = arg; return 0;
	case KEY_MAX_REJECTS: return reject_limit_read(&opt->limit, &oms->err, arg) ? EINVAL : 0;
	case KEY_INPUT:
		if (!input_form_named(arg, &opt->form)) argp_error(st, "--input takes json, csv or tsv");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

enum { BATCH = 1000, BATCH_BYTES = 8 << 20, SHOWN = 20, PAGE = 500 };

struct run { // one run over all its inputs
	struct oms *oms;
	const struct opt *opt;
	enum reference_kind kind;
	struct load *load;
	struct input *input;
	const char *name;         // of the input
	struct json tape;
	struct arena arena;       // a record's
	struct buf told;          // results of the batch in hand, each ended by a line end
	struct rejects rejects;
	uint64_t read, outcome[LOAD_OUTCOMES], said, warned, printed;
	uint64_t line;
	size_t batch, bytes;
	bool open, over, failed;
};

static bool enough; // the load stops of itself: what waits for more input is to know

static bool stopping(void) { return enough || cmd_stopping(); }

// One transaction for all: a dry run, and a load that is all or nothing.
static bool one_piece(const struct run *l) { return l->oms->dry_run || l->opt->atomic; }

// --- what is said ------------------------------------------------------------------------------------------------------------

static void say(struct run *l, const struct record *r, const struct reference_fault *f, bool refused)
{
	uint64_t *count = refused ? &l->said : &l->warned;
	if ((*count)++ >= SHOWN) return;
	struct buf b = {0};
	buf_printf(&b, "%s:%llu: ", l->name, (unsigned long long)r->line);
	if (*f->field) buf_printf(&b, "%s: ", f->field);
	buf_printf(&b, "%s [%s]", f->message, f->code);
	if (f->hint && *f->hint) buf_printf(&b, "; %s", f->hint);
	if (refused) cmd_refuse(l->oms, f->code, STR_FMT, STR_ARG(buf_view(&b)));
	else cmd_warn(l->oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

// On a terminal the screen is for what changed, and not for a whole catalog; a pipe gets one result a record.
static bool shown(struct run *l, enum load_outcome o)
{
	if (!l->oms->tty || out_form(l->oms->out) != OUT_TABLE) return true;
	if (o == LOAD_UNCHANGED || o == LOAD_REFUSED) return false;
	return l->printed++ < (uint64_t)cmd_limit(l->oms);
}

static void tell(struct run *l, const struct record *r, const struct load_result *result)
{
	struct oms *oms = l->oms;
	findings found = {0};
	for (size_t i = 0; i < result->faults.n; i++) say(l, r, &result->faults.v[i], true);
	for (size_t i = 0; i < result->warnings.n; i++) say(l, r, &result->warnings.v[i], false);
	load_findings(&found, &l->arena, l->kind, result);
	if (result->outcome == LOAD_REFUSED && l->rejects.to) rejects_put(&l->rejects, l->name, r, r->raw, &found);
	l->outcome[result->outcome]++;
	*(result->outcome == LOAD_REFUSED ? &oms->failed : &oms->done) += 1;
	l->over |= reject_limit_passed(&l->opt->limit, l->outcome[LOAD_REFUSED], l->read, false);
	if (!shown(l, result->outcome)) return;
	struct load_place at = {l->name, r->line, r->number, oms->now, oms->dry_run};
	load_result_json(&l->told, &l->arena, l->kind, result, &at);
	buf_c(&l->told, '\n');
}

// --- batches -----------------------------------------------------------------------------------------------------------------

static void print_told(struct run *l)
{
	for (struct str s = buf_view(&l->told); s.n;) {
		const char *end = memchr(s.p, '\n', s.n);
		size_t n = end ? (size_t)(end - s.p) : s.n;
		out_record(l->oms->out, str_cut(s, 0, n));
		s = str_cut(s, n + 1, s.n);
	}
	buf_clear(&l->told);
}

static int end_batch(struct run *l)
{
	struct oms *oms = l->oms;
	if (!l->open) return 0;
	if (!one_piece(l)) {
		if (db_commit(oms->db, &oms->err)) return -1;
		l->open = false;
	}
	print_told(l);
	if (!l->opt->atomic) out_flush(oms->out);
	rejects_flush(&l->rejects);
	l->batch = l->bytes = 0;
	enough = l->over;
	cmd_progress(oms, "%llu records, %llu refused, line %llu", (unsigned long long)l->read, (unsigned long long)l->outcome[LOAD_REFUSED], (unsigned long long)l->line);
	return 0;
}

static void before_wait(void *arg)
{
	struct run *l = arg;
	// Nothing more is there yet: what was read is made durable and told, rather than held back.
	if (l->batch && !one_piece(l) && end_batch(l)) l->failed = enough = true;
}

static int judge(struct run *l, const struct record *r, struct load_result *to)
{
	struct json_error bad;
	*to = (struct load_result){.outcome = LOAD_REFUSED};
	if (!r->broken && json_parse(&l->tape, r->json, &bad)) return load_record(l->load, &l->oms->err, &l->arena, &l->tape, r->line, to);
	*VEC_PUSH(&l->arena, &to->faults) = r->broken ? (struct reference_fault){"", r->broken, r->why ? r->why : "the record is broken", "correct the line"}
		: (struct reference_fault){"", json_code_word(bad.code), arena_printf(&l->arena, "column %u: %s", bad.column, bad.what), "one JSON object a record"};
	return 0;
}

static int add(struct run *l, const struct record *r)
{
	struct oms *oms = l->oms;
	struct load_result result;
	struct arena_mark mark = arena_mark(&l->arena);
	if (!l->open && db_begin(oms->db, &oms->err)) return -1;
	l->open = true;
	l->line = r->line;
	l->read++;
	if (judge(l, r, &result)) return because(&oms->err, "%s:%llu", l->name, (unsigned long long)r->line);
	tell(l, r, &result);
	arena_reset(&l->arena, mark);
	catalog_trim(oms->db);
	l->batch++;
	l->bytes += r->raw.n;
	return l->batch >= BATCH || l->bytes >= BATCH_BYTES || l->over ? end_batch(l) : 0;
}

// --- inputs ------------------------------------------------------------------------------------------------------------------

static int read_input(struct run *l, const char *path)
{
	struct oms *oms = l->oms;
	struct record r;
	int got = 0, bad = 0;
	l->input = input_open(&oms->err, path, &(struct input_options){.form = l->opt->form});
	if (!l->input) return -1;
	bad = rejects_begin(&l->rejects, &oms->err);
	l->name = arena_strdup(&oms->arena, input_name(l->input));
	input_before_wait(l->input, before_wait, l);
	input_stop_when(l->input, stopping);
	load_input(l->load, l->name);
	while (!bad && !l->over && !cmd_stopping() && (got = input_next(l->input, &r, &oms->err)) == 1)
		if (l->failed || l->over) break; // the wait for this record ended it
		else bad = add(l, &r);
	if (l->failed || got < 0) bad = -1;
	input_close(l->input);
	return bad ? bad : end_batch(l);
}

// Those that came later in the run are known by now; of the others somebody should hear.
static int say_unknown(struct run *l)
{
	struct oms *oms = l->oms;
	struct load_unknown *u;
	size_t n;
	if (!l->open && (db_begin(oms->db, &oms->err) || !(l->open = true))) return -1;
	if (load_unknown(l->load, &oms->err, &u, &n)) return -1;
	for (size_t i = 0; i < n && i < SHOWN; i++)
		cmd_warn(oms, "%s:%llu: %s " STR_FMT " is not known%s [unknown_reference]; oms-load %s takes it in", u[i].input, (unsigned long long)u[i].line, reference_word(u[i].kind), STR_ARG(u[i].id),
			u[i].records > 1 ? arena_printf(&oms->arena, ", and %llu records name it", (unsigned long long)u[i].records) : "", reference_word(u[i].kind));
	if (n > SHOWN) cmd_warn(oms, "and %zu more that are not known", n - SHOWN);
	return 0;
}

static void summary(struct run *l)
{
	static const bool of[2][LOAD_OUTCOMES] = {{[LOAD_BOOKED] = true, [LOAD_UNCHANGED] = true, [LOAD_STALE] = true, [LOAD_REFUSED] = true},
		{[LOAD_ADDED] = true, [LOAD_CHANGED] = true, [LOAD_UNCHANGED] = true, [LOAD_REFUSED] = true}};
	struct oms *oms = l->oms;
	if (l->said > SHOWN) cmd_warn(oms, "and %llu more; --rejects=FILE keeps them all", (unsigned long long)(l->said - SHOWN));
	if (l->warned > SHOWN) cmd_warn(oms, "and %llu more warnings", (unsigned long long)(l->warned - SHOWN));
	if (oms->tty && l->printed > (uint64_t)cmd_limit(oms)) cmd_say(oms, "%lld of %llu shown; --limit=0 for all", (long long)cmd_limit(oms), (unsigned long long)l->printed);
	struct buf b = {0};
	buf_printf(&b, "%s%llu record%s =", oms->dry_run ? "dry run, nothing stored: " : "", (unsigned long long)l->read, l->read == 1 ? "" : "s");
	for (int i = 0, n = 0; i < LOAD_OUTCOMES; i++)
		if (of[reference_is_state(l->kind)][i]) buf_printf(&b, "%s %llu %s", n++ ? " +" : "", (unsigned long long)l->outcome[i], load_outcome_word((enum load_outcome)i));
	cmd_say(oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
}

// --- the end -----------------------------------------------------------------------------------------------------------------

static int say_refused(struct run *l)
{
	struct err *e = &l->oms->err;
	uint64_t refused = l->outcome[LOAD_REFUSED];
	if (l->opt->atomic && refused) return fail(e, E_DATA, "%llu of %llu records refused and --all-or-nothing was asked for: nothing was stored", (unsigned long long)refused, (unsigned long long)l->read);
	if (l->opt->atomic && cmd_stopping()) return fail(e, E_BUSY, "stopped at line %llu of %s: --all-or-nothing was asked for, so nothing was stored", (unsigned long long)l->line, l->name);
	if (l->over || reject_limit_passed(&l->opt->limit, refused, l->read, true))
		return fail(e, E_DATA, "%llu of %llu records refused: more than --max-rejects allows; what was stored before stays", (unsigned long long)refused, (unsigned long long)l->read);
	return 0;
}

static int finish(struct run *l, int r)
{
	struct oms *oms = l->oms;
	if (!r && l->read && reference_is_state(l->kind)) r = say_unknown(l);
	if (!r) r = say_refused(l);
	if (!r && l->open && l->opt->atomic && !oms->dry_run) r = db_commit(oms->db, &oms->err), l->open = false;
	if (l->open) db_rollback(oms->db);
	return r;
}

static int prepare(struct run *l, struct load_options *o)
{
	struct oms *oms = l->oms;
	*o = (struct load_options){.now = oms->now, .counted_at = DATE_NONE, .actor = cmd_actor(oms), .strict = l->opt->strict};
	if (l->opt->at && l->kind != REF_COUNT) return fail(&oms->err, E_USAGE, "--at goes with counts alone");
	if (l->opt->at && date_typed(&oms->err, l->opt->at, oms->zone, oms->now, &o->counted_at)) return because(&oms->err, "--at=%s", l->opt->at);
	return rejects_open(&l->rejects, oms, l->opt->rejects);
}

static int load(struct oms *oms, enum reference_kind k)
{
	struct run l = {.oms = oms, .opt = oms->opt, .kind = k};
	struct load_options o;
	oms->args++;
	if (!oms->args[0] && isatty(0)) return fail(&oms->err, E_USAGE, "no file is named, and standard input is a terminal");
	if (prepare(&l, &o)) return -1;
	db_bulk(oms->db, true);
	l.load = load_open(oms->db, k, &o);
	int r = 0;
	for (char **file = each_input(oms); !r && *file && !l.over && !cmd_stopping(); file++) r = read_input(&l, *file);
	r = rejects_close(&l.rejects, &oms->err, finish(&l, r));
	if (!r || l.read) summary(&l);
	load_close(l.load);
	json_free(&l.tape);
	arena_free(&l.arena);
	buf_free(&l.told);
	return r;
}

// --- what is known -----------------------------------------------------------------------------------------------------------

static int print_row(struct oms *oms, enum reference_kind k, const struct reference_row *row)
{
	struct buf b = {0};
	member_record(&b, "oms.reference/1");
	member_text(&b, "id", row->id);
	member_word(&b, "kind", reference_word(k));
	member_whole(&b, "revision", row->revision);
	member_instant(&b, "changed_at", row->changed_at);
	struct json j = {0};
	struct json_error bad;
	if (!json_parse(&j, row->body, &bad)) return fail(&oms->err, E_BUG, "%s " STR_FMT " of the reference data is damaged: %s", reference_word(k), STR_ARG(row->id), bad.what);
	for (uint32_t v = json_first(&j, 0); v; v = json_after(&j, 0, v)) {
		if (str_is(json_str(&j, v, &oms->arena), "id")) continue;
		member_item(&b, 0);
		buf_str(&b, json_raw(&j, v));
		buf_c(&b, ':');
		buf_str(&b, json_raw(&j, v + 1));
	}
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	json_free(&j);
	buf_free(&b);
	return 0;
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
	oms->args++;
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

// --- the kinds there are -------------------------------------------------------------------------------------------------------

static void print_fields(struct oms *oms, enum reference_kind k)
{
	size_t n;
	const struct reference_field *f = reference_fields(k, &n);
	for (size_t i = 0; i < n; i++) {
		struct buf b = {0};
		member_record(&b, "oms.field/1");
		buf_printf(&b, ",\"id\":\"%s.%s\"", reference_word(k), f[i].name);
		member_word(&b, "kind", reference_word(k));
		member_word(&b, "field", f[i].name);
		member_word(&b, "type", reference_field_word(f[i].kind));
		member_flag(&b, "required", f[i].required);
		member_word(&b, "message", f[i].what);
		buf_c(&b, '}');
		out_record(oms->out, buf_view(&b));
		buf_free(&b);
	}
}

static void print_kinds(struct oms *oms)
{
	for (int k = 0; k < REFERENCE_KIND_COUNT; k++) {
		size_t n;
		const struct reference_field *f = reference_fields((enum reference_kind)k, &n);
		struct buf b = {0};
		member_record(&b, "oms.kind/1");
		member_word(&b, "id", reference_word((enum reference_kind)k));
		member_word(&b, "type", reference_is_state((enum reference_kind)k) ? "state" : "movement");
		member_word(&b, "message", reference_what((enum reference_kind)k));
		member_open(&b, "fields", '[');
		for (size_t i = 0; i < n; i++) member_item(&b, 0), buf_printf(&b, "\"%s\"", f[i].name);
		buf_cstr(&b, "]}");
		out_record(oms->out, buf_view(&b));
		buf_free(&b);
	}
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
	if (opt->kinds && k < 0) return print_kinds(oms), 0;
	if (opt->kinds) return print_fields(oms, (enum reference_kind)k), 0;
	if (k < 0) {
		fail(&oms->err, E_USAGE, "name the kind of the records");
		return hint(&oms->err, "oms-load --kinds lists those there are");
	}
	return opt->list ? list(oms, (enum reference_kind)k) : load(oms, (enum reference_kind)k);
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

// The fields of a kind, in capitals; the least needed goes first where it is narrow.
static const struct out_column *columns_of(enum reference_kind k, size_t *n)
{
	static struct out_column columns[16];
	static char names[16][32];
	const struct reference_field *f = reference_fields(k, n);
	size_t first = k == REF_SAFETY; // whose id is made of its fields
	if (first) columns[0] = (struct out_column){"ID", "id", false, false, 9};
	for (size_t i = 0; i < *n; i++) {
		for (size_t c = 0; f[i].name[c] && c + 1 < sizeof *names; c++) names[i][c] = f[i].name[c] >= 'a' && f[i].name[c] <= 'z' ? (char)(f[i].name[c] - 'a' + 'A') : f[i].name[c];
		columns[first + i] = (struct out_column){names[i], f[i].name, f[i].kind == RF_WHOLE, i == 0, f[i].required ? 0 : (int)i};
	}
	*n += first;
	return columns;
}

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	const struct opt *opt = oms->opt;
	int k = oms->args[0] ? reference_named(str_of(oms->args[0])) : -1;
#define COLUMNS(table) (*n = sizeof table / sizeof *table, table)
	if (opt->kinds) return k < 0 ? COLUMNS(kinds) : COLUMNS(fields);
	if (opt->list && k >= 0) return columns_of((enum reference_kind)k, n);
	return k < 0 || reference_is_state((enum reference_kind)k) ? COLUMNS(results) : COLUMNS(bookings);
#undef COLUMNS
}

const struct cmd cmd = {
	.name = "oms-load", .summary = "take in reference data and movements of stock", .args = "[KIND] [FILE...]", .audience = "intake",
	.examples = "oms-load sku skus.csv\noms-load count --at=2026-11-20T08:00Z -n counts.csv",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .store_for = store_for, .own_transactions = true,
	.groups = CMD_OUTPUT | CMD_DRY | CMD_LIMIT | CMD_ZONE, .columns = results, .n_columns = sizeof results / sizeof *results, .columns_for = columns_for, .tty_format = OUT_TABLE, .run = run,
};
