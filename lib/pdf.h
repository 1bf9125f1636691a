// PDF documents: pages of text and rules, made in memory, the same bytes for the same calls. Lengths are hundredths of a point,
// measured from the top left corner. No image, and no font but those every reader has and those of the system's packages.
// Source: ISO 32000-1 (PDF), Windows code page 1252, Unicode 17 (DerivedBidiClass.txt).
#ifndef PDF_H
#define PDF_H
#include "err.h"
#include "str.h"

enum { PDF_POINT = 100, PDF_A4_SHORT = 59528, PDF_A4_LONG = 84189, PDF_CUT_AT = 4000 };
enum pdf_face { PDF_PLAIN, PDF_BOLD };
struct pdf_style { enum pdf_face face; int size, gray; }; // gray: 0 black … 100 white

// What stands in the way of a text as it is: letters that run from right to left (it must not be printed: their order would be
// wrong), letters no font here has and marks that are not one with the letter before them (boxes are printed), more than
// PDF_CUT_AT letters (the rest is left out, and … says so), letters beyond Latin and no font for them installed at all.
enum pdf_flaw { PDF_RTL, PDF_MISSING, PDF_CUT, PDF_NO_FONT };
typedef void pdf_told(void *ctx, const char *field, enum pdf_flaw what, const uint32_t *letter, size_t letters); // each that is missing, once

struct pdf_options {
	const char *title;        // for a reader's window
	bool landscape;
	const char *font;         // a TrueType file in place of the system's, for what Latin letters do not cover; NULL
	pdf_told *told; void *ctx;
};
struct pdf;
struct pdf *pdf_open(const struct pdf_options *o); // never NULL: what fails is said by pdf_save
void pdf_close(struct pdf *p);
void pdf_page(struct pdf *p);                      // begins a page: what follows stands on it
void pdf_back(struct pdf *p, size_t page);         // what follows stands on that page, 0 the first
size_t pdf_pages(const struct pdf *p);
size_t pdf_held(const struct pdf *p);              // bytes its pages take in memory
int pdf_wide(const struct pdf *p);
int pdf_high(const struct pdf *p);

// Text set in lines no wider than a width: at blanks, where there is one; line ends stay. Control and bidi characters become
// visible (text_safe), a mark is one with its letter (compose.h), wishes for a letter's shape go. The lines lie in the arena. field: what the text is, for who is told of its flaws.
struct pdf_line { const uint16_t *code; const uint8_t *font; size_t n; int width; }; // font: of each letter
struct pdf_block { struct pdf_line *line; size_t n; int width; struct pdf_style style; };
struct pdf_block pdf_set(struct pdf *p, struct arena *a, const char *field, struct str text, struct pdf_style style, int width);
// The same in so many lines at most; the last of them then ends in ….
struct pdf_block pdf_set_most(struct pdf *p, struct arena *a, const char *field, struct str text, struct pdf_style style, int width, size_t most);
// So much of a text as decides what is set of it: to keep, where it is set later.
struct str pdf_seen(struct pdf *p, struct str text);
// The text on one line, with what cannot be set written out: \x0a, \u05e9 for letters that run from right to left or that no font has.
void pdf_settable(struct pdf *p, struct buf *to, struct str text, enum pdf_face face);
// Its width on one line, and nobody is told of flaws.
int pdf_measure(struct pdf *p, struct str text, struct pdf_style style);
// A line of it, its baseline at y, beginning at x.
void pdf_show(struct pdf *p, int x, int y, const struct pdf_block *b, size_t line);
void pdf_rule(struct pdf *p, int x, int to_x, int y, int thick, int gray); // below all text
void pdf_fill(struct pdf *p, int x, int y, int wide, int high, int gray);

// The document is whole: at is the date it carries (DATE_NONE: none). Then its bytes, in pieces: 0 at the end. E_IO, with the
// library's own number, where anything went wrong since it was opened; out of memory ends the program (arena.h).
int pdf_save(struct pdf *p, struct err *e, int64_t at);
size_t pdf_read(struct pdf *p, char *to, size_t room);
#endif
