// CSV and TSV records (RFC 4180) in, through libcsv, with line numbers, resynchronising at the next record; and cells out.
#ifndef OMS_CSV_H
#define OMS_CSV_H
#include "str.h"

struct csv_reader;
// raw: the bytes [at, end) with the line end, or their head where they are too many. broken: NULL, or the stable code of
// why the row has no cells: csv_quote (stray or unterminated), csv_nul, csv_utf8, csv_size; why: a sentence.
struct csv_row { struct str *cell; size_t n; uint64_t line, at, end; struct str raw; const char *broken, *why; };
typedef int64_t csv_fill(void *from, char *to, size_t room); // bytes read, 0 at the end, -1 failed
struct csv_reader *csv_open(char delimiter, csv_fill *fill, void *from);
// 1 a row (valid until the next call), 0 the end, -1 reading failed. Strips a BOM, takes CRLF, keeps blanks in cells,
// skips blank lines but counts them. A cell over 1 MiB or a row over 16 MiB is broken. A row whose quotes are broken ends
// with its first line: the next line starts a new row.
int csv_next(struct csv_reader *r, struct csv_row *row);
void csv_large(struct csv_reader *r); // the file is of our own making: cells and rows of up to 256 MiB
void csv_close(struct csv_reader *r);
// One cell: quoted only where it must be (delimiter, quote, CR, LF, outer blank). guard: a text cell that a spreadsheet
// would run as a formula gets a leading ' , and so does one that already has such a ' before a formula; true is returned when that happened.
bool csv_cell(struct buf *b, struct str s, char delimiter, bool guard);
bool csv_guarded(struct str cell); // read again: it got a '
#endif
