// The printer: one record, in whichever form was asked for.
#include "out.h"
#include "csv.h"
#include "date.h"
#include "shape.h"
#include "table.h"
#include "text.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { ENOUGH = 64 * 1024 };

struct out {
	FILE *to;
	struct out_options o;
	struct str *path;             // of each column
	struct table_column *column;
	size_t n;
	struct str *field;            // --fields as paths, for JSON; none: the whole record
	size_t fields;
	struct str *cell;
	struct table table;
	struct buf pending, line;
	struct json tape;
	struct arena arena, record;   // the columns' life, and a record's
	size_t count, flushed;
	int failed;                   // errno of the first write that failed
	const char *bug;              // a record that could not be printed, and why
	bool begun, header_told, cut;
};

static const char *const names[] = {"auto", "table", "text", "jsonl", "json", "csv", "tsv", "ids", "count", "csv-excel", "pdf"};

bool out_format_named(const char *name, enum out_format *f)
{
	for (size_t i = OUT_TABLE; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name)) return *f = (enum out_format)i, true;
	return false;
}

enum out_format out_form(const struct out *o) { return o->o.format; }
size_t out_count(const struct out *o) { return o->count; }
void out_add(struct out *o, size_t n) { o->count += n; }
bool out_broken(const struct out *o) { return o->failed != 0; }

static void add_column(struct out *o, struct table_column c, struct str path)
{
	c.tail = str_is(path, "input");
	c.whole = str_ends(path, S("_at"));
	o->column[o->n] = c;
	o->path[o->n++] = path;
}

// A member by its path, or a column by the name that stands above it, in capitals or not; the path goes first.
static const struct out_column *column_named(struct str name, const struct out_column *column, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, column[i].path)) return &column[i];
	for (size_t i = 0; i < n; i++)
		if (*column[i].name && strlen(column[i].name) == name.n && !strncasecmp(column[i].name, name.p, name.n)) return &column[i];
	return NULL;
}

static void add_field(struct out *o, struct str name, const struct out_column *column, size_t n)
{
	const struct out_column *known = column_named(name, column, n);
	struct str path = known ? str_of(known->path) : name;
	struct table_column c = {.name = str_c(&o->arena, name)};
	if (known) c = (struct table_column){.name = known->name, .right = known->right, .id = known->id}; // asked for: never dropped
	add_column(o, c, path);
	o->field[o->fields++] = path;
}

// "a,b.c" are the fields in place of the columns; "+a" adds to them.
static void choose(struct out *o, const struct out_column *column, size_t n)
{
	struct str s = str_of(o->o.fields);
	size_t most = n + 2 + s.n;
	o->column = NEW_N(&o->arena, struct table_column, most);
	o->path = NEW_N(&o->arena, struct str, most);
	o->field = NEW_N(&o->arena, struct str, most);
	o->cell = NEW_N(&o->arena, struct str, most);
	bool add = s.n && *s.p == '+';
	for (size_t i = 0; i < n && (add || !s.n); i++)
		add_column(o, (struct table_column){column[i].name, column[i].right, column[i].id, false, false, column[i].rank}, str_of(column[i].path));
	while (s.n) {
		const char *comma = memchr(s.p, ',', s.n);
		size_t end = comma ? (size_t)(comma - s.p) : s.n;
		struct str name = str_trim(str_cut(s, 0, end));
		if (name.n && *name.p == '+') name = str_cut(name, 1, name.n);
		if (name.n) add_field(o, name, column, n);
		s = str_cut(s, end + 1, s.n);
	}
	if (add) o->fields = 0; // JSON has every member anyway
}

struct out *out_open(FILE *to, const struct out_options *opt, const struct out_column *column, size_t n)
{
	struct out *o = must_alloc(sizeof *o);
	*o = (struct out){.to = to, .o = *opt};
	if (o->o.format == OUT_AUTO) o->o.format = o->o.tty ? OUT_TABLE : OUT_JSONL;
	choose(o, column, n);
	o->table = (struct table){.column = o->column, .n = o->n, .limit = o->o.width, .header = o->o.header, .color = o->o.color};
	return o;
}

static bool wrote_all(struct out *o, const char *p, size_t n)
{
	int fd = fileno(o->to);
	if (fd < 0) return fwrite(p, 1, n, o->to) == n && !fflush(o->to); // a stream in memory
	if (fflush(o->to)) return false;
	while (n) {
		ssize_t k = write(fd, p, n);
		if (k < 0 && errno == EAGAIN) poll(&(struct pollfd){fd, POLLOUT, 0}, 1, -1);
		else if (k < 0 && errno != EINTR) return false;
		if (k > 0) p += k, n -= (size_t)k;
	}
	return true;
}

static void push(struct out *o)
{
	errno = 0;
	if (o->pending.n && !o->failed && !wrote_all(o, o->pending.p, o->pending.n)) o->failed = errno ? errno : EIO;
	buf_clear(&o->pending);
}

// A number stays a number: only what a spreadsheet would run as a formula is marked as text.
static bool is_number(struct str s)
{
	size_t i = s.n && (*s.p == '-' || *s.p == '+');
	while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.')) i++;
	return s.n && i == s.n && s.p[i - 1] >= '0';
}

// As members are written; a column that is nameless on the screen (a currency behind its amount) has its path.
static struct str name_of(struct out *o, size_t i)
{
	return *o->column[i].name ? str_lower(&o->record, str_of(o->column[i].name)) : o->path[i];
}

// Line ends and tabs may stand in a quoted cell; whatever else is invisible or moves a cursor is written out.
static void safe_cell(struct buf *b, struct str s)
{
	while (s.n) {
		size_t n = 0;
		while (n < s.n && s.p[n] != '\n' && s.p[n] != '\t') n++;
		text_safe(b, str_cut(s, 0, n));
		if (n < s.n) buf_c(b, s.p[n++]);
		s = str_cut(s, n, s.n);
	}
}

static void cells_line(struct out *o, char delimiter, bool names_only)
{
	struct buf safe = {0};
	for (size_t i = 0; i < o->n; i++) {
		struct str s = names_only ? name_of(o, i) : o->cell[i];
		if (i) buf_c(&o->pending, delimiter);
		buf_clear(&safe);
		safe_cell(&safe, s);
		csv_cell(&o->pending, buf_view(&safe), delimiter, !o->o.as_data && !is_number(s));
	}
	buf_c(&o->pending, '\n');
	buf_free(&safe);
}

static void delimited(struct out *o)
{
	char delimiter = o->o.format == OUT_CSV ? ',' : '\t';
	if (o->o.header && !o->header_told) cells_line(o, delimiter, true);
	o->header_told = true;
	cells_line(o, delimiter, false);
}

static void labelled(struct out *o)
{
	size_t most = 0;
	for (size_t i = 0; i < o->n; i++)
		if (o->cell[i].n && text_width(name_of(o, i)) > most) most = text_width(name_of(o, i));
	if (o->begun) buf_c(&o->pending, '\n');
	for (size_t i = 0; i < o->n; i++) {
		if (!o->cell[i].n) continue;
		text_fit(&o->pending, name_of(o, i), most, true, false);
		buf_cstr(&o->pending, "  ");
		text_safe(&o->pending, o->cell[i]);
		buf_c(&o->pending, '\n');
	}
}

static void one_of_array(struct out *o, struct str json)
{
	buf_cstr(&o->pending, o->begun ? ",\n" : "[\n");
	if (!o->o.tty) {
		shape_line(&o->pending, json, false);
		return;
	}
	struct buf pretty = {0};
	struct json_error e;
	buf_cstr(&o->pending, "  ");
	if (json_parse(&o->tape, json, &e)) shape_pretty(&pretty, &o->tape, 1);
	for (struct str s = buf_view(&pretty), l; s.n; s = str_cut(s, l.n + 1, s.n)) {
		const char *end = memchr(s.p, '\n', s.n);
		l = str_cut(s, 0, end ? (size_t)(end - s.p) : s.n);
		shape_line(&o->pending, l, true);
		if (end) buf_c(&o->pending, '\n');
	}
	buf_free(&pretty);
}

static void id_line(struct out *o)
{
	struct str id = shape_pick(&o->tape, S("id"), &o->record);
	if (!id.n) id = shape_pick(&o->tape, S("order"), &o->record);
	if (!id.n) o->bug = "a record has no id; use another --format";
	else if (o->o.nul) buf_str(&o->pending, id), buf_c(&o->pending, 0);
	else if (o->o.tty) text_safe(&o->pending, id), buf_c(&o->pending, '\n');
	else buf_str(&o->pending, id), buf_c(&o->pending, '\n');
}

// Without columns of its own a command's table shows what its first record has.
static void columns_from(struct out *o)
{
	size_t n = o->tape.node[0].n;
	o->column = NEW_N(&o->arena, struct table_column, n + 1);
	o->path = NEW_N(&o->arena, struct str, n + 1);
	o->cell = NEW_N(&o->arena, struct str, n + 1);
	for (uint32_t k = json_first(&o->tape, 0); k; k = json_after(&o->tape, 0, k)) {
		const char *name = str_c(&o->arena, json_str(&o->tape, k, &o->arena));
		if (strcmp(name, "schema") != 0) add_column(o, (struct table_column){.name = name}, str_of(name));
	}
	o->table.column = o->column;
	o->table.n = o->n;
}

// People read the wall clock of their zone; machines, in every other form, the instant.
static struct str wall_clock(struct out *o, struct str s)
{
	int64_t at;
	if (!s.n || !date_parse(s, "rfc3339", NULL, &at)) return s;
	struct civil c = date_civil(at, o->o.zone);
	return str_of(arena_printf(&o->record, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute));
}

static void in_cells(struct out *o)
{
	if (!o->n && json_type(&o->tape, 0) == JSON_OBJECT) columns_from(o);
	for (size_t i = 0; i < o->n; i++) {
		o->cell[i] = shape_pick(&o->tape, o->path[i], &o->record);
		if (o->o.format == OUT_TABLE && str_ends(o->path[i], S("_at"))) o->cell[i] = wall_clock(o, o->cell[i]);
	}
	switch (o->o.format) {
	case OUT_TABLE: table_row(&o->table, o->cell, &o->pending); break;
	case OUT_TEXT: labelled(o); break;
	default: delimited(o);
	}
}

static void parsed(struct out *o, struct str json)
{
	struct json_error e;
	if (!json_parse(&o->tape, json, &e)) {
		o->bug = "a record is not JSON";
		return;
	}
	if (o->o.format == OUT_IDS) id_line(o);
	else if (o->o.format != OUT_JSON && o->o.format != OUT_JSONL) in_cells(o);
	else {
		buf_clear(&o->line);
		shape_fields(&o->line, &o->tape, o->field, o->fields, &o->record);
		if (o->o.format == OUT_JSON) one_of_array(o, buf_view(&o->line));
		else shape_line(&o->pending, buf_view(&o->line), o->o.tty), buf_c(&o->pending, '\n');
	}
}

static void told(struct out *o)
{
	o->begun = true;
	o->count++;
	if (!o->o.hold && o->pending.n >= ENOUGH) push(o);
}

void out_record(struct out *o, struct str json)
{
	struct arena_mark mark = arena_mark(&o->record);
	bool whole = !o->fields;
	if (o->o.format == OUT_COUNT) ;
	else if (o->o.format == OUT_JSONL && whole) shape_line(&o->pending, json, o->o.tty), buf_c(&o->pending, '\n');
	else if (o->o.format == OUT_JSON && whole) one_of_array(o, json);
	else parsed(o, json);
	arena_reset(&o->record, mark);
	told(o);
}

// The length of a colour sequence at s, 0 where there is none: all that a screen's text may have of ESC.
static size_t color_at(struct str s)
{
	size_t n = 2;
	if (s.n < 3 || s.p[0] != 033 || s.p[1] != '[') return 0;
	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == ';')) n++;
	return n < s.n && s.p[n] == 'm' ? n + 1 : 0;
}

void out_bytes(struct out *o, struct str s)
{
	buf_str(&o->pending, s);
	o->header_told = true; // whoever writes the bytes has written that too
	told(o);
}

void out_text(struct out *o, struct str s)
{
	if (o->o.format != OUT_TEXT && o->o.format != OUT_TABLE) return;
	while (s.n) {
		size_t n = 0, color = o->o.color ? color_at(s) : 0;
		if (color) buf_str(&o->pending, str_cut(s, 0, n = color));
		else if (*s.p == '\n') buf_c(&o->pending, '\n'), n = 1;
		else {
			do n++; while (n < s.n && s.p[n] != '\n' && s.p[n] != 033);
			text_safe(&o->pending, str_cut(s, 0, n));
		}
		s = str_cut(s, n, s.n);
	}
	if (o->pending.n && o->pending.p[o->pending.n - 1] != '\n') buf_c(&o->pending, '\n');
	told(o);
}

void out_flush(struct out *o)
{
	table_release(&o->table, &o->pending);
	push(o);
	o->flushed = o->count;
}

// What stands in memory may hold an array's or a table's beginning: those forms begin anew with the next record.
void out_drop(struct out *o)
{
	table_drop(&o->table);
	buf_clear(&o->pending);
	o->count = o->flushed;
	if (!o->flushed) o->begun = o->header_told = o->table.laid = false;
}

void out_cut(struct out *o) { o->cut = true; }

// What a list without a record is: a header alone, [], 0. Of a run that was refused it would look like an answer.
static void finish(struct out *o)
{
	bool delimits = o->o.format == OUT_CSV || o->o.format == OUT_TSV;
	table_release(&o->table, &o->pending);
	if (o->o.format == OUT_JSON && o->begun) buf_cstr(&o->pending, "\n]\n");
	else if (o->cut) ;
	else if (o->o.format == OUT_JSON) buf_cstr(&o->pending, "[]\n");
	else if (o->o.format == OUT_COUNT) buf_printf(&o->pending, "%zu\n", o->count);
	else if (delimits && o->o.header && !o->header_told && o->n) cells_line(o, o->o.format == OUT_CSV ? ',' : '\t', true);
	push(o);
}

static void let_go(struct out *o)
{
	table_free(&o->table);
	json_free(&o->tape);
	buf_free(&o->pending);
	buf_free(&o->line);
	arena_free(&o->record);
	arena_free(&o->arena);
	free(o);
}

int out_close(struct out *o, struct err *e)
{
	finish(o);
	if (!o->failed && fflush(o->to)) o->failed = errno;
	int r = 0;
	if (o->failed) r = fail(e, E_IO, "cannot write the output: %s", strerror(o->failed));
	else if (o->bug) r = fail(e, E_BUG, "%s", o->bug);
	let_go(o);
	return r;
}
