// The checks on a folded order that are not about amounts: can it be shipped, does it hang together.
#include "rule_checks.h"
#include "country.h"

static bool needs_parcel(const struct line *l) { return !l->digital && !l->gift_card && l->quantity > l->cancelled; }

static bool nothing_to_ship(const struct order *o)
{
	for (size_t i = 0; i < o->n_lines; i++)
		if (needs_parcel(&o->lines[i])) return false;
	return true;
}

// A channel that keeps the buyer to itself gives a place without a name and a street.
static bool masked(const struct address *s) { return s->present && !s->name.n && !s->company.n && !s->line1.n && s->country.n; }

static bool picked_up(const struct order *o, struct arena *a)
{
	static const char *const words[] = {"*pick*up*", "*pickup*", "*collect*", "*in store*", "*in-store*", "*instore*"};
	if (!o->shipping_method.n) return false;
	const char *method = str_c(a, str_lower(a, o->shipping_method));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (glob_match(words[i], method)) return true;
	return false;
}

unsigned order_facts(const struct order *o, struct arena *a)
{
	unsigned f = 0;
	if (o->attention & 1u << ATT_TEST) f |= FACT_TEST;
	if (o->status == ORDER_CANCELLED) f |= FACT_CANCELLED;
	if (o->status == ORDER_CLOSED) f |= FACT_CLOSED;
	if (o->channel_fulfilled) f |= FACT_CHANNEL_FULFILLED;
	if (nothing_to_ship(o)) f |= FACT_NOTHING_TO_SHIP;
	if (o->fulfilment_status >= FUL_SHIPPED) f |= FACT_SHIPPED;
	if (o->total == MONEY_NONE) f |= FACT_UNPRICED;
	if (o->credit) f |= FACT_CREDIT;
	if (masked(&o->shipping)) f |= FACT_MASKED;
	if (picked_up(o, a)) f |= FACT_PICKUP;
	return f;
}

ORDER_CHECK(ship_to)
{
	if (!o->shipping.present || !o->shipping.line1.n) found_order(r, a, 0, o->shipping.city, to);
}

ORDER_CHECK(country)
{
	struct str c = o->shipping.country;
	if (o->shipping.present && (!c.n || !country_name(c))) found_order(r, a, 0, c, to);
}

ORDER_CHECK(postcode)
{
	const struct address *s = &o->shipping;
	if (s->present && !s->postcode.n && s->country.n && country_name(s->country) && country_has_postcodes(s->country)) found_order(r, a, 0, s->country, to);
}

ORDER_CHECK(phone)
{
	if (!o->shipping_method.n || o->shipping.phone.n || o->customer.phone.n || o->billing.phone.n) return;
	const char *method = str_c(a, str_lower(a, o->shipping_method));
	for (size_t i = 0; i < r->n_words; i++)
		if (glob_match(r->words[i].p, method)) {
			found_order(r, a, 0, o->shipping_method, to);
			return;
		}
}

ORDER_CHECK(email)
{
	if (!o->customer.email.n) found_order(r, a, 0, o->customer.name, to);
}

ORDER_CHECK(billing_name)
{
	const struct address *b = &o->billing, *s = &o->shipping;
	if (!b->name.n && !b->company.n && !o->customer.name.n && !o->customer.company.n && !s->name.n && !s->company.n)
		found_order(r, a, 0, o->customer.id, to);
}

ORDER_CHECK(shipping_method)
{
	if (o->shipping_method.n || !o->shipping.line1.n) return;
	for (size_t i = 0; i < o->n_charges; i++)
		if (o->charges[i].kind == 's') return; // paid for, so it was chosen
	found_order(r, a, 0, (struct str){0}, to);
}

ORDER_CHECK(tax_id)
{
	struct str country = o->billing.country.n ? o->billing.country : o->shipping.country;
	if (!str_is(o->customer.segment, "b2b") || o->customer.tax_id.n) return;
	for (size_t i = 0; i < r->n_words; i++)
		if (str_eq(r->words[i], country)) found_order(r, a, 0, o->customer.company, to);
}

ORDER_CHECK(promised)
{
	if (o->promised_at == DATE_NONE && o->ship_by == DATE_NONE) found_order(r, a, 0, (struct str){0}, to);
}

// Ids of the lines in a table, so that many references into many lines stay cheap.
struct ids { struct str *v; size_t cap; };

static struct ids line_ids(const struct order *o, struct arena *a)
{
	struct ids t = {.cap = 16};
	while (t.cap < o->n_lines * 2) t.cap *= 2;
	t.v = NEW_N(a, struct str, t.cap);
	for (size_t i = 0; i < o->n_lines; i++) {
		size_t h = str_hash(o->lines[i].id) & (t.cap - 1);
		while (t.v[h].p) h = (h + 1) & (t.cap - 1);
		t.v[h] = o->lines[i].id;
	}
	return t;
}

static bool known_id(const struct ids *t, struct str id)
{
	for (size_t h = str_hash(id) & (t->cap - 1); t->v[h].p; h = (h + 1) & (t->cap - 1))
		if (str_eq(t->v[h], id)) return true;
	return false;
}

ORDER_CHECK(refers_to)
{
	if (!o->n_lines || (!o->n_refunds && !o->n_shipments)) return;
	struct ids t = line_ids(o, a);
	for (size_t i = 0; i < o->n_refunds; i++)
		for (size_t k = 0; k < o->refunds[i].n_lines; k++) {
			struct str id = o->refunds[i].lines[k].line;
			if (id.n && !known_id(&t, id)) found_order(r, a, 0, id, to);
		}
	for (size_t i = 0; i < o->n_shipments; i++)
		for (size_t k = 0; k < o->shipments[i].n_lines; k++) {
			struct str id = o->shipments[i].lines[k].line;
			if (id.n && !known_id(&t, id)) found_order(r, a, 0, id, to);
		}
}

static struct str number(struct arena *a, int64_t n) { return str_of(arena_printf(a, "%lld", (long long)n)); }

ORDER_CHECK(shipped_within)
{
	for (size_t i = 0; i < o->n_lines; i++)
		if (o->lines[i].shipped > o->lines[i].quantity && o->lines[i].quantity >= 0) found_order(r, a, i, number(a, o->lines[i].shipped), to);
}

static bool counts(enum track_code c) { return track_rank(c) && c != TRACK_EXCEPTION && c != TRACK_ATTEMPT_FAILED; }

// A scan behind one of a higher rank; the way back to the sender has ranks of its own, exceptions have none here.
ORDER_CHECK(tracking_rank)
{
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		int highest = 0;
		for (size_t k = 0; k < s->n_events; k++) {
			enum track_code c = s->events[k].code;
			if (!counts(c)) continue;
			if (track_rank(c) < highest && highest < track_rank(TRACK_RETURN_TO_SENDER)) {
				found_order(r, a, i, str_of(axis_word(AXIS_TRACK, (int)c)), to);
				break;
			}
			if (track_rank(c) > highest) highest = track_rank(c);
		}
	}
}

// A cancelled order from which something left the house, or whose money was taken after it ended and not given back.
ORDER_CHECK(after_cancel)
{
	if (o->status != ORDER_CANCELLED) return;
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		bool left = s->status == SHIP_SHIPPED || s->status == SHIP_DELIVERED || s->status == SHIP_LOST;
		if (!left || o->cancelled_at == DATE_NONE || s->shipped_at == DATE_NONE || s->shipped_at <= o->cancelled_at) continue;
		found_order(r, a, 0, s->tracking_number.p ? s->tracking_number : s->id, to);
		return;
	}
	for (size_t i = 0; i < o->n_payments; i++) {
		const struct payment *p = &o->payments[i];
		if (o->cancelled_at == DATE_NONE || p->at == DATE_NONE || p->at <= o->cancelled_at || p->captured <= p->refunded) continue;
		found_order(r, a, 0, p->psp_ref, to);
		return;
	}
}
