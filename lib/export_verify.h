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
	const struct conf *said;
	struct sha256 hash;
	uint64_t bytes, rows, guarded;
	const char *field[EXPORT_WIDEST];
	bool sum[EXPORT_WIDEST];
	size_t n, currency;        // n: there is no column currency
	export_sums sums;
	bool failed, header_seen, strange;
};
// Tells a difference; d has its values, each NULL where there is none, and the sentence is written here.
void verify_differs(struct check *c, struct export_difference d, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int verify_digits(const struct check *c, struct str currency); // those the manifest has for it

// The file's bytes, hashed and counted; of the first two rows and sums too. -1: it cannot be read.
int verify_csv(struct check *c);
int verify_jsonl(struct check *c);
int verify_bytes(struct check *c);
#endif
