// Fonts: Latin letters in those every reader has; for others a font of a package is loaded, where there is one.
#include "pdf_part.h"
#include <unistd.h>

// Of Latin shape like Helvetica, so that both stand side by side; then one with more letters. fonts-liberation of later
// Debian has the folder without a number.
static const char *const packaged[PDF_KINDS - 1][PDF_FACES][2] = {
	{{"/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf", "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"},
	 {"/usr/share/fonts/truetype/liberation2/LiberationSans-Bold.ttf", "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"}},
	{{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf"},
	 {"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf"}},
};

int pdf_byte_of(uint32_t c)
{
	static const uint16_t high[32] = { // 0x80 to 0x9f
		0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
		0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
	};
	if (c < 0x7f || (c >= 0xa0 && c <= 0xff)) return (int)c;
	for (int i = 0; c > 0xff && i < 32; i++)
		if (high[i] == c) return 0x80 + i;
	return -1;
}

// Hebrew, Arabic, Syriac, Thaana, N'Ko, … and what is theirs among presentation forms and beyond the first plane.
bool pdf_right_to_left(uint32_t c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

// A mark that is no one letter with what stands before it: drawn by itself it would stand beside it, whatever the font.
bool pdf_is_mark(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x483 && c <= 0x489) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
		(c >= 0x3099 && c <= 0x309a) || (c >= 0xfe20 && c <= 0xfe2f);
}

static bool has_letter(const struct pdf_font *f, uint32_t c) { return c <= 0xffff && HPDF_TTFontDef_GetGlyphid(f->def, (HPDF_UINT16)c) != 0; }

struct pdf_font *pdf_font_base(struct pdf *p, enum pdf_face face)
{
	struct pdf_font *f = &p->font[0][face];
	if (f->looked) return f;
	f->looked = true;
	f->font = HPDF_GetFont(p->doc, face == PDF_BOLD ? "Helvetica-Bold" : "Helvetica", "WinAnsiEncoding");
	for (int c = 32; f->font && c < 256; c++) f->width[c] = (uint16_t)HPDF_Font_TextWidth(f->font, &(HPDF_BYTE){(HPDF_BYTE)c}, 1).width;
	return f;
}

static const char *file_of(const struct pdf *p, int kind, enum pdf_face face)
{
	if (p->o.font) return kind == 1 ? p->o.font : NULL;
	for (int i = 0; i < 2; i++)
		if (access(packaged[kind - 1][face][i], R_OK) == 0) return packaged[kind - 1][face][i];
	return NULL;
}

// What a reader that searches and copies takes the codes for: they are the letters themselves. Ranges end with their last byte,
// and a block has a hundred at most (ISO 32000-1, 9.10.3).
static void put_map(struct buf *b)
{
	enum { RANGES = 256, BLOCK = 100 };
	buf_cstr(b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	for (int i = 0; i < RANGES; i++) {
		if (i % BLOCK == 0) buf_printf(b, "%d beginbfrange\n", RANGES - i < BLOCK ? RANGES - i : BLOCK);
		buf_printf(b, "<%02X00> <%02XFF> <%02X00>\n", (unsigned)i, (unsigned)i, (unsigned)i);
		if (i % BLOCK == BLOCK - 1 || i == RANGES - 1) buf_cstr(b, "endbfrange\n");
	}
	buf_cstr(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}

// The library's own map maps to glyphs, which is no map to letters, and readers complain of it.
static void map_letters(struct pdf_font *f)
{
	HPDF_Dict map = HPDF_Dict_GetItem(f->font, "ToUnicode", HPDF_OCLASS_DICT);
	struct buf b = {0};
	if (!map || !map->stream) return;
	put_map(&b);
	HPDF_MemStream_FreeData(map->stream);
	HPDF_Stream_Write(map->stream, (const HPDF_BYTE *)b.p, (HPDF_UINT)b.n); // where that fails the document notes it
	buf_free(&b);
}

static struct pdf_font *embedded(struct pdf *p, int kind, enum pdf_face face)
{
	if (p->o.font) face = PDF_PLAIN; // it is one file
	struct pdf_font *f = &p->font[kind][face];
	const char *file = f->looked ? NULL : file_of(p, kind, face);
	f->looked = true;
	if (!file) return f->font ? f : NULL;
	if (p->o.font && !pdf_is_truetype(file)) return NULL;
	if (!p->utf) HPDF_UseUTFEncodings(p->doc);
	p->utf = true;
	HPDF_STATUS before = p->failed;
	const char *name = HPDF_LoadTTFontFromFile(p->doc, file, HPDF_TRUE);
	f->font = name ? HPDF_GetFont(p->doc, name, "UTF-8") : NULL;
	if (!name && !before) p->failed = 0, HPDF_ResetError(p->doc); // as if it were not there: whoever needs it is told
	if (f->font) f->def = ((HPDF_FontAttr)f->font->attr)->fontdef, map_letters(f);
	return f->font ? f : NULL;
}

struct pdf_font *pdf_font_at(struct pdf *p, int font)
{
	enum pdf_face face = (enum pdf_face)(font % PDF_FACES);
	struct pdf_font *f = font < PDF_FACES ? pdf_font_base(p, face) : embedded(p, font / PDF_FACES, face);
	return f && f->font ? f : NULL;
}

static bool has_all(const struct pdf_font *f, struct str s)
{
	uint32_t c;
	for (size_t n; s.n && (n = utf8_take(s, &c)); s = str_cut(s, n, s.n))
		if (c != '\n' && !pdf_is_mark(c) && !has_letter(f, c)) return false;
	return true;
}

int pdf_font_index(const struct pdf *p, int kind, enum pdf_face face)
{
	return kind * PDF_FACES + (kind && p->o.font ? PDF_PLAIN : (int)face); // that of --font is one file
}

bool pdf_kind_has(struct pdf *p, int kind, uint32_t c, enum pdf_face face)
{
	const struct pdf_font *f = kind ? embedded(p, kind, face) : NULL;
	return kind ? f && has_letter(f, c) : pdf_byte_of(c) >= 0;
}

// Beside letters beyond Latin those of Latin come out of the same font, where it has them.
int pdf_kind_of(struct pdf *p, uint32_t c, enum pdf_face face)
{
	for (int kind = 1; kind < PDF_KINDS; kind++)
		if (pdf_kind_has(p, kind, c, face)) return kind;
	return pdf_kind_has(p, 0, c, face) ? 0 : -1;
}

static bool latin(struct str s, bool *rtl)
{
	uint32_t c;
	bool all = true;
	for (size_t n; s.n && (n = utf8_take(s, &c)); s = str_cut(s, n, s.n)) {
		if (pdf_byte_of(c) < 0) all = false;
		if (pdf_right_to_left(c)) *rtl = true;
	}
	return all;
}

struct pdf_found pdf_font_for(struct pdf *p, struct str safe, enum pdf_face face)
{
	struct pdf_found to = {0};
	if (latin(safe, &to.rtl) || to.rtl) return to;
	for (int kind = 1; kind < PDF_KINDS; kind++) {
		struct pdf_font *f = embedded(p, kind, face);
		if (f && has_all(f, safe)) return to.kind = kind, to;
		if (f && !to.kind) to.kind = kind;
	}
	to.none = !to.kind;
	to.mixed = !to.none;
	return to;
}

uint16_t pdf_letter_width(struct pdf_font *f, uint16_t c)
{
	unsigned at = (c ^ c >> 8) & 255;
	if (f->letter[at] == c) return f->width[at];
	f->letter[at] = c;
	return f->width[at] = (uint16_t)HPDF_Font_GetUnicodeWidth(f->font, c);
}
