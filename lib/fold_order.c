// Order documents into the order: each member is a facet, and the newest document that carries it wins.
#include "fold_parts.h"

enum { STATUS, FULFILMENT, CANCELLED_AT, CANCEL_REASON, TEST, PRICE_MODE, CUSTOMER, ADDRESSES, LINES, LINE_UPDATES, CHARGES, TAXES, DISCOUNTS, TAGS };

static const struct field customer_fields[] = {
	FIELD("id", TEXT, struct customer, id), FIELD("name", TEXT, struct customer, name), FIELD("email", TEXT, struct customer, email),
	FIELD("phone", TEXT, struct customer, phone), FIELD("company", TEXT, struct customer, company),
	FIELD("tax_id", TEXT, struct customer, tax_id), FIELD("segment", TEXT, struct customer, segment),
};
static const struct form customer_form = FORM(customer_fields, NULL);

static const struct field address_fields[] = {
	FIELD("name", TEXT, struct address, name), FIELD("company", TEXT, struct address, company), FIELD("line1", TEXT, struct address, line1),
	FIELD("line2", TEXT, struct address, line2), FIELD("line3", TEXT, struct address, line3), FIELD("city", TEXT, struct address, city),
	FIELD("region", TEXT, struct address, region), FIELD("region_code", TEXT, struct address, region_code),
	FIELD("postcode", TEXT, struct address, postcode), FIELD("country", TEXT, struct address, country),
	FIELD("phone", TEXT, struct address, phone),
};
static const struct form address_form = FORM(address_fields, NULL);

static const struct field charge_fields[] = {
	FIELD_OWN("kind", OWN, 0), FIELD("id", TEXT, struct charge, id), FIELD("name", TEXT, struct charge, name),
	FIELD("code", TEXT, struct charge, code), FIELD("price", MONEY, struct charge, price),
	FIELD("discount", MONEY, struct charge, discount), FIELD("tax", MONEY, struct charge, tax), FIELD_OWN("taxes", OWN, 1),
};

static bool charge_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct charge *c = to;
	if (code) return take_taxes(p, v, &c->taxes, &c->n_taxes);
	c->kind = str_is(json_str(p->j, v, p->f->a), "shipping") ? 's' : 'f';
	return true;
}
static const struct form charge_form = FORM(charge_fields, charge_own);

static bool take_charges(struct place *p, uint32_t v)
{
	struct order *o = p->f->o;
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	o->charges = NEW_N(p->f->a, struct charge, p->j->node[v].n);
	o->n_charges = 0;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) {
		uint64_t have = 0;
		struct charge *c = &o->charges[o->n_charges++];
		*c = (struct charge){.kind = 'f', .price = MONEY_NONE, .discount = MONEY_NONE, .tax = MONEY_NONE};
		take_members(p, &charge_form, m, c, &have);
	}
	return true;
}

static bool empty(const struct place *p, uint32_t v) { return json_type(p->j, v) == JSON_OBJECT && p->j->node[v].n == 0; }

static bool take_customer(struct place *p, uint32_t v)
{
	struct fold *f = p->f;
	if (!empty(p, v)) return take_members(p, &customer_form, v, &f->o->customer, &f->have_customer);
	bool any = f->have_customer != UINT64_MAX; // known to be nobody: what older documents say of them is gone
	f->have_customer = UINT64_MAX;
	return any;
}

static bool take_address(struct place *p, uint32_t v, bool gone, struct address *to, bool *have)
{
	uint64_t members = 0;
	if (*have || (!gone && (!v || json_type(p->j, v) != JSON_OBJECT))) return false;
	*have = true;
	if (!gone) to->present = take_members(p, &address_form, v, to, &members);
	return true;
}

static bool take_addresses(struct place *p, uint32_t v)
{
	struct fold *f = p->f;
	bool none = empty(p, v);
	bool any = take_address(p, json_getz(p->j, v, "shipping"), none, &f->o->shipping, &f->have_shipping);
	return take_address(p, json_getz(p->j, v, "billing"), none, &f->o->billing, &f->have_billing) || any;
}

// --- the document ---------------------------------------------------------------------------------------------------

static bool order_own(struct place *p, void *to, unsigned code, uint32_t v);

// In the order mappings write them: each is then found at the first look.
static const struct field order_fields[] = {
	FIELD("external_id", TEXT, struct order, external_id), FIELD("number", TEXT, struct order, number),
	FIELD_OWN("status", DEEP, STATUS), FIELD("channel_status", TEXT, struct order, channel_status),
	FIELD("channel_payment", TEXT, struct order, channel_payment), FIELD_WORD("payment_status", AXIS_PAYMENT, struct order, payment_status),
	FIELD("channel_fulfilment", TEXT, struct order, channel_fulfilment), FIELD_OWN("fulfilment_status", DEEP, FULFILMENT),
	FIELD("placed_at", TIME, struct order, placed_at), FIELD("updated_at", TIME, struct order, updated_at),
	FIELD_OWN("cancelled_at", DEEP, CANCELLED_AT), FIELD("closed_at", TIME, struct order, closed_at),
	FIELD("ship_by", TIME, struct order, ship_by), FIELD("promised_at", TIME, struct order, promised_at),
	FIELD_OWN("cancel_reason", DEEP, CANCEL_REASON), FIELD_OWN("test", OWN, TEST),
	FIELD("currency", TEXT, struct order, currency), FIELD_OWN("price_mode", OWN, PRICE_MODE),
	FIELD("subtotal", MONEY, struct order, subtotal), FIELD("discount_total", MONEY, struct order, discount_total),
	FIELD("shipping_total", MONEY, struct order, shipping_total), FIELD("fee_total", MONEY, struct order, fee_total),
	FIELD("tax_total", MONEY, struct order, tax_total), FIELD("total", MONEY, struct order, total),
	FIELD_OWN("customer", DEEP, CUSTOMER), FIELD_OWN("addresses", DEEP, ADDRESSES), FIELD_OWN("lines", DEEP, LINES),
	FIELD_OWN("line_updates", DEEP, LINE_UPDATES), FIELD_OWN("charges", OWN, CHARGES), FIELD_OWN("taxes", OWN, TAXES),
	FIELD_OWN("discounts", OWN, DISCOUNTS), FIELD("shipping_method", TEXT, struct order, shipping_method),
	FIELD("channel_fulfilled", FLAG, struct order, channel_fulfilled), FIELD("credit", FLAG, struct order, credit), FIELD_OWN("tags", OWN, TAGS), FIELD("note", TEXT, struct order, note),
};
static const struct form order_form = FORM(order_fields, order_own);

// A facet that is also looked at in documents it does not win in.
static bool first(struct fold *f, enum facet x)
{
	bool new = !(f->facets & 1u << x);
	f->facets |= 1u << x;
	return new;
}

static int word_of(struct place *p, enum axis axis, uint32_t v)
{
	struct str s = json_str(p->j, v, p->f->a);
	return s.n ? axis_value(axis, s) : -1;
}

// Cancelled is final: a document that says so counts even where a newer one says otherwise.
static bool take_status(struct place *p, uint32_t v)
{
	int s = word_of(p, AXIS_STATUS, v);
	if (s < 0) return false;
	if (s == ORDER_CANCELLED) p->f->says_cancelled = true;
	if (!first(p->f, FACET_STATUS)) return false;
	p->f->o->status = (enum order_status)s;
	return true;
}

static bool take_fulfilment(struct place *p, uint32_t v)
{
	struct fold *f = p->f;
	int s = word_of(p, AXIS_FULFILMENT, v);
	if (s < 0) return false;
	if (s >= FUL_PART_SHIPPED) f->told_shipped_at = sooner_of(f->told_shipped_at, when(f, p->i));
	if (!first(f, FACET_FULFILMENT)) return false;
	f->o->fulfilment_status = (enum fulfilment_status)s;
	return true;
}

static bool take_cancelled_at(struct place *p, uint32_t v)
{
	struct fold *f = p->f;
	int64_t at = event_time(json_str(p->j, v, f->a));
	if (at == DATE_NONE) return false;
	f->says_cancelled = true;
	f->says_at = at;
	if (!first(f, FACET_CANCELLED_AT)) return false;
	f->o->cancelled_at = at;
	return true;
}

static bool take_reason(struct fold *f, struct str reason)
{
	if (!reason.n || !first(f, FACET_CANCEL_REASON)) return false;
	f->o->cancel_reason = reason;
	return true;
}

static bool take_mode(struct place *p, uint32_t v)
{
	struct str s = json_str(p->j, v, p->f->a);
	if (!str_is(s, "net") && !str_is(s, "gross")) return false;
	p->f->o->price_mode = s.p[0];
	return true;
}

static bool take_test(struct place *p, uint32_t v)
{
	p->f->test = json_true(p->j, v);
	return p->f->test_told = true;
}

static bool order_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct order *o = to;
	bool any = false;
	switch (code) {
	case STATUS: return take_status(p, v);
	case FULFILMENT: return take_fulfilment(p, v);
	case CANCELLED_AT: return take_cancelled_at(p, v);
	case CANCEL_REASON: return take_reason(p->f, json_str(p->j, v, p->f->a));
	case TEST: return take_test(p, v);
	case PRICE_MODE: return take_mode(p, v);
	case CUSTOMER: return take_customer(p, v);
	case ADDRESSES: return take_addresses(p, v);
	case LINES: fold_lines(p, v, true, &any); return any;
	case LINE_UPDATES: fold_lines(p, v, false, &any); return any;
	case CHARGES: return take_charges(p, v);
	case TAXES: return take_taxes(p, v, &o->taxes, &o->n_taxes);
	case DISCOUNTS: return take_discounts(p, v, &o->discounts, &o->n_discounts);
	case TAGS: return take_strs(p, v, &o->tags, &o->n_tags);
	}
	return false;
}

static void cancelled(struct fold *f, size_t i, int64_t at)
{
	if (at == DATE_NONE) at = when(f, i);
	f->cancelled_at = f->cancelled ? sooner_of(f->cancelled_at, at) : at;
	f->cancelled = true;
	stands(f, i);
}

// Amounts of a document count in its own currency; where that is not the order's they cannot stand beside the others.
static int digits_of(struct fold *f, size_t i)
{
	if (i == f->currency_from) return f->digits;
	struct str own = text_at(&(struct place){f, i, f->ev[i].j, 0}, f->ev[i].body, "currency");
	return own.n && !str_eq(own, f->currency) ? -1 : f->digits;
}

// A name it once went by finds it still: whoever refers to that may have been told long ago, and come late.
static void old_name(struct fold *f, struct place *p, const char *member, enum ref_kind kind, struct str now)
{
	struct str name = text_at(p, f->ev[p->i].body, member);
	if (name.n && !str_eq(name, now)) fold_also(f, kind, name);
}

static void document(struct fold *f, size_t i)
{
	struct place p = place_of(f, i, digits_of(f, i));
	f->says_cancelled = false;
	f->says_at = DATE_NONE;
	if (take_members(&p, &order_form, f->ev[i].body, f->o, &f->have_order)) stands(f, i);
	old_name(f, &p, "number", REF_NUMBER, f->o->number);
	old_name(f, &p, "external_id", REF_EXTERNAL, f->o->external_id);
	if (f->says_cancelled) cancelled(f, i, f->says_at);
	if (f->ev[i].test && !f->test_told) f->test = true;
}

static void cancellation(struct fold *f, size_t i)
{
	struct place p = place_of(f, i, -1);
	int64_t at = time_at(&p, f->ev[i].body, "at");
	if (at == DATE_NONE) at = when(f, i);
	if (first(f, FACET_CANCELLED_AT)) f->o->cancelled_at = at;
	take_reason(f, text_at(&p, f->ev[i].body, "reason"));
	cancelled(f, i, at);
}

void fold_order_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	if (ev->type == EV_ORDER_CANCELLED) cancellation(f, i);
	else if (ev->type == EV_CUSTOMER_UPDATED) {
		struct place p = place_of(f, i, -1);
		uint32_t v = json_getz(p.j, ev->body, "customer");
		if (v && take_customer(&p, v)) stands(f, i);
	} else document(f, i);
}
