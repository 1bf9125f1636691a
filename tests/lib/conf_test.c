// Our own small JSON files: values, order, and errors with file, line and column.
#include "conf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static struct err err;

static struct conf *parse(const char *text) { return conf_parse(&err, str_of(text), "a.json"); }

static void values_are_read(void **state)
{
	(void)state;
	struct conf *c = parse("{\"b\":\"x\",\"a\":[1,true,null,2.5],\"o\":{\"z\":1,\"y\":2}}");
	assert_non_null(c);
	assert_int_equal(conf_type(c), CONF_OBJECT);
	assert_string_equal(conf_text_at(c, "b", "-"), "x");
	assert_string_equal(conf_text_at(c, "none", "-"), "-");
	const struct conf *a = conf_get(c, "a"), *o = conf_get(c, "o");
	assert_int_equal(conf_size(a), 4);
	assert_int_equal(conf_int(conf_item(a, 0), 9), 1);
	assert_int_equal(conf_int(conf_item(a, 3), 9), 9); // no whole number
	assert_true(conf_bool(conf_item(a, 1), false));
	assert_int_equal(conf_type(conf_item(a, 2)), CONF_NULL);
	assert_null(conf_item(a, 4));
	assert_int_equal(conf_size(o), 2);
	assert_string_equal(conf_key(o, 0), "z"); // in file order
	assert_string_equal(conf_key(o, 1), "y");
	assert_int_equal(conf_int(conf_item(o, 1), 0), 2);
	assert_null(conf_key(o, 2));
	char *json = conf_dump(o);
	assert_string_equal(json, "{\"z\":1,\"y\":2}");
	free(json);
	conf_close(c);
}

static void nothing_is_harmless(void **state)
{
	(void)state;
	assert_int_equal(conf_type(NULL), CONF_NULL);
	assert_null(conf_get(NULL, "a"));
	assert_null(conf_text(NULL));
	assert_int_equal(conf_size(NULL), 0);
	assert_null(conf_item(NULL, 0));
	assert_null(conf_key(NULL, 0));
	assert_int_equal(conf_int(NULL, 7), 7);
	assert_true(conf_bool(NULL, true));
	conf_close(NULL);
}

static void mistakes_have_a_place(void **state)
{
	(void)state;
	assert_null(parse("{\n \"a\": 1,\n \"b\" 2\n}"));
	assert_int_equal(err.code, E_CONFIG);
	assert_non_null(strstr(err.text, "a.json:3:")); // the line the colon is missing on
	assert_null(parse("{\"a\":1,\"a\":2}"));
	assert_non_null(strstr(err.text, "duplicate"));
	assert_null(parse(""));
	assert_null(parse("{} x"));
}

static void a_file_that_is_missing_is_said(void **state)
{
	(void)state;
	assert_null(conf_load(&err, "/nonexistent/x.json"));
	assert_int_equal(err.code, E_NOINPUT);
	assert_non_null(strstr(err.text, "/nonexistent/x.json"));
}

static void data_lies_where_it_is_said(void **state)
{
	(void)state;
	struct buf b = {0};
	setenv("OMS_SHARE", "/data/oms", 1);
	share_path(&b, "channels", "shop", ".json");
	assert_string_equal(b.p, "/data/oms/channels/shop.json");
	unsetenv("OMS_SHARE");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read), cmocka_unit_test(nothing_is_harmless), cmocka_unit_test(mistakes_have_a_place),
		cmocka_unit_test(a_file_that_is_missing_is_said), cmocka_unit_test(data_lies_where_it_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
