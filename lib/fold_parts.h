// What the parts of the fold share: the state of one fold, and the reading of body members into structs.
// The fold walks the events from the newest to the oldest: a member that is there already is newer and stands.
#ifndef FOLD_PARTS_H
#define FOLD_PARTS_H
#include "money.h"
#include "order.h"
#include <stddef.h>

#define NOT_THERE SIZE_MAX

// Names to indices of a vector; a table from a few names on.
struct names { VEC(struct name_at { struct str name; size_t at; }) v; uint32_t *slot; size_t slots, hint; };
size_t names_find(struct names *t, struct str name);      // NOT_THERE where it is not
void names_add(struct arena *a, struct names *t, struct str name, size_t at); // which is not there yet
void names_set(struct arena *a, struct names *t, struct str name, size_t at); // whether it is there or not

struct line_slot { struct line l; uint64_t have; int64_t fulfilled, restocked; size_t pos; }; // restocked: came back into stock

enum pay_kind { PAY_AUTHORIZATION, PAY_TAKE, PAY_VOID, PAY_BACK, PAY_SNAPSHOT }; // take: capture or sale
enum pay_state { GIVEN_PENDING, GIVEN_SUCCEEDED, GIVEN_FAILED, GIVEN_CANCELLED, GIVEN_EXPIRED };
struct pay_row { // one payment event
	size_t i, ref;         // the event; the name it goes by
	enum pay_kind kind;
	bool sale;
	enum pay_state state;
	int64_t amount, authorized, captured, refunded, fee; // MONEY_NONE: not said
	int64_t at;
	struct str currency, psp, method, brand, last4, gateway, error;
	int digits;
};
struct pay_ref { // a name a payment goes by
	struct str name;
	size_t up;             // towards the first name of its payment
	size_t same;           // towards the first name of the same PSP object
	bool parent, intent, child; // others name it as theirs; it names one
	bool seen;             // some event is of it
};
struct refund_slot { struct refund r; uint64_t have; struct str currency, source; int64_t amount, moved_at, first_at; bool told, shared; }; // amount: in its currency; shared: by several sources
struct dispute_slot { struct dispute d; uint64_t have; int64_t blocked_at, status_at; bool told, blocked; }; // blocked: at some time
struct seen_scan { struct track track; size_t i; };
struct parcel { // a shipment being put together
	struct shipment s;
	uint64_t have;
	VEC(struct str) numbers;
	VEC(struct seen_scan) scans;
	bool told;             // its status, by a document
	size_t told_from;      // that document's event
	bool merged;           // into another with the same number
	size_t eta_from;       // the event its eta is of
	int64_t told_at;       // earliest event that says it is on its way
};
struct ticket_slot { struct ticket t; uint64_t have; size_t status_from, customer_from; bool told, agent; VEC(struct message) messages; };
struct release { struct str id, by, resolution; int64_t at; size_t i; }; // of a hold no event opened

enum facet { FACET_STATUS, FACET_FULFILMENT, FACET_CANCELLED_AT, FACET_CANCEL_REASON };

struct fold {
	struct order *o;
	struct arena *a;
	struct event *ev;
	size_t n;
	bool *used;
	struct str currency;       // of the newest document that names one …
	size_t currency_from;      // … which is this event
	int digits;                // of it; -1: not known
	uint64_t have_order, have_customer;
	unsigned facets;           // of enum facet: given by a newer document
	bool have_shipping, have_billing, overflow;
	bool test_told, test;
	bool says_cancelled;       // the document in hand …
	int64_t says_at;           // … and when
	bool cancelled;            // somebody with the power said so …
	int64_t cancelled_at;      // … first then
	int64_t told_shipped_at;   // the first document that says shipped; DATE_NONE
	int64_t fulfilled_at;      // the first document with a fulfilled line
	int64_t shipped_at;        // the first unit on its way, of all sources
	bool left, left_first;     // a unit has left; and before the cancellation
	int64_t captured_late_at;  // the first capture after the cancellation
	VEC(struct line_slot) lines;
	struct names line_names;
	VEC(struct pay_row) rows;
	VEC(struct pay_ref) refs;
	size_t *payment_of;        // by name: which payment, once closed
	struct names ref_names;
	VEC(struct refund_slot) refunds;
	struct names refund_names;
	VEC(struct dispute_slot) disputes;
	struct names dispute_names;
	VEC(struct parcel) parcels;
	struct names parcel_names, number_names;
	VEC(size_t) scans;         // tracking events, newest first: they wait for all shipments to be known
	VEC(struct ticket_slot) tickets;
	struct names ticket_names;
	VEC(size_t) hold_events;   // newest first
	VEC(struct hold) holds;
	VEC(size_t) hold_from;     // the event that opened each
	struct names hold_names;
	VEC(struct release) releases;
	VEC(struct event_ref) more;
	size_t confirmed;          // the event that confirmed it, or NOT_THERE
	VEC(size_t) unit_cancels;  // events that cancel units of lines
	VEC(size_t) unit_releases; // events that say what stock was given back
	bool changed, reopened;    // the lines are no longer those that were confirmed; units of them are, and no stock is held for them
};

// --- reading members (fold_read.c) ---
struct place { struct fold *f; size_t i; const struct json *j; int digits; }; // the event read; digits of its amounts, -1 unknown
struct place place_of(struct fold *f, size_t i, int digits);

// own: the handler of the form reads it, once (OWN, a facet) or in every document (DEEP, merged inside).
enum field_kind { TEXT, MONEY, TIME, UNITS, FLAG, WORD, OWN, DEEP };
struct field { const char *name; uint8_t len, kind, axis; uint16_t at; };
#define FIELD(name, kind, T, member) {name, sizeof name - 1, kind, 0, offsetof(T, member)}
#define FIELD_WORD(name, axis, T, member) {name, sizeof name - 1, WORD, axis, offsetof(T, member)}
#define FIELD_OWN(name, kind, code) {name, sizeof name - 1, kind, 0, code}
struct form {
	const struct field *field;
	size_t n;
	bool (*own)(struct place *p, void *to, unsigned code, uint32_t v); // true: something was taken
};
#define FORM(fields, own) {fields, sizeof fields / sizeof *fields, own}
// Takes the members of object v that *have does not hold yet. True: at least one was taken.
bool take_members(struct place *p, const struct form *form, uint32_t v, void *to, uint64_t *have);
struct str text_at(struct place *p, uint32_t object, const char *key); // absent where it is not there or empty
int64_t time_at(struct place *p, uint32_t object, const char *key);
bool take_money(struct place *p, uint32_t v, int64_t *to);
bool take_strs(struct place *p, uint32_t v, struct str **list, size_t *n);
bool take_taxes(struct place *p, uint32_t v, struct tax **list, size_t *n);
bool take_discounts(struct place *p, uint32_t v, struct discount **list, size_t *n);
void stands(struct fold *f, size_t i);
int64_t sooner_of(int64_t a, int64_t b); // DATE_NONE counts as never
int64_t when(const struct fold *f, size_t i); // of the event; DATE_NONE where nothing in it says
// Sums that stop being known; what does not fit is unknown and remembered.
int64_t plus(struct fold *f, int64_t a, int64_t b);
int64_t minus(struct fold *f, int64_t a, int64_t b);

// --- the parts: an event in, newest first; then closed once ---
void fold_order_event(struct fold *f, size_t i);
void fold_lines(struct place *p, uint32_t list, bool complete, bool *any);
void fold_lines_close(struct fold *f);
void fold_amounts_close(struct fold *f);
void fold_payment_event(struct fold *f, size_t i);
void fold_refund_event(struct fold *f, size_t i);
void fold_dispute_event(struct fold *f, size_t i);
void fold_refunds_close(struct fold *f);
void fold_payments_close(struct fold *f);
void fold_disputes_close(struct fold *f);
void fold_shipment_event(struct fold *f, size_t i);
void fold_parcels_close(struct fold *f);
void fold_units_close(struct fold *f);
void fold_ticket_event(struct fold *f, size_t i);
void fold_message_event(struct fold *f, size_t i);
void fold_tickets_close(struct fold *f);
void fold_status_close(struct fold *f);
void fold_plan_event(struct fold *f, size_t i);  // confirmed, units cancelled or given back
void fold_plan_cancels(struct fold *f);          // the units of lines that our own cancellations took away
void fold_plan_close(struct fold *f);            // what lines hold of stock
void fold_holds_close(struct fold *f);
void fold_timeline(struct fold *f);
// Helpers the parts lend each other.
void fold_also(struct fold *f, enum ref_kind kind, struct str name); // the order goes by this name as well
size_t payment_top(struct fold *f, size_t ref);    // the first name of its payment
size_t payment_object(struct fold *f, size_t ref); // the first name of its PSP object
#endif
