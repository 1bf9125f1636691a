// Countries: every code and name there is, the ones people write, and what their addresses need.
#include "country.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void is(const char *s, const char *want)
{
	const char *code = country_code(str_of(s));
	if (!code || strcmp(code, want) != 0) fail_msg("'%s' is read as %s, not %s", s, code ? code : "nothing", want);
}

static void codes(void **state)
{
	(void)state;
	is("US", "US");
	is("us", "US");
	is(" Us\t", "US");
	is("USA", "US");
	is("gbr", "GB");
	is("UK", "GB");
	is("EL", "GR");
	is("XK", "XK");
	is("C2", "CN"); // as PayPal writes it
	int known = 0;
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			char code[2] = {a, b};
			const char *name = country_name((struct str){code, 2});
			if (!name) continue;
			known++;
			is(name, (char[]){a, b, 0});
		}
	assert_int_equal(known, 250); // the 249 of ISO 3166-1, and Kosovo
}

static void names(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"United States", "US"}, {"united states of america", "US"}, {"U.S.A.", "US"}, {"The United States", "US"},
		{"England", "GB"}, {"Great Britain", "GB"}, {"South Korea", "KR"}, {"Korea, Republic of", "KR"},
		{"Korea, Democratic People's Republic of", "KP"}, {"Russia", "RU"}, {"Russian Federation", "RU"}, {"Vietnam", "VN"},
		{"Viet Nam", "VN"}, {"Czechia", "CZ"}, {"Czech Republic", "CZ"}, {"EIRE", "IE"}, {"RSA", "ZA"}, {"Channel Islands", "JE"},
		{"Holland", "NL"}, {"the Netherlands", "NL"}, {"Côte d'Ivoire", "CI"}, {"COTE D’IVOIRE", "CI"}, {"Ivory Coast", "CI"},
		{"Trinidad & Tobago", "TT"}, {"Bosnia-Herzegovina", "BA"}, {"Republic of Latvia", "LV"}, {"Republic of Korea", "KR"},
		{"Republic of China", "TW"}, {"Kingdom of Norway", "NO"}, {"St. Lucia", "LC"}, {"  hong   kong ", "HK"}, {"Turkey", "TR"},
		{"Türkiye", "TR"}, {"Tu\u0308rkiye", "TR"}, {"Burma", "MM"}, {"Swaziland", "SZ"}, {"Cape Verde", "CV"}, {"Georgia", "GE"},
		{"Niger", "NE"}, {"Nigeria", "NG"}, {"Guinea", "GN"}, {"Guinea-Bissau", "GW"}, {"Congo", "CG"},
		{"Congo, The Democratic Republic of the", "CD"}, {"Dominica", "DM"}, {"Dominican Republic", "DO"},
		{"Estados Unidos", "US"}, {"Alemania", "DE"}, {"Deutschland", "DE"}, {"México", "MX"}, {"MÉXICO", "MX"}, {"España", "ES"},
		{"SudAfrica", "ZA"}, {"Myanmar (Birmania)", "MM"}, {"日本", "JP"}, {"Österreich", "AT"}, {"Åland Islands", "AX"},
		{"Venezuela, Bolivarian Republic of", "VE"}, {"Holy See (Vatican City State)", "VA"}, {"Taiwan, Province of China", "TW"},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) is(pairs[i][0], pairs[i][1]);
}

static void no_countries(void **state)
{
	(void)state;
	static const char *const bad[] = {"", " ", "ZZ", "QQQ", "Unspecified", "European Community", "Texas", "U S", "1", "the", "the ",
	                                  "Germany 1", "US\xff", "\x1b", "Republic of", "republic of nowhere", "null", "-", "."};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (country_code(str_of(bad[i]))) fail_msg("'%s' is no country", bad[i]);
	char longer[5000];
	memset(longer, 'a', sizeof longer);
	assert_null(country_code((struct str){longer, sizeof longer}));
	assert_null(country_code((struct str){0}));
	assert_null(country_name(S("ZZ")));
	assert_null(country_name(S("USA")));
	assert_string_equal(country_name(S("KR")), "South Korea");
}

static void what_an_address_needs(void **state)
{
	(void)state;
	static const char *const with[] = {"US", "GB", "IE", "DE", "NL", "SG", "PR", "CO", "IN"};
	static const char *const without[] = {"HK", "AE", "QA", "AO", "BO", "AQ", "MO", "ZW", "ZZ", ""};
	static const char *const regions[] = {"US", "CA", "AU", "BR", "MX", "IN", "CN", "JP", "MY"};
	static const char *const no_regions[] = {"DE", "GB", "SG", "NL", "ZZ", ""};
	for (size_t i = 0; i < sizeof with / sizeof *with; i++) assert_true(country_has_postcodes(str_of(with[i])));
	for (size_t i = 0; i < sizeof without / sizeof *without; i++) assert_false(country_has_postcodes(str_of(without[i])));
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) assert_true(country_has_regions(str_of(regions[i])));
	for (size_t i = 0; i < sizeof no_regions / sizeof *no_regions; i++) assert_false(country_has_regions(str_of(no_regions[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes),
		cmocka_unit_test(names),
		cmocka_unit_test(no_countries),
		cmocka_unit_test(what_an_address_needs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
