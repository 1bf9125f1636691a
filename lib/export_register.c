// The register of a grain: its rows in a table over as many pages, and documents, as it takes; totals by currency at the end.
#include "export_registry.h"
#include <stdio.h>

enum { SAMPLE = 200, SAMPLE_BYTES = 1 << 20, CHOSEN_LINES = 10 }; // rows held back, to see how wide the columns must be; lines at the head of all

static const struct pdf_style small = {PDF_PLAIN, 800, PAPER_GRAY};

// --- heads -------------------------------------------------------------------------------------------------------------

static void put_words(struct buf *b, const char *label, unsigned bits, enum axis axis)
{
	const char *comma = " ";
	if (!bits) return;
	buf_printf(b, " \xc2\xb7 %s", label);
	for (int i = 0; i < axis_size(axis); i++) {
		if (!(bits >> i & 1)) continue;
		buf_printf(b, "%s%s", comma, axis_word(axis, i));
		comma = ", ";
	}
}

static void put_day(struct buf *b, const char *word, int64_t at, const char *zone)
{
	if (at == DATE_NONE) return;
	struct civil c = date_civil(at, zone);
	buf_printf(b, "%s%04d-%02d-%02d", word, c.year, c.month, c.day);
	if (c.hour | c.minute | c.second | c.milli) buf_printf(b, " %02d:%02d:%02d", c.hour, c.minute, c.second);
}

// What the rows were chosen by, as a person reads it. A filter may be any text: what of it cannot be set is written out, since a
// head must be whole, and no filter is a reason to refuse rows.
static const char *chosen_by(const struct registry *r)
{
	const struct export *x = r->x;
	const struct find_filter *f = &x->o.filter;
	struct buf b = {0};
	buf_cstr(&b, f->late ? "Due" : "Orders placed");
	put_day(&b, " from ", f->since, x->o.zone);
	put_day(&b, " to before ", f->until, x->o.zone);
	if (f->since == DATE_NONE && f->until == DATE_NONE) buf_cstr(&b, " at any time");
	buf_printf(&b, " \xc2\xb7 zone %s \xc2\xb7 %s%s", x->o.zone ? x->o.zone : "UTC", f->source ? "source " : "all sources", f->source ? f->source : "");
	put_words(&b, "status", f->status, AXIS_STATUS);
	put_words(&b, "payment", f->payment, AXIS_PAYMENT);
	put_words(&b, "fulfilment", f->fulfilment, AXIS_FULFILMENT);
	put_words(&b, "attention", f->attention, AXIS_ATTENTION);
	if (f->segment) buf_printf(&b, " \xc2\xb7 segment %s", f->segment);
	if (f->sku) buf_printf(&b, " \xc2\xb7 SKU %s", f->sku);
	struct buf line = {0};
	pdf_settable(r->paper.flow.pdf, &line, buf_view(&b), small.face);
	const char *text = str_c(x->arena, buf_view(&line));
	buf_free(&line);
	buf_free(&b);
	return text;
}

static void put_first_top(struct registry *r, const char *part)
{
	struct pdf_flow *f = &r->paper.flow;
	flow_put(f, NULL, str_of(r->title), (struct pdf_style){PDF_BOLD, 1600, 0}, f->left, f->y, f->right);
	flow_right(f, NULL, str_of(part), (struct pdf_style){PDF_PLAIN, 1000, PAPER_GRAY}, f->right, f->y + 500);
	f->y = flow_most(f, NULL, str_of(r->chosen), small, f->left, f->y + 2200, f->right - f->left, CHOSEN_LINES) + 900;
}

// One line: so much that a sheet that got loose is known again.
static void put_later_top(struct registry *r, const char *part)
{
	struct pdf_flow *f = &r->paper.flow;
	const struct pdf_style title = {PDF_BOLD, 900, 0};
	int x = f->left + pdf_measure(f->pdf, str_of(r->title), title) + 800;
	flow_put(f, NULL, str_of(r->title), title, f->left, f->y, f->right);
	int y = flow_most(f, NULL, str_of(r->chosen), small, x, f->y + 100, f->right - x - 6000, 1);
	flow_right(f, NULL, str_of(part), small, f->right, f->y + 100);
	f->y = y + 700;
}

static void put_top(struct registry *r)
{
	char part[64] = "";
	if (r->document > 1) snprintf(part, sizeof part, "part %zu", r->document);
	pdf_page(r->paper.flow.pdf);
	r->paper.flow.y = PAPER_MARGIN;
	if (pdf_pages(r->paper.flow.pdf) == 1) put_first_top(r, part);
	else put_later_top(r, part);
}

// --- documents ---------------------------------------------------------------------------------------------------------

static int turn(struct pdf_flow *f);

static void begin_document(struct registry *r)
{
	struct pdf_flow *f = &r->paper.flow;
	r->document++;
	r->newest = DATE_NONE;
	r->before = r->shown;
	paper_open(&r->paper, &(struct pdf_options){.landscape = true}, r->title);
	f->turn = turn;
	if (!r->chosen) r->chosen = chosen_by(r);
	put_top(r);
}

static void put_continued(struct registry *r)
{
	char text[64];
	snprintf(text, sizeof text, "continued in part %zu", r->document + 1);
	flow_put(&r->paper.flow, NULL, str_of(text), small, r->paper.flow.left, r->paper.flow.bottom + 200, 20000);
}

static int end_document(struct registry *r, bool last)
{
	const struct find_filter *f = &r->x->o.filter;
	int64_t at = f->until != DATE_NONE && !f->late ? f->until : r->newest; // never the clock: the same rows are the same bytes
	if (!last) put_continued(r);
	if (paper_finish(&r->paper, r->document, last, at)) return -1;
	struct export_document *d = VEC_PUSH(r->x->arena, &r->x->documents);
	*d = (struct export_document){.pages = r->paper.sum.pages, .bytes = r->paper.sum.bytes, .rows = r->shown - r->before};
	memcpy(d->sha256, r->paper.sum.sha256, sizeof d->sha256);
	r->x->counted.bytes += d->bytes;
	pdf_close(r->paper.flow.pdf);
	r->paper.flow.pdf = NULL;
	return 0;
}

static int turn(struct pdf_flow *f)
{
	struct registry *r = f->ctx;
	size_t most = r->paper.to->most ? r->paper.to->most : EXPORT_PAGES_MOST;
	if (pdf_pages(f->pdf) < most && pdf_held(f->pdf) < EXPORT_HELD_MOST) return put_top(r), 0;
	if (end_document(r, false)) return -1;
	begin_document(r);
	return 0;
}

// --- rows --------------------------------------------------------------------------------------------------------------

static int show_row(struct registry *r, const char *order, const struct str *cell, int64_t placed_at)
{
	r->paper.order = order;
	if (grid_row(&r->table, cell, ROW_PLAIN)) return -1;
	if (r->paper.refused) return -1;
	r->shown++;
	if (placed_at != DATE_NONE && (r->newest == DATE_NONE || placed_at > r->newest)) r->newest = placed_at;
	return 0;
}

static int show_held(struct registry *r)
{
	if (registry_fit(r) || grid_head(&r->table)) return -1;
	for (size_t i = 0; i < r->held.n; i++)
		if (show_row(r, r->held.v[i].order, r->held.v[i].cell, r->held.v[i].placed_at)) return -1;
	arena_free(&r->rows);
	VEC_CLEAR(&r->held);
	return 0;
}

static void hold_row(struct registry *r)
{
	const struct export *x = r->x;
	struct held h = {str_c(&r->rows, row_str(x->rows, 0)), NEW_N(&r->rows, struct str, x->writer.n), row_int(x->rows, 3)};
	for (size_t i = 0; i < x->writer.n; i++) {
		struct str s = export_plain(&r->x->writer, &r->cell, &x->column[i], &x->cell[i], x->digits, x->profile);
		if (s.n > PDF_CUT_AT) s = pdf_seen(r->paper.flow.pdf, s);
		h.cell[i] = (struct str){arena_copy(&r->rows, s.p ? s.p : "", s.n), s.n};
		r->held_bytes += s.n;
	}
	*VEC_PUSH(&r->rows, &r->held) = h;
}

static int stream_row(struct registry *r)
{
	hold_row(r);
	const struct held *h = &r->held.v[0];
	int rc = show_row(r, h->order, h->cell, h->placed_at);
	arena_reset(&r->rows, (struct arena_mark){0});
	VEC_CLEAR(&r->held);
	return rc;
}

static int all_rows(struct registry *r)
{
	int got;
	while ((got = export_step(r->x, r->paper.e)) == 1) {
		if (r->table.size) {
			if (stream_row(r)) return -1;
			continue;
		}
		hold_row(r);
		if ((r->held.n == SAMPLE || r->held_bytes > SAMPLE_BYTES) && show_held(r)) return -1;
	}
	if (got == 0 && !r->table.size) got = show_held(r);
	return got;
}

// --- totals ------------------------------------------------------------------------------------------------------------

struct totals { struct pdf_column column[EXPORT_WIDEST + 1]; size_t of[EXPORT_WIDEST], n; };

static struct totals totals_columns(const struct registry *r)
{
	struct totals t = {.n = 1};
	t.column[0] = (struct pdf_column){.head = "Totals by currency", .width = 8000};
	for (size_t i = 0; i < r->table.n; i++) {
		if (!r->x->column[i].sum) continue;
		t.of[t.n] = i;
		t.column[t.n++] = (struct pdf_column){.head = r->column[i].head, .width = 0, .right = true};
	}
	return t;
}

static void totals_cells(const struct registry *r, const struct totals *t, const struct export_sum *s, struct str *cell)
{
	struct buf b = {0};
	cell[0] = s->currency.n ? s->currency : S("no currency");
	for (size_t i = 1; i < t->n; i++) {
		buf_clear(&b);
		export_wide_text(&b, s->total[t->of[i]], s->digits);
		cell[i] = str_of(str_c(r->x->arena, buf_view(&b)));
	}
	buf_free(&b);
}

static int put_totals(struct registry *r)
{
	struct totals t = totals_columns(r);
	struct pdf_flow *f = &r->paper.flow;
	struct pdf_grid table = {.flow = f, .column = t.column, .n = t.n, .size = REGISTRY_SIZE};
	struct str (*cell)[EXPORT_WIDEST + 1] = arena_take(r->x->arena, (r->x->sums.n + 1) * sizeof *cell);
	int sum = t.column[0].width;
	for (size_t k = 0; k < r->x->sums.n; k++) totals_cells(r, &t, &r->x->sums.v[k], cell[k]);
	for (size_t i = 1; i < t.n; sum += t.column[i++].width) {
		t.column[i].width = pdf_measure(f->pdf, str_of(t.column[i].head), (struct pdf_style){PDF_BOLD, REGISTRY_SIZE, 0});
		for (size_t k = 0; k < r->x->sums.n; k++) {
			int w = pdf_measure(f->pdf, cell[k][i], (struct pdf_style){PDF_BOLD, REGISTRY_SIZE, 0});
			if (w > t.column[i].width) t.column[i].width = w;
		}
		t.column[i].width += 3 * GRID_PAD;
	}
	for (size_t i = 1; sum > f->right - f->left && i < t.n; i++) t.column[i].width = (f->right - f->left - t.column[0].width) / (int)(t.n - 1);
	if (flow_gap(f, 1400) || grid_head(&table)) return -1;
	for (size_t k = 0; k < r->x->sums.n; k++)
		if (grid_row(&table, cell[k], ROW_STRONG)) return -1;
	return 0;
}

static int put_end(struct registry *r)
{
	char text[128];
	bool sums = false;
	for (size_t i = 0; i < r->table.n; i++) sums |= r->x->column[i].sum;
	if (sums && r->x->sums.n && put_totals(r)) return -1;
	const struct export_counts *n = &r->x->counted;
	snprintf(text, sizeof text, "%llu row%s of %llu order%s", (unsigned long long)n->rows, n->rows == 1 ? "" : "s", (unsigned long long)n->orders, n->orders == 1 ? "" : "s");
	return flow_gap(&r->paper.flow, 800) ? -1 : flow_text(&r->paper.flow, NULL, str_of(text), small);
}

// -----------------------------------------------------------------------------------------------------------------------

static void note(struct paper *p, const struct export_flaw *f)
{
	struct export *x = ((struct registry *)(void *)p)->x; // its first member
	x->flawed += !f->more;
	if (x->flaws.n < EXPORT_FLAWS_KEPT) *VEC_PUSH(x->arena, &x->flaws) = (struct export_flaw){arena_strdup(x->arena, f->order), f->field, f->letter, f->more};
}

int export_register(struct export *x, struct err *e, const struct export_sink *to)
{
	static const char *const title[] = {"Orders", "Order lines", "Payments", "Taxes", "Parcels and their log", "Events"};
	struct registry r = {.paper = {.to = to, .e = e, .foot = title[x->o.grain], .note = note}, .x = x, .title = title[x->o.grain]};
	begin_document(&r);
	registry_columns(&r);
	int rc = all_rows(&r);
	if (rc == 0) rc = put_end(&r);
	if (rc == 0) rc = end_document(&r, true);
	paper_close(&r.paper);
	arena_free(&r.rows);
	buf_free(&r.cell);
	return rc;
}

const char *export_document_name(struct arena *a, const char *first, size_t number)
{
	struct str s = str_of(first);
	bool pdf = s.n > 4 && str_eq_nocase(str_cut(s, s.n - 4, s.n), S(".pdf")) && s.p[s.n - 5] != '/';
	size_t stem = pdf ? s.n - 4 : s.n;
	return number == 1 ? first : arena_printf(a, "%.*s-%zu%s", (int)stem, first, number, first + stem);
}
