// The event log: append-only; and the raw payloads it came from.
#ifndef EVENT_STORE_H
#define EVENT_STORE_H
#include "event.h"
#include "payload.h"

// Keeps the raw bytes of one record; 1 new, 0 known (same digest, same source), -1. *id is its row.
int payload_put(struct db *d, struct codec *c, struct err *e, int64_t source_id, const unsigned char digest[16], struct str raw, int64_t *id);
// The same where payload_find has just said that there is none.
int payload_new(struct db *d, struct codec *c, struct err *e, int64_t source_id, const unsigned char digest[16], struct str raw, int64_t *id);
int64_t payload_find(struct db *d, struct err *e, int64_t source_id, const unsigned char digest[16]); // row, 0 none, -1
int payload_get(struct db *d, struct codec *c, struct err *e, struct arena *a, int64_t payload_id, struct str *raw);
void event_key(struct str source, struct str id, unsigned char key[16]);
enum put { PUT_NEW = 1, PUT_SAME = 0, PUT_CONFLICT = 2 }; // conflict: same key, other body (payload and map members aside)
enum put event_compare(struct str kept, struct str given); // the lines of two events of one key: PUT_SAME or PUT_CONFLICT
// Appends one event of an order (order_key set). PUT_* or -1. Never overwrites.
int event_put(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct event *ev, int64_t order_key, int64_t source_id, int64_t payload_id);
// PUT_SAME, PUT_CONFLICT, or PUT_NEW where the key is not in the log (nor parked); -1.
int event_known(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct event *ev);
// Guests, events attached by what they refer to: the references they came by are kept, so that they can move.
int event_refs_put(struct db *d, struct err *e, const struct event *ev, int64_t event_id);
// Other orders that have guests which name this; with doubles, at most `most`.
int event_ref_orders(struct db *d, struct err *e, struct arena *a, const struct event_ref *ref, int64_t not_key, size_t most, int64_t **keys, size_t *n);
int event_move(struct db *d, struct err *e, const struct event *ev, int64_t order_key, bool guest); // to an order that has it as a guest, or as its own
int event_take(struct db *d, struct err *e, const struct event *ev, int64_t *source_id, int64_t *payload_id); // out of the log: it will wait again
// All events of one order, tapes and all in the arena, unsorted.
int events_of_order(struct db *d, struct codec *c, struct err *e, struct arena *a, int64_t order_key, struct event **ev, size_t *n);
#endif
