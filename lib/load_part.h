// What the parts of load share.
#ifndef LOAD_PART_H
#define LOAD_PART_H
#include "event_store.h"
#include "load.h"

// Ids by their hash, each with a line (of 64 bits two are the same by chance in no catalog there is).
struct seen { struct seen_id { uint64_t hash, line; } *v; size_t n, cap; };
uint64_t *seen_line(struct seen *s, struct str id); // 0 where it is new
void seen_forget(struct seen *s);

struct load {
	struct db *db;
	struct codec *codec;
	enum reference_kind kind;
	struct load_options o;
	int64_t source_id;        // of "oms", once it was looked up
	struct seen seen;         // ids of this input, and where they stood
	struct seen parts;        // SKUs that are parts of bundles
	bool parts_read;
	struct seen uncounted;    // SKUs with their warehouses, and the movement up to which there is no count of them
	const char *input;        // its name
	struct arena arena;       // what outlives a record
	VEC(struct load_unknown) unknown;
	int near_left;            // how many mistyped names are still looked for among all
};
struct loading { struct load *l; struct err *e; struct arena *a; const struct reference *r; uint64_t line; struct load_result *to; }; // one record
// Each says one fault; what is only warned of refuses with strict.
void load_fault(struct loading *x, const char *field, const char *code, const char *message, const char *what);
void load_warn(struct loading *x, const char *field, const char *code, const char *message, const char *what);
// An event of ours: id in the arena, kind and record are its body. Its row in *event_id, if not NULL.
int load_event(struct loading *x, enum event_type type, struct str id, int64_t revision, int64_t occurred_at, struct str record, int64_t *event_id);
// How two records of a kind differ: field by field into to->changes; from NULL: there was none.
void load_differ(struct loading *x, const struct reference *from, const struct reference *to);
// Is it there? 1, 0, -1. load_refer notes it where it is not: it may come later in the run.
int load_known(struct load *l, struct err *e, struct arena *a, enum reference_kind k, struct str id);
struct load_unknown *load_noted(struct load *l, enum reference_kind k, struct str id);
int load_refer(struct loading *x, const char *field, enum reference_kind k, struct str id);
// It must be there: a fault "unknown_…" with the nearest name where it is not.
int load_need(struct loading *x, const char *field, enum reference_kind k, struct str id);
// A bundle is made of what is none, whichever of the two came first.
int load_components(struct loading *x);
void load_keep_parts(struct load *l, const struct sku_ref *s); // it was taken in
int load_movement(struct loading *x);

// --- movements: what a record books
enum { EARLY = 10 * 60 * 1000 }; // a clock elsewhere may be ahead by so much (ms)
struct load_plan { struct movement m[2]; size_t n; };
struct movement *load_add(struct load_plan *p, struct loading *x, enum stock_kind kind, struct str warehouse, int64_t on_hand, int64_t held);
int load_count(struct loading *x, struct load_plan *p);
int load_counted_already(struct loading *x, struct str warehouse); // a fault where a count had in it what this adds
#endif
