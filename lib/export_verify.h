// What the parts of a verification share: a file being held against its manifest, read and summed up again.
#ifndef EXPORT_VERIFY_H
#define EXPORT_VERIFY_H
#include "conf.h"
#include "export_part.h"
#include <stdio.h>

struct check { // one verification
	struct err *e;
	struct arena *a, record;
	const char *file, *name;   // where it lies, links followed; what it is called in a sentence
	FILE *in;
	struct export_verify *v;
	struct export_claim said;
	struct sha256 hash;
	uint64_t bytes, rows, guarded, orders, pages;
	unsigned char head[3];     // the first bytes
	size_t n, currency, order, placed; // n: there is no such column
	size_t instant[EXPORT_WIDEST];     // of a local date, the column it is the date of; else n
	size_t sku;                // of lines that were chosen by one; else n
	struct buf last, word;     // the order of the row before; a word as cells have it
	export_sums sums;
	bool failed, header_seen, strange, elsewhere, zone_known, sku_seen;
};
// Tells a difference; d has its values, each NULL where there is none, and the sentence is written here.
void verify_differs(struct check *c, struct export_difference d, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int verify_digits(const struct check *c, struct str currency); // those the manifest has for it

void verify_columns(struct check *c); // where in a row stands what is looked at
// The file's bytes, hashed and counted; of the first two rows and sums too, of a PDF pages. -1: it cannot be read.
int verify_csv(struct check *c);
int verify_jsonl(struct check *c);
int verify_pdf(struct check *c);
#endif
