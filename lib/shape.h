// A JSON record reshaped on its way out: picked by path, cut to fields, on one line, indented, fit for a terminal.
#ifndef SHAPE_H
#define SHAPE_H
#include "json.h"

// The text at a path ("customer.name", "lines.sku", "lines.0.sku"): strings undone, numbers as written, what lies in
// arrays joined by ", ", an object as its JSON; absent where there is nothing. Lives in the tape's text or the arena.
struct str shape_pick(const struct json *j, struct str path, struct arena *a);
// The record with only these paths (a member counts with all inside it) and its "schema", in the record's own order.
void shape_fields(struct buf *b, const struct json *j, const struct str *path, size_t n, struct arena *a);
void shape_pretty(struct buf *b, const struct json *j, size_t indent);
// The JSON text on one line; for a terminal what is invisible or moves the cursor becomes \u.
void shape_line(struct buf *b, struct str json, bool terminal);
#endif
