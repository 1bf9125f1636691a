// Instants, days and zones: the calendar by arithmetic, named zones by the C library. This module owns TZ.
#include "date.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
static const int64_t earliest = -62135596800000, latest = 253402300799999; // the years 0001 to 9999

static struct { bool read, fixed; int64_t at; } told;

static int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t date_now(void)
{
	if (told.read) return told.at;
	told.read = true;
	told.at = clock_ms();
	const char *fixed = getenv("OMS_NOW");
	if (fixed && !date_parse(str_of(fixed), "rfc3339", "UTC", &told.at)) told.at = DATE_NONE;
	told.fixed = fixed != NULL;
	return told.at;
}

int64_t date_later(void)
{
	int64_t at = told.read && told.fixed ? told.at : clock_ms();
	if (at > date_now()) told.at = at;
	return told.at;
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years that begin in March, so that
// the leap day is the last of its year.
static int64_t days_of(int64_t year, int month, int day)
{
	if (month <= 2) year--;
	int64_t era = floor_div(year, 400), y = year - era * 400;
	int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + y * 365 + y / 4 - y / 100 + in_year - 719468;
}

static void civil_day(int64_t days, struct civil *c)
{
	int64_t z = days + 719468, era = floor_div(z, 146097), d = z - era * 146097;
	int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	int64_t in_year = d - (365 * y + y / 4 - y / 100), m = (5 * in_year + 2) / 153;
	c->day = (int)(in_year - (153 * m + 2) / 5 + 1);
	c->month = (int)(m < 10 ? m + 3 : m - 9);
	c->year = (int)(y + era * 400 + (c->month <= 2));
	c->weekday = (int)(days + 4 - floor_div(days + 4, 7) * 7);
}

static bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static bool exists(const struct civil *c)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1) return false;
	if (c->day > days[c->month - 1] + (c->month == 2 && leap(c->year))) return false;
	return c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 && c->second < 60 &&
	       c->milli >= 0 && c->milli < 1000;
}

// Two digits, or -1.
static int two(const char *p)
{
	return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

// "+02:00" "+0200" "+02"
static bool is_offset(const char *p, int *offset)
{
	if (*p != '+' && *p != '-') return false;
	int h = two(p + 1), m = 0;
	if (h < 0 || h > 23) return false;
	if (p[3]) {
		const char *at = p + 3 + (p[3] == ':');
		m = two(at);
		if (m < 0 || m > 59 || at[2]) return false;
	}
	*offset = (h * HOUR + m * MINUTE) * (*p == '-' ? -1 : 1);
	return true;
}

// POSIX's "UTC0" and "EST5": letters, then hours to the west.
static bool is_posix(const char *p, int *offset)
{
	size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	if (n < 3) return false;
	p += n;
	int sign = *p == '-' ? 1 : -1;
	if (*p == '-' || *p == '+') p++;
	size_t digits = strspn(p, "0123456789");
	if (digits < 1 || digits > 2 || p[digits]) return false;
	int h = digits == 2 ? two(p) : *p - '0';
	*offset = sign * h * HOUR;
	return h < 24;
}

static bool is_fixed(const char *zone, int *offset)
{
	*offset = 0;
	if (!*zone || strcmp(zone, "UTC") == 0 || strcmp(zone, "Z") == 0) return true;
	return is_offset(zone, offset) || is_posix(zone, offset);
}

// The C library takes a name it has no file for as UTC without a word; so the file is looked at first.
static bool has_file(const char *zone)
{
	const char *dir = getenv("TZDIR");
	char path[512], magic[4];
	size_t n = strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
	if (zone[n] || *zone == '/' || strncmp(zone, "right/", 6) == 0) return false; // right/ counts leap seconds
	n = (size_t)snprintf(path, sizeof path, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", zone);
	FILE *f = n < sizeof path ? fopen(path, "rbe") : NULL;
	if (!f) return false;
	bool good = fread(magic, sizeof magic, 1, f) == 1 && memcmp(magic, "TZif", 4) == 0;
	fclose(f);
	return good;
}

// Makes zone the one localtime_r speaks of.
static bool load(const char *zone)
{
	static char loaded[64];
	if (*loaded && strcmp(loaded, zone) == 0) return true;
	if (strlen(zone) >= sizeof loaded || !has_file(zone) || setenv("TZ", zone, 1) != 0) return false;
	tzset();
	memcpy(loaded, zone, strlen(zone) + 1);
	return true;
}

static const char *named(const char *zone) { return zone && *zone == ':' ? zone + 1 : zone ? zone : ""; }

bool zone_known(const char *zone)
{
	int offset;
	zone = named(zone);
	return is_fixed(zone, &offset) || load(zone);
}

static int offset_at(int64_t second)
{
	struct tm tm;
	time_t t = (time_t)second;
	return localtime_r(&t, &tm) ? (int)tm.tm_gmtoff : 0;
}

struct civil date_civil(int64_t at, const char *zone)
{
	struct civil c = {0};
	int64_t second = floor_div(at, 1000);
	c.milli = (int)(at - second * 1000);
	zone = named(zone);
	if (!is_fixed(zone, &c.offset) && load(zone)) c.offset = offset_at(second);
	second += c.offset;
	int64_t day = floor_div(second, DAY);
	int in_day = (int)(second - day * DAY);
	civil_day(day, &c);
	c.hour = in_day / HOUR;
	c.minute = in_day / MINUTE % 60;
	c.second = in_day % 60;
	return c;
}

// What the clocks there showed as `local` seconds. Offsets a day before and a day after tell whether they were changed in
// between. A time shown twice is the first one; a time never shown is as far behind the change as it was meant to be.
static int64_t instant_of(int64_t local)
{
	int before = offset_at(local - DAY), after = offset_at(local + DAY);
	int64_t first = local - before, second = local - after;
	if (before == after || offset_at(first) == before) return first;
	return offset_at(second) == after ? second : first;
}

int64_t date_from_civil(struct civil c, const char *zone)
{
	int offset;
	if (!exists(&c)) return DATE_NONE;
	int64_t second = days_of(c.year, c.month, c.day) * DAY + c.hour * HOUR + c.minute * MINUTE + c.second;
	zone = named(zone);
	if (is_fixed(zone, &offset)) second -= offset;
	else if (load(zone)) second = instant_of(second);
	else return DATE_NONE;
	int64_t at = second * 1000 + c.milli;
	return at < earliest || at > latest ? DATE_NONE : at;
}

static void put(char *to, int v, int digits)
{
	for (; digits--; v /= 10) to[digits] = (char)('0' + v % 10);
}

static void put_second(char to[19], const struct civil *c)
{
	put(to, c->year, 4);
	put(to + 5, c->month, 2);
	put(to + 8, c->day, 2);
	put(to + 11, c->hour, 2);
	put(to + 14, c->minute, 2);
	put(to + 17, c->second, 2);
}

void date_text(struct buf *b, int64_t at)
{
	char text[] = "0000-00-00T00:00:00.000Z";
	if (at < earliest || at > latest) return; // no four digits say it, and nothing we store is so
	struct civil c = date_civil(at, "UTC");
	put_second(text, &c);
	put(text + 20, c.milli, 3);
	buf_add(b, text, sizeof text - 1);
}

bool date_exact(struct str s, int64_t *at)
{
	const char *p = s.p;
	if (s.n != 24 || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' || p[16] != ':' || p[19] != '.' || p[23] != 'Z') return false;
	int century = two(p), year = two(p + 2), hundredths = two(p + 20), last = p[22] - '0';
	struct civil c = {.year = century * 100 + year, .month = two(p + 5), .day = two(p + 8), .hour = two(p + 11), .minute = two(p + 14),
		.second = two(p + 17), .milli = hundredths * 10 + last};
	if (century < 0 || year < 0 || hundredths < 0 || last < 0 || last > 9 || !exists(&c)) return false;
	*at = (days_of(c.year, c.month, c.day) * DAY + c.hour * HOUR + c.minute * MINUTE + c.second) * 1000 + c.milli;
	return true;
}

void date_local(struct buf *b, int64_t at, const char *zone)
{
	char text[] = "0000-00-00 00:00:00 +00:00";
	if (at < earliest + DAY * 1000L || at > latest - DAY * 1000L) return;
	struct civil c = date_civil(at, zone);
	int minutes = (c.offset < 0 ? -c.offset : c.offset) / MINUTE;
	put_second(text, &c);
	if (c.offset < 0) text[20] = '-';
	put(text + 21, minutes / 60, 2);
	put(text + 24, minutes % 60, 2);
	buf_add(b, text, sizeof text - 1);
}

void date_ago(struct buf *b, int64_t at, int64_t now)
{
	static const struct { uint64_t below, unit; const char *word; } steps[] = {
		{MINUTE, 1, "s"}, {HOUR, MINUTE, "min"}, {2 * DAY, HOUR, "h"}, {60 * DAY, DAY, "d"},
		{730 * DAY, 30 * DAY + 10 * HOUR, "mo"}, {UINT64_MAX, 365 * DAY + 6 * HOUR, "y"},
	};
	uint64_t gap = (at > now ? (uint64_t)at - (uint64_t)now : (uint64_t)now - (uint64_t)at) / 1000;
	size_t i = 0;
	while (gap >= steps[i].below) i++;
	if (gap == 0) buf_cstr(b, "now");
	else if (at > now) buf_printf(b, "in %lu %s", (unsigned long)(gap / steps[i].unit), steps[i].word);
	else buf_printf(b, "%lu %s ago", (unsigned long)(gap / steps[i].unit), steps[i].word);
}
