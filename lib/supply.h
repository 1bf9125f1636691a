// What may be promised of a SKU: its balances, the safety stock that keeps some back, what new orders wait for; and why.
#ifndef SUPPLY_H
#define SUPPLY_H
#include "payload.h"
#include "reference_store.h"
#include "stock_store.h"

struct supply_row {
	struct str warehouse;
	struct balance balance;
	int64_t movement_id;               // its newest; 0: it never lay there
	int64_t available, waited, safety, sellable; // waited: of what is available, for orders confirmed without stock
	struct str rule;                   // that set the safety; "": none, so 0
	bool ships;                        // the warehouse is known and active: what can be sold there counts
};
struct supply {
	struct str sku, name, category;
	bool known;                        // as reference data
	struct supply_row *row; size_t n;  // by warehouse; none: it never lay anywhere
	int64_t pending, free_to_promise;  // of new orders; what all warehouses that ship can sell, less these
};
// channel: the source whose orders it is asked for; absent: none in particular. Texts in the arena, or until catalog_trim.
int supply_of(struct db *d, struct err *e, struct arena *a, struct str sku, struct str channel, struct supply *to);
// What its event and its order say of a movement; counted_at: of a count, else DATE_NONE.
struct supply_move { struct movement m; struct str order, event, actor, reason; int64_t counted_at; };
int supply_move(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct movement *m, struct supply_move *to);
// Is it known, or does it lie somewhere? 0, or E_NOTFOUND with the nearest name there is.
int supply_need_sku(struct db *d, struct err *e, struct arena *a, struct str sku);
int supply_need_warehouse(struct db *d, struct err *e, struct arena *a, struct str warehouse);
struct supply_why {
	bool moved;
	struct supply_move newest;
	struct stock_holder *holder; size_t holders;
	struct stock_waiter *waiter; size_t waiters;
};
int supply_why(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct supply *s, const struct supply_row *r, struct supply_why *to);

// As records, and the figures in words.
void supply_json(struct buf *b, const struct supply *s, const struct supply_row *r, struct str channel, const struct supply_why *why); // why: NULL without
void supply_move_json(struct buf *b, const struct supply_move *m);
void supply_available(struct buf *b, const struct supply_row *r);  // "40 on hand - 2 held - 5 allocated = 33"
void supply_sellable(struct buf *b, const struct supply_row *r);
void supply_free(struct buf *b, const struct supply *s);
void supply_moved(struct buf *b, const struct movement *m);        // "on_hand 3 -> 8"
#endif
