// What must hold in a store, the digest of what it says, and the rebuild of all projections from the log.
#include "fsck.h"
#include "digest.h"
#include "fold.h"
#include "fsck_stock.h"
#include "view.h"

enum { CHUNK = 500 };

struct check {
	struct db *db;
	struct codec *codec;
	struct apply *apply;
	const struct fsck *f;
	struct fsck_counts *counts;
	struct arena arena;
	int64_t found_by;         // references and SKUs that orders should stand under
};

static void wrong(struct check *c, struct str order, const char *check, const char *what)
{
	c->counts->wrong++;
	if (c->f->found) c->f->found(c->f->ctx, order, check, what);
}

static void lines_of(struct check *c, struct str order, const char *check, struct str text)
{
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		if (n) wrong(c, order, check, arena_copy(&c->arena, text.p, n));
		text = str_cut(text, end ? n + 1 : n, text.n);
	}
}

// --- one order -----------------------------------------------------------------------------------------------------------

// Rows and log must tell the same; where they differ, the first member that does is named.
static void compare(struct check *c, const struct order *rows, const struct order *log)
{
	struct buf a = {0}, b = {0};
	order_json(&a, rows, DATE_NONE);
	order_json(&b, log, DATE_NONE);
	if (!str_eq(buf_view(&a), buf_view(&b))) {
		size_t at = 0;
		while (at < a.n && at < b.n && a.p[at] == b.p[at]) at++;
		size_t from = at > 40 ? at - 40 : 0;
		char *what = arena_printf(&c->arena, "rows and event log differ: rows …%.*s…, log …%.*s…", (int)(a.n - from > 90 ? 90 : a.n - from), a.p + from,
			(int)(b.n - from > 90 ? 90 : b.n - from), b.p + from);
		wrong(c, rows->id, "projection", what);
	}
	buf_free(&a);
	buf_free(&b);
}

static bool sku_before(const struct order *o, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(o->lines[k].sku, o->lines[i].sku)) return true;
	return false;
}

// What lists and tokens find it by: each there (too many are counted at the end), and the instant it becomes late.
static int check_found_by(struct check *c, struct err *e, int64_t key, const struct order *o)
{
	struct event_ref *ref;
	size_t n = order_refs(o, &c->arena, &ref);
	int64_t has = 1;
	for (size_t i = 0; i < n && has >= 0; i++) {
		has = db_int(c->db, e, SQL_FSCK_REF, (struct sql_arg[]){T(ref[i].value), I((int64_t)ref[i].kind), I(key), {0}}, 0);
		if (!has) wrong(c, o->id, "found_by", arena_printf(&c->arena, "is not found by its %s " STR_FMT, ref_kind_word(ref[i].kind), STR_ARG(ref[i].value)));
	}
	c->found_by += (int64_t)n;
	for (size_t i = 0; i < o->n_lines && has >= 0; i++) {
		if (!o->lines[i].sku.n || sku_before(o, i)) continue;
		has = db_int(c->db, e, SQL_FSCK_SKU, (struct sql_arg[]){T(o->lines[i].sku), I(key), {0}}, 0);
		if (!has) wrong(c, o->id, "found_by", arena_printf(&c->arena, "is not found by its SKU " STR_FMT, STR_ARG(o->lines[i].sku)));
		c->found_by++;
	}
	if (has < 0) return -1;
	int64_t due = db_int(c->db, e, SQL_FSCK_DUE, (struct sql_arg[]){I(key), {0}}, DATE_NONE);
	if (due != order_due_at(o)) wrong(c, o->id, "found_by", "the instant it becomes late is another");
	return 0;
}

// True where the store could not be read; all else that goes wrong with one order is a finding.
static bool unreadable(const struct err *e) { return e->code == E_IO || e->code == E_BUSY; }

static int check_order(struct check *c, struct err *e, int64_t key, struct str id, bool deep)
{
	struct order rows = {0}, log = {0};
	struct buf said = {0};
	size_t events;
	if (order_load(c->db, e, &c->arena, key, &rows)) {
		if (unreadable(e)) return because(e, STR_FMT, STR_ARG(id));
		wrong(c, id, "rows", e->text);
		err_clear(e);
		return 0;
	}
	// Figures that contradicted each other as the channel told them are marked so by the fold; others are damage.
	if (order_breaches(&rows, &said) && !rows.untied) lines_of(c, id, "ties", buf_view(&said));
	buf_free(&said);
	if (!deep) return 0;
	struct err why = {0};
	if (apply_fold(c->apply, &why, &c->arena, key, &log, &events)) {
		wrong(c, id, "log", why.text);
		return 0;
	}
	rows.timeline = log.timeline; // it is read from the log in either case
	rows.n_timeline = log.n_timeline;
	compare(c, &rows, &log);
	return check_found_by(c, e, key, &log);
}

static int check_orders(struct check *c, struct err *e)
{
	int64_t after = INT64_MIN, keys[CHUNK];
	struct str ids[CHUNK];
	for (size_t n = 1; n && !(c->f->stopping && c->f->stopping());) {
		struct arena_mark m = arena_mark(&c->arena);
		struct rows *r = db_query(c->db, e, SQL_FSCK_ORDER_KEYS, I(after), I(CHUNK));
		int got = -1;
		for (n = 0; r && (got = rows_next(r, e)) == 1; n++) {
			keys[n] = row_int(r, 0);
			ids[n] = str_of(str_c(&c->arena, row_str(r, 1)));
		}
		if (got < 0) return -1;
		for (size_t i = 0; i < n; i++) {
			struct arena_mark one = arena_mark(&c->arena);
			if (check_order(c, e, keys[i], ids[i], c->f->deep)) return -1;
			arena_reset(&c->arena, one);
		}
		if (n) after = keys[n - 1];
		c->counts->orders += n;
		arena_reset(&c->arena, m);
		if (c->f->progress) c->f->progress(c->f->ctx, c->counts->orders);
	}
	return 0;
}

// --- the store as a whole --------------------------------------------------------------------------------------------------

static int check_counters(struct check *c, struct err *e)
{
	struct rows *r = db_query(c->db, e, SQL_FSCK_COUNTERS, END);
	int got = -1;
	while (r && (got = rows_next(r, e)) == 1)
		wrong(c, (struct str){0}, "counters", arena_printf(&c->arena, "profile %lld counts %lld orders and has %lld", (long long)row_int(r, 0), (long long)row_int(r, 1), (long long)row_int(r, 2)));
	if (got < 0 || !(r = db_query(c->db, e, SQL_FSCK_ORPHAN_ORDERS, END))) return -1;
	while ((got = rows_next(r, e)) == 1) wrong(c, str_of(str_c(&c->arena, row_str(r, 0))), "log", "no event in the log speaks of it");
	if (got < 0) return -1;
	int64_t orphans = db_int(c->db, e, SQL_FSCK_ORPHAN_EVENTS, (struct sql_arg[]){END}, -1);
	if (orphans > 0) wrong(c, (struct str){0}, "projection", arena_printf(&c->arena, "%lld events belong to orders that have no row; oms-fsck --rebuild makes them", (long long)orphans));
	return orphans < 0 ? -1 : 0;
}

static int check_found_by_all(struct check *c, struct err *e)
{
	if (!c->f->deep || (c->f->stopping && c->f->stopping())) return 0;
	int64_t have = db_int(c->db, e, SQL_FSCK_FOUND_BY, (struct sql_arg[]){END}, -1);
	if (have > c->found_by) wrong(c, (struct str){0}, "found_by", arena_printf(&c->arena, "%lld references or SKUs stand for orders that have them no more", (long long)(have - c->found_by)));
	return have < 0 ? -1 : 0;
}

static void wrong_stock(void *ctx, struct str about, const char *check, const char *what) { wrong(ctx, about, check, what); }

static int check_stock(struct check *c, struct err *e)
{
	if (c->f->stopping && c->f->stopping()) return 0;
	return fsck_stock(&(struct fsck_stock){c->db, c->codec, c->f->deep, wrong_stock, c}, e);
}

static int open_check(struct check *c, struct err *e, const struct rules *r, int64_t now)
{
	c->codec = codec_open(c->db);
	c->apply = apply_open(c->db, c->codec, r, now, e);
	return c->apply ? 0 : -1;
}

static void close_check(struct check *c)
{
	apply_close(c->apply);
	codec_close(c->codec);
	arena_free(&c->arena);
}

int fsck_run(struct db *d, struct err *e, const struct rules *r, int64_t now, const struct fsck *f, struct fsck_counts *to)
{
	struct check c = {.db = d, .f = f, .counts = to};
	struct buf said = {0};
	*to = (struct fsck_counts){0};
	int ok = open_check(&c, e, r, now);
	if (!ok) ok = db_begin(d, e); // one snapshot: rows and log of the same moment, whoever writes meanwhile
	if (!ok) ok = db_check(d, &said, e);
	lines_of(&c, (struct str){0}, "integrity", buf_view(&said));
	buf_free(&said);
	if (!ok) ok = check_counters(&c, e);
	if (!ok) ok = check_orders(&c, e);
	if (!ok) ok = check_found_by_all(&c, e);
	if (!ok) ok = check_stock(&c, e);
	to->events = ok ? 0 : (uint64_t)db_int(d, e, SQL_FSCK_EVENTS, (struct sql_arg[]){END}, 0);
	db_rollback(d);
	close_check(&c);
	return ok;
}

// --- rebuild ---------------------------------------------------------------------------------------------------------------

static int rebuild_chunk(struct check *c, struct err *e, const int64_t *keys, size_t n)
{
	if (db_begin(c->db, e)) return -1;
	for (size_t i = 0; i < n; i++) {
		struct arena_mark m = arena_mark(&c->arena);
		struct order o = {0};
		size_t events;
		if (apply_fold(c->apply, e, &c->arena, keys[i], &o, &events)) return because(e, "order row %lld", (long long)keys[i]);
		if (order_drop(c->db, e, keys[i])) return -1;
		struct source s;
		if (source_get(c->db, e, &c->arena, str_c(&c->arena, o.source), &s)) return -1;
		if (order_save(c->db, e, keys[i], s.source_id, &o, ~0u, true)) return because(e, STR_FMT, STR_ARG(o.id));
		if (check_found_by(c, e, keys[i], &o)) return -1;
		arena_reset(&c->arena, m);
	}
	c->counts->orders += n;
	apply_forget(c->apply);
	return db_commit(c->db, e);
}

static int drop_orphans(struct check *c, struct err *e)
{
	VEC(struct str) ids = {0};
	struct rows *r = db_query(c->db, e, SQL_FSCK_ORPHAN_ORDERS, END);
	int got = -1;
	while (r && (got = rows_next(r, e)) == 1) *VEC_PUSH(&c->arena, &ids) = str_of(str_c(&c->arena, row_str(r, 0)));
	if (got < 0) return -1;
	if (!ids.n) return 0;
	if (db_begin(c->db, e)) return -1;
	for (size_t i = 0; i < ids.n; i++) {
		int64_t key = order_key(c->db, e, ids.v[i]);
		if (key < 0 || order_drop(c->db, e, key)) return -1;
		wrong(c, ids.v[i], "log", "no event spoke of it: its rows were dropped");
	}
	return db_commit(c->db, e);
}

// All references and SKUs anew, from orders that were written anew: only where rows of others stand among them.
static int rewrite_found_by(struct check *c, struct err *e)
{
	struct arena walk = {0};
	struct str after = S(""), id;
	int64_t key;
	int r = db_run(c->db, e, SQL_FSCK_REFS_CLEAR, END) < 0 || db_run(c->db, e, SQL_FSCK_SKUS_CLEAR, END) < 0 ? -1 : 0;
	while (!r && (key = order_next(c->db, e, &walk, after, &id)) != 0) {
		struct order o;
		after = id;
		r = key < 0 || order_load(c->db, e, &c->arena, key, &o) || order_save_found_by(c->db, e, key, &o) ? -1 : 0;
		arena_reset(&c->arena, (struct arena_mark){0});
	}
	arena_free(&walk);
	return r;
}

// What stands for no order: counters, customers, references that no order accounts for.
static int tidy(struct check *c, struct err *e)
{
	if (db_begin(c->db, e)) return -1;
	int64_t have = db_int(c->db, e, SQL_FSCK_FOUND_BY, (struct sql_arg[]){END}, -1);
	if (have < 0 || (have != c->found_by && rewrite_found_by(c, e))) return -1;
	if (db_run(c->db, e, SQL_FSCK_RECOUNT, END) < 0 || db_run(c->db, e, SQL_FSCK_CUSTOMERS_CLEAR, END) < 0) return -1;
	return db_commit(c->db, e);
}

int fsck_rebuild(struct db *d, struct err *e, const struct rules *r, int64_t now, const struct fsck *f, struct fsck_counts *to)
{
	struct check c = {.db = d, .f = f, .counts = to};
	int64_t after = INT64_MIN, keys[CHUNK];
	*to = (struct fsck_counts){0};
	int ok = open_check(&c, e, r, now);
	if (!ok) ok = db_run(d, e, SQL_FSCK_KEYS_OFF, END) < 0 ? -1 : drop_orphans(&c, e);
	for (size_t n = 1; !ok && n && !(f->stopping && f->stopping());) {
		struct rows *rows = db_query(d, e, SQL_FSCK_LOG_KEYS, I(after), I(CHUNK));
		int got = -1;
		for (n = 0; rows && (got = rows_next(rows, e)) == 1; n++) keys[n] = row_int(rows, 0);
		if (got < 0 || (n && rebuild_chunk(&c, e, keys, n))) ok = -1;
		if (n) after = keys[n - 1];
		if (f->progress) f->progress(f->ctx, to->orders);
	}
	if (!ok && !(f->stopping && f->stopping())) ok = tidy(&c, e);
	if (ok) db_rollback(d);
	struct err later = {0};
	db_run(d, &later, SQL_FSCK_KEYS_ON, END);
	close_check(&c);
	return ok;
}

// --- digest ----------------------------------------------------------------------------------------------------------------

static int digest_orders(struct check *c, struct err *e, struct digest_sum *sum)
{
	struct buf json = {0};
	struct str after = S(""), id;
	int64_t key;
	int r = 0;
	struct arena walk = {0};
	while ((key = order_next(c->db, e, &walk, after, &id)) > 0) {
		struct order o = {0}, log = {0};
		size_t n;
		struct event *ev;
		after = id;
		r = order_load(c->db, e, &c->arena, key, &o);
		if (!r) r = events_of_order(c->db, c->codec, e, &c->arena, key, &ev, &n);
		if (!r) r = fold_order(&log, ev, n, DATE_NONE, NULL, &c->arena, e);
		if (r) break;
		o.timeline = log.timeline;
		o.n_timeline = log.n_timeline;
		buf_clear(&json);
		order_json(&json, &o, DATE_NONE);
		digest_part(sum, buf_view(&json));
		for (size_t i = 0; i < n; i++) digest_part(sum, ev[i].json);
		arena_reset(&c->arena, (struct arena_mark){0});
	}
	buf_free(&json);
	arena_free(&walk);
	return key < 0 ? -1 : r;
}

static int digest_rows(struct check *c, struct err *e, struct digest_sum *sum, enum sql sql, int columns)
{
	struct rows *r = db_query(c->db, e, sql, END);
	int got = -1;
	while (r && (got = rows_next(r, e)) == 1)
		for (int i = 0; i < columns; i++) digest_part(sum, row_str(r, i));
	return got;
}

int fsck_digest(struct db *d, struct err *e, struct digest *to)
{
	static const struct fsck nobody;
	struct fsck_counts counts = {0};
	struct check c = {.db = d, .f = &nobody, .counts = &counts};
	struct digest_sum sum;
	digest_begin(&sum);
	int r = open_check(&c, e, NULL, 0);
	if (!r) r = db_begin(d, e);
	if (!r) r = digest_orders(&c, e, &sum);
	if (!r) r = digest_rows(&c, e, &sum, SQL_FSCK_PARKED, 1);
	if (!r) r = digest_rows(&c, e, &sum, SQL_FSCK_DEAD, 4);
	if (!r) r = digest_rows(&c, e, &sum, SQL_FSCK_REFERENCES, 4);
	if (!r) r = digest_rows(&c, e, &sum, SQL_FSCK_STOCKS, 6);
	if (!r) r = digest_rows(&c, e, &sum, SQL_FSCK_MOVEMENTS, 9);
	if (!r) digest_end(&sum, to);
	db_rollback(d);
	close_check(&c);
	return r;
}
