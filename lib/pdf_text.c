// Text set in lines: letters of a font, measured, broken at blanks.
#include "pdf_part.h"
#include "arena.h"
#include "text.h"

struct setting { // one text on its way into lines
	struct pdf *p;
	struct arena *a;
	struct pdf_block *b;
	uint16_t *code, *width;   // letters of all of it, and their widths in thousandths of the size
	size_t n;
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

// Letters and widths of the text, PDF_CUT_AT at most; true where it had more.
static bool take_letters(struct setting *t, struct str s, int kind)
{
	struct pdf_font *f = pdf_font_at(t->p, t->b->font);
	size_t most = s.n < PDF_CUT_AT ? s.n : PDF_CUT_AT;
	uint32_t c;
	t->code = arena_take(t->a, (most + 1) * sizeof *t->code);
	t->width = arena_take(t->a, (most + 1) * sizeof *t->width);
	for (size_t n; s.n && t->n < most; s = str_cut(s, n, s.n)) {
		if (!(n = utf8_take(s, &c))) break;
		if (c >= 0xfe00 && c <= 0xfe0f) continue; // asks for another shape of the letter before it
		t->code[t->n] = code_of(kind, c);
		t->width[t->n] = c == '\n' || !f ? 0 : kind ? pdf_letter_width(f, t->code[t->n]) : f->width[t->code[t->n] & 255];
		t->n++;
	}
	if (!s.n) return false;
	t->code[t->n - 1] = code_of(kind, 0x2026);
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
	*VEC_PUSH(t->a, &t->lines) = (struct pdf_line){t->code + from, to - from, width};
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

static void tell(struct pdf *p, const char *field, const struct pdf_found *f, bool cut)
{
	if (!p->o.told) return;
	if (f->rtl) p->o.told(p->o.ctx, field, PDF_RTL, 0);
	if (f->none) p->o.told(p->o.ctx, field, PDF_NO_FONT, 0);
	if (f->missing) p->o.told(p->o.ctx, field, PDF_MISSING, f->missing);
	if (cut) p->o.told(p->o.ctx, field, PDF_CUT, 0);
}

struct pdf_block pdf_set(struct pdf *p, struct arena *a, const char *field, struct str text, struct pdf_style style, int width)
{
	struct pdf_block b = {.style = style};
	struct setting t = {.p = p, .a = a, .b = &b};
	if (text.n > 4 * PDF_CUT_AT + 4) text = str_cut(text, 0, 4 * PDF_CUT_AT + 4); // more letters than are set, whatever they are
	bool ascii = plain(text);
	struct pdf_found f = {0};
	(void)pdf_font_base(p, style.face);
	if (!ascii) text = safe(&p->safe, text), f = pdf_font_for(p, text, style.face);
	b.font = f.kind * PDF_FACES + (f.kind && p->o.font ? PDF_PLAIN : (int)style.face);
	bool cut = take_letters(&t, f.rtl ? S("") : text, f.kind);
	break_lines(&t, (int64_t)width * 1000 / (style.size ? style.size : 1));
	b.line = t.lines.v, b.n = t.lines.n;
	if (field && (!ascii || cut)) tell(p, field, &f, cut);
	return b;
}

int pdf_measure(struct pdf *p, struct str text, struct pdf_style style)
{
	struct arena a = {0};
	int width = pdf_set(p, &a, NULL, text, style, INT32_MAX / 1000).width;
	arena_free(&a);
	return width;
}
