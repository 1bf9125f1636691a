// What others must hear of, made into messages and handed on: shipment requests a warehouse, billing triggers an order. At least once,
// each message with a key that is the same at every attempt, so that a receiver who remembers keys takes each once.
#ifndef DELIVER_H
#define DELIVER_H
#include "outbox_store.h"

struct message_out { const char *kind; struct str key, json; }; // kind: manifest_line, billing; json: the record, without line end
// The messages of one outbox row, in the arena. Their keys come of what happened and of the kind alone.
int deliver_messages(struct err *e, struct arena *a, const struct outbox *o, struct message_out **list, size_t *n);

struct spool; // a folder that files are put into whole, one a message: NUMBER-KIND-KEY.json
struct spool *spool_open(struct arena *a, struct err *e, const char *folder); // E_CANTCREAT
void spool_close(struct spool *s);
int spool_put(struct spool *s, struct err *e, int64_t number, const struct message_out *m); // 1 put, 0 it was there already, -1
int spool_sync(struct spool *s, struct err *e); // the folder itself, after files were put

// How long until the next attempt, in ms: 30 s doubled with each, an hour at the most, less up to a half by chance of the row's own.
int64_t deliver_backoff(int64_t outbox_id, int64_t attempts);
#endif
