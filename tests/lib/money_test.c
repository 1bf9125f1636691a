// Money: exact or not at all. Rounding and allocation vectors are the field's (odoo, WooCommerce, Solidus bug reports) or
// counted by hand.
#include "money.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void parsed(const char *s, int digits, int64_t want)
{
	int64_t v = 42;
	enum money_status st = money_parse(str_of(s), digits, &v);
	if (st != MONEY_OK || v != want) fail_msg("%s at %d: %s, %ld", s, digits, money_status_text(st), (long)v);
}

static void refused(const char *s, int digits, enum money_status want)
{
	int64_t v = 42;
	enum money_status st = money_parse(str_of(s), digits, &v);
	if (st != want) fail_msg("%s at %d: %s", s, digits, money_status_text(st));
	assert_int_equal(v, 42);
}

static void amounts(void **state)
{
	(void)state;
	parsed("29.35", 2, 2935);
	parsed("-3", 2, -300);
	parsed("0", 2, 0);
	parsed("-0.00", 2, 0);
	parsed("69.8400", 2, 6984); // zeros at the end do not count
	parsed("5.000000000000000000000000", 0, 5);
	parsed("1e2", 2, 10000);
	parsed("1.5e1", 2, 1500);
	parsed("1.5E+1", 0, 15);
	parsed("1500e-2", 0, 15);
	parsed("100e-2", 2, 100);
	parsed("0e999999999999", 2, 0);
	parsed("0.05", 2, 5);
	parsed("00012.50", 2, 1250);
	parsed(".5", 2, 50);
	parsed("1200", 0, 1200);
	parsed("1.234", 3, 1234);
	parsed("0.0001", 4, 1);
	parsed("100000000000000000.00", 0, 100000000000000000);
}

static void largest_amounts(void **state)
{
	(void)state;
	parsed("92233720368547758.07", 2, INT64_MAX);
	parsed("-92233720368547758.07", 2, -INT64_MAX);
	refused("92233720368547758.08", 2, MONEY_RANGE);
	refused("-92233720368547758.08", 2, MONEY_RANGE); // INT64_MIN could not be refunded
	parsed("9223372036854775807", 0, INT64_MAX);
	refused("9223372036854775808", 0, MONEY_RANGE);
	parsed("9e18", 0, 9000000000000000000);
	refused("1e19", 0, MONEY_RANGE);
	refused("1e17", 2, MONEY_RANGE);
	refused("1e99999999999999999999", 2, MONEY_RANGE);
	refused("123456789012345678901234567890", 2, MONEY_RANGE);
	refused("100000000000000000000000000000000000000000", 2, MONEY_RANGE);
}

static void too_many_places_are_an_error_never_a_rounding(void **state)
{
	(void)state;
	refused("29.355", 2, MONEY_DIGITS);
	refused("0.5", 0, MONEY_DIGITS);
	refused("0.001", 2, MONEY_DIGITS);
	refused("1e-3", 2, MONEY_DIGITS);
	refused("1e-99999999999999999999", 2, MONEY_DIGITS);
	refused("19.899999999999999999999", 2, MONEY_DIGITS);
}

static void no_amounts(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1,5", "1.2.3", "1.", ".", "-.", "e2", "1e", "1e+", "1e2.5", "1e2e3",
	                                  "0x10", "NaN", "inf", "--1", "1-", "$1", "١", "1_000", "\xff"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(bad[i], 2, MONEY_SYNTAX);
	int64_t v;
	assert_int_equal(money_parse((struct str){0}, 2, &v), MONEY_SYNTAX);
	char not_ended[] = {'1', '.', '5'};
	assert_int_equal(money_parse((struct str){not_ended, 3}, 2, &v), MONEY_OK);
	assert_int_equal(v, 150);
}

static void text_is(int64_t minor, int digits, const char *want)
{
	struct buf b = {0};
	money_text(&b, minor, digits);
	buf_c(&b, 0);
	assert_string_equal(b.p, want);
	int64_t back;
	if (minor != INT64_MIN) {
		assert_int_equal(money_parse(str_of(b.p), digits, &back), MONEY_OK);
		assert_true(back == minor);
	}
	buf_free(&b);
}

static void written(void **state)
{
	(void)state;
	text_is(2935, 2, "29.35");
	text_is(5, 2, "0.05");
	text_is(-5, 2, "-0.05");
	text_is(-300, 0, "-300");
	text_is(0, 0, "0");
	text_is(0, 2, "0.00");
	text_is(100, 2, "1.00");
	text_is(1234, 3, "1.234");
	text_is(INT64_MAX, 2, "92233720368547758.07");
	text_is(INT64_MIN, 2, "-92233720368547758.08");
	text_is(INT64_MAX, 18, "9.223372036854775807");
	text_is(1, 18, "0.000000000000000001");
}

static void currencies(void **state)
{
	(void)state;
	static const char *const zero[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
	                                   "XAF", "XOF", "XPF"};
	static const char *const two[] = {"EUR", "USD", "GBP", "BRL", "AED", "CHF", "INR", "MXN", "ZAR", "ZWG", "XCG", "AFN", "HUF", "TWD",
	                                  "IDR", "MGA", "MRU", "CZK", "ZWL", "SLE", "VED"};
	static const char *const three[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
	static const char *const none[] = {"", "EU", "EURO", "eur", "XXX", "XAU", "AAA", "ZZZ", "E1R", "BTC"};
	for (size_t i = 0; i < sizeof zero / sizeof *zero; i++) assert_int_equal(currency_digits(str_of(zero[i])), 0);
	for (size_t i = 0; i < sizeof two / sizeof *two; i++) assert_int_equal(currency_digits(str_of(two[i])), 2);
	for (size_t i = 0; i < sizeof three / sizeof *three; i++) assert_int_equal(currency_digits(str_of(three[i])), 3);
	assert_int_equal(currency_digits(S("CLF")), 4);
	assert_int_equal(currency_digits(S("UYW")), 4);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(currency_digits(str_of(none[i])), -1);
	int known = 0; // of all there could be; counted in the standard's list, with the two of 2024 and 2025
	for (int i = 0; i < 26 * 26 * 26; i++) {
		char code[3] = {(char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26)};
		known += currency_digits((struct str){code, 3}) >= 0;
	}
	assert_int_equal(known, 170);
}

static void plain_is(const char *s, bool comma, const char *want)
{
	struct buf b = {0};
	buf_c(&b, '<');
	bool ok = money_unsymbol(&b, str_of(s), comma);
	buf_c(&b, 0);
	if (ok != (want != NULL) || strcmp(b.p + 1, want ? want : "") != 0) fail_msg("%s is read as '%s'", s, b.p + 1);
	buf_free(&b);
}

static void symbols_and_separators(void **state)
{
	(void)state;
	plain_is("$1,234.50", false, "1234.50");
	plain_is("(3.00)", false, "-3.00");
	plain_is("($3.00)", false, "-3.00");
	plain_is("EUR 10.00", false, "10.00");
	plain_is("10.00 EUR", false, "10.00");
	plain_is("-$3.00", false, "-3.00");
	plain_is("$-3.00", false, "-3.00");
	plain_is("\u22123.00", false, "-3.00"); // the sign of typographers
	plain_is("3.00-", false, "-3.00");
	plain_is("+5", false, "5");
	plain_is("US$ 1,000", false, "1000");
	plain_is("CHF 1'234.50", false, "1234.50");
	plain_is("₹1,23,456.00", false, "123456.00");
	plain_is("¥1200", false, "1200");
	plain_is("1 234.50", false, "1234.50");
	plain_is("$.50", false, "0.50");
	plain_is("1e2", false, "1e2");
	plain_is("12.50", false, "12.50");
	plain_is("10,00 €", true, "10.00");
	plain_is("1.234,56 €", true, "1234.56");
	plain_is("1.234", true, "1234"); // a comma country's thousands
	plain_is("1\u202f234,5 kr", true, "1234.5");
	plain_is("zł 7,00", true, "7.00");
	plain_is("R$ 1.000,00", true, "1000.00");
	plain_is("-0,5", true, "-0.5");
}

static void what_is_no_amount(void **state)
{
	(void)state;
	static const char *const bad[] = {"", " ", "-", "$", "$ -", "--3", "(-3)", "((3))", "(3", "3)", "abc", "10 apples", "$5 USD", "$€5",
	                                  "1,23", "1,2345", "1234,567", "12,34", ",5", "1,,000", "1.2.3", "5.", "$5.", "5%", "1,000,00.5",
	                                  "EURO 5", "eur 5", "NaN", "5\xff", "1,"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) plain_is(bad[i], false, NULL);
	plain_is("1,234.50", true, NULL);
	plain_is("10.50", true, NULL);
	plain_is("1e2", true, NULL);
}

static struct decimal dec(const char *s)
{
	struct decimal d = {0, 0};
	if (!decimal_parse(str_of(s), &d)) fail_msg("%s is a decimal", s);
	return d;
}

static void dec_is(struct decimal d, const char *want)
{
	struct buf b = {0};
	decimal_text(&b, d);
	buf_c(&b, 0);
	assert_string_equal(b.p, want);
	buf_free(&b);
}

static void decimals(void **state)
{
	(void)state;
	dec_is(dec("0.0725"), "0.0725");
	dec_is(dec("1.50"), "1.50");
	dec_is(dec("1e2"), "100");
	dec_is(dec("1.50e1"), "15.0");
	dec_is(dec("12e-3"), "0.012");
	dec_is(dec("0.00"), "0.00");
	dec_is(dec("1.000000000000000000000"), "1.000000000000000000"); // 18 are kept
	dec_is(dec("922337203685477580.70"), "922337203685477580.7");   // and as many as fit
	struct decimal d;
	assert_false(decimal_parse(S("0.0000000000000000001"), &d)); // 19 places
	assert_false(decimal_parse(S("9223372036854775808"), &d));
	assert_false(decimal_parse(S("1.0000000000000000001"), &d));
	assert_false(decimal_parse(S(""), &d));
}

static void reckoning(void **state)
{
	(void)state;
	struct decimal d;
	assert_true(decimal_add(dec("0.1"), dec("0.20"), &d));
	dec_is(d, "0.30");
	assert_true(decimal_add(dec("9000000000000000000"), dec("0.00"), &d)); // the zeros give way
	dec_is(d, "9000000000000000000");
	assert_false(decimal_add(dec("9223372036854775807"), dec("1"), &d));
	assert_false(decimal_add(dec("9223372036854775807"), dec("0.1"), &d));
	assert_true(decimal_mul(dec("19.99"), dec("0.0725"), &d));
	dec_is(d, "1.449275");
	assert_true(decimal_mul(dec("-3"), dec("9.8789"), &d));
	dec_is(d, "-29.6367");
	assert_true(decimal_mul(dec("0.0000000001"), dec("0.0000000100"), &d)); // 1e-18, written with 20 places
	dec_is(d, "0.000000000000000001");
	assert_false(decimal_mul(dec("0.0000000001"), dec("0.0000000010"), &d)); // 1e-19
	assert_false(decimal_mul(dec("9223372036854775807"), dec("2"), &d));
}

static void dividing(void **state)
{
	(void)state;
	struct decimal d;
	assert_true(decimal_div_exact(dec("10"), dec("4"), 2, &d));
	dec_is(d, "2.50");
	assert_true(decimal_div_exact(dec("-29.97"), dec("3"), 2, &d));
	dec_is(d, "-9.99");
	assert_true(decimal_div_exact(dec("1"), dec("-0.0008"), 0, &d));
	dec_is(d, "-1250");
	assert_true(decimal_div_exact(dec("0"), dec("7"), 2, &d));
	dec_is(d, "0.00");
	assert_true(decimal_div_exact(dec("1.2000"), dec("0.4"), 0, &d));
	dec_is(d, "3");
	assert_true(decimal_div_exact(dec("9223372036854775807"), dec("9223372036854775807"), 18, &d));
	dec_is(d, "1.000000000000000000");
	assert_false(decimal_div_exact(dec("10"), dec("3"), 2, &d));
	assert_false(decimal_div_exact(dec("1"), dec("8"), 2, &d)); // 0.125
	assert_false(decimal_div_exact(dec("88.91"), dec("9"), 2, &d));
	assert_false(decimal_div_exact(dec("1"), dec("0"), 2, &d));
	assert_false(decimal_div_exact(dec("1.234"), dec("1"), 2, &d));
	assert_false(decimal_div_exact(dec("9223372036854775807"), dec("1"), 1, &d));
}

static void comparing(void **state)
{
	(void)state;
	assert_int_equal(decimal_cmp(dec("1.0"), dec("1")), 0);
	assert_int_equal(decimal_cmp(dec("-1"), dec("0.000000000000000001")), -1);
	assert_int_equal(decimal_cmp(dec("9223372036854775807"), dec("9.223372036854775807")), 1);
}

static void rounds(const char *s, int scale, const char *up, const char *even, const char *down)
{
	struct decimal d;
	assert_true(decimal_round(dec(s), scale, ROUND_HALF_UP, &d));
	dec_is(d, up);
	assert_true(decimal_round(dec(s), scale, ROUND_HALF_EVEN, &d));
	dec_is(d, even);
	assert_true(decimal_round(dec(s), scale, ROUND_HALF_DOWN, &d));
	dec_is(d, down);
}

static void rounding_tax(void **state)
{
	(void)state;
	rounds("1.165", 2, "1.17", "1.16", "1.16");   // 6.99 with 20 % in it
	rounds("0.125", 2, "0.13", "0.12", "0.12");   // 2.50 at 5 %
	rounds("2.265", 2, "2.27", "2.26", "2.26");   // 45.30 at 5 %
	rounds("37.98", 2, "37.98", "37.98", "37.98"); // 10 x 3.60 at 5.5 %
	rounds("0.135", 2, "0.14", "0.14", "0.13");
	rounds("-0.125", 2, "-0.13", "-0.12", "-0.12"); // a refund rounds as what it takes back
	rounds("0.1250001", 2, "0.13", "0.13", "0.13");
	rounds("0.1249999", 2, "0.12", "0.12", "0.12");
	rounds("1", 2, "1.00", "1.00", "1.00");
	rounds("0.5", 0, "1", "0", "0");
	rounds("9.223372036854775807", 0, "9", "9", "9");
	struct decimal d;
	assert_true(decimal_mul(dec("6.99"), dec("0.2"), &d) && decimal_div_exact(d, dec("1.2"), 3, &d));
	dec_is(d, "1.165");
	assert_true(decimal_round(dec("3.8556"), 2, ROUND_HALF_UP, &d)); // 3 x 1.08 x 1.19, rounded by the line
	dec_is(d, "3.86");
	assert_true(decimal_round(dec("1.001"), 2, ROUND_UP, &d));
	dec_is(d, "1.01");
	assert_true(decimal_round(dec("-1.001"), 2, ROUND_UP, &d));
	dec_is(d, "-1.01");
	assert_true(decimal_round(dec("-1.009"), 2, ROUND_DOWN, &d));
	dec_is(d, "-1.00");
	assert_false(decimal_round(dec("9223372036854775807"), 2, ROUND_DOWN, &d));
	assert_false(decimal_round(dec("1"), 19, ROUND_DOWN, &d) || decimal_round(dec("1"), -1, ROUND_DOWN, &d));
}

static void shares(int64_t total, const int64_t *base, size_t n, const int64_t *want)
{
	int64_t parts[8];
	assert_true(money_allocate(total, base, n, parts));
	for (size_t i = 0; i < n; i++) assert_int_equal(parts[i], want[i]);
}

static void allocation(void **state)
{
	(void)state;
	static const int64_t equal[7] = {100, 100, 100, 100, 100, 100, 100}, nothing[3] = {0, 0, 0};
	shares(1000, equal, 3, (const int64_t[]){334, 333, 333});
	shares(500, (const int64_t[]){1999, 0, 501}, 3, (const int64_t[]){400, 0, 100});
	shares(100, equal, 7, (const int64_t[]){15, 15, 14, 14, 14, 14, 14});
	shares(-1000, equal, 3, (const int64_t[]){-334, -333, -333});
	shares(2500, (const int64_t[]){1999, 0, 501}, 3, (const int64_t[]){1999, 0, 501}); // 100 % off leaves exactly nothing
	shares(0, equal, 3, nothing);
	shares(1, (const int64_t[]){0, 3, 3}, 3, (const int64_t[]){0, 1, 0}); // worthless lines get nothing
	shares(10, nothing, 3, (const int64_t[]){4, 3, 3});                   // nothing to go by: equal shares
	shares(3, (const int64_t[]){1, 1, 8}, 3, (const int64_t[]){0, 0, 3}); // rests .3 .3 .4: the largest, not the last
	shares(INT64_MAX, (const int64_t[]){INT64_MAX, INT64_MAX}, 2, (const int64_t[]){INT64_MAX / 2 + 1, INT64_MAX / 2});
	int64_t part;
	assert_false(money_allocate(10, (const int64_t[]){5, -5}, 2, (int64_t[2]){0}));
	assert_false(money_allocate(10, NULL, 0, &part));
	assert_true(money_allocate(0, NULL, 0, &part));
}

// Whatever the bases, the parts sum to the total and stand within one unit of their due.
static void allocation_sums_exactly(void **state)
{
	(void)state;
	static int64_t base[100], parts[100];
	uint64_t seed = 12345;
	for (int round = 0; round < 2000; round++) {
		size_t n = 1 + (size_t)(round % 100);
		int64_t total = 0, sum = 0, due = 0;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			base[i] = (int64_t)(seed >> 44) * (int64_t)(seed >> 40 & 1);
			sum += base[i];
		}
		total = (int64_t)(seed >> 34) * (round % 2 ? 1 : -1);
		assert_true(money_allocate(total, base, n, parts));
		for (size_t i = 0; i < n; i++) {
			due += parts[i];
			__extension__ __int128 off = (__int128)parts[i] * sum - (__int128)total * base[i];
			assert_true(sum == 0 || (off < sum && off > -sum));
		}
		assert_true(due == total);
	}
}

static void checked_arithmetic(void **state)
{
	(void)state;
	int64_t v = 42;
	assert_false(money_add(INT64_MAX, 1, &v));
	assert_int_equal(v, 42); // untouched
	assert_true(money_sub(5, 7, &v) && v == -2);
	assert_false(money_mul(INT64_MAX / 2, 3, &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts),
		cmocka_unit_test(largest_amounts),
		cmocka_unit_test(too_many_places_are_an_error_never_a_rounding),
		cmocka_unit_test(no_amounts),
		cmocka_unit_test(written),
		cmocka_unit_test(currencies),
		cmocka_unit_test(symbols_and_separators),
		cmocka_unit_test(what_is_no_amount),
		cmocka_unit_test(decimals),
		cmocka_unit_test(reckoning),
		cmocka_unit_test(dividing),
		cmocka_unit_test(comparing),
		cmocka_unit_test(rounding_tax),
		cmocka_unit_test(allocation),
		cmocka_unit_test(allocation_sums_exactly),
		cmocka_unit_test(checked_arithmetic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
