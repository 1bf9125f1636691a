// The event contract as a table, and its members found by name.
#include "rule_contract.h"

const struct member contract[MEMBER_COUNT] = {
#define M(shape, name, kind, of) {{#name, sizeof #name - 1}, shape_##shape, KIND_##kind, shape_##of},
	CONTRACT(M)
#undef M
};

enum shape shape_body(enum event_type t)
{
	switch (t) {
	case EV_ORDER_CREATED: case EV_ORDER_UPDATED: return shape_order;
	case EV_ORDER_CANCELLED: return shape_cancel;
	case EV_PAYMENT_UPDATED: return shape_payment;
	case EV_REFUND_UPDATED: return shape_refund;
	case EV_DISPUTE_UPDATED: return shape_dispute;
	case EV_SHIPMENT_UPDATED: return shape_shipment;
	case EV_TRACKING_UPDATED: return shape_track;
	case EV_TICKET_UPDATED: return shape_ticket;
	case EV_TICKET_MESSAGE: return shape_message;
	case EV_HOLD_OPENED: return shape_hold;
	case EV_HOLD_RELEASED: return shape_release;
	case EV_CUSTOMER_UPDATED: return shape_profile;
	case EV_NOTE_ADDED: return shape_note;
	case EV_SOURCE_NOTIFIED: return shape_notice;
	case EV_ORDER_CONFIRMED: return shape_confirm;
	case EV_UNITS_CANCELLED: case EV_UNITS_RELEASED: return shape_units;
	case EV_REFERENCE_SET: return shape_reference;
	case EV_STOCK_BOOKED: return shape_stock;
	default: return shape_none;
	}
}

const char *shape_word(enum shape s)
{
	static const char *const words[SHAPE_COUNT] = {
#define X(shape) #shape,
		SHAPES(X)
#undef X
	};
	return s < SHAPE_COUNT ? words[s] : "none";
}

const char *kind_wants(enum kind k)
{
	switch (k) {
	case KIND_TEXT: return "text in quotes";
	case KIND_TEXTS: return "an array of texts";
	case KIND_INT: return "a whole number without quotes";
	case KIND_BOOL: return "true or false";
	case KIND_MONEY: return "an amount in quotes";
	case KIND_DECIMAL: return "a decimal number in quotes";
	case KIND_TIME: return "a time in quotes";
	case KIND_OBJECT: return "an object";
	case KIND_OBJECTS: return "an array of objects";
	}
	return "";
}

// Where fewer than eight bytes may be read.
static uint64_t head_short(struct str name)
{
	char room[8] = {0};
	memcpy(room, name.p, name.n < 8 ? name.n : 8);
	return key_head(room, name.n);
}

static bool is_name(const struct keys *k, int id, struct str key)
{
	return k->length[id] == key.n && memcmp(contract[id].name.p, key.p, key.n) == 0;
}

void keys_init(struct keys *k)
{
	*k = (struct keys){0};
	for (unsigned id = 0; id < MEMBER_COUNT; id++) {
		const struct member *m = &contract[id];
		if (!k->size[m->shape]++) k->first[m->shape] = (uint16_t)id;
		k->head[id] = head_short(m->name);
		if (m->name.n > 8) k->tail[id] = key_head(m->name.p + m->name.n - 8, 8);
		k->length[id] = (uint8_t)m->name.n;
		k->kind[id] = m->kind;
		unsigned h = key_hash(k->head[id], m->name.n);
		while (k->slot[m->shape][h]) h = (h + 1) % KEY_SLOTS;
		k->slot[m->shape][h] = (uint8_t)(id - k->first[m->shape] + 1u);
	}
}

int keys_find_slowly(const struct keys *k, enum shape s, struct str key)
{
	for (unsigned h = key_hash(head_short(key), key.n); k->slot[s][h]; h = (h + 1) % KEY_SLOTS) {
		int id = k->first[s] + k->slot[s][h] - 1;
		if (is_name(k, id, key)) return id;
	}
	return -1;
}
