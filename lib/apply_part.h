// What the parts of apply know of each other: one batch of events on its way into orders.
#ifndef APPLY_PART_H
#define APPLY_PART_H
#include "apply.h"
#include "dead_store.h"

struct pending { // an order touched by this batch
	struct str id;
	int64_t key, source_id;
	bool fresh;                     // made by this batch: all its events are in hand
	bool dirty, contested;
	VEC(struct event) events;       // new ones
	VEC(struct apply_result *) results; // whose result each new event belongs to
	int64_t event_id;               // the newest of them in the log
	bool confirms;                  // one of them confirms it
	const struct event *log; size_t n_log; // read by apply_look: what the log had before this batch …
	const struct order *was;        // … and the order that was
	struct hold *rule_holds; size_t n_rule_holds; bool rule_holds_read; // as they stand in the store
	struct event_ref *refs;         // what it answers to, once folded: parked events wait for these
	size_t n_refs;
};
struct waiting { struct event ev; uint64_t hash; int64_t source_id, payload_id; struct apply_result *result; bool several; };
struct guest { struct event ev; struct apply_result *result; };

struct apply {
	struct db *db;
	struct codec *codec;
	const struct rules *rules;
	int64_t now;
	bool keep_rule_holds;           // those that rules opened stay as they are in the store
	bool any_parked, any_guest, any_reservation, begun; // begun: the batch has looked whether there are any
	size_t released;                // parked events that found their order in this batch
	struct json scratch;
	struct arena keep, arena, fold; // of the process; of the batch; of one order being folded
	struct arena_mark empty;
	VEC(struct source) sources;
	struct pending **table;         // open addressing by id, of the batch
	size_t slots;
	VEC(struct pending *) list, contested; // contested: events name them that name others as well
	VEC(struct waiting) waiting, parked; // parked: by this batch
	VEC(struct guest) guests;       // attached by reference, by this batch
};

static inline bool same_event(const struct event *a, const struct event *b) { return str_eq(a->id, b->id) && str_eq(a->source, b->source); }

// --- apply.c
struct str apply_order_id(struct apply *ap, struct str source, struct str external);
// The order of that id: touched before, in the store, or (where make) a new one. NULL with e untouched: there is none.
int apply_pending(struct apply *ap, struct err *e, struct str id, int64_t source_id, bool make, struct pending **to);
int apply_log(struct apply *ap, struct err *e, struct pending *p, struct str line); // an event of ours, that what was folded already knows of
int apply_attach(struct apply *ap, struct err *e, struct pending *p, const struct event *ev, int64_t source_id, int64_t payload_id, struct apply_result *result);

// --- apply_fold.c
int apply_save(struct apply *ap, struct err *e, struct pending *p); // folded with its new events, saved; its stock follows

// --- apply_home.c: which order an event belongs to, as far as one look tells
bool home_own(const struct event *ev, const struct pending *p); // the event names this very order
// *to NULL: no order answers, or several do; then these are contested.
int home_find(struct apply *ap, struct err *e, const struct event *ev, int64_t source_id, struct pending **to, bool *several);
int home_call(struct apply *ap, struct err *e, struct pending *p);  // what waits for p; what others have and p answers to
int home_retry(struct apply *ap, struct err *e, bool *progress);    // what waits in this batch
int home_park(struct apply *ap, struct err *e);                     // what still waits, into the store
struct apply_result *home_unparked(struct apply *ap, const struct event *ev); // the result it is told in, where this batch parked it
int home_answers(struct apply *ap, struct err *e, const struct event_ref *ref, int64_t **keys, size_t *n, bool *common);
bool home_told_before(const struct event *ev, size_t k);
int home_parked_event(struct apply *ap, struct err *e, const struct parked *parked, struct event *ev);
int home_put(struct apply *ap, struct err *e, const struct waiting *w); // parks it

// --- apply_tell.c. c: what is to be shipped more or less of; movement_id: the last that was booked for it
int apply_tell(struct apply *ap, struct err *e, const struct pending *p, const struct order *o, const reservations *c, int64_t movement_id);

// --- apply_stock.c: movements and messages that follow from what the order holds now and held before
int apply_stock(struct apply *ap, struct err *e, struct pending *p, const struct order *o, const struct reservation *was, size_t n_was, bool always); // always: others hear of it, whether or not stock moved

// --- apply_settle.c: which order, where several answer
int home_settle(struct apply *ap, struct err *e, bool *moved);
#endif
