// What an order is: the words of its states, the axes derived from its parts, and when it is late.
#include "member.h"
#include "order.h"

enum { STALLED_AFTER = 72 * 3600 * 1000 }; // ms without a scan after which a parcel under way counts as stalled

#define X(code, word) word,
static const char *const status_words[] = {ORDER_STATUS(X)}, *const payment_words[] = {PAYMENT_STATUS(X)},
	*const fulfilment_words[] = {FULFILMENT_STATUS(X)}, *const shipment_words[] = {SHIPMENT_STATUS(X)},
	*const refund_words[] = {REFUND_STATUS(X)}, *const dispute_words[] = {DISPUTE_STATUS(X)},
	*const ticket_words[] = {TICKET_STATUS(X)}, *const hold_words[] = {HOLD_STATUS(X)},
	*const attention_words[] = {ATTENTION(X)};
#undef X
#define X(code, word, rank) word,
static const char *const track_words[] = {TRACK_CODES(X)};
#undef X
#define X(code, word, rank) rank,
static const int ranks[] = {TRACK_CODES(X)};
#undef X

static const struct { const char *const *word; int n; } axes[] = {
	[AXIS_STATUS] = {status_words, ORDER_STATUS_COUNT}, [AXIS_PAYMENT] = {payment_words, PAYMENT_STATUS_COUNT},
	[AXIS_FULFILMENT] = {fulfilment_words, FULFILMENT_STATUS_COUNT}, [AXIS_SHIPMENT] = {shipment_words, SHIPMENT_STATUS_COUNT},
	[AXIS_REFUND] = {refund_words, REFUND_STATUS_COUNT}, [AXIS_DISPUTE] = {dispute_words, DISPUTE_STATUS_COUNT},
	[AXIS_TICKET] = {ticket_words, TICKET_STATUS_COUNT}, [AXIS_HOLD] = {hold_words, HOLD_STATUS_COUNT},
	[AXIS_ATTENTION] = {attention_words, ATTENTION_COUNT}, [AXIS_TRACK] = {track_words, TRACK_COUNT},
};

const char *axis_word(enum axis a, int value) { return value >= 0 && value < axes[a].n ? axes[a].word[value] : "unknown"; }
int axis_size(enum axis a) { return axes[a].n; }

void axis_list(struct buf *b, enum axis a, unsigned bits)
{
	buf_c(b, '[');
	for (int i = 0; i < axes[a].n; i++) {
		if (!(bits >> i & 1)) continue;
		member_item(b, 0);
		buf_json(b, str_of(axes[a].word[i]));
	}
	buf_c(b, ']');
}

int track_rank(enum track_code c) { return c < TRACK_COUNT ? ranks[c] : 0; }

int axis_value(enum axis a, struct str word)
{
	for (int i = 0; i < axes[a].n; i++)
		if (str_is(word, axes[a].word[i])) return i;
	return -1;
}

bool dispute_blocks(enum dispute_status s)
{
	return s == DISPUTE_NEEDS_RESPONSE || s == DISPUTE_UNDER_REVIEW || s == DISPUTE_LOST || s == DISPUTE_ACCEPTED;
}

bool shipment_left(enum shipment_status s)
{
	return s == SHIP_SHIPPED || s == SHIP_DELIVERED || s == SHIP_LOST || s == SHIP_RETURNING || s == SHIP_RETURNED;
}

// --- payment --------------------------------------------------------------------------------------------------------

bool order_counts(const struct order *o, const struct payment *p)
{
	return !p->currency.p || !o->currency.p || str_eq(p->currency, o->currency);
}

// Money in another currency is not counted: that of the order is still to come, or somebody must say what the other is worth.
static enum payment_status attempt(const struct order *o, const struct payment *p)
{
	if (order_counts(o, p)) return p->status;
	switch (p->status) {
	case PAY_AUTHORIZED: case PAY_PART_CAPTURED: case PAY_CAPTURED: case PAY_OVER_CAPTURED: case PAY_PART_REFUNDED: return PAY_PENDING;
	case PAY_REFUNDED: return PAY_VOIDED;
	default: return p->status;
	}
}

// Nothing was taken: what the newest attempt says, a pending one before a dead one.
static enum payment_status without_money(const struct order *o)
{
	enum payment_status last = PAY_UNPAID;
	for (size_t i = 0; i < o->n_payments; i++) {
		enum payment_status s = attempt(o, &o->payments[i]);
		if (s == PAY_AUTHORIZED) return s;
		if (last != PAY_PENDING || s == PAY_PENDING) last = s;
	}
	return last;
}

// Refunds of what was taken too much bring it back to captured; only what goes below the total makes it refunded.
static enum payment_status taken(const struct order *o)
{
	bool known = o->total != MONEY_NONE;
	int64_t over = known && o->captured > o->total ? o->captured - (o->total > 0 ? o->total : 0) : 0;
	if (o->refunded >= o->captured) return PAY_REFUNDED;
	if (over && o->refunded < over) return PAY_OVER_CAPTURED;
	if (o->refunded > over) return PAY_PART_REFUNDED;
	int64_t due = known ? o->total : o->authorized;
	return over || o->captured >= due ? PAY_CAPTURED : PAY_PART_CAPTURED;
}

// No payment events: the channel's word stands, sharpened by the refunds that are known.
static enum payment_status as_told(const struct order *o)
{
	enum payment_status s = o->payment_status;
	if (s == PAY_UNPAID && o->total == 0) s = PAY_CAPTURED; // nothing is due
	if ((s == PAY_CAPTURED || s == PAY_PART_REFUNDED) && o->refunded > 0)
		return o->total != MONEY_NONE && o->refunded >= o->total ? PAY_REFUNDED : PAY_PART_REFUNDED;
	return s;
}

static enum payment_status payment_of(const struct order *o)
{
	bool foreign = o->n_payments > 0; // all in another currency than the order: amounts do not compare
	for (size_t i = 0; i < o->n_payments; i++) foreign &= !order_counts(o, &o->payments[i]);
	if (!o->n_payments) return as_told(o);
	if (foreign && (o->payment_status != PAY_UNPAID || o->total == 0)) return as_told(o);
	return o->captured > 0 ? taken(o) : without_money(o);
}

// --- fulfilment -----------------------------------------------------------------------------------------------------

struct units { int64_t needed, allocated, backordered, shipped, delivered, returned; };

// Overflow cannot come of honest quantities; a dishonest one saturates here and is a breach elsewhere.
static void count(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum)) *sum = INT64_MAX;
}

static bool needs_parcel(const struct line *l) { return !l->digital && !l->gift_card; }

static struct units units_of(const struct order *o)
{
	struct units u = {0};
	bool parcels = false;
	for (size_t i = 0; i < o->n_lines; i++) parcels |= needs_parcel(&o->lines[i]);
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		if (parcels && !needs_parcel(l)) continue; // nothing to wait for
		int64_t needed;
		if (!__builtin_sub_overflow(l->quantity, l->cancelled, &needed) && needed > 0) count(&u.needed, needed);
		count(&u.allocated, l->allocated);
		count(&u.allocated, l->picked);
		count(&u.backordered, l->backordered);
		count(&u.shipped, l->shipped);
		count(&u.delivered, l->delivered);
		count(&u.returned, l->returned);
	}
	return u;
}

// An order whose lines are not known: a parcel counts as one.
static struct units parcels_of(const struct order *o)
{
	struct units u = {0};
	for (size_t i = 0; i < o->n_shipments; i++) {
		enum shipment_status s = o->shipments[i].status;
		if (s == SHIP_CANCELLED || s == SHIP_FAILED) continue;
		u.needed++;
		u.shipped += shipment_left(s);
		u.delivered += s == SHIP_DELIVERED;
		u.returned += s == SHIP_RETURNED;
	}
	return u;
}

// Returned before delivered before shipped before allocated; "part" while a unit is still behind.
static enum fulfilment_status fulfilment_of(const struct order *o)
{
	struct units u = o->n_lines ? units_of(o) : parcels_of(o);
	enum fulfilment_status told = o->fulfilment_status;
	if (u.returned > 0) return u.returned >= u.needed ? FUL_RETURNED : FUL_PART_RETURNED;
	if (told == FUL_RETURNED || told == FUL_PART_RETURNED) return told;
	if (u.delivered > 0) return u.delivered >= u.needed ? FUL_DELIVERED : FUL_PART_DELIVERED;
	if (u.shipped > 0) return u.shipped >= u.needed ? FUL_SHIPPED : FUL_PART_SHIPPED;
	if (told >= FUL_PART_SHIPPED) return told;
	if (u.allocated > 0) return u.allocated >= u.needed ? FUL_ALLOCATED : FUL_PART_ALLOCATED;
	return u.backordered > 0 ? FUL_BACKORDERED : told;
}

// --- attention ------------------------------------------------------------------------------------------------------

// A parcel in trouble: the newest scan that has a rank is an exception, a failed attempt or a return. After a delivery
// only an exception that is newer than it counts, and any later scan takes it back.
static bool in_trouble(const struct shipment *s)
{
	if (s->status == SHIP_LOST || s->status == SHIP_FAILED) return true;
	if (s->status == SHIP_CANCELLED || s->status == SHIP_RETURNED) return false;
	for (size_t i = s->n_events; i-- > 0;) {
		enum track_code c = s->events[i].code;
		if (track_rank(c)) return c == TRACK_EXCEPTION || c == TRACK_ATTEMPT_FAILED || c == TRACK_RETURN_TO_SENDER;
	}
	return s->progress == TRACK_EXCEPTION || s->progress == TRACK_RETURN_TO_SENDER;
}

static unsigned attention_of(const struct order *o)
{
	unsigned bits = o->attention & 1u << ATT_TEST;
	for (size_t i = 0; i < o->n_holds; i++) {
		if (o->holds[i].status != HOLD_OPEN) continue;
		bits |= 1u << ATT_HELD;
		if (str_is(o->holds[i].type, "RECON")) bits |= 1u << ATT_RECON;
	}
	for (size_t i = 0; i < o->n_disputes; i++)
		if (dispute_blocks(o->disputes[i].status)) bits |= 1u << ATT_DISPUTED;
	for (size_t i = 0; i < o->n_tickets; i++)
		if (o->tickets[i].status < TICKET_SOLVED) bits |= 1u << ATT_TICKET_OPEN;
	for (size_t i = 0; i < o->n_payments; i++)
		if (o->payments[i].status == PAY_OVER_CAPTURED) bits |= 1u << ATT_OVER_CAPTURED;
	if (o->payment_status == PAY_OVER_CAPTURED) bits |= 1u << ATT_OVER_CAPTURED;
	for (size_t i = 0; i < o->n_shipments && o->status != ORDER_CANCELLED; i++)
		if (in_trouble(&o->shipments[i])) bits |= 1u << ATT_DELIVERY_EXCEPTION;
	return bits;
}

void order_derive(struct order *o)
{
	o->payment_status = payment_of(o);
	o->fulfilment_status = fulfilment_of(o);
	o->attention = attention_of(o);
}

// --- late -----------------------------------------------------------------------------------------------------------

static bool waits_for_parcel(const struct order *o)
{
	if (o->status == ORDER_CANCELLED || o->status == ORDER_CLOSED) return false;
	return o->fulfilment_status <= FUL_PART_SHIPPED;
}

static bool under_way(const struct shipment *s) { return s->status == SHIP_SHIPPED && s->progress < TRACK_DELIVERED; }

static int64_t promised(const struct order *o, const struct shipment *s)
{
	return s->promised_at != DATE_NONE ? s->promised_at : o->promised_at;
}

// The instant from which a parcel is late for its promise: at once where the carrier's own estimate is behind it.
static int64_t transit_due(const struct order *o, const struct shipment *s)
{
	int64_t by = promised(o, s);
	if (!under_way(s) || by == DATE_NONE) return DATE_NONE;
	if (s->eta_at == DATE_NONE || s->eta_at <= by) return by;
	return s->last_event_at != DATE_NONE && s->last_event_at < by ? s->last_event_at : by;
}

// A parcel without a number was never given to a carrier that scans it: its silence says nothing.
static int64_t stall_due(const struct shipment *s)
{
	int64_t last = s->last_event_at != DATE_NONE ? s->last_event_at : s->shipped_at, at;
	if (!under_way(s) || last == DATE_NONE || s->progress == TRACK_AVAILABLE_FOR_PICKUP) return DATE_NONE;
	if (!s->tracking_number.n && s->last_event_at == DATE_NONE) return DATE_NONE;
	return __builtin_add_overflow(last, STALLED_AFTER, &at) ? DATE_NONE : at;
}

static int64_t sooner(int64_t a, int64_t b) { return a == DATE_NONE ? b : b == DATE_NONE || a < b ? a : b; }

int64_t order_due_at(const struct order *o)
{
	int64_t due = waits_for_parcel(o) ? o->ship_by : DATE_NONE;
	for (size_t i = 0; i < o->n_shipments && o->status != ORDER_CANCELLED; i++)
		due = sooner(due, sooner(transit_due(o, &o->shipments[i]), stall_due(&o->shipments[i])));
	return due;
}

static bool over(int64_t due, int64_t now) { return due != DATE_NONE && now > due; }

// A hold is open until its time: that it has run out is seen when read, never stored.
static bool held(const struct order *o, int64_t now)
{
	for (size_t i = 0; i < o->n_holds; i++)
		if (o->holds[i].status == HOLD_OPEN && (o->holds[i].until_at == DATE_NONE || now <= o->holds[i].until_at)) return true;
	return false;
}

unsigned order_late(const struct order *o, int64_t now)
{
	unsigned bits = o->attention;
	if (waits_for_parcel(o) && over(o->ship_by, now)) bits |= 1u << ATT_LATE_TO_SHIP;
	for (size_t i = 0; i < o->n_shipments && o->status != ORDER_CANCELLED; i++) {
		if (over(transit_due(o, &o->shipments[i]), now)) bits |= 1u << ATT_LATE_IN_TRANSIT;
		if (over(stall_due(&o->shipments[i]), now)) bits |= 1u << ATT_STALLED;
	}
	if (o->n_holds && !held(o, now)) bits &= ~(1u << ATT_HELD);
	return bits;
}
