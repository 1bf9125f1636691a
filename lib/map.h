// Channel payloads to events, by a mapping file. Compiled once, run over the tape of each record.
#ifndef MAP_H
#define MAP_H
#include "expr.h"
#include "input.h"
#include "rule.h"

struct map; // one compiled share/channels/NAME.json
struct map *map_load(struct arena *a, struct err *e, const char *channel);           // E_CONFIG / E_NOTFOUND with near names
struct map *map_load_file(struct arena *a, struct err *e, const char *path);
const char **map_channels(struct arena *a, size_t *n);                               // those there are, sorted
const char *map_name(const struct map *m);   // "shopify/1"
struct input_options map_input(const struct map *m);

struct map_source { const char *name, *account, *tz, *currency; };
struct map_event { struct str json; };
struct map_result {           // of one unit: one payload record, or one refused document
	struct str raw;           // bytes of the unit in the document
	unsigned char digest[16]; // DIGEST_KEY of raw
	const char *kind;         // NULL where refused
	struct map_event *event; size_t n;
	findings found;           // conversions that failed (reject), words no table knew (warn), refusals
	bool refused;             // some finding of it rejects
};
struct map_trace { bool trace, coverage; }; // fills .trace / .coverage of each unit as JSON text in the arena
// Maps one parsed document (text = j->text) to units: an order in an envelope is one. A document no kind fits is one
// refused unit (unknown_kind). Results live in the arena. topic may be NULL. 0, or -1 only for a mapping that is wrong.
int map_document(struct map *m, struct err *e, struct arena *a, const struct json *j, const struct map_source *source,
	const char *topic, struct map_result **units, size_t *n);
// For the next document: the bytes it was made of where these are not its text (CSV rows; else absent), and their
// DIGEST_KEY where the caller has it already (else NULL).
void map_made_of(struct map *m, struct str raw, const unsigned char *digest);
// What a finding's message says without the expression it came up in, which may be long; that apart, absent where there is none.
struct str map_reason(struct str message, struct str *expression);
// For oms-map: coverage and trace of the last map_document, as JSON objects a unit.
void map_watch(struct map *m, struct map_trace what);
struct str map_unit_trace(const struct map *m, size_t unit);
struct str map_unit_coverage(const struct map *m, size_t unit);
// Runs the mapping's own "tests"; appends a line a failure. Number of failures, or -1.
int map_test(struct map *m, struct err *e, struct buf *to, size_t *ran);
#endif
