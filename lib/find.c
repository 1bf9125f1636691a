// Lists by filter: every choice of profiles is a merge of index ranges, so no filter scans and none sorts.
#include "find.h"
#include "date.h"

// The first chunks of all streams together hold about a page and a half; a stream that is read on doubles its own.
enum { FIRST = 96, FIRST_LEAST = 2, FIRST_MOST = 64, CHUNK = 256 };
enum kind { BY_PLACED, BY_PROFILE, BY_DUE, BY_SKU };

struct key { int64_t at, order_key; struct str id; };
struct stream { // one profile's orders in key order, read a chunk at a time
	int64_t profile_id;
	struct key *key;
	size_t n, next, want;
	bool ended;
	struct arena arena; // of the chunk, from the second on
};
struct profile { int64_t id, source_id, orders; int status, payment, fulfilment; unsigned attention; const char *segment, *source; };
struct find {
	struct db *db;
	struct arena *arena, row;
	struct find_filter f;
	enum kind kind;
	VEC(struct profile) profiles;
	VEC(struct stream) streams;
	VEC(size_t) heap;     // streams by their next key
	int64_t after_at;     // where the first chunk of each stream starts
	struct str after_id;
	bool begun;
};

static bool in_set(unsigned set, int value) { return !set || (set >> value & 1); }

static bool in_words(const char *list, const char *word)
{
	if (!list) return true;
	for (size_t n = strlen(word); *list;) {
		size_t len = strcspn(list, ",");
		if (len == n && !memcmp(list, word, n)) return true;
		list += len + (list[len] == ',');
	}
	return false;
}

static bool profile_passes(const struct find_filter *f, const struct profile *p)
{
	return in_set(f->status, p->status) && in_set(f->payment, p->payment) && in_set(f->fulfilment, p->fulfilment)
		&& !(f->attention & ~(p->attention | ATTENTION_CLOCK)) && in_words(f->segment, p->segment) && in_words(f->source, p->source);
}

static struct profile row_profile(struct rows *r, struct arena *a, int at)
{
	return (struct profile){.id = row_int(r, at), .source_id = row_int(r, at + 1), .status = (int)row_int(r, at + 2), .payment = (int)row_int(r, at + 3),
		.fulfilment = (int)row_int(r, at + 4), .attention = (unsigned)row_int(r, at + 5), .segment = str_c(a, row_str(r, at + 6)), .orders = row_int(r, at + 7),
		.source = str_c(a, row_str(r, at + 8))};
}

static int load_profiles(struct find *s, struct err *e)
{
	struct rows *r = db_query(s->db, e, SQL_PROFILES, END);
	int got = -1;
	while (r && (got = rows_next(r, e)) == 1)
		*VEC_PUSH(s->arena, &s->profiles) = row_profile(r, s->arena, 0);
	return got;
}

static const struct profile *profile_of(const struct find *s, int64_t id)
{
	for (size_t i = 0; i < s->profiles.n; i++)
		if (s->profiles.v[i].id == id) return &s->profiles.v[i];
	return NULL;
}

// --- streams -----------------------------------------------------------------------------------------------------------

static enum sql statement(const struct find *s)
{
	static const enum sql by[4][2] = {{SQL_STREAM_ALL_DESC, SQL_STREAM_ALL_ASC}, {SQL_STREAM_PROFILE_DESC, SQL_STREAM_PROFILE_ASC},
		{SQL_STREAM_DUE_DESC, SQL_STREAM_DUE_ASC}, {SQL_STREAM_SKU_DESC, SQL_STREAM_SKU_ASC}};
	return by[s->kind][s->f.oldest_first];
}

// The bound that does not move ($2) and the one that pages ($3, $4).
static void bounds(const struct find *s, int64_t *fixed, int64_t *at)
{
	bool window = s->kind != BY_SKU || !s->f.late; // with --late the window is over the due instant, which that index has not
	int64_t since = s->f.since == DATE_NONE || !window ? INT64_MIN + 1 : s->f.since, until = s->f.until == DATE_NONE || !window ? INT64_MAX : s->f.until;
	if (s->kind == BY_DUE && until > s->f.now) until = s->f.now;
	*fixed = s->f.oldest_first ? until : since;
	// (at, '') sorts before every id of that instant: the window stays half-open on both sides.
	*at = s->f.oldest_first ? since : until;
}

static size_t chunk(const struct find *s, const struct stream *t)
{
	size_t want = t->want ? t->want * 2 : FIRST / s->streams.n, most = t->want ? CHUNK : FIRST_MOST;
	return want < FIRST_LEAST ? FIRST_LEAST : want > most ? most : want;
}

static int fill(struct find *s, struct err *e, struct stream *t)
{
	int64_t fixed, at;
	bounds(s, &fixed, &at);
	struct str id = S("");
	if (t->n) {
		at = t->key[t->n - 1].at;
		id = str_of(str_c(&s->row, t->key[t->n - 1].id));
	} else if (s->after_id.p && (s->f.oldest_first ? s->after_at >= at : s->after_at < at)) { // a cursor never widens the window
		at = s->after_at;
		id = s->after_id;
	}
	// The first chunks share the arena of all: hundreds of streams may pass, and few are read on.
	struct arena *a = t->want ? &t->arena : s->arena;
	size_t want = t->want = chunk(s, t);
	arena_reset(&t->arena, (struct arena_mark){0});
	t->key = NEW_N(a, struct key, want);
	t->n = t->next = 0;
	struct rows *r = s->kind == BY_SKU ? db_query(s->db, e, statement(s), I(t->profile_id), I(fixed), I(at), T(id), I((int64_t)want), Z(s->f.sku))
		: db_query(s->db, e, statement(s), I(t->profile_id), I(fixed), I(at), T(id), I((int64_t)want));
	int got = -1;
	while (r && (got = rows_next(r, e)) == 1) {
		struct str text = row_str(r, 1);
		t->key[t->n++] = (struct key){row_int(r, 0), row_int(r, 2), {arena_copy(a, text.p, text.n), text.n}};
	}
	t->ended = t->n < want;
	return got;
}

static bool before(const struct find *s, size_t a, size_t b)
{
	const struct key *x = &s->streams.v[a].key[s->streams.v[a].next], *y = &s->streams.v[b].key[s->streams.v[b].next];
	int c = x->at < y->at ? -1 : x->at > y->at ? 1 : str_cmp(x->id, y->id);
	return s->f.oldest_first ? c < 0 : c > 0;
}

static void sink(struct find *s, size_t i)
{
	size_t *h = s->heap.v, n = s->heap.n;
	for (size_t k; (k = 2 * i + 1) < n; i = k) {
		if (k + 1 < n && before(s, h[k + 1], h[k])) k++;
		if (!before(s, h[k], h[i])) return;
		size_t t = h[i];
		h[i] = h[k];
		h[k] = t;
	}
}

static int begin(struct find *s, struct err *e)
{
	s->begun = true;
	for (size_t i = 0; i < s->streams.n; i++) {
		if (fill(s, e, &s->streams.v[i])) return -1;
		if (s->streams.v[i].n) *VEC_PUSH(s->arena, &s->heap) = i;
	}
	for (size_t i = s->heap.n / 2; i-- > 0;) sink(s, i);
	return 0;
}

// Takes the least key of all streams. 1, 0 at the end, -1.
static int take(struct find *s, struct err *e, int64_t *order_key)
{
	if (!s->heap.n) return 0;
	struct stream *t = &s->streams.v[s->heap.v[0]];
	*order_key = t->key[t->next++].order_key;
	if (t->next == t->n && !t->ended && fill(s, e, t)) return -1;
	if (t->next == t->n) s->heap.v[0] = s->heap.v[--s->heap.n];
	sink(s, 0);
	return 1;
}

// --- rows --------------------------------------------------------------------------------------------------------------

static int read_row(struct rows *r, struct arena *a, const struct profile *p, int64_t key, struct found *to)
{
#define TEXT(i) str_of(str_c(a, row_str(r, i)))
	*to = (struct found){.key = key, .id = TEXT(0), .number = TEXT(1), .profile_id = p->id, .placed_at = row_int(r, 3), .due_at = row_int(r, 4), .currency = TEXT(5),
		.digits = (int)row_int(r, 6), .total = row_int(r, 7), .lines = row_int(r, 8), .customer = TEXT(9), .email = TEXT(10), .source = str_of(p->source),
		.segment = str_of(p->segment), .status = (enum order_status)p->status, .payment = (enum payment_status)p->payment,
		.fulfilment = (enum fulfilment_status)p->fulfilment, .attention = p->attention};
#undef TEXT
	return 0;
}

static int found_row(struct find *s, struct err *e, int64_t key, struct found *to)
{
	struct rows *r = db_query(s->db, e, SQL_FOUND_ROW, I(key));
	if (!r) return -1;
	int got = rows_next(r, e);
	if (got != 1) return got ? -1 : fail(e, E_BUG, "order row %lld is missing: run oms-fsck", (long long)key);
	arena_reset(&s->row, (struct arena_mark){0});
	const struct profile *p = profile_of(s, row_int(r, 2));
	got = p ? read_row(r, &s->row, p, key, to) : fail(e, E_BUG, "order row %lld has no profile: run oms-fsck", (long long)key);
	rows_end(r);
	return got;
}

int found_load(struct db *d, struct err *e, struct arena *a, int64_t key, struct found *to)
{
	struct rows *r = db_query(d, e, SQL_FOUND_ONE, I(key));
	if (!r) return -1;
	int got = rows_next(r, e);
	if (got != 1) return got ? -1 : fail(e, E_BUG, "order row %lld is missing: run oms-fsck", (long long)key);
	struct profile p = row_profile(r, a, 11);
	got = read_row(r, a, &p, key, to);
	rows_end(r);
	return got;
}

int found_has_sku(struct db *d, struct err *e, const struct found *o, const char *sku)
{
	int64_t has = db_int(d, e, SQL_FOUND_SKU, (struct sql_arg[]){Z(sku), I(o->profile_id), I(o->placed_at), T(o->id), {0}}, 0);
	return (int)has;
}

// Others than late orders and those on hold need no second look.
int found_attention(struct db *d, struct err *e, struct arena *a, const struct found *o, int64_t now, unsigned *bits)
{
	bool due = o->due_at != DATE_NONE && o->due_at < now, held = o->attention >> ATT_HELD & 1;
	*bits = o->attention;
	if (!due && !held) return 0;
	struct arena_mark m = arena_mark(a);
	struct order part = {.status = o->status, .fulfilment_status = o->fulfilment, .attention = o->attention};
	int bad = order_load_dues(d, e, a, o->key, due, &part);
	if (!bad) *bits = order_late(&part, now);
	arena_reset(a, m);
	return bad;
}

// Is it late in the ways that are asked for? 1, 0, -1.
static int late_so(struct db *d, struct err *e, struct arena *a, const struct find_filter *f, const struct found *o)
{
	unsigned bits, want = f->attention & ATTENTION_CLOCK;
	if (!want) return 1;
	return found_attention(d, e, a, o, f->now, &bits) ? -1 : !(want & ~bits);
}

static bool passes_stored(const struct find_filter *f, const struct found *o)
{
	struct profile p = {.status = (int)o->status, .payment = (int)o->payment, .fulfilment = (int)o->fulfilment, .attention = o->attention,
		.segment = o->segment.p ? o->segment.p : "", .source = o->source.p ? o->source.p : ""};
	if (!profile_passes(f, &p)) return false;
	if (f->late && (o->due_at == DATE_NONE || o->due_at >= f->now)) return false;
	int64_t at = f->late ? o->due_at : o->placed_at;
	return (f->since == DATE_NONE || at >= f->since) && (f->until == DATE_NONE || at < f->until);
}

int found_passes(struct db *d, struct err *e, struct arena *a, const struct find_filter *f, const struct found *o)
{
	return passes_stored(f, o) ? late_so(d, e, a, f, o) : 0;
}

// The streams have chosen already, but with --scan, and where it is for the clock to say in which way an order is late.
static bool look_closer(const struct find *s) { return s->f.scan || s->f.attention & ATTENTION_CLOCK; }

int find_next(struct find *s, struct err *e, struct found *to)
{
	if (!s->begun && begin(s, e)) return -1;
	int64_t order_key;
	for (int got; (got = take(s, e, &order_key)) != 0;) {
		if (got < 0 || found_row(s, e, order_key, to)) return -1;
		if (!look_closer(s) || (got = found_passes(s->db, e, &s->row, &s->f, to)) > 0) return 1;
		if (got < 0) return -1;
	}
	return 0;
}

int find_next_key(struct find *s, struct err *e, int64_t *order_key)
{
	struct found o;
	int got;
	if (look_closer(s)) return (got = find_next(s, e, &o)) == 1 ? (*order_key = o.key, 1) : got;
	return !s->begun && begin(s, e) ? -1 : take(s, e, order_key);
}

// --- opening -----------------------------------------------------------------------------------------------------------

static void choose(struct find *s)
{
	const struct find_filter *f = &s->f;
	s->kind = f->sku ? BY_SKU : f->late ? BY_DUE : BY_PROFILE;
	size_t passing = 0;
	for (size_t i = 0; i < s->profiles.n; i++) passing += profile_passes(f, &s->profiles.v[i]);
	if (s->kind == BY_PROFILE && passing == s->profiles.n) { // nothing is left out: one index holds them all in order
		s->kind = BY_PLACED;
		*VEC_PUSH(s->arena, &s->streams) = (struct stream){0};
		return;
	}
	for (size_t i = 0; i < s->profiles.n; i++)
		if (profile_passes(f, &s->profiles.v[i])) *VEC_PUSH(s->arena, &s->streams) = (struct stream){.profile_id = s->profiles.v[i].id};
}

// The option that asked for late orders.
static const char *late_word(const struct find_filter *f)
{
	if (f->attention >> ATT_STALLED & 1) return "--attention=stalled";
	if (f->attention >> ATT_LATE_TO_SHIP & 1) return "--attention=late_to_ship";
	return f->attention >> ATT_LATE_IN_TRANSIT & 1 ? "--attention=late_in_transit" : "--late";
}

struct find *find_open(struct db *d, struct err *e, struct arena *a, const struct find_filter *f)
{
	struct find *s = NEW(a, struct find);
	s->db = d;
	s->arena = a;
	s->f = *f;
	s->f.late |= (f->attention & ATTENTION_CLOCK) != 0;
	if (s->f.late && !f->sku) s->f.oldest_first = true; // most overdue first
	if (s->f.late && f->sku && !f->scan) {
		fail(e, E_USAGE, "--sku with %s: no index holds both, so every order with SKU %s would be read", late_word(f), f->sku);
		hint(e, "add --scan to allow that, or give one of the two");
		return NULL;
	}
	if (load_profiles(s, e)) return NULL;
	choose(s);
	return s;
}

void find_after(struct find *s, int64_t at, struct str id)
{
	s->after_at = at;
	s->after_id = id;
}

size_t find_streams(const struct find *s) { return s->streams.n; }

const char *find_index(const struct find *s)
{
	static const char *const name[] = {"orders_placed", "orders_profile", "orders_due", "order_sku"};
	return name[s->kind];
}

int64_t find_total(const struct find *s)
{
	if (s->f.since != DATE_NONE || s->f.until != DATE_NONE || s->f.sku || s->f.late) return -1;
	int64_t n = 0;
	for (size_t i = 0; i < s->profiles.n; i++)
		if (profile_passes(&s->f, &s->profiles.v[i])) n += s->profiles.v[i].orders;
	return n;
}

void find_close(struct find *s)
{
	if (!s) return;
	for (size_t i = 0; i < s->streams.n; i++) arena_free(&s->streams.v[i].arena);
	arena_free(&s->row);
}

int find_segments(struct db *d, struct err *e, struct arena *a, struct str **list, size_t *n)
{
	struct find s = {.db = d, .arena = a};
	VEC(struct str) found = {0};
	if (load_profiles(&s, e)) return -1;
	for (size_t i = 0; i < s.profiles.n; i++) {
		struct str word = str_of(s.profiles.v[i].segment);
		bool known = !word.n;
		for (size_t k = 0; !known && k < found.n; k++) known = str_eq(found.v[k], word);
		if (!known) *VEC_PUSH(a, &found) = word;
	}
	*list = found.v;
	*n = found.n;
	return 0;
}
