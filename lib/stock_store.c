// The movement ledger and its balances.
#include "stock_store.h"

static struct str cell_copy(struct rows *r, int i, struct arena *a)
{
	struct str s = row_str(r, i);
	if (s.p) s.p = arena_copy(a, s.p, s.n);
	return s;
}

static struct balance read_balance(struct rows *r, int i) { return (struct balance){row_int(r, i), row_int(r, i + 1), row_int(r, i + 2), row_int(r, i + 3)}; }

// The balance and its newest movement.
static int get(struct db *d, struct err *e, struct str sku, struct str warehouse, struct balance *to, int64_t *movement_id)
{
	*to = (struct balance){0};
	*movement_id = 0;
	struct rows *r = db_query(d, e, SQL_STOCK_GET, T(sku), T(warehouse));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*to = read_balance(r, 0);
	*movement_id = row_int(r, 4);
	rows_end(r);
	return 1;
}

int stock_get(struct db *d, struct err *e, struct str sku, struct str warehouse, struct balance *to)
{
	int64_t movement_id;
	return get(d, e, sku, warehouse, to, &movement_id);
}

static int refused(struct err *e, const struct movement *m)
{
	return fail(e, E_REFUSED, "stock of " STR_FMT " in " STR_FMT ": %s of %lld on hand, %lld held, %lld allocated, %lld backordered does not fit a balance of %lld, %lld, %lld, %lld",
		STR_ARG(m->sku), STR_ARG(m->warehouse), stock_kind_word(m->kind), (long long)m->by.on_hand, (long long)m->by.held, (long long)m->by.allocated, (long long)m->by.backordered,
		(long long)m->before.on_hand, (long long)m->before.held, (long long)m->before.allocated, (long long)m->before.backordered);
}

int stock_move(struct db *d, struct err *e, struct movement *m)
{
	int there = get(d, e, m->sku, m->warehouse, &m->before, &m->before_id);
	if (there < 0) return -1;
	m->after = m->before;
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

int64_t stock_last_movement(struct db *d, struct err *e) { return db_int(d, e, SQL_MOVEMENT_LAST, (struct sql_arg[]){END}, 0); }
int64_t stock_pending(struct db *d, struct err *e, struct str sku) { return db_int(d, e, SQL_STOCK_PENDING, (struct sql_arg[]){T(sku), END}, 0); }
