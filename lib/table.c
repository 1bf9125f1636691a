// Rows of cells laid out in columns for people.
#include "table.h"
#include "text.h"
#include <limits.h>

enum { GAP = 2, TEXT_MIN = 16 }; // a column of text is cut to no less, as long as another can go instead

static struct str heading(struct arena *a, const char *name)
{
	struct str upper = str_upper(a, str_of(name));
	char *copy = arena_copy(a, upper.p, upper.n);
	for (char *c = copy; *c; c++)
		if (*c == '_') *c = ' ';
	return str_of(copy);
}

static void measure(struct table *t)
{
	t->width = NEW_N(&t->arena, size_t, t->n + 1);
	t->hidden = NEW_N(&t->arena, bool, t->n + 1);
	for (size_t i = 0; i < t->n; i++) {
		size_t most = t->header ? text_width(str_of(t->column[i].name)) : 0;
		for (size_t r = 0; r < t->rows.n; r++) {
			size_t w = text_width(t->rows.v[r].cell[i]);
			if (w > most) most = w;
		}
		t->width[i] = most;
	}
}

static bool too_wide_for(const struct table *t, size_t i) { return t->limit && (size_t)t->column[i].rank > TABLE_FROM(t->limit); }

// Does it stand for the id left of it, which is not there?
static bool stands_in(const struct table *t, size_t i) { return i && t->column[i - 1].id && too_wide_for(t, i - 1); }

// Ids are never cut, and a number or a time cut is another one.
static bool may_cut(const struct table *t, size_t i) { return !t->column[i].id && !t->column[i].right && !t->column[i].whole && !stands_in(t, i); }

static size_t least(const struct table *t, size_t i)
{
	size_t name = t->header ? text_width(str_of(t->column[i].name)) : 0, floor = name > TEXT_MIN ? name : TEXT_MIN;
	return may_cut(t, i) && t->width[i] > floor ? floor : t->width[i];
}

static size_t total(const struct table *t, bool cut)
{
	size_t sum = 0;
	for (size_t i = 0; i < t->n; i++)
		if (!t->hidden[i]) sum += (sum ? GAP : 0) + (cut ? least(t, i) : t->width[i]);
	return sum;
}

// The column that goes first: highest rank below `below`, the rightmost of equals; t->n where none may go.
static size_t first_to_go(const struct table *t, int below)
{
	size_t which = t->n;
	for (size_t i = 0; i < t->n; i++)
		if (!t->hidden[i] && t->column[i].rank > 0 && t->column[i].rank < below
		    && (which == t->n || t->column[i].rank >= t->column[which].rank)) which = i;
	return which;
}

static size_t widest(const struct table *t, size_t floor)
{
	size_t which = t->n;
	for (size_t i = 0; i < t->n; i++)
		if (!t->hidden[i] && may_cut(t, i) && t->width[i] > floor && (which == t->n || t->width[i] > t->width[which])) which = i;
	return which;
}

static bool by_width(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->column[i].rank >= TABLE_RANKS) return true;
	return false;
}

// A column without a word in it only takes room from the others; where the width says which there are, it stays.
static void hide_empty(struct table *t)
{
	bool fixed = by_width(t);
	for (size_t i = 0; i < t->n; i++) {
		bool stays = fixed && (t->column[i].rank == 0 || t->column[i].rank >= TABLE_RANKS), empty = t->rows.n > 0 && !stays;
		for (size_t r = 0; empty && r < t->rows.n; r++) empty = !t->rows.v[r].cell[i].n;
		t->hidden[i] = empty || too_wide_for(t, i);
	}
}

static void narrow(struct table *t)
{
	if (!t->limit) return;
	hide_empty(t);
	for (size_t i; total(t, true) > t->limit && (i = first_to_go(t, TABLE_RANKS)) < t->n;) t->hidden[i] = true;
	for (size_t i; total(t, false) > t->limit && (i = widest(t, 4)) < t->n;) t->width[i]--;
	for (size_t i; total(t, false) > t->limit && (i = first_to_go(t, INT_MAX)) < t->n;) t->hidden[i] = true; // better than a broken line
}

// After the widths were fixed a longer cell may come: an id or a number, or any cell without a terminal, is shown whole.
static void print_row(const struct table *t, const struct str *cell, struct buf *to)
{
	size_t last = t->n, begun = 0;
	while (last && t->hidden[last - 1]) last--;
	for (size_t i = 0; i < last; i++) {
		if (t->hidden[i]) continue;
		if (begun++) buf_add(to, "  ", GAP);
		size_t w = t->width[i], own = !t->limit || !may_cut(t, i) ? text_width(cell[i]) : 0;
		if (t->column[i].tail) text_fit_end(to, cell[i], own > w ? own : w);
		else text_fit(to, cell[i], own > w ? own : w, t->column[i].right || i + 1 < last, t->column[i].right);
	}
	while (to->n && to->p[to->n - 1] == ' ') to->n--; // an empty last cell leaves no blanks behind
	buf_c(to, '\n');
}

static void print_header(struct table *t, struct buf *to)
{
	struct str *cell = NEW_N(&t->arena, struct str, t->n + 1);
	for (size_t i = 0; i < t->n; i++) cell[i] = heading(&t->arena, t->column[i].name);
	if (t->color) buf_cstr(to, "\033[1m");
	print_row(t, cell, to);
	if (!t->color) return;
	to->n--; // the newline goes behind the end of bold
	buf_cstr(to, "\033[0m\n");
}

void table_row(struct table *t, struct str *cell, struct buf *to)
{
	for (size_t i = 1; i < t->n; i++)
		if (stands_in(t, i) && !cell[i].n) cell[i] = cell[i - 1];
	if (t->laid) {
		print_row(t, cell, to);
		return;
	}
	struct str *row = NEW_N(&t->arena, struct str, t->n + 1);
	for (size_t i = 0; i < t->n; i++)
		if (cell[i].n) row[i] = (struct str){arena_copy(&t->arena, cell[i].p, cell[i].n), cell[i].n};
	*VEC_PUSH(&t->arena, &t->rows) = (struct table_line){row};
	if (t->rows.n >= TABLE_HELD) table_release(t, to);
}

// A table without a row prints nothing, not even its header: "no rows" is no line.
void table_release(struct table *t, struct buf *to)
{
	if (!t->rows.n) return;
	measure(t);
	narrow(t);
	t->laid = true;
	if (t->header) print_header(t, to);
	for (size_t r = 0; r < t->rows.n; r++) print_row(t, t->rows.v[r].cell, to);
	t->rows.n = 0;
}

void table_drop(struct table *t) { t->rows.n = 0; }

void table_free(struct table *t) { arena_free(&t->arena); }
