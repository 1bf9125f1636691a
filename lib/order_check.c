// What must hold of an order's money and quantities, said in words with the numbers.
#include "money.h"
#include "order.h"

struct check { const struct order *o; struct buf *b; size_t n; };

static void amount(struct buf *b, int64_t minor, int digits)
{
	if (minor == MONEY_NONE) buf_cstr(b, "unknown");
	else money_text(b, minor, digits);
}

static struct buf *breach(struct check *c, const char *what, struct str id)
{
	if (c->b->n && c->b->p[c->b->n - 1] != '\n') buf_c(c->b, '\n');
	c->n++;
	buf_cstr(c->b, what);
	if (id.n) {
		buf_c(c->b, ' ');
		buf_str(c->b, id);
	}
	buf_cstr(c->b, ": ");
	return c->b;
}

// "line 7: total 9.00 is not subtotal 10.00 - discount 0.50 = 9.50"
static void money_differs(struct check *c, const char *what, struct str id, const char *name, int64_t is, const char *rule, int64_t should)
{
	struct buf *b = breach(c, what, id);
	buf_cstr(b, name);
	buf_c(b, ' ');
	amount(b, is, c->o->digits);
	buf_cstr(b, " is not ");
	buf_cstr(b, rule);
	buf_cstr(b, " = ");
	amount(b, should, c->o->digits);
}

static void too_large(struct check *c, const char *what, struct str id, const char *name)
{
	struct buf *b = breach(c, what, id);
	buf_cstr(b, name);
	buf_cstr(b, " is too large an amount to count with");
}

// A sum that stops being known where a part of it is not, or where it no longer fits.
struct sum { int64_t is; bool unknown, over; };
static void plus(struct sum *s, int64_t v)
{
	if (v == MONEY_NONE) s->unknown = true;
	else s->over |= !money_add(s->is, v, &s->is);
}
static void minus(struct sum *s, int64_t v)
{
	if (v == MONEY_NONE) s->unknown = true;
	else s->over |= !money_sub(s->is, v, &s->is);
}

static void compare(struct check *c, const char *what, struct str id, const char *name, int64_t is, const char *rule, struct sum should)
{
	if (should.over) too_large(c, what, id, name);
	else if (!should.unknown && is != MONEY_NONE && is != should.is) money_differs(c, what, id, name, is, rule, should.is);
}

static struct sum taxes_sum(const struct tax *t, size_t n)
{
	struct sum s = {0};
	for (size_t i = 0; i < n; i++) plus(&s, t[i].amount);
	return s;
}

static struct sum discounts_sum(const struct discount *d, size_t n)
{
	struct sum s = {0};
	for (size_t i = 0; i < n; i++) plus(&s, d[i].amount);
	return s;
}

static void line_money(struct check *c, const struct line *l)
{
	struct sum s = {0};
	if (l->unit_price != MONEY_NONE && l->quantity >= 0) {
		s.over = !money_mul(l->unit_price, l->quantity, &s.is);
		compare(c, "line", l->id, "subtotal", l->subtotal, "unit_price x quantity", s);
	}
	if (l->n_taxes) compare(c, "line", l->id, "tax", l->tax, "the sum of its taxes", taxes_sum(l->taxes, l->n_taxes));
	if (l->n_discounts) compare(c, "line", l->id, "discount", l->discount, "the sum of its discounts", discounts_sum(l->discounts, l->n_discounts));
	s = (struct sum){0};
	plus(&s, l->subtotal);
	minus(&s, l->discount);
	if (c->o->price_mode == 'n') plus(&s, l->tax);
	compare(c, "line", l->id, "total", l->total, c->o->price_mode == 'n' ? "subtotal - discount + tax" : "subtotal - discount", s);
}

static void units(struct check *c, const struct line *l, const char *sentence, int64_t a, const char *than, int64_t b)
{
	struct buf *to = breach(c, "line", l->id);
	buf_int(to, a);
	buf_c(to, ' ');
	buf_cstr(to, sentence);
	buf_c(to, ' ');
	buf_int(to, b);
	buf_c(to, ' ');
	buf_cstr(to, than);
}

static bool negative_units(struct check *c, const struct line *l)
{
	const struct { const char *name; int64_t n; } all[] = {
		{"quantity", l->quantity}, {"cancelled", l->cancelled}, {"allocated", l->allocated}, {"picked", l->picked},
		{"backordered", l->backordered}, {"shipped", l->shipped}, {"delivered", l->delivered}, {"lost", l->lost},
		{"returned", l->returned}, {"refunded", l->refunded}};
	bool bad = false;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].n >= 0) continue;
		struct buf *b = breach(c, "line", l->id);
		buf_cstr(b, all[i].name);
		buf_cstr(b, " is negative: ");
		buf_int(b, all[i].n);
		bad = true;
	}
	return bad;
}

// ordered = cancelled + unshipped + shipped, shipped = delivered + in transit + lost, with nothing below zero.
static void line_units(struct check *c, const struct line *l)
{
	if (c->o->credit || negative_units(c, l)) return;
	struct sum left = {.is = l->quantity}, way = {.is = l->shipped};
	minus(&left, l->cancelled);
	minus(&left, l->shipped);
	minus(&left, l->allocated);
	minus(&left, l->picked);
	minus(&left, l->backordered);
	minus(&way, l->delivered);
	minus(&way, l->lost);
	if (l->shipped > l->quantity) units(c, l, "shipped, but only", l->shipped, "ordered (T07)", l->quantity);
	else if (left.over || left.is < 0) {
		struct buf *b = breach(c, "line", l->id);
		buf_printf(b, "cancelled %lld + shipped %lld + allocated %lld + picked %lld + backordered %lld is more than %lld ordered",
			(long long)l->cancelled, (long long)l->shipped, (long long)l->allocated, (long long)l->picked,
			(long long)l->backordered, (long long)l->quantity);
	}
	if (way.over || way.is < 0) {
		struct buf *b = breach(c, "line", l->id);
		buf_printf(b, "delivered %lld + lost %lld is more than %lld shipped", (long long)l->delivered, (long long)l->lost, (long long)l->shipped);
	}
	if (l->returned > l->shipped) units(c, l, "returned, but only", l->returned, "shipped", l->shipped);
	if (l->refunded > l->quantity) units(c, l, "refunded, but only", l->refunded, "ordered", l->quantity);
}

struct parts { struct sum subtotal, discount, shipping, fees, tax; };

static struct parts parts_of(const struct order *o)
{
	struct parts p = {0};
	for (size_t i = 0; i < o->n_lines; i++) {
		plus(&p.subtotal, o->lines[i].subtotal);
		plus(&p.discount, o->lines[i].discount);
		plus(&p.tax, o->lines[i].tax);
	}
	for (size_t i = 0; i < o->n_charges; i++) {
		plus(o->charges[i].kind == 's' ? &p.shipping : &p.fees, o->charges[i].price);
		plus(&p.discount, o->charges[i].discount);
		plus(&p.tax, o->charges[i].tax);
	}
	return p;
}

static void order_money(struct check *c)
{
	const struct order *o = c->o;
	struct parts p = parts_of(o);
	struct str none = {0};
	if (o->complete) compare(c, "order", none, "subtotal", o->subtotal, "the sum of the lines' subtotals", p.subtotal);
	// Where lines carry no share of a discount or tax there is nothing to compare: the channel told it as a whole.
	if (p.discount.is) compare(c, "order", none, "discount_total", o->discount_total, "the sum of line and charge discounts", p.discount);
	if (p.tax.is) compare(c, "order", none, "tax_total", o->tax_total, "the sum of line and charge taxes", p.tax);
	else if (o->n_taxes) compare(c, "order", none, "tax_total", o->tax_total, "the sum of its taxes", taxes_sum(o->taxes, o->n_taxes));
	if (o->n_charges) {
		compare(c, "order", none, "shipping_total", o->shipping_total, "the sum of shipping prices", p.shipping);
		compare(c, "order", none, "fee_total", o->fee_total, "the sum of fees", p.fees);
	}
	struct sum s = {0};
	plus(&s, o->subtotal);
	minus(&s, o->discount_total);
	plus(&s, o->shipping_total);
	plus(&s, o->fee_total);
	if (o->price_mode == 'n') plus(&s, o->tax_total);
	compare(c, "order", none, "total", o->total, o->price_mode == 'n' ?
		"subtotal - discount_total + shipping_total + fee_total + tax_total" : "subtotal - discount_total + shipping_total + fee_total", s);
}

static void more_than(struct check *c, const struct payment *p, const char *name, int64_t a, const char *of, int64_t b)
{
	struct buf *to = breach(c, "payment", p->psp_ref);
	buf_cstr(to, name);
	buf_c(to, ' ');
	amount(to, a, p->digits);
	buf_cstr(to, " is more than ");
	buf_cstr(to, of);
	buf_c(to, ' ');
	amount(to, b, p->digits);
}

static void payments(struct check *c)
{
	const struct order *o = c->o;
	struct sum captured = {0}, refunded = {0};
	for (size_t i = 0; i < o->n_payments; i++) {
		const struct payment *p = &o->payments[i];
		if (p->refunded > p->captured) more_than(c, p, "refunded", p->refunded, "captured", p->captured);
		if (p->authorized && p->captured > p->authorized) more_than(c, p, "captured", p->captured, "authorized", p->authorized);
		if (p->currency.p && o->currency.p && !str_eq(p->currency, o->currency)) continue;
		plus(&captured, p->captured);
		plus(&refunded, p->refunded);
	}
	if (!o->n_payments) return;
	compare(c, "order", (struct str){0}, "captured", o->captured, "the sum of its payments", captured);
	if (!refunded.over && o->refunded < refunded.is)
		money_differs(c, "order", (struct str){0}, "refunded", o->refunded, "at least the sum of its payments", refunded.is);
}

size_t order_breaches(const struct order *o, struct buf *to)
{
	struct check c = {o, to, 0};
	for (size_t i = 0; i < o->n_lines; i++) {
		line_units(&c, &o->lines[i]);
		line_money(&c, &o->lines[i]);
	}
	order_money(&c);
	payments(&c);
	return c.n;
}
