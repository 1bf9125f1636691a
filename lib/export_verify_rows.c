// The bytes of a file that is verified: hashed, and read as rows again to be counted, summed up and held against what they were
// chosen by.
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

void verify_columns(struct check *c)
{
	c->n = c->said.n;
	c->zone_known = zone_known(c->said.zone);
	for (size_t i = 0; i < c->n; i++) c->instant[i] = instant_of(c, c->said.column[i]);
	c->currency = column_at(c, "currency");
	c->order = column_at(c, c->said.set->column[0].name);
	c->placed = column_at(c, c->said.late_at != DATE_NONE ? "due_at" : "placed_at");
	c->sku = c->said.grain == EXPORT_LINE && c->order < c->n && conf_get(c->said.filter, "sku") ? column_at(c, "sku") : c->n;
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
	if (!good) verify_differs(c, (struct export_difference){.check = "amount"}, "row %llu: %s is no amount", (unsigned long long)c->rows, column->name);
	else verify_differs(c, (struct export_difference){.check = "amount"}, "row %llu: %s has not the %d digits of the manifest", (unsigned long long)c->rows, column->name, s->digits);
}

static void choice_differs(struct check *c, const char *what, const char *column)
{
	if (!c->elsewhere) verify_differs(c, (struct export_difference){.check = what}, "row %llu: its %s is not what the manifest says rows were chosen by", (unsigned long long)c->rows, column);
	c->elsewhere = true;
}

// What stood in the cell before a guard was put before it.
static struct str unguarded(const struct check *c, struct str cell)
{
	return c->said.form == EXPORT_CSV_EXCEL && csv_guarded(cell) ? str_cut(cell, 1, cell.n) : cell;
}

// Is it the word, as a cell of this file has it?
static bool is_word(struct check *c, struct str cell, struct str word)
{
	return str_eq(unguarded(c, cell), c->said.form == EXPORT_JSONL ? word : export_safe(&c->word, word));
}

// Of an order chosen by a SKU all lines are there, and one of them is of it.
static void end_order(struct check *c)
{
	bool without = c->orders && c->sku < c->n && !c->sku_seen && !c->elsewhere;
	if (without) verify_differs(c, (struct export_difference){.check = "filter"}, STR_FMT ": none of its lines is of the SKU that the manifest says it was chosen by", STR_ARG(buf_view(&c->last)));
	c->elsewhere |= without;
	c->sku_seen = false;
}

// Orders come one after the other, each with all its rows.
static void count_order(struct check *c, struct str order)
{
	if (c->rows > 1 && str_eq(order, buf_view(&c->last))) return;
	end_order(c);
	c->orders++;
	buf_clear(&c->last);
	buf_str(&c->last, order);
}

static bool in_text(struct check *c, const char *list, struct str cell)
{
	for (struct str s = str_of(list); s.n;) {
		const char *comma = memchr(s.p, ',', s.n);
		size_t n = comma ? (size_t)(comma - s.p) : s.n;
		if (is_word(c, cell, str_cut(s, 0, n))) return true;
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

// Is the word one of those in the cell, whatever stands between them?
static bool has_word(struct str cell, const char *word)
{
	for (size_t at = 0, end; at < cell.n; at = end + 1) {
		for (end = at; end < cell.n && (cell.p[end] == '_' || (cell.p[end] >= 'a' && cell.p[end] <= 'z')); end++) {}
		if (str_is(str_cut(cell, at, end), word)) return true;
	}
	return false;
}

// All of them, but for those that the clock alone gives: they are in no cell.
static bool has_all(const struct conf *list, struct str cell)
{
	for (size_t i = 0; i < conf_size(list); i++) {
		const char *word = conf_text(conf_item(list, i));
		int bit = axis_value(AXIS_ATTENTION, str_of(word));
		if ((bit < 0 || !(ATTENTION_CLOCK >> bit & 1)) && !has_word(cell, word)) return false;
	}
	return true;
}

// What stands in the row of that by which its order was chosen.
static bool chosen(struct check *c, const struct export_column *column, struct str cell)
{
	const struct conf *by = column->kind >= P_SOURCE ? conf_get(c->said.filter, column->name) : NULL;
	if (!by) return true;
	if (column->kind == P_ATTENTION) return has_all(by, cell);
	return column->kind == P_SOURCE || column->kind == P_SEGMENT ? in_text(c, conf_text(by), cell) : in_list(by, cell);
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
		verify_differs(c, (struct export_difference){.check = "zone"}, "row %llu: its %s is not that of the zone %s", (unsigned long long)c->rows, c->said.column[i]->name, c->said.zone);
	}
}

static void check_choice(struct check *c, const struct str *cell)
{
	int64_t at;
	for (size_t i = 0; i < c->n; i++)
		if (!chosen(c, c->said.column[i], cell[i])) choice_differs(c, "filter", c->said.column[i]->name);
	if (c->sku < c->n) c->sku_seen |= is_word(c, cell[c->sku], str_of(conf_text_at(c->said.filter, "sku", "")));
	if (c->placed == c->n) return;
	bool dated = cell[c->placed].n && date_parse(cell[c->placed], "rfc3339", "UTC", &at);
	if (c->said.late_at != DATE_NONE && (!dated || at >= c->said.late_at)) choice_differs(c, "filter", c->said.column[c->placed]->name);
	if (!dated) return;
	if ((c->said.since != DATE_NONE && at < c->said.since) || (c->said.until != DATE_NONE && at >= c->said.until)) choice_differs(c, "window", c->said.column[c->placed]->name);
}

static void add_row(struct check *c, const struct str *cell, size_t n)
{
	c->rows++;
	if (n != c->n) {
		if (!c->strange) verify_differs(c, (struct export_difference){.check = "columns"}, "row %llu has %zu cells and not %zu", (unsigned long long)c->rows, n, c->n);
		c->strange = true;
		return;
	}
	for (size_t i = 0; i < n && c->said.form <= EXPORT_CSV_EXCEL; i++) c->guarded += csv_guarded(cell[i]);
	if (c->order < n) count_order(c, cell[c->order]);
	check_choice(c, cell);
	check_days(c, cell);
	if (c->currency == c->n) return;
	struct str currency = cell[c->currency].p ? cell[c->currency] : S("");
	struct export_sum *s = export_sum_of(&c->sums, c->a, currency, verify_digits(c, currency));
	for (size_t i = 0; i < n; i++) add(c, s, i, cell[i]);
}

static void check_header(struct check *c, const struct csv_row *row)
{
	c->header_seen = true;
	bool same = row->n == c->n;
	for (size_t i = 0; same && i < c->n; i++) same = str_is(row->cell[i], c->said.column[i]->name);
	if (!same) verify_differs(c, (struct export_difference){.check = "columns"}, "the header does not name the fields of the manifest");
}

int verify_csv(struct check *c)
{
	struct csv_reader *r = csv_open(',', fill, c);
	struct csv_row row;
	int got;
	csv_large(r);
	while ((got = csv_next(r, &row)) == 1) {
		if (row.broken) verify_differs(c, (struct export_difference){.check = "csv"}, "line %llu: %s", (unsigned long long)row.line, row.why);
		else if (c->said.header && !c->header_seen) check_header(c, &row);
		else add_row(c, row.cell, row.n);
	}
	end_order(c);
	csv_close(r);
	return got;
}

// Its schema, and what the manifest names: a row leaves out what it has not got, and has nothing else.
static void check_members(struct check *c, const struct json *j, size_t known)
{
	bool schema = str_is(json_str(j, json_getz(j, 0, "schema"), &c->record), c->said.set->schema);
	if ((schema && j->node[0].n == known + 1) || c->strange) return;
	c->strange = true;
	verify_differs(c, (struct export_difference){.check = "columns"}, "row %llu is not %s with the fields of the manifest", (unsigned long long)c->rows + 1, c->said.set->schema);
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
	size_t known = 0;
	for (size_t i = 0; i < c->n; i++) {
		uint32_t v = json_getz(j, 0, c->said.column[i]->name);
		known += v != 0;
		cell[i] = v && c->said.column[i]->kind == P_ATTENTION ? json_raw(j, v) : json_str(j, v, &c->record);
	}
	check_members(c, j, known);
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
	end_order(c);
	if (got == 0 && b.n) verify_differs(c, (struct export_difference){.check = "json"}, "the last line has no end");
	json_free(&j);
	buf_free(&b);
	return (int)got;
}

// The pages of a PDF: their objects are never compressed, and Pages is a list of them.
int verify_pdf(struct check *c)
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
