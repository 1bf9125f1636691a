// What our own commands do to an order: one event of ours, through the same door as all others, by a named person. The caller
// begins and commits; a group of orders may share one transaction, each seeing what the ones before it did.
#ifndef OWN_H
#define OWN_H
#include "apply.h"

struct own;
// actor: who does it, and outlives it. r NULL: the holds of rules stay as they are.
struct own *own_open(struct db *d, struct err *e, int64_t now, const char *actor, const struct rules *r);
void own_close(struct own *w);
void own_at(struct own *w, int64_t now);   // the time has gone on: between two transactions
void own_forget(struct own *w);           // after each commit or rollback
struct arena *own_arena(struct own *w);   // lives until own_forget
const char *own_actor(const struct own *w);
// Is it a reason that can stay on an order: something said, at most 500 bytes of UTF-8? Else E_USAGE.
int own_reason(struct err *e, const char *reason);
// The order a word means: its id, or any token that answers to exactly one (find_one).
int own_find(struct own *w, struct err *e, const char *operand, struct str *id);
int own_look(struct own *w, struct err *e, struct str id, struct apply_view *to);
// An event of the order: body is the members of its body, without braces. Applied and saved, with the stock that follows; what it
// made of the order is in *after (states and all), where that is not NULL. E_REFUSED where it is in the log already.
int own_event(struct own *w, struct err *e, struct str order, enum event_type type, const char *event_id, struct str body, struct apply_view *after);
#endif
