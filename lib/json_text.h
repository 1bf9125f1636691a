// What the bytes between the quotes of a JSON string say: escapes undone, names compared. The bytes were checked before.
#ifndef JSON_TEXT_H
#define JSON_TEXT_H
#include "str.h"

// The value of four hexadecimal digits, or -1.
int json_hex4(const char *p);
// Undoes the character or escape at raw.p + *at into out, moves *at behind it, and gives the bytes written (1 to 4).
size_t json_text_step(struct str raw, size_t *at, char out[4]);
// Undoes all of raw into `to`, which holds raw.n bytes (it may be raw itself); the bytes written.
size_t json_text_undo(char *to, struct str raw);
// Do both say the same? Either may hold escapes.
bool json_text_same(struct str a, struct str b);
#endif
