// Text from outside made safe and measured for a terminal: no control, C1, bidi or zero-width character passes as itself.
// Source: Unicode 17 (the tables in text.c name its files).
#ifndef TEXT_H
#define TEXT_H
#include "str.h"

// Appends s with C0, DEL, C1, bidi controls, zero-width characters, line separators and invalid UTF-8 as \x1b, \u202e.
// Tab and newline too: one value stays on one line. For tables, text, messages; JSON and CSV have their own rules.
void text_safe(struct buf *b, struct str s);
// Columns the text takes on a terminal once made safe (wide characters count 2, combining marks 0).
size_t text_width(struct str s);
// Appends the safe text cut to at most width columns ("…" marks the cut) and, where pad, filled up with blanks.
void text_fit(struct buf *b, struct str s, size_t width, bool pad, bool right);
// The same, always filled up, with the cut on the left: of a path the end is what tells it from others.
void text_fit_end(struct buf *b, struct str s, size_t width);
// A safe C string of at most cap-1 bytes, whole characters only: for messages.
void text_copy(char *to, size_t cap, struct str s);
// Small letters for capitals in the Latin, Greek and Cyrillic blocks (Unicode's simple lower case), whatever the locale:
// two spellings of a name are one to look up. Bytes that are no character pass as they are.
struct str text_lower(struct arena *a, struct str s);
#endif
