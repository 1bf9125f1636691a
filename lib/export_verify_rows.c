// The bytes of a file that is verified: hashed, and read as rows again to be counted and summed up.
#include "csv.h"
#include "export_verify.h"
#include "json.h"
#include "money.h"

static int64_t fill(void *of, char *to, size_t room)
{
	struct check *c = of;
	size_t n = fread(to, 1, room, c->in);
	if (!n && ferror(c->in)) return c->failed = true, -1;
	sha256_add(&c->hash, (struct str){to, n});
	c->bytes += n;
	return (int64_t)n;
}

static void add(struct check *c, struct export_sum *s, size_t i, struct str cell)
{
	int64_t minor;
	if (!c->sum[i] || !cell.n) return;
	if (money_parse(cell, s->digits, &minor) == MONEY_OK) s->total[i] += minor;
	else if (!c->strange) c->strange = true, verify_differs(c, (struct export_difference){.check = "amount"}, "row %llu: %s is no amount", (unsigned long long)c->rows, c->field[i]);
}

static void add_row(struct check *c, const struct str *cell, size_t n)
{
	c->rows++;
	if (n != c->n) {
		if (!c->strange) verify_differs(c, (struct export_difference){.check = "columns"}, "row %llu has %zu cells and not %zu", (unsigned long long)c->rows, n, c->n);
		c->strange = true;
		return;
	}
	if (c->currency == c->n) return;
	struct str currency = cell[c->currency].p ? cell[c->currency] : S("");
	struct export_sum *s = export_sum_of(&c->sums, c->a, currency, verify_digits(c, currency));
	for (size_t i = 0; i < n; i++) add(c, s, i, cell[i]);
}

static void check_header(struct check *c, const struct csv_row *row)
{
	c->header_seen = true;
	bool same = row->n == c->n;
	for (size_t i = 0; same && i < c->n; i++) same = str_is(row->cell[i], c->field[i]);
	if (!same) verify_differs(c, (struct export_difference){.check = "columns"}, "the header does not name the fields of the manifest");
}

int verify_csv(struct check *c)
{
	bool header = conf_bool(conf_get(c->said, "header"), true);
	struct csv_reader *r = csv_open(',', fill, c);
	struct csv_row row;
	int got;
	while ((got = csv_next(r, &row)) == 1) {
		if (row.broken && strcmp(row.broken, "csv_size") == 0) c->rows++; // a long text: there, and nothing to sum up
		else if (row.broken) verify_differs(c, (struct export_difference){.check = "csv"}, "line %llu: %s", (unsigned long long)row.line, row.why);
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
		if (!c->strange) verify_differs(c, (struct export_difference){.check = "json"}, "row %llu: %s", (unsigned long long)c->rows, bad.what);
		c->strange = true;
		return;
	}
	struct arena_mark m = arena_mark(&c->record);
	for (size_t i = 0; i < c->n; i++) cell[i] = json_str(j, json_getz(j, 0, c->field[i]), &c->record);
	add_row(c, cell, c->n);
	arena_reset(&c->record, m);
}

int verify_jsonl(struct check *c)
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
	if (got == 0 && b.n) verify_differs(c, (struct export_difference){.check = "json"}, "the last line has no end");
	json_free(&j);
	buf_free(&b);
	return (int)got;
}

int verify_bytes(struct check *c)
{
	char piece[1 << 14];
	int64_t got;
	while ((got = fill(c, piece, sizeof piece)) > 0) { }
	return (int)got;
}
