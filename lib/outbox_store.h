// The outbox: what others must hear of, in the store by the transaction that made it so; handed on at least once, each with a key
// by which a receiver knows it again. See oms-deliver(1).
#ifndef OUTBOX_STORE_H
#define OUTBOX_STORE_H
#include "db.h"

enum outbox_state { OUTBOX_OPEN, OUTBOX_SENDING, OUTBOX_DONE, OUTBOX_DEAD }; // stored as these numbers
struct outbox { int64_t outbox_id, order_key, token, attempts, crashes, due_at; enum outbox_state state; struct str body; };

int outbox_put(struct db *d, struct err *e, int64_t event_id, int64_t order_key, struct str body, int64_t due_at);
// Takes what is due of the next order behind after_order: open, or sending with a lease that has run out (that counts a crash);
// of one order always the oldest that is not done, so that their order is kept. Marked with token until lease_at. 1, 0 nothing
// behind it is due, -1. In a transaction of the caller.
int outbox_claim(struct db *d, struct err *e, struct arena *a, int64_t after_order, int64_t now, int64_t token, int64_t lease_at, struct outbox *to);
// It was handed on; 0 rows: the lease was lost to another, whose word counts. Rows changed, or -1.
int64_t outbox_done(struct db *d, struct err *e, const struct outbox *o, int64_t now);
// It was not: tried again from due_at on.
int64_t outbox_retry(struct db *d, struct err *e, const struct outbox *o, int64_t due_at, const char *why);
struct outbox_counts { int64_t open, sending, done, dead; };
int outbox_count(struct db *d, struct err *e, struct outbox_counts *to);
#endif
