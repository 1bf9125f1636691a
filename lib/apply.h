// Events into the log, and the log into orders: the one door by which anything happens to an order.
// A batch is one transaction of the caller: apply_events stages, apply_finish folds and saves what was touched, then the
// caller commits, reads the results, and calls apply_forget. After a rollback: apply_forget alone.
#ifndef APPLY_H
#define APPLY_H
#include "digest.h"
#include "event_store.h"
#include "order_store.h"
#include "rule.h"
#include "source_store.h"

enum outcome { OUTCOME_APPLIED, OUTCOME_DUPLICATE, OUTCOME_STALE, OUTCOME_PARKED, OUTCOME_DEAD, OUTCOMES };
const char *outcome_word(enum outcome o);

struct apply_result {
	enum outcome outcome; // of the unit as a whole; final after apply_finish
	struct str order;     // id of (the first of) its orders; absent where none was found
	const char *code;     // dead or parked: event_conflict, no_order, unknown_source …
	const char *why;      // a sentence for it
	size_t events, fresh, used, parked; // in the unit; new to the log; standing in an order after the fold; waiting for one
	bool made;            // an order that was not there before
};
struct apply;
// rules may be NULL: then no rule holds are opened.
struct apply *apply_open(struct db *d, struct codec *c, const struct rules *r, int64_t now, struct err *e);
void apply_close(struct apply *ap);
// For our own commands: no rules are read, the holds they opened of an order stay as they are in the store. What such a command
// may change of an order is its states, units, holds and stock: no rule looks at those but for a cancelled order.
void apply_keep_rule_holds(struct apply *ap);
// The order as it is now, *o in the arena of the batch, for who decides on it before the next apply_events; E_NOTFOUND. What the
// log has of it is kept for that, so that it is read once. events: how many there are; log: a digest of them; ours_at: when the
// newest is of that only our commands write.
struct apply_view { const struct order *o; size_t events; int64_t key; struct digest log; int64_t ours_at; };
int apply_look(struct apply *ap, struct err *e, struct str id, struct apply_view *to);
struct arena *apply_arena(struct apply *ap); // of the batch: where events and results handed in must live
// Stages all events of one unit, or none of them (a conflict: result says OUTCOME_DEAD). payload_id 0: no payload.
int apply_events(struct apply *ap, struct err *e, struct event *ev, size_t n, int64_t payload_id, struct apply_result *result);
int apply_finish(struct apply *ap, struct err *e);
// After apply_finish: dead > parked > applied (something of it stands) > stale (logged, superseded) > duplicate.
void apply_settle(struct apply_result *r);
size_t apply_released(const struct apply *ap); // parked events that found their order in this batch
void apply_forget(struct apply *ap);
void apply_at(struct apply *ap, int64_t now); // the time has gone on: between two batches
// The order as the log says, with the holds the rules open: what order_load must give back. For fsck.
int apply_fold(struct apply *ap, struct err *e, struct arena *a, int64_t key, struct order *o, size_t *events);
// Opens the rule holds of a folded order (and nothing else); in apply so that --at and fsck see the same.
void apply_rule_holds(const struct rules *r, struct order *o, struct arena *a);
#endif
