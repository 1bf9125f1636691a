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

// What was told of the order at hand is kept: once is enough for a field, on however many lines of it.
static bool said_already(struct paper *p, const char *field, const char *what)
{
	struct str order = str_of(p->order);
	struct buf b = {0};
	if (!str_eq(buf_view(&p->told_of), order)) buf_clear(&p->told), buf_clear(&p->told_of), buf_str(&p->told_of, order);
	buf_printf(&b, "\n%s %s\n", field, what);
	bool said = p->told.n && memmem(p->told.p, p->told.n, b.p, b.n);
	if (!said) buf_str(&p->told, buf_view(&b));
	buf_free(&b);
	return said;
}

_Static_assert((int)EXPORT_LETTERS_MOST == (int)PDF_CUT_AT, "what is said of a cut is what is cut");

static void tell(struct paper *p, const struct export_flaw *f)
{
	if (p->note) p->note(p, f);
	p->to->flaw(p->to->ctx, f);
}

// Each letter once a field of an order: of the lines of an order each may have others.
static void tell_missing(struct paper *p, const char *field, const uint32_t *letter, size_t n)
{
	char key[16];
	bool again = said_already(p, field, "missing");
	for (size_t i = 0; i < n; i++) {
		snprintf(key, sizeof key, "U+%04X", (unsigned)letter[i]);
		if (said_already(p, field, key)) continue;
		tell(p, &(struct export_flaw){p->order, field, letter[i], again});
		again = true;
	}
}

static void told(void *ctx, const char *field, enum pdf_flaw what, const uint32_t *letter, size_t letters)
{
	struct paper *p = ctx;
	switch (what) {
	case PDF_RTL: refuse(p, E_REFUSED, field, "text that runs from right to left cannot be printed", "csv and jsonl take it; --fields and the filters leave it out"); return;
	case PDF_NO_FONT:
		if (p->to->font) refuse(p, E_DATA, field, "the file of --font is no TrueType font", "leave --font away, or give another");
		refuse(p, E_UNAVAILABLE, field, "no font with these letters is installed", "install the package fonts-liberation2 or fonts-dejavu-core");
		return;
	case PDF_MISSING: tell_missing(p, field, letter, letters); return;
	default: if (!said_already(p, field, "cut")) tell(p, &(struct export_flaw){p->order, field, 0, false});
	}
}

void paper_open(struct paper *p, const struct pdf_options *o, const char *title)
{
	struct pdf_options own = *o;
	own.title = title, own.font = p->to->font, own.told = told, own.ctx = p;
	p->flow.pdf = pdf_open(&own);
	p->flow.ctx = p, p->flow.e = p->e;
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
	buf_free(&p->told);
	buf_free(&p->told_of);
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
		flow_most(&p->flow, NULL, str_of(p->foot), small, p->flow.left, y, p->flow.right - p->flow.left - 10000, 1);
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
