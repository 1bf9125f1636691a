// The checks on the amounts of a folded order.
#include "rule_checks.h"

void found_money(const struct rule *r, const struct order *o, struct arena *a, size_t index, int64_t amount, findings *to)
{
	struct buf b = {0};
	if (amount != MONEY_NONE) money_text(&b, amount, o->digits < 0 ? 0 : o->digits);
	struct str value = {b.n ? arena_copy(a, b.p, b.n) : NULL, b.n};
	buf_free(&b);
	found_order(r, a, index, value, to);
}

// A sum that stops being known where a part of it is not, or where it no longer fits.
struct sum { int64_t is; bool known; };
static void plus(struct sum *s, int64_t v) { s->known = s->known && v != MONEY_NONE && money_add(s->is, v, &s->is); }
static void minus(struct sum *s, int64_t v) { s->known = s->known && v != MONEY_NONE && money_sub(s->is, v, &s->is); }

static bool differs(int64_t is, struct sum should, int64_t by)
{
	int64_t off;
	if (is == MONEY_NONE || !should.known) return false;
	return !money_sub(is, should.is, &off) || off > by || off < -by;
}

ORDER_CHECK(totals_tie)
{
	struct sum lines = {.known = o->n_lines > 0}, total = {.known = true};
	for (size_t i = 0; i < o->n_lines; i++) plus(&lines, o->lines[i].subtotal);
	plus(&total, o->subtotal);
	minus(&total, o->discount_total);
	plus(&total, o->shipping_total);
	plus(&total, o->fee_total);
	if (o->price_mode == 'n') plus(&total, o->tax_total);
	if (differs(o->subtotal, lines, 0) || differs(o->total, total, 0)) found_money(r, o, a, 0, o->total, to);
}

// Each row was rounded on its own: that far, and no further, their sum may stray (share: thousandths of a unit a row).
static int64_t astray(const struct rule *r, size_t rows) { return (int64_t)rows * r->share / 1000; }

static struct sum rows_sum(const struct tax *t, size_t n)
{
	struct sum s = {.known = n > 0};
	for (size_t i = 0; i < n; i++) plus(&s, t[i].amount);
	return s;
}

static bool part_ties(const struct rule *r, const struct tax *t, size_t n, int64_t tax) { return !differs(tax, rows_sum(t, n), astray(r, n)); }

// Rows against the tax of their line or charge, then lines and charges (or the order's own rows) against the order's tax.
ORDER_CHECK(taxes_tie)
{
	struct sum sum = {.known = true};
	size_t rows = 0;
	bool ties = true;
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		ties &= part_ties(r, l->taxes, l->n_taxes, l->tax);
		plus(&sum, l->tax);
		rows += l->n_taxes ? l->n_taxes : 1;
	}
	for (size_t i = 0; i < o->n_charges; i++) {
		const struct charge *c = &o->charges[i];
		ties &= part_ties(r, c->taxes, c->n_taxes, c->tax);
		plus(&sum, c->tax);
		rows += c->n_taxes ? c->n_taxes : 1;
	}
	if (sum.known && sum.is) ties &= !differs(o->tax_total, sum, astray(r, rows));
	else ties &= part_ties(r, o->taxes, o->n_taxes, o->tax_total);
	if (!ties) found_money(r, o, a, 0, o->tax_total, to);
}

// Tax was charged, and nothing says on what: neither a row nor an amount on a line or charge.
ORDER_CHECK(tax_rows)
{
	if (o->tax_total == MONEY_NONE || o->tax_total <= 0 || o->n_taxes) return;
	for (size_t i = 0; i < o->n_lines; i++)
		if (o->lines[i].n_taxes || (o->lines[i].tax != MONEY_NONE && o->lines[i].tax > 0)) return;
	for (size_t i = 0; i < o->n_charges; i++)
		if (o->charges[i].n_taxes || (o->charges[i].tax != MONEY_NONE && o->charges[i].tax > 0)) return;
	found_money(r, o, a, 0, o->tax_total, to);
}

// What was taken and not given back, in the order's own currency.
ORDER_CHECK(sum_payments)
{
	int64_t kept, over, allowed;
	if (o->total == MONEY_NONE || o->total < 0 || !o->n_payments || !money_sub(o->captured, o->refunded, &kept)) return;
	if (money_parse(r->tolerance, o->digits < 0 ? 0 : o->digits, &allowed) != MONEY_OK) allowed = 0;
	if (!money_sub(kept, o->total, &over) || over > allowed) found_money(r, o, a, 0, o->captured, to);
}

ORDER_CHECK(refunds_within)
{
	if (!o->n_payments || o->refunded <= o->captured) return;
	for (size_t i = 0; i < o->n_payments; i++) // shares of a payment in another currency do not compare
		if (o->payments[i].currency.p && o->currency.p && !str_eq(o->payments[i].currency, o->currency)) return;
	found_money(r, o, a, 0, o->refunded, to);
}

// Some lines have a price and one has none: an order that has none at all is one its channel has not priced yet.
ORDER_CHECK(line_price)
{
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		if (l->unit_price == MONEY_NONE && l->subtotal == MONEY_NONE && l->total == MONEY_NONE && l->quantity > l->cancelled)
			found_order(r, a, i, l->sku.p ? l->sku : l->name, to);
	}
}
