// The ledger of movements as it is asked for: of some SKUs, a warehouse, a time; newest first, or on from a movement.
#ifndef SUPPLY_LEDGER_H
#define SUPPLY_LEDGER_H
#include "stock_store.h"

struct ledger_ask {
	const struct str *sku; size_t skus; // none: all
	struct str warehouse;               // absent: all
	int64_t since, until;               // by when it was booked; DATE_NONE: open
};
// Called for each movement asked for: 0 go on, 1 that is enough, -1 failed. What it allocates of the arena it gives back.
typedef int ledger_each(void *ctx, const struct movement *m);
// 0 where it was enough, or nothing is left; -1.
int ledger_back(struct db *d, struct err *e, struct arena *a, const struct ledger_ask *ask, ledger_each *f, void *ctx); // newest first
int ledger_on(struct db *d, struct err *e, struct arena *a, const struct ledger_ask *ask, int64_t *after, ledger_each *f, void *ctx); // oldest first, behind *after, which moves on
#endif
