// What the parts of pdf share: the document and its fonts.
#ifndef PDF_PART_H
#define PDF_PART_H
#include "pdf.h"
#include <hpdf.h>

enum { PDF_FACES = 2, PDF_KINDS = 3 }; // kinds: of every reader; of the first package; of the second
struct pdf_font {
	HPDF_Font font;       // NULL: not loaded
	HPDF_FontDef def;     // of an embedded one
	bool looked;          // was looked for
	const char *name;     // in the resources of the page at hand; NULL: not there yet
	uint16_t width[256];  // thousandths of the size; of an embedded one by the letter's hash
	uint16_t letter[256]; // whose width that is
};
struct pdf {
	struct pdf_options o;
	HPDF_Doc doc;
	HPDF_Page page;
	HPDF_STATUS failed, detail; // the first
	size_t pages, held;
	struct pdf_font font[PDF_KINDS][PDF_FACES];
	struct buf below, text;     // of the page at hand: rules; letters
	int x, y, shown_font, shown_size, shown_gray, rule_gray, rule_thick;
	bool utf;                   // the encoding for embedded fonts is there
	struct buf safe;            // scratch
};

// The font of a text, by its kind, with what was found on the way. mixed: no font has all of its letters; each is then set in
// the first font that has it, or is a box of that kind.
struct pdf_found { int kind; bool rtl, none, mixed; };
struct pdf_found pdf_font_for(struct pdf *p, struct str safe, enum pdf_face face);
int pdf_kind_of(struct pdf *p, uint32_t c, enum pdf_face face); // of the first font that has the letter; -1
bool pdf_kind_has(struct pdf *p, int kind, uint32_t c, enum pdf_face face);
int pdf_font_index(const struct pdf *p, int kind, enum pdf_face face);
struct pdf_font *pdf_font_base(struct pdf *p, enum pdf_face face);
struct pdf_font *pdf_font_at(struct pdf *p, int font); // kind * PDF_FACES + face; loaded, or NULL
int pdf_byte_of(uint32_t c);                                // in code page 1252; -1
bool pdf_right_to_left(uint32_t c);
bool pdf_is_mark(uint32_t c);                               // a box is set for it
bool pdf_is_truetype(const char *file);                     // and one that the library may be given
uint16_t pdf_letter_width(struct pdf_font *f, uint16_t c);  // of an embedded font; the letter then is embedded
#endif
