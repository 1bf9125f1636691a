// CSV and TSV records in, through libcsv, a line at a time; and cells out.
#include "csv.h"
#include <csv.h>
#include <stdlib.h>

enum { CHUNK = 1 << 16, CELL = 1 << 20, ROW = 16 << 20, LARGE = 256 << 20 };

struct csv_reader {
	struct csv_parser parser;
	csv_fill *fill;
	void *from;
	struct buf b;      // bytes read; those of the row at hand start at `pos`
	size_t pos;
	uint64_t offset;   // of b.p[0] in the input
	uint64_t line;     // number of the line at `pos`, less one
	struct buf text;   // of the cells of the row
	struct str *cell;
	size_t n, cap;
	size_t cell_most, row_most;
	char delimiter;
	bool started, eof, done, big;
};

static int no_space(unsigned char c) // libcsv trims what it calls a space: nothing is one
{
	(void)c;
	return 0;
}

static void on_cell(void *p, size_t n, void *of)
{
	struct csv_reader *r = of;
	if (n > r->cell_most) {
		r->big = true;
		n = 0;
	}
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 32;
		r->cell = must_realloc(r->cell, r->cap * sizeof *r->cell);
	}
	r->cell[r->n++].n = n; // where it lies is known once the row is whole, for the text may move
	buf_add(&r->text, p, n);
}

static void on_row(int c, void *of)
{
	(void)c;
	((struct csv_reader *)of)->done = true;
}

struct csv_reader *csv_open(char delimiter, csv_fill *fill, void *from)
{
	struct csv_reader *r = must_alloc(sizeof *r);
	*r = (struct csv_reader){.fill = fill, .from = from, .delimiter = delimiter, .cell_most = CELL, .row_most = ROW};
	csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_realloc_func(&r->parser, must_realloc);
	csv_set_blk_size(&r->parser, CHUNK); // it grows by that much and never faster
	csv_set_space_func(&r->parser, no_space);
	csv_set_delim(&r->parser, (unsigned char)delimiter);
	return r;
}

void csv_large(struct csv_reader *r) { r->cell_most = r->row_most = LARGE; }

void csv_close(struct csv_reader *r)
{
	if (!r) return;
	csv_free(&r->parser);
	buf_free(&r->b);
	buf_free(&r->text);
	free(r->cell);
	free(r);
}

// More bytes behind those at hand; what lies before the row is let go. 1, 0 at the end, -1.
static int more(struct csv_reader *r)
{
	if (r->eof) return 0;
	if (r->pos) {
		memmove(r->b.p, r->b.p + r->pos, r->b.n - r->pos);
		r->offset += r->pos;
		r->b.n -= r->pos;
		r->pos = 0;
	}
	if (r->b.cap - r->b.n < CHUNK) buf_room(&r->b, CHUNK);
	int64_t got = r->fill(r->from, r->b.p + r->b.n, r->b.cap - r->b.n);
	if (got < 0) return -1;
	r->b.n += (size_t)got;
	r->eof = !got;
	return got ? 1 : 0;
}

// A byte order mark is no part of the first cell.
static int start(struct csv_reader *r)
{
	r->started = true;
	while (r->b.n < 3) {
		int rc = more(r);
		if (rc < 0) return -1;
		if (!rc) break;
	}
	if (r->b.n >= 3 && memcmp(r->b.p, "\xef\xbb\xbf", 3) == 0) r->pos = 3;
	return 0;
}

// Where the line that starts `from` bytes behind pos ends: *end, behind its LF, CR LF or CR. 1, 0 where nothing is left,
// -1 failed, 2 where the row grows past all bounds before the line ends.
static int line_end(struct csv_reader *r, size_t from, size_t *end)
{
	for (size_t seen = from;;) {
		const char *p = r->b.p + r->pos + seen;
		size_t left = r->b.n - r->pos - seen;
		const char *lf = left ? memchr(p, '\n', left) : NULL;
		if (lf) left = (size_t)(lf - p) + 1;
		const char *cr = left ? memchr(p, '\r', left) : NULL;
		if (cr && (size_t)(cr - p) + 1 < left) {
			*end = seen + (size_t)(cr - p) + (cr[1] == '\n' ? 2 : 1);
			return 1;
		}
		*end = seen + left;
		if (lf) return 1;
		if (*end > r->row_most) return 2;
		seen = *end - (cr ? 1 : 0); // a CR at the very end: is it followed by LF?
		int rc = more(r);
		if (rc < 0) return -1;
		if (!rc) return *end > from;
	}
}

static void reset(struct csv_reader *r)
{
	csv_set_opts(&r->parser, CSV_STRICT);
	csv_fini(&r->parser, NULL, NULL, NULL);
	csv_set_opts(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
	r->done = r->big = false;
	r->n = r->text.n = 0;
}

static int broken(struct csv_reader *r, struct csv_row *row, const char *code, const char *why)
{
	reset(r);
	row->n = 0;
	row->broken = code;
	row->why = why;
	return 1;
}

// The row is `size` bytes and `lines` lines long: moves behind it.
static void take(struct csv_reader *r, struct csv_row *row, size_t size, uint64_t lines)
{
	row->line = r->line + 1;
	row->at = r->offset + r->pos;
	row->end = row->at + size;
	row->raw = (struct str){r->b.p + r->pos, size};
	r->pos += size;
	r->line += lines;
}

// A line that is too long is read to its end, and only its head is kept.
static int skip_long(struct csv_reader *r, struct csv_row *row)
{
	const char *why = r->row_most == ROW ? "the line is longer than 16 MiB" : "the line is longer than 256 MiB";
	take(r, row, CHUNK, 1);
	uint64_t at = row->at, line = row->line;
	char *head = must_alloc(CHUNK);
	memcpy(head, row->raw.p, CHUNK);
	size_t end = 0;
	int rc;
	do {
		r->pos = r->b.n - 1 > r->pos ? r->b.n - 1 : r->pos;
		rc = line_end(r, 0, &end);
	} while (rc == 2);
	if (rc >= 0) {
		if (rc) r->pos += end;
		buf_clear(&r->text);
		buf_add(&r->text, head, CHUNK);
	}
	free(head);
	if (rc < 0) return -1;
	*row = (struct csv_row){.line = line, .at = at, .end = r->offset + r->pos};
	broken(r, row, "csv_size", why);
	row->raw = (struct str){r->text.p, CHUNK};
	return 1;
}

static int whole(struct csv_reader *r, struct csv_row *row)
{
	if (r->big) return broken(r, row, "csv_size", "a cell is longer than 1 MiB");
	if (memchr(row->raw.p, 0, row->raw.n)) return broken(r, row, "csv_nul", "the row holds a NUL byte");
	if (!utf8_valid(row->raw)) return broken(r, row, "csv_utf8", "the row holds bytes that are no UTF-8; convert the file to UTF-8");
	size_t at = 0;
	for (size_t i = 0; i < r->n; at += r->cell[i++].n) r->cell[i].p = r->text.p ? r->text.p + at : "";
	row->cell = r->cell;
	row->n = r->n;
	return 1;
}

// Tab separated reports of shops know no quoting: a quote in them is an inch. Where a line cannot be read with quotes it
// is read without them; a row that lost a part that way has too few cells, and is refused for that.
static int literal(struct csv_reader *r, struct csv_row *row)
{
	reset(r);
	struct str line = row->raw;
	while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r')) line.n--;
	for (;;) {
		const char *tab = line.n ? memchr(line.p, '\t', line.n) : NULL;
		size_t n = tab ? (size_t)(tab - line.p) : line.n;
		on_cell((void *)(uintptr_t)line.p, n, r);
		if (!tab) return whole(r, row);
		line = str_cut(line, n + 1, line.n);
	}
}

static int bad_quote(struct csv_reader *r, struct csv_row *row, size_t first, const char *why)
{
	take(r, row, first, 1);
	return r->delimiter == '\t' ? literal(r, row) : broken(r, row, "csv_quote", why);
}

static bool blank(struct str line, char delimiter)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == delimiter || !strchr(" \t\r\n", line.p[i]) || !line.p[i]) return false;
	return true;
}

// Reads one row, or passes one blank line (2).
static int one(struct csv_reader *r, struct csv_row *row)
{
	size_t at = 0, first = 0, end = 0;
	for (uint64_t lines = 1;; lines++, at = end) {
		int rc = line_end(r, at, &end);
		if (rc < 0 || (!rc && !at)) return rc;
		if (rc == 2 && !at) return skip_long(r, row);
		if (rc == 1 && !at) first = end;
		bool last = rc == 1 && r->eof && end == r->b.n - r->pos;
		const char *line = r->b.p + r->pos + at;
		if (rc == 1 && csv_parse(&r->parser, line, end - at, on_cell, on_row, r) != end - at)
			return bad_quote(r, row, first, "a quote stands inside a cell, or something follows a closing quote; double it");
		if (last && !r->done) csv_fini(&r->parser, on_cell, on_row, r);
		if (rc != 1 || (last && !r->done && csv_error(&r->parser)))
			return bad_quote(r, row, first, "a quoted cell that starts in this line is never closed");
		if (r->done || blank((struct str){r->b.p + r->pos, end}, r->delimiter)) {
			bool nothing = blank((struct str){r->b.p + r->pos, end}, r->delimiter);
			take(r, row, end, lines);
			return nothing ? 2 : whole(r, row);
		}
	}
}

int csv_next(struct csv_reader *r, struct csv_row *row)
{
	if (!r->started && start(r) < 0) return -1;
	for (;;) {
		reset(r);
		*row = (struct csv_row){0};
		int rc = one(r, row);
		if (rc != 2) return rc;
	}
}

// Would a spreadsheet take it for a formula? Blanks before it do not help, nor do full-width signs. A ' does, but counts as
// well: a cell that was guarded can then be told from one that always was so.
static bool formula(struct str s)
{
	static const char *const sign[] = {"=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
	static const char *const space[] = {" ", "\xc2\xa0", "\xef\xbb\xbf", "\xe3\x80\x80", "'"};
	for (size_t i = 0; i < sizeof space / sizeof *space; i++)
		if (str_starts(s, str_of(space[i]))) {
			s = str_cut(s, strlen(space[i]), s.n);
			i = SIZE_MAX; // from the start again, at what follows
		}
	for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
		if (str_starts(s, str_of(sign[i]))) return true;
	return false;
}

bool csv_guarded(struct str cell) { return cell.n && *cell.p == '\'' && formula(str_cut(cell, 1, cell.n)); }

static bool needs_quotes(struct str s, char delimiter)
{
	if (!s.n) return false;
	if (strchr(" \t", s.p[0]) || strchr(" \t", s.p[s.n - 1])) return true;
	return memchr(s.p, delimiter, s.n) || memchr(s.p, '"', s.n) || memchr(s.p, '\r', s.n) || memchr(s.p, '\n', s.n);
}

bool csv_cell(struct buf *b, struct str s, char delimiter, bool guard)
{
	bool guarded = guard && formula(s);
	bool quotes = needs_quotes(s, delimiter);
	if (quotes) buf_c(b, '"');
	if (guarded) buf_c(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		const char *quote = memchr(s.p + i, '"', s.n - i);
		size_t end = quote ? (size_t)(quote - s.p) + 1 : s.n;
		buf_add(b, s.p + i, end - i);
		if (quote) buf_c(b, '"');
		i = end - 1;
	}
	if (quotes) buf_c(b, '"');
	return guarded;
}
