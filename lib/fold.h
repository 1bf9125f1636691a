// Events in order make an order. State = fold of the event set sorted by event_cmp: any arrival order and any duplication of
// the same set gives the same order. A partial document never erases: each member keeps the newest value that was given.
#ifndef FOLD_H
#define FOLD_H
#include "order.h"

// Sorts ev (n events of one order, ids distinct) and folds them into *o, all of it in the arena. until: events after that
// instant are left out (DATE_NONE: all). used[i], if not NULL, says for ev[i] AFTER sorting whether anything of it stands
// in the order (false: stale, superseded). -1 with E_DATA said only for an event no fold can take (unknown type).
int fold_order(struct order *o, struct event *ev, size_t n, int64_t until, bool *used, struct arena *a, struct err *e);
// The same without the timeline, for who shows it to nobody: a seventh of the work.
int fold_state(struct order *o, struct event *ev, size_t n, int64_t until, bool *used, struct arena *a, struct err *e);
#endif
