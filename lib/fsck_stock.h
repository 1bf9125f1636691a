// What must hold of stock: balances are the sums of their movements, chains are whole, and orders hold what is allocated.
#ifndef FSCK_STOCK_H
#define FSCK_STOCK_H
#include "payload.h"

// Tells each thing that is wrong; about: the SKU and the warehouse, or a record of the reference data. deep: the whole ledger
// and the reference data against the log; else what the balances alone tell. 0, or -1 where the store could not be read.
struct fsck_stock { struct db *db; struct codec *codec; bool deep; void (*wrong)(void *ctx, struct str about, const char *check, const char *what); void *ctx; };
int fsck_stock(const struct fsck_stock *f, struct err *e);
#endif
