// May an order be confirmed? One list of checks, all of them always evaluated, each with its evidence; and the plan of where its
// units are taken from. The same code for oms-check, which looks, and oms-confirm, which takes, in the same transaction.
// The checks are a function each (check_order.c, check_place.c, check_stock.c) and a row of data each (share/checks/confirm.json).
#ifndef CHECK_H
#define CHECK_H
#include "conf.h"
#include "db.h"
#include "digest.h"
#include "order.h"
#include "reference.h"
#include "stock.h"

enum verdict { VERDICT_NA, VERDICT_PASS, VERDICT_WARN, VERDICT_BLOCK, VERDICT_ERROR }; // error: it could not be evaluated, and so blocks
const char *verdict_word(enum verdict v);

struct policy; // share/checks/confirm.json, read and checked
struct policy *policy_load(struct arena *a, struct err *e); // NULL with E_CONFIG said
void policy_close(struct policy *p);
size_t policy_size(const struct policy *p);
struct policy_check { const char *id, *name, *about, *override; }; // override: the role that may pass over it; NULL: nobody may
struct policy_check policy_check_at(const struct policy *p, size_t i);
// The bits of a list of checks by id or name, each of which somebody may pass over. E_USAGE. list NULL: none.
int policy_overrides(const struct policy *p, struct err *e, const char *list, unsigned *bits);
int policy_check_named(const struct policy *p, struct str id); // -1

struct check_result {
	const char *id, *name;
	enum verdict verdict;
	bool overridden;          // it blocked, and was passed over
	bool firm;                // it blocks, and may not be passed over in this
	const char *override;     // who may pass over it; NULL: nobody
	struct str because;       // sentences, where it does not simply pass: of many the first
	size_t said;              // how many there are
	struct str evidence;      // members of a JSON object: "a":1,"b":2
};
struct plan_units { struct str warehouse; int64_t units, backordered; };
struct plan_line { struct str line, sku; int64_t quantity, shipped; VEC(struct plan_units) at; struct component *parts; size_t n_parts; }; // shipped: had left before; parts: what a unit takes
struct deduction { struct str warehouse, sku; int64_t before, quantity, after, safety; struct str rule; }; // before, after: available
struct check_plan {
	VEC(struct plan_line) lines;
	VEC(struct deduction) deductions;
	struct str service, carrier, zone, why;
	bool whole;               // every unit has a place, or may be waited for
};
struct check {
	const struct order *o;
	VEC(struct check_result) results;
	struct check_plan plan;
	enum verdict verdict;     // the worst of those not passed over
	struct digest digest;     // of what was seen: the log of the order, the verdicts, the plan and the stock before and after
};
struct check_options {
	int64_t now;
	unsigned overrides;       // bits of the policy's checks: where they block they are passed over
	bool evidence;            // of those that pass as well
	struct digest log;        // of the order's events
	int64_t order_key;
};
// In a transaction of the caller. What the result points to lives in the arena, or as long as *o.
// -1 with the error, and *to empty (o NULL), where the store could not be read: then there is no verdict.
int check_run(struct db *d, struct err *e, struct arena *a, const struct policy *p, const struct order *o, const struct check_options *opt, struct check *to);
enum { CHECK_DIGEST_HEX = 32 };
void check_digest_hex(struct buf *b, const struct check *c);
// Members for oms.check/1 and oms.result/1: checks, plan, deductions. all: checks that pass too.
void check_json(struct buf *b, const struct check *c, bool all);
// What speaks against it, or where nothing does what is to be looked at, in one sentence; absent: nothing.
struct str check_message(const struct check *c, struct arena *a);
void plan_json(struct buf *b, const struct check_plan *p); // the members of an order.confirmed body that say where from
#endif
