// Members of JSON records: commas, what is absent; amounts, ids and instants as text.
#include "member.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void check(struct buf *b, const char *want)
{
	buf_c(b, '\0');
	assert_string_equal(b->p, want);
	buf_free(b);
}

static void commas_stand_between_and_nowhere_else(void **state)
{
	(void)state;
	struct buf b = {0};
	member_record(&b, "oms.x/1");
	member_open(&b, "lines", '[');
	for (int i = 0; i < 2; i++) {
		member_item(&b, '{');
		member_whole(&b, "n", i);
		member_flag(&b, "last", i == 1);
		buf_c(&b, '}');
	}
	buf_c(&b, ']');
	member_open(&b, "empty", '{');
	buf_c(&b, '}');
	member_word(&b, "end", "[");
	member_word(&b, "after", "{");
	buf_c(&b, '}');
	check(&b, "{\"schema\":\"oms.x/1\",\"lines\":[{\"n\":0,\"last\":false},{\"n\":1,\"last\":true}],\"empty\":{},\"end\":\"[\",\"after\":\"{\"}");
}

static void lists(void **state)
{
	(void)state;
	static const struct str two[] = {{"a", 1}, {"\"", 1}};
	struct buf b = {0};
	buf_c(&b, '{');
	member_texts(&b, "none", NULL, 0);
	member_texts(&b, "two", two, 2);
	member_open(&b, "plain", '[');
	for (int i = 7; i < 9; i++) member_item(&b, 0), buf_int(&b, i);
	buf_cstr(&b, "]}");
	check(&b, "{\"none\":[],\"two\":[\"a\",\"\\\"\"],\"plain\":[7,8]}");
}

static void what_is_absent_is_no_member(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_c(&b, '{');
	member_text(&b, "a", (struct str){0});
	member_word(&b, "b", NULL);
	member_money(&b, "c", MONEY_NONE, 2);
	member_instant(&b, "d", DATE_NONE);
	member_text(&b, "e", S(""));
	buf_c(&b, '}');
	check(&b, "{\"e\":\"\"}");
}

static void amounts_and_instants_are_text(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_c(&b, '{');
	member_money(&b, "eur", -1990, 2);
	member_money(&b, "jpy", 300, 0);
	member_money(&b, "kwd", 5, 3);
	member_id(&b, "dead", 7);
	member_instant(&b, "at", INT64_C(1764064310123)); // date -u -d @1764064310.123
	buf_c(&b, '}');
	check(&b, "{\"eur\":\"-19.90\",\"jpy\":\"300\",\"kwd\":\"0.005\",\"dead\":\"7\",\"at\":\"2025-11-25T09:51:50.123Z\"}");
}

static void the_first_item_of_a_buffer_has_no_comma(void **state)
{
	(void)state;
	struct buf b = {0};
	member_item(&b, '{');
	buf_c(&b, '}');
	member_item(&b, '{');
	buf_c(&b, '}');
	check(&b, "{},{}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_stand_between_and_nowhere_else),
		cmocka_unit_test(lists),
		cmocka_unit_test(what_is_absent_is_no_member),
		cmocka_unit_test(amounts_and_instants_are_text),
		cmocka_unit_test(the_first_item_of_a_buffer_has_no_comma),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
