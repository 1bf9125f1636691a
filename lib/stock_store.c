// The movement ledger and its balances.
#include "stock_store.h"

static struct str cell_copy(struct rows *r, int i, struct arena *a)
{
	struct str s = row_str(r, i);
	if (s.p) s.p = arena_copy(a, s.p, s.n);
	return s;
}

static struct balance read_balance(struct rows *r, int i) { return (struct balance){row_int(r, i), row_int(r, i + 1), row_int(r, i + 2), row_int(r, i + 3)}; }

// The balance, its newest movement, and when that was booked.
struct newest { struct balance balance; int64_t movement_id, at; };

static int get(struct db *d, struct err *e, struct str sku, struct str warehouse, struct newest *to)
{
	*to = (struct newest){.at = INT64_MIN};
	struct rows *r = db_query(d, e, SQL_STOCK_GET, T(sku), T(warehouse));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*to = (struct newest){read_balance(r, 0), row_int(r, 4), row_int(r, 5)};
	rows_end(r);
	return 1;
}

int stock_get(struct db *d, struct err *e, struct str sku, struct str warehouse, struct balance *to)
{
	struct newest n;
	int got = get(d, e, sku, warehouse, &n);
	*to = n.balance;
	return got;
}

int stock_newest(struct db *d, struct err *e, struct str sku, struct str warehouse, int64_t *movement_id)
{
	struct newest n;
	int got = get(d, e, sku, warehouse, &n);
	*movement_id = n.movement_id;
	return got;
}

static int refused(struct err *e, const struct movement *m)
{
	return fail(e, E_REFUSED, "stock of " STR_FMT " in " STR_FMT ": %s of %lld on hand, %lld held, %lld allocated, %lld backordered does not fit a balance of %lld, %lld, %lld, %lld",
		STR_ARG(m->sku), STR_ARG(m->warehouse), stock_kind_word(m->kind), (long long)m->by.on_hand, (long long)m->by.held, (long long)m->by.allocated, (long long)m->by.backordered,
		(long long)m->before.on_hand, (long long)m->before.held, (long long)m->before.allocated, (long long)m->before.backordered);
}

int stock_move(struct db *d, struct err *e, struct movement *m)
{
	struct newest n;
	int there = get(d, e, m->sku, m->warehouse, &n);
	if (there < 0) return -1;
	m->before = m->after = n.balance;
	m->before_id = n.movement_id;
	if (m->at < n.at) m->at = n.at; // two programs whose clocks differ a little: time never goes back along the chain
	if (!balance_add(&m->after, &m->by)) return refused(e, m);
	const struct balance *b = &m->by, *to = &m->after;
	if (db_run(d, e, SQL_MOVEMENT_INSERT, I(m->before_id), T(m->sku), T(m->warehouse), I((int64_t)m->kind), I(b->on_hand), I(b->held), I(b->allocated), I(b->backordered),
		I(to->on_hand), I(to->held), I(to->allocated), I(to->backordered), I(m->at), I(m->event_id), m->order_key ? I(m->order_key) : N(), T(m->line)) < 0) return -1;
	m->movement_id = db_last_id(d);
	return db_run(d, e, there ? SQL_STOCK_UPDATE : SQL_STOCK_PUT, T(m->sku), T(m->warehouse), I(to->on_hand), I(to->held), I(to->allocated), I(to->backordered), I(m->movement_id)) < 0 ? -1 : 0;
}

// --- reading ---------------------------------------------------------------------------------------------------------------

static int read_list(struct rows *r, struct err *e, struct arena *a, struct stock_row **list, size_t *n)
{
	VEC(struct stock_row) found = {0};
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0)
		*VEC_PUSH(a, &found) = (struct stock_row){cell_copy(r, 0, a), cell_copy(r, 1, a), read_balance(r, 2), row_int(r, 6)};
	*list = found.v;
	*n = found.n;
	return more;
}

int stock_list(struct db *d, struct err *e, struct arena *a, struct str sku, struct stock_row **list, size_t *n)
{
	return read_list(db_query(d, e, SQL_STOCK_OF_SKU, T(sku)), e, a, list, n);
}

int stock_page(struct db *d, struct err *e, struct arena *a, struct str after_sku, struct str after_warehouse, size_t most, struct stock_row **list, size_t *n)
{
	return read_list(db_query(d, e, SQL_STOCK_PAGE, T(after_sku), T(after_warehouse), I((int64_t)most)), e, a, list, n);
}

int stock_next_sku(struct db *d, struct err *e, struct arena *a, struct str after, struct str *sku)
{
	struct rows *r = db_query(d, e, SQL_STOCK_NEXT_SKU, T(after));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*sku = cell_copy(r, 0, a);
	rows_end(r);
	return sku->p != NULL;
}

static void minus(struct balance *a, const struct balance *b)
{
	a->on_hand -= b->on_hand;
	a->held -= b->held;
	a->allocated -= b->allocated;
	a->backordered -= b->backordered;
}

static struct movement read_movement(struct rows *r, struct arena *a)
{
	struct movement m = {.movement_id = row_int(r, 0), .before_id = row_int(r, 1), .sku = cell_copy(r, 2, a), .warehouse = cell_copy(r, 3, a), .kind = (enum stock_kind)row_int(r, 4),
		.by = read_balance(r, 5), .after = read_balance(r, 9), .at = row_int(r, 13), .event_id = row_int(r, 14), .line = cell_copy(r, 16, a)};
	int64_t order = row_int(r, 15);
	m.order_key = order == INT64_MIN ? 0 : order;
	m.before = m.after;
	minus(&m.before, &m.by);
	return m;
}

int stock_movement(struct db *d, struct err *e, struct arena *a, int64_t movement_id, struct movement *to)
{
	struct rows *r = db_query(d, e, SQL_MOVEMENT_GET, I(movement_id));
	int more = r ? rows_next(r, e) : -1;
	if (more < 0) return -1;
	if (more == 0) return fail(e, E_NOTFOUND, "there is no movement %lld in the ledger", (long long)movement_id);
	*to = read_movement(r, a);
	rows_end(r);
	return 0;
}

int stock_moves_after(struct db *d, struct err *e, struct arena *a, int64_t after_id, size_t most, struct movement **list, size_t *n)
{
	VEC(struct movement) found = {0};
	struct rows *r = db_query(d, e, SQL_MOVEMENTS_AFTER, I(after_id), I((int64_t)most));
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = read_movement(r, a);
	*list = found.v;
	*n = found.n;
	return more;
}

int stock_moves_before(struct db *d, struct err *e, struct arena *a, int64_t before_id, size_t most, struct movement **list, size_t *n)
{
	VEC(struct movement) found = {0};
	struct rows *r = db_query(d, e, SQL_MOVEMENTS_BEFORE, I(before_id), I((int64_t)most));
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = read_movement(r, a);
	*list = found.v;
	*n = found.n;
	return more;
}

// --- who it is for -----------------------------------------------------------------------------------------------------------

static int holding(struct db *d, struct err *e, struct arena *a, int64_t order_key, struct str sku, struct str warehouse, struct stock_holder *to)
{
	struct rows *r = db_query(d, e, SQL_RESERVATION_OF, I(order_key), T(sku), T(warehouse));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*to = (struct stock_holder){cell_copy(r, 0, a), order_key, row_int(r, 1), row_int(r, 2)};
	rows_end(r);
	return to->allocated > 0 || to->backordered > 0;
}

static bool among(const struct stock_holder *list, size_t n, int64_t order_key)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].order_key == order_key) return true;
	return false;
}

// Back along the chain until all that is promised is accounted for: who took it last stands there first.
int stock_holders(struct db *d, struct err *e, struct arena *a, struct str sku, struct str warehouse, size_t most, struct stock_holder **list, size_t *n)
{
	enum { FAR = 100000 };
	struct arena walk = {0};
	struct newest top;
	int more = get(d, e, sku, warehouse, &top);
	int64_t left = top.balance.allocated + top.balance.backordered, id = more > 0 ? top.movement_id : 0;
	*list = NEW_N(a, struct stock_holder, most + 1);
	*n = 0;
	for (int i = 0; i < FAR && more >= 0 && id && left > 0 && *n < most; i++) {
		struct movement m;
		struct stock_holder *next = &(*list)[*n];
		more = stock_movement(d, e, &walk, id, &m);
		if (more < 0) break;
		if (m.order_key && !among(*list, *n, m.order_key)) {
			more = holding(d, e, a, m.order_key, sku, warehouse, next);
			if (more > 0) left -= next->allocated + next->backordered, ++*n;
		}
		id = m.before_id < id ? m.before_id : 0;
		arena_reset(&walk, (struct arena_mark){0});
	}
	arena_free(&walk);
	return more < 0 ? -1 : 0;
}

int stock_pending_orders(struct db *d, struct err *e, struct arena *a, struct str sku, size_t most, struct stock_waiter **list, size_t *n)
{
	VEC(struct stock_waiter) found = {0};
	struct rows *r = db_query(d, e, SQL_STOCK_PENDING_ORDERS, T(sku), I((int64_t)most));
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = (struct stock_waiter){cell_copy(r, 0, a), row_int(r, 1)};
	*list = found.v;
	*n = found.n;
	return more;
}

int64_t stock_last_movement(struct db *d, struct err *e) { return db_int(d, e, SQL_MOVEMENT_LAST, (struct sql_arg[]){END}, 0); }
int64_t stock_pending(struct db *d, struct err *e, struct str sku) { return db_int(d, e, SQL_STOCK_PENDING, (struct sql_arg[]){T(sku), END}, 0); }
