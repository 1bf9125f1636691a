// Any token or filter to orders: what an agent holds in hand becomes an order id, and lists page by key, never by offset.
#ifndef FIND_H
#define FIND_H
#include "order_store.h"

struct found { // one line of a list
	int64_t key, placed_at, due_at, total, profile_id;
	struct str id, number, source, segment, customer, email, currency;
	int digits;
	enum order_status status; enum payment_status payment; enum fulfilment_status fulfilment;
	unsigned attention;          // stored bits
	int64_t lines;
	unsigned matched;            // bit of enum ref_kind a token matched on; bit 0: the order's own id
};

// --- tokens
enum { FIND_TAIL_LEAST = 3 }; // so many last digits of a number are looked for, and no fewer
bool find_too_short(const char *token); // digits alone, and fewer
// Orders that answer to a token, newest first, at most `most`. *more: there were others; of a token that a thousand answer to
// these need not be the newest of all.
int find_token(struct db *d, struct err *e, struct arena *a, const char *token, size_t most, struct found **list, size_t *n, bool *more);
// One order's line; matched is 0.
int found_load(struct db *d, struct err *e, struct arena *a, int64_t key, struct found *to);
// Exactly one: E_NOTFOUND, or E_AMBIGUOUS with the first matches as hint.
int find_one(struct db *d, struct err *e, struct arena *a, const char *token, int64_t *key, struct str *id);

// --- lists
struct find_filter { // conjunctive; sets are bits of the axis' values, 0 = any
	unsigned status, payment, fulfilment;
	unsigned attention;          // all of these bits; with one of ATTENTION_CLOCK, which only late orders can have, late as well
	const char *segment, *source, *sku; // NULL = any
	bool late;                   // due before `now`; the window is then over the due instant, most overdue first (with a SKU as they were placed)
	int64_t now, since, until;   // DATE_NONE = open
	bool oldest_first;
	bool scan;                   // a combination no index leads is allowed
};
struct find;
// E_USAGE (with the cost) where only a scan can answer and it was not allowed.
struct find *find_open(struct db *d, struct err *e, struct arena *a, const struct find_filter *f);
// Starts behind a line of an earlier page: its sort instant and id.
void find_after(struct find *s, int64_t at, struct str id);
int find_next(struct find *s, struct err *e, struct found *to); // 1, 0, -1; strings valid until the next call
int find_next_key(struct find *s, struct err *e, int64_t *order_key); // the same, and no more of the order than its key
// The same filter on one order in hand, but for the SKU. 1, 0, -1.
int found_passes(struct db *d, struct err *e, struct arena *a, const struct find_filter *f, const struct found *o);
// What the clock makes of its attention: the kinds of late, and holds that have run out.
int found_attention(struct db *d, struct err *e, struct arena *a, const struct found *o, int64_t now, unsigned *bits);
int found_has_sku(struct db *d, struct err *e, const struct found *o, const char *sku); // 1, 0, -1
size_t find_streams(const struct find *s); // profiles merged
const char *find_index(const struct find *s);
// Orders in the profiles chosen, from counters: exact where no window, SKU or lateness narrows it; else -1.
int64_t find_total(const struct find *s);
void find_close(struct find *s);
// The segments that some order is of.
int find_segments(struct db *d, struct err *e, struct arena *a, struct str **list, size_t *n);
#endif
