// A file against its manifest: hashed, counted and summed up again, out of its own bytes.
#include "conf.h"
#include "csv.h"
#include "export_page.h"
#include "export_part.h"
#include "money.h"
#include "text.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

struct check { // one verification
	struct err *e;
	struct arena *a, record;
	const char *file;
	FILE *in;
	struct export_verify *v;
	struct export_claim said;
	struct sha256 hash;
	uint64_t bytes, rows, guarded, orders, pages;
	unsigned char head[3];     // the first bytes
	size_t n, currency, order, placed; // n: there is no such column
	size_t instant[EXPORT_WIDEST];     // of a local date, the column it is the date of; else n
	struct buf last;           // the order of the row before
	export_sums sums;
	bool failed, header_seen, strange, elsewhere, zone_known;
};

static void differs(struct check *c, const char *what, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void differs(struct check *c, const char *what, const char *fmt, ...)
{
	char all[2048], text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(all, sizeof all, fmt, ap);
	va_end(ap);
	text_copy(text, sizeof text, str_of(all)); // never half a letter of what the file or the manifest has
	c->v->wrong++;
	c->v->found(c->v->ctx, what, text);
}

static int64_t fill(void *of, char *to, size_t room)
{
	struct check *c = of;
	size_t n = fread(to, 1, room, c->in);
	if (!n && ferror(c->in)) return c->failed = true, -1;
	sha256_add(&c->hash, (struct str){to, n});
	for (size_t i = 0; i < n && c->bytes + i < sizeof c->head; i++) c->head[c->bytes + i] = (unsigned char)to[i];
	c->bytes += n;
	return (int64_t)n;
}

static size_t column_at(const struct check *c, const char *name)
{
	size_t i = 0;
	while (i < c->n && strcmp(c->said.column[i]->name, name) != 0) i++;
	return i;
}

static size_t instant_of(const struct check *c, const struct export_column *day)
{
	size_t i = 0;
	while (i < c->n && (day->kind != X_ON || c->said.column[i]->kind != X_AT || c->said.column[i]->from != day->from)) i++;
	return i;
}

static void place_columns(struct check *c)
{
	c->n = c->said.n;
	c->zone_known = zone_known(c->said.zone);
	for (size_t i = 0; i < c->n; i++) c->instant[i] = instant_of(c, c->said.column[i]);
	c->currency = column_at(c, "currency");
	c->order = column_at(c, c->said.set->column[0].name);
	c->placed = column_at(c, c->said.late ? "due_at" : "placed_at");
}

// The digits the manifest has for a currency: what is not in it at all is a difference of its own.
static int digits_of(const struct check *c, struct str currency)
{
	const struct conf *sums = c->said.sums;
	for (size_t i = 0; i < conf_size(sums); i++)
		if (str_is(currency, conf_text_at(conf_item(sums, i), "currency", ""))) return (int)conf_int(conf_get(conf_item(sums, i), "digits"), 2);
	int digits = currency_digits(currency);
	return digits < 0 ? 2 : digits;
}

// Amounts are written with all digits of their currency.
static bool has_digits(struct str cell, int digits)
{
	const char *point = memchr(cell.p, '.', cell.n);
	return (point ? (size_t)(cell.p + cell.n - point) - 1 : 0) == (size_t)digits;
}

static void add(struct check *c, struct export_sum *s, size_t i, struct str cell)
{
	int64_t minor;
	const struct export_column *column = c->said.column[i];
	if (!column->sum || !cell.n) return;
	bool good = money_parse(cell, s->digits, &minor) == MONEY_OK;
	if (good) s->total[i] += minor;
	if ((good && has_digits(cell, s->digits)) || c->strange) return;
	c->strange = true;
	if (!good) differs(c, "amount", "row %llu: %s is no amount", (unsigned long long)c->rows, column->name);
	else differs(c, "amount", "row %llu: %s has not the %d digits of the manifest", (unsigned long long)c->rows, column->name, s->digits);
}

// Orders come one after the other, each with all its rows.
static void count_order(struct check *c, struct str order)
{
	if (c->rows > 1 && str_eq(order, buf_view(&c->last))) return;
	c->orders++;
	buf_clear(&c->last);
	buf_str(&c->last, order);
}

static void choice_differs(struct check *c, const char *what, const char *column)
{
	if (!c->elsewhere) differs(c, what, "row %llu: its %s is not what the manifest says rows were chosen by", (unsigned long long)c->rows, column);
	c->elsewhere = true;
}

static bool in_text(const char *list, struct str word)
{
	for (struct str s = str_of(list); s.n;) {
		const char *comma = memchr(s.p, ',', s.n);
		size_t n = comma ? (size_t)(comma - s.p) : s.n;
		if (str_eq(str_cut(s, 0, n), word)) return true;
		s = str_cut(s, n + 1, s.n);
	}
	return false;
}

static bool in_list(const struct conf *list, struct str word)
{
	for (size_t i = 0; i < conf_size(list); i++)
		if (str_is(word, conf_text(conf_item(list, i)))) return true;
	return false;
}

// What stands in the row of that by which its order was chosen.
static bool chosen(const struct check *c, const struct export_column *column, struct str cell)
{
	const struct conf *by = column->kind >= P_SOURCE ? conf_get(c->said.filter, column->name) : NULL;
	if (!by || column->kind == P_ATTENTION) return true;
	return column->kind == P_SOURCE || column->kind == P_SEGMENT ? in_text(conf_text(by), cell) : in_list(by, cell);
}

// A local date that stands beside its instant is that of the zone the manifest names.
static void check_days(struct check *c, const struct str *cell)
{
	char day[16];
	int64_t at;
	for (size_t i = 0; c->zone_known && i < c->n; i++) {
		size_t k = c->instant[i];
		if (k == c->n || !cell[k].n || !date_parse(cell[k], "rfc3339", "UTC", &at)) continue;
		struct civil local = date_civil(at, c->said.zone);
		snprintf(day, sizeof day, "%04u-%02u-%02u", (unsigned)local.year % 10000, (unsigned)local.month % 100, (unsigned)local.day % 100);
		if (str_is(cell[i], day) || c->elsewhere) continue;
		c->elsewhere = true;
		differs(c, "zone", "row %llu: its %s is not that of the zone %s", (unsigned long long)c->rows, c->said.column[i]->name, c->said.zone);
	}
}

static void check_choice(struct check *c, const struct str *cell)
{
	int64_t at;
	for (size_t i = 0; i < c->n; i++)
		if (!chosen(c, c->said.column[i], cell[i])) choice_differs(c, "filter", c->said.column[i]->name);
	if (c->placed == c->n || !cell[c->placed].n || !date_parse(cell[c->placed], "rfc3339", "UTC", &at)) return;
	if ((c->said.since != DATE_NONE && at < c->said.since) || (c->said.until != DATE_NONE && at >= c->said.until)) choice_differs(c, "window", c->said.column[c->placed]->name);
}

static void add_row(struct check *c, const struct str *cell, size_t n)
{
	c->rows++;
	if (n != c->n) {
		if (!c->strange) differs(c, "columns", "row %llu has %zu cells and not %zu", (unsigned long long)c->rows, n, c->n);
		c->strange = true;
		return;
	}
	for (size_t i = 0; i < n && c->said.form <= EXPORT_CSV_EXCEL; i++) c->guarded += csv_guarded(cell[i]);
	if (c->order < n) count_order(c, cell[c->order]);
	check_choice(c, cell);
	check_days(c, cell);
	if (c->currency == c->n) return;
	struct str currency = cell[c->currency].p ? cell[c->currency] : S("");
	struct export_sum *s = export_sum_of(&c->sums, c->a, currency, digits_of(c, currency));
	for (size_t i = 0; i < n; i++) add(c, s, i, cell[i]);
}

static void check_header(struct check *c, const struct csv_row *row)
{
	c->header_seen = true;
	bool same = row->n == c->n;
	for (size_t i = 0; same && i < c->n; i++) same = str_is(row->cell[i], c->said.column[i]->name);
	if (!same) differs(c, "columns", "the header does not name the fields of the manifest");
}

static int read_csv(struct check *c)
{
	struct csv_reader *r = csv_open(',', fill, c);
	struct csv_row row;
	int got;
	csv_large(r);
	while ((got = csv_next(r, &row)) == 1) {
		if (row.broken) differs(c, "csv", "line %llu: %s", (unsigned long long)row.line, row.why);
		else if (c->said.header && !c->header_seen) check_header(c, &row);
		else add_row(c, row.cell, row.n);
	}
	csv_close(r);
	return got;
}

// Its schema, and what the manifest names: a row leaves out what it has not got, and has nothing else.
static void check_members(struct check *c, const struct json *j, size_t known)
{
	bool schema = str_is(json_str(j, json_getz(j, 0, "schema"), &c->record), c->said.set->schema);
	if ((schema && j->node[0].n == known + 1) || c->strange) return;
	c->strange = true;
	differs(c, "columns", "row %llu is not %s with the fields of the manifest", (unsigned long long)c->rows + 1, c->said.set->schema);
}

static void add_json(struct check *c, struct json *j, struct str line)
{
	struct json_error bad;
	struct str cell[EXPORT_WIDEST];
	if (!json_parse(j, line, &bad)) {
		c->rows++;
		if (!c->strange) differs(c, "json", "row %llu: %s", (unsigned long long)c->rows, bad.what);
		c->strange = true;
		return;
	}
	struct arena_mark m = arena_mark(&c->record);
	size_t known = 0;
	for (size_t i = 0; i < c->n; i++) {
		uint32_t v = json_getz(j, 0, c->said.column[i]->name);
		known += v != 0;
		cell[i] = json_str(j, v, &c->record);
	}
	check_members(c, j, known);
	add_row(c, cell, c->n);
	arena_reset(&c->record, m);
}

static int read_jsonl(struct check *c)
{
	enum { CHUNK = 1 << 16 };
	struct buf b = {0};
	struct json j = {0};
	int64_t got;
	for (;;) {
		buf_room(&b, CHUNK);
		if ((got = fill(c, b.p + b.n, CHUNK)) <= 0) break;
		b.n += (size_t)got;
		struct str left = buf_view(&b);
		for (const char *end; left.n && (end = memchr(left.p, '\n', left.n)); left = str_cut(left, (size_t)(end - left.p) + 1, left.n))
			add_json(c, &j, str_cut(left, 0, (size_t)(end - left.p)));
		if (left.n) memmove(b.p, left.p, left.n);
		b.n = left.n;
	}
	if (got == 0 && b.n) differs(c, "json", "the last line has no end");
	json_free(&j);
	buf_free(&b);
	return (int)got;
}

static void compare_minor(struct check *c, const struct export_sum *s, size_t i, const struct conf *told)
{
	bool fits = s->total[i] == (int64_t)s->total[i]; // else it is left out: readers of JSON take 64 bits
	if (fits == (told != NULL) && (!fits || conf_int(told, 0) == (int64_t)s->total[i])) return;
	differs(c, "sums", "%s of %s in minor units: the manifest has another", c->said.column[i]->name, *s->currency.p ? s->currency.p : "no currency");
}

static void compare_sum(struct check *c, const struct export_sum *s, const struct conf *said)
{
	struct buf b = {0};
	for (size_t i = 0; i < c->n; i++) {
		const char *name = c->said.column[i]->name;
		if (!c->said.column[i]->sum) continue;
		buf_clear(&b);
		export_wide_text(&b, s->total[i], s->digits);
		const char *told = conf_text_at(conf_get(said, "total"), name, "nothing");
		if (!str_is(buf_view(&b), told))
			differs(c, "sums", "%s of %s: the file has " STR_FMT ", the manifest %s", name, *s->currency.p ? s->currency.p : "no currency", STR_ARG(buf_view(&b)), told);
		else compare_minor(c, s, i, conf_get(conf_get(said, "minor"), name));
	}
	buf_free(&b);
}

static bool sums_up(const struct check *c)
{
	bool any = false;
	for (size_t i = 0; i < c->n; i++) any |= c->said.column[i]->sum;
	return any && c->currency < c->n;
}

static const struct export_sum *sum_in(const struct check *c, struct str currency)
{
	for (size_t i = 0; i < c->sums.n; i++)
		if (str_eq(c->sums.v[i].currency, currency)) return &c->sums.v[i];
	return NULL;
}

static void compare_sums(struct check *c)
{
	const struct conf *sums = c->said.sums;
	size_t n = sums_up(c) ? c->sums.n : 0;
	for (size_t i = 0; n && i < conf_size(sums); i++) {
		const char *name = conf_text_at(conf_item(sums, i), "currency", "");
		const struct export_sum *s = sum_in(c, str_of(name));
		if (s) compare_sum(c, s, conf_item(sums, i));
		else differs(c, "sums", "the file has no amounts in %s", *name ? name : "no currency");
	}
	if (n != conf_size(sums)) differs(c, "sums", "the file has amounts in %zu currencies, the manifest in %zu", n, conf_size(sums));
}

// An order is one row of the grain order, and has at least one event; of the others an order may have no row at all.
static void compare_orders(struct check *c)
{
	uint64_t said = (uint64_t)c->said.orders, orders = c->said.grain == EXPORT_ORDER ? c->rows : c->orders;
	bool exact = c->said.grain == EXPORT_ORDER || (c->said.grain == EXPORT_EVENT && c->order < c->n);
	if (exact ? orders != said : orders > said) differs(c, "orders", "the file has %llu orders, the manifest says %llu", (unsigned long long)orders, (unsigned long long)said);
}

static void compare_form(struct check *c)
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
	bool marked = c->bytes >= sizeof mark && !memcmp(c->head, mark, sizeof mark);
	if (marked != (c->said.form == EXPORT_CSV_EXCEL)) differs(c, "format", "csv-excel begins with a byte order mark, and no other form does");
	if (c->said.form == EXPORT_CSV_EXCEL ? c->guarded != (uint64_t)c->said.guarded : c->said.guarded != 0)
		differs(c, "guarded", "the file has %llu cells with a ' before them, the manifest says %lld", c->said.form == EXPORT_CSV_EXCEL ? (unsigned long long)c->guarded : 0, (long long)c->said.guarded);
	if (c->said.header && !c->header_seen) differs(c, "columns", "the file has no header");
}

static void compare_rows(struct check *c)
{
	if (c->said.rows != (int64_t)c->rows) differs(c, "rows", "the file has %llu rows, the manifest says %lld", (unsigned long long)c->rows, (long long)c->said.rows);
	compare_orders(c);
}

// What the manifest says of itself must hold together.
static void compare_window(struct check *c)
{
	if (c->said.closed != (c->said.until != DATE_NONE && c->said.until <= c->said.made_at)) differs(c, "window", "whether it is closed is not what its end and made_at say");
}

static void compare_bytes(struct check *c, const struct check *one, uint64_t bytes, const char *sha256)
{
	unsigned char hash[32];
	struct buf hex = {0};
	struct sha256 sum = one->hash;
	const char *which = one == c ? "the file" : one->file;
	sha256_end(&sum, hash);
	digest_hex(&hex, hash, sizeof hash);
	if (bytes != one->bytes) differs(c, "bytes", "%s has %llu bytes, the manifest says %llu", which, (unsigned long long)one->bytes, (unsigned long long)bytes);
	if (!str_is(buf_view(&hex), sha256)) differs(c, "sha256", "that of %s is " STR_FMT, which, STR_ARG(buf_view(&hex)));
	buf_free(&hex);
}

static void compare(struct check *c)
{
	compare_rows(c);
	compare_form(c);
	compare_sums(c);
	compare_bytes(c, c, (uint64_t)c->said.bytes, c->said.sha256);
}

// The pages of a PDF: their objects are never compressed, and Pages is a list of them.
static int read_pages(struct check *c)
{
	const struct str mark = S("/Type /Page");
	char piece[(1 << 14) + 64];
	size_t kept = 0;
	int64_t got;
	while ((got = fill(c, piece + kept, 1 << 14)) > 0) {
		struct str s = {piece, kept + (size_t)got};
		for (const char *at; s.n > mark.n && (at = memmem(s.p, s.n - 1, mark.p, mark.n)); s = str_cut(s, (size_t)(at - s.p) + mark.n, s.n)) c->pages += at[mark.n] != 's';
		kept = s.n < mark.n ? s.n : mark.n;
		memmove(piece, s.p + s.n - kept, kept);
	}
	return (int)got;
}

static int read_file(struct check *c, int (*read)(struct check *))
{
	c->in = fopen(c->file, "rbe");
	if (!c->in) return fail(c->e, E_NOINPUT, "%s: %s", c->file, strerror(errno));
	int got = read(c);
	fclose(c->in);
	arena_free(&c->record);
	return got < 0 || c->failed ? fail(c->e, E_IO, "%s: cannot be read", c->file) : 0;
}

static void compare_document(struct check *c, const struct check *one, const struct conf *said)
{
	uint64_t pages = (uint64_t)conf_int(conf_get(said, "pages"), 0);
	compare_bytes(c, one, (uint64_t)conf_int(conf_get(said, "bytes"), 0), conf_text_at(said, "sha256", ""));
	if (pages != one->pages) differs(c, "pages", "%s has %llu pages, the manifest says %llu", one->file, (unsigned long long)one->pages, (unsigned long long)pages);
}

// Its rows are drawn, and are not counted and summed up again; what the manifest says of them must hold together.
static void compare_drawn(struct check *c, export_wide rows)
{
	if (rows != c->said.rows) differs(c, "rows", "its documents have other numbers of rows than %lld together", (long long)c->said.rows);
	c->rows = (uint64_t)c->said.rows;
	bool one_each = c->said.grain == EXPORT_ORDER, one_at_least = c->said.grain == EXPORT_EVENT;
	if ((one_each && c->said.orders != c->said.rows) || (one_at_least && c->said.orders > c->said.rows))
		differs(c, "orders", "%lld orders have not %lld rows", (long long)c->said.orders, (long long)c->said.rows);
	if (c->said.guarded) differs(c, "guarded", "a PDF has no cells with a ' before them");
	if (!conf_size(c->said.sums) != !(c->rows && sums_up(c))) differs(c, "sums", "are there only where rows and amounts are, and then always");
}

// The documents of a register: each has the bytes it had when it was made.
static int check_documents(struct check *c)
{
	const struct conf *all = c->said.documents;
	export_wide rows = 0;
	for (size_t i = 0; i < conf_size(all); i++) {
		const struct conf *said = conf_item(all, i);
		struct check one = *c;
		const char *name = export_document_name(c->a, c->said.file, i + 1);
		one.file = export_document_name(c->a, c->file, i + 1);
		rows += conf_int(conf_get(said, "rows"), 0);
		if (strcmp(conf_text_at(said, "file", ""), name) != 0) differs(c, "file", "document %zu of %s is called %s", i + 1, c->said.file, name);
		if (i && access(one.file, F_OK)) {
			differs(c, "file", "%s: %s", one.file, strerror(errno));
			continue;
		}
		if (read_file(&one, read_pages)) return -1;
		compare_document(c, &one, said);
		if (!i) compare_bytes(c, &one, (uint64_t)c->said.bytes, c->said.sha256);
	}
	compare_drawn(c, rows);
	return 0;
}

static int check_all(struct check *c)
{
	compare_window(c);
	if (c->said.form == EXPORT_PDF) return check_documents(c);
	if (read_file(c, c->said.form == EXPORT_JSONL ? read_jsonl : read_csv)) return -1;
	compare(c);
	return 0;
}

int export_verify(struct err *e, struct arena *a, const char *file, const char *manifest, struct export_verify *v)
{
	struct conf *said = conf_load(e, manifest);
	if (!said) return -1;
	struct check c = {.e = e, .a = a, .file = file, .v = v};
	sha256_begin(&c.hash);
	int rc = export_claim_read(e, manifest, said, &c.said);
	if (rc == 0) {
		place_columns(&c);
		rc = check_all(&c);
	}
	v->rows = c.rows;
	v->drawn = c.said.form == EXPORT_PDF;
	buf_free(&c.last);
	conf_close(said);
	return rc;
}
