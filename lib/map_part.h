// A mapping compiled, and one document on its way through it: shared by the files of map, and by nobody else.
#ifndef MAP_PART_H
#define MAP_PART_H
#include "digest.h"
#include "map.h"

enum template_kind { T_EXPR, T_CONST, T_OBJECT, T_EACH, T_CONCAT };
struct template {
	enum template_kind kind;
	struct str key, label;      // of a member: its name, and "name": as it is written
	struct str constant;        // T_CONST: JSON
	const struct expr *x;       // T_EXPR; T_EACH and $with: where
	const struct expr *when, *currency, *zone;
	const struct expr *only;    // $if: judged in the scope around it; $when of an $each judges each element
	struct template *part;      // members, or what is put behind each other
	size_t n;
	bool keep;                  // written though empty
};

struct map_ref { const char *kind; const struct expr *value, *when; };
struct map_event_rule {
	const char *type;
	const struct expr *when, *each, *id, *order, *occurred_at, *seq, *actor, *test, *currency, *zone;
	struct map_ref *ref;
	size_t refs;
	struct template body;
	bool has_body;
};
struct map_kind {
	const char *name;
	const char **topic;
	size_t topics;
	const struct expr **from;
	size_t froms;
	const struct expr *when;
	struct map_event_rule *event;
	size_t events;
	bool verbatim;              // the record is an event already
};
struct map_refuse { const struct expr *when; const char *code, *message, *fix, *owner; };
struct map_owner { struct str prefix; const char *owner; };

struct map_watched { struct str trace, coverage; };
struct map {
	const char *path, *channel, *name, *tz, *currency;
	struct input_options input;
	struct map_kind *kind;
	size_t kinds;
	struct map_refuse *refuse;
	size_t refusals;
	struct map_owner *owner;
	size_t owners;
	struct map_trace watch;
	struct str made_of;         // map_made_of
	const unsigned char *made_digest;
	VEC(struct map_watched) watched; // of the last document
};

// Where in the event writing stands: a chain on the stack, spelled out only for a finding or a trace.
struct place { const struct place *up; struct str key; int64_t index; };

// One record being mapped.
struct run {
	struct map *m;
	struct arena *a;
	struct expr_run x;
	const struct map_source *source;
	const char *topic;
	struct map_result *unit;
	const struct place *place;
	const struct expr *current;       // what is being evaluated
	struct buf *out;
	char payload[2 * DIGEST_KEY + 1], digest[17];
	struct buf reads, trace;          // --trace; used where watch.trace
};

// map_compile
int map_compile(struct map *m, struct arena *a, struct err *e, const struct conf *c);

// map_pick: which records of a document go to which kind; kind NULL: none fits
struct pick { uint32_t node; const struct map_kind *kind; bool empty; }; // empty: the list of a known kind without elements
size_t map_pick(struct run *r, struct pick **to);

// map_write: a record to events
void map_write(struct run *r, uint32_t node, const struct map_kind *k);

// map_value: values and templates as JSON
bool write_value(struct run *r, const struct value *v);
bool write_template(struct run *r, const struct template *t, const struct expr_scope *scope);
bool write_expr(struct run *r, const struct expr *x, const struct expr_scope *scope, struct str label); // label before it
void set_currency(struct run *r, const struct expr *x, const struct expr_scope *scope);
void set_zone(struct run *r, const struct expr *x, const struct expr_scope *scope);

// map_find: findings and what is watched
void place_text(struct buf *b, const struct place *p);
void map_finding(struct run *r, bool fatal, const char *code, struct str value, const char *message);
void map_say(void *run, bool fatal, const char *code, struct str value, const char *message); // expr_run.finding
void map_refused(struct run *r, const char *code, const char *message, const char *fix, const char *owner);
void watch_begin(struct run *r);
void watch_expr(struct run *r, const struct expr *x, size_t from);
void watch_end(struct run *r, uint32_t node, struct map_watched *to);
#endif
