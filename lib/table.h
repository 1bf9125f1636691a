// Rows of cells laid out in columns for people: measured, narrowed to the terminal, padded.
#ifndef TABLE_H
#define TABLE_H
#include "str.h"

struct table_line { struct str *cell; };
// rank above 0: it may go when narrow, highest first. TABLE_FROM(n): it is there on terminals of n columns and wider,
// whatever the rows hold, so that a width always shows the same; of an id that is not there the column right of it shows what
// it has no cell of its own for. tail: it is cut on the left, as names of files are told apart by their ends; whole: it is not cut.
struct table_column { const char *name; bool right, id, tail, whole; int rank; };
enum { TABLE_RANKS = 1000 };
#define TABLE_FROM(n) (TABLE_RANKS + (n))

enum { TABLE_HELD = 1000 }; // rows held back to measure; what comes later keeps these widths

struct table {
	const struct table_column *column; // set these five, the rest is the table's own
	size_t n;
	size_t limit;       // columns of the terminal; 0: as wide as it takes
	bool header, color;
	struct arena arena;
	VEC(struct table_line) rows;
	size_t *width;
	bool *hidden;
	bool laid;
};

// One row of t->n cells; appended to `to` once the widths are known.
void table_row(struct table *t, struct str *cell, struct buf *to);
void table_release(struct table *t, struct buf *to); // prints what is held, and the header before it
void table_drop(struct table *t);                    // forgets what is held
void table_free(struct table *t);
#endif
