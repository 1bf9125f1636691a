// PDF documents: widths by hand, lines that keep their width and lose nothing, flaws told, the same bytes twice, and what other
// programs (pdftotext, qpdf) read in them.
#include "arena.h"
#include "date.h"
#include "pdf_flow.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct flaws { int n[4]; uint32_t letter; size_t letters; char field[32]; };
static void told(void *ctx, const char *field, enum pdf_flaw what, const uint32_t *letter, size_t letters)
{
	struct flaws *f = ctx;
	f->n[what]++;
	if (letters) f->letter = *letter;
	f->letters = letters;
	snprintf(f->field, sizeof f->field, "%s", field);
}

static const struct pdf_style ten = {PDF_PLAIN, 1000, 0}, bold = {PDF_BOLD, 1000, 0};
static struct pdf *open_pdf(struct flaws *f) { return pdf_open(&(struct pdf_options){.title = "t", .told = f ? told : NULL, .ctx = f}); }

// All bytes of a document, saved; NUL behind them.
static char *bytes_of(struct pdf *p, size_t *n)
{
	struct buf b = {0};
	struct err e = {0};
	char piece[1000];
	if (pdf_save(p, &e, 1762000000000)) fail_msg("%s", e.text);
	for (size_t k; (k = pdf_read(p, piece, sizeof piece));) buf_add(&b, piece, k);
	*n = b.n;
	buf_c(&b, 0);
	return b.p;
}

// What a program says of the document; the file is its operand.
static char *said_by(struct pdf *p, const char *program)
{
	char name[] = "/tmp/oms-pdf-XXXXXX", line[300];
	size_t n;
	char *bytes = bytes_of(p, &n);
	int fd = mkstemp(name);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	close(fd);
	free(bytes);
	snprintf(line, sizeof line, program, name);
	FILE *in = popen(line, "r");
	struct buf b = {0};
	for (int c; (c = getc(in)) != EOF;) buf_c(&b, (char)c);
	int status = pclose(in);
	unlink(name);
	buf_c(&b, 0);
	if (status) fail_msg("%s: %d: %s", line, status, b.p);
	return b.p;
}

static void show_text(struct pdf *p, const char *text, int y)
{
	struct arena a = {0};
	struct pdf_block b = pdf_set(p, &a, "text", str_of(text), ten, 50000);
	for (size_t i = 0; i < b.n; i++) pdf_show(p, 3600, y + (int)i * 1200, &b, i);
	arena_free(&a);
}

// Adobe's Helvetica.afm and Helvetica-Bold.afm: digits 556, A 667 and 722, blank 278, Euro 556, eacute 556, i 222 and 278.
static void widths_by_hand(void **state)
{
	(void)state;
	struct pdf *p = open_pdf(NULL);
	assert_int_equal(pdf_measure(p, S("1234.50"), ten), 6 * 5560 / 10 + 278);
	assert_int_equal(pdf_measure(p, S("A i"), ten), 667 + 278 + 222);
	assert_int_equal(pdf_measure(p, S("A i"), bold), 722 + 278 + 278);
	assert_int_equal(pdf_measure(p, S("\xe2\x82\xac\xc3\xa9"), ten), 556 + 556);
	assert_int_equal(pdf_measure(p, S(""), ten), 0);
	pdf_close(p);
}

// Put together again, lines are the text, but for blanks where they were broken; none is wider than asked, unless one letter is.
static void lines_lose_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"Donaudampfschifffahrtsgesellschaftskapitaensmuetze in blue, with a very long name/and parts", "a b c d e f g h i j k l m n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"Łódź, Привет, мир длинное", "☃ ₿ab ☃☃ ₿₿₿₿-☃ Łódź",
	};
	struct arena a = {0};
	struct pdf *p = open_pdf(NULL);
	for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
		for (int width = 700; width < 30000; width += 913) {
			struct pdf_block one = pdf_set(p, &a, NULL, str_of(texts[t]), ten, 1000000), b = pdf_set(p, &a, NULL, str_of(texts[t]), ten, width);
			assert_int_equal(one.n, 1);
			size_t at = 0;
			for (size_t i = 0; i < b.n; i++) {
				assert_true(b.line[i].width <= width || b.line[i].n == 1);
				for (size_t k = 0; k < b.line[i].n; k++, at++) {
					while (one.line[0].code[at] == ' ' && b.line[i].code[k] != ' ') at++;
					assert_int_equal(b.line[i].code[k], one.line[0].code[at]);
					assert_int_equal(b.line[i].font[k], one.line[0].font[at]);
				}
			}
			assert_int_equal(at, one.line[0].n);
		}
	}
	assert_int_equal(pdf_set(p, &a, NULL, S("a\nb\r\nc\n"), ten, 10000).n, 3);
	assert_int_equal(pdf_set(p, &a, NULL, S("c\rd"), ten, 10000).line[0].n, 6); // c\x0dd
	assert_int_equal(pdf_set(p, &a, NULL, S("one two"), ten, 2000).n, 2);
	assert_int_equal(pdf_set(p, &a, NULL, S(""), ten, 2000).n, 1);
	arena_free(&a);
	pdf_close(p);
}

// So many lines of it and a … are its beginning, and no wider than asked.
static void lines_are_cut_with_a_sign(void **state)
{
	(void)state;
	static const char *const texts[] = {"one two three four five six seven eight nine ten", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "Łódź, Привет, мир длинное имя", "a\nb\nc\nd\ne"};
	struct arena a = {0};
	struct pdf *p = open_pdf(NULL);
	for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
		for (size_t most = 1; most <= 3; most++) {
			struct pdf_block all = pdf_set(p, &a, NULL, str_of(texts[t]), ten, 4000), b = pdf_set_most(p, &a, NULL, str_of(texts[t]), ten, 4000, most);
			assert_true(all.n > most);
			assert_int_equal(b.n, most);
			for (size_t i = 0; i + 1 < most; i++) assert_int_equal(b.line[i].n, all.line[i].n);
			const struct pdf_line *last = &b.line[most - 1];
			assert_true(last->width <= 4000 && last->n > 1);
			assert_int_equal(last->code[last->n - 1], last->font[last->n - 1] < 2 ? 0x85 : 0x2026);
			assert_memory_equal(last->code, all.line[most - 1].code, last->n - 1 < all.line[most - 1].n ? last->n - 1 : all.line[most - 1].n);
		}
	}
	struct pdf_block b = pdf_set_most(p, &a, NULL, S("one"), ten, 4000, 1); // all of it: no sign
	assert_int_equal(b.line[0].n, 3);
	arena_free(&a);
	pdf_close(p);
}

static void flaws_are_told(void **state)
{
	(void)state;
	static const struct { const char *text; int n[4]; uint32_t letter; } all[] = {
		{"plain, na\xc3\xafve \xe2\x82\xac", {0, 0, 0, 0}, 0},
		{"Łódź Мир Αθήνα", {0, 0, 0, 0}, 0},
		{"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", {1, 0, 0, 0}, 0},              // Hebrew
		{"order \xd8\xb3\xd9\x84\xd8\xa7\xd9\x85 here", {1, 0, 0, 0}, 0},   // Arabic within
		{"\xf0\x9e\xa4\x80", {1, 0, 0, 0}, 0},                              // Adlam, beyond the first plane
		{"tea \xe7\xbe\x8e", {0, 1, 0, 0}, 0x7f8e},                         // Han
		{"box \xf0\x9f\x93\xa6", {0, 1, 0, 0}, 0x1f4e6},                    // a picture
		{"☃ ₿", {0, 0, 0, 0}, 0},                                           // each of another font
		{"☃ ₿ Łódź \xf0\x9f\x93\xa6", {0, 1, 0, 0}, 0x1f4e6},               // and one of none
		{"\xe2\x98\xba\xef\xb8\x8f", {0, 0, 0, 0}, 0},                      // a smile, and a wish for its shape
		{"Jose\xcc\x81", {0, 0, 0, 0}, 0},                                  // e, and an accent for it
		{"e\xcc\xb2", {0, 1, 0, 0}, 0x332},                                 // a line below it: there is no such letter
		{"\xd0\xb7\xd0\xb0\xcc\x81", {0, 1, 0, 0}, 0x301},                  // Cyrillic a with a stress
		{"1\xef\xb8\x8f\xe2\x83\xa3", {0, 1, 0, 0}, 0x20e3},                // a key
	};
	struct arena a = {0};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct flaws f = {0};
		struct pdf *p = open_pdf(&f);
		struct pdf_block b = pdf_set(p, &a, "name", str_of(all[i].text), ten, 100000);
		for (int k = 0; k < 4; k++)
			if (f.n[k] != all[i].n[k]) fail_msg("%s: flaw %d told %d times", all[i].text, k, f.n[k]);
		assert_int_equal(f.letter, all[i].letter);
		if (all[i].n[PDF_RTL]) assert_int_equal(b.width, 0);
		if (all[i].letter) assert_string_equal(f.field, "name");
		(void)pdf_measure(p, str_of(all[i].text), ten);
		for (int k = 0; k < 4; k++) assert_int_equal(f.n[k], all[i].n[k]); // measuring tells nobody
		pdf_close(p);
	}
	arena_free(&a);
}

// All of them at once, each once, and only those.
static void missing_letters_are_all_told(void **state)
{
	(void)state;
	struct arena a = {0};
	struct flaws f = {0};
	struct pdf *p = open_pdf(&f);
	(void)pdf_set(p, &a, "name", S("東☃京 ₿ 東 Łódź"), ten, 100000);
	assert_int_equal(f.n[PDF_MISSING], 1);
	assert_int_equal(f.letters, 2);
	assert_int_equal(f.letter, 0x6771);
	arena_free(&a);
	pdf_close(p);
}

// Runs of one font follow each other without a gap: the width of the line is that of its parts.
static void runs_add_up(void **state)
{
	(void)state;
	struct pdf *p = open_pdf(NULL);
	int parts = pdf_measure(p, S("☃"), ten) + pdf_measure(p, S("₿"), ten);
	assert_true(parts > 1000);
	assert_int_equal(pdf_measure(p, S("☃₿"), ten), parts);
	pdf_close(p);
}

// A letter and its marks are the letter that the same name has elsewhere: in width, code and font.
static void marks_are_one_with_their_letter(void **state)
{
	(void)state;
	static const char *const names[][2] = {{"Jose\u0301", "Jos\u00e9"}, {"A\u030angstro\u0308m", "\u00c5ngstr\u00f6m"}, {"Nguye\u0302\u0303n The\u0323\u0302", "Nguy\u1ec5n Th\u1ec7"},
		{"\u0391\u03b8\u03b7\u0301\u03bd\u03b1", "\u0391\u03b8\u03ae\u03bd\u03b1"}, {"\u0438\u0306", "\u0439"}, {"L\u0301o\u0301dz\u0301", "\u0139\u00f3d\u017a"}};
	struct arena a = {0};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct flaws f = {0};
		struct pdf *p = open_pdf(&f);
		struct pdf_block apart = pdf_set(p, &a, "x", str_of(names[i][0]), ten, 100000), one = pdf_set(p, &a, "x", str_of(names[i][1]), ten, 100000);
		assert_int_equal(apart.line[0].n, one.line[0].n);
		assert_int_equal(apart.width, one.width);
		assert_memory_equal(apart.line[0].code, one.line[0].code, one.line[0].n * sizeof *one.line[0].code);
		assert_memory_equal(apart.line[0].font, one.line[0].font, one.line[0].n);
		for (int k = 0; k < 4; k++) assert_int_equal(f.n[k], 0);
		pdf_close(p);
	}
	arena_free(&a);
}

// What is no letter takes none of the room for letters, however much there is of it.
static void wishes_for_shapes_take_no_room(void **state)
{
	(void)state;
	struct arena a = {0};
	struct flaws f = {0};
	struct pdf *p = open_pdf(&f);
	struct buf b = {0};
	for (int i = 0; i < 6000; i++) buf_cstr(&b, "\xef\xb8\x8f");
	buf_cstr(&b, "END");
	struct pdf_block end = pdf_set(p, &a, "x", buf_view(&b), ten, 100000);
	assert_int_equal(end.line[0].n, 3);
	assert_int_equal(end.line[0].code[0], 'E');
	buf_clear(&b);
	for (int i = 0; i < PDF_CUT_AT; i++) buf_cstr(&b, "e\xcc\x81\xef\xb8\x8f");
	assert_int_equal(pdf_set(p, &a, "x", buf_view(&b), ten, 100000000).line[0].n, PDF_CUT_AT);
	assert_int_equal(f.n[PDF_CUT], 0);
	buf_c(&b, 'x');
	assert_int_equal(pdf_seen(p, buf_view(&b)).n, b.n);
	(void)pdf_set(p, &a, "x", buf_view(&b), ten, 100000);
	assert_int_equal(f.n[PDF_CUT], 1);
	size_t whole = b.n;
	buf_cstr(&b, "and more");
	assert_int_equal(pdf_seen(p, buf_view(&b)).n, whole);
	buf_free(&b);
	arena_free(&a);
	pdf_close(p);
}

static void long_text_is_cut_and_told(void **state)
{
	(void)state;
	struct arena a = {0};
	struct flaws f = {0};
	struct pdf *p = open_pdf(&f);
	char *text = arena_take(&a, 100001);
	memset(text, 'x', 100000);
	struct pdf_block b = pdf_set(p, &a, "note", str_of(text), ten, 100000000);
	assert_int_equal(b.line[0].n, PDF_CUT_AT);
	assert_int_equal(f.n[PDF_CUT], 1);
	(void)pdf_set(p, &a, "note", str_cut(str_of(text), 0, PDF_CUT_AT), ten, 100000000);
	assert_int_equal(f.n[PDF_CUT], 1);
	arena_free(&a);
	pdf_close(p);
}

// Text that would end a string or a text object, or move a reader's cursor, is read back as text.
static void text_stays_text(void **state)
{
	(void)state;
	static const char *const lines[] = {") Tj ET", "\\) Tj (", "(((((", ")))))", "back\\slash\\", "<</Type/Catalog>>", "=1+1", "endstream endobj", "%comment", "\xe2\x82\xac 5 \xc3\xbc\xc3\x9f \xe2\x80\x9cq\xe2\x80\x9d"};
	struct pdf *p = open_pdf(NULL);
	pdf_page(p);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) show_text(p, lines[i], 5000 + (int)i * 2000);
	show_text(p, "a\x1b[2Jb\xe2\x80\xae" "c\xc2\x9b" "d", 40000);
	char *said = said_by(p, "qpdf --check %1$s >/dev/null && pdftotext -layout %1$s -");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (!strstr(said, lines[i])) fail_msg("%s is not in: %s", lines[i], said);
	assert_non_null(strstr(said, "a\\x1b[2Jb\\u202ec\\u009bd"));
	for (const char *c = said; *c; c++) assert_true((unsigned char)*c >= ' ' || *c == '\n' || *c == '\f');
	free(said);
	pdf_close(p);
}

static void other_letters_are_read_back(void **state)
{
	(void)state;
	static const char *const lines[] = {"Łódź", "Мир", "Αθήνα", "Nguyễn", "თბილისი", "one ☃ ₿ two ☃₿☃ Łódź"};
	struct pdf *p = open_pdf(NULL);
	pdf_page(p);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) show_text(p, lines[i], 5000 + (int)i * 2000);
	char *said = said_by(p, "qpdf --check %1$s >/dev/null && pdftotext -layout %1$s - 2>/dev/null");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (!strstr(said, lines[i])) fail_msg("%s is not in: %s", lines[i], said);
	free(said);
	pdf_close(p);
}

// A line set for one document and shown in the next brings its letters with it.
static void a_line_moves_to_the_next_document(void **state)
{
	(void)state;
	struct arena a = {0};
	struct pdf *first = open_pdf(NULL), *next = open_pdf(NULL);
	struct pdf_block b = pdf_set(first, &a, NULL, S("Łódź"), ten, 100000);
	pdf_page(next);
	pdf_show(next, 1000, 2000, &b, 0);
	char *said = said_by(next, "pdftotext %1$s - 2>/dev/null && pdffonts %1$s 2>/dev/null");
	assert_non_null(strstr(said, "Łódź"));
	assert_non_null(strstr(said, "CID TrueType"));
	free(said);
	arena_free(&a);
	pdf_close(first);
	pdf_close(next);
}

static char *small_document(size_t *n)
{
	struct pdf *p = open_pdf(NULL);
	for (int i = 0; i < 3; i++) {
		pdf_page(p);
		show_text(p, "Page of Łódź and Hamburg", 3000);
		pdf_rule(p, 3600, 50000, 4000, 50, 50);
		pdf_fill(p, 3600, 5000, 1000, 1000, 90);
	}
	for (size_t i = 0; i < pdf_pages(p); i++) {
		char of[64];
		snprintf(of, sizeof of, "number %zu of %zu", i + 1, pdf_pages(p));
		pdf_back(p, i);
		show_text(p, of, 80000);
	}
	char *bytes = bytes_of(p, n);
	pdf_close(p);
	return bytes;
}

static void the_same_bytes_twice(void **state)
{
	(void)state;
	size_t n, m;
	char *one = small_document(&n);
	sleep(1); // a clock would show
	char *two = small_document(&m);
	assert_int_equal(n, m);
	assert_memory_equal(one, two, n);
	assert_non_null(strstr(one, "%PDF-1."));
	free(one);
	free(two);
}

static void pages_are_gone_back_to(void **state)
{
	(void)state;
	struct pdf *p = open_pdf(NULL);
	for (int i = 0; i < 12; i++) pdf_page(p);
	for (size_t i = pdf_pages(p); i-- > 0;) {
		char of[64];
		snprintf(of, sizeof of, "number %zu of %zu", i + 1, pdf_pages(p));
		pdf_back(p, i);
		show_text(p, of, 80000);
	}
	char *said = said_by(p, "for i in 1 5 12; do pdftotext -f $i -l $i %s -; done");
	assert_string_equal(said, "number 1 of 12\n\n\fnumber 5 of 12\n\n\fnumber 12 of 12\n\n\f");
	free(said);
	pdf_close(p);
}

// What needs it is told, and the document goes on without.
static void a_font_that_is_none_is_told(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct flaws f = {0};
	struct pdf *p = pdf_open(&(struct pdf_options){.font = "/dev/null", .told = told, .ctx = &f});
	pdf_page(p);
	(void)pdf_set(p, &a, "x", S("\xd0\x9c"), ten, 1000);
	assert_int_equal(f.n[PDF_NO_FONT], 1);
	assert_int_equal(pdf_save(p, &e, DATE_NONE), 0);
	pdf_close(p);
	arena_free(&a);
}

// --- flow ----------------------------------------------------------------------------------------------------------------

static int turned;
static int turn(struct pdf_flow *f)
{
	pdf_page(f->pdf);
	turned++;
	f->y = 4000;
	return 0;
}

static void tables_repeat_their_heads(void **state)
{
	(void)state;
	const struct pdf_column columns[] = {PDF_WORDS("Name", "name", 12000), PDF_FIGURES("Sum of all", NULL, 5000)};
	struct pdf_flow f = {.pdf = open_pdf(NULL), .left = 3600, .right = 55000, .bottom = 80000, .turn = turn};
	struct pdf_grid g = {.flow = &f, .column = columns, .n = 2, .size = 900};
	char longest[2001] = "", figure[32];
	for (int i = 0; i < 200; i++) strcat(longest, "longword ");
	turned = 0;
	assert_int_equal(turn(&f), 0);
	assert_int_equal(grid_head(&g), 0);
	for (int i = 0; i < 150; i++) {
		snprintf(figure, sizeof figure, "%d.25", 1000 + i);
		assert_int_equal(grid_row(&g, (struct str[]){i == 70 ? str_of(longest) : S("row"), str_of(figure)}, ROW_PLAIN), 0);
	}
	assert_int_equal(grid_row(&g, (struct str[]){S("wide"), S("-92233720368547758.07")}, ROW_STRONG), 0);
	char *said = said_by(f.pdf, "pdftotext -layout %s -");
	int heads = 0, words = 0;
	for (const char *c = said; (c = strstr(c, "Name")); c++) heads++;
	for (const char *c = said; (c = strstr(c, "longword")); c++) words++;
	assert_int_equal(heads, turned);
	assert_int_equal(words, 200);
	assert_true(turned >= 4);
	for (int i = 0; i < 150; i++) {
		snprintf(figure, sizeof figure, "%d.25", 1000 + i);
		assert_non_null(strstr(said, figure));
	}
	assert_non_null(strstr(said, "-92233720368547758.07")); // in one piece
	free(said);
	flow_free(&f);
	pdf_close(f.pdf);
}

// Every page is full when it begins: that is said, and not tried without end.
static int turn_to_a_full_page(struct pdf_flow *f)
{
	pdf_page(f->pdf);
	turned++;
	f->y = f->bottom - 1000;
	return 0;
}

static void a_page_without_room_is_refused(void **state)
{
	(void)state;
	const struct pdf_column columns[] = {PDF_WORDS("Name", "name", 12000)};
	struct err e = {0};
	for (int headless = 0; headless < 2; headless++) {
		struct pdf_flow f = {.pdf = open_pdf(NULL), .left = 3600, .right = 55000, .bottom = 20000, .turn = turn_to_a_full_page, .e = &e};
		struct pdf_grid g = {.flow = &f, .column = columns, .n = 1, .size = 900, .headless = headless};
		turned = 0;
		assert_int_equal(turn_to_a_full_page(&f), 0);
		assert_int_equal(headless ? grid_row(&g, (struct str[]){S("row row row row row row row")}, ROW_PLAIN) : grid_head(&g), -1);
		assert_int_equal(e.code, E_REFUSED);
		assert_int_equal(turned, 2);
		assert_int_equal(flow_text(&f, NULL, S("text"), ten), -1);
		flow_free(&f);
		pdf_close(f.pdf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths_by_hand), cmocka_unit_test(lines_lose_nothing), cmocka_unit_test(lines_are_cut_with_a_sign), cmocka_unit_test(flaws_are_told), cmocka_unit_test(marks_are_one_with_their_letter), cmocka_unit_test(wishes_for_shapes_take_no_room),
		cmocka_unit_test(long_text_is_cut_and_told),
		cmocka_unit_test(text_stays_text), cmocka_unit_test(missing_letters_are_all_told), cmocka_unit_test(runs_add_up), cmocka_unit_test(other_letters_are_read_back), cmocka_unit_test(a_line_moves_to_the_next_document), cmocka_unit_test(the_same_bytes_twice),
		cmocka_unit_test(pages_are_gone_back_to), cmocka_unit_test(a_font_that_is_none_is_told), cmocka_unit_test(tables_repeat_their_heads), cmocka_unit_test(a_page_without_room_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
