// Rows of a table as JSON records: a row each, or the neighbours that share a cell.
#include "input_table.h"
#include <stdlib.h>

enum { COLUMNS = 1024 };

// What was read to look at the form comes first.
static int64_t fill(void *from, char *to, size_t room)
{
	struct bytes *s = from;
	size_t n = s->b.n - s->pos;
	if (!n) return bytes_read(s, to, room);
	if (n > room) n = room;
	memcpy(to, s->b.p + s->pos, n);
	s->pos += n;
	return (int64_t)n;
}

// --- the header --------------------------------------------------------------------------------------------------------

static size_t column(const struct csv_row *row, const char *name)
{
	struct str want = str_trim(str_of(name));
	for (size_t i = 0; i < row->n; i++)
		if (str_eq_nocase(str_trim(row->cell[i]), want)) return i;
	return SIZE_MAX;
}

// "order-id|amazon-order-id": the first of these there is.
static size_t group_column(const struct csv_row *row, const char *names)
{
	char name[256];
	for (size_t n; *names; names += n + (names[n] == '|')) {
		n = strcspn(names, "|");
		if (n >= sizeof name) continue;
		memcpy(name, names, n);
		name[n] = 0;
		size_t i = column(row, name);
		if (i != SIZE_MAX) return i;
	}
	return SIZE_MAX;
}

static bool has_all(const struct csv_row *row, const char *const *header)
{
	for (; header && *header; header++)
		if (column(row, *header) == SIZE_MAX) return false;
	return true;
}

static bool taken(const struct str *name, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(name[i], s)) return true;
	return false;
}

// Every column has a name of its own: the second "price" is "price_2", one without is "column_7".
static struct str own_name(struct arena *a, const struct str *name, size_t i, struct str cell)
{
	struct str s = str_trim(cell);
	if (!s.n) s = str_of(arena_printf(a, "column_%zu", i + 1));
	struct str first = s;
	for (size_t k = 2; taken(name, i, s); k++) s = str_of(arena_printf(a, STR_FMT "_%zu", STR_ARG(first), k));
	return s;
}

static void take_names(struct input_table *t, const struct csv_row *row)
{
	t->n = row->n;
	t->name = NEW_N(&t->arena, struct str, row->n);
	for (size_t i = 0; i < row->n; i++) {
		struct str s = own_name(&t->arena, t->name, i, row->cell[i]);
		t->name[i] = (struct str){arena_copy(&t->arena, s.p, s.n), s.n};
	}
	for (size_t i = 0; i < row->n; i++) {
		buf_clear(&t->json);
		buf_json(&t->json, t->name[i]);
		buf_c(&t->json, ':');
		t->name[i] = (struct str){arena_copy(&t->arena, t->json.p, t->json.n), t->json.n};
	}
}

static int no_header(struct input_table *t, const char *const *header, struct err *e)
{
	buf_clear(&t->why);
	for (size_t i = 0; header[i]; i++) buf_printf(&t->why, "%s%s", i ? ", " : "", header[i]);
	return fail(e, E_DATA, "%s: no line holds the column names %.*s: not a table of this channel", t->s->name, STR_ARG(buf_view(&t->why)));
}

static int find_header(struct input_table *t, const char *const *header, struct err *e)
{
	for (;;) {
		int rc = csv_next(t->csv, &t->row);
		if (rc < 0) return t->s->stopped ? 0 : bytes_failed(t->s, e);
		if (!rc) return header && *header ? no_header(t, header, e) : 0; // nothing at all: a table without rows
		if (!t->row.broken && has_all(&t->row, header)) return 0;
		if (t->row.broken && !(header && *header))
			return fail(e, E_DATA, "%s:%llu: the header cannot be read: %s", t->s->name, (unsigned long long)t->row.line, t->row.why);
	}
}

int input_table_start(struct input_table *t, struct bytes *s, char delimiter, const char *group, const char *const *header, struct err *e)
{
	*t = (struct input_table){.s = s, .csv = csv_open(delimiter, fill, s), .group = SIZE_MAX};
	if (find_header(t, header, e)) return -1;
	if (t->row.n > COLUMNS) return fail(e, E_DATA, "%s: the header has %zu columns; at most %d can be read", s->name, t->row.n, COLUMNS);
	if (group && t->row.n) t->group = group_column(&t->row, group);
	if (group && t->row.n && t->group == SIZE_MAX)
		return fail(e, E_DATA, "%s:%llu: there is no column %s, by which rows are put together", s->name, (unsigned long long)t->row.line, group);
	take_names(t, &t->row);
	t->header = (struct str){arena_copy(&t->arena, t->row.raw.p, t->row.raw.n), t->row.raw.n};
	return 0;
}

void input_table_free(struct input_table *t)
{
	csv_close(t->csv);
	arena_free(&t->arena);
	buf_free(&t->raw);
	buf_free(&t->json);
	buf_free(&t->key);
	buf_free(&t->why);
	free(t->seen);
}

// --- rows --------------------------------------------------------------------------------------------------------------

static int broken(struct piece *p, const char *code, const char *why)
{
	p->broken = code;
	p->why = why;
	return 1;
}

static struct str no_line_end(struct str s)
{
	while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r')) s.n--;
	return s;
}

static int next_row(struct input_table *t)
{
	int rc = csv_next(t->csv, &t->row);
	t->rows += rc == 1;
	if (rc != 1 || t->row.broken || t->row.n == t->n) return rc;
	buf_clear(&t->why);
	buf_printf(&t->why, "the row has %zu cells, the header %zu: a delimiter or a quote too many or too few", t->row.n, t->n);
	buf_c(&t->why, 0);
	t->row.broken = "csv_cells";
	t->row.why = t->why.p;
	return 1;
}

static void row_json(struct input_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		buf_c(&t->json, i ? ',' : '{');
		buf_str(&t->json, t->name[i]);
		buf_json(&t->json, t->row.cell[i]);
	}
	buf_c(&t->json, '}');
}

static int single(struct input_table *t, struct piece *p)
{
	int rc = next_row(t);
	if (rc != 1) return rc;
	const struct csv_row *row = &t->row;
	*p = (struct piece){.raw = no_line_end(row->raw), .header = t->header, .line = row->line, .at = row->at, .end = row->end};
	if (row->broken) return broken(p, row->broken, row->why);
	buf_clear(&t->json);
	row_json(t);
	p->json = buf_view(&t->json);
	return 1;
}

// --- groups ------------------------------------------------------------------------------------------------------------

// The cell that groups; absent where the row is too broken to tell.
static struct str key_of(const struct input_table *t)
{
	return t->group < t->row.n ? t->row.cell[t->group] : (struct str){0};
}

static void grow_seen(struct input_table *t)
{
	size_t cap = t->seen_cap ? t->seen_cap * 2 : 1024;
	struct seen_group *to = must_alloc(cap * sizeof *to);
	memset(to, 0, cap * sizeof *to);
	for (size_t i = 0; i < t->seen_cap; i++)
		if (t->seen[i].hash) {
			size_t at = t->seen[i].hash & (cap - 1);
			while (to[at].hash) at = (at + 1) & (cap - 1);
			to[at] = t->seen[i];
		}
	free(t->seen);
	t->seen = to;
	t->seen_cap = cap;
}

// How many rows of that key stood further up; these count from now on.
static uint64_t rows_before(struct input_table *t, struct str key)
{
	if (2 * t->seen_n >= t->seen_cap) grow_seen(t);
	uint64_t h = str_hash(key) * 0x9e3779b97f4a7c15;
	h = (h ^ h >> 29) | 1ull << 63; // never 0
	size_t at = h & (t->seen_cap - 1);
	while (t->seen[at].hash && t->seen[at].hash != h) at = (at + 1) & (t->seen_cap - 1);
	uint64_t before = t->seen[at].rows;
	t->seen_n += !t->seen[at].hash;
	t->seen[at] = (struct seen_group){h, before + t->in_group};
	return before;
}

// Adds the row at hand to the group.
static void add_row(struct input_table *t, struct piece *p)
{
	const struct csv_row *row = &t->row;
	p->end = row->end;
	t->in_group++;
	if (row->broken && !p->broken) broken(p, row->broken, row->why);
	if (p->why == t->why.p && p->why) p->why = arena_strdup(&t->arena, p->why);
	if (t->raw.n + row->raw.n > PIECE_BYTES) {
		broken(p, "too_large", "the rows that belong together are larger than 16 MiB");
		return;
	}
	buf_str(&t->raw, row->raw);
	if (p->broken) return;
	buf_cstr(&t->json, t->json.n ? "," : "{\"rows\":[");
	row_json(t);
}

// Does the row just read belong to the open group? One too broken to tell may, and then nobody may rely on the group.
static bool belongs(const struct input_table *t)
{
	struct str key = key_of(t);
	return t->key.n && (key.p ? str_eq(key, buf_view(&t->key)) : t->row.broken != NULL);
}

// Ends the record: a group that goes on where another stood between says how many rows it had before.
static void end_group(struct input_table *t, struct piece *p, bool doubt)
{
	uint64_t before = t->key.n ? rows_before(t, buf_view(&t->key)) : 0;
	if (doubt && t->key.n && !p->broken)
		broken(p, "csv_group", "the row before it is broken and may be a part of it: correct that row first");
	if (p->broken) return;
	buf_c(&t->json, ']');
	if (before) buf_printf(&t->json, ",\"rows_before\":%llu", (unsigned long long)before);
	buf_c(&t->json, '}');
	p->json = buf_view(&t->json);
}

static int grouped(struct input_table *t, struct piece *p)
{
	int rc = t->held ? 1 : next_row(t);
	if (rc != 1) return rc;
	bool doubt = t->doubt;
	*p = (struct piece){.line = t->row.line, .at = t->row.at};
	buf_clear(&t->raw);
	buf_clear(&t->json);
	buf_clear(&t->key);
	buf_str(&t->key, key_of(t));
	t->in_group = 0;
	do {
		t->doubt = t->row.broken && !key_of(t).p;
		add_row(t, p);
		rc = next_row(t);
		if (rc < 0) return -1;
		t->held = rc == 1;
	} while (t->held && belongs(t));
	end_group(t, p, doubt);
	p->raw = no_line_end(buf_view(&t->raw));
	p->header = t->header;
	return 1;
}

int input_table_next(struct input_table *t, struct piece *p)
{
	if (!t->n) return 0;
	return t->group == SIZE_MAX ? single(t, p) : grouped(t, p);
}
