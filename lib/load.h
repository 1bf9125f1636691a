// Reference data and stock movements into the store: each record compared with what is there, and written as an event.
#ifndef LOAD_H
#define LOAD_H
#include "payload.h"
#include "reference_store.h"
#include "stock_store.h"

struct load_options {
	int64_t now;
	int64_t counted_at;  // of counts that say no time; DATE_NONE: they are refused
	const char *actor;   // who: stands in the events
	bool strict;         // what is warned of refuses
};
#define LOAD_OUTCOMES_(X) \
	X(LOAD_ADDED, "added") X(LOAD_CHANGED, "changed") X(LOAD_BOOKED, "booked") X(LOAD_UNCHANGED, "unchanged") X(LOAD_STALE, "stale") X(LOAD_REFUSED, "refused")
enum load_outcome {
#define X(code, word) code,
	LOAD_OUTCOMES_(X)
#undef X
	LOAD_OUTCOMES
};
const char *load_outcome_word(enum load_outcome o);
// One member of a record or a balance; from and to are JSON values, absent where nothing was said, or is said now.
struct load_change { const char *field; struct str warehouse, from, to; }; // warehouse: of a balance
struct load_result {
	enum load_outcome outcome;
	struct str id;            // of a state what it is kept under, of a movement its event's
	struct str sku, warehouse; // of a movement; of a transfer the warehouse they left
	int64_t revision;         // of a state
	reference_faults faults;  // what refuses it
	reference_faults warnings;
	VEC(struct load_change) changes;
};
struct load;
struct load *load_open(struct db *d, enum reference_kind k, const struct load_options *o);
void load_close(struct load *l); // NULL is fine
// Another input begins: one input says a thing once, the next may say it otherwise.
void load_input(struct load *l, const char *name);
// One record, its tape and the line it began in. The transaction is the caller's; what is refused has written nothing. Texts
// of the result lie in the arena. -1 where the store failed.
int load_record(struct load *l, struct err *e, struct arena *a, const struct json *j, uint64_t line, struct load_result *to);
// What records spoke of that is not known even now: those that came later in the run have been found. Only the first hundred.
struct load_unknown { enum reference_kind kind; struct str id; const char *input; uint64_t line, records; }; // input, line: where it was first named
int load_unknown(struct load *l, struct err *e, struct load_unknown **list, size_t *n);
#endif
