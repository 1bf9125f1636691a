// Rules over one event: event rules, then order rules on the fold of that event alone where it is a complete order document.
#ifndef VALIDATE_H
#define VALIDATE_H
#include "fold.h"
#include "rule.h"

// The event rules alone: what intake asks of each event; the order rules run there on the folded order.
// The event's texts go into keep, all else into a.
bool validate_record(const struct rules *r, const struct json *j, struct arena *a, struct arena *keep, struct event *ev, findings *to);
// j: the event's tape. Appends findings; *ev is read where the shape allows (false: it could not be; findings say why).
bool validate_event(const struct rules *r, const struct json *j, struct arena *a, struct event *ev, findings *to);
// One example of a rule: an event; an array of events of one order, folded; or {"repeat":N,"event":{…}}, where the one
// line of the event stands N times. -1 with E_CONFIG said where it is none of these.
int validate_example(const struct rules *r, const struct conf *example, struct arena *a, findings *to, struct err *e);
#endif
