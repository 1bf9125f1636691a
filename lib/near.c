// The nearest of some words to one that was mistyped.
#include "near.h"

enum { LONGEST = 64 };

static char plain(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

// Case is no slip of the finger.
static bool same(char a, char b) { return plain(a) == plain(b); }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

size_t near_distance(struct str a, struct str b, size_t most)
{
	if (a.n > LONGEST || b.n > LONGEST) return most + 1;
	size_t row[3][LONGEST + 1]; // before the last, the last, this
	for (size_t j = 0; j <= b.n; j++) row[1][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		row[2][0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t d = row[1][j - 1] + !same(a.p[i - 1], b.p[j - 1]);
			d = least(d, least(row[1][j], row[2][j - 1]) + 1);
			if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) && same(a.p[i - 2], b.p[j - 1])) d = least(d, row[0][j - 2] + 1);
			row[2][j] = d;
		}
		memcpy(row[0], row[1], sizeof *row);
		memcpy(row[1], row[2], sizeof *row);
	}
	return least(row[1][b.n], most + 1);
}

// A short word is near to everything: it may be off by no more than a third of its letters.
struct near near_begin(struct str word, size_t most) { return (struct near){word, least(most, (word.n + 1) / 3), NULL}; }

void near_try(struct near *n, const char *candidate)
{
	size_t d = near_distance(n->word, str_of(candidate), n->most);
	if (d > n->most || (n->best && d >= near_distance(n->word, str_of(n->best), n->most))) return;
	n->best = candidate;
}
