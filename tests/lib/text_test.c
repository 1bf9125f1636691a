// Text from outside on a terminal: nothing hostile passes, columns are counted as a terminal does.
#include "text.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void safe_is(struct str s, const char *want)
{
	struct buf b = {0};
	text_safe(&b, s);
	buf_c(&b, 0);
	assert_string_equal(b.p, want);
	assert_true(text_width(s) == text_width(str_of(b.p))); // what is shown is as wide as was said
	buf_free(&b);
}

static void hostile_characters_are_spelt_out(void **state)
{
	(void)state;
	safe_is(S("plain é 日本 😀 ~"), "plain é 日本 😀 ~");
	safe_is(S("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
	safe_is(S("a\tb\nc\r\x7f"), "a\\x09b\\x0ac\\x0d\\x7f");
	safe_is((struct str){"a\0b", 3}, "a\\x00b");
	safe_is(S("\xc2\x9b"), "\\u009b");         // C1: CSI in one character
	safe_is(S("\x9b"), "\\x9b");             // the same as a lone byte
	safe_is(S("\xe2\x80\xae\xe2\x81\xa6"), "\\u202e\\u2066");
	safe_is(S("\xe2\x80\x8b\xef\xbb\xbf"), "\\u200b\\ufeff");
	safe_is(S("\xe2\x80\xa8"), "\\u2028");
	safe_is(S("\xf3\xa0\x81\x81"), "\\U000e0041"); // a tag: invisible text
	safe_is(S("\xc3"), "\\xc3");
	safe_is(S("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	safe_is((struct str){0}, "");
}

static void add_character(struct buf *b, uint32_t c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	buf_c(b, (char)(more ? (0xff00 >> (more + 1) & 0xff) | c >> 6 * more : c));
	while (more--) buf_c(b, (char)(0x80 | (c >> 6 * more & 0x3f)));
}

// Every character there is, and every byte: what comes out is UTF-8 without one that is hidden.
static void nothing_hidden_comes_out(void **state)
{
	(void)state;
	struct buf in = {0}, out = {0};
	for (uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 61) {
		add_character(&in, c);
	}
	assert_int_equal(utf8_valid(buf_view(&in)), false); // surrogates are among them
	for (int byte = 0; byte < 256; byte++) buf_c(&in, (char)byte);
	text_safe(&out, buf_view(&in));
	assert_true(utf8_valid(buf_view(&out)));
	uint32_t c;
	for (struct str s = buf_view(&out); s.n; s = str_cut(s, utf8_take(s, &c), s.n)) {
		utf8_take(s, &c);
		assert_false(utf8_hidden(c));
	}
	buf_free(&in);
	buf_free(&out);
}

static void widths(void **state)
{
	(void)state;
	assert_int_equal(text_width(S("")), 0);
	assert_int_equal(text_width(S("abc")), 3);
	assert_int_equal(text_width(S("Zoë")), 3);
	assert_int_equal(text_width(S("Zoe\u0308")), 3); // a combining mark takes no column
	assert_int_equal(text_width(S("日本語")), 6);
	assert_int_equal(text_width(S("ｱ")), 1);          // half width
	assert_int_equal(text_width(S("Ａ")), 2);         // full width
	assert_int_equal(text_width(S("한국")), 4);
	assert_int_equal(text_width(S("😀")), 2);
	assert_int_equal(text_width(S("𠀀")), 2);         // plane 2
	assert_int_equal(text_width(S("नि")), 1);          // a Devanagari vowel joins its letter
	assert_int_equal(text_width(S("€…—")), 3);
	assert_int_equal(text_width(S("\x1b")), 4);
	assert_int_equal(text_width(S("\xe2\x80\xae")), 6);
}

static void fit_is(const char *s, size_t width, bool pad, bool right, const char *want)
{
	struct buf b = {0};
	text_fit(&b, str_of(s), width, pad, right);
	buf_c(&b, 0);
	assert_string_equal(b.p, want);
	buf_free(&b);
}

static void fitting(void **state)
{
	(void)state;
	fit_is("abc", 5, true, false, "abc  ");
	fit_is("abc", 5, true, true, "  abc");
	fit_is("abc", 5, false, true, "abc");
	fit_is("abc", 3, true, false, "abc");
	fit_is("abcd", 3, true, false, "ab…");
	fit_is("abc", 1, true, false, "…");
	fit_is("abc", 0, true, false, "");
	fit_is("", 2, true, false, "  ");
	fit_is("日本語", 6, true, false, "日本語");
	fit_is("日本語", 5, true, false, "日本…");
	fit_is("日本語", 4, true, false, "日… "); // half a wide character is none
	fit_is("日本語", 4, false, false, "日…");
	fit_is("Zoe\u0308xy", 4, true, false, "Zoe\u0308…"); // the mark stays on its letter
	fit_is("a\x1b[31mred", 6, true, false, "a\\x1b…"); // an escape is whole or absent
	fit_is("a\x1b[31mred", 5, true, false, "a…   ");
}

static void copy_is(size_t cap, const char *s, const char *want)
{
	char to[32] = "???????????????????????????????";
	text_copy(to, cap, str_of(s));
	assert_string_equal(to, want);
}

static void copying(void **state)
{
	(void)state;
	copy_is(32, "a\nb", "a\\x0ab");
	copy_is(4, "abcdef", "abc");
	copy_is(4, "abc", "abc");
	copy_is(4, "abé", "ab");
	copy_is(6, "ab\x1b", "ab");
	copy_is(7, "ab\x1b", "ab\\x1b");
	copy_is(1, "abc", "");
	char none = '?';
	text_copy(&none, 0, S("abc"));
	assert_int_equal(none, '?');
}

static void small_letters(void **state)
{
	(void)state;
	static const struct { const char *in, *out; } all[] = {
		{"ANNA", "anna"}, {"Anna Öztürk", "anna öztürk"}, {"ŁUKASZ ŻÓŁĆ", "łukasz żółć"}, {"İSTANBUL", "istanbul"}, {"ΣΟΦΊΑ ΆΝΝΑ", "σοφία άννα"},
		{"ЁЛКА Ірина", "ёлка ірина"}, {"NGUYỄN", "nguyễn"}, {"Ÿ ŽĎ × ß ÷", "ÿ žď × ß ÷"}, {"美咲 李", "美咲 李"}, {"\xff\xc3 A", "\xff\xc3 a"}, {"", ""}};
	struct arena a = {0};
	for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
		struct str s = text_lower(&a, str_of(all[k].in));
		assert_int_equal(s.n, strlen(all[k].out));
		assert_memory_equal(s.p ? s.p : "", all[k].out, s.n);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_letters), cmocka_unit_test(hostile_characters_are_spelt_out),
		cmocka_unit_test(nothing_hidden_comes_out),
		cmocka_unit_test(widths),
		cmocka_unit_test(fitting),
		cmocka_unit_test(copying),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
