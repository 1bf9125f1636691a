// Any bytes as CSV: no fault, rows lie behind each other, and what csv_cell writes of a row is read back as that row.
#include "csv.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define HOLDS(x) \
	do { \
		if (!(x)) abort(); \
	} while (0)

struct from { const char *p; size_t n, step; };

static int64_t give(void *of, char *to, size_t room)
{
	struct from *f = of;
	size_t n = f->n < room ? f->n : room;
	if (f->step && n > f->step) n = f->step;
	if (n) memcpy(to, f->p, n);
	f->p += n;
	f->n -= n;
	return (int64_t)n;
}

// A row written and read again is the same row, but for one cell of blanks only, which is a blank line.
static void round_trip(const struct csv_row *row, char delimiter)
{
	struct buf b = {0};
	for (size_t i = 0; i < row->n; i++) {
		if (i) buf_c(&b, delimiter);
		csv_cell(&b, row->cell[i], delimiter, false);
	}
	buf_cstr(&b, "\r\n");
	struct from f = {b.p, b.n, 0};
	struct csv_reader *r = csv_open(delimiter, give, &f);
	struct csv_row same;
	bool blank = row->n == 1 && !row->cell[0].n;
	if (csv_next(r, &same) == 1) {
		HOLDS(!same.broken && same.n == row->n);
		for (size_t i = 0; i < row->n; i++) HOLDS(str_eq(same.cell[i], row->cell[i]));
		HOLDS(csv_next(r, &same) == 0);
	} else {
		HOLDS(blank);
	}
	csv_close(r);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 1) return 0;
	char delimiter = ",;\t|"[data[0] & 3];
	struct from f = {(const char *)data + 1, n - 1, data[0] >> 2};
	struct csv_reader *r = csv_open(delimiter, give, &f);
	struct csv_row row;
	uint64_t end = 0, line = 0;
	while (csv_next(r, &row) == 1) {
		HOLDS(row.at >= end && row.end > row.at && row.end <= n - 1 && row.line > line);
		HOLDS(!row.broken == !row.why && (row.broken ? row.n == 0 : row.n > 0));
		HOLDS(row.raw.n == row.end - row.at && !memcmp(row.raw.p, data + 1 + row.at, row.raw.n));
		end = row.end;
		line = row.line;
		if (!row.broken && !(row.n && str_starts(row.cell[0], S("\xef\xbb\xbf")))) round_trip(&row, delimiter);
	}
	csv_close(r);
	return 0;
}
