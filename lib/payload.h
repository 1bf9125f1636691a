// Bodies compressed with a dictionary of the store: raw payloads verbatim, and the event log's lines. Source: RFC 8878 (Zstandard).
#ifndef PAYLOAD_H
#define PAYLOAD_H
#include "db.h"

struct codec; // per store; keeps dictionaries and contexts, loaded when first wanted
struct codec *codec_open(struct db *d);
void codec_brief(struct codec *c); // few small bodies are likely: the first of them are packed without the dictionary
void codec_close(struct codec *c);
enum codec_kind { CODEC_PAYLOAD, CODEC_EVENT };
// Compresses into an internal buffer, valid until the next call. *dict: its row, or INT64_MIN (NULL in the store) where none was used.
// Samples seen here train a dictionary (once a source and kind, when enough have passed); it is written by the caller's
// transaction and used from then on.
int codec_pack(struct codec *c, struct err *e, enum codec_kind kind, int64_t source, struct str plain, struct str *packed, int64_t *dict);
// The bytes again, in the arena. size is the plain length kept beside the body. E_BUG said where it does not come out.
int codec_unpack(struct codec *c, struct err *e, struct arena *a, int64_t dict, int64_t size, struct str packed, struct str *plain);
#endif
