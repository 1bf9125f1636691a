// Rows of orders for those who must keep them: a grain's declared columns as CSV or JSON Lines, out of one snapshot, in one
// order whatever the order of arrival; and the manifest that proves a file.
#ifndef EXPORT_H
#define EXPORT_H
#include "find.h"

enum export_grain { EXPORT_ORDER, EXPORT_LINE, EXPORT_PAYMENT, EXPORT_TAX, EXPORT_SHIPPING, EXPORT_EVENT, EXPORT_GRAINS };
enum export_form { EXPORT_CSV, EXPORT_CSV_EXCEL, EXPORT_JSONL, EXPORT_PDF }; // csv-excel: with a BOM, and no cell a formula; pdf: export_page.h
int export_grain_named(struct str word); // -1: no such grain
const char *export_grain_word(enum export_grain g);
const char *export_schema(enum export_grain g); // "oms.csv_line/1": the columns, and what a row as JSON is
size_t export_width(enum export_grain g);       // how many columns
const char *export_column_name(enum export_grain g, size_t i);
bool export_column_id(enum export_grain g, size_t i);    // never cut
bool export_column_right(enum export_grain g, size_t i); // figures
int export_column_rank(enum export_grain g, size_t i);   // 0 stays on a narrow terminal, the highest goes first

struct export_options {
	enum export_grain grain;
	enum export_form form;
	struct find_filter filter;
	const char *zone;   // of the *_on dates
	const char *fields; // a comma list of columns in place of all; NULL
	bool header;
	bool proof;         // hash and sum up, for a manifest
};
struct export;
struct export *export_open(struct db *d, struct err *e, struct arena *a, const struct export_options *o);
// What stands before the first row: BOM and header; empty for JSON.
struct str export_head(struct export *x);
// The bytes of one row, with their line end; valid until the next call. 1, 0 at the end, -1.
int export_row(struct export *x, struct err *e, struct str *bytes);
void export_close(struct export *x);

struct export_counts { uint64_t orders, rows, bytes, guarded; };
struct export_counts export_counted(const struct export *x);
// oms.manifest/1 of what has been handed out, with .proof, to its end.
struct export_stamp { const char *file, *program; int64_t now; };
int export_manifest(struct export *x, struct err *e, const struct export_stamp *s, struct buf *to);

// A file against the manifest beside it: hashed, counted and summed up again. Each difference is told: the file's name (that of
// the sequel of a PDF), a sentence, and in full what was found and what the manifest has, NULL where that is no single value.
// drawn: it is a PDF, whose rows and sums nobody can count again. A manifest that is none is E_CONFIG.
struct export_difference { const char *file, *check, *what, *found, *manifest; };
struct export_verify {
	void (*found)(void *ctx, const struct export_difference *d);
	int (*reads)(void *ctx, const char *path); // of each file, before it is read; not 0 ends it
	void *ctx;
	uint64_t rows, wrong;
	bool drawn;
};
int export_verify(struct err *e, struct arena *a, const char *file, struct export_verify *v);
#endif
