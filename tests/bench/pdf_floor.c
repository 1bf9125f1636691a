// The measuring stick of PDF: rows of cells out of a TSV file (no header) drawn by libharu's own operators on as many pages as
// oms-export takes, compressed, 500 pages a document; no store, no choosing, no wrapping, no checks. pdf_floor ROWS-A-PAGE FILE OUT
#include <hpdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 64, ROW = 1311, WIDE = 770, LEFT = 36, TOP = 520 };

static void wrong(HPDF_STATUS error, HPDF_STATUS detail, void *of)
{
	(void)of;
	fprintf(stderr, "pdf_floor: 0x%lx %lu\n", (unsigned long)error, (unsigned long)detail);
	exit(1);
}

static int is_figure(const char *s) { return s[strspn(s, "-0123456789.")] == 0 && *s; }

static void put(HPDF_Page page, float x, float y, float to, const char *text)
{
	float at = is_figure(text) ? to - HPDF_Page_TextWidth(page, text) : x;
	HPDF_Page_BeginText(page);
	HPDF_Page_TextOut(page, at, y, text);
	HPDF_Page_EndText(page);
}

static void finish(HPDF_Doc doc, HPDF_Font font, FILE *out, int pages)
{
	unsigned char piece[65536];
	char foot[64];
	for (int i = 0; i < pages; i++) {
		HPDF_Page page = HPDF_GetPageByIndex(doc, (HPDF_UINT)i);
		snprintf(foot, sizeof foot, "Page %d of %d", i + 1, pages);
		HPDF_Page_SetFontAndSize(page, font, 7.5f);
		put(page, 700, 30, 800, foot);
	}
	HPDF_SaveToStream(doc);
	HPDF_ResetStream(doc);
	for (HPDF_UINT32 n = sizeof piece; HPDF_ReadFromStream(doc, piece, &n), n; n = sizeof piece) fwrite(piece, 1, n, out);
	HPDF_Free(doc);
}

int main(int argc, char **argv)
{
	char line[65536], *cell[COLUMNS];
	int a_page = argc == 4 ? atoi(argv[1]) : 0, row = 0, pages = 0;
	FILE *in = a_page ? fopen(argv[2], "r") : NULL, *out = in ? fopen(argv[3], "w") : NULL;
	HPDF_Doc doc = NULL;
	HPDF_Font font = NULL;
	HPDF_Page page = NULL;
	if (!out) return 64;
	while (fgets(line, sizeof line, in)) {
		int n = 0;
		line[strcspn(line, "\n")] = 0;
		for (char *at = line; n < COLUMNS && (cell[n] = strsep(&at, "\t")); n++) {}
		if (row % a_page == 0) {
			if (pages == 500) finish(doc, font, out, pages), doc = NULL;
			if (!doc) {
				doc = HPDF_New(wrong, NULL), pages = 0;
				HPDF_SetCompressionMode(doc, HPDF_COMP_ALL);
				font = HPDF_GetFont(doc, "Helvetica", "WinAnsiEncoding");
			}
			page = HPDF_AddPage(doc), pages++;
			HPDF_Page_SetSize(page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_LANDSCAPE);
			HPDF_Page_SetFontAndSize(page, font, 7.5f);
			HPDF_Page_SetLineWidth(page, 0.25f);
			for (int i = 0; i < n; i++) put(page, (float)(LEFT + i * WIDE / n), TOP + 20, 0, "Heading");
		}
		float y = (float)TOP - (float)(row % a_page) * ROW / 100;
		for (int i = 0; i < n; i++) put(page, (float)(LEFT + i * WIDE / n), y, (float)(LEFT + (i + 1) * WIDE / n), cell[i]);
		HPDF_Page_MoveTo(page, LEFT, y - 3);
		HPDF_Page_LineTo(page, LEFT + WIDE, y - 3);
		HPDF_Page_Stroke(page);
		row++;
	}
	if (doc) finish(doc, font, out, pages);
	return fclose(out) ? 74 : 0;
}
