// Text set in lines: letters of a font, measured, broken at blanks.
#include "pdf_part.h"
#include "arena.h"
#include "text.h"

struct setting { // one text on its way into lines
	struct pdf *p;
	struct arena *a;
	struct pdf_block *b;
	uint16_t *code, *width;   // letters of all of it, and their widths in thousandths of the size
	uint8_t *font;            // of each
	struct pdf_font *now;     // of the last …
	int now_kind;             // … which is of this kind; -1: there is none yet
	size_t n;
	VEC(uint32_t) missing;    // letters that no font has
	VEC(struct pdf_line) lines;
};

static bool plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e) return false;
	return true;
}

// Line ends stay, a tab is a blank; whatever else cannot be seen is written out.
static struct str safe(struct buf *b, struct str s)
{
	buf_clear(b);
	while (s.n) {
		size_t n = 0;
		while (n < s.n && s.p[n] != '\n' && s.p[n] != '\t' && s.p[n] != '\r') n++;
		text_safe(b, str_cut(s, 0, n));
		if (n < s.n && s.p[n] != '\r') buf_c(b, s.p[n] == '\t' ? ' ' : '\n');
		else if (n < s.n && (n + 1 == s.n || s.p[n + 1] != '\n')) buf_c(b, '\n');
		s = str_cut(s, n + (n < s.n), s.n);
	}
	return buf_view(b);
}

static uint16_t code_of(int kind, uint32_t c)
{
	int byte = kind ? -1 : c == '\n' ? '\n' : pdf_byte_of(c);
	return kind ? (uint16_t)(c > 0xffff ? 0xfffd : c) : (uint16_t)(byte < 0 ? '?' : byte);
}

static void miss(struct setting *t, uint32_t c)
{
	for (size_t i = 0; i < t->missing.n; i++)
		if (t->missing.v[i] == c) return;
	*VEC_PUSH(t->a, &t->missing) = c;
}

// Marks that stand on the letter before them: out of its font, where that has them.
static bool is_mark(uint32_t c) { return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff); }

static int kind_of(struct setting *t, uint32_t c, const struct pdf_found *f)
{
	enum pdf_face face = t->b->style.face;
	int before = t->n ? t->font[t->n - 1] / PDF_FACES : 0;
	if (!f->mixed || c == '\n') return f->kind;
	if (is_mark(c) && pdf_kind_has(t->p, before, c, face)) return before;
	int kind = pdf_kind_of(t->p, c, face);
	if (kind < 0) miss(t, c);
	return kind < 0 ? f->kind : kind;
}

static void put_letter(struct setting *t, size_t at, uint32_t c, int kind)
{
	int font = pdf_font_index(t->p, kind, t->b->style.face);
	if (kind != t->now_kind) t->now = pdf_font_at(t->p, font), t->now_kind = kind;
	t->font[at] = (uint8_t)font;
	t->code[at] = code_of(kind, c);
	t->width[at] = c == '\n' || !t->now ? 0 : kind ? pdf_letter_width(t->now, t->code[at]) : t->now->width[t->code[at] & 255];
}

// Letters, fonts and widths of the text, PDF_CUT_AT at most; true where it had more.
static bool take_letters(struct setting *t, struct str s, const struct pdf_found *f)
{
	size_t most = s.n < PDF_CUT_AT ? s.n : PDF_CUT_AT;
	uint32_t c;
	t->code = arena_take(t->a, (most + 1) * sizeof *t->code);
	t->width = arena_take(t->a, (most + 1) * sizeof *t->width);
	t->font = arena_take(t->a, most + 1);
	for (size_t n; s.n && t->n < most; s = str_cut(s, n, s.n)) {
		if (!(n = utf8_take(s, &c))) break;
		if (c >= 0xfe00 && c <= 0xfe0f) continue; // asks for another shape of the letter before it
		put_letter(t, t->n, c, kind_of(t, c, f));
		t->n++;
	}
	if (!s.n) return false;
	put_letter(t, t->n - 1, 0x2026, kind_of(t, 0x2026, f));
	return true;
}

static bool ends_word(const struct setting *t, size_t i)
{
	return t->code[i] == ' ' || ((t->code[i] == '-' || t->code[i] == '/' || t->code[i] == ',') && i + 1 < t->n && t->code[i + 1] != ' ');
}

static void add_line(struct setting *t, size_t from, size_t to)
{
	int64_t sum = 0;
	while (to > from && t->code[to - 1] == ' ') to--;
	for (size_t i = from; i < to; i++) sum += t->width[i];
	int width = (int)(sum * t->b->style.size / 1000);
	*VEC_PUSH(t->a, &t->lines) = (struct pdf_line){t->code + from, t->font + from, to - from, width};
	if (width > t->b->width) t->b->width = width;
}

static void break_lines(struct setting *t, int64_t room)
{
	size_t from = 0, good = 0; // good: behind the last place where the line may be broken
	int64_t sum = 0;
	for (size_t i = 0; i < t->n; i++) {
		if (t->code[i] == '\n') {
			add_line(t, from, i);
			from = good = i + 1, sum = 0;
			continue;
		}
		sum += t->width[i];
		while (sum > room && i > from && t->code[i] != ' ') {
			size_t to = good > from ? good : i;
			add_line(t, from, to);
			from = good = to, sum = 0;
			for (size_t k = from; k <= i; k++) sum += t->width[k];
		}
		if (ends_word(t, i)) good = i + 1;
	}
	if (from < t->n || !t->lines.n) add_line(t, from, t->n);
}

// So many lines and no more: the last takes as many letters as it holds beside a …, whose own place is behind all of them.
static void clip_lines(struct setting *t, int64_t room, size_t most, const struct pdf_found *f)
{
	if (t->lines.n <= most) return;
	put_letter(t, t->n, 0x2026, kind_of(t, 0x2026, f));
	size_t from = (size_t)(t->lines.v[most - 1].code - t->code), to = from;
	int64_t sum = t->width[t->n];
	while (to < t->n && t->code[to] != '\n' && sum + t->width[to] <= room) sum += t->width[to++];
	while (to > from && t->code[to - 1] == ' ') to--;
	t->code[to] = t->code[t->n], t->width[to] = t->width[t->n], t->font[to] = t->font[t->n];
	t->lines.n = most - 1;
	add_line(t, from, to + 1);
}

static void tell(const struct setting *t, const char *field, const struct pdf_found *f, bool cut)
{
	const struct pdf_options *o = &t->p->o;
	if (!o->told) return;
	if (f->rtl) o->told(o->ctx, field, PDF_RTL, NULL, 0);
	if (f->none) o->told(o->ctx, field, PDF_NO_FONT, NULL, 0);
	if (t->missing.n) o->told(o->ctx, field, PDF_MISSING, t->missing.v, t->missing.n);
	if (cut) o->told(o->ctx, field, PDF_CUT, NULL, 0);
}

struct pdf_block pdf_set_most(struct pdf *p, struct arena *a, const char *field, struct str text, struct pdf_style style, int width, size_t most)
{
	struct pdf_block b = {.style = style};
	struct setting t = {.p = p, .a = a, .b = &b, .now_kind = -1};
	if (text.n > 4 * PDF_CUT_AT + 4) text = str_cut(text, 0, 4 * PDF_CUT_AT + 4); // more letters than are set, whatever they are
	bool ascii = plain(text);
	struct pdf_found f = {0};
	(void)pdf_font_base(p, style.face);
	if (!ascii) text = safe(&p->safe, text), f = pdf_font_for(p, text, style.face);
	bool cut = take_letters(&t, f.rtl ? S("") : text, &f);
	int64_t room = (int64_t)width * 1000 / (style.size ? style.size : 1);
	break_lines(&t, room);
	clip_lines(&t, room, most, &f);
	b.line = t.lines.v, b.n = t.lines.n;
	if (field && (!ascii || cut)) tell(&t, field, &f, cut);
	return b;
}

struct pdf_block pdf_set(struct pdf *p, struct arena *a, const char *field, struct str text, struct pdf_style style, int width)
{
	return pdf_set_most(p, a, field, text, style, width, SIZE_MAX);
}

void pdf_settable(struct pdf *p, struct buf *to, struct str text, enum pdf_face face)
{
	uint32_t c;
	buf_clear(&p->safe);
	text_safe(&p->safe, text);
	struct str s = buf_view(&p->safe);
	for (size_t n; s.n && (n = utf8_take(s, &c)); s = str_cut(s, n, s.n)) {
		if (!pdf_right_to_left(c) && (pdf_byte_of(c) >= 0 || pdf_kind_of(p, c, face) >= 0)) buf_add(to, s.p, n);
		else buf_printf(to, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
	}
}

int pdf_measure(struct pdf *p, struct str text, struct pdf_style style)
{
	struct arena a = {0};
	int width = pdf_set(p, &a, NULL, text, style, INT32_MAX / 1000).width;
	arena_free(&a);
	return width;
}
