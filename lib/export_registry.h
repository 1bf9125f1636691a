// What the parts of a register share: it on its way onto paper.
#ifndef EXPORT_REGISTRY_H
#define EXPORT_REGISTRY_H
#include "export_paper.h"
#include "export_part.h"

enum { REGISTRY_SIZE = 750 }; // of its letters, or less
struct held { const char *order; struct str *cell; int64_t placed_at; }; // a row that waits until the columns' widths are known

struct registry {
	struct paper paper;          // first
	struct export *x;
	struct pdf_grid table;
	struct pdf_column column[EXPORT_WIDEST];
	bool whole[EXPORT_WIDEST];   // of each column: it keeps its width, so that nothing in it is broken
	struct arena rows;           // the rows held back
	VEC(struct held) held;
	size_t held_bytes;
	const char *title, *chosen;  // what it is of, and what it was chosen by
	size_t document;
	uint64_t shown, before;      // rows that stand in a document; in those before this one
	int64_t newest;              // of the rows in this one
	struct buf cell;
};

void registry_columns(struct registry *r); // their heads
int registry_fit(struct registry *r);      // their widths and the size of letters, by the rows held back; E_USAGE where they do not fit
#endif
