// A row's cells as a line of CSV or as a JSON record.
#include "csv.h"
#include "export_part.h"
#include "member.h"
#include "shape.h"
#include "text.h"

static bool plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e) return false;
	return true;
}

// Line ends and tabs may stand in a quoted cell; whatever else cannot be seen or moves a cursor is written out.
struct str export_safe(struct buf *b, struct str s)
{
	if (plain(s)) return s;
	buf_clear(b);
	while (s.n) {
		size_t n = 0;
		while (n < s.n && s.p[n] != '\n' && s.p[n] != '\t' && (s.p[n] != '\r' || n + 1 == s.n || s.p[n + 1] != '\n')) n++;
		text_safe(b, str_cut(s, 0, n));
		if (n < s.n) buf_c(b, s.p[n++]);
		s = str_cut(s, n, s.n);
	}
	return buf_view(b);
}

// Local dates by the quarter of an hour: since 1972 no zone's clocks have been moved, nor a day begun, within one.
static struct str local_day(struct export_writer *w, int64_t at)
{
	enum { SLICE = 15 * 60 * 1000 };
	int64_t slice = at / SLICE;
	bool kept = at >= 94694400000 && slice == w->day_slice;
	if (!kept) {
		struct civil c = date_civil(at, w->zone);
		char *to = w->day;
		for (int i = 3, v = c.year; i >= 0; i--, v /= 10) to[i] = (char)('0' + v % 10);
		to[4] = to[7] = '-';
		to[5] = (char)('0' + c.month / 10), to[6] = (char)('0' + c.month % 10);
		to[8] = (char)('0' + c.day / 10), to[9] = (char)('0' + c.day % 10);
		w->day_slice = slice;
	}
	return (struct str){w->day, 10};
}

// What of a profile is one word; absent for the others.
static struct str profile_text(enum export_kind kind, const struct export_profile *p)
{
	switch (kind) {
	case P_SOURCE: return p->source;
	case P_SEGMENT: return p->segment.n ? p->segment : (struct str){NULL, 0};
	case P_STATUS: return str_of(axis_word(AXIS_STATUS, (int)p->status));
	case P_PAYMENT: return str_of(axis_word(AXIS_PAYMENT, (int)p->payment));
	case P_FULFILMENT: return str_of(axis_word(AXIS_FULFILMENT, (int)p->fulfilment));
	default: return (struct str){NULL, 0};
	}
}

static struct str text_of(struct export_writer *w, const struct export_column *c, const struct export_cell *cell, const struct export_profile *p)
{
	if (c->kind == X_ON) return local_day(w, cell->i);
	if (c->kind == X_WORD) return str_of(axis_word(c->axis, (int)cell->i));
	return c->kind >= P_SOURCE ? profile_text(c->kind, p) : cell->s;
}

static bool is_int(enum export_kind kind) { return kind >= X_INT && kind <= X_WORD; }

// --- CSV ---------------------------------------------------------------------------------------------------------------

static void csv_text(struct export_writer *w, struct buf *b, struct str s)
{
	if (s.n) w->guarded += csv_cell(b, export_safe(&w->safe, s), ',', w->form == EXPORT_CSV_EXCEL);
}

static void csv_attention(struct buf *b, unsigned bits)
{
	bool first = true;
	for (int i = 0; i < ATTENTION_COUNT; i++) {
		if (!(bits >> i & 1)) continue;
		if (!first) buf_c(b, ' ');
		buf_cstr(b, axis_word(AXIS_ATTENTION, i));
		first = false;
	}
}

static void csv_one(struct export_writer *w, struct buf *b, const struct export_column *c, const struct export_cell *cell, int digits, const struct export_profile *p)
{
	if (is_int(c->kind) && cell->i == INT64_MIN) return;
	switch (c->kind) {
	case X_INT: case X_MINOR: buf_int(b, cell->i); return;
	case X_MONEY: money_text(b, cell->i, digits); return;
	case X_AT: date_text(b, cell->i); return;
	case X_FLAG: buf_cstr(b, cell->i ? "true" : "false"); return;
	case P_ATTENTION: csv_attention(b, p->attention); return;
	case X_ON: buf_str(b, local_day(w, cell->i)); return;
	case X_TEXT: csv_text(w, b, cell->s); return;
	case X_JSON: // stays JSON: what cannot be seen becomes \u
		buf_clear(&w->json);
		shape_line(&w->json, cell->s, true);
		csv_text(w, b, buf_view(&w->json));
		return;
	default: csv_text(w, b, text_of(w, c, cell, p));
	}
}

static void csv_row(struct export_writer *w, struct buf *b, const struct export_cell *cell, int digits, const struct export_profile *p)
{
	size_t before = b->n;
	for (size_t i = 0; i < w->n; i++) {
		if (i) buf_c(b, ',');
		csv_one(w, b, &w->column[i], &cell[i], digits, p);
	}
	if (w->n == 1 && b->n == before) buf_cstr(b, "\"\""); // readers pass over a line that is empty
	buf_cstr(b, "\r\n");
}

// --- a page ------------------------------------------------------------------------------------------------------------

static struct str local_minute(struct export_writer *w, struct buf *b, int64_t at)
{
	buf_clear(b);
	date_local(b, at, w->zone); // 2026-11-03 10:15:00 +01:00, and the zone stands above all rows
	return str_cut(buf_view(b), 0, 16);
}

static struct str words(struct buf *b, struct str word)
{
	buf_clear(b);
	for (size_t i = 0; i < word.n; i++) buf_c(b, word.p[i] == '_' ? ' ' : word.p[i]);
	return buf_view(b);
}

struct str export_plain(struct export_writer *w, struct buf *b, const struct export_column *c, const struct export_cell *cell, int digits, const struct export_profile *p)
{
	if (is_int(c->kind) && cell->i == INT64_MIN) return S("");
	buf_clear(b);
	switch (c->kind) {
	case X_INT: case X_MINOR: buf_int(b, cell->i); break;
	case X_MONEY: money_text(b, cell->i, digits); break;
	case X_AT: return local_minute(w, b, cell->i);
	case X_FLAG: buf_cstr(b, cell->i ? "yes" : "no"); break;
	case P_ATTENTION: csv_attention(b, p->attention); break;
	case X_WORD: case P_STATUS: case P_PAYMENT: case P_FULFILMENT: return words(b, text_of(w, c, cell, p));
	default: return text_of(w, c, cell, p);
	}
	return buf_view(b);
}

// --- JSON --------------------------------------------------------------------------------------------------------------

static void json_whole(struct buf *b, const struct export_column *c, int64_t v, int digits)
{
	if (c->kind == X_FLAG) buf_cstr(b, v ? "true" : "false");
	else if (c->kind == X_INT || c->kind == X_MINOR) buf_int(b, v);
	else {
		buf_c(b, '"');
		if (c->kind == X_MONEY) money_text(b, v, digits);
		else date_text(b, v);
		buf_c(b, '"');
	}
}

static void json_one(struct export_writer *w, struct buf *b, const struct export_column *c, const struct export_cell *cell, int digits, const struct export_profile *p)
{
	if (is_int(c->kind) && cell->i == INT64_MIN) return;
	bool number = is_int(c->kind) && c->kind != X_ON && c->kind != X_WORD;
	struct str s = number ? S("") : text_of(w, c, cell, p);
	if (!s.p && c->kind != P_ATTENTION) return;
	member_key(b, c->name);
	if (number) json_whole(b, c, cell->i, digits);
	else if (c->kind == P_ATTENTION) axis_list(b, AXIS_ATTENTION, p->attention);
	else if (c->kind == X_JSON) buf_str(b, s);
	else buf_json(b, s);
}

static void json_row(struct export_writer *w, struct buf *b, const struct export_cell *cell, int digits, const struct export_profile *p)
{
	member_record(b, w->schema);
	for (size_t i = 0; i < w->n; i++) json_one(w, b, &w->column[i], &cell[i], digits, p);
	buf_cstr(b, "}\n");
}

// -----------------------------------------------------------------------------------------------------------------------

void export_write_head(struct export_writer *w, struct buf *b)
{
	for (size_t i = 0; i < w->n; i++) {
		if (i) buf_c(b, ',');
		buf_cstr(b, w->column[i].name);
	}
	buf_cstr(b, "\r\n");
}

void export_write_row(struct export_writer *w, struct buf *b, const struct export_cell *cell, int digits, const struct export_profile *p)
{
	if (w->form == EXPORT_JSONL) json_row(w, b, cell, digits, p);
	else csv_row(w, b, cell, digits, p);
}
