// The printer: a command tells it records, it prints them in the form that was asked for. One writer owns stdout.
#ifndef OUT_H
#define OUT_H
#include "err.h"
#include "str.h"
#include "table.h"
#include <stdio.h>

enum out_format { OUT_AUTO, OUT_TABLE, OUT_TEXT, OUT_JSONL, OUT_JSON, OUT_CSV, OUT_TSV, OUT_IDS, OUT_COUNT,
	OUT_CSV_EXCEL, OUT_PDF }; // made by a command, not by the printer: out_bytes
bool out_format_named(const char *name, enum out_format *f);

// A column of table, csv and tsv. A record given as JSON is cut into these by path ("customer.name").
// rank: highest goes first when narrow, also an id, which is never cut; OUT_FROM(n): only on terminals of n columns and wider. Of a path that ends in _at a table shows 2026-11-03 10:15, in the options' zone.
#define OUT_FROM(n) TABLE_FROM(n)
struct out_column { const char *name, *path; bool right; bool id; int rank; };

struct out_options {
	enum out_format format;
	const char *fields;     // --fields: comma list of paths; NULL: the columns
	bool header, color, nul; // nul: ids end with NUL
	size_t width;           // 0: unlimited (no terminal)
	const char *zone;       // for instants in a table; NULL: UTC
	bool tty;
	bool as_data;           // csv: texts as they are, for who reads them in again; otherwise what a spreadsheet would run is marked as text
	bool hold;              // nothing is written before out_flush or out_close: a writer's words wait for its commit
};
struct out;
struct out *out_open(FILE *to, const struct out_options *o, const struct out_column *columns, size_t n);
// One record, a complete JSON object (oms.*/1). Table forms hold rows back to measure widths (first 1,000), then stream.
void out_record(struct out *o, struct str json);
// Text of its own making for OUT_TEXT (oms-show); json is what the other forms print.
void out_text(struct out *o, struct str text);
// Bytes as they are, whatever the form: a payload that was kept, a list for a program (completion).
void out_bytes(struct out *o, struct str s);
size_t out_count(const struct out *o);
void out_add(struct out *o, size_t n);        // counted elsewhere: for OUT_COUNT alone
void out_flush(struct out *o);               // what was told so far, to the file
void out_drop(struct out *o);                // forgets what was told since the last flush: it was rolled back
void out_cut(struct out *o);                 // the run was refused or broke off: no header above nothing, no empty list, no count
bool out_broken(const struct out *o);        // a write failed: a loop may stop, out_close will say why
int out_close(struct out *o, struct err *e); // prints what is held back; E_IO where any write failed
enum out_format out_form(const struct out *o);
#endif
