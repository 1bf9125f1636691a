// The printer: each form of the same records, widths, cuts, what may not reach a terminal, writes that fail.
#include "out.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail // ours is meant

static const struct out_column columns[] = {
	{"id", "id", false, true, 0}, {"customer_name", "customer.name", false, false, 1}, {"SKUS", "lines.sku", false, false, 2}, {"total", "total", true, false, 0},
};
static const char *const records[] = {
	"{\"schema\":\"oms.order/1\",\"id\":\"O-1\",\"customer\":{\"name\":\"Ann\",\"tax\":1},\"lines\":[{\"sku\":\"A\",\"n\":1},{\"sku\":\"B\",\"n\":2}],\"total\":\"1.10\"}",
	"{\"schema\":\"oms.order/1\",\"id\":\"O-22\",\"customer\":{\"name\":\"\\u4f5c\\u8005, \\\"x\\\"\"},\"lines\":[],\"total\":\"-199.00\",\"big\":12345678901234567890}",
};

static char *said;
static size_t length;

static char *print(struct out_options o, const char *const *json, size_t n)
{
	struct err e = {0};
	free(said);
	FILE *to = open_memstream(&said, &length);
	struct out *out = out_open(to, &o, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < n; i++) out_record(out, str_of(json[i]));
	assert_int_equal(out_count(out), n);
	assert_int_equal(out_close(out, &e), 0);
	fclose(to);
	return said;
}

static struct out_options form(enum out_format f) { return (struct out_options){.format = f, .header = true}; }

static void names(void **state)
{
	(void)state;
	enum out_format f;
	assert_true(out_format_named("jsonl", &f));
	assert_int_equal(f, OUT_JSONL);
	assert_true(out_format_named("count", &f));
	assert_int_equal(f, OUT_COUNT);
	assert_false(out_format_named("auto", &f));
	assert_false(out_format_named("xml", &f));
}

static void tables(void **state)
{
	(void)state;
	assert_string_equal(print(form(OUT_TABLE), records, 2),
		"ID    CUSTOMER NAME  SKUS    TOTAL\n"
		"O-1   Ann            A, B     1.10\n"
		"O-22  作者, \"x\"            -199.00\n");
	assert_string_equal(print(form(OUT_TABLE), records, 0), "");
	assert_string_equal(print((struct out_options){.format = OUT_TABLE}, records, 1), "O-1  Ann  A, B  1.10\n");
	// all takes 30: the skus (rank 2) go, then the names (rank 1)
	assert_string_equal(print((struct out_options){.format = OUT_TABLE, .width = 29}, records, 2),
		"O-1   Ann           1.10\nO-22  作者, \"x\"  -199.00\n");
	assert_string_equal(print((struct out_options){.format = OUT_TABLE, .width = 20}, records, 2), "O-1      1.10\nO-22  -199.00\n");
	assert_string_equal(print((struct out_options){.format = OUT_TABLE, .width = 3}, records, 1), "O-1  1.10\n");
}

static void long_text_is_cut_before_columns_go(void **state)
{
	(void)state;
	const char *json[] = {"{\"id\":\"O-1\",\"customer\":{\"name\":\"abcdefghijklmnopqrstuvwxyz\"},\"lines\":[{\"sku\":\"S\"}],\"total\":\"1\"}"};
	assert_string_equal(print((struct out_options){.format = OUT_TABLE, .width = 30}, json, 1), "O-1  abcdefghijklmnopqr…  S  1\n");
	assert_string_equal(print((struct out_options){.format = OUT_TABLE}, json, 1), "O-1  abcdefghijklmnopqrstuvwxyz  S  1\n");
}

static void an_id_goes_whole_or_stays_whole(void **state)
{
	(void)state;
	static const struct out_column two[] = {{"id", "id", false, true, 1}, {"total", "total", true, false, 0}};
	struct err e = {0};
	free(said);
	FILE *to = open_memstream(&said, &length);
	struct out *o = out_open(to, &(struct out_options){.format = OUT_TABLE, .width = 8}, two, 2);
	out_record(o, str_of(records[0]));
	assert_int_equal(out_close(o, &e), 0);
	fclose(to);
	assert_string_equal(said, "1.10\n");
}

// The set of columns is the width's alone; the number stands for the id that has no room, and the id for a number that is none.
static void columns_by_width(void **state)
{
	(void)state;
	static const struct out_column found[] = {{"ORDER", "id", false, true, OUT_FROM(90)}, {"NUMBER", "number", false, false, 0}, {"PLACED", "placed_at", false, false, OUT_FROM(50)},
		{"NAME", "name", false, false, 0}, {"FLAG", "flag", false, false, 0}, {"HOW", "how", false, false, 1}};
	static const char *const with[] = {"{\"id\":\"shop:100000001\",\"number\":\"#1\",\"placed_at\":\"2026-11-03T10:15:00.000Z\",\"name\":\"Anna Maria Mustermann-Schmidt\"}",
		"{\"id\":\"shop:100000002\",\"placed_at\":\"2026-11-03T10:16:00.000Z\",\"name\":\"Bo\"}"};
	const struct { size_t width; const char *text; } cases[] = {
		{100, "ORDER           NUMBER  PLACED            NAME                           FLAG\nshop:100000001  #1      2026-11-03 10:15  Anna Maria Mustermann-Schmidt\n"
			"shop:100000002          2026-11-03 10:16  Bo\n"},
		{55, "NUMBER          PLACED            NAME             FLAG\n#1              2026-11-03 10:15  Anna Maria Mus…\nshop:100000002  2026-11-03 10:16  Bo\n"},
		{40, "NUMBER          NAME                FLAG\n#1              Anna Maria Muster…\nshop:100000002  Bo\n"},
	};
	struct err e = {0};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		free(said);
		FILE *to = open_memstream(&said, &length);
		struct out *out = out_open(to, &(struct out_options){.format = OUT_TABLE, .header = true, .width = cases[i].width}, found, sizeof found / sizeof *found);
		for (size_t k = 0; k < 2; k++) out_record(out, str_of(with[k]));
		assert_int_equal(out_close(out, &e), 0);
		fclose(to);
		assert_string_equal(said, cases[i].text);
	}
}

static void a_path_is_cut_on_the_left(void **state)
{
	(void)state;
	static const struct out_column read[] = {{"INPUT", "input", false, false, 0}, {"WHAT", "what", false, false, 0}};
	static const char *const one = "{\"input\":\"/home/anna/share/samples/shopify/órders.jsonl\",\"what\":\"dead\"}";
	struct err e = {0};
	free(said);
	FILE *to = open_memstream(&said, &length);
	struct out *out = out_open(to, &(struct out_options){.format = OUT_TABLE, .width = 26}, read, 2);
	out_record(out, str_of(one));
	assert_int_equal(out_close(out, &e), 0);
	fclose(to);
	assert_string_equal(said, "…hopify/órders.jsonl  dead\n");
}

static void json_forms(void **state)
{
	(void)state;
	char both[1024];
	snprintf(both, sizeof both, "%s\n%s\n", records[0], records[1]);
	assert_string_equal(print(form(OUT_JSONL), records, 2), both);
	assert_string_equal(print(form(OUT_AUTO), records, 2), both);
	snprintf(both, sizeof both, "[\n%s,\n%s\n]\n", records[0], records[1]);
	assert_string_equal(print(form(OUT_JSON), records, 2), both);
	assert_string_equal(print(form(OUT_JSON), records, 0), "[]\n");
	const char *loose[] = {"{\n \"id\" : 1,\r\n \"a\\nb\": []}"};
	assert_string_equal(print(form(OUT_JSONL), loose, 1), "{ \"id\" : 1, \"a\\nb\": []}\n");
	const char *small[] = {"{\"id\":\"1\",\"a\":[1,{}],\"b\":{\"c\":1.10}}"};
	assert_string_equal(print((struct out_options){.format = OUT_JSON, .tty = true}, small, 1),
		"[\n  {\n    \"id\": \"1\",\n    \"a\": [\n      1,\n      {}\n    ],\n    \"b\": {\n      \"c\": 1.10\n    }\n  }\n]\n");
}

static void fields(void **state)
{
	(void)state;
	struct out_options o = form(OUT_JSONL);
	o.fields = "lines.sku,id, customer_name";
	assert_string_equal(print(o, records, 1),
		"{\"schema\":\"oms.order/1\",\"id\":\"O-1\",\"customer\":{\"name\":\"Ann\"},\"lines\":[{\"sku\":\"A\"},{\"sku\":\"B\"}]}\n");
	o.fields = "big";
	assert_string_equal(print(o, records + 1, 1), "{\"schema\":\"oms.order/1\",\"big\":12345678901234567890}\n");
	o = form(OUT_CSV);
	o.fields = "total,lines.1.sku,lines.n";
	assert_string_equal(print(o, records, 2), "total,lines.1.sku,lines.n\n1.10,B,\"1, 2\"\n-199.00,,\n");
	o.fields = "ID,Skus,customer_NAME"; // the names above a column, however they are typed
	assert_string_equal(print(o, records, 1), "id,skus,customer_name\nO-1,\"A, B\",Ann\n");
	o.fields = "+customer.tax";
	assert_string_equal(print(o, records, 1), "id,customer_name,skus,total,customer.tax\nO-1,Ann,\"A, B\",1.10,1\n");
}

static void delimited(void **state)
{
	(void)state;
	assert_string_equal(print(form(OUT_CSV), records, 2),
		"id,customer_name,skus,total\nO-1,Ann,\"A, B\",1.10\nO-22,\"作者, \"\"x\"\"\",,-199.00\n");
	assert_string_equal(print(form(OUT_TSV), records, 1), "id\tcustomer_name\tskus\ttotal\nO-1\tAnn\tA, B\t1.10\n");
	assert_string_equal(print(form(OUT_CSV), records, 0), "id,customer_name,skus,total\n");
	assert_string_equal(print((struct out_options){.format = OUT_CSV}, records, 1), "O-1,Ann,\"A, B\",1.10\n");
	const char *hostile[] = {"{\"id\":\"1\",\"customer\":{\"name\":\"=1+1\"},\"total\":\"-5.00\"}"};
	assert_string_equal(print((struct out_options){.format = OUT_CSV}, hostile, 1), "1,'=1+1,,-5.00\n");
	const char *control[] = {"{\"id\":\"a\\u001b\",\"customer\":{\"name\":\"two\\nlines\"},\"total\":\"\\u202e1\"}"};
	assert_string_equal(print((struct out_options){.format = OUT_CSV}, control, 1), "a\\x1b,\"two\nlines\",,\\u202e1\n");
}

static void ids_and_counts(void **state)
{
	(void)state;
	assert_string_equal(print(form(OUT_IDS), records, 2), "O-1\nO-22\n");
	assert_string_equal(print(form(OUT_COUNT), records, 2), "2\n");
	assert_string_equal(print(form(OUT_COUNT), records, 0), "0\n");
	print((struct out_options){.format = OUT_IDS, .nul = true}, records, 2);
	assert_memory_equal(said, "O-1\0O-22\0", 9);
	assert_int_equal(length, 9);
	const char *result[] = {"{\"schema\":\"oms.result/1\",\"order\":\"O-3\"}"};
	assert_string_equal(print(form(OUT_IDS), result, 1), "O-3\n");
}

static void labels(void **state)
{
	(void)state;
	assert_string_equal(print(form(OUT_TEXT), records, 2),
		"id             O-1\ncustomer_name  Ann\nskus           A, B\ntotal          1.10\n\n"
		"id             O-22\ncustomer_name  作者, \"x\"\ntotal          -199.00\n");
}

// Every control character, direction mark and invisible character, in every form, on a terminal.
static void nothing_hostile_on_a_terminal(void **state)
{
	(void)state;
	const char *json[] = {"{\"id\":\"O\\u001b[2J\",\"customer\":{\"name\":\"a\\u0007\\u009b1m\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\\u202e\x7f\"},\"total\":\"1\\n2\\t3\"}"};
	for (int f = OUT_TABLE; f <= OUT_COUNT; f++) {
		print((struct out_options){.format = (enum out_format)f, .tty = true, .header = true}, json, 1);
		assert_true(length > 0);
		for (size_t i = 0; i < length; i++) {
			unsigned char c = (unsigned char)said[i];
			assert_true((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t');
			assert_false(c == 0xc2 && (unsigned char)said[i + 1] < 0xa0);
			assert_false(c == 0xe2 && (unsigned char)said[i + 1] == 0x80 && (unsigned char)said[i + 2] >= 0x8b && (unsigned char)said[i + 2] <= 0xae && (unsigned char)said[i + 2] != 0xa6);
		}
	}
	print((struct out_options){.format = OUT_JSONL, .tty = true}, json, 1);
	assert_non_null(strstr(said, "\\u009b1m\\u009b\\u202e\\u200b\\u202e\\u007f"));
}

static void text_of_its_own(void **state)
{
	(void)state;
	struct err e = {0};
	for (int color = 0; color < 2; color++) {
		free(said);
		FILE *to = open_memstream(&said, &length);
		struct out *o = out_open(to, &(struct out_options){.format = OUT_TEXT, .color = color}, NULL, 0);
		out_text(o, S("\033[1mOrder\033[0m\n  \033]0;x\007 end"));
		assert_int_equal(out_close(o, &e), 0);
		fclose(to);
		if (color) assert_string_equal(said, "\033[1mOrder\033[0m\n  \\x1b]0;x\\x07 end\n");
		else assert_null(memchr(said, 033, length));
	}
}

static void held_until_flushed(void **state)
{
	(void)state;
	struct err e = {0};
	free(said);
	FILE *to = open_memstream(&said, &length);
	struct out *o = out_open(to, &(struct out_options){.format = OUT_IDS, .hold = true}, columns, 4);
	for (int i = 0; i < 50000; i++) out_record(o, str_of(records[0]));
	fflush(to);
	assert_int_equal(length, 0);
	out_flush(o);
	assert_int_equal(length, 50000 * 4);
	out_record(o, str_of(records[1]));
	out_drop(o);
	assert_int_equal(out_count(o), 50000);
	assert_int_equal(out_close(o, &e), 0);
	fclose(to);
	assert_int_equal(length, 50000 * 4);
}

static void widths_hold_after_the_first_thousand(void **state)
{
	(void)state;
	struct err e = {0};
	free(said);
	FILE *to = open_memstream(&said, &length);
	struct out *o = out_open(to, &(struct out_options){.format = OUT_TABLE}, columns, 1);
	for (int i = 0; i < 999; i++) out_record(o, S("{\"id\":\"1\"}"));
	fflush(to);
	assert_int_equal(length, 0);
	out_record(o, S("{\"id\":\"1\"}"));
	out_record(o, S("{\"id\":\"12345\"}"));
	assert_int_equal(out_close(o, &e), 0);
	fclose(to);
	assert_int_equal(length, 1000 * 2 + 6);
}

static void failing_writes_are_told(void **state)
{
	(void)state;
	struct err e = {0};
	FILE *to = fopen("/dev/full", "w");
	struct out *o = out_open(to, &(struct out_options){.format = OUT_JSONL}, columns, 4);
	for (int i = 0; i < 5000; i++) out_record(o, str_of(records[0]));
	assert_true(out_broken(o));
	assert_int_equal(out_close(o, &e), -1);
	assert_int_equal(e.code, E_IO);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	fclose(to);
	to = fopen("/dev/null", "w");
	o = out_open(to, &(struct out_options){.format = OUT_CSV}, columns, 4);
	out_record(o, S("not json"));
	assert_int_equal(out_close(o, &e), -1);
	assert_int_equal(e.code, E_BUG);
	fclose(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names), cmocka_unit_test(tables), cmocka_unit_test(long_text_is_cut_before_columns_go), cmocka_unit_test(an_id_goes_whole_or_stays_whole), cmocka_unit_test(columns_by_width), cmocka_unit_test(a_path_is_cut_on_the_left), cmocka_unit_test(json_forms),
		cmocka_unit_test(fields), cmocka_unit_test(delimited), cmocka_unit_test(ids_and_counts), cmocka_unit_test(labels),
		cmocka_unit_test(nothing_hostile_on_a_terminal), cmocka_unit_test(text_of_its_own), cmocka_unit_test(held_until_flushed),
		cmocka_unit_test(widths_hold_after_the_first_thousand), cmocka_unit_test(failing_writes_are_told),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);
	free(said);
	return r;
}
