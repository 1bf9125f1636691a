// Rows of orders as documents: the register of a grain, in as many PDFs as it takes, and a sheet an order.
#ifndef EXPORT_PAGE_H
#define EXPORT_PAGE_H
#include "export.h"

// Of one document: it is held in memory until it is whole. Pages full of small print reach the second sooner.
enum { EXPORT_PAGES_MOST = 500, EXPORT_HELD_MOST = 9 << 20 };

// A text that is not on the page as it is in the store: a letter that no font here has, a box being printed for it, or 0 where
// only its first EXPORT_LETTERS_MOST letters are printed. Told once a field of an order, of letters once for each of them; more:
// of that field another letter was told before.
struct export_flaw { const char *order, *field; uint32_t letter; bool more; };
enum { EXPORT_LETTERS_MOST = 4000 };

// What takes the documents, one after the other, each as a whole. begin: last says that no other follows.
struct export_sink {
	int (*begin)(void *ctx, struct err *e, size_t number, bool last);
	int (*bytes)(void *ctx, struct err *e, struct str s);
	int (*end)(void *ctx, struct err *e);
	void (*flaw)(void *ctx, const struct export_flaw *f);
	void *ctx;
	const char *font;                      // a TrueType file in place of the packaged ones; NULL
	size_t most;                           // pages a document; 0: EXPORT_PAGES_MOST
};
// The register of an export opened with .form EXPORT_PDF and .proof. E_REFUSED, naming order and field, for text that runs from
// right to left; E_UNAVAILABLE, naming the package, where a text needs a font and there is none.
int export_register(struct export *x, struct err *e, const struct export_sink *to);
// The name of the document of that number, 1 the first, whose first is called so: orders.pdf, orders-2.pdf.
const char *export_document_name(struct arena *a, const char *first, size_t number);

// One order as a document to send, and the name of its file: its id in letters every file system takes, one file an order.
int export_sheet(struct db *d, struct err *e, const char *zone, int64_t key, const struct export_sink *to);
const char *export_sheet_name(struct arena *a, struct str id);
#endif
