// Text and tables that run over the pages of a document: what does not fit goes on the next page, under the same heads.
#ifndef PDF_FLOW_H
#define PDF_FLOW_H
#include "arena.h"
#include "pdf.h"

struct pdf_flow {
	struct pdf *pdf;
	int left, right, bottom;  // of what may be written on
	int y;                    // where the next thing begins
	int (*turn)(struct pdf_flow *f); // the page is full: another, or another document; sets y. -1: an error was said
	void *ctx;
	struct err *e;            // says where a page has no room below its head: E_REFUSED
	struct arena arena;       // of the thing being set
};
void flow_free(struct pdf_flow *f);
int flow_need(struct pdf_flow *f, int high);  // turns where less is left
int flow_gap(struct pdf_flow *f, int high);   // white; none at the top of a page would be seen

// A line or several in the flow, and the same at a place, where nothing turns; to: the right edge, for one that ends there.
int flow_text(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st);
int flow_put(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st, int x, int y, int width); // the y below it
// So much of it as so many lines take, with a … where that is not all; the y below it.
int flow_most(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st, int x, int y, int width, size_t most);
void flow_right(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st, int to, int y);

struct pdf_column { const char *head, *field; int width; bool right; int indent; }; // right: figures, set smaller rather than broken
#define PDF_WORDS(head, field, width) {head, field, width, false, 0}
#define PDF_FIGURES(head, field, width) {head, field, width, true, 0}
struct pdf_grid {
	struct pdf_flow *flow;
	const struct pdf_column *column;
	size_t n;
	int size;                 // of its letters
	bool headless;
	bool begun;               // rows stand under the head
};
enum pdf_row { ROW_PLAIN, ROW_MORE, ROW_STRONG }; // more: belongs to the row above: no rule between them, small and grey
int grid_head(struct pdf_grid *t);
int grid_row(struct pdf_grid *t, const struct str *cell, enum pdf_row kind);
enum { GRID_PAD = 250 };     // on both sides of a cell
#endif
