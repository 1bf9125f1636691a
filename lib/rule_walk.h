// One walk over an event: every member is looked up once, its type judged once, and its node kept where all rules find it.
#ifndef RULE_WALK_H
#define RULE_WALK_H
#include "money.h"
#include "rule_contract.h"

// A place is where objects of the contract can stand: "/body/lines/*/taxes/*". They are known before any event is.
enum { PLACES = 64, PLACE_NONE = 0, PLACE_EVENT = 1 };
struct place {
	enum shape shape;
	uint8_t parent;       // place it stands in
	uint16_t member;      // … as this member
	bool list;            // … one of many
	uint8_t child[SHAPE_MEMBERS]; // place of what stands in member first + i
};
struct places {
	struct keys keys;
	struct place v[PLACES];
	unsigned n;
	uint8_t body[EV_COUNT];
};
void places_init(struct places *p);
// The members a pattern names ("/body/lines/*/sku"): bodies differ by type, so one pattern may name several.
struct target { uint8_t place; uint16_t member; };
size_t places_find(const struct places *p, struct str pattern, struct target *to, size_t room);

struct cell { int64_t value; uint32_t node; bool good, has; }; // good: of its type; has: value was readable (whole numbers, amounts)
#define NO_VALUE INT64_MIN
struct inst { // one object that stands in the event
	uint32_t node, parent, next, index; // parent, next of the same place: instances; index: in its array
	struct cell *cells;                 // of its shape's members, from the first on
	uint16_t first_member;
	uint8_t place;
};
// What the walk found wrong by itself; the rules say what that means.
enum note_kind { NOTE_TYPE, NOTE_UNKNOWN, NOTE_TIME, NOTE_AMOUNT, NOTE_CONTROL };
struct note { enum note_kind kind; uint32_t inst, node; uint32_t key, item; int member; }; // key: of an unknown member; item: 1 + element

struct amount { struct cell *cell; uint32_t inst; int member; };

struct walk {
	const struct places *places;
	const struct json *j;
	struct arena *a;
	enum event_type type;       // EV_UNKNOWN: the body was not looked at
	VEC(struct inst) inst;      // [0] is nobody, [1] the event
	VEC(struct note) notes;
	VEC(struct amount) money;   // to be read once the currency is known
	uint32_t first[PLACES], last[PLACES];
	uint32_t body;              // instance, 0 where there is none
	int digits;                 // of the body's currency; -1 where not known
	bool rare;                  // a byte that may begin a control character stands somewhere
	struct str only_source;     // rules_accept_source
};
void walk_event(struct walk *w, const struct places *p, const struct json *j, struct arena *a);

static inline const struct cell *walk_cell(const struct walk *w, uint32_t inst, enum member_id id)
{
	return &w->inst.v[inst].cells[id - w->inst.v[inst].first_member];
}
// The node of a member that is there, of its type and not blank; else 0.
uint32_t walk_node(const struct walk *w, uint32_t inst, enum member_id id);
// Its text, absent where walk_node gives 0.
struct str walk_text(const struct walk *w, uint32_t inst, enum member_id id);
// A whole number, or an amount in minor units; NO_VALUE where it is not there or not readable.
static inline int64_t walk_value(const struct walk *w, uint32_t inst, enum member_id id)
{
	const struct cell *c = walk_cell(w, inst, id);
	return c->has ? c->value : NO_VALUE;
}
bool walk_true(const struct walk *w, uint32_t inst, enum member_id id);
static inline uint32_t walk_first(const struct walk *w, unsigned place) { return w->first[place]; }
static inline uint32_t walk_next(const struct walk *w, uint32_t inst) { return w->inst.v[inst].next; }
// JSON Pointer of an instance, or of a member of it (id -1: itself).
struct str walk_path(const struct walk *w, uint32_t inst, int id);
struct str walk_note_path(const struct walk *w, const struct note *n);
#endif
