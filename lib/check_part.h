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
	int64_t wanted, lacking;   // units; those that no place has and that may not be waited for
	int64_t may_wait;          // units that may still be confirmed without stock
	struct cell *cell;         // by place
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
// check_plan.c: from where
int plan_make(struct checking *c);
// check_policy.c
const struct conf *policy_params(const struct policy *p, size_t i);
#endif
