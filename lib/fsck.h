// What must hold in a store, the digest of what it says, and the rebuild of all projections from the log.
#ifndef FSCK_H
#define FSCK_H
#include "apply.h"
#include "dead_store.h"
#include "digest.h"

struct fsck {                 // what to look at, and whom to tell
	bool deep;                // refold every order from the log and compare
	bool (*stopping)(void);
	// One thing that is wrong; order may be absent, and is a SKU in a warehouse where stock is wrong. Never stops at the first.
	void (*found)(void *ctx, struct str order, const char *check, const char *what);
	void (*progress)(void *ctx, uint64_t orders);
	void *ctx;
};
struct fsck_counts { uint64_t orders, events, wrong; };
int fsck_run(struct db *d, struct err *e, const struct rules *r, int64_t now, const struct fsck *f, struct fsck_counts *to);
// Every order folded from the log again and its rows written anew; rows no event speaks of are dropped.
int fsck_rebuild(struct db *d, struct err *e, const struct rules *r, int64_t now, const struct fsck *f, struct fsck_counts *to);
// A digest of all that the store says: orders with their events, parked events, open dead letters, reference data, stock and
// its movements. Nothing that depends on arrival or on the clock goes in: two stores that took the same records in any order
// have the same digest. Only counts of stock differ with what was booked before them.
int fsck_digest(struct db *d, struct err *e, struct digest *to);
#endif
