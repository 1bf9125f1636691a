// Dead letters and parked events: what could not be applied, why, and what it waits for. Texts are in the arena given.
#ifndef DEAD_STORE_H
#define DEAD_STORE_H
#include "db.h"
#include "event.h"

struct dead { int64_t dead_id, source_id, payload_id, line, attempts, first_at, last_at; const char *state, *code, *owner, *topic, *input, *map; struct str reasons; };
// One entry a payload, opened again by a second failure, which updates it (attempts, reasons, last_at). reasons: JSON array of findings.
int dead_put(struct db *d, struct err *e, const struct dead *dl, int64_t *id);
int dead_get(struct db *d, struct err *e, struct arena *a, int64_t id, struct dead *to);
int dead_open(struct db *d, struct err *e, int64_t payload_id); // 1 an open entry, 0, -1
int dead_close(struct db *d, struct err *e, int64_t payload_id, const char *state, int64_t at); // open -> redriven/discarded; fine where none
struct dead_filter { const char *code, *source, *owner, *state; int64_t since, until, after_id, limit; };
int dead_list(struct db *d, struct err *e, struct arena *a, const struct dead_filter *f, struct dead **list, size_t *n);
int dead_count(struct db *d, struct err *e, int64_t *open);

struct parked { int64_t parked_id, source_id, payload_id, recorded_at, expires_at; struct str json, reason; };
int parked_put(struct db *d, struct err *e, const struct event *ev, int64_t source_id, int64_t payload_id, int64_t now, int64_t expires, struct str reason);
// Parked events that name this reference, of any source: whether it is theirs now, the caller resolves again.
int parked_for(struct db *d, struct err *e, struct arena *a, enum ref_kind kind, struct str value, struct parked **list, size_t *n);
int parked_drop(struct db *d, struct err *e, int64_t parked_id);
int parked_list(struct db *d, struct err *e, struct arena *a, int64_t after_id, int64_t limit, struct parked **list, size_t *n);
#endif
