// What an order is: its parts, words and derived states. Pure. Amounts are minor units of `currency` with `digits` places;
// times are ms UTC or DATE_NONE; strs may be absent (p NULL); arrays live in the arena the order was made in.
// Semantics of every word: man 5 oms-store, and man 7 oms for the states.
#ifndef ORDER_H
#define ORDER_H
#include "date.h"
#include "event.h"
#include "money.h"

// Stored as these numbers: append only.
#define ORDER_STATUS(X) X(ORDER_NEW, "new") X(ORDER_CONFIRMED, "confirmed") X(ORDER_CLOSED, "closed") X(ORDER_CANCELLED, "cancelled")
#define PAYMENT_STATUS(X) X(PAY_UNPAID, "unpaid") X(PAY_PENDING, "pending") X(PAY_AUTHORIZED, "authorized") \
	X(PAY_PART_CAPTURED, "part_captured") X(PAY_CAPTURED, "captured") X(PAY_OVER_CAPTURED, "over_captured") \
	X(PAY_PART_REFUNDED, "part_refunded") X(PAY_REFUNDED, "refunded") X(PAY_VOIDED, "voided") X(PAY_FAILED, "failed") X(PAY_EXPIRED, "expired")
#define FULFILMENT_STATUS(X) X(FUL_NONE, "none") X(FUL_PART_ALLOCATED, "part_allocated") X(FUL_ALLOCATED, "allocated") \
	X(FUL_BACKORDERED, "backordered") X(FUL_PART_SHIPPED, "part_shipped") X(FUL_SHIPPED, "shipped") \
	X(FUL_PART_DELIVERED, "part_delivered") X(FUL_DELIVERED, "delivered") X(FUL_PART_RETURNED, "part_returned") X(FUL_RETURNED, "returned")
// A set: bits. Those of ATTENTION_CLOCK depend on the clock and are set when read (order_late), never stored.
#define ATTENTION(X) X(ATT_HELD, "held") X(ATT_DISPUTED, "disputed") X(ATT_RECON, "recon") X(ATT_OVER_CAPTURED, "over_captured") \
	X(ATT_STALLED, "stalled") X(ATT_LATE_TO_SHIP, "late_to_ship") X(ATT_LATE_IN_TRANSIT, "late_in_transit") X(ATT_TICKET_OPEN, "ticket_open") \
	X(ATT_DELIVERY_EXCEPTION, "delivery_exception") X(ATT_TEST, "test")
// A parcel's progress by rank, never by "last event wins" (domain.md §3.5).
#define TRACK_CODES(X) X(TRACK_UNKNOWN, "unknown", 0) X(TRACK_PRE_TRANSIT, "pre_transit", 10) X(TRACK_IN_TRANSIT, "in_transit", 20) \
	X(TRACK_OUT_FOR_DELIVERY, "out_for_delivery", 30) X(TRACK_AVAILABLE_FOR_PICKUP, "available_for_pickup", 35) \
	X(TRACK_ATTEMPT_FAILED, "attempt_failed", 36) X(TRACK_EXCEPTION, "exception", 37) X(TRACK_DELIVERED, "delivered", 40) \
	X(TRACK_RETURN_TO_SENDER, "return_to_sender", 50) X(TRACK_RETURNED, "returned", 60) X(TRACK_EXPIRED, "expired", 0)
#define SHIPMENT_STATUS(X) X(SHIP_PLANNED, "planned") X(SHIP_RELEASED, "released") X(SHIP_PICKED, "picked") X(SHIP_PACKED, "packed") \
	X(SHIP_SHIPPED, "shipped") X(SHIP_DELIVERED, "delivered") X(SHIP_CANCELLED, "cancelled") X(SHIP_LOST, "lost") \
	X(SHIP_RETURNING, "returning") X(SHIP_RETURNED, "returned") X(SHIP_FAILED, "failed")
#define REFUND_STATUS(X) X(REFUND_PROPOSED, "proposed") X(REFUND_APPROVED, "approved") X(REFUND_PENDING, "pending") \
	X(REFUND_SUCCEEDED, "succeeded") X(REFUND_FAILED, "failed") X(REFUND_CANCELLED, "cancelled")
#define DISPUTE_STATUS(X) X(DISPUTE_WARNING_NEEDS_RESPONSE, "warning_needs_response") X(DISPUTE_WARNING_UNDER_REVIEW, "warning_under_review") \
	X(DISPUTE_WARNING_CLOSED, "warning_closed") X(DISPUTE_NEEDS_RESPONSE, "needs_response") X(DISPUTE_UNDER_REVIEW, "under_review") \
	X(DISPUTE_WON, "won") X(DISPUTE_LOST, "lost") X(DISPUTE_ACCEPTED, "accepted")
#define TICKET_STATUS(X) X(TICKET_NEW, "new") X(TICKET_OPEN, "open") X(TICKET_PENDING, "pending") X(TICKET_HOLD, "hold") \
	X(TICKET_SOLVED, "solved") X(TICKET_CLOSED, "closed")
#define HOLD_STATUS(X) X(HOLD_OPEN, "open") X(HOLD_RELEASED, "released") X(HOLD_REJECTED, "rejected") X(HOLD_EXPIRED, "expired") X(HOLD_SUPERSEDED, "superseded")

#define X(code, word) code,
enum order_status { ORDER_STATUS(X) ORDER_STATUS_COUNT };
enum payment_status { PAYMENT_STATUS(X) PAYMENT_STATUS_COUNT };
enum fulfilment_status { FULFILMENT_STATUS(X) FULFILMENT_STATUS_COUNT };
enum shipment_status { SHIPMENT_STATUS(X) SHIPMENT_STATUS_COUNT };
enum refund_status { REFUND_STATUS(X) REFUND_STATUS_COUNT };
enum dispute_status { DISPUTE_STATUS(X) DISPUTE_STATUS_COUNT };
enum ticket_status { TICKET_STATUS(X) TICKET_STATUS_COUNT };
enum hold_status { HOLD_STATUS(X) HOLD_STATUS_COUNT };
enum attention_bit { ATTENTION(X) ATTENTION_COUNT };
enum { ATTENTION_CLOCK = 1 << ATT_STALLED | 1 << ATT_LATE_TO_SHIP | 1 << ATT_LATE_IN_TRANSIT };
#undef X
#define X(code, word, rank) code,
enum track_code { TRACK_CODES(X) TRACK_COUNT };
#undef X
// Words of each axis, and back: -1 where there is no such word.
enum axis { AXIS_STATUS, AXIS_PAYMENT, AXIS_FULFILMENT, AXIS_SHIPMENT, AXIS_REFUND, AXIS_DISPUTE, AXIS_TICKET, AXIS_HOLD, AXIS_ATTENTION, AXIS_TRACK };
const char *axis_word(enum axis a, int value); // "unknown" where the axis has no such value
int axis_value(enum axis a, struct str word);  // -1: no such word
int axis_size(enum axis a);
void axis_list(struct buf *b, enum axis a, unsigned bits); // the words of a set, 1u << value, as a JSON list
int track_rank(enum track_code c);
bool dispute_blocks(enum dispute_status s); // no refund while it is so: needs_response, under_review, lost, accepted
bool shipment_left(enum shipment_status s);  // it has left: shipped, delivered, lost, returning, returned

struct tax { struct str name, jurisdiction, rate; int64_t amount; bool included; }; // rate: decimal text, 0.19
struct discount { struct str code, name; int64_t amount; };
struct line {
	struct str id, sku, name, variant;
	int64_t quantity;
	int64_t unit_price;    // minor units; MONEY_NONE where it is not exact at the currency's digits
	int64_t subtotal;      // before discounts, in the order's price mode
	int64_t discount, tax; // of the whole line
	int64_t total;         // what the customer pays for it: subtotal - discount (+ tax where prices are net)
	struct tax *taxes; size_t n_taxes;
	struct discount *discounts; size_t n_discounts;
	bool digital, gift_card;
	// ordered = cancelled + unshipped + shipped; unshipped = backordered + open + allocated + picked; shipped = delivered + in_transit + lost
	int64_t cancelled, allocated, picked, backordered, shipped, delivered, lost, returned, refunded;
};
// What the order holds of a SKU in a warehouse for one line, took from there and brought back there; a bundle's line has one a
// component. Stock moves by the differences of these, so that whatever order events come in, each unit moves once.
struct reservation { struct str line, warehouse, sku; int64_t allocated, backordered, shipped, returned, promised; }; // promised: of shipped, what its warehouse was to ship
typedef VEC(struct reservation) reservations;
struct charge { // shipping lines and fees
	char kind; // 's' shipping, 'f' fee
	struct str id, name, code;
	int64_t price, discount, tax;
	struct tax *taxes; size_t n_taxes;
};
struct address { bool present; struct str name, company, line1, line2, line3, city, region, region_code, postcode, country, phone; };
struct payment { // one PSP object or instrument
	struct str psp, psp_ref, method, brand, last4, gateway;
	enum payment_status status;
	struct str currency; int digits;
	int64_t amount, authorized, captured, voided, refunded, fee;
	int64_t at;
	struct str error;      // the PSP's own word where it failed
};
struct refund_line { struct str line; int64_t quantity, amount, tax; struct str restock; };
struct refund {
	struct str id, psp_ref, payment_ref, reason, note;
	enum refund_status status;
	int64_t amount, shipping; int64_t at;
	struct refund_line *lines; size_t n_lines;
};
struct dispute { struct str id, psp, payment_ref, reason; enum dispute_status status; struct str currency; int digits; int64_t amount; int64_t opened_at, due_at; };
struct shipment_line { struct str line; int64_t quantity; };
struct track { int64_t at; enum track_code code; struct str raw_code, message, location; };
struct shipment {
	struct str id, carrier, service, tracking_number, tracking_url, location;
	enum shipment_status status;
	enum track_code progress;      // by rank
	int64_t shipped_at, delivered_at, promised_at, eta_at, last_event_at;
	struct shipment_line *lines; size_t n_lines;
	struct track *events; size_t n_events; // sorted by (at, rank, raw)
};
struct hold { struct str id, type, reason, owner, source, rule; struct str *blocks; size_t n_blocks; enum hold_status status; int64_t opened_at, closed_at, until_at; struct str opened_by, closed_by, resolution; };
struct message { struct str id, author, role, channel, text; bool public_; int64_t at; };
struct ticket {
	struct str id, subject, channel, priority, requester, requester_email, assignee, url;
	struct str *tags; size_t n_tags;
	enum ticket_status status;
	int64_t created_at, updated_at, solved_at;
	struct message *messages; size_t n_messages;
};
struct customer { struct str id, name, email, phone, company, tax_id, segment; };
struct moment { int64_t at; enum event_type type; struct str id, source, actor, summary; bool superseded; }; // a line of the timeline

enum order_part { // what the store writes apart; bits of `parts`
	PART_LINES = 1, PART_CHARGES = 2, PART_ADDRESSES = 4, PART_PAYMENTS = 8, PART_REFUNDS = 16, PART_DISPUTES = 32,
	PART_SHIPMENTS = 64, PART_HOLDS = 128, PART_TICKETS = 256, PART_TAXES = 512, PART_RESERVATIONS = 1024
};
struct order {
	struct str id;                        // source:external_id
	struct str source, external_id, number;
	enum order_status status; enum payment_status payment_status; enum fulfilment_status fulfilment_status;
	unsigned attention;                   // 1u << ATT_…
	bool complete;                        // a document with lines has been seen
	struct str channel_status, channel_payment, channel_fulfilment; // the channel's own words
	int64_t placed_at, updated_at, cancelled_at, closed_at, ship_by, promised_at;
	int64_t confirmed_at; struct str confirmed_by, service, carrier; // by oms-confirm: when, who, and how it goes
	struct str cancel_reason;
	struct customer customer;
	struct str currency; int digits;
	char price_mode;                      // 'n' line amounts without tax, 'g' with
	bool channel_fulfilled;               // the marketplace ships it
	bool untied;                          // what the channel told does not tie out (order_breaches): its figures stand as told
	bool credit;                          // a credit note: its quantities and amounts may be below zero
	int64_t subtotal, discount_total, shipping_total, fee_total, tax_total, total; // MONEY_NONE: not known yet
	int64_t authorized, captured, refunded, disputed;
	struct address shipping, billing;
	struct line *lines; size_t n_lines;
	struct charge *charges; size_t n_charges;
	struct tax *taxes; size_t n_taxes;    // order-level tax rows, where lines carry none
	struct discount *discounts; size_t n_discounts;
	struct payment *payments; size_t n_payments;
	struct refund *refunds; size_t n_refunds;
	struct dispute *disputes; size_t n_disputes;
	struct shipment *shipments; size_t n_shipments;
	struct hold *holds; size_t n_holds;
	struct reservation *reservations; size_t n_reservations; // by (line, warehouse, sku)
	struct ticket *tickets; size_t n_tickets;
	struct moment *timeline; size_t n_timeline;
	struct str *tags; size_t n_tags;
	struct str note, shipping_method;
	unsigned parts;                       // which parts are not empty
	struct event_ref *more; size_t n_more; // other names its payments and parcels go by (intents, captures): only the fold knows
};

// Whether a payment's amounts are of the order's currency: those of others are kept and shown, and never added up with it.
bool order_counts(const struct order *o, const struct payment *p);
// The derived axes, from quantities and amounts (domain.md §3.2). The fold calls it; so does fsck.
void order_derive(struct order *o);
// attention with late_to_ship, late_in_transit, stalled as of now; and the moment it becomes late (DATE_NONE: never).
unsigned order_late(const struct order *o, int64_t now);
int64_t order_due_at(const struct order *o);
// What must hold of an order's money and quantities; appends a sentence a breach. Used by fsck and by the rules.
size_t order_breaches(const struct order *o, struct buf *to);
// References this order answers to, normalised, without duplicates.
size_t order_refs(const struct order *o, struct arena *a, struct event_ref **refs);
#endif
