// Text and tables that run over the pages of a document.
#include "pdf_flow.h"

enum { HEAD_GRAY = 35, RULE_GRAY = 80, STRONG_GRAY = 30, SMALLEST = 350, MOST_COLUMNS = 64, LEAST_ROOM = 4000 };

static int leading(int size) { return size * 5 / 4; }

void flow_free(struct pdf_flow *f) { arena_free(&f->arena); }

// A page that is full as soon as it is begun would be followed by others without end.
static int full_from_the_start(struct pdf_flow *f) { return fail(f->e, E_REFUSED, "a page has no room left below its head"); }

static int put_head(struct pdf_grid *t, bool turned);

// What is being set lies in the arena: what a new page begins with must not take its place.
static int turn(struct pdf_flow *f, struct pdf_grid *t)
{
	struct arena held = f->arena;
	f->arena = (struct arena){0};
	int r = f->turn(f);
	if (r == 0 && f->y + LEAST_ROOM > f->bottom) r = full_from_the_start(f);
	if (r == 0 && t) r = put_head(t, true);
	arena_free(&f->arena);
	f->arena = held;
	return r;
}

int flow_need(struct pdf_flow *f, int high) { return f->y + high > f->bottom ? turn(f, NULL) : 0; }

int flow_gap(struct pdf_flow *f, int high)
{
	f->y += high;
	return flow_need(f, 0);
}

static void done(struct pdf_flow *f) { arena_reset(&f->arena, (struct arena_mark){0}); }

int flow_text(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st)
{
	struct pdf_block b = pdf_set(f->pdf, &f->arena, field, s, st, f->right - f->left);
	for (size_t i = 0; i < b.n; i++) {
		if (flow_need(f, leading(st.size))) return -1;
		pdf_show(f->pdf, f->left, f->y + st.size, &b, i);
		f->y += leading(st.size);
	}
	done(f);
	return 0;
}

int flow_most(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st, int x, int y, int width, size_t most)
{
	struct pdf_block b = pdf_set_most(f->pdf, &f->arena, field, s, st, width, most);
	for (size_t i = 0; i < b.n; i++, y += leading(st.size)) pdf_show(f->pdf, x, y + st.size, &b, i);
	done(f);
	return y;
}

int flow_put(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st, int x, int y, int width)
{
	return flow_most(f, field, s, st, x, y, width, SIZE_MAX);
}

void flow_right(struct pdf_flow *f, const char *field, struct str s, struct pdf_style st, int to, int y)
{
	struct pdf_block b = pdf_set(f->pdf, &f->arena, field, s, st, to);
	for (size_t i = 0; i < b.n; i++) pdf_show(f->pdf, to - b.line[i].width, y + st.size + (int)i * leading(st.size), &b, i);
	done(f);
}

// --- tables ------------------------------------------------------------------------------------------------------------

// Figures are never broken in two: one that is too wide is set smaller.
static struct pdf_block set_cell(const struct pdf_grid *t, const struct pdf_column *c, struct str s, struct pdf_style st, bool head)
{
	struct pdf_flow *f = t->flow;
	int room = c->width - c->indent - 2 * GRID_PAD;
	if (!c->right || head) return pdf_set(f->pdf, &f->arena, c->field, s, st, room);
	struct pdf_block b = pdf_set(f->pdf, &f->arena, c->field, s, st, PDF_A4_LONG);
	if (b.width <= room) return b;
	st.size = (int)((int64_t)st.size * room / b.width);
	if (st.size < SMALLEST) st.size = SMALLEST;
	return pdf_set(f->pdf, &f->arena, NULL, s, st, room);
}

static size_t set_cells(const struct pdf_grid *t, const struct str *cell, struct pdf_style st, bool head, struct pdf_block *b)
{
	size_t most = 1;
	for (size_t i = 0; i < t->n; i++) {
		b[i] = (struct pdf_block){0};
		if (!cell[i].n) continue;
		b[i] = set_cell(t, &t->column[i], cell[i], st, head);
		if (b[i].n > most) most = b[i].n;
	}
	return most;
}

// Lines from `from` on, so many, of each cell that has them; in a head they stand on the last line.
static void show_cells(const struct pdf_grid *t, const struct pdf_block *b, size_t from, size_t lines, int line_high, bool head)
{
	const struct pdf_flow *f = t->flow;
	int x = f->left;
	for (size_t i = 0; i < t->n; x += t->column[i++].width) {
		int y = f->y + t->size + (head ? (int)(lines - b[i].n) * line_high : 0);
		for (size_t k = from; k < b[i].n && k < from + lines; k++, y += line_high) {
			int indent = t->column[i].right ? t->column[i].width - GRID_PAD - b[i].line[k].width : GRID_PAD + t->column[i].indent;
			pdf_show(f->pdf, x + indent, y, &b[i], k);
		}
	}
}

static int width_of(const struct pdf_grid *t)
{
	int sum = 0;
	for (size_t i = 0; i < t->n; i++) sum += t->column[i].width;
	return sum;
}

static int put_head(struct pdf_grid *t, bool turned)
{
	struct pdf_flow *f = t->flow;
	struct pdf_block b[MOST_COLUMNS];
	struct str head[MOST_COLUMNS];
	if (t->headless) return 0;
	for (size_t i = 0; i < t->n; i++) head[i] = str_of(t->column[i].head);
	size_t lines = set_cells(t, head, (struct pdf_style){PDF_BOLD, t->size, HEAD_GRAY}, true, b);
	int high = (int)lines * leading(t->size) + t->size / 2;
	if (f->y + high + 3 * leading(t->size) > f->bottom) return done(f), turned ? full_from_the_start(f) : turn(f, t); // never a head with nothing under it
	show_cells(t, b, 0, lines, leading(t->size), true);
	f->y += high;
	pdf_rule(f->pdf, f->left, f->left + width_of(t), f->y, 75, STRONG_GRAY);
	f->y += t->size / 8;
	t->begun = false;
	done(f);
	return 0;
}

int grid_head(struct pdf_grid *t) { return put_head(t, false); }

// A row goes on the next page as a whole, where a page can hold it; else as much of it as fits.
int grid_row(struct pdf_grid *t, const struct str *cell, enum pdf_row kind)
{
	struct pdf_flow *f = t->flow;
	struct pdf_block b[MOST_COLUMNS];
	struct pdf_style st = {kind == ROW_STRONG ? PDF_BOLD : PDF_PLAIN, kind == ROW_MORE ? t->size * 9 / 10 : t->size, kind == ROW_MORE ? HEAD_GRAY : 0};
	size_t lines = set_cells(t, cell, st, false, b), from = 0;
	int high = leading(t->size);
	if (f->y + (int)lines * high > f->bottom && (int)lines * high < f->bottom / 2 && turn(f, t)) return -1;
	if (kind != ROW_MORE && t->begun) pdf_rule(f->pdf, f->left, f->left + width_of(t), f->y, 25, RULE_GRAY);
	f->y += kind == ROW_MORE ? 0 : t->size / 4;
	t->begun = true;
	while (from < lines) {
		size_t fit = f->y + high > f->bottom ? 0 : (size_t)((f->bottom - f->y) / high);
		if (fit > lines - from) fit = lines - from;
		show_cells(t, b, from, fit, high, false);
		f->y += (int)fit * high;
		from += fit;
		if (from < lines && turn(f, t)) return -1;
	}
	f->y += t->size / 4;
	done(f);
	return 0;
}
