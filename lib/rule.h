// The validation rules: data in share/rules/*.json, each a named check with parameters, run on events and on folded orders.
#ifndef RULE_H
#define RULE_H
#include "conf.h"
#include "order.h"

enum severity { SEV_INFO, SEV_WARN, SEV_HOLD, SEV_PARK, SEV_REJECT };
const char *severity_word(enum severity s);

struct finding {
	const char *rule;          // "A05"
	const char *code;          // lower_snake, stable: "totals_differ"
	enum severity severity;
	const char *owner;         // channel-ops finance logistics catalog customer-care compliance
	struct str path;           // JSON Pointer in the event: /body/lines/0/quantity
	struct str value;          // what stood there, cut to 200 bytes
	const char *message, *fix; // from the rule's record
	const char *hold;          // severity hold: type of the hold it opens (ADDRESS RECON …); else NULL
	uint32_t at;               // byte of the record where the value stands, 1-based; 0 where there is none
};
typedef VEC(struct finding) findings;

struct rules;
// All of share/rules (or one folder). NULL with E_CONFIG said.
const char *rule_owner(size_t i); // the words of owner above; NULL behind the last
struct rules *rules_load(struct arena *a, struct err *e, const char *folder);
void rules_close(struct rules *r); // NULL is fine
// X02: only events of this source are accepted. NULL: of any.
void rules_accept_source(struct rules *r, const char *source);
// Every rule on one event, j is its tape. Appends; never stops at the first.
void rules_event(const struct rules *r, const struct json *j, struct arena *a, findings *to);
// The rules of severity hold and below on a folded order: what opens and closes rule holds. Paths are those of oms.order/1.
void rules_order(const struct rules *r, const struct order *o, struct arena *a, findings *to);
enum severity findings_worst(const findings *f);
// Appends them with copies in the arena of the texts they point to: for what outlives the record.
void findings_keep(findings *to, const findings *from, struct arena *a);
// For oms-rules and the example test.
size_t rules_count(const struct rules *r);
struct rule_info {
	const char *id, *layer, *check, *code, *owner, *message, *fix, *target, *hold, *since;
	int version;
	enum severity severity;
	const struct conf *record; // the whole of it as the file has it
};
struct rule_info rules_info(const struct rules *r, size_t i);
// The examples of a layer's rules, examples/LAYER.json beside them: {"A01":{"pass":[…],"fail":[…]}}. They weigh more than the
// rules and no record needs them, so only who asks reads them. NULL with E_NOINPUT or E_CONFIG said; conf_close is the caller's.
struct conf *rules_examples(const struct rules *r, struct err *e, const char *layer);
// A finding as a JSON object {"rule","code","severity","owner","path","at","value","message","hint"}; absent ones are left out.
void finding_json(struct buf *b, const struct finding *f);
#endif
