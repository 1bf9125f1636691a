// A token to orders: what an agent holds in hand, tried as every kind of reference it could be.
#include "find.h"
#include <ctype.h>
#include <stdlib.h>

enum { MOST = 1000 };

struct hits { VEC(int64_t) key; VEC(unsigned) matched; bool more; };

static void add_hit(struct arena *a, struct hits *h, int64_t key, unsigned bit)
{
	for (size_t i = 0; i < h->key.n; i++)
		if (h->key.v[i] == key) {
			h->matched.v[i] |= bit;
			return;
		}
	if (h->key.n == MOST) {
		h->more = true;
		return;
	}
	*VEC_PUSH(a, &h->key) = key;
	*VEC_PUSH(a, &h->matched) = bit;
}

static size_t digits_in(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) n += isdigit((unsigned char)s.p[i]) != 0;
	return n;
}

bool find_too_short(const char *token)
{
	struct str t = str_trim(str_of(token));
	return t.n && t.n < FIND_TAIL_LEAST && digits_in(t) == t.n;
}

static bool has_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isalpha((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 0x80) return true;
	return false;
}

// Kinds that a text of this shape cannot be are not asked for: each costs a look-up.
static bool plausible(enum ref_kind k, struct str token)
{
	switch (k) {
	case REF_EMAIL: return memchr(token.p, '@', token.n) != NULL;
	case REF_PHONE: return !has_letter(token);
	case REF_NAME: return token.n >= 2 && has_letter(token) && !memchr(token.p, '@', token.n);
	case REF_NUMBER_TAIL: return token.n >= FIND_TAIL_LEAST && digits_in(token) == token.n;
	default: return true;
	}
}

static bool by_prefix(enum ref_kind k) { return k == REF_NAME || k == REF_NUMBER_TAIL || k == REF_PHONE; }

// The end of a number, of an order or a telephone, is a guess: only where nothing answers in full.
static bool guess(enum ref_kind k) { return k == REF_NUMBER_TAIL || k == REF_PHONE; }

// The least text behind every text that starts with s: its last byte that is not 0xff, one up.
static struct str prefix_end(struct arena *a, struct str s)
{
	char *p = arena_copy(a, s.p, s.n);
	size_t n = s.n;
	while (n && (unsigned char)p[n - 1] == 0xff) n--;
	if (n) p[n - 1] = (char)((unsigned char)p[n - 1] + 1);
	return (struct str){p, n};
}

static int ask(struct db *d, struct err *e, struct arena *a, enum ref_kind k, struct str token, struct hits *h)
{
	struct str value = ref_normal(a, k, token);
	if (!value.n) return 0;
	struct rows *r = by_prefix(k) ? db_query(d, e, SQL_REF_KEYS_PREFIX, I(k), T(value), T(prefix_end(a, value)), I(MOST + 1))
		: db_query(d, e, SQL_REF_KEYS, I(k), T(value), I(MOST + 1));
	int got = -1;
	size_t rows = 0;
	for (; r && (got = rows_next(r, e)) == 1; rows++) add_hit(a, h, row_int(r, 0), 1u << k);
	h->more |= rows > MOST; // an order may stand there more than once: cut off is cut off
	return got;
}

static int collect(struct db *d, struct err *e, struct arena *a, struct str token, struct hits *h)
{
	int64_t key = order_key(d, e, token);
	if (key < 0) return -1;
	if (key) { // its own id names one order, whatever else the text could be
		add_hit(a, h, key, 1);
		return 0;
	}
	static const enum ref_kind kinds[] = {
#define X(code, n, word) code,
		REF_KINDS(X)
#undef X
	};
	for (int guesses = 0; guesses < 2 && !h->key.n; guesses++)
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
			if (guess(kinds[i]) == guesses && plausible(kinds[i], token) && ask(d, e, a, kinds[i], token, h)) return -1;
	return 0;
}

static int newest_first(const void *x, const void *y)
{
	const struct found *a = x, *b = y;
	if (a->placed_at != b->placed_at) return a->placed_at > b->placed_at ? -1 : 1;
	return str_cmp(b->id, a->id);
}

static int load_hit(struct db *d, struct err *e, struct arena *a, int64_t key, unsigned matched, struct found *to)
{
	if (found_load(d, e, a, key, to)) return -1;
	to->matched = matched;
	return 0;
}

int find_token(struct db *d, struct err *e, struct arena *a, const char *token, size_t most, struct found **list, size_t *n, bool *more)
{
	struct hits h = {0};
	*list = NULL;
	*n = 0;
	struct str t = str_trim(str_of(token));
	if (!t.n) return fail(e, E_USAGE, "an empty reference");
	if (t.n > 512) return fail(e, E_USAGE, "a reference of %zu bytes: no identifier is that long", t.n);
	if (collect(d, e, a, t, &h)) return -1;
	*list = NEW_N(a, struct found, h.key.n + 1);
	for (size_t i = 0; i < h.key.n; i++)
		if (load_hit(d, e, a, h.key.v[i], h.matched.v[i], &(*list)[i])) return -1;
	qsort(*list, h.key.n, sizeof **list, newest_first);
	*more = h.more || h.key.n > most;
	*n = h.key.n < most ? h.key.n : most;
	return 0;
}

int find_one(struct db *d, struct err *e, struct arena *a, const char *token, int64_t *key, struct str *id)
{
	struct found *list;
	size_t n;
	bool more;
	if (find_token(d, e, a, token, 6, &list, &n, &more)) return -1;
	if (n == 1 && !more) {
		*key = list[0].key;
		*id = list[0].id;
		return 0;
	}
	if (!n) {
		fail(e, E_NOTFOUND, "no such order");
		if (find_too_short(token)) return hint(e, "by the last digits of its number an order is found from %d digits on", FIND_TAIL_LEAST);
		return hint(e, "oms-find takes any identifier: order number or its last digits, tracking, payment reference, e-mail, phone, ticket, name");
	}
	fail(e, E_AMBIGUOUS, "more than one order answers to it");
	struct buf b = {0};
	for (size_t i = 0; i < n && i < 5; i++) buf_printf(&b, "%s" STR_FMT, i ? ", " : "", STR_ARG(list[i].id));
	if (n > 5 || more) buf_cstr(&b, ", …");
	hint(e, "name one of: " STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return -1;
}
