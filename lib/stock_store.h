// The movement ledger and its balances: append-only, each movement linked to the one before it of its SKU and warehouse.
// A balance is the sum of its movements (fsck_stock holds them together); nothing changes one but stock_move.
#ifndef STOCK_STORE_H
#define STOCK_STORE_H
#include "db.h"
#include "stock.h"

struct movement {
	struct str sku, warehouse;
	enum stock_kind kind;
	struct balance by;           // the differences
	int64_t at, event_id;        // when it was booked (ms); the event that says why
	int64_t order_key;           // 0: of no order
	struct str line;             // of the order; absent: of no line
	// filled in by stock_move and by stock_moves:
	struct balance before, after;
	int64_t movement_id, before_id;
};
// The balance; zeros and 0 where the SKU was never there. 1, 0, -1.
int stock_get(struct db *d, struct err *e, struct str sku, struct str warehouse, struct balance *to);
int stock_newest(struct db *d, struct err *e, struct str sku, struct str warehouse, int64_t *movement_id); // where a walk along its chain begins; 0: never there
// Books it: the row of the ledger and the new balance. E_REFUSED where the balance cannot go there (balance_add). Along a
// chain `at` never goes back: a movement is booked no earlier than the one before it.
int stock_move(struct db *d, struct err *e, struct movement *m);
// What the balances of a SKU are, by warehouse; sku absent: of all, by SKU and warehouse, behind (after_sku, after_warehouse).
struct stock_row { struct str sku, warehouse; struct balance balance; int64_t movement_id; };
int stock_list(struct db *d, struct err *e, struct arena *a, struct str sku, struct stock_row **list, size_t *n);
int stock_page(struct db *d, struct err *e, struct arena *a, struct str after_sku, struct str after_warehouse, size_t most, struct stock_row **list, size_t *n);
int stock_next_sku(struct db *d, struct err *e, struct arena *a, struct str after, struct str *sku); // the next that lies somewhere: 1, 0, -1
// One movement by its id; before_id walks on to the one before it, 0 at the first. 0, or -1 (E_NOTFOUND).
int stock_movement(struct db *d, struct err *e, struct arena *a, int64_t movement_id, struct movement *to);
// All movements behind an id, oldest first: for who follows.
int stock_moves_after(struct db *d, struct err *e, struct arena *a, int64_t after_id, size_t most, struct movement **list, size_t *n);
int stock_moves_before(struct db *d, struct err *e, struct arena *a, int64_t before_id, size_t most, struct movement **list, size_t *n); // newest first
int64_t stock_last_movement(struct db *d, struct err *e); // 0: none; -1
// Ordered and not confirmed yet, of orders that are new: what is coming.
int64_t stock_pending(struct db *d, struct err *e, struct str sku);
// The orders that hold of it, who took last first; at most so many.
struct stock_holder { struct str order; int64_t order_key, allocated, backordered; };
int stock_holders(struct db *d, struct err *e, struct arena *a, struct str sku, struct str warehouse, size_t most, struct stock_holder **list, size_t *n);
// What pending is made of, the newest orders first.
struct stock_waiter { struct str order; int64_t quantity; };
int stock_pending_orders(struct db *d, struct err *e, struct arena *a, struct str sku, size_t most, struct stock_waiter **list, size_t *n);
#endif
