// Text as pointer and length: comparing, trimming, numbers, UTF-8, JSON strings.
#include "str.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void begins_ends_compares(void **state)
{
	(void)state;
	struct str none = {0};
	assert_true(str_starts(S("abc"), S("ab")) && str_starts(S("abc"), S("")) && str_starts(none, none));
	assert_false(str_starts(S("a"), S("ab")) || str_starts(none, S("a")));
	assert_true(str_ends(S("abc"), S("bc")) && str_ends(none, S("")));
	assert_false(str_ends(S("abc"), S("ab")) || str_ends(S("c"), S("bc")));
	assert_true(str_cmp(S("a"), S("b")) < 0 && str_cmp(S("ab"), S("a")) > 0 && str_cmp(none, S("")) == 0);
	assert_true(str_cmp(S("z"), S("\xc3\xa4")) < 0); // bytes, unsigned
	assert_true(str_eq_nocase(S("AbC-1"), S("aBc-1")));
	assert_false(str_eq_nocase(S("a"), S("b")) || str_eq_nocase(S("a"), S("ab")) || str_eq_nocase(S("@"), S("`")));
	assert_true(str_is(none, "") && !str_is(none, "a") && str_eq(none, S("")));
}

static void every_byte_is_compared(void **state)
{
	(void)state;
	char a[] = "abcdefghijklmnopqrst", b[] = "abcdefghijklmnopqrst";
	for (size_t n = 0; n <= 20; n++)
		for (size_t at = 0; at < 20; at++) {
			b[at] ^= 0x20;
			assert_int_equal(bytes_same(a, b, n), at >= n);
			b[at] ^= 0x20;
		}
}

static void trims_blanks_and_no_break_spaces(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(S(" \t\r\n\u00a0a b\u00a0 \v\f")), "a b"));
	assert_true(str_is(str_trim(S("   ")), ""));
	assert_true(str_is(str_trim(S("à")), "à")); // ends in the byte a0, which is no blank here
	assert_null(str_trim((struct str){0}).p);
}

static void cuts_within_the_text(void **state)
{
	(void)state;
	assert_true(str_is(str_cut(S("abcdef"), 1, 3), "bc"));
	assert_true(str_is(str_cut(S("abc"), 2, 99), "c"));
	assert_true(str_is(str_cut(S("abc"), 9, 12), ""));
	assert_null(str_cut((struct str){0}, 0, 4).p);
}

static void copies_and_cases(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_null(str_c(&a, (struct str){0}));
	assert_string_equal(str_c(&a, str_cut(S("abc"), 0, 2)), "ab");
	assert_true(str_is(str_lower(&a, S("ÄBC-Z")), "Äbc-z"));
	assert_true(str_is(str_upper(&a, S("äbc-z")), "äBC-Z"));
	arena_free(&a);
}

static void whole_numbers(void **state)
{
	(void)state;
	static const struct { const char *text; int64_t value; } good[] = {
		{"0", 0}, {"-0", 0}, {"007", 7}, {"-12", -12}, {"9223372036854775807", INT64_MAX}, {"-9223372036854775808", INT64_MIN},
	};
	static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "1e2", "0x1", "--1", "9223372036854775808",
	                                  "-9223372036854775809", "99999999999999999999"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t v = 42;
		assert_true(str_int(str_of(good[i].text), &v));
		assert_true(v == good[i].value);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t v = 42;
		assert_false(str_int(str_of(bad[i]), &v));
		assert_int_equal(v, 42);
	}
}

static void globs(void **state)
{
	(void)state;
	assert_true(glob_match("*", "") && glob_match("", "") && glob_match("a*c", "abbc") && glob_match("a?c", "abc"));
	assert_true(glob_match("*.json", "x.json.json") && glob_match("**a", "a") && glob_match("a*b*c", "a-b-b-c"));
	assert_false(glob_match("a", "") || glob_match("a?", "a") || glob_match("*.json", "json") || glob_match("", "a"));
	char text[2001];
	memset(text, 'a', 2000);
	text[2000] = 0;
	assert_false(glob_match("a*a*a*a*a*a*a*a*a*a*a*a*b", text)); // quick, or this test does not end
}

static void hash_is_fnv_1a(void **state)
{
	(void)state; // published vectors of the 64-bit hash
	assert_true(str_hash(S("")) == 0xcbf29ce484222325);
	assert_true(str_hash(S("a")) == 0xaf63dc4c8601ec8c);
	assert_true(str_hash(S("foobar")) == 0x85944171f73967e8);
}

static void utf8_by_the_table_of_well_formed_bytes(void **state)
{
	(void)state;
	static const struct { struct str s; uint32_t c; } good[] = {
		{{"\x7f", 1}, 0x7f}, {{"\xc2\x80", 2}, 0x80}, {{"\xdf\xbf", 2}, 0x7ff}, {{"\xe0\xa0\x80", 3}, 0x800},
		{{"\xed\x9f\xbf", 3}, 0xd7ff}, {{"\xee\x80\x80", 3}, 0xe000}, {{"\xef\xbf\xbf", 3}, 0xffff},
		{{"\xf0\x90\x80\x80", 4}, 0x10000}, {{"\xf4\x8f\xbf\xbf", 4}, 0x10ffff}, {{"\0", 1}, 0},
	};
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xed\xa0\x80",
	                                  "\xed\xbf\xbf", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
	                                  "\xff", "\xfe", "\xf0\x9f\x98"};
	uint32_t c;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(utf8_take(good[i].s, &c), good[i].s.n);
		assert_int_equal(c, good[i].c);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(utf8_take(str_of(bad[i]), &c), 0);
		assert_false(utf8_valid(str_of(bad[i])));
	}
	assert_int_equal(utf8_take(S(""), &c), 0);
	assert_true(utf8_valid(S("")) && utf8_valid(S("plain ascii, then é, then 日本 and 😀 again")));
	assert_false(utf8_valid(S("sixteen plain bytes, and then \xff")));
	assert_false(utf8_valid(S("12345678\xc3"))); // cut off behind the eight
}

static void hidden_characters(void **state)
{
	(void)state;
	static const uint32_t hidden[] = {0, 0x1b, 0x7f, 0x80, 0x9b, 0x9f, 0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e, 0x2028, 0x2029,
	                                  0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x3164, 0xfeff, 0xfffe, 0x1ffff, 0xe0001, 0xe0041};
	static const uint32_t seen[] = {' ', 'a', '~', 0xa0, 0xe9, 0x301, 0x5d0, 0x2026, 0x202f, 0x20ac, 0x65e5, 0xfe0f, 0x1f600};
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) assert_true(utf8_hidden(hidden[i]));
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) assert_false(utf8_hidden(seen[i]));
}

static void json_is(struct str s, const char *want)
{
	struct buf b = {0};
	buf_json(&b, s);
	buf_c(&b, 0);
	assert_string_equal(b.p, want);
	buf_free(&b);
}

static void json_strings(void **state)
{
	(void)state;
	json_is(S(""), "\"\"");
	json_is((struct str){0}, "\"\"");
	json_is(S("a/b \"q\" \\"), "\"a/b \\\"q\\\" \\\\\"");
	json_is(S("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	json_is((struct str){"\0\x1b\x7f", 3}, "\"\\u0000\\u001b\\u007f\"");
	json_is(S("é日😀"), "\"é日😀\"");
	json_is(S("\xc2\x9b"), "\"\\u009b\"");
	json_is(S("x\xe2\x80\xaey"), "\"x\\u202ey\"");
	json_is(S("\xf3\xa0\x80\x81"), "\"\\udb40\\udc01\""); // U+E0001
	json_is(S("a\xff\xe2\x82z"), "\"a\\ufffd\\ufffd\\ufffdz\"");
}

static void buffers_grow(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_true(str_is(buf_view(&b), ""));
	for (int i = 0; i < 1000; i++) buf_c(&b, 'x');
	buf_printf(&b, "%d|%s", 12, "yy");
	buf_int(&b, 0);
	buf_int(&b, INT64_MIN);
	buf_int(&b, INT64_MAX);
	buf_str(&b, (struct str){0});
	buf_cstr(&b, ".");
	assert_true(str_is(str_cut(buf_view(&b), 1000, b.n), "12|yy0-92233720368547758089223372036854775807."));
	size_t cap = b.cap;
	buf_clear(&b);
	assert_int_equal(b.n, 0);
	assert_int_equal(b.cap, cap);
	buf_free(&b);
	assert_null(b.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_ends_compares),
		cmocka_unit_test(every_byte_is_compared),
		cmocka_unit_test(trims_blanks_and_no_break_spaces),
		cmocka_unit_test(cuts_within_the_text),
		cmocka_unit_test(copies_and_cases),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(globs),
		cmocka_unit_test(hash_is_fnv_1a),
		cmocka_unit_test(utf8_by_the_table_of_well_formed_bytes),
		cmocka_unit_test(hidden_characters),
		cmocka_unit_test(json_strings),
		cmocka_unit_test(buffers_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
