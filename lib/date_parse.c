// Instants out of text, in the forms channels write.
#include "date.h"

enum { LEAP_SECOND = 60 };

// A cursor over text that need not end in NUL.
struct cursor { const char *p, *end; };
// What has been read so far; zoned when an offset was given with it.
struct reading { struct civil c; bool zoned; };

static size_t left(const struct cursor *t) { return (size_t)(t->end - t->p); }

static bool take(struct cursor *t, char c)
{
	if (t->p == t->end || *t->p != c) return false;
	t->p++;
	return true;
}

static bool one_of(struct cursor *t, const char *set, char *which)
{
	if (t->p == t->end || !*t->p || !strchr(set, *t->p)) return false;
	*which = *t->p++;
	return true;
}

static bool number(struct cursor *t, int least, int most, int *v)
{
	int n = 0, sum = 0;
	while (n < most && t->p < t->end && *t->p >= '0' && *t->p <= '9') {
		sum = sum * 10 + (*t->p++ - '0');
		n++;
	}
	*v = sum;
	return n >= least;
}

static bool word(struct cursor *t, const char *w)
{
	size_t n = strlen(w);
	if (left(t) < n || !str_eq_nocase((struct str){t->p, n}, (struct str){w, n})) return false;
	t->p += n;
	return true;
}

// Blanks, and the no-break ones that JavaScript sets before AM.
static bool blanks(struct cursor *t)
{
	const char *from = t->p;
	while (take(t, ' ') || take(t, '\t') || word(t, "\u202f") || word(t, "\u00a0")) continue;
	return t->p != from;
}

// Names in order; longer ones stand first so that "Sept" is not "Sep" and a rest. The index divided by per, or -1.
static int name(struct cursor *t, const char *const *names, int n, int per)
{
	for (int i = 0; i < n; i++) {
		struct cursor at = *t;
		if (!word(&at, names[i])) continue;
		take(&at, '.');
		if (at.p < at.end && ((*at.p | 32) >= 'a' && (*at.p | 32) <= 'z')) continue;
		*t = at;
		return i / per;
	}
	return -1;
}

static bool month(struct cursor *t, int *m)
{
	static const char *const names[] = {
		"January", "Jan", "February", "Feb", "March", "Mar", "April", "Apr", "May", "May", "June", "Jun", "July", "Jul",
		"August", "Aug", "September", "Sep", "October", "Oct", "November", "Nov", "December", "Dec", "Sept",
	};
	int i = name(t, names, 25, 2);
	*m = i == 12 ? 9 : i + 1;
	return i >= 0;
}

static void weekday(struct cursor *t)
{
	static const char *const names[] = {"Monday", "Mon", "Tuesday", "Tue", "Wednesday", "Wed", "Thursday", "Thu",
	                                    "Friday", "Fri", "Saturday", "Sat", "Sunday", "Sun"};
	if (name(t, names, 14, 2) < 0) return;
	take(t, ',');
	blanks(t);
}

// The abbreviations of RFC 2822 and no others: IST or BST mean several things.
static bool abbreviation(struct cursor *t, int *offset)
{
	static const char *const names[] = {"UTC", "GMT", "UT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"};
	static const int hours[] = {0, 0, 0, 0, -5, -4, -6, -5, -7, -6, -8, -7};
	int i = name(t, names, 12, 1);
	if (i >= 0) *offset = hours[i] * 3600;
	return i >= 0;
}

// "Z", "+00:00", "+0000", "-05", "PDT": whether one is there, and right.
static bool offset(struct cursor *t, struct reading *r)
{
	char sign;
	int h, m = 0;
	if (take(t, 'Z')) return r->zoned = true; // by far the most frequent
	if (t->p < t->end && *t->p >= 'A') return r->zoned = abbreviation(t, &r->c.offset);
	if (!one_of(t, "+-", &sign) || !number(t, 2, 2, &h)) return false;
	if (take(t, ':') || left(t) >= 2) {
		if (!number(t, 2, 2, &m)) return false;
	}
	if (h > 23 || m > 59) return false;
	r->c.offset = (h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
	return r->zoned = true;
}

static bool fraction(struct cursor *t, int *milli)
{
	char mark;
	int v;
	if (!one_of(t, ".,", &mark)) return true;
	const char *from = t->p;
	if (!number(t, 1, 3, &v)) return false;
	for (size_t n = (size_t)(t->p - from); n < 3; n++) v *= 10;
	*milli = v;
	int rest;
	return number(t, 0, 6, &rest); // finer than what we keep
}

static bool am_pm(struct cursor *t, struct civil *c)
{
	struct cursor at = *t;
	char half, dot;
	blanks(&at);
	if (!one_of(&at, "AaPp", &half)) return true;
	bool dots = one_of(&at, ".", &dot);
	if (!word(&at, "m") || (dots && !take(&at, '.'))) return true;
	if (c->hour < 1 || c->hour > 12) return false;
	*t = at;
	c->hour = c->hour % 12 + ((half | 32) == 'p' ? 12 : 0);
	return true;
}

// H:MM[:SS[.fraction]], or HHMMSS as ISO's basic form has it.
static bool clock_time(struct cursor *t, struct civil *c, int hour_digits)
{
	if (!number(t, hour_digits, 2, &c->hour)) return false;
	if (!take(t, ':')) return number(t, 2, 2, &c->minute) && number(t, 2, 2, &c->second) && fraction(t, &c->milli);
	if (!number(t, 2, 2, &c->minute)) return false;
	if (!take(t, ':')) return true;
	return number(t, 2, 2, &c->second) && fraction(t, &c->milli);
}

static bool ymd(struct cursor *t, struct civil *c)
{
	if (!number(t, 4, 4, &c->year)) return false;
	if (take(t, '-')) return number(t, 2, 2, &c->month) && take(t, '-') && number(t, 2, 2, &c->day);
	return number(t, 2, 2, &c->month) && number(t, 2, 2, &c->day);
}

static bool iso(struct cursor *t, struct reading *r)
{
	char between;
	if (!ymd(t, &r->c) || !one_of(t, "Tt ", &between) || !clock_time(t, &r->c, 2)) return false;
	if (t->p == t->end) return true;
	take(t, ' ');
	return offset(t, r);
}

static bool form_rfc3339(struct cursor *t, struct reading *r) { return iso(t, r) && r->zoned; }
static bool form_naive(struct cursor *t, struct reading *r) { return iso(t, r) && !r->zoned; }
static bool form_date(struct cursor *t, struct reading *r) { return ymd(t, &r->c); }

static bool form_compact(struct cursor *t, struct reading *r)
{
	return left(t) == 14 && ymd(t, &r->c) && number(t, 2, 2, &r->c.hour) && number(t, 2, 2, &r->c.minute) &&
	       number(t, 2, 2, &r->c.second);
}

static bool form_2822(struct cursor *t, struct reading *r)
{
	weekday(t);
	if (!number(t, 1, 2, &r->c.day) || !blanks(t) || !month(t, &r->c.month) || !blanks(t)) return false;
	if (!number(t, 4, 4, &r->c.year) || !blanks(t) || !clock_time(t, &r->c, 2) || !blanks(t) || !offset(t, r)) return false;
	if (!blanks(t) || !take(t, '(')) return true;
	while (t->p < t->end && *t->p != ')') t->p++; // "(UTC)": a comment
	return take(t, ')');
}

// "[,][ at] 1:05[:07] [AM] [PDT]", or nothing.
static bool maybe_time(struct cursor *t, struct reading *r)
{
	take(t, ',');
	if (!blanks(t)) return t->p == t->end;
	if (word(t, "at") && !blanks(t)) return false;
	if (!clock_time(t, &r->c, 1) || !am_pm(t, &r->c)) return false;
	return !blanks(t) || offset(t, r);
}

static bool year(struct cursor *t, int *y)
{
	const char *from = t->p;
	if (!number(t, 2, 4, y) || t->p - from == 3) return false;
	if (t->p - from == 2) *y += *y < 69 ? 2000 : 1900; // as POSIX has it
	return true;
}

static bool slashed(struct cursor *t, struct reading *r, int *first, int *second, const char *marks)
{
	char mark;
	return number(t, 1, 2, first) && one_of(t, marks, &mark) && number(t, 1, 2, second) && take(t, mark) &&
	       year(t, &r->c.year) && maybe_time(t, r);
}

static bool form_mdy(struct cursor *t, struct reading *r) { return slashed(t, r, &r->c.month, &r->c.day, "/-"); }
static bool form_dmy(struct cursor *t, struct reading *r) { return slashed(t, r, &r->c.day, &r->c.month, "/.-"); }

static bool form_long(struct cursor *t, struct reading *r)
{
	weekday(t);
	if (number(t, 1, 2, &r->c.day)) { // 4 September 2026
		if (!blanks(t) || !month(t, &r->c.month) || !blanks(t)) return false;
	} else {
		if (!month(t, &r->c.month) || !blanks(t) || !number(t, 1, 2, &r->c.day)) return false;
		bool comma = take(t, ',');
		if (!blanks(t) && !comma) return false;
	}
	return number(t, 4, 4, &r->c.year) && maybe_time(t, r);
}

static bool in_years(int64_t at) { return at >= -62135596800000 && at <= 253402300799999; }

static bool since_1970(struct str s, int64_t unit, int64_t *at)
{
	int64_t v;
	if (!str_int(s, &v) || __builtin_mul_overflow(v, unit, &v) || !in_years(v)) return false;
	*at = v;
	return true;
}

// A leap second is the last millisecond of its day in UTC; anywhere else second 60 is a mistake.
static bool settle(struct reading *r, const char *zone, int64_t *at)
{
	bool leap = r->c.second == LEAP_SECOND;
	if (leap) {
		r->c.second = 59;
		r->c.milli = 999;
	}
	int64_t t = date_from_civil(r->c, r->zoned ? "UTC" : zone);
	if (t == DATE_NONE) return false;
	if (r->zoned) t -= (int64_t)r->c.offset * 1000;
	if (!in_years(t) || (leap && (t + 1) % 86400000 != 0)) return false;
	*at = t;
	return true;
}

static bool try_form(struct str s, struct str form, const char *zone, int64_t *at)
{
	static const struct { struct str name; bool (*read)(struct cursor *, struct reading *); } forms[] = {
		{{"rfc3339", 7}, form_rfc3339}, {{"naive", 5}, form_naive}, {{"date", 4}, form_date}, {{"2822", 4}, form_2822},
		{{"mdy", 3}, form_mdy}, {{"dmy", 3}, form_dmy}, {{"long", 4}, form_long}, {{"compact", 7}, form_compact},
	};
	if (str_is(form, "s")) return since_1970(s, 1000, at);
	if (str_is(form, "ms")) return since_1970(s, 1, at);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (!str_eq(form, forms[i].name)) continue;
		struct cursor t = {s.p, s.p + s.n};
		struct reading r = {0};
		return forms[i].read(&t, &r) && t.p == t.end && settle(&r, zone, at);
	}
	return false;
}

bool date_parse(struct str s, const char *forms, const char *zone, int64_t *at)
{
	s = str_trim(s);
	if (!s.n) return false;
	for (;;) {
		while (*forms == ' ') forms++;
		if (!*forms) return false;
		size_t n = strcspn(forms, " ");
		if (try_form(s, (struct str){forms, n}, zone, at)) return true;
		forms += n;
	}
}
