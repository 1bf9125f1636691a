// Other orders like it: the same customer, lines and address within a short time may be one order sent twice.
#include "check_part.h"
#include "order_store.h"
#include <stdlib.h>

// Orders of the same e-mail are gone through from the one that came just before it on back, and from the one just after it on, until
// so many were placed further away than a twin: a buyer's thousands of others are not read.
enum { OTHERS = 4, MOST = 1000, MINUTE = 60000, HOUR = 3600000 };

struct twin { int64_t key, placed_at; struct str id; };
typedef VEC(struct twin) twins;

static int64_t apart(int64_t a, int64_t b) { return a > b ? a - b : b - a; }

static int neighbours(struct checking *c, enum sql sql, struct str email, int64_t twin, int64_t similar, twins *to)
{
	const struct order *o = c->o;
	struct rows *r = db_query(c->db, c->e, sql, T(email), I(c->opt->order_key), I(MOST));
	int more = -1, others = 0;
	while (r && others < OTHERS && (more = rows_next(r, c->e)) > 0) {
		int64_t away = apart(row_int(r, 2), o->placed_at);
		others += away > twin;
		if (away > similar || row_int(r, 3) != o->total || row_int(r, 4) != (int64_t)o->n_lines) continue;
		struct str id = row_str(r, 1);
		*VEC_PUSH(c->a, to) = (struct twin){row_int(r, 0), row_int(r, 2), {arena_copy(c->a, id.p, id.n), id.n}};
	}
	if (more > 0) rows_end(r);
	return more < 0 ? -1 : 0;
}

static int by_item(const void *x, const void *y)
{
	const struct line *a = *(const struct line *const *)x, *b = *(const struct line *const *)y;
	int c = str_cmp(a->sku, b->sku);
	return c ? c : (a->quantity > b->quantity) - (a->quantity < b->quantity);
}

static const struct line **sorted(struct arena *a, const struct order *o)
{
	const struct line **list = NEW_N(a, const struct line *, o->n_lines + 1);
	for (size_t i = 0; i < o->n_lines; i++) list[i] = &o->lines[i];
	qsort(list, o->n_lines, sizeof *list, by_item);
	return list;
}

// Whatever order they stand in: sent twice, a basket may be put together anew.
static bool same_lines(struct arena *a, const struct order *o, const struct order *p)
{
	if (o->n_lines != p->n_lines) return false;
	const struct line **x = sorted(a, o), **y = sorted(a, p);
	for (size_t i = 0; i < o->n_lines; i++)
		if (by_item(&x[i], &y[i])) return false;
	return true;
}

static bool same_address(const struct address *a, const struct address *b)
{
	return str_eq_nocase(str_trim(a->line1), str_trim(b->line1)) && str_eq_nocase(str_trim(a->postcode), str_trim(b->postcode)) && str_eq_nocase(a->country, b->country);
}

static void say_twin(struct checking *c, struct check_result *r, const struct twin *t, enum verdict v)
{
	verdict_say(c, r, v, "order " STR_FMT " of the same customer has the same lines and address, placed %lld minutes %s", STR_ARG(t->id),
		(long long)(apart(t->placed_at, c->o->placed_at) / MINUTE), t->placed_at <= c->o->placed_at ? "before" : "after");
	member_text(&c->evidence, "twin", t->id);
}

// 1: the same order, as far as one can see; -1: it cannot be read.
static int is_twin(struct checking *c, const struct twin *t)
{
	struct order o;
	if (order_load(c->db, c->e, c->a, t->key, &o)) return -1;
	return o.status != ORDER_CANCELLED && !(o.attention >> ATT_TEST & 1) && same_lines(c->a, c->o, &o) && same_address(&c->o->shipping, &o.shipping);
}

int check_duplicate(struct checking *c, struct check_result *r)
{
	int64_t similar = conf_int(conf_get(c->params, "similar_hours"), 24) * HOUR, exact = conf_int(conf_get(c->params, "twin_minutes"), 10) * MINUTE;
	twins list = {0};
	const struct twin *like = NULL;
	struct str email = c->o->customer.email.n ? ref_normal(c->a, REF_EMAIL, c->o->customer.email) : (struct str){0};
	if (!email.n) {
		r->verdict = VERDICT_NA;
		r->because = S("it has no e-mail to find others by");
		return 0;
	}
	if (neighbours(c, SQL_TWINS_BEFORE, email, exact, similar, &list) || neighbours(c, SQL_TWINS_AFTER, email, exact, similar, &list)) return -1;
	for (size_t i = 0; i < list.n; i++) {
		const struct twin *t = &list.v[i];
		bool close = apart(t->placed_at, c->o->placed_at) <= exact;
		if (like && !close) continue;
		int twin = is_twin(c, t);
		if (twin < 0) return -1;
		if (twin && close) return say_twin(c, r, t, VERDICT_BLOCK), 0;
		if (twin) like = t;
	}
	if (like) say_twin(c, r, like, VERDICT_WARN);
	else if (verdict_wants(c, r)) member_whole(&c->evidence, "looked_at", (int64_t)list.n);
	return 0;
}
