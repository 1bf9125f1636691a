// Rows of cells laid out in columns for people: measured, narrowed to the terminal, padded.
#ifndef TABLE_H
#define TABLE_H
#include "str.h"

struct table_line { struct str *cell; };
struct table_column { const char *name; bool right, id; int rank; }; // rank above 0 may go when narrow, highest first

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
void table_row(struct table *t, const struct str *cell, struct buf *to);
void table_release(struct table *t, struct buf *to); // prints what is held, and the header before it
void table_drop(struct table *t);                    // forgets what is held
void table_free(struct table *t);
#endif
