// What a confirmed order holds of stock, folded: whatever comes after the plan, and in whatever order it came.
#include "fold_help.h"
#include "view.h"

#define AT(t) "2026-11-20T" t ":00.000Z"
#define PLAN "\"lines\":[{\"line\":\"1\",\"sku\":\"MUG\",\"quantity\":6,\"allocations\":[{\"warehouse\":\"BER\",\"units\":3},{\"warehouse\":\"HAM\",\"units\":2,\"backordered\":1}]," \
	"\"components\":[{\"sku\":\"MUG\",\"quantity\":1}]},{\"line\":\"2\",\"sku\":\"SET\",\"quantity\":2,\"allocations\":[{\"warehouse\":\"BER\",\"units\":2}]," \
	"\"components\":[{\"sku\":\"MUG\",\"quantity\":2},{\"sku\":\"LID\",\"quantity\":1}]}],\"service\":\"STD\",\"carrier\":\"DHL\""
#define LINES "\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":6,\"unit_price\":\"1.00\"},{\"id\":\"2\",\"sku\":\"SET\",\"quantity\":2,\"unit_price\":\"1.00\"}]"

static void begin(struct set *s)
{
	serial = 0;
	add(s, "order.created", AT("10:00"), "\"currency\":\"EUR\",\"price_mode\":\"gross\"," LINES);
	add(s, "order.confirmed", AT("11:00"), PLAN);
}

// "line warehouse sku allocated/backordered/shipped/returned" of each, and each line's "cancelled/backordered/allocated/open".
static const char *held(struct set *s)
{
	struct order *o = fold(s);
	struct buf b = {0};
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		buf_printf(&b, "%s%s%s %s %lld/%lld/%lld/%lld", i ? ", " : "", str_show(r->line), str_show(r->warehouse), str_show(r->sku), (long long)r->allocated, (long long)r->backordered,
			(long long)r->shipped, (long long)r->returned);
	}
	char *text = arena_printf(&s->a, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return text;
}

static const char *units(struct set *s)
{
	struct buf b = {0};
	for (size_t i = 0; i < s->o.n_lines; i++) {
		const struct line *l = &s->o.lines[i];
		int64_t open = l->quantity - l->cancelled - l->shipped - l->backordered - l->allocated - l->picked;
		assert_true(open >= 0);
		buf_printf(&b, "%s%lld/%lld/%lld/%lld", i ? " " : "", (long long)l->cancelled, (long long)l->backordered, (long long)l->allocated, (long long)open);
	}
	char *text = arena_printf(&s->a, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return text;
}

static bool changed(struct set *s)
{
	for (size_t i = 0; i < s->o.n_holds; i++)
		if (str_is(s->o.holds[i].type, "CHANGED")) return s->o.holds[i].status == HOLD_OPEN;
	return false;
}

static void the_plan_as_it_was_made(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	assert_string_equal(held(&s), "1BER MUG 3/0/0/0, 1HAM MUG 2/1/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0");
	assert_string_equal(units(&s), "0/1/5/0 0/0/2/0");
	assert_int_equal(s.o.status, ORDER_CONFIRMED);
	assert_str(s.o.service, "STD");
	assert_false(changed(&s));
	done(&s);
}

static void what_is_cancelled_waits_first_and_was_planned_last(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	add(&s, "units.cancelled", AT("12:00"), "\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	assert_string_equal(held(&s), "1BER MUG 3/0/0/0, 1HAM MUG 2/0/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0");
	add(&s, "units.cancelled", AT("12:01"), "\"lines\":[{\"line\":\"1\",\"quantity\":3},{\"line\":\"2\",\"quantity\":1}]");
	assert_string_equal(held(&s), "1BER MUG 2/0/0/0, 2BER LID 1/0/0/0, 2BER MUG 2/0/0/0");
	assert_string_equal(units(&s), "4/0/2/0 1/0/1/0");
	add(&s, "order.cancelled", AT("13:00"), "\"at\":\"" AT("13:00") "\"");
	assert_string_equal(held(&s), "");
	assert_string_equal(units(&s), "6/0/0/0 2/0/0/0");
	done(&s);
}

// The channel was told and counts ours in; the larger count is the whole of it.
static void cancelled_by_us_and_by_the_channel_is_not_added_up(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	add(&s, "units.cancelled", AT("12:00"), "\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	add(&s, "order.updated", AT("12:30"), "\"line_updates\":[{\"id\":\"1\",\"cancelled\":2}]");
	assert_string_equal(units((held(&s), &s)), "2/0/4/0 0/0/2/0");
	add(&s, "order.updated", AT("12:40"), "\"line_updates\":[{\"id\":\"1\",\"cancelled\":3}]");
	assert_string_equal(units((held(&s), &s)), "3/0/3/0 0/0/2/0");
	done(&s);
}

static void what_leaves_is_taken_where_the_parcel_says_then_as_planned(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	add(&s, "shipment.updated", AT("12:00"), "\"id\":\"a\",\"status\":\"shipped\",\"location\":\"HAM\",\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	assert_string_equal(held(&s), "1BER MUG 3/0/0/0, 1HAM MUG 0/1/2/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0");
	add(&s, "shipment.updated", AT("12:10"), "\"id\":\"b\",\"status\":\"shipped\",\"lines\":[{\"line\":\"1\",\"quantity\":1},{\"line\":\"2\",\"quantity\":1}]");
	assert_string_equal(held(&s), "1BER MUG 2/0/1/0, 1HAM MUG 0/1/2/0, 2BER LID 1/0/1/0, 2BER MUG 2/0/2/0");
	assert_string_equal(units(&s), "0/1/2/0 0/0/1/0");
	add(&s, "refund.updated", AT("12:20"), "\"id\":\"r\",\"status\":\"succeeded\",\"lines\":[{\"line\":\"1\",\"quantity\":2,\"restock\":\"return\"},{\"line\":\"2\",\"quantity\":1,\"restock\":\"no_restock\"}]");
	assert_string_equal(held(&s), "1BER MUG 2/0/1/1, 1HAM MUG 0/1/2/1, 2BER LID 1/0/1/0, 2BER MUG 2/0/2/0");
	add(&s, "shipment.updated", AT("12:30"), "\"id\":\"b\",\"status\":\"cancelled\"");
	assert_string_equal(held(&s), "1BER MUG 3/0/0/0, 1HAM MUG 0/1/2/2, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0");
	done(&s);
}

static void picked_units_are_held_too(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	add(&s, "shipment.updated", AT("12:00"), "\"id\":\"a\",\"status\":\"picked\",\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	assert_string_equal(held(&s), "1BER MUG 3/0/0/0, 1HAM MUG 2/1/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0");
	assert_string_equal(units(&s), "0/1/3/0 0/0/2/0");
	assert_int_equal(s.o.lines[0].picked, 2);
	done(&s);
}

static void lines_that_change_are_held_for_a_person_and_take_nothing_more(void **state)
{
	(void)state;
	static const struct { const char *lines, *held; } ways[] = {
		{"\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":9},{\"id\":\"2\",\"sku\":\"SET\",\"quantity\":2}]", "1BER MUG 3/0/0/0, 1HAM MUG 2/1/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0"},
		{"\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":2},{\"id\":\"2\",\"sku\":\"SET\",\"quantity\":2}]", "1BER MUG 2/0/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0"},
		{"\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":6}]", "1BER MUG 3/0/0/0, 1HAM MUG 2/1/0/0"},
		{"\"lines\":[{\"id\":\"1\",\"sku\":\"OTHER\",\"quantity\":6},{\"id\":\"2\",\"sku\":\"SET\",\"quantity\":2}]", "1BER MUG 3/0/0/0, 1HAM MUG 2/1/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0"},
		{"\"line_updates\":[{\"id\":\"3\",\"sku\":\"NEW\",\"quantity\":1}]", "1BER MUG 3/0/0/0, 1HAM MUG 2/1/0/0, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0"},
	};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct set s = {0};
		begin(&s);
		add(&s, "order.updated", AT("12:00"), ways[i].lines);
		assert_string_equal(held(&s), ways[i].held);
		assert_true(changed(&s));
		done(&s);
	}
}

// A cancellation that happened first is final, whatever was confirmed after it.
static void what_was_cancelled_before_holds_nothing(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	add(&s, "order.cancelled", AT("10:30"), "\"at\":\"" AT("10:30") "\"");
	assert_string_equal(held(&s), "");
	assert_int_equal(s.o.status, ORDER_CANCELLED);
	done(&s);
}

static char *whole(struct set *s)
{
	struct buf b = {0};
	order_json(&b, fold(s), DATE_NONE);
	char *text = arena_printf(&s->a, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return text;
}

static void any_order_of_arrival_gives_the_same(void **state)
{
	(void)state;
	struct set s = {0};
	begin(&s);
	add(&s, "units.cancelled", AT("12:00"), "\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	add(&s, "shipment.updated", AT("12:10"), "\"id\":\"a\",\"status\":\"shipped\",\"location\":\"HAM\",\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	add(&s, "order.updated", AT("12:20"), "\"line_updates\":[{\"id\":\"1\",\"cancelled\":2}]");
	add(&s, "refund.updated", AT("12:30"), "\"id\":\"r\",\"status\":\"succeeded\",\"lines\":[{\"line\":\"1\",\"quantity\":1,\"restock\":\"return\"}]");
	add(&s, "shipment.updated", AT("12:40"), "\"id\":\"a\",\"status\":\"delivered\"");
	const char *first = whole(&s);
	assert_string_equal(held(&s), "1BER MUG 2/0/0/0, 1HAM MUG 0/0/2/1, 2BER LID 2/0/0/0, 2BER MUG 4/0/0/0");
	unsigned seed = 7;
	for (int n = 0; n < 300; n++) {
		for (size_t i = s.ev.n; i > 1; i--) {
			seed = seed * 1103515245u + 12345u;
			size_t k = (seed >> 8) % i;
			struct event ev = s.ev.v[i - 1];
			s.ev.v[i - 1] = s.ev.v[k];
			s.ev.v[k] = ev;
		}
		assert_string_equal(whole(&s), first);
	}
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plan_as_it_was_made), cmocka_unit_test(what_is_cancelled_waits_first_and_was_planned_last),
		cmocka_unit_test(cancelled_by_us_and_by_the_channel_is_not_added_up), cmocka_unit_test(what_leaves_is_taken_where_the_parcel_says_then_as_planned),
		cmocka_unit_test(picked_units_are_held_too), cmocka_unit_test(lines_that_change_are_held_for_a_person_and_take_nothing_more),
		cmocka_unit_test(what_was_cancelled_before_holds_nothing), cmocka_unit_test(any_order_of_arrival_gives_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
