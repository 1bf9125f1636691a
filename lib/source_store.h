// Where records come from: one row a channel, account and zone.
#ifndef SOURCE_STORE_H
#define SOURCE_STORE_H
#include "db.h"

struct source { int64_t source_id; const char *name, *channel, *account, *tz, *currency; int64_t created_at; }; // strings in the arena
int source_get(struct db *d, struct err *e, struct arena *a, const char *name, struct source *to); // E_NOTFOUND with near names
int source_by_id(struct db *d, struct err *e, struct arena *a, int64_t id, struct source *to);
int source_list(struct db *d, struct err *e, struct arena *a, struct source **list, size_t *n);
int source_put(struct db *d, struct err *e, const struct source *s, bool *created); // by name; changes what is given
#endif
