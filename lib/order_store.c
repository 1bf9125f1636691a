// Keys, references and the save of an order as a whole; its parts are written by order_save.c and read by order_load.c.
//
// Every order stands under a profile: the combination of source, states, attention and segment that lists are chosen by.
// Profiles are few, so their ids and the changes of their counters are kept in memory and written once a transaction.
#include "digest.h"
#include "order_rows.h"
#include <stdlib.h>

enum { BUCKETS = 1024 };

struct profile {
	struct profile *next;
	int64_t id, source_id, status, payment, fulfilment, attention;
	struct str segment;
	int64_t change; // of its counter, not written yet
};
struct memo {
	struct db_memo base;
	struct arena arena;           // of the profiles
	struct profile *bucket[BUCKETS];
	VEC(struct profile *) changed;
	int64_t next_key;             // 0: not known
	struct arena scratch;         // of one save
};

static void forget(struct db_memo *base, bool last)
{
	struct memo *m = (struct memo *)base;
	arena_free(&m->arena);
	if (last) {
		arena_free(&m->scratch);
		free(m);
		return;
	}
	memset(m->bucket, 0, sizeof m->bucket);
	memset(&m->changed, 0, sizeof m->changed);
	m->next_key = 0;
}

static int write_counters(struct db_memo *base, struct db *d, struct err *e)
{
	struct memo *m = (struct memo *)base;
	for (size_t i = 0; i < m->changed.n; i++) {
		struct profile *p = m->changed.v[i];
		if (p->change && db_run(d, e, SQL_PROFILE_COUNT, I(p->id), I(p->change)) < 0) return -1;
		p->change = 0;
	}
	m->changed.n = 0;
	return 0;
}

static struct memo *memo_of(struct db *d)
{
	struct memo *m = (struct memo *)db_memo(d, forget);
	if (m) return m;
	m = must_alloc(sizeof *m);
	memset(m, 0, sizeof *m);
	m->base.drop = forget;
	m->base.save = write_counters;
	db_memo_add(d, &m->base);
	return m;
}

// ---- keys

int64_t order_key(struct db *d, struct err *e, struct str id) { return db_int(d, e, SQL_ORDER_KEY, (struct sql_arg[]){T(id), {0}}, 0); }

int64_t order_key_new(struct db *d, struct err *e)
{
	struct memo *m = memo_of(d);
	if (m->next_key) return m->next_key++;
	int64_t most = db_int(d, e, SQL_ORDER_KEY_MOST, (struct sql_arg[]){{0}}, 0);
	if (most < 0) return -1;
	m->next_key = most + 2;
	return most + 1;
}

struct str order_id_of(struct db *d, struct err *e, struct arena *a, int64_t key)
{
	struct str id = {0};
	struct rows *r = db_query(d, e, SQL_ORDER_ID, I(key));
	int more = r ? rows_next(r, e) : -1;
	if (more > 0) {
		id = cell(r, 0, a);
		rows_end(r);
	} else if (more == 0)
		fail(e, E_NOTFOUND, "there is no order with that key in the store");
	return id;
}

int64_t order_next(struct db *d, struct err *e, struct arena *a, struct str after_id, struct str *id)
{
	struct rows *r = db_query(d, e, SQL_ORDER_NEXT, T(after_id.p ? after_id : S("")));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	int64_t key = row_int(r, 0);
	*id = cell(r, 1, a);
	rows_end(r);
	return key;
}

int order_by_ref(struct db *d, struct err *e, struct arena *a, enum ref_kind kind, struct str value, size_t most, int64_t **keys, size_t *n)
{
	VEC(int64_t) list = {0};
	struct rows *r = db_query(d, e, SQL_ORDER_BY_REF, T(value), I((int64_t)kind), I((int64_t)most));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) *VEC_PUSH(a, &list) = row_int(r, 0);
	*keys = list.v;
	*n = list.n;
	return more;
}

// ---- profiles

static bool same_profile(const struct profile *a, const struct profile *b)
{
	return a->source_id == b->source_id && a->status == b->status && a->payment == b->payment && a->fulfilment == b->fulfilment && a->attention == b->attention
		&& str_eq(a->segment, b->segment);
}

static int profile_make(struct db *d, struct err *e, struct profile *p)
{
	p->id = db_int(d, e, SQL_PROFILE_GET, (struct sql_arg[]){I(p->source_id), I(p->status), I(p->payment), I(p->fulfilment), I(p->attention), T(p->segment), {0}}, 0);
	if (p->id) return p->id < 0 ? -1 : 0;
	if (db_run(d, e, SQL_PROFILE_INSERT, I(p->source_id), I(p->status), I(p->payment), I(p->fulfilment), I(p->attention), T(p->segment)) < 0) return -1;
	p->id = db_last_id(d);
	return 0;
}

static struct profile *profile_of(struct db *d, struct err *e, struct memo *m, int64_t source_id, const struct order *o)
{
	struct profile want = {.source_id = source_id, .status = o->status, .payment = o->payment_status, .fulfilment = o->fulfilment_status,
		.attention = (int64_t)(o->attention & ~(unsigned)ATTENTION_CLOCK), .segment = o->customer.segment.p ? o->customer.segment : S("")};
	uint64_t hash = str_hash(want.segment) + (uint64_t)(source_id * 31 + want.status + want.payment * 5 + want.fulfilment * 67 + want.attention * 1031);
	struct profile **bucket = &m->bucket[hash % BUCKETS];
	for (struct profile *p = *bucket; p; p = p->next)
		if (same_profile(p, &want)) return p;
	if (profile_make(d, e, &want) < 0) return NULL;
	want.segment.p = arena_copy(&m->arena, want.segment.p, want.segment.n);
	want.next = *bucket;
	*bucket = NEW(&m->arena, struct profile);
	**bucket = want;
	return *bucket;
}

static void count(struct memo *m, struct profile *p, int64_t by)
{
	if (!p->change) *VEC_PUSH(&m->arena, &m->changed) = p;
	p->change += by;
}

// ---- customers

static int64_t customer_hash(int64_t source_id, const struct customer *c)
{
	const struct str part[] = {c->id, c->name, c->email, c->phone, c->company, c->tax_id};
	struct digest_sum s;
	struct digest to;
	uint64_t key;
	digest_begin(&s);
	digest_part(&s, (struct str){(const char *)&source_id, sizeof source_id});
	for (size_t i = 0; i < 6; i++) digest_part(&s, part[i].p ? part[i] : S("\001absent"));
	digest_end(&s, &to);
	memcpy(&key, to.b, sizeof key);
	return (int64_t)(key >> 1 | 1);
}

static bool same_cell(struct rows *r, int i, struct str s)
{
	struct str have = row_str(r, i);
	return !have.p == !s.p && str_eq(have, s);
}

// The row with exactly this content; its key is a digest of it, or the next free one should two contents ever share that.
static int64_t customer_key(struct db *d, struct err *e, int64_t source_id, const struct customer *c)
{
	if (!c->id.p && !c->name.p && !c->email.p && !c->phone.p && !c->company.p && !c->tax_id.p) return 0;
	for (int64_t key = customer_hash(source_id, c);; key++) {
		struct rows *r = db_query(d, e, SQL_CUSTOMER_GET, I(key));
		int more = r ? rows_next(r, e) : -1;
		if (more < 0) return -1;
		if (more == 0)
			return db_run(d, e, SQL_CUSTOMER_INSERT, I(key), I(source_id), T(c->id), T(c->name), T(c->email), T(c->phone), T(c->company), T(c->tax_id)) < 0 ? -1 : key;
		bool same = row_int(r, 0) == source_id && same_cell(r, 1, c->id) && same_cell(r, 2, c->name) && same_cell(r, 3, c->email) && same_cell(r, 4, c->phone)
			&& same_cell(r, 5, c->company) && same_cell(r, 6, c->tax_id);
		rows_end(r);
		if (same) return key;
	}
}

// ---- what an order is found by

static int ref_cmp(const struct event_ref *a, const struct event_ref *b)
{
	return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : str_cmp(a->value, b->value);
}

static int ref_sort(const void *a, const void *b) { return ref_cmp(a, b); }

// Both lists sorted: what only `was` has goes, what only `is` has comes.
static int save_refs(struct db *d, struct err *e, int64_t key, struct event_ref *was, size_t n_was, struct event_ref *is, size_t n_is)
{
	if (n_was > 1) qsort(was, n_was, sizeof *was, ref_sort);
	if (n_is > 1) qsort(is, n_is, sizeof *is, ref_sort);
	for (size_t i = 0, k = 0; i < n_was || k < n_is;) {
		int c = i == n_was ? 1 : k == n_is ? -1 : ref_cmp(&was[i], &is[k]);
		if (c < 0 && db_run(d, e, SQL_ORDER_REF_DELETE, T(was[i].value), I((int64_t)was[i].kind), I(key)) < 0) return -1;
		if (c > 0 && db_run(d, e, SQL_ORDER_REF_INSERT, T(is[k].value), I((int64_t)is[k].kind), I(key)) < 0) return -1;
		i += c <= 0;
		k += c >= 0;
	}
	return 0;
}

static bool sku_before(const struct order *o, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(o->lines[k].sku, o->lines[i].sku)) return true;
	return false;
}

static bool same_skus(const struct order *a, const struct order *b)
{
	if (a->n_lines != b->n_lines) return false;
	for (size_t i = 0; i < a->n_lines; i++)
		if (!str_eq(a->lines[i].sku, b->lines[i].sku)) return false;
	return true;
}

// Rows of order_sku, written or taken away. Doubles cost little: the insert passes over them, the delete finds nothing.
static int each_sku(struct db *d, struct err *e, int64_t key, int64_t profile_id, const struct order *o, bool write)
{
	for (size_t i = 0; i < o->n_lines; i++) {
		struct str sku = o->lines[i].sku;
		if (!sku.n || (i < 100 && sku_before(o, i))) continue;
		int64_t done = write ? db_run(d, e, SQL_ORDER_SKU_INSERT, T(sku), I(profile_id), I(o->placed_at), T(o->id), I(key))
			: db_run(d, e, SQL_ORDER_SKU_DELETE, T(sku), I(profile_id), I(o->placed_at), T(o->id));
		if (done < 0) return -1;
	}
	return 0;
}

// ---- the orders row

struct row { int64_t key, profile_id, customer_key; unsigned parts; struct buf extra; };

static int write_row(struct db *d, struct err *e, enum sql sql, const struct row *w, const struct order *o)
{
	int64_t due = order_due_at(o);
	struct str mode = o->price_mode ? (struct str){&o->price_mode, 1} : S("");
	return db_run(d, e, sql, I(w->key), T(o->id), T(o->number), I(w->profile_id), w->customer_key ? I(w->customer_key) : N(), I(w->parts), I(o->placed_at), OPT(o->updated_at),
		OPT(due), T(o->currency), I(o->digits), T(mode), OPT(o->subtotal), OPT(o->discount_total), OPT(o->shipping_total), OPT(o->fee_total), OPT(o->tax_total), OPT(o->total),
		OPT(o->authorized), OPT(o->captured), OPT(o->refunded), OPT(o->disputed), I((int64_t)o->n_lines), w->extra.n ? T(buf_view(&w->extra)) : N()) < 0 ? -1 : 0;
}

static int update_row(struct db *d, struct err *e, const struct row *w, const struct order *o)
{
	int64_t due = order_due_at(o);
	if (write_row(d, e, SQL_ORDER_UPDATE, w, o) < 0) return -1;
	if (db_run(d, e, SQL_ORDER_UPDATE_PROFILE, I(w->key), I(w->profile_id)) < 0 || db_run(d, e, SQL_ORDER_UPDATE_PLACED, I(w->key), I(o->placed_at)) < 0) return -1;
	return db_run(d, e, SQL_ORDER_UPDATE_DUE, I(w->key), OPT(due)) < 0 ? -1 : 0;
}

// Its source stays the one it has: what comes from a payment service or a carrier does not move it there.
static int read_profile(struct db *d, struct err *e, int64_t key, int64_t *profile_id, int64_t *source_id)
{
	struct rows *r = db_query(d, e, SQL_ORDER_BEFORE, I(key));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*profile_id = row_int(r, 0);
	*source_id = row_int(r, 3);
	rows_end(r);
	return 1;
}

// What stands there now of the parts to be written: its references and skus are taken away where they no longer hold.
static int read_before(struct db *d, struct err *e, struct memo *m, int64_t key, unsigned parts, struct order *was, int64_t *profile_id, int64_t *source_id)
{
	int there = read_profile(d, e, key, profile_id, source_id);
	return there <= 0 ? there : order_read(d, e, &m->scratch, key, parts | PART_LINES, was);
}

static int save_refs_of(struct db *d, struct err *e, struct memo *m, int64_t key, const struct order *was, const struct order *o)
{
	struct event_ref *had = NULL, *has;
	size_t n_had = was ? order_refs(was, &m->scratch, &had) : 0, n_has = order_refs(o, &m->scratch, &has);
	return save_refs(d, e, key, had, n_had, has, n_has);
}

static int save_skus(struct db *d, struct err *e, const struct row *w, const struct order *was, int64_t was_profile, const struct order *o)
{
	if (was && was_profile == w->profile_id && was->placed_at == o->placed_at && same_skus(was, o)) return 0;
	if (was && each_sku(d, e, w->key, was_profile, was, false) < 0) return -1;
	return each_sku(d, e, w->key, w->profile_id, o, true);
}

static int change_counter(struct db *d, struct err *e, struct memo *m, struct profile *now, const struct order *was, int64_t source_id)
{
	struct profile *before = was ? profile_of(d, e, m, source_id, was) : NULL;
	if (was && !before) return -1;
	if (before == now) return 0;
	if (before) count(m, before, -1);
	count(m, now, 1);
	return 0;
}

// The rows of the parts that changed; where of the lines only the counts of units did, those alone.
static int save_parts(struct db *d, struct err *e, int64_t key, const struct order *was, const struct order *o, unsigned parts)
{
	unsigned changed = was ? parts & ~parts_same(was, o, parts) : ~0u;
	if (was && (parts & PART_LINES) && !(changed & PART_LINES) && units_update(d, e, key, was, o) < 0) return -1;
	if (was && parts_delete(d, e, key, was->parts & changed) < 0) return -1;
	return parts_insert(d, e, key, o, changed);
}

static int save(struct db *d, struct err *e, struct memo *m, int64_t key, int64_t source_id, const struct order *o, unsigned parts, bool fresh)
{
	struct order before, *was = NULL;
	int64_t was_profile = 0;
	int there = fresh ? 0 : read_before(d, e, m, key, parts, &before, &was_profile, &source_id);
	if (there < 0) return -1;
	if (there) was = &before;
	struct profile *profile = profile_of(d, e, m, source_id, o);
	if (!profile || change_counter(d, e, m, profile, was, source_id) < 0) return -1;
	struct row w = {.key = key, .profile_id = profile->id, .customer_key = customer_key(d, e, source_id, &o->customer)};
	if (w.customer_key < 0) return -1;
	w.parts = (was ? was->parts & ~parts : 0) | (order_parts(o) & (parts | (was ? 0u : ~0u)));
	extra_write(&w.extra, o);
	int rc = was ? update_row(d, e, &w, o) : write_row(d, e, SQL_ORDER_INSERT, &w, o);
	buf_free(&w.extra);
	if (rc < 0 || save_parts(d, e, key, was, o, parts) < 0 || save_refs_of(d, e, m, key, was, o) < 0) return -1;
	return save_skus(d, e, &w, was, was_profile, o);
}

int order_save(struct db *d, struct err *e, int64_t key, int64_t source_id, const struct order *o, unsigned parts, bool fresh)
{
	struct memo *m = memo_of(d);
	struct arena_mark mark = arena_mark(&m->scratch);
	int rc = save(d, e, m, key, source_id, o, parts & PARTS_ALL, fresh);
	arena_reset(&m->scratch, mark);
	return rc < 0 ? because(e, "saving order " STR_FMT, STR_ARG(o->id)) : 0;
}

static int save_change(struct db *d, struct err *e, struct memo *m, int64_t key, const struct order *was, const struct order *is)
{
	enum { OWN = PART_LINES | PART_HOLDS | PART_RESERVATIONS };
	struct buf extra = {0};
	int64_t was_profile, source_id, due = order_due_at(is);
	int there = read_profile(d, e, key, &was_profile, &source_id);
	if (there <= 0) return there < 0 ? -1 : fail(e, E_BUG, "its row is not there");
	struct profile *profile = profile_of(d, e, m, source_id, is);
	if (!profile || change_counter(d, e, m, profile, was, source_id) < 0) return -1;
	extra_write(&extra, is);
	unsigned parts = (was->parts & ~(unsigned)OWN) | (order_parts(is) & OWN);
	int64_t rc;
	if (profile->id == was_profile) rc = db_run(d, e, SQL_ORDER_UPDATE_OWN, I(key), I(parts), extra.n ? T(buf_view(&extra)) : N());
	else rc = db_run(d, e, SQL_ORDER_UPDATE_OWN_STATE, I(key), I(parts), extra.n ? T(buf_view(&extra)) : N(), I(profile->id));
	buf_free(&extra);
	if (rc >= 0 && due != order_due_at(was) && db_run(d, e, SQL_ORDER_UPDATE_DUE, I(key), OPT(due)) < 0) return -1;
	if (rc < 0 || save_parts(d, e, key, was, is, OWN) < 0) return -1;
	if (profile->id == was_profile) return 0;
	return each_sku(d, e, key, was_profile, was, false) < 0 || each_sku(d, e, key, profile->id, is, true) < 0 ? -1 : 0; // one update of both is dearer
}

int order_save_change(struct db *d, struct err *e, int64_t key, const struct order *was, const struct order *is)
{
	struct memo *m = memo_of(d);
	// Where nothing else says when it was placed, a cancellation of ours may be the first thing known of it.
	if (was->placed_at != is->placed_at) return order_save(d, e, key, 0, is, ~0u, false);
	return save_change(d, e, m, key, was, is) < 0 ? because(e, "saving order " STR_FMT, STR_ARG(is->id)) : 0;
}

static int drop(struct db *d, struct err *e, struct memo *m, int64_t key)
{
	struct order was;
	int64_t profile_id = 0, source_id;
	struct event_ref *had;
	int there = read_before(d, e, m, key, PARTS_ALL, &was, &profile_id, &source_id);
	if (there < 0 && (!profile_id || e->code == E_IO || e->code == E_BUSY)) return -1;
	if (there > 0) {
		size_t n = order_refs(&was, &m->scratch, &had);
		if (save_refs(d, e, key, had, n, NULL, 0) < 0 || each_sku(d, e, key, profile_id, &was, false) < 0) return -1;
	}
	if (there < 0) err_clear(e); // damaged rows go as others do; what they were found by, the rebuild tidies up
	if (parts_delete(d, e, key, PARTS_ALL) < 0) return -1;
	if (!there) return 0;
	if (db_run(d, e, SQL_ORDER_DELETE, I(key)) < 0 || db_run(d, e, SQL_PROFILE_COUNT, I(profile_id), I(-1)) < 0) return -1;
	return 0;
}

int order_save_found_by(struct db *d, struct err *e, int64_t key, const struct order *o)
{
	struct memo *m = memo_of(d);
	struct arena_mark mark = arena_mark(&m->scratch);
	struct order none;
	struct event_ref *refs;
	int64_t profile_id = 0, source_id;
	int there = read_before(d, e, m, key, 0, &none, &profile_id, &source_id);
	size_t n = order_refs(o, &m->scratch, &refs);
	int rc = there < 0 || save_refs(d, e, key, NULL, 0, refs, n) < 0 || each_sku(d, e, key, profile_id, o, true) < 0 ? -1 : 0;
	arena_reset(&m->scratch, mark);
	return rc;
}

int order_drop(struct db *d, struct err *e, int64_t key)
{
	struct memo *m = memo_of(d);
	struct arena_mark mark = arena_mark(&m->scratch);
	int rc = drop(d, e, m, key);
	arena_reset(&m->scratch, mark);
	return rc < 0 ? -1 : 0;
}
