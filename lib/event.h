// What happened: one oms.event/1 record read into a struct. man 5 oms-event is the text; share/schemas/oms.event.json the shape.
#ifndef EVENT_H
#define EVENT_H
#include "date.h"
#include "err.h"
#include "json.h"

// type, word, class (fact, request, info, command: what our own commands did, never taken in from outside), may it make an order
// that is not there yet. The numbers are stored: append only.
#define EVENT_TYPES(X) \
	X(EV_ORDER_CREATED,      "order.created",       'f', 1) \
	X(EV_ORDER_UPDATED,      "order.updated",       'f', 1) \
	X(EV_ORDER_CANCELLED,    "order.cancelled",     'f', 0) \
	X(EV_PAYMENT_UPDATED,    "payment.updated",     'f', 0) \
	X(EV_REFUND_UPDATED,     "refund.updated",      'f', 0) \
	X(EV_DISPUTE_UPDATED,    "dispute.updated",     'f', 0) \
	X(EV_SHIPMENT_UPDATED,   "shipment.updated",    'f', 0) \
	X(EV_TRACKING_UPDATED,   "tracking.updated",    'f', 0) \
	X(EV_TICKET_UPDATED,     "ticket.updated",      'f', 0) \
	X(EV_TICKET_MESSAGE,     "ticket.message",      'f', 0) \
	X(EV_HOLD_OPENED,        "hold.opened",         'f', 0) \
	X(EV_HOLD_RELEASED,      "hold.released",       'f', 0) \
	X(EV_CUSTOMER_UPDATED,   "customer.updated",    'f', 0) \
	X(EV_NOTE_ADDED,         "note.added",          'i', 0) \
	X(EV_SOURCE_NOTIFIED,    "source.notified",     'i', 0) \
	X(EV_ORDER_CONFIRMED,    "order.confirmed",     'c', 0) \
	X(EV_UNITS_CANCELLED,    "units.cancelled",     'c', 0) \
	X(EV_REFERENCE_SET,      "reference.set",       'c', 0) \
	X(EV_STOCK_BOOKED,       "stock.booked",        'c', 0) \
	X(EV_UNITS_RELEASED,     "units.released",      'c', 0)
enum event_type {
#define X(code, word, class, makes) code,
	EVENT_TYPES(X)
#undef X
	EV_COUNT, EV_UNKNOWN = EV_COUNT
};
const char *event_type_word(enum event_type t);
enum event_type event_type_named(struct str word);
char event_type_class(enum event_type t);
bool event_type_makes(enum event_type t);

// How an event that does not name its order finds it; also what an agent may type. The numbers are stored: never reuse.
#define REF_KINDS(X) \
	X(REF_EXTERNAL, 1, "external_id") X(REF_NUMBER, 2, "number") X(REF_PSP, 3, "psp_ref") X(REF_TRACKING, 4, "tracking") \
	X(REF_EMAIL, 5, "email") X(REF_PHONE, 6, "phone") X(REF_TICKET, 7, "ticket") X(REF_NAME, 8, "name") \
	X(REF_NUMBER_TAIL, 9, "number_tail") X(REF_LINE, 10, "line_id") X(REF_SHIPMENT, 11, "shipment_id") X(REF_DISPUTE, 12, "dispute_id")
enum ref_kind {
	REF_NONE = 0,
#define X(code, n, word) code = n,
	REF_KINDS(X)
#undef X
};
const char *ref_kind_word(enum ref_kind k);
enum ref_kind ref_kind_named(struct str word);
// The one form a reference is stored and looked up in: numbers without '#' and lower case, tracking upper case without
// blanks, e-mail and names lower case, number tails reversed; phones digits only, reversed, without the zeros they begin
// with: 030 55500 is the end of +49 30 55500, and so finds it by its beginning. Absent where nothing is left, or of a phone
// fewer than six digits.
struct str ref_normal(struct arena *a, enum ref_kind k, struct str value);

struct event_ref { enum ref_kind kind; struct str value; }; // value normalised
struct event {
	enum event_type type;
	struct str id;             // natural key, unique within its source
	struct str source;
	struct str order;          // external id of the order in that source; absent: found by refs
	struct event_ref *ref;
	size_t refs;
	int64_t occurred_at;       // ms; DATE_NONE where the source gave none
	int64_t sort_at;           // where it stands in time: occurred_at, else a time of the body, else 0; never the arrival
	int64_t recorded_at;       // set by the store
	int64_t seq;               // the source's own sequence, else 0
	struct str actor;          // who; absent: the source
	bool test;                 // sandbox record, kept apart
	struct str map;            // "shopify/1"
	struct str payload;        // hex digest of the raw record; absent for our own commands
	const struct json *j;      // the event's tape …
	uint32_t body;             // … and its body object
	struct str json;           // the whole line
};
// Reads one parsed event. -1 with E_DATA said (first thing wrong: the validation rules report all of them).
// Strings are slices of the tape's text or in the arena.
int event_read(struct event *ev, const struct json *j, struct arena *a, struct err *e);
// The fold's total order: (sort_at, seq, source, id).
int event_cmp(const struct event *a, const struct event *b);
// An instant as events write it; DATE_NONE where the text is none.
int64_t event_time(struct str s);
#endif
