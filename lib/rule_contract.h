// The event contract as a table: which members an event and the objects inside it may have, and of what kind each is.
// man 5 oms-event is the text of it, share/schemas/oms.event.json the same for others; a test holds the two together.
#ifndef RULE_CONTRACT_H
#define RULE_CONTRACT_H
#include "event.h"

enum kind { KIND_TEXT, KIND_TEXTS, KIND_INT, KIND_BOOL, KIND_MONEY, KIND_DECIMAL, KIND_TIME, KIND_OBJECT, KIND_OBJECTS };

// shape, what its objects are
#define SHAPES(X) \
	X(event) X(ref) X(order) X(customer) X(addresses) X(address) X(line) X(charge) X(tax) X(discount) X(cancel) X(payment) \
	X(refund) X(refund_line) X(dispute) X(shipment) X(shipment_line) X(track) X(ticket) X(requester) X(message) X(hold) \
	X(release) X(profile) X(note) X(notice) X(confirm) X(plan_line) X(plan_unit) X(plan_part) X(override) X(units) X(unit) X(reference) \
	X(stock)

// shape, member, kind, shape of what is inside (none: any)
#define CONTRACT(M) \
	M(event, schema, TEXT, none) M(event, id, TEXT, none) M(event, type, TEXT, none) M(event, source, TEXT, none) \
	M(event, order, TEXT, none) M(event, refs, OBJECTS, ref) M(event, occurred_at, TIME, none) M(event, recorded_at, TIME, none) \
	M(event, seq, INT, none) M(event, actor, TEXT, none) M(event, test, BOOL, none) M(event, map, TEXT, none) \
	M(event, payload, TEXT, none) M(event, body, OBJECT, none) \
	M(ref, kind, TEXT, none) M(ref, value, TEXT, none) \
	M(order, external_id, TEXT, none) M(order, number, TEXT, none) M(order, status, TEXT, none) M(order, channel_status, TEXT, none) \
	M(order, channel_payment, TEXT, none) M(order, channel_fulfilment, TEXT, none) M(order, payment_status, TEXT, none) \
	M(order, fulfilment_status, TEXT, none) M(order, placed_at, TIME, none) M(order, updated_at, TIME, none) \
	M(order, cancelled_at, TIME, none) M(order, closed_at, TIME, none) M(order, ship_by, TIME, none) M(order, promised_at, TIME, none) \
	M(order, cancel_reason, TEXT, none) M(order, test, BOOL, none) M(order, currency, TEXT, none) M(order, price_mode, TEXT, none) \
	M(order, subtotal, MONEY, none) M(order, discount_total, MONEY, none) M(order, shipping_total, MONEY, none) \
	M(order, fee_total, MONEY, none) M(order, tax_total, MONEY, none) M(order, total, MONEY, none) \
	M(order, customer, OBJECT, customer) M(order, addresses, OBJECT, addresses) M(order, lines, OBJECTS, line) \
	M(order, line_updates, OBJECTS, line) M(order, charges, OBJECTS, charge) M(order, taxes, OBJECTS, tax) \
	M(order, discounts, OBJECTS, discount) M(order, shipping_method, TEXT, none) M(order, channel_fulfilled, BOOL, none) M(order, credit, BOOL, none) \
	M(order, tags, TEXTS, none) M(order, note, TEXT, none) \
	M(customer, id, TEXT, none) M(customer, name, TEXT, none) M(customer, email, TEXT, none) M(customer, phone, TEXT, none) \
	M(customer, company, TEXT, none) M(customer, tax_id, TEXT, none) M(customer, segment, TEXT, none) \
	M(addresses, shipping, OBJECT, address) M(addresses, billing, OBJECT, address) \
	M(address, name, TEXT, none) M(address, company, TEXT, none) M(address, line1, TEXT, none) M(address, line2, TEXT, none) \
	M(address, line3, TEXT, none) M(address, city, TEXT, none) M(address, region, TEXT, none) M(address, region_code, TEXT, none) \
	M(address, postcode, TEXT, none) M(address, country, TEXT, none) M(address, phone, TEXT, none) \
	M(line, id, TEXT, none) M(line, sku, TEXT, none) M(line, name, TEXT, none) M(line, variant, TEXT, none) M(line, quantity, INT, none) \
	M(line, unit_price, MONEY, none) M(line, subtotal, MONEY, none) M(line, discount, MONEY, none) M(line, tax, MONEY, none) \
	M(line, total, MONEY, none) M(line, taxes, OBJECTS, tax) M(line, discounts, OBJECTS, discount) M(line, digital, BOOL, none) \
	M(line, gift_card, BOOL, none) M(line, fulfilled, INT, none) M(line, cancelled, INT, none) M(line, refunded, INT, none) \
	M(line, returned, INT, none) \
	M(charge, kind, TEXT, none) M(charge, id, TEXT, none) M(charge, name, TEXT, none) M(charge, code, TEXT, none) \
	M(charge, price, MONEY, none) M(charge, discount, MONEY, none) M(charge, tax, MONEY, none) M(charge, taxes, OBJECTS, tax) \
	M(tax, name, TEXT, none) M(tax, jurisdiction, TEXT, none) M(tax, rate, DECIMAL, none) M(tax, amount, MONEY, none) \
	M(tax, included, BOOL, none) \
	M(discount, code, TEXT, none) M(discount, name, TEXT, none) M(discount, amount, MONEY, none) \
	M(cancel, at, TIME, none) M(cancel, reason, TEXT, none) \
	M(payment, psp, TEXT, none) M(payment, psp_ref, TEXT, none) M(payment, parent_ref, TEXT, none) M(payment, intent, TEXT, none) \
	M(payment, kind, TEXT, none) M(payment, status, TEXT, none) M(payment, amount, MONEY, none) M(payment, currency, TEXT, none) \
	M(payment, method, TEXT, none) M(payment, brand, TEXT, none) M(payment, last4, TEXT, none) M(payment, gateway, TEXT, none) \
	M(payment, fee, MONEY, none) M(payment, error, TEXT, none) M(payment, at, TIME, none) M(payment, authorized, MONEY, none) \
	M(payment, captured, MONEY, none) M(payment, refunded, MONEY, none) \
	M(refund, id, TEXT, none) M(refund, psp_ref, TEXT, none) M(refund, payment_ref, TEXT, none) M(refund, status, TEXT, none) \
	M(refund, amount, MONEY, none) M(refund, currency, TEXT, none) M(refund, reason, TEXT, none) M(refund, note, TEXT, none) \
	M(refund, at, TIME, none) M(refund, shipping, MONEY, none) M(refund, lines, OBJECTS, refund_line) \
	M(refund_line, line, TEXT, none) M(refund_line, quantity, INT, none) M(refund_line, amount, MONEY, none) \
	M(refund_line, tax, MONEY, none) M(refund_line, restock, TEXT, none) \
	M(dispute, id, TEXT, none) M(dispute, psp, TEXT, none) M(dispute, payment_ref, TEXT, none) M(dispute, status, TEXT, none) \
	M(dispute, reason, TEXT, none) M(dispute, amount, MONEY, none) M(dispute, currency, TEXT, none) M(dispute, opened_at, TIME, none) \
	M(dispute, due_at, TIME, none) \
	M(shipment, id, TEXT, none) M(shipment, status, TEXT, none) M(shipment, carrier, TEXT, none) M(shipment, service, TEXT, none) \
	M(shipment, tracking_numbers, TEXTS, none) M(shipment, tracking_url, TEXT, none) M(shipment, location, TEXT, none) \
	M(shipment, shipped_at, TIME, none) M(shipment, delivered_at, TIME, none) M(shipment, promised_at, TIME, none) \
	M(shipment, eta_at, TIME, none) M(shipment, lines, OBJECTS, shipment_line) \
	M(shipment_line, line, TEXT, none) M(shipment_line, quantity, INT, none) \
	M(track, tracking_number, TEXT, none) M(track, carrier, TEXT, none) M(track, code, TEXT, none) M(track, raw_code, TEXT, none) \
	M(track, message, TEXT, none) M(track, location, TEXT, none) M(track, at, TIME, none) M(track, eta_at, TIME, none) \
	M(track, shipment, TEXT, none) \
	M(ticket, id, TEXT, none) M(ticket, subject, TEXT, none) M(ticket, status, TEXT, none) M(ticket, priority, TEXT, none) \
	M(ticket, channel, TEXT, none) M(ticket, requester, OBJECT, requester) M(ticket, assignee, TEXT, none) M(ticket, url, TEXT, none) \
	M(ticket, created_at, TIME, none) M(ticket, updated_at, TIME, none) M(ticket, solved_at, TIME, none) M(ticket, tags, TEXTS, none) \
	M(requester, name, TEXT, none) M(requester, email, TEXT, none) \
	M(message, ticket, TEXT, none) M(message, id, TEXT, none) M(message, author, TEXT, none) M(message, role, TEXT, none) \
	M(message, channel, TEXT, none) M(message, public, BOOL, none) M(message, text, TEXT, none) M(message, at, TIME, none) \
	M(hold, id, TEXT, none) M(hold, type, TEXT, none) M(hold, reason, TEXT, none) M(hold, owner, TEXT, none) M(hold, blocks, TEXTS, none) \
	M(hold, until_at, TIME, none) M(hold, source, TEXT, none) M(hold, rule, TEXT, none) \
	M(release, id, TEXT, none) M(release, resolution, TEXT, none) \
	M(profile, customer, OBJECT, customer) \
	M(note, text, TEXT, none) M(note, author, TEXT, none) \
	M(notice, topic, TEXT, none) M(notice, text, TEXT, none) \
	M(confirm, lines, OBJECTS, plan_line) M(confirm, service, TEXT, none) M(confirm, carrier, TEXT, none) M(confirm, zone, TEXT, none) \
	M(confirm, digest, TEXT, none) M(confirm, overrides, OBJECTS, override) \
	M(plan_line, line, TEXT, none) M(plan_line, sku, TEXT, none) M(plan_line, quantity, INT, none) M(plan_line, shipped, INT, none) M(plan_line, allocations, OBJECTS, plan_unit) \
	M(plan_line, components, OBJECTS, plan_part) \
	M(plan_unit, warehouse, TEXT, none) M(plan_unit, units, INT, none) M(plan_unit, backordered, INT, none) \
	M(plan_part, sku, TEXT, none) M(plan_part, quantity, INT, none) \
	M(override, check, TEXT, none) M(override, reason, TEXT, none) \
	M(units, lines, OBJECTS, unit) M(units, reason, TEXT, none) \
	M(unit, line, TEXT, none) M(unit, quantity, INT, none) M(unit, cancelled, INT, none) M(unit, warehouse, TEXT, none) M(unit, sku, TEXT, none) \
	M(unit, backordered, INT, none) \
	M(reference, kind, TEXT, none) M(reference, id, TEXT, none) M(reference, revision, INT, none) M(reference, record, OBJECT, none) \
	M(stock, kind, TEXT, none) M(stock, record, OBJECT, none)

enum shape {
#define X(shape) shape_##shape,
	SHAPES(X)
#undef X
	SHAPE_COUNT, shape_none = SHAPE_COUNT
};
enum member_id { // every member of every shape, the shapes in the order of enum shape
#define M(shape, name, kind, of) at_##shape##_##name,
	CONTRACT(M)
#undef M
	MEMBER_COUNT
};
struct member { struct str name; uint8_t shape, kind, of; }; // enum shape, enum kind, enum shape
extern const struct member contract[MEMBER_COUNT];

enum shape shape_body(enum event_type t); // of the body; shape_none where the type is unknown
const char *shape_word(enum shape s);
const char *kind_wants(enum kind k);      // "text in quotes": what the type rule asks for

// Keys to members by hash: made once, used for every member of every event.
enum { KEY_SLOTS = 128, SHAPE_MEMBERS = 64 };
struct keys {
	uint16_t first[SHAPE_COUNT], size[SHAPE_COUNT]; // the members of a shape are [first, first + size)
	uint8_t slot[SHAPE_COUNT][KEY_SLOTS];           // 1 + offset in the shape; 0: empty
	uint64_t head[MEMBER_COUNT], tail[MEMBER_COUNT]; // first and last eight bytes of each name
	uint8_t length[MEMBER_COUNT], kind[MEMBER_COUNT];
};
void keys_init(struct keys *k);
// The member's id, or -1 where the shape has no such member.
int keys_find_slowly(const struct keys *k, enum shape s, struct str key);

// The first eight bytes as one number, those behind the name as zeros: names compare in one step, and hash in two.
static inline uint64_t key_head(const char *p, size_t n)
{
	uint64_t head;
	memcpy(&head, p, 8);
	if (n >= 8) return head;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return n ? head & ~(uint64_t)0 >> (64 - 8 * n) : 0;
#else
	return n ? head & ~(uint64_t)0 << (64 - 8 * n) : 0;
#endif
}

// The factor was found by trial: with it all but two names of the contract have a slot (seven bits: KEY_SLOTS) to themselves.
_Static_assert(KEY_SLOTS == 128, "the hash gives seven bits");
static inline unsigned key_hash(uint64_t head, size_t n) { return (unsigned)((head + n) * 0xe585552fac954ab5u >> 57); }

// The same where eight bytes may be read from key.p on. Inline: it is done for every member of every event.
static inline int keys_find(const struct keys *k, enum shape s, struct str key)
{
	uint64_t head = key_head(key.p, key.n);
	for (unsigned h = key_hash(head, key.n); k->slot[s][h]; h = (h + 1) % KEY_SLOTS) {
		int id = k->first[s] + k->slot[s][h] - 1;
		if (k->head[id] != head || k->length[id] != key.n) continue;
		if (key.n <= 8) return id;
		if (key_head(key.p + key.n - 8, 8) == k->tail[id] && (key.n <= 16 || keys_find_slowly(k, s, key) == id)) return id;
	}
	return -1;
}
#endif
