// The nearest of some words to one that was mistyped. Source: the Damerau-Levenshtein distance, as optimal string alignment.
#ifndef NEAR_H
#define NEAR_H
#include "str.h"

struct near { struct str word; size_t most; const char *best; };
struct near near_begin(struct str word, size_t most); // most: so many slips of the finger at the most
void near_try(struct near *n, const char *candidate); // the first of the nearest stays in best
// Letters to insert, delete, change or swap with their neighbour to come from a to b, whatever their case; more than `most` counts as most + 1.
size_t near_distance(struct str a, struct str b, size_t most);
#endif
