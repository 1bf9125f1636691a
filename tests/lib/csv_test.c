// CSV in: cells as they stand, exact lines, one broken row costs one row; and cells out.
#include "csv.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

struct from { struct str text; size_t at, step; };

static int64_t give(void *of, char *to, size_t room)
{
	struct from *f = of;
	size_t n = f->text.n - f->at;
	if (n > room) n = room;
	if (f->step && n > f->step) n = f->step;
	if (n) memcpy(to, f->text.p + f->at, n);
	f->at += n;
	return (int64_t)n;
}

// All rows as text: "LINE[cell|cell]" or "LINE!code", read in pieces of `step` bytes.
static void rows(struct str text, char delimiter, size_t step, struct buf *b)
{
	struct from f = {text, 0, step};
	struct csv_reader *r = csv_open(delimiter, give, &f);
	struct csv_row row;
	uint64_t end = 0;
	buf_clear(b);
	while (csv_next(r, &row) == 1) {
		assert_true(row.at >= end && row.end > row.at && row.end <= text.n);
		if (!row.broken || strcmp(row.broken, "csv_size")) assert_true(str_eq(row.raw, str_cut(text, row.at, row.end)));
		end = row.end;
		buf_int(b, (int64_t)row.line);
		if (row.broken) buf_printf(b, "!%s", row.broken);
		assert_true(!row.broken == !row.why);
		for (size_t i = 0; i < row.n; i++) {
			buf_c(b, i ? '|' : '[');
			buf_str(b, row.cell[i]);
		}
		if (!row.broken) buf_c(b, ']');
		buf_c(b, ' ');
	}
	csv_close(r);
	buf_c(b, 0);
}

static void expect(struct str text, char delimiter, const char *want)
{
	struct buf b = {0};
	for (size_t step = 0; step < 4; step++) { // however the bytes come in
		rows(text, delimiter, step, &b);
		if (strcmp(b.p, want)) fail_msg("step %zu: " STR_FMT "\n gave %s\n not  %s", step, STR_ARG(text), b.p, want);
	}
	buf_free(&b);
}

static void cells_as_they_stand(void **state)
{
	(void)state;
	expect(S(""), ',', "");
	expect(S("a,b\n1,2\n"), ',', "1[a|b] 2[1|2] ");
	expect(S("a,b\n1,2"), ',', "1[a|b] 2[1|2] ");
	expect(S(" a , b \n\t1\t,\n"), ',', "1[ a | b ] 2[\t1\t|] ");
	expect(S("\"a\",\"b,c\",\"d\"\"e\",\"\"\n"), ',', "1[a|b,c|d\"e|] ");
	expect(S(",\n,,\n"), ',', "1[|] 2[||] ");
	expect(S("a;b;\"c;d\"\n"), ';', "1[a|b|c;d] ");
	expect(S("a\tb c\t\n"), '\t', "1[a|b c|] ");
	expect(S("\"\"\n"), ',', "1[] ");
	expect(S("größe,€,😀\n"), ',', "1[größe|€|😀] ");
	expect(S("a,"), ',', "1[a|] ");
}

static void lines_are_exact(void **state)
{
	(void)state;
	expect(S("a\r\nb\r\n"), ',', "1[a] 2[b] ");
	expect(S("a\rb\rc"), ',', "1[a] 2[b] 3[c] ");
	expect(S("\n\n a\n\n\nb\n\n"), ',', "3[ a] 6[b] ");
	expect(S("  \n\t\na\n"), ',', "3[a] ");
	expect(S("\"a\nb\r\nc\",d\ne\n"), ',', "1[a\nb\r\nc|d] 4[e] ");
	expect(S("\xef\xbb\xbf\"a\",b\nc,d\n"), ',', "1[a|b] 2[c|d] ");
	expect(S("\t\t\n"), '\t', "1[||] ");
}

static void a_broken_row_costs_one_row(void **state)
{
	(void)state;
	expect(S("a,b\n1,x\"y\n3,4\n"), ',', "1[a|b] 2!csv_quote 3[3|4] ");
	expect(S("a,b\n\"1\" ,2\n3,4\n"), ',', "1[a|b] 2!csv_quote 3[3|4] ");
	expect(S("a,b\n1,\"open\n3,4\n5,6\n"), ',', "1[a|b] 2!csv_quote 3[3|4] 4[5|6] ");
	expect(S("a,b\n1,\"open\n3,\"4\"\n5,6\n"), ',', "1[a|b] 2!csv_quote 3[3|4] 4[5|6] ");
	expect(S("a,\"open"), ',', "1!csv_quote ");
	expect(S("\"open\n"), ',', "1!csv_quote ");
	expect(S("a\n\"\n\"x\nb\n"), ',', "1[a] 2!csv_quote 3!csv_quote 4[b] ");
	expect(S("a,b\n1,\0002\n3,4\n"), ',', "1[a|b] 2!csv_nul 3[3|4] ");
	expect(S("a,b\ncaf\xe9,2\n3,4\n"), ',', "1[a|b] 2!csv_utf8 3[3|4] ");
	expect(S("a\n\"x\n\xff\"\nb\n"), ',', "1[a] 2!csv_utf8 4[b] ");
}

static void big_cells_and_rows(void **state)
{
	(void)state;
	struct buf in = {0}, out = {0};
	buf_cstr(&in, "a,b\n1,\"");
	for (size_t i = 0; i < (1 << 20) / 8; i++) buf_cstr(&in, "x,y\nzz;;");
	size_t full = in.n;
	buf_cstr(&in, "\"\n3,4\n");
	rows(buf_view(&in), ',', 0, &out); // 1 MiB is allowed
	assert_non_null(strstr(out.p, "1[a|b] 2[1|x,y\nzz"));
	assert_non_null(strstr(out.p, " 131075[3|4] "));
	in.n = full;
	buf_cstr(&in, "!\"\n3,4\n");
	rows(buf_view(&in), ',', 0, &out); // a byte more is not, and what is inside does not become rows
	assert_string_equal(out.p, "1[a|b] 2!csv_size 131075[3|4] ");
	in.n = 4;
	for (size_t i = 0; i < (17 << 20) / 16; i++) buf_cstr(&in, "0123456789abcdef");
	buf_cstr(&in, "\r\n3,4\n");
	rows(buf_view(&in), ',', 0, &out);
	assert_string_equal(out.p, "1[a|b] 2!csv_size 3[3|4] ");
	buf_free(&in);
	buf_free(&out);
}

static void many_open_quotes_take_no_longer(void **state)
{
	(void)state;
	struct buf in = {0}, out = {0};
	for (int i = 0; i < 50000; i++) buf_cstr(&in, i % 2 ? "\"a,b\n" : "c,\"\"\n");
	rows(buf_view(&in), ',', 0, &out);
	assert_non_null(strstr(out.p, "1[c|] 2!csv_quote 3[c|] 4!csv_quote "));
	buf_free(&in);
	buf_free(&out);
}

static int64_t never(void *of, char *to, size_t room)
{
	(void)of, (void)to, (void)room;
	return -1;
}

static void a_failed_read_is_said(void **state)
{
	(void)state;
	struct csv_reader *r = csv_open(',', never, NULL);
	struct csv_row row;
	assert_int_equal(csv_next(r, &row), -1);
	csv_close(r);
	csv_close(NULL);
}

static void cells_out(void **state)
{
	(void)state;
	static const struct { const char *in, *out; bool guard, guarded; } c[] = {
		{"", "", true, false}, {"plain", "plain", true, false}, {"a,b", "\"a,b\"", true, false}, {"say \"x\"", "\"say \"\"x\"\"\"", true, false},
		{"a\nb", "\"a\nb\"", true, false}, {"a\rb", "\"a\rb\"", true, false}, {" a", "\" a\"", true, false}, {"a ", "\"a \"", true, false},
		{"a b", "a b", true, false}, {"\"", "\"\"\"\"", true, false},
		{"=1+1", "'=1+1", true, true}, {"+49 30", "'+49 30", true, true}, {"-5", "'-5", true, true}, {"@x", "'@x", true, true},
		{" =1", "\"' =1\"", true, true}, {"\t=1", "\"'\t=1\"", true, true}, {"＝1", "'＝1", true, true}, {"\u00a0=1", "'\u00a0=1", true, true},
		{"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\"", true, true},
		{"-5", "-5", false, false}, {"=1", "=1", false, false}, {"a=1", "a=1", true, false},
	};
	struct buf b = {0};
	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		buf_clear(&b);
		bool guarded = csv_cell(&b, str_of(c[i].in), ',', c[i].guard);
		if (guarded != c[i].guarded || !str_is(buf_view(&b), c[i].out)) fail_msg("%s gave " STR_FMT, c[i].in, STR_ARG(b));
	}
	buf_clear(&b);
	csv_cell(&b, S("a,b\tc"), '\t', true);
	assert_true(str_is(buf_view(&b), "\"a,b\tc\""));
	buf_free(&b);
}

// A quote in a tab separated report is a character of the cell; a comma separated file has no such excuse.
static void quotes_of_tab_files(void **state)
{
	(void)state;
	expect(S("id\tname\tn\n1\tVase 12\" tall\t3\n2\t\"Retro\" lamp\t1\n3\t\"a\tb\"\t2\n4\t\"cut\t1\n"), '\t',
		"1[id|name|n] 2[1|Vase 12\" tall|3] 3[2|\"Retro\" lamp|1] 4[3|a\tb|2] 5[4|\"cut|1] ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_of_tab_files), cmocka_unit_test(cells_as_they_stand), cmocka_unit_test(lines_are_exact), cmocka_unit_test(a_broken_row_costs_one_row),
		cmocka_unit_test(big_cells_and_rows), cmocka_unit_test(many_open_quotes_take_no_longer), cmocka_unit_test(a_failed_read_is_said),
		cmocka_unit_test(cells_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
