// A letter and the marks behind it as one letter: what is drawn letter by letter has no other place for them.
// Source: Unicode 17: UnicodeData.txt (canonical decompositions and combining classes of Latin, Greek, Cyrillic, kana and the signs
// that U+0338 strikes out), CompositionExclusions.txt, and of the standard 3.11 (canonical composition) and 3.12 (Hangul).
#ifndef COMPOSE_H
#define COMPOSE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COMPOSE_MARKS = 12, COMPOSE_ROOM = 32 }; // behind a letter, at most; what letter and marks may take on the way
bool compose_mark(uint32_t c); // may it be one with what stands before it?
// c: a letter and n - 1 marks behind it, with room for COMPOSE_ROOM. How many are left: 1, where all of them are one letter now.
size_t compose(uint32_t *c, size_t n);
#endif
