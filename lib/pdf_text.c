// Text set in lines: letters of a font, measured, broken at blanks.
#include "pdf_part.h"
#include "arena.h"
#include "compose.h"
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

static size_t plain(struct str s)
{
	size_t n = 0;
	while (n < s.n && (unsigned char)s.p[n] >= 0x20 && (unsigned char)s.p[n] <= 0x7e) n++;
	return n;
}

static bool is_selector(uint32_t c) { return c >= 0xfe00 && c <= 0xfe0f; } // asks for another shape of the letter before it

static void put_utf8(struct buf *b, uint32_t c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	buf_c(b, (char)(more ? (0xff00 >> (more + 1) & 0xff) | c >> 6 * more : c));
	while (more--) buf_c(b, (char)(0x80 | (c >> 6 * more & 63)));
}

// What cannot be seen, written out; a line end and a tab, of which CSV keeps the bytes, as what they do. Letters put; *took: bytes
// of the text.
static size_t put_hidden(struct buf *b, struct str s, size_t *took)
{
	size_t before = b->n;
	bool both = *s.p == '\r' && s.n > 1 && s.p[1] == '\n';
	if (both) *took = 2;
	if (both || *s.p == '\n' || *s.p == '\t') buf_c(b, *s.p == '\t' ? ' ' : '\n');
	else text_safe(b, str_cut(s, 0, *took));
	return b->n - before;
}

// A letter with the marks behind it, as one where there is such a letter. Letters put; *took: bytes of the text.
static size_t put_whole(struct buf *b, struct str s, size_t *took)
{
	uint32_t c[COMPOSE_ROOM];
	size_t n = 0, left, one = utf8_take(s, c);
	*took = one ? one : 1;
	if (!one || utf8_hidden(*c)) return put_hidden(b, s, took);
	if (is_selector(*c)) return 0;
	for (n = 1; n <= COMPOSE_MARKS; *took += one) {
		uint32_t mark;
		one = utf8_take(str_cut(s, *took, s.n), &mark);
		if (one && is_selector(mark)) continue;
		if (!one || !compose_mark(mark) || utf8_hidden(mark)) break;
		c[n++] = mark;
	}
	left = compose(c, n);
	for (size_t i = 0; i < left; i++) put_utf8(b, c[i]);
	return left;
}

// So many letters as are set, and one more where there are more; of: the bytes of the text they were.
static struct str safe(struct buf *b, struct str s, struct str *of)
{
	*of = s;
	buf_clear(b);
	for (size_t letters = 0, took; s.n && letters <= PDF_CUT_AT; s = str_cut(s, took, s.n)) {
		took = plain(str_cut(s, 0, PDF_CUT_AT + 1 - letters));
		if (took && took < s.n && (unsigned char)s.p[took] > 0x7e) took--; // that may be a mark for this one
		if (took) buf_add(b, s.p, took), letters += took;
		else letters += put_whole(b, s, &took);
	}
	of->n -= s.n;
	return buf_view(b);
}

// All ASCII needs nothing done to it.
static struct str prepared(struct pdf *p, struct str s, struct str *of, bool *ascii)
{
	*of = str_cut(s, 0, PDF_CUT_AT + 1);
	*ascii = plain(*of) == of->n;
	return *ascii ? *of : safe(&p->safe, s, of);
}

struct str pdf_seen(struct pdf *p, struct str s)
{
	struct str of;
	bool ascii;
	(void)prepared(p, s, &of, &ascii);
	return of;
}

static uint16_t code_of(int kind, uint32_t c)
{
	int byte = kind ? -1 : c == '\n' ? '\n' : pdf_byte_of(c);
	return kind ? (uint16_t)(c > 0xffff || pdf_is_mark(c) ? 0xfffd : c) : (uint16_t)(byte < 0 ? '?' : byte);
}

static void miss(struct setting *t, uint32_t c)
{
	for (size_t i = 0; i < t->missing.n; i++)
		if (t->missing.v[i] == c) return;
	*VEC_PUSH(t->a, &t->missing) = c;
}

static int kind_of(struct setting *t, uint32_t c, const struct pdf_found *f)
{
	enum pdf_face face = t->b->style.face;
	if (pdf_is_mark(c)) return miss(t, c), f->kind;
	if (!f->mixed || c == '\n') return f->kind;
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
	struct pdf_found f = {0};
	struct str of;
	bool ascii;
	text = prepared(p, text, &of, &ascii);
	(void)pdf_font_base(p, style.face);
	if (!ascii) f = pdf_font_for(p, text, style.face);
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
	struct buf line = {0};
	text_safe(&line, text);
	struct str of, s = safe(&p->safe, buf_view(&line), &of);
	for (size_t n; s.n && (n = utf8_take(s, &c)); s = str_cut(s, n, s.n)) {
		if (!pdf_right_to_left(c) && !pdf_is_mark(c) && (pdf_byte_of(c) >= 0 || pdf_kind_of(p, c, face) >= 0)) buf_add(to, s.p, n);
		else buf_printf(to, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
	}
	buf_free(&line);
}

int pdf_measure(struct pdf *p, struct str text, struct pdf_style style)
{
	struct arena a = {0};
	int width = pdf_set(p, &a, NULL, text, style, INT32_MAX / 1000).width;
	arena_free(&a);
	return width;
}
