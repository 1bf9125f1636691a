// Sources: added by name, changed by what is given, refused with the nearest name.
#include "source_store.h"
#include "store_help.h"

static bool put(struct fixture *f, struct source s)
{
	bool created;
	OK(f, source_put(f->db, &f->err, &s, &created));
	return created;
}

static void added_once_then_changed(void **state)
{
	struct fixture *f = *state;
	struct source s, *list;
	size_t n;
	BEGIN(f);
	assert_true(put(f, (struct source){.name = "shop-de", .channel = "shopify", .tz = "Europe/Berlin", .currency = "EUR", .created_at = 7}));
	assert_false(put(f, (struct source){.name = "shop-de", .account = "de"}));
	assert_true(put(f, (struct source){.name = "amz", .channel = "amazon"}));
	COMMIT(f);
	OK(f, source_get(f->db, &f->err, &f->arena, "shop-de", &s));
	assert_string_equal(s.channel, "shopify");
	assert_string_equal(s.account, "de");
	assert_string_equal(s.tz, "Europe/Berlin");
	assert_string_equal(s.currency, "EUR");
	assert_int_equal(s.created_at, 7);
	OK(f, source_by_id(f->db, &f->err, &f->arena, s.source_id, &s));
	assert_string_equal(s.name, "shop-de");
	OK(f, source_list(f->db, &f->err, &f->arena, &list, &n));
	assert_int_equal(n, 2);
	assert_string_equal(list[0].name, "amz");
	assert_string_equal(list[0].tz, "UTC");
	assert_null(list[0].currency);
}

static void unknown_ones_are_said(void **state)
{
	struct fixture *f = *state;
	struct source s;
	BEGIN(f);
	put(f, (struct source){.name = "shopify", .channel = "shopify"});
	COMMIT(f);
	assert_int_equal(source_get(f->db, &f->err, &f->arena, "shopfiy", &s), -1);
	assert_int_equal(f->err.code, E_NOTFOUND);
	assert_non_null(strstr(f->err.hint, "shopify"));
	assert_int_equal(source_by_id(f->db, &f->err, &f->arena, 99, &s), -1);
	assert_int_equal(f->err.code, E_NOTFOUND);
}

static void bad_names_are_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = {"", "a:b", "A", "a b", "caf\xC3\xA9", "x234567890123456789012345678901234567890123456789012345678901234567890"};
	bool created;
	BEGIN(f);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(source_put(f->db, &f->err, &(struct source){.name = bad[i], .channel = "x"}, &created), -1);
		assert_int_equal(f->err.code, E_USAGE);
	}
	assert_int_equal(source_put(f->db, &f->err, &(struct source){.name = "new"}, &created), -1);
	COMMIT(f);
	assert_string_equal(ask(f, "SELECT count(*) FROM source"), "0");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {TEST(added_once_then_changed), TEST(unknown_ones_are_said), TEST(bad_names_are_refused)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
