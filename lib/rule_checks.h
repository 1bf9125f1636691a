// Inside the rules: a rule made ready to run, and the checks it can name.
#ifndef RULE_CHECKS_H
#define RULE_CHECKS_H
#include "rule.h"
#include "rule_walk.h"

// What can be said of an order before any rule runs; a rule's "unless" names those it does not apply to.
#define FACTS(X) \
	X(TEST, "test") X(CANCELLED, "cancelled") X(CLOSED, "closed") X(CHANNEL_FULFILLED, "channel_fulfilled") \
	X(NOTHING_TO_SHIP, "nothing_to_ship") X(SHIPPED, "shipped") X(UNPRICED, "unpriced") X(MASKED, "masked_address") X(PICKUP, "pickup") \
	X(CREDIT, "credit")
enum fact_bit {
#define X(code, word) FACT_BIT_##code,
	FACTS(X)
#undef X
};
enum fact {
#define X(code, word) FACT_##code = 1 << FACT_BIT_##code,
	FACTS(X)
#undef X
};
unsigned order_facts(const struct order *o, struct arena *a);

struct check;
struct rule {
	const char *id, *layer, *code, *owner, *message, *fix, *hold, *since;
	const struct check *check;
	const struct conf *record;
	enum severity severity;
	int version;
	unsigned types;                   // 1 << event type; all where the type is not known
	struct target *targets; size_t n_targets;
	const char *path;                 // the first one, for rules on orders
	// parameters; each check reads some (struct check says which)
	int64_t min, max, share;          // share: thousandths
	bool has_min, has_max;
	struct str *words; size_t n_words; // allowed words, countries or globs, by the check
	struct str tolerance;             // decimal of the major unit
	unsigned unless;
};

enum param { PARAM_MIN = 1, PARAM_MAX = 2, PARAM_WORDS = 4, PARAM_AXIS = 8, PARAM_TOLERANCE = 16, PARAM_SHARE = 32, PARAM_UNLESS = 64,
	PARAM_PATHS = 128 }; // PATHS: the check works on the members its path names
struct check {
	const char *name, *about;
	void (*event)(const struct rule *r, struct walk *w, findings *to);
	void (*order)(const struct rule *r, const struct order *o, struct arena *a, findings *to);
	unsigned params;
};
struct rules {
	struct arena *a;
	struct places places;
	struct rule *all; size_t n;            // in the order of their ids
	const struct rule **event[EV_COUNT + 1]; size_t n_event[EV_COUNT + 1]; // by type; the last: type unknown
	const struct rule **order; size_t n_order;
	struct conf **files; size_t n_files;
	struct str only_source;
	const char *folder;
};
const struct check *check_named(struct str name);
const struct check *check_at(size_t i); // NULL behind the last

// What checks say what they found with. id -1: the object itself.
void found(const struct rule *r, struct walk *w, uint32_t inst, int id, findings *to);
void found_note(const struct rule *r, struct walk *w, const struct note *n, findings *to);
// On an order: at the rule's path, its first '*' being element `index`.
void found_order(const struct rule *r, struct arena *a, size_t index, struct str value, findings *to);
void found_money(const struct rule *r, const struct order *o, struct arena *a, size_t index, int64_t amount, findings *to);

#define EVENT_CHECK(name) void check_##name(const struct rule *r, struct walk *w, findings *to)
#define ORDER_CHECK(name) void check_##name(const struct rule *r, const struct order *o, struct arena *a, findings *to)
// On events: what stands there (rule_checks.c).
EVENT_CHECK(is_event); EVENT_CHECK(schema_known); EVENT_CHECK(type_known); EVENT_CHECK(type_not_own); EVENT_CHECK(id_not_own); EVENT_CHECK(type_of); EVENT_CHECK(time_format);
EVENT_CHECK(control_characters); EVENT_CHECK(member_known); EVENT_CHECK(max_count); EVENT_CHECK(required); EVENT_CHECK(one_present); EVENT_CHECK(required_unless);
EVENT_CHECK(one_of); EVENT_CHECK(seen_whole); EVENT_CHECK(integer_range); EVENT_CHECK(unique_ids); EVENT_CHECK(lines_or_charges); EVENT_CHECK(source_accepted);
// On events: amounts (rule_money.c).
EVENT_CHECK(money_format); EVENT_CHECK(money_range); EVENT_CHECK(currency_given); EVENT_CHECK(currency_implied); EVENT_CHECK(currency_known); EVENT_CHECK(payment_amount);
EVENT_CHECK(discount_within); EVENT_CHECK(net_within_gross); EVENT_CHECK(line_tie); EVENT_CHECK(totals_near);
// On folded orders: amounts (rule_sums.c).
ORDER_CHECK(totals_tie); ORDER_CHECK(taxes_tie); ORDER_CHECK(tax_rows); ORDER_CHECK(sum_payments); ORDER_CHECK(refunds_within);
ORDER_CHECK(line_price);
// On folded orders: the rest (rule_order.c).
ORDER_CHECK(ship_to); ORDER_CHECK(country); ORDER_CHECK(postcode); ORDER_CHECK(phone); ORDER_CHECK(email); ORDER_CHECK(billing_name);
ORDER_CHECK(shipping_method); ORDER_CHECK(tax_id); ORDER_CHECK(promised); ORDER_CHECK(refers_to); ORDER_CHECK(shipped_within);
ORDER_CHECK(tracking_rank); ORDER_CHECK(after_cancel);
#endif
