// A file against its manifest: hashed, counted and summed up again, out of its own bytes.
#include "conf.h"
#include "csv.h"
#include "export_page.h"
#include "export_part.h"
#include "money.h"
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
	const struct conf *said;
	struct sha256 hash;
	uint64_t bytes, rows, guarded;
	const char *field[EXPORT_WIDEST];
	bool sum[EXPORT_WIDEST];
	size_t n, currency;        // n: there is no column currency
	export_sums sums;
	bool failed, header_seen, strange;
};

static void differs(struct check *c, const char *what, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void differs(struct check *c, const char *what, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	c->v->wrong++;
	c->v->found(c->v->ctx, what, text);
}

static int64_t fill(void *of, char *to, size_t room)
{
	struct check *c = of;
	size_t n = fread(to, 1, room, c->in);
	if (!n && ferror(c->in)) return c->failed = true, -1;
	sha256_add(&c->hash, (struct str){to, n});
	c->bytes += n;
	return (int64_t)n;
}

static bool has_sum(enum export_grain g, const char *name)
{
	const struct export_set *set = &export_sets[g];
	for (size_t i = 0; i < set->n; i++)
		if (set->column[i].sum && !strcmp(set->column[i].name, name)) return true;
	return false;
}

static int bad_manifest(struct check *c, const char *why) { return fail(c->e, E_CONFIG, "%s.manifest.json: %s", c->file, why); }

static int read_fields(struct check *c)
{
	const struct conf *fields = conf_get(c->said, "fields");
	int grain = export_grain_named(str_of(conf_text_at(c->said, "grain", "")));
	c->n = conf_size(fields);
	c->currency = c->n;
	if (strcmp(conf_text_at(c->said, "schema", ""), "oms.manifest/1") != 0 || grain < 0) return bad_manifest(c, "is no oms.manifest/1 that this program knows");
	if (!c->n || c->n > EXPORT_WIDEST) return bad_manifest(c, "names no fields");
	for (size_t i = 0; i < c->n; i++) {
		c->field[i] = conf_text(conf_item(fields, i));
		if (!c->field[i]) return bad_manifest(c, "names no fields");
		c->sum[i] = has_sum((enum export_grain)grain, c->field[i]);
		if (!strcmp(c->field[i], "currency")) c->currency = i;
	}
	return 0;
}

// The digits the manifest has for a currency: what is not in it at all is a difference of its own.
static int digits_of(const struct check *c, struct str currency)
{
	const struct conf *sums = conf_get(c->said, "sums");
	for (size_t i = 0; i < conf_size(sums); i++)
		if (str_is(currency, conf_text_at(conf_item(sums, i), "currency", ""))) return (int)conf_int(conf_get(conf_item(sums, i), "digits"), 2);
	int digits = currency_digits(currency);
	return digits < 0 ? 2 : digits;
}

static void add(struct check *c, struct export_sum *s, size_t i, struct str cell)
{
	int64_t minor;
	if (!c->sum[i] || !cell.n) return;
	if (money_parse(cell, s->digits, &minor) == MONEY_OK) s->total[i] += minor;
	else if (!c->strange) c->strange = true, differs(c, "amount", "row %llu: %s is no amount", (unsigned long long)c->rows, c->field[i]);
}

static void add_row(struct check *c, const struct str *cell, size_t n)
{
	c->rows++;
	if (n != c->n) {
		if (!c->strange) differs(c, "columns", "row %llu has %zu cells and not %zu", (unsigned long long)c->rows, n, c->n);
		c->strange = true;
		return;
	}
	if (c->currency == c->n) return;
	struct str currency = cell[c->currency].p ? cell[c->currency] : S("");
	struct export_sum *s = export_sum_of(&c->sums, c->a, currency, digits_of(c, currency));
	for (size_t i = 0; i < n; i++) add(c, s, i, cell[i]);
}

static void check_header(struct check *c, const struct csv_row *row)
{
	c->header_seen = true;
	bool same = row->n == c->n;
	for (size_t i = 0; same && i < c->n; i++) same = str_is(row->cell[i], c->field[i]);
	if (!same) differs(c, "columns", "the header does not name the fields of the manifest");
}

static int read_csv(struct check *c)
{
	bool header = conf_bool(conf_get(c->said, "header"), true);
	struct csv_reader *r = csv_open(',', fill, c);
	struct csv_row row;
	int got;
	while ((got = csv_next(r, &row)) == 1) {
		if (row.broken && strcmp(row.broken, "csv_size") == 0) c->rows++; // a long text: there, and nothing to sum up
		else if (row.broken) differs(c, "csv", "line %llu: %s", (unsigned long long)row.line, row.why);
		else if (header && !c->header_seen) check_header(c, &row);
		else add_row(c, row.cell, row.n);
	}
	csv_close(r);
	return got;
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
	for (size_t i = 0; i < c->n; i++) cell[i] = json_str(j, json_getz(j, 0, c->field[i]), &c->record);
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

static void compare_sum(struct check *c, const struct export_sum *s, const struct conf *said)
{
	struct buf b = {0};
	for (size_t i = 0; i < c->n; i++) {
		if (!c->sum[i]) continue;
		buf_clear(&b);
		export_wide_text(&b, s->total[i], s->digits);
		const char *told = conf_text_at(conf_get(said, "total"), c->field[i], "nothing");
		if (!str_is(buf_view(&b), told))
			differs(c, "sums", "%s of %s: the file has " STR_FMT ", the manifest %s", c->field[i], *s->currency.p ? s->currency.p : "no currency", STR_ARG(buf_view(&b)), told);
	}
	buf_free(&b);
}

static void compare_sums(struct check *c)
{
	const struct conf *sums = conf_get(c->said, "sums");
	bool any = false;
	for (size_t i = 0; i < c->n; i++) any |= c->sum[i];
	if (!any || c->currency == c->n) return;
	for (size_t i = 0; i < conf_size(sums); i++) {
		struct str name = str_of(conf_text_at(conf_item(sums, i), "currency", ""));
		compare_sum(c, export_sum_of(&c->sums, c->a, name, digits_of(c, name)), conf_item(sums, i));
	}
	if (c->sums.n != conf_size(sums)) differs(c, "sums", "the file has amounts in %zu currencies, the manifest in %zu", c->sums.n, conf_size(sums));
}

static void compare(struct check *c)
{
	unsigned char hash[32];
	struct buf hex = {0};
	int64_t bytes = conf_int(conf_get(c->said, "bytes"), -1), rows = conf_int(conf_get(c->said, "rows"), -1);
	sha256_end(&c->hash, hash);
	digest_hex(&hex, hash, sizeof hash);
	if (bytes != (int64_t)c->bytes) differs(c, "bytes", "the file has %llu bytes, the manifest says %lld", (unsigned long long)c->bytes, (long long)bytes);
	if (rows != (int64_t)c->rows) differs(c, "rows", "the file has %llu rows, the manifest says %lld", (unsigned long long)c->rows, (long long)rows);
	compare_sums(c);
	if (!str_is(buf_view(&hex), conf_text_at(c->said, "sha256", ""))) differs(c, "sha256", "the file's is " STR_FMT, STR_ARG(buf_view(&hex)));
	buf_free(&hex);
}

static int read_only(struct check *c)
{
	char piece[1 << 14];
	int64_t got;
	while ((got = fill(c, piece, sizeof piece)) > 0) { }
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
	unsigned char hash[32];
	struct buf hex = {0};
	struct sha256 sum = one->hash;
	int64_t bytes = conf_int(conf_get(said, "bytes"), -1);
	sha256_end(&sum, hash);
	digest_hex(&hex, hash, sizeof hash);
	if (bytes != (int64_t)one->bytes) differs(c, "bytes", "%s has %llu bytes, the manifest says %lld", one->file, (unsigned long long)one->bytes, (long long)bytes);
	if (!str_is(buf_view(&hex), conf_text_at(said, "sha256", ""))) differs(c, "sha256", "that of %s is " STR_FMT, one->file, STR_ARG(buf_view(&hex)));
	buf_free(&hex);
}

// The documents of a register: what is drawn is not summed up again, but each has the bytes it had when it was made.
static int check_documents(struct check *c)
{
	const struct conf *all = conf_get(c->said, "documents");
	int64_t rows = conf_int(conf_get(c->said, "rows"), -1);
	if (!conf_size(all)) return bad_manifest(c, "names no document");
	for (size_t i = 0; i < conf_size(all); i++) {
		struct check one = *c;
		one.file = export_document_name(c->a, c->file, i + 1);
		c->rows += (uint64_t)conf_int(conf_get(conf_item(all, i), "rows"), 0);
		if (i && access(one.file, F_OK)) {
			differs(c, "file", "%s: %s", one.file, strerror(errno));
			continue;
		}
		if (read_file(&one, read_only)) return -1;
		compare_document(c, &one, conf_item(all, i));
	}
	if ((int64_t)c->rows != rows) differs(c, "rows", "the documents have %llu rows, the manifest says %lld", (unsigned long long)c->rows, (long long)rows);
	return 0;
}

static int check_all(struct check *c)
{
	const char *format = conf_text_at(c->said, "format", "");
	if (!strcmp(format, "pdf")) return check_documents(c);
	if (read_file(c, strcmp(format, "jsonl") ? read_csv : read_jsonl)) return -1;
	compare(c);
	return 0;
}

int export_verify(struct err *e, struct arena *a, const char *file, const char *manifest, struct export_verify *v)
{
	struct conf *said = conf_load(e, manifest);
	if (!said) return -1;
	struct check c = {.e = e, .a = a, .file = file, .v = v, .said = said};
	sha256_begin(&c.hash);
	int rc = read_fields(&c);
	if (rc == 0) rc = check_all(&c);
	v->rows = c.rows;
	conf_close(said);
	return rc;
}
