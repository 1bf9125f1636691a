// Errors: said once, framed on the way up, safe to print, and each with its exit status.
#include "err.h"
#include "text.h"
#include <string.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail // ours is the one under test

static void framed_on_the_way_up(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(fail(&e, E_DATA, "%s is no number", "x1"), -1);
	assert_int_equal(because(&e, "member %s", "total"), -1);
	assert_int_equal(because(&e, "line %d", 3), -1);
	assert_int_equal(hint(&e, "write %s", "12.50"), -1);
	assert_int_equal(e.code, E_DATA);
	assert_string_equal(e.text, "line 3: member total: x1 is no number");
	assert_string_equal(e.hint, "write 12.50");
	err_clear(&e);
	assert_int_equal(e.code, E_OK);
	assert_string_equal(e.text, "");
	assert_string_equal(e.hint, "");
	because(&e, "alone");
	assert_string_equal(e.text, "alone");
}

static void a_new_failure_forgets_the_old_hint(void **state)
{
	(void)state;
	struct err e = {0};
	fail(&e, E_IO, "first");
	hint(&e, "old");
	fail(&e, E_BUSY, "again: %s", e.text); // quotes itself
	assert_string_equal(e.text, "again: first");
	assert_string_equal(e.hint, "");
}

static void payload_bytes_never_pass_raw(void **state)
{
	(void)state;
	struct err e = {0};
	fail(&e, E_DATA, "bad %s", "\x1b[2J\n\xc2\x9b\xe2\x80\xae\xff");
	assert_string_equal(e.text, "bad \\x1b[2J\\x0a\\u009b\\u202e\\xff");
	because(&e, "file %s", "a\rb");
	assert_string_equal(e.text, "file a\\x0db: bad \\x1b[2J\\x0a\\u009b\\u202e\\xff");
	hint(&e, "%s", "\x07");
	assert_string_equal(e.hint, "\\x07");
}

static void too_long_is_cut_at_a_whole_character(void **state)
{
	(void)state;
	struct err e = {0};
	struct buf b = {0};
	for (int i = 0; i < 3000; i++) buf_cstr(&b, "é");
	buf_c(&b, 0);
	fail(&e, E_DATA, "x%s", b.p);
	assert_int_equal(strlen(e.text), 2047);
	assert_true(utf8_valid(str_of(e.text)));
	because(&e, "%s", b.p); // a long frame leaves room for the cause
	assert_non_null(strstr(e.text, ": xé"));
	assert_true(utf8_valid(str_of(e.text)) && strlen(e.text) < sizeof e.text);
	hint(&e, "%s", b.p);
	assert_true(utf8_valid(str_of(e.hint)) && strlen(e.hint) == 510);
	buf_free(&b);
}

static void every_code_has_its_exit_and_word(void **state)
{
	(void)state;
	static const int want[][2] = {{E_OK, 0}, {E_NONE, 1}, {E_NOTFOUND, 1}, {E_AMBIGUOUS, 1}, {E_REFUSED, 1}, {E_SOME, 3},
	                              {E_USAGE, 64}, {E_DATA, 65}, {E_NOINPUT, 66}, {E_BUG, 70}, {E_CANTCREAT, 73}, {E_IO, 74},
	                              {E_BUSY, 75}, {E_VERSION, 76}, {E_DENIED, 77}, {E_CONFIG, 78}};
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		assert_int_equal(err_exit((enum err_code)want[i][0]), want[i][1]);
	for (int i = 0; i < ERR_COUNT; i++) {
		assert_true(strlen(err_word((enum err_code)i)) > 0 && strlen(err_meaning((enum err_code)i)) > 0);
		for (int k = 0; k < i; k++) assert_string_not_equal(err_word((enum err_code)i), err_word((enum err_code)k));
	}
	assert_string_equal(err_word(E_BUSY), "try_again");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(framed_on_the_way_up),
		cmocka_unit_test(a_new_failure_forgets_the_old_hint),
		cmocka_unit_test(payload_bytes_never_pass_raw),
		cmocka_unit_test(too_long_is_cut_at_a_whole_character),
		cmocka_unit_test(every_code_has_its_exit_and_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
