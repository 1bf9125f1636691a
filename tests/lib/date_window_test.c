// Spans as people name them: from local midnight to local midnight. Expected instants from Python's datetime and zoneinfo.
#include "date.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static int64_t at(const char *s)
{
	int64_t v;
	assert_true(date_parse(str_of(s), "rfc3339", "UTC", &v));
	return v;
}

static void is(const char *span, const char *zone, const char *now, const char *since, const char *until)
{
	struct err e = {0};
	int64_t from, to;
	if (date_window(&e, span, zone, at(now), &from, &to)) fail_msg("%s: %s", span, e.text);
	assert_int_equal(from, at(since));
	assert_int_equal(to, at(until));
}

static void named_by_number(void **state)
{
	(void)state;
	static const char *const now = "2026-11-20T10:00:00Z";
	is("2026", "UTC", now, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
	is("2026-Q1", "UTC", now, "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z");
	is("2026-Q4", "UTC", now, "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z");
	is("2024-02", "UTC", now, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
	is("2026-12", "UTC", now, "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
	is("2024-02-29", "UTC", now, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z");
	is(" 2026-12-31 ", "UTC", now, "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z");
	is("2026-10", "+02:00", now, "2026-09-30T22:00:00Z", "2026-10-31T22:00:00Z");
}

// date.fromisocalendar(year, week, 1)
static void weeks(void **state)
{
	(void)state;
	static const char *const now = "2026-11-20T10:00:00Z";
	is("2026-W01", "UTC", now, "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z");
	is("2026-W41", "UTC", now, "2026-10-05T00:00:00Z", "2026-10-12T00:00:00Z");
	is("2026-W53", "UTC", now, "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z");
	is("2021-W01", "UTC", now, "2021-01-04T00:00:00Z", "2021-01-11T00:00:00Z");
	is("2020-W53", "UTC", now, "2020-12-28T00:00:00Z", "2021-01-04T00:00:00Z");
}

static void days_of_23_and_25_hours(void **state)
{
	(void)state;
	static const char *const now = "2026-11-20T10:00:00Z";
	is("2026-03-29", "Europe/Berlin", now, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
	is("2026-10-25", "Europe/Berlin", now, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
	is("2026-10", "Europe/Berlin", now, "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z");
}

static void named_by_word(void **state)
{
	(void)state;
	is("today", "UTC", "2026-11-20T10:00:00Z", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z");
	is("yesterday", "UTC", "2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z");
	is("yesterday", "Europe/Berlin", "2026-03-29T23:30:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"); // there it is the 30th already
	is("this-week", "UTC", "2026-11-22T23:59:59Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z");          // a Sunday
	is("last-week", "UTC", "2026-11-16T00:00:00Z", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z");          // a Monday
	is("last-month", "UTC", "2026-01-31T10:00:00Z", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z");
	is("last-month", "UTC", "2026-03-31T10:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
	is("this-quarter", "UTC", "2026-12-31T10:00:00Z", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z");
	is("last-quarter", "UTC", "2026-02-01T10:00:00Z", "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z");
	is("last-year", "UTC", "2026-02-01T10:00:00Z", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
}

static void refused(void **state)
{
	(void)state;
	static const char *const no[] = {"", "26", "2026-", "2026-0", "2026-00", "2026-13", "2026-1", "2026-02-30", "2025-02-29", "2026-10-5", "2026-W00", "2026-W54", "2025-W53",
		"2026-W1", "2026-Q0", "2026-Q5", "2026-Q", "0000", "2026-10-05 ", "2026-10-05x", "2026-10-05T00:00:00Z", "9999", "last-", "last-fortnight", "lastmonth", "-7d", "Yesterday"};
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		struct err e = {0};
		int64_t from, to;
		bool blank = i == 18; // outer blanks do not matter
		if ((date_window(&e, no[i], "UTC", at("2026-11-20T10:00:00Z"), &from, &to) == 0) != blank) fail_msg("<%s>", no[i]);
		if (!blank) assert_int_equal(e.code, E_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_by_number), cmocka_unit_test(weeks), cmocka_unit_test(days_of_23_and_25_hours), cmocka_unit_test(named_by_word), cmocka_unit_test(refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
