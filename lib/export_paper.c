// A document under way: told of what its texts cannot show, given its feet in the end, handed to the sink in pieces.
#include "export_paper.h"
#include "digest.h"
#include <stdio.h>

static void refuse(struct paper *p, enum err_code code, const char *field, const char *why, const char *way)
{
	if (p->refused) return;
	p->refused = true;
	fail(p->e, code, "%s: %s: %s", p->order, field, why);
	hint(p->e, "%s", way);
}

static bool said_already(struct paper *p, const char *field, const char *text)
{
	struct buf b = {0};
	buf_printf(&b, "%s\n%s\n%s", p->order, field, text);
	bool same = str_eq(buf_view(&b), buf_view(&p->last));
	buf_free(&p->last);
	p->last = b;
	return same;
}

static void tell(struct paper *p, const char *field, const char *text)
{
	if (!said_already(p, field, text)) p->to->flaw(p->to->ctx, p->order, field, text);
}

static void tell_missing(struct paper *p, const char *field, const uint32_t *letter, size_t n)
{
	struct buf b = {0};
	buf_cstr(&b, "no font here has");
	for (size_t i = 0; i < n; i++) buf_printf(&b, " U+%04X", (unsigned)letter[i]);
	buf_cstr(&b, n == 1 ? ": a box is printed" : ": boxes are printed");
	buf_c(&b, 0);
	tell(p, field, b.p);
	buf_free(&b);
}

static void told(void *ctx, const char *field, enum pdf_flaw what, const uint32_t *letter, size_t letters)
{
	struct paper *p = ctx;
	char text[80];
	switch (what) {
	case PDF_RTL: refuse(p, E_REFUSED, field, "text that runs from right to left cannot be printed", "csv and jsonl take it; --fields and the filters leave it out"); return;
	case PDF_NO_FONT:
		if (p->to->font) refuse(p, E_DATA, field, "the file of --font is no TrueType font", "leave --font away, or give another");
		refuse(p, E_UNAVAILABLE, field, "no font with these letters is installed", "install the package fonts-liberation2 or fonts-dejavu-core");
		return;
	case PDF_MISSING: tell_missing(p, field, letter, letters); return;
	default: snprintf(text, sizeof text, "only its first %d letters are printed", PDF_CUT_AT);
	}
	tell(p, field, text);
}

void paper_open(struct paper *p, const struct pdf_options *o, const char *title)
{
	struct pdf_options own = *o;
	own.title = title, own.font = p->to->font, own.told = told, own.ctx = p;
	p->flow.pdf = pdf_open(&own);
	p->flow.ctx = p;
	p->flow.left = PAPER_MARGIN;
	p->flow.right = pdf_wide(p->flow.pdf) - PAPER_MARGIN;
	p->flow.bottom = pdf_high(p->flow.pdf) - PAPER_MARGIN - 1400;
}

void paper_close(struct paper *p)
{
	pdf_close(p->flow.pdf);
	p->flow.pdf = NULL;
	flow_free(&p->flow);
	buf_free(&p->piece);
	buf_free(&p->last);
}

static void put_feet(struct paper *p)
{
	const struct pdf_style small = {PDF_PLAIN, PAPER_SMALL, PAPER_GRAY};
	struct pdf *d = p->flow.pdf;
	int y = pdf_high(d) - PAPER_FOOT - PAPER_SMALL;
	char of[64];
	for (size_t i = 0, n = pdf_pages(d); i < n; i++) {
		pdf_back(d, i);
		int size = snprintf(of, sizeof of, "Page %zu of %zu", i + 1, n);
		flow_right(&p->flow, NULL, (struct str){of, (size_t)size}, small, p->flow.right, y);
		flow_line(&p->flow, str_of(p->foot), small, p->flow.left, y, p->flow.right - p->flow.left - 10000);
	}
}

static int hand_out(struct paper *p)
{
	enum { PIECE = 1 << 16 };
	struct sha256 hash;
	sha256_begin(&hash);
	p->sum.bytes = 0;
	buf_room(&p->piece, PIECE);
	for (size_t n; (n = pdf_read(p->flow.pdf, p->piece.p, PIECE));) {
		struct str s = {p->piece.p, n};
		sha256_add(&hash, s);
		p->sum.bytes += n;
		if (p->to->bytes(p->to->ctx, p->e, s)) return -1;
	}
	sha256_end(&hash, p->sum.sha256);
	return 0;
}

int paper_finish(struct paper *p, size_t number, bool last, int64_t at)
{
	put_feet(p);
	p->sum.pages = pdf_pages(p->flow.pdf);
	if (pdf_save(p->flow.pdf, p->e, at)) return -1;
	if (p->to->begin(p->to->ctx, p->e, number, last) || hand_out(p)) return -1;
	return p->to->end(p->to->ctx, p->e);
}
