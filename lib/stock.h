// Stock of one SKU in one warehouse: its balance, the movements that change it, and what may be promised of it. Pure.
// Whole numbers of base units. available = on_hand - held - allocated; sellable = available - waited - safety stock.
#ifndef STOCK_H
#define STOCK_H
#include "str.h"

struct balance {
	int64_t on_hand;     // physically there
	int64_t held;        // of it damaged, under inspection, recalled: 0 <= held <= on_hand
	int64_t allocated;   // promised to confirmed lines and not shipped yet
	int64_t backordered; // confirmed without stock; expected there
};

// Stored as these numbers: append only.
#define STOCK_KINDS(X) \
	X(STOCK_RECEIVE, "receive") X(STOCK_COUNT, "count") X(STOCK_HOLD, "hold") X(STOCK_UNHOLD, "unhold") X(STOCK_ALLOCATE, "allocate") \
	X(STOCK_RELEASE, "release") X(STOCK_SHIP, "ship") X(STOCK_RETURN, "return_restock") X(STOCK_QUARANTINE, "return_quarantine") \
	X(STOCK_SCRAP, "scrap") X(STOCK_TRANSFER_OUT, "transfer_out") X(STOCK_TRANSFER_IN, "transfer_in") X(STOCK_SHORTFALL, "shortfall") \
	X(STOCK_BACKORDER, "backorder") X(STOCK_BACKORDER_END, "backorder_end")
enum stock_kind {
#define X(code, word) code,
	STOCK_KINDS(X)
#undef X
	STOCK_KIND_COUNT
};
const char *stock_kind_word(enum stock_kind k);

static inline int64_t balance_available(const struct balance *b) { return b->on_hand - b->held - b->allocated; }
// Of what is available, units for orders that were confirmed without stock: what comes in is theirs first.
static inline int64_t balance_waited(const struct balance *b)
{
	int64_t n = balance_available(b);
	return n <= 0 ? 0 : b->backordered < n ? b->backordered : n;
}
// b with a movement's differences added. False, b untouched: something would be below zero or overflow, or held above on_hand.
bool balance_add(struct balance *b, const struct balance *by);
bool balance_same(const struct balance *a, const struct balance *b);
#endif
