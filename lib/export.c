// The flow of an export: orders chosen by find's streams, their rows a statement an order, written, counted, hashed, summed up.
#include "event_store.h"
#include "export_part.h"
#include <stdlib.h>

static int load_profiles(struct export *x, struct err *e)
{
	struct rows *r = db_query(x->db, e, SQL_PROFILES, END);
	int got = -1;
	while (r && (got = rows_next(r, e)) == 1) {
		int64_t id = row_int(r, 0);
		while ((int64_t)x->profiles.n <= id) *VEC_PUSH(x->arena, &x->profiles) = (struct export_profile){0};
		x->profiles.v[id] = (struct export_profile){.status = (enum order_status)row_int(r, 2), .payment = (enum payment_status)row_int(r, 3),
			.fulfilment = (enum fulfilment_status)row_int(r, 4), .attention = (unsigned)row_int(r, 5), .segment = str_of(str_c(x->arena, row_str(r, 6))),
			.source = str_of(str_c(x->arena, row_str(r, 8)))};
	}
	return got;
}

static const struct export_column *column_named(const struct export_set *set, struct str name)
{
	for (size_t i = 0; i < set->n; i++)
		if (str_is(name, set->column[i].name)) return &set->column[i];
	return NULL;
}

static int no_column(struct export *x, struct err *e, struct str name)
{
	struct buf b = {0};
	for (size_t i = 0; i < x->set->n; i++) buf_printf(&b, "%s%s", i ? " " : "", x->set->column[i].name);
	fail(e, E_USAGE, "--fields: the grain %s has no column " STR_FMT, x->set->word, STR_ARG(name));
	hint(e, "it has " STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return -1;
}

static bool has_column(const struct export *x, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (x->column[i].name == name) return true;
	return false;
}

// One more; +NAME of what is there already adds nothing.
static int add_column(struct export *x, struct err *e, size_t *n, const struct export_column *c, bool more)
{
	if (has_column(x, *n, c->name)) return more ? 0 : fail(e, E_USAGE, "--fields names %s twice: it would be a member of a record twice", c->name);
	if (*n == EXPORT_WIDEST) return fail(e, E_USAGE, "--fields: at most %d columns", EXPORT_WIDEST);
	x->column[(*n)++] = *c;
	return 0;
}

static int choose_columns(struct export *x, struct err *e)
{
	bool page = x->o.form == EXPORT_PDF; // has not room for all: +NAME adds to what it has
	if (page && (!x->o.fields || *x->o.fields == '+')) x->o.fields = arena_printf(x->arena, "%s,%s", x->set->page, x->o.fields ? x->o.fields : "");
	struct str s = str_of(x->o.fields);
	size_t n = 0;
	if (!s.n || *s.p == '+') { // all are there: nothing can be added
		memcpy(x->column, x->set->column, x->set->n * sizeof *x->column);
		n = x->set->n;
	}
	for (size_t end; s.n; s = str_cut(s, end + 1, s.n)) {
		const char *comma = memchr(s.p, ',', s.n);
		end = comma ? (size_t)(comma - s.p) : s.n;
		struct str name = str_trim(str_cut(s, 0, end));
		bool more = name.n && *name.p == '+';
		if (more) name = str_cut(name, 1, name.n);
		const struct export_column *c = name.n ? column_named(x->set, name) : NULL;
		if (name.n && !c) return no_column(x, e, name);
		if (!c || *x->o.fields == '+') continue;
		if (add_column(x, e, &n, c, more)) return -1;
	}
	x->writer = (struct export_writer){.form = x->o.form, .column = x->column, .n = n, .schema = x->set->schema, .zone = x->o.zone, .day_slice = INT64_MIN};
	return n ? 0 : fail(e, E_USAGE, "--fields names no column");
}

struct export *export_open(struct db *d, struct err *e, struct arena *a, const struct export_options *o)
{
	struct export *x = NEW(a, struct export);
	x->db = d;
	x->arena = a;
	x->o = *o;
	x->set = &export_sets[o->grain];
	x->o.filter.oldest_first = true;
	if (choose_columns(x, e) || load_profiles(x, e)) return NULL;
	if (o->proof) sha256_begin(&x->hash);
	if (o->grain == EXPORT_EVENT) x->codec = codec_open(d);
	x->find = find_open(d, e, a, &x->o.filter);
	return x->find ? x : (export_close(x), NULL);
}

void export_close(struct export *x)
{
	if (!x) return;
	rows_end(x->rows);
	find_close(x->find);
	if (x->codec) codec_close(x->codec);
	arena_free(&x->order);
	buf_free(&x->bytes);
	buf_free(&x->writer.safe);
	buf_free(&x->writer.json);
}

struct export_counts export_counted(const struct export *x) { return x->counted; }

static struct str handed(struct export *x)
{
	struct str s = buf_view(&x->bytes);
	x->counted.bytes += s.n;
	if (x->o.proof) sha256_add(&x->hash, s);
	return s;
}

struct str export_head(struct export *x)
{
	buf_clear(&x->bytes);
	if (x->o.form == EXPORT_CSV_EXCEL) buf_cstr(&x->bytes, "\xef\xbb\xbf");
	if (x->o.form != EXPORT_JSONL && x->o.header) export_write_head(&x->writer, &x->bytes);
	return handed(x);
}

// --- rows --------------------------------------------------------------------------------------------------------------

static void add_sums(struct export *x, struct str currency, int digits)
{
	struct export_sum *s = x->last;
	if (!s || s->digits != digits || !str_eq(s->currency, currency)) s = x->last = export_sum_of(&x->sums, x->arena, currency, digits);
	for (size_t i = 0; i < x->writer.n; i++)
		if (x->column[i].sum && x->cell[i].i != INT64_MIN) s->total[i] += x->cell[i].i;
}

static const struct export_profile *profile_at(struct export *x, struct err *e, int64_t id)
{
	if (id >= 0 && id < (int64_t)x->profiles.n && x->profiles.v[id].source.p) return &x->profiles.v[id];
	fail(e, E_BUG, "order row %lld has no profile: run oms-fsck", (long long)x->order_key);
	return NULL;
}

// The cells that stand in the statement's row; those of an event are overwritten afterwards.
static void take_cells(struct export *x, size_t below)
{
	for (size_t i = 0; i < x->writer.n; i++) {
		const struct export_column *c = &x->column[i];
		if (c->from >= below || c->kind >= P_SOURCE) continue;
		if (c->kind >= X_INT && c->kind <= X_WORD) x->cell[i].i = row_int(x->rows, (int)c->from);
		else x->cell[i].s = row_str(x->rows, (int)c->from);
	}
}

static int count_row(struct export *x, struct err *e)
{
	x->profile = profile_at(x, e, row_int(x->rows, 2));
	if (!x->profile) return -1;
	x->digits = (int)row_int(x->rows, 5);
	if (x->o.proof) add_sums(x, row_str(x->rows, 4), x->digits);
	x->counted.rows++;
	return 1;
}

static int by_fold(const void *a, const void *b) { return event_cmp(a, b); }

static int load_events(struct export *x, struct err *e)
{
	arena_reset(&x->order, (struct arena_mark){0});
	x->event_next = 0;
	if (events_of_order(x->db, x->codec, e, &x->order, x->order_key, &x->event, &x->events)) return -1;
	if (x->events) qsort(x->event, x->events, sizeof *x->event, by_fold);
	return 0;
}

static void event_cells(struct export *x, const struct event *ev)
{
	const struct export_cell from[] = {{.i = (int64_t)x->event_next}, {.s = ev->source}, {.s = ev->id}, {.s = str_of(event_type_word(ev->type))}, {.i = ev->occurred_at},
		{.s = ev->actor}, {.s = ev->map}, {.s = ev->payload}, {.s = json_raw(ev->j, ev->body)}};
	take_cells(x, 6);
	for (size_t i = 0; i < x->writer.n; i++)
		if (x->column[i].from >= 6 && x->column[i].kind < P_SOURCE) x->cell[i] = from[x->column[i].from - 6];
}

// The next row of the order at hand. 1, 0 it has no more, -1.
static int next_of_order(struct export *x, struct err *e)
{
	int got;
	if (x->o.grain != EXPORT_EVENT) {
		if ((got = rows_next(x->rows, e)) != 1) return x->rows = NULL, got;
		take_cells(x, EXPORT_WIDEST);
		return count_row(x, e);
	}
	if (x->event_next < x->events) {
		const struct event *ev = &x->event[x->event_next++];
		event_cells(x, ev);
		return count_row(x, e);
	}
	rows_end(x->rows);
	x->rows = NULL;
	return 0;
}

static int next_order(struct export *x, struct err *e)
{
	int got = find_next_key(x->find, e, &x->order_key);
	if (got != 1) return got;
	x->counted.orders++;
	x->rows = db_query(x->db, e, x->set->sql, I(x->order_key));
	if (!x->rows) return -1;
	if (x->o.grain != EXPORT_EVENT) return 1;
	if ((got = rows_next(x->rows, e)) != 1) return x->rows = NULL, got ? -1 : fail(e, E_BUG, "order row %lld is missing: run oms-fsck", (long long)x->order_key);
	return load_events(x, e) ? -1 : 1;
}

int export_step(struct export *x, struct err *e)
{
	for (int got;;) {
		if (x->rows && (got = next_of_order(x, e)) != 0) return got;
		if ((got = next_order(x, e)) != 1) return got;
	}
}

int export_row(struct export *x, struct err *e, struct str *bytes)
{
	int got = export_step(x, e);
	if (got != 1) return got;
	buf_clear(&x->bytes);
	export_write_row(&x->writer, &x->bytes, x->cell, x->digits, x->profile);
	x->counted.guarded = x->writer.guarded;
	*bytes = handed(x);
	return 1;
}
