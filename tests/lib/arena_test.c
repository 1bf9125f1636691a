// The arena: zeroed, aligned, given back to the mark; vectors keep what was pushed.
#include "arena.h"
#include <string.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void zeroed_and_aligned(void **state)
{
	(void)state;
	struct arena a = {0};
	for (size_t n = 1; n < 3000; n += 37) {
		unsigned char *p = arena_take(&a, n);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++) assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	arena_free(&a);
	assert_null(a.top);
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
	(void)state;
	struct arena a = {0};
	arena_take(&a, 16);
	struct arena_mark m = arena_mark(&a);
	char *p = arena_copy(&a, "dirty", 5);
	arena_reset(&a, m);
	char *q = arena_take(&a, 16);
	assert_ptr_equal(p, q);
	assert_int_equal(q[0], 0);
	arena_free(&a);
}

static void a_loop_of_records_takes_one_block(void **state)
{
	(void)state;
	struct arena a = {0};
	struct arena_mark m = arena_mark(&a); // of an empty arena
	arena_take(&a, 100);
	struct arena_block *first = a.top;
	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < 5; k++) arena_take(&a, 40000);
		arena_reset(&a, m);
		assert_ptr_equal(a.top, first);
		assert_int_equal(a.used, 0);
	}
	arena_free(&a);
}

static void a_reset_keeps_what_stands_below_the_mark(void **state)
{
	(void)state;
	struct arena a = {0};
	char *keep = arena_strdup(&a, "keep me");
	struct arena_mark m = arena_mark(&a);
	for (int i = 0; i < 10; i++) arena_take(&a, 50000);
	memset(arena_take(&a, 1000000), 1, 1000000); // larger than a block
	arena_reset(&a, m);
	assert_string_equal(keep, "keep me");
	assert_string_equal(arena_strdup(&a, "next"), "next");
	assert_string_equal(keep, "keep me");
	arena_free(&a);
}

static void printed_text_of_any_length(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_string_equal(arena_printf(&a, "%s-%d", "x", 7), "x-7");
	char *s = arena_printf(&a, "%0100000d", 5);
	assert_int_equal(strlen(s), 100000);
	assert_int_equal(s[99999], '5');
	assert_int_equal(arena_copy(&a, "a\0b", 3)[2], 'b');
	assert_string_equal(arena_copy(&a, NULL, 0), "");
	arena_free(&a);
}

static void a_vector_keeps_every_element(void **state)
{
	(void)state;
	struct arena a = {0};
	VEC(int) v = {0};
	for (int i = 0; i < 10000; i++) *VEC_PUSH(&a, &v) = i;
	assert_int_equal(v.n, 10000);
	for (int i = 0; i < 10000; i++) assert_int_equal(v.v[i], i);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeroed_and_aligned),
		cmocka_unit_test(memory_is_zeroed_again_after_a_reset),
		cmocka_unit_test(a_loop_of_records_takes_one_block),
		cmocka_unit_test(a_reset_keeps_what_stands_below_the_mark),
		cmocka_unit_test(printed_text_of_any_length),
		cmocka_unit_test(a_vector_keeps_every_element),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
