// The checks on the amounts of one event.
#include "rule_checks.h"

EVENT_CHECK(money_format)
{
	for (size_t i = 0; i < w->notes.n; i++)
		if (w->notes.v[i].kind == NOTE_AMOUNT) found_note(r, w, &w->notes.v[i], to);
}

// Fees may be negative (a discount written as a fee), and then so may what is summed from them.
static bool is_fee(const struct walk *w, uint32_t inst)
{
	return w->places->v[w->inst.v[inst].place].shape == shape_charge && str_is(walk_text(w, inst, at_charge_kind), "fee");
}

EVENT_CHECK(money_range)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			int64_t v = walk_value(w, i, t->member);
			if (v != NO_VALUE && v < r->min && !is_fee(w, i)) found(r, w, i, t->member, to);
		}
}

static uint16_t currency_of(enum shape body)
{
	switch (body) {
	case shape_order: return at_order_currency;
	case shape_payment: return at_payment_currency;
	case shape_refund: return at_refund_currency;
	case shape_dispute: return at_dispute_currency;
	default: return 0;
	}
}

// An amount without a currency means nothing. A partial document may leave it to an older one: an order's must stand
// there only where the document is a whole one, with its day, lines and total.
static uint16_t without_currency(const struct walk *w)
{
	uint16_t id = w->body ? currency_of(shape_body(w->type)) : 0;
	return id && w->money.n && !walk_cell(w, w->body, id)->node ? id : 0;
}

static bool partial(const struct walk *w)
{
	if (w->type == EV_REFUND_UPDATED) return true;
	return w->type == EV_ORDER_UPDATED && !(walk_node(w, w->body, at_order_placed_at) && walk_node(w, w->body, at_order_lines) &&
		walk_node(w, w->body, at_order_total));
}

EVENT_CHECK(currency_given)
{
	uint16_t id = without_currency(w);
	if (id && !partial(w)) found(r, w, w->body, id, to);
}

EVENT_CHECK(currency_implied)
{
	uint16_t id = without_currency(w);
	if (id && partial(w)) found(r, w, w->body, id, to);
}

EVENT_CHECK(currency_known)
{
	uint16_t id = w->body ? currency_of(shape_body(w->type)) : 0;
	struct str currency = id ? walk_text(w, w->body, id) : (struct str){0};
	if (currency.p && currency_digits(currency) < 0) found(r, w, w->body, id, to);
}

// A movement of money says how much; a snapshot may give its sums instead, and a void needs none.
EVENT_CHECK(payment_amount)
{
	if (!w->body || shape_body(w->type) != shape_payment) return;
	struct str kind = walk_text(w, w->body, at_payment_kind);
	if (str_is(kind, "void") || walk_cell(w, w->body, at_payment_amount)->node) return;
	if (str_is(kind, "snapshot") && (walk_node(w, w->body, at_payment_authorized) || walk_node(w, w->body, at_payment_captured) ||
		walk_node(w, w->body, at_payment_refunded))) return;
	found(r, w, w->body, at_payment_amount, to);
}

// What a line comes to before discounts: as given, else from its parts.
static int64_t line_base(const struct walk *w, uint32_t line)
{
	int64_t base = walk_value(w, line, at_line_subtotal), unit = walk_value(w, line, at_line_unit_price), n = walk_value(w, line, at_line_quantity);
	if (base != NO_VALUE || unit == NO_VALUE || n == NO_VALUE) return base;
	return money_mul(unit, n, &base) ? base : NO_VALUE;
}

EVENT_CHECK(discount_within)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++) {
		bool line = w->places->v[t->place].shape == shape_line;
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			int64_t discount = walk_value(w, i, t->member);
			if (discount == NO_VALUE || discount <= 0) continue;
			int64_t base = line ? line_base(w, i) : walk_value(w, i, at_charge_price);
			if (base != NO_VALUE && discount > base) found(r, w, i, t->member, to);
		}
	}
}

static void tax_within(const struct rule *r, struct walk *w, uint32_t inst, enum member_id tax, enum member_id total, findings *to)
{
	int64_t t = walk_value(w, inst, tax), all = walk_value(w, inst, total);
	if (t != NO_VALUE && all != NO_VALUE && t > 0 && all >= 0 && t > all) found(r, w, inst, (int)tax, to);
}

EVENT_CHECK(net_within_gross)
{
	if (!w->body || shape_body(w->type) != shape_order) return;
	tax_within(r, w, w->body, at_order_tax_total, at_order_total, to);
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		if (w->places->v[t->place].shape == shape_line)
			for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) tax_within(r, w, i, at_line_tax, at_line_total, to);
}

EVENT_CHECK(line_tie)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			int64_t unit = walk_value(w, i, at_line_unit_price), n = walk_value(w, i, at_line_quantity), is = walk_value(w, i, at_line_subtotal), should;
			if (unit == NO_VALUE || n == NO_VALUE || is == NO_VALUE) continue;
			if (!money_mul(unit, n, &should) || should != is) found(r, w, i, t->member, to);
		}
}

// The fees of a document that gives no sum of them.
static int64_t fees(const struct walk *w)
{
	int64_t sum = walk_value(w, w->body, at_order_fee_total);
	if (sum != NO_VALUE) return sum;
	if (walk_cell(w, w->body, at_order_fee_total)->node) return NO_VALUE;
	sum = 0;
	uint32_t list = walk_node(w, w->body, at_order_charges);
	if (!list || !w->j->node[list].n) return 0;
	const struct place *p = &w->places->v[w->inst.v[w->body].place];
	for (uint32_t i = walk_first(w, p->child[at_order_charges - w->places->keys.first[shape_order]]); i; i = walk_next(w, i)) {
		int64_t price = walk_value(w, i, at_charge_price);
		if (!is_fee(w, i)) continue;
		if (price == NO_VALUE || !money_add(sum, price, &sum)) return NO_VALUE;
	}
	return sum;
}

// total = subtotal - discount_total + shipping_total + fee_total (+ tax_total where prices are net). False: a part is missing.
static bool total_should(const struct walk *w, int64_t *should)
{
	int64_t subtotal = walk_value(w, w->body, at_order_subtotal), discount = walk_value(w, w->body, at_order_discount_total);
	int64_t shipping = walk_value(w, w->body, at_order_shipping_total), tax = walk_value(w, w->body, at_order_tax_total), fee = fees(w);
	struct str mode = walk_text(w, w->body, at_order_price_mode);
	bool net = str_is(mode, "net");
	if (!mode.p || subtotal == NO_VALUE || discount == NO_VALUE || shipping == NO_VALUE || fee == NO_VALUE) return false;
	if (net && tax == NO_VALUE) return false;
	int64_t sum;
	return money_sub(subtotal, discount, &sum) && money_add(sum, shipping, &sum) && money_add(sum, fee, &sum) && (!net || money_add(sum, tax, &sum)) && (*should = sum, true);
}

// Far off: by more than the tolerance and by more than the share of the total. A cent or a rounding is the order rule's.
EVENT_CHECK(totals_near)
{
	int64_t total, should, off, limit;
	if (!w->body || shape_body(w->type) != shape_order) return;
	total = walk_value(w, w->body, at_order_total);
	if (total == NO_VALUE || !total_should(w, &should)) return;
	if (!money_sub(total, should, &off) || off == INT64_MIN) { found(r, w, w->body, at_order_total, to); return; }
	if (off < 0) off = -off;
	if (off == 0 || money_parse(r->tolerance, w->digits, &limit) != MONEY_OK || off <= limit) return;
	__extension__ typedef __int128 wide;
	wide size = total < 0 ? -(wide)total : total;
	if ((wide)off * 1000 > size * r->share) found(r, w, w->body, at_order_total, to);
}
