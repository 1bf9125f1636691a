// What register and sheet share: a document under way, its flaws, its feet, its bytes.
#ifndef EXPORT_PAPER_H
#define EXPORT_PAPER_H
#include "export_page.h"
#include "pdf_flow.h"

enum { PAPER_MARGIN = 3600, PAPER_FOOT = 2600, PAPER_GRAY = 45, PAPER_SMALL = 750 };

struct paper {
	struct pdf_flow flow;      // its ctx is the paper
	const struct export_sink *to;
	struct err *e;
	const char *order;         // at hand: whose texts are being set
	bool refused;              // e says why
	struct buf told, told_of;  // the fields of that order whose flaws were told
	void (*note)(struct paper *p, const struct export_flaw *f); // keeps them for the manifest; NULL
	const char *foot;          // on every page, to the left; the page's number stands to the right
	struct paper_sum { uint64_t pages, bytes; unsigned char sha256[32]; } sum; // of the document finished last
	struct buf piece;
};
void paper_open(struct paper *p, const struct pdf_options *o, const char *title);
// Feet on all pages, then its bytes to the sink.
int paper_finish(struct paper *p, size_t number, bool last, int64_t at);
void paper_close(struct paper *p);
#endif
