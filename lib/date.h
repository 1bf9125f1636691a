// Instants, days and zones: an instant is milliseconds since 1970-01-01T00:00:00Z; a day is a count of days since then.
// Source: RFC 3339 and ISO 8601 (the proleptic Gregorian calendar), RFC 5322 (dates of mail), the IANA zones of the system.
#ifndef DATE_H
#define DATE_H
#include "err.h"
#include "str.h"

#define DATE_NONE INT64_MIN // no instant

// "now": the clock, or OMS_NOW (RFC 3339) where a test fixes it. Read once a process. DATE_NONE where OMS_NOW is no
// instant: the frame refuses to run then (E_USAGE).
int64_t date_now(void);
// The same, read anew and from then on what date_now says: for who works on for hours. Never back, and OMS_NOW stands still.
int64_t date_later(void);

// Is this an IANA zone ("Europe/Berlin"), "UTC", or a fixed offset ("+02:00")? A leading ':' and POSIX's "UTC0" and "EST5"
// pass, so that what stands in TZ can be asked about; NULL and "" are UTC.
bool zone_known(const char *zone);
// Local wall time of an instant; offset in seconds east. Zones are switched lazily, so loops over one zone are cheap.
// weekday 0 is Sunday. date_civil takes a zone nobody knows as UTC, date_from_civil says DATE_NONE.
// A time shown twice when clocks go back is the first of the two; one skipped when they go forward is moved by the gap.
struct civil { int year, month, day, hour, minute, second, milli, offset, weekday; };
struct civil date_civil(int64_t at, const char *zone);
int64_t date_from_civil(struct civil c, const char *zone); // c.offset ignored; DATE_NONE where out of range

// Forms a mapping can name, tried in the order given ("rfc3339 naive 2822 …"):
//  rfc3339 any ISO 8601 date-time, 'T' or blank, fraction 0-9 digits, Z / +00:00 / +0000 / -05; offset required
//  naive   the same without an offset, read in `zone`         date   YYYY-MM-DD or YYYYMMDD: midnight in `zone`
//  2822    Tue, 05 Mar 2019 21:40:11 +0000                    s  ms  whole seconds / milliseconds since 1970
//  mdy     MM/DD/YY or MM/DD/YYYY, optional H:MM[:SS] [AM]    dmy    DD/MM/YYYY, DD.MM.YY, optional time
//  long    September 24, 2026 / Sep 4, 2026 1:05:07 AM PDT    compact YYYYMMDDHHMMSS
// false when none fits or the day does not exist. Years 0001 to 9999; YY is 1969 to 2068; 24:00 is refused; second 60 is
// read as 59.999, at 23:59 UTC only. Outer blanks do not matter.
bool date_parse(struct str s, const char *forms, const char *zone, int64_t *at);
// What a person types for --since, --until, --at: RFC 3339; 2026-11-03[ 09:15[:00]]; now today yesterday tomorrow;
// -90m -2h -7d -2w (a day is 24 hours) and so with +; @EPOCH. Zone-less forms are read in zone. Refuses 03/11/2026 with a hint.
int date_typed(struct err *e, const char *s, const char *zone, int64_t now, int64_t *at);

// A span as people name it: 2026, 2026-Q4, 2026-10, 2026-W41 (ISO 8601), 2026-10-05; today, yesterday, and this- or last-
// with week, month, quarter or year. From the first local midnight to the one behind its last day, which is not in it.
const char *date_window_word(size_t i); // the words among them; NULL behind the last
int date_window(struct err *e, const char *s, const char *zone, int64_t now, int64_t *since, int64_t *until);

void date_text(struct buf *b, int64_t at);                    // 2026-11-03T09:15:00.000Z, fixed width; nothing outside those years
bool date_exact(struct str s, int64_t *at);                   // reads that one form back, and nothing else: in a hurry
void date_local(struct buf *b, int64_t at, const char *zone); // 2026-11-03 10:15:00 +01:00
void date_ago(struct buf *b, int64_t at, int64_t now);        // "2 h ago", "in 3 d", "now"; s min h d mo y
#endif
