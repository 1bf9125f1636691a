// The stream of records: forms told apart, where records start and end, what a broken one costs, and where it says it is.
#include "input.h"
#include "json.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct err e;
static struct buf said; // what the last input gave

static void path_of(int fd, char path[32]) { snprintf(path, 32, "/dev/fd/%d", fd); }

static int file_of(struct str text)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t at = 0; at < text.n;) {
		ssize_t n = write(fd, text.p + at, text.n - at);
		assert_true(n > 0);
		at += (size_t)n;
	}
	return fd;
}

// A pipe that gives the text in packets of `step` bytes, however much is asked for.
static int pipe_of(struct str text, size_t step)
{
	int fd[2];
	assert_int_equal(pipe2(fd, O_DIRECT | O_CLOEXEC), 0);
	if (fork() == 0) {
		close(fd[0]);
		for (size_t at = 0; at < text.n; at += step)
			if (write(fd[1], text.p + at, text.n - at < step ? text.n - at : step) < 0) break;
		_exit(0);
	}
	close(fd[1]);
	return fd[0];
}

// "LINE:RAW" of a good record, "LINE!code" of a broken one or one that the parser refuses, a blank behind each.
static void add(const struct record *r)
{
	static struct json j;
	struct json_error bad = {0};
	const char *code = r->broken;
	if (!code && !json_parse(&j, r->json, &bad)) code = json_code_word(bad.code);
	buf_int(&said, (int64_t)r->line);
	if (code) buf_printf(&said, "!%s ", code);
	else buf_printf(&said, ":" STR_FMT " ", STR_ARG(r->json));
	assert_true(!r->broken == !r->why);
	json_free(&j);
}

static int run(const char *path, const struct input_options *o, struct str text)
{
	buf_clear(&said);
	err_clear(&e);
	struct input *in = input_open(&e, path, o);
	assert_non_null(in);
	struct record r;
	uint64_t number = 0, end = 0;
	int rc;
	while ((rc = input_next(in, &r, &e)) == 1) {
		add(&r);
		assert_int_equal(r.number, ++number);
		assert_true(r.at >= end && r.end >= r.at && r.end <= text.n);
		if (r.raw.n < 1 << 16) assert_true(r.raw.n == 0 || memmem(text.p + r.at, r.end - r.at, r.raw.p, 1));
		if (input_form(in) == INPUT_JSON && r.raw.n < 1 << 16) assert_true(str_eq(r.raw, str_cut(text, r.at, r.end)));
		end = r.end;
	}
	input_close(in);
	buf_c(&said, 0);
	return rc;
}

static void expect_with(struct str text, const struct input_options *o, const char *want)
{
	static const size_t step[] = {0, 1, 2, 3, 7, 64}; // 0: a file; the records are the same however the bytes come
	for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
		char path[32];
		int fd = step[i] ? pipe_of(text, step[i]) : file_of(text);
		path_of(fd, path);
		assert_int_equal(run(path, o, text), 0);
		close(fd);
		if (step[i]) wait(NULL);
		if (strcmp(said.p, want)) fail_msg("step %zu: " STR_FMT "\n gave %s\n not  %s", step[i], STR_ARG(text), said.p, want);
	}
}

static void expect(const char *text, const char *want) { expect_with(str_of(text), NULL, want); }

static void forms_of_json(void **state)
{
	(void)state;
	expect("", "");
	expect(" \n\n", "");
	expect("{}", "1:{} ");
	expect("{\"a\":1}\n{\"b\":2}\n", "1:{\"a\":1} 2:{\"b\":2} ");
	expect("\xef\xbb\xbf{\"a\":1}\r\n\r\n  {\"b\":2}\r\n", "1:{\"a\":1} 3:{\"b\":2} ");
	expect("{\"a\":1}{\"b\":2} {\"c\":3}\n", "1:{\"a\":1} 1:{\"b\":2} 1:{\"c\":3} ");
	expect("{\n \"a\": [\n  {\"x\": 1}\n ]\n}\n{\n \"b\": 2\n}\n", "1:{\n \"a\": [\n  {\"x\": 1}\n ]\n} 6:{\n \"b\": 2\n} ");
	expect("[{\"a\":1},{\"b\":2}]", "1:{\"a\":1} 1:{\"b\":2} ");
	expect("[\n {\"a\":1},\n\n {\"b\":[2]}\n]\n", "2:{\"a\":1} 4:{\"b\":[2]} ");
	expect("[1, \"x,]\" ,null,[2]\n]", "1:1 1:\"x,]\" 1:null 1:[2] ");
	expect("[]\n[{}]\n{}\n", "2:{} 3:{} ");
	expect("{\"s\":\"\\\"}{\\\\\"}\n{\"s\":\"]\"}\n", "1:{\"s\":\"\\\"}{\\\\\"} 2:{\"s\":\"]\"} ");
}

static void documents_flush_left_stay_whole(void **state)
{
	(void)state;
	static const char *const one[] = {
		"{\n\"lines\": [\n{\n\"sku\": 1\n},\n{\n\"sku\": 2\n}\n]\n}", "{\"a\":\n{\"b\":2}\n}", "{\"lines\":[\n{\"x\":1},\n{\"x\":2}\n]}", "{\"a\":\n{\"b\":\n[\n1\n]\n}\n}",
	};
	for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
		struct buf text = {0}, want = {0};
		buf_printf(&text, "%s\n{\"z\":1}\n", one[i]);
		uint64_t lines = 2;
		for (const char *p = one[i]; (p = strchr(p, '\n')); p++) lines++;
		buf_printf(&want, "1:%s %d:{\"z\":1} ", one[i], (int)lines);
		buf_c(&text, 0);
		buf_c(&want, 0);
		expect(text.p, want.p);
		buf_free(&text);
		buf_free(&want);
	}
}

static void a_bad_line_costs_one_line(void **state)
{
	(void)state;
	static const char *const bad[][2] = {
		{"{\"a\":1", "json_truncated"}, {"{\"a\":\"x}", "json_truncated"}, {"not json", "json_syntax"}, {"{{now}}", "json_syntax"},
		{"{\"a\":", "json_truncated"}, {"{\"a\":[", "json_truncated"}, {"{\"a\":[1,", "json_truncated"}, {"{\"a\":1,", "json_truncated"},
		{"{\"a\":1}}", "json_trailing"}, {"{\"a\":1}x", "json_trailing"}, {"{\"a\":1},", "json_trailing"}, {"}", "json_syntax"}, {"{", "json_truncated"},
		{"{\"a\":{\"b\":1}", "json_truncated"}, {"{\"a\":[1}", "json_syntax"}, {"{\"a\":\"x\\", "json_truncated"}, {"{\"a\":1]", "json_syntax"},
		{"{\"a\" 1}", "json_syntax"}, {"{\"a\":1,\"a\":2}", "json_duplicate"}, {"{\"a\":tru}", "json_syntax"}, {"nul", "json_truncated"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[100], want[100];
		snprintf(text, sizeof text, "{\"n\":1}\n%s\n{\"n\":3}\n", bad[i][0]);
		snprintf(want, sizeof want, "1:{\"n\":1} 2!%s 3:{\"n\":3} ", bad[i][1]);
		expect(text, want);
		snprintf(text, sizeof text, "{\"n\":1}\n%s", bad[i][0]);
		snprintf(want, sizeof want, "1:{\"n\":1} 2!%s ", bad[i][1]);
		expect(text, want);
		snprintf(text, sizeof text, "%s\n{\"n\":2}\n{\"n\":3}\n", bad[i][0]);
		snprintf(want, sizeof want, "1!%s 2:{\"n\":2} 3:{\"n\":3} ", bad[i][1]);
		expect(text, want);
	}
}

static void a_broken_document_is_one_record(void **state)
{
	(void)state;
	expect("{\n \"a\": [\n  {\"x\": 1}\n  {\"x\": 2}\n ]\n}\n", "1!json_syntax ");
	expect("{\n \"a\": {{now}},\n \"b\": 2\n}\n", "1!json_syntax ");
	expect("{\n \"a\": 1,\n \"b\": [\n  {\n", "1!json_truncated ");
	expect("{\n \"a\": \"one\n two\",\n \"b\": 1\n}\n", "1!json_control ");
	expect("{\n \"a\": 1,\n}\n{\n \"b\": 2\n}\n", "1!json_syntax 4:{\n \"b\": 2\n} ");
}

static void a_broken_element_costs_one_element(void **state)
{
	(void)state;
	expect("[\n {\"a\":1},\n {\"a\":\"x},\n {\"a\":3}\n]\n", "2:{\"a\":1} 3!json_truncated 4:{\"a\":3} ");
	expect("[{\"a\":1},{{x}},{\"a\":3}]", "1:{\"a\":1} 1!json_syntax 1:{\"a\":3} ");
	expect("[{\"a\":1},]", "1:{\"a\":1} 1!json_syntax ");
	expect("[,{\"a\":1}]", "1!json_syntax 1:{\"a\":1} ");
	expect("[{\"a\":1}\n{\"a\":2}\n,{\"a\":3}]", "1:{\"a\":1} 2!json_syntax 3:{\"a\":3} ");
	expect("[{\"a\":1},{\"a\":2}", "1:{\"a\":1} 1:{\"a\":2} 1!json_truncated ");
	expect("[{\"a\":1},{\"a\":2", "1:{\"a\":1} 1!json_truncated 1!json_truncated ");
	expect("[{\"a\":\"x}]\n[{\"b\":2}]\n", "1!json_truncated 2:{\"b\":2} ");
	expect("[{\"a\":1]\n{\"b\":2}\n", "1!json_truncated 2:{\"b\":2} ");
}

static void tables(void **state)
{
	(void)state;
	expect("a,b\n1, 2 \n\n\"x\ny\",\"q\"\"\"\n3\n4,5\n",
		"2:{\"a\":\"1\",\"b\":\" 2 \"} 4:{\"a\":\"x\\ny\",\"b\":\"q\\\"\"} 6!csv_cells 7:{\"a\":\"4\",\"b\":\"5\"} ");
	expect("a;b,c;d\r\n1;2;3\r\n", "2:{\"a\":\"1\",\"b,c\":\"2\",\"d\":\"3\"} ");
	expect("a\tb\n1\t2\n", "2:{\"a\":\"1\",\"b\":\"2\"} ");
	expect("a|\"b,,,,\"|c\n1|2|3\n", "2:{\"a\":\"1\",\"b,,,,\":\"2\",\"c\":\"3\"} ");
	expect("\xef\xbb\xbf\"a\", b ,a,,a_2\n1,2,3,4,5\n", "2:{\"a\":\"1\",\"b\":\"2\",\"a_2\":\"3\",\"column_4\":\"4\",\"a_2_2\":\"5\"} ");
	expect("a,b\n1,x\"y\n\"open,2\n3,4\n", "2!csv_quote 3!csv_quote 4:{\"a\":\"3\",\"b\":\"4\"} ");
	expect("id\n7\n", "2:{\"id\":\"7\"} ");
	expect("a,b\n", "");
	expect("# a comment, then JSON\r\n\r\n{\"a\":1}\r\n", "1!json_syntax 3:{\"a\":1} "); // no table
	expect("a,b\n\x01,\x7f\n", "2:{\"a\":\"\\u0001\",\"b\":\"\\u007f\"} ");
	struct input_options o = {.form = INPUT_CSV, .delimiter = ';'};
	expect_with(S("a,b;c\n1;2\n"), &o, "2:{\"a,b\":\"1\",\"c\":\"2\"} ");
	o = (struct input_options){.form = INPUT_CSV};
	expect_with(S("{\"a\":1}\n"), &o, "1:{\"a\":1} "); // whatever was said: this is no table
}

static void headers_further_down(void **state)
{
	(void)state;
	static const char *const names[] = {"order-id", "SKU", NULL};
	struct input_options o = {.header = names};
	expect_with(S("A report;of;many;words\n\n\"Order\" x,1\norder-id,qty, sku \nA,1,X\n"), &o, "5:{\"order-id\":\"A\",\"qty\":\"1\",\"sku\":\"X\"} ");
	char path[32];
	int fd = file_of(S("a,b\n1,2\n"));
	path_of(fd, path);
	assert_int_equal(run(path, &o, S("a,b\n1,2\n")), -1);
	assert_int_equal(e.code, E_DATA);
	assert_non_null(strstr(e.text, "order-id, SKU"));
	close(fd);
}

static void neighbours_make_one_record(void **state)
{
	(void)state;
	struct input_options o = {.group = "n"};
	expect_with(S("n,s\nA,1\nA,2\nB,3\n"), &o, "2:{\"rows\":[{\"n\":\"A\",\"s\":\"1\"},{\"n\":\"A\",\"s\":\"2\"}]} 4:{\"rows\":[{\"n\":\"B\",\"s\":\"3\"}]} ");
	expect_with(S("n,s\nA,1\nB,2\n\nA,3\nC,4\n"), &o,
		"2:{\"rows\":[{\"n\":\"A\",\"s\":\"1\"}]} 3:{\"rows\":[{\"n\":\"B\",\"s\":\"2\"}]} 5:{\"rows\":[{\"n\":\"A\",\"s\":\"3\"}],\"rows_before\":1} 6:{\"rows\":[{\"n\":\"C\",\"s\":\"4\"}]} ");
	expect_with(S("n,s\n,1\n,2\n"), &o, "2:{\"rows\":[{\"n\":\"\",\"s\":\"1\"}]} 3:{\"rows\":[{\"n\":\"\",\"s\":\"2\"}]} ");
	// A row of A with a cell too many breaks A; one nobody can tell the order of breaks what stands on either side of it.
	expect_with(S("n,s\nA,1\nA,2,3\nB,4\n"), &o, "2!csv_cells 4:{\"rows\":[{\"n\":\"B\",\"s\":\"4\"}]} ");
	expect_with(S("n,s\nA,1\n\"x\"y,2\nB,3\nC,4\n"), &o, "2!csv_quote 4!csv_group 5:{\"rows\":[{\"n\":\"C\",\"s\":\"4\"}]} ");
	char path[32];
	int fd = file_of(S("a,b\n1,2\n"));
	path_of(fd, path);
	assert_int_equal(run(path, &o, S("a,b\n1,2\n")), -1);
	assert_non_null(strstr(e.text, "no column n"));
	close(fd);
}

static void refused(struct str text, const char *word)
{
	char path[32];
	int fd = file_of(text);
	path_of(fd, path);
	assert_int_equal(run(path, NULL, text), -1);
	if (e.code != E_DATA || !strstr(e.text, word)) fail_msg("%s: %s", word, e.text);
	close(fd);
}

static void what_no_form_fits_is_named(void **state)
{
	(void)state;
	refused(S("\xff\xfe{\0}\0"), "UTF-16");
	refused(S("{\0\"\0a\0"), "UTF-16");
	refused(S("\0{\0}"), "UTF-16");
	refused(S("\0\0\0{\0\0\0}"), "UTF-32");
	refused(S("\x1f\x8b\x08\0"), "gzip");
	refused(S("\x28\xb5\x2f\xfd...."), "zstd");
	refused(S("PK\3\4...."), "zip");
	refused(S("<html><body>502</body></html>\n"), "HTML");
	refused(S("hello\n"), "neither JSON nor a table");
	assert_null(input_open(&e, "/", NULL));
	assert_int_equal(e.code, E_NOINPUT);
	assert_non_null(strstr(e.text, "folder"));
	assert_null(input_open(&e, "/there/is/no/such", NULL));
	assert_int_equal(e.code, E_NOINPUT);
}

static void fill(struct buf *b, const char *text, size_t times)
{
	while (times--) buf_cstr(b, text);
}

static void a_record_too_large_is_skipped(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_cstr(&b, "{\"n\":1}\n{\"a\":\"");
	fill(&b, "0123456789abcdef", (17 << 20) / 16);
	buf_cstr(&b, "\"}\n{\"n\":3}\n");
	char path[32];
	int fd = file_of(buf_view(&b));
	path_of(fd, path);
	assert_int_equal(run(path, NULL, buf_view(&b)), 0);
	assert_string_equal(said.p, "1:{\"n\":1} 2!too_large 3:{\"n\":3} ");
	close(fd);
	buf_free(&b);
}

static bool waited_for;
static void before_wait(void *arg) { *(bool *)arg = true; }
static bool stop(void) { return waited_for; }

static void waiting_is_told_and_stops(void **state)
{
	(void)state;
	int fd[2];
	char path[32];
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_int_equal(write(fd[1], "{\"a\":1}\n{\"b\"", 12), 12);
	path_of(fd[0], path);
	struct input *in = input_open(&e, path, NULL);
	struct record r;
	waited_for = false;
	input_before_wait(in, before_wait, &waited_for);
	input_stop_when(in, stop);
	assert_int_equal(input_next(in, &r, &e), 1); // and no byte more than that is waited for
	assert_false(waited_for);
	assert_int_equal(input_next(in, &r, &e), 0); // half a record: we wait, and are stopped
	assert_true(waited_for && input_next(in, &r, &e) == 0);
	assert_false(input_regular(in));
	input_close(in);
	close(fd[0]);
	close(fd[1]);
}

// Stops behind each record in turn and goes on in a second reading: together they must be the whole.
static void resumes(struct str text, const struct input_options *o)
{
	char path[32];
	int fd = file_of(text);
	path_of(fd, path);
	assert_int_equal(run(path, o, text), 0);
	char *want = strdup(said.p);
	for (uint64_t stop_at = 1;; stop_at++) {
		struct record r = {0}, last = {0};
		struct input *in = input_open(&e, path, o);
		buf_clear(&said);
		int rc = 0;
		while (last.number < stop_at && (rc = input_next(in, &r, &e)) == 1) add(&r), last = r;
		input_close(in);
		in = input_open(&e, path, o);
		assert_int_equal(input_size(in), text.n);
		assert_int_equal(input_seek(in, last.end, last.line, last.number, &e), 0);
		while (input_next(in, &r, &e) == 1) {
			add(&r);
			assert_int_equal(r.number, last.number + 1);
			last = r;
		}
		input_close(in);
		buf_c(&said, 0);
		assert_string_equal(said.p, want);
		if (rc != 1) break;
	}
	struct input *in = input_open(&e, path, o);
	assert_int_equal(input_seek(in, 3, 1, 1, &e), -1);
	assert_int_equal(e.code, E_DATA);
	input_close(in);
	free(want);
	close(fd);
}

static void resuming_goes_on_exactly(void **state)
{
	(void)state;
	resumes(S("{\"a\":1}\n{\"a\":\"x}\n\n{\n\"a\":3\n}\n{\"a\":4}"), NULL);
	resumes(S("[\n{\"a\":1},\n{\"a\":2},\n{\"a\":3}\n]\n{\"b\":1}"), NULL);
	resumes(S("n,s\nA,\"1\n2\"\nA,3\nB,4\nA,5\nC,6\n"), &(struct input_options){.group = "n"});
	resumes(S("n,s\nA,\"1\n2\"\nA\nB,4\n"), NULL);
}

static int finish(void **state)
{
	(void)state;
	buf_free(&said);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_of_json), cmocka_unit_test(documents_flush_left_stay_whole), cmocka_unit_test(a_bad_line_costs_one_line),
		cmocka_unit_test(a_broken_document_is_one_record), cmocka_unit_test(a_broken_element_costs_one_element), cmocka_unit_test(tables),
		cmocka_unit_test(headers_further_down), cmocka_unit_test(neighbours_make_one_record), cmocka_unit_test(what_no_form_fits_is_named),
		cmocka_unit_test(a_record_too_large_is_skipped), cmocka_unit_test(waiting_is_told_and_stops), cmocka_unit_test(resuming_goes_on_exactly),
	};
	return cmocka_run_group_tests(tests, NULL, finish);
}
