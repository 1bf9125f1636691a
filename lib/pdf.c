// PDF documents: pages, what stands on them, and the bytes in the end. The library keeps the structure; the contents of a page
// are written here, in one buffer a page: by its own operators a page takes five times as long.
#include "pdf_part.h"
#include "arena.h"
#include "date.h"
#include <stdlib.h>

static void *take(HPDF_UINT n) { return must_alloc(n); }
static void give(void *m) { free(m); }

// Only notes it: the library goes on with what it has, and pdf_save tells.
static void note(HPDF_STATUS error, HPDF_STATUS detail, void *of)
{
	struct pdf *p = of;
	if (!p->failed) p->failed = error, p->detail = detail;
}

// A title is read in the reader's own alphabet: what is not ASCII might come out as anything.
static void put_title(struct pdf *p, const char *title)
{
	struct buf b = {0};
	for (; *title; title++) buf_c(&b, *title >= ' ' && *title <= '~' ? *title : '_');
	buf_c(&b, 0);
	HPDF_SetInfoAttr(p->doc, HPDF_INFO_TITLE, b.p);
	buf_free(&b);
}

struct pdf *pdf_open(const struct pdf_options *o)
{
	struct pdf *p = must_alloc(sizeof *p);
	*p = (struct pdf){.o = *o};
	p->doc = HPDF_NewEx(note, take, give, 0, p);
	HPDF_SetCompressionMode(p->doc, HPDF_COMP_ALL);
	HPDF_SetInfoAttr(p->doc, HPDF_INFO_CREATOR, "oms");
	if (o->title) put_title(p, o->title);
	return p;
}

void pdf_close(struct pdf *p)
{
	if (!p) return;
	HPDF_Free(p->doc);
	buf_free(&p->below);
	buf_free(&p->text);
	buf_free(&p->safe);
	free(p);
}

size_t pdf_pages(const struct pdf *p) { return p->pages; }
size_t pdf_held(const struct pdf *p) { return p->held; }
int pdf_wide(const struct pdf *p) { return p->o.landscape ? PDF_A4_LONG : PDF_A4_SHORT; }
int pdf_high(const struct pdf *p) { return p->o.landscape ? PDF_A4_SHORT : PDF_A4_LONG; }

// --- the page at hand --------------------------------------------------------------------------------------------------

static void put_number(struct buf *b, int v)
{
	if (v < 0) buf_c(b, '-'), v = -v;
	buf_int(b, v / 100);
	if (v % 100) buf_c(b, '.'), buf_c(b, (char)('0' + v % 100 / 10));
	if (v % 10) buf_c(b, (char)('0' + v % 10));
	buf_c(b, ' ');
}

static void write_out(struct pdf *p, const struct buf *b)
{
	HPDF_PageAttr attr = p->page->attr;
	p->held += b->n;
	if (b->n && HPDF_Stream_Write(attr->stream, (const HPDF_BYTE *)b->p, (HPDF_UINT)b->n) != HPDF_OK) note(HPDF_FILE_IO_ERROR, 0, p);
}

static void finish(struct pdf *p)
{
	if (p->text.n) buf_cstr(&p->text, "ET\n");
	if (p->page) write_out(p, &p->below), write_out(p, &p->text);
	buf_clear(&p->below);
	buf_clear(&p->text);
}

static void stand_on(struct pdf *p, HPDF_Page page)
{
	p->page = page;
	p->x = p->y = 0;
	p->shown_font = p->shown_size = p->shown_gray = p->rule_gray = p->rule_thick = -1;
	for (int i = 0; i < PDF_KINDS * PDF_FACES; i++) p->font[i / PDF_FACES][i % PDF_FACES].name = NULL;
}

void pdf_page(struct pdf *p)
{
	finish(p);
	stand_on(p, HPDF_AddPage(p->doc));
	if (!p->page) return;
	HPDF_Page_SetWidth(p->page, (HPDF_REAL)pdf_wide(p) / PDF_POINT);
	HPDF_Page_SetHeight(p->page, (HPDF_REAL)pdf_high(p) / PDF_POINT);
	p->pages++;
}

void pdf_back(struct pdf *p, size_t page)
{
	finish(p);
	stand_on(p, HPDF_GetPageByIndex(p->doc, (HPDF_UINT)page));
}

void pdf_rule(struct pdf *p, int x, int to_x, int y, int thick, int gray)
{
	struct buf *b = &p->below;
	if (p->rule_thick != thick) put_number(b, p->rule_thick = thick), buf_cstr(b, "w ");
	if (p->rule_gray != gray) put_number(b, p->rule_gray = gray), buf_cstr(b, "G ");
	put_number(b, x), put_number(b, pdf_high(p) - y), buf_cstr(b, "m ");
	put_number(b, to_x), put_number(b, pdf_high(p) - y), buf_cstr(b, "l S\n");
}

void pdf_fill(struct pdf *p, int x, int y, int wide, int high, int gray)
{
	struct buf *b = &p->below;
	put_number(b, gray), buf_cstr(b, "g ");
	put_number(b, x), put_number(b, pdf_high(p) - y - high), put_number(b, wide), put_number(b, high), buf_cstr(b, "re f\n");
}

// --- letters -----------------------------------------------------------------------------------------------------------

static void choose(struct pdf *p, int font, const struct pdf_style *st)
{
	struct pdf_font *f = &p->font[font / PDF_FACES][font % PDF_FACES];
	if (p->shown_gray != st->gray) put_number(&p->text, p->shown_gray = st->gray), buf_cstr(&p->text, "g ");
	if (p->shown_font == font && p->shown_size == st->size) return;
	p->shown_font = font, p->shown_size = st->size;
	if (!f->name) f->name = HPDF_Page_GetLocalFontName(p->page, f->font);
	if (!f->name) return; // out of what a page can hold: noted
	buf_printf(&p->text, "/%s ", f->name);
	put_number(&p->text, st->size), buf_cstr(&p->text, "Tf ");
}

static void put_bytes(struct buf *b, const uint16_t *code, size_t n)
{
	buf_c(b, '(');
	for (size_t i = 0; i < n; i++) {
		if (code[i] == '(' || code[i] == ')' || code[i] == '\\') buf_c(b, '\\');
		buf_c(b, (char)code[i]);
	}
	buf_c(b, ')');
}

// The letter is embedded by being measured, in each document anew.
static void put_letters(struct buf *b, struct pdf_font *f, const uint16_t *code, size_t n)
{
	buf_c(b, '<');
	for (size_t i = 0; i < n; i++) {
		(void)pdf_letter_width(f, code[i]);
		for (int k = 12; k >= 0; k -= 4) buf_c(b, "0123456789abcdef"[code[i] >> k & 15]);
	}
	buf_c(b, '>');
}

// Letters of one font; the next go on where these end.
static void show_run(struct pdf *p, const struct pdf_line *l, size_t from, size_t n, const struct pdf_style *st)
{
	struct pdf_font *f = pdf_font_at(p, l->font[from]);
	if (!f) return;
	choose(p, l->font[from], st);
	if (l->font[from] < PDF_FACES) put_bytes(&p->text, l->code + from, n);
	else put_letters(&p->text, f, l->code + from, n);
	buf_cstr(&p->text, "Tj\n");
}

void pdf_show(struct pdf *p, int x, int y, const struct pdf_block *block, size_t line)
{
	const struct pdf_line *l = &block->line[line];
	if (!l->n || !p->page) return;
	struct buf *b = &p->text;
	if (!b->n) buf_cstr(b, "BT\n");
	y = pdf_high(p) - y;
	put_number(b, x - p->x), put_number(b, y - p->y), buf_cstr(b, "Td ");
	p->x = x, p->y = y;
	for (size_t from = 0, to; from < l->n; from = to) {
		for (to = from + 1; to < l->n && l->font[to] == l->font[from];) to++;
		show_run(p, l, from, to - from, &block->style);
	}
}

// --- the bytes ---------------------------------------------------------------------------------------------------------

static void put_date(struct pdf *p, int64_t at)
{
	struct civil c = date_civil(at, NULL);
	HPDF_Date d = {c.year, c.month, c.day, c.hour, c.minute, c.second, 'Z', 0, 0};
	HPDF_SetInfoDateAttr(p->doc, HPDF_INFO_CREATION_DATE, d);
}

int pdf_save(struct pdf *p, struct err *e, int64_t at)
{
	finish(p);
	p->page = NULL;
	if (at != DATE_NONE) put_date(p, at);
	if (!p->failed && HPDF_SaveToStream(p->doc) == HPDF_OK) HPDF_ResetStream(p->doc);
	if (!p->failed) return 0;
	return fail(e, E_IO, "the PDF cannot be made: libharu says 0x%04lx (%lu)", (unsigned long)p->failed, (unsigned long)p->detail);
}

size_t pdf_read(struct pdf *p, char *to, size_t room)
{
	HPDF_UINT32 n = (HPDF_UINT32)room;
	HPDF_ReadFromStream(p->doc, (HPDF_BYTE *)to, &n); // at the end it says so, and 0 bytes were read
	return n;
}
