// Projections: an order's rows, written by part and read back through the views.
#ifndef ORDER_STORE_H
#define ORDER_STORE_H
#include "db.h"
#include "order.h"

// The key of an id ("shopify:450789469"); 0 where there is none, -1 failed.
int64_t order_key(struct db *d, struct err *e, struct str id);
// A key for a new order id (its row is written by order_save in the same transaction).
int64_t order_key_new(struct db *d, struct err *e);
// Writes the order: only `parts` (PART_…) of its part tables, always the orders row, profile and counters, refs, skus.
// fresh: the key is new, so nothing is deleted first. Else a part that is as it was keeps its rows, any other is deleted and
// inserted; nothing is left of what was. *o is the whole order in any case: what it answers to is taken from all of it.
int order_save(struct db *d, struct err *e, int64_t key, int64_t source_id, const struct order *o, unsigned parts, bool fresh);
// What our own commands change of an order: its states, the units of its lines, its holds and what it holds of stock; *was is what
// stands there, as the log says, so that nothing is read back.
int order_save_change(struct db *d, struct err *e, int64_t key, const struct order *was, const struct order *is);
// What it holds of stock, by (line, warehouse, sku).
int order_reservations(struct db *d, struct err *e, struct arena *a, int64_t key, struct reservation **list, size_t *n);
// The holds that rules opened of it, as they stand there.
int order_rule_holds(struct db *d, struct err *e, struct arena *a, int64_t key, struct hold **list, size_t *n);
// Its references and SKUs alone, where none of them are there (a rebuild).
int order_save_found_by(struct db *d, struct err *e, int64_t key, const struct order *o);
int order_drop(struct db *d, struct err *e, int64_t key); // all projections of it (a rebuild)
// The order as its rows say, through order_view, line_view, payment_view and shipping_view where they have it.
// The timeline stays empty: it is in the log alone. E_NOTFOUND where there is no such key.
int order_load(struct db *d, struct err *e, struct arena *a, int64_t key, struct order *to);
// Into an order that has its states and attention: what order_late reads besides them, and no more. due: its due instant has
// come; else there is no need to ask for promises and parcels.
int order_load_dues(struct db *d, struct err *e, struct arena *a, int64_t key, bool due, struct order *to);
// Orders that answer to a reference: keys in *keys (newest placed first), at most `most`.
int order_by_ref(struct db *d, struct err *e, struct arena *a, enum ref_kind kind, struct str value, size_t most, int64_t **keys, size_t *n);
struct str order_id_of(struct db *d, struct err *e, struct arena *a, int64_t key); // absent: E_NOTFOUND or another error said
// All orders, by id: the first behind after_id (absent: from the start), its id in the arena.
int64_t order_next(struct db *d, struct err *e, struct arena *a, struct str after_id, struct str *id); // key, 0 the end, -1
#endif
