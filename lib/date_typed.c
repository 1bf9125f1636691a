// The instants a person types for --since, --until and --at.
#include "date.h"

enum { DAY = 86400 };

// Midnight in zone of the day that is `days` after the one of now. By the calendar: a day may have 23 hours.
static int64_t midnight(int64_t now, const char *zone, int days)
{
	struct civil c = date_civil(now, zone);
	c.hour = 12;
	c.minute = c.second = c.milli = 0;
	int64_t noon = date_from_civil(c, "UTC");
	if (noon == DATE_NONE) return DATE_NONE;
	c = date_civil(noon + (int64_t)days * DAY * 1000, "UTC");
	c.hour = 0;
	return date_from_civil(c, zone);
}

static bool by_word(struct str s, const char *zone, int64_t now, int64_t *at)
{
	if (str_is(s, "now")) *at = now;
	else if (str_is(s, "today")) *at = midnight(now, zone, 0);
	else if (str_is(s, "yesterday")) *at = midnight(now, zone, -1);
	else if (str_is(s, "tomorrow")) *at = midnight(now, zone, 1);
	else return false;
	return *at != DATE_NONE;
}

// "-90m", "+2h": so many times 60 s, 3600 s, 24 h or 7 x 24 h from now.
static bool by_span(struct str s, int64_t now, int64_t *at)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = {1, 60, 3600, DAY, 7 * DAY};
	if (s.n < 3 || (s.p[0] != '-' && s.p[0] != '+')) return false;
	const char *unit = strchr(units, s.p[s.n - 1]);
	int64_t n, span, t;
	if (!unit || s.p[1] == '-' || !str_int(str_cut(s, 1, s.n - 1), &n)) return false;
	if (__builtin_mul_overflow(n, seconds[unit - units] * 1000, &span)) return false;
	if (s.p[0] == '-' ? __builtin_sub_overflow(now, span, &t) : __builtin_add_overflow(now, span, &t)) return false;
	if (t < -62135596800000 || t > 253402300799999) return false; // the years 0001 to 9999
	*at = t;
	return true;
}

// Is it a date whose order of day and month nobody can know? Then the two it may be are offered.
static bool hint_slashes(struct err *e, struct str s)
{
	int64_t day, month;
	if (!date_parse(s, "dmy", "UTC", &day) && !date_parse(s, "mdy", "UTC", &day)) return false;
	struct buf b = {0};
	if (!date_parse(s, "mdy", "UTC", &month)) month = day;
	date_text(&b, day);
	date_text(&b, month);
	if (day == month) hint(e, "write it as %.10s", b.p);
	else hint(e, "write it as %.10s or %.10s", b.p, b.p + b.n / 2);
	buf_free(&b);
	return true;
}

int date_typed(struct err *e, const char *s, const char *zone, int64_t now, int64_t *at)
{
	struct str text = str_trim(str_of(s));
	if (!zone_known(zone)) {
		fail(e, E_USAGE, "there is no time zone %s", zone);
		return hint(e, "name one as Europe/Berlin, UTC or +02:00");
	}
	if (by_word(text, zone, now, at) || by_span(text, now, at)) return 0;
	if (text.n && text.p[0] == '@' && date_parse(str_cut(text, 1, text.n), "s", "UTC", at)) return 0;
	if (date_parse(text, "rfc3339 naive date", zone, at)) return 0;
	fail(e, E_USAGE, "%s is not a time", s);
	if (hint_slashes(e, text)) return -1;
	return hint(e, "write 2026-11-03, \"2026-11-03 09:15\", 2026-11-03T09:15:00Z, today, yesterday, -90m, -2h, -7d or @1793700900");
}
