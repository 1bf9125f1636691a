// What the checks share: the order, the policy, and the words they give their verdict in.
#ifndef CHECK_PART_H
#define CHECK_PART_H
#include "check.h"
#include "member.h"
#include "reference_store.h"
#include "stock_store.h"

struct want { // a line that takes units from stock
	const struct line *line;
	int64_t units;
	const struct sku_ref *ref;
	struct component *parts; size_t n_parts; // what one unit takes: itself, or what it is made of
	size_t *item;             // of each part: which of the items it is
	size_t group, rank;       // of a bundle: those that share parts, by themselves or through others, are of one; how early it is served
	int64_t unmet;            // units that it gets from nowhere
	bool apart;               // … though their parts are there, and not in one place
};
struct place { // a warehouse that ships to the address
	const struct warehouse_ref *ref;
	struct str zone;
};
struct cell { // stock of one SKU in one place
	int64_t available, waited, safety, taken; // waited: of what is available, for who was confirmed without stock
	struct str rule;           // the rule that set the safety stock
};
struct item { // a SKU that is taken from stock
	struct str sku;
	int64_t wanted, unmet, lacking; // units; those of lines that got none; those that no place has and that may not be waited for
	struct cell *cell;         // by place; the last is what may still be confirmed without stock
	size_t first;              // the first turn of a bundle that takes it, and 1
};
struct checking {
	struct db *db;
	struct err *e;
	struct arena *a;
	const struct policy *policy;
	const struct check_options *opt;
	const struct order *o;
	struct check *to;
	const struct conf *params; // of the check at hand
	VEC(struct want) wants;
	VEC(struct want) others;   // lines that take nothing from stock, of SKUs that are known
	VEC(struct place) places;
	VEC(struct str) zones;     // ids of the zones that hold the address
	VEC(struct item) items;
	uint32_t *slot; size_t slots; // by SKU: where among the items, and 1
	int64_t waits;             // units that are planned without stock
	bool below_safety;         // the plan goes below the safety stock
	bool ships;                // a parcel goes out
	struct buf evidence;       // of the check at hand
	struct str *told; size_t told_slots; const char *told_in; // SKUs that were told of, and by which check
};
// Raises the verdict and adds the sentence to what was said before it.
void verdict_say(struct checking *c, struct check_result *r, enum verdict v, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static inline bool verdict_wants(const struct checking *c, const struct check_result *r) { return c->opt->evidence || r->verdict > VERDICT_PASS; }

bool check_known(const char *name); // a function of that name is there
typedef int check_function(struct checking *c, struct check_result *r); // -1: the store failed
// check_order.c: what the order itself says
check_function check_state, check_address, check_location, check_holds, check_payment, check_money;
// check_twin.c: other orders like it
check_function check_duplicate;
// check_place.c: where it can go
check_function check_zone;
int check_places(struct checking *c);  // zones and warehouses for its address, before any check
// check_stock.c: what it takes
check_function check_references, check_availability;
int check_wants(struct checking *c);
bool check_first(struct checking *c, const struct check_result *r, struct str sku); // this check has not told of it yet: of many lines it does so once
// check_plan.c: from where
int plan_make(struct checking *c);
static inline struct item *plan_item(const struct checking *c, const struct want *w, size_t part) { return &c->items.v[w->item[part]]; }
// check_give.c: which line gets what from some places. Places are numbers; that behind the last is what may be waited for.
struct trial {
	size_t *turn;    // in which order wants are served
	size_t bundles;  // so many at its front are bundles
	bool tangled;    // some of them share a part: then the turn matters
	bool gave_up;    // it was too much work to try all turns
	size_t *every;   // every place, and that behind the last
	int64_t *units;  // by want and place
	int64_t missing; // what none of the places has
	size_t given;    // wants that were served
	int64_t work;    // spent on all trials so far
};
struct trial trial_of(struct checking *c);
static inline int64_t *trial_units(const struct checking *c, const struct trial *t, size_t want, size_t place) { return &t->units[want * (c->places.n + 1) + place]; }
static inline int64_t cell_left(const struct checking *c, const struct cell *x) { return x->available - x->waited - (c->below_safety ? 0 : x->safety) - x->taken; }
// Gives out from these places, in their order, what is there.
void give(struct checking *c, const size_t *place, size_t n, struct trial *t);
// All of it, in whatever turns; false where that was not found.
bool give_all(struct checking *c, const size_t *place, size_t n, struct trial *t);
// The rest of each want from what may be waited for, all of it or none; whether all of them could.
bool give_waits(struct checking *c, struct trial *t);
// check_policy.c
const struct conf *policy_params(const struct policy *p, size_t i);
#endif
