// Spans of days as people name them: a year, a quarter, a month, an ISO week, a day; this or the last one.
#include "date.h"

enum { DAY_MS = 86400000 };
struct day { int year, month, day; };

static int64_t noon(struct day d)
{
	return date_from_civil((struct civil){.year = d.year, .month = d.month, .day = d.day, .hour = 12}, "UTC");
}

static struct day plus_days(struct day d, int days)
{
	struct civil c = date_civil(noon(d) + (int64_t)days * DAY_MS, "UTC");
	return (struct day){c.year, c.month, c.day};
}

static struct day plus_months(struct day d, int months)
{
	int m = d.year * 12 + d.month - 1 + months;
	return (struct day){m / 12, m % 12 + 1, d.day};
}

static struct day monday(struct day d) { return plus_days(d, -((date_civil(noon(d), "UTC").weekday + 6) % 7)); }

// Decimal digits, exactly n of them, off the front of s.
static bool number(struct str *s, size_t n, int *to)
{
	*to = 0;
	if (s->n < n) return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9') return false;
		*to = *to * 10 + s->p[i] - '0';
	}
	*s = str_cut(*s, n, s->n);
	return true;
}

static bool mark(struct str *s, const char *text)
{
	if (!str_starts(*s, str_of(text))) return false;
	*s = str_cut(*s, strlen(text), s->n);
	return true;
}

// The week that has the year's first Thursday is its first.
static bool week(int year, int n, struct day *from, struct day *to)
{
	struct day first = monday((struct day){year, 1, 4});
	*from = plus_days(first, 7 * (n - 1));
	*to = plus_days(*from, 7);
	return n >= 1 && plus_days(*from, 3).year == year;
}

static bool by_number(struct str s, struct day *from, struct day *to)
{
	int year, n, day;
	if (!number(&s, 4, &year) || year < 1) return false;
	*from = (struct day){year, 1, 1};
	*to = plus_months(*from, 12);
	if (!s.n) return true;
	if (mark(&s, "-W")) return number(&s, 2, &n) && !s.n && week(year, n, from, to);
	if (mark(&s, "-Q")) {
		if (!number(&s, 1, &n) || s.n || n < 1 || n > 4) return false;
		*from = (struct day){year, n * 3 - 2, 1};
		return *to = plus_months(*from, 3), true;
	}
	if (!mark(&s, "-") || !number(&s, 2, &n) || n < 1 || n > 12) return false;
	*from = (struct day){year, n, 1};
	*to = plus_months(*from, 1);
	if (!s.n) return true;
	if (!mark(&s, "-") || !number(&s, 2, &day) || s.n) return false;
	from->day = day;
	if (noon(*from) == DATE_NONE) return false;
	return *to = plus_days(*from, 1), true;
}

enum { DAY, WEEK, MONTHS };
static const struct { const char *word; int unit, n, back; } spans[] = { // so many of the unit; back: how many ago
	{"today", DAY, 1, 0}, {"yesterday", DAY, 1, 1}, {"this-week", WEEK, 1, 0}, {"last-week", WEEK, 1, 1}, {"this-month", MONTHS, 1, 0}, {"last-month", MONTHS, 1, 1},
	{"this-quarter", MONTHS, 3, 0}, {"last-quarter", MONTHS, 3, 1}, {"this-year", MONTHS, 12, 0}, {"last-year", MONTHS, 12, 1},
};
enum { SPANS = sizeof spans / sizeof *spans };

const char *date_window_word(size_t i) { return i < SPANS ? spans[i].word : NULL; }

static bool by_word(struct str s, struct day today, struct day *from, struct day *to)
{
	size_t i = 0;
	while (i < SPANS && !str_is(s, spans[i].word)) i++;
	if (i == SPANS) return false;
	int n = spans[i].n, back = spans[i].back * n;
	if (spans[i].unit == MONTHS) {
		*from = plus_months((struct day){today.year, (today.month - 1) / n * n + 1, 1}, -back);
		return *to = plus_months(*from, n), true;
	}
	int days = spans[i].unit == WEEK ? 7 : 1;
	*from = plus_days(days == 7 ? monday(today) : today, -back * days);
	return *to = plus_days(*from, days), true;
}

static int64_t midnight(struct day d, const char *zone)
{
	return date_from_civil((struct civil){.year = d.year, .month = d.month, .day = d.day}, zone);
}

int date_window(struct err *e, const char *s, const char *zone, int64_t now, int64_t *since, int64_t *until)
{
	struct civil c = date_civil(now, zone);
	struct str text = str_trim(str_of(s));
	struct day from, to;
	bool known = by_number(text, &from, &to) || by_word(text, (struct day){c.year, c.month, c.day}, &from, &to);
	if (known) {
		*since = midnight(from, zone);
		*until = midnight(to, zone);
		if (*since != DATE_NONE && *until != DATE_NONE) return 0;
	}
	fail(e, E_USAGE, "%s is not a span of days", s);
	return hint(e, "write 2026, 2026-Q4, 2026-10, 2026-W41, 2026-10-05, today, yesterday, last-week, last-month, this-year …; or give --since and --until");
}
