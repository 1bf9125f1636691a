// The section lines, and the totals with their taxes.
#include "view_section.h"

static const struct str NONE;

// Quantities come from outside: what is left of absurd ones wraps instead of stopping the program.
static int64_t less(int64_t a, int64_t b) { return (int64_t)((uint64_t)a - (uint64_t)b); }
static int64_t line_in_transit(const struct line *l) { return less(less(l->shipped, l->delivered), l->lost); }

static int64_t line_open(const struct line *l)
{
	int64_t unshipped = less(less(l->quantity, l->cancelled), l->shipped);
	return less(less(less(unshipped, l->backordered), l->allocated), l->picked);
}

struct units { int64_t ordered, cancelled, backordered, lost, returned; };

static void count(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum)) *sum = INT64_MAX;
}

static struct units count_units(const struct order *o)
{
	struct units u = {0};
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		count(&u.ordered, l->quantity);
		count(&u.cancelled, l->cancelled);
		count(&u.backordered, l->backordered);
		count(&u.lost, l->lost);
		count(&u.returned, l->returned);
	}
	return u;
}

static void say_units(struct page *p, const char *word, int64_t n)
{
	if (n) say(p, ", %lld %s", (long long)n, word);
}

bool lines_brief(struct page *p, const struct order *o)
{
	struct units u = count_units(o);
	if (!o->n_lines) {
		say(p, o->complete ? "none" : "none yet: no order document was seen");
		return !o->complete;
	}
	say_count(p, o->n_lines, "line", "lines");
	say(p, ", %lld %s", (long long)u.ordered, u.ordered == 1 ? "unit" : "units");
	say_units(p, "backordered", u.backordered);
	say_units(p, "lost", u.lost);
	say_units(p, "cancelled", u.cancelled);
	say_units(p, "returned", u.returned);
	return u.backordered || u.lost;
}

// Discounts and taxes that a line's rows do not name, so that what stands below it always adds up.
static int64_t rest_of_discounts(const struct line *l)
{
	int64_t rest = l->discount == MONEY_NONE ? 0 : l->discount;
	for (size_t i = 0; i < l->n_discounts; i++)
		if (!money_sub(rest, l->discounts[i].amount, &rest)) return 0;
	return rest;
}

static int64_t rest_of_taxes(int64_t tax, const struct tax *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!money_sub(tax, t[i].amount, &tax)) return 0;
	return tax;
}

static void discount_row(struct page *p, size_t indent, const struct discount *d, int digits)
{
	say(p, "discount");
	if (d->code.n) say(p, " ");
	say_str(p, d->code);
	if (d->name.n && !str_eq(d->name, d->code)) {
		say(p, " ");
		say_str(p, d->name);
	}
	int64_t off = d->amount == MONEY_NONE ? MONEY_NONE : -d->amount;
	page_row(p, indent, PLAIN, NONE, NONE, page_money(p, off, digits));
}

static void line_discounts(struct page *p, const struct line *l, int digits)
{
	for (size_t i = 0; i < l->n_discounts; i++) discount_row(p, 4, &l->discounts[i], digits);
	int64_t rest = rest_of_discounts(l);
	if (rest) discount_row(p, 4, &(struct discount){.name = l->n_discounts ? S("not itemized") : NONE, .amount = rest}, digits);
}

static void tax_rows(struct page *p, const struct tax *t, size_t n, int64_t tax, const struct order *o)
{
	for (size_t i = 0; i < n; i++) tax_row(p, 4, &t[i], o->digits);
	int64_t rest = tax == MONEY_NONE ? 0 : rest_of_taxes(tax, t, n);
	if (rest) tax_row(p, 4, &(struct tax){.name = n ? S("not itemized") : NONE, .amount = rest, .included = o->price_mode != 'n'}, o->digits);
}

static void quantities_row(struct page *p, const struct line *l)
{
	const struct { const char *word; int64_t n; } q[] = {
		{"cancelled", l->cancelled}, {"backordered", l->backordered}, {"allocated", l->allocated}, {"picked", l->picked},
		{"in transit", line_in_transit(l)}, {"delivered", l->delivered}, {"lost", l->lost},
		{"returned", l->returned}, {"refunded", l->refunded},
		{"open", line_open(l)},
	};
	if (!(l->cancelled | l->allocated | l->picked | l->backordered | l->shipped | l->returned | l->refunded)) return;
	say(p, "units:");
	const char *separator = " ";
	for (size_t i = 0; i < sizeof q / sizeof *q; i++) {
		if (!q[i].n) continue;
		say(p, "%s%lld %s", separator, (long long)q[i].n, q[i].word);
		separator = ", ";
	}
	page_row(p, 4, l->backordered || l->lost ? ALERT : PLAIN, NONE, NONE, NONE);
}

static void stock_row(struct page *p, const struct line *l, const struct order *o)
{
	bool any = false;
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		if (!str_eq(r->line, l->id) || !(r->allocated | r->backordered)) continue;
		say(p, any ? ", " : "stock: ");
		if (r->allocated) say(p, "%lld ", (long long)r->allocated);
		if (r->allocated && !str_eq(r->sku, l->sku)) say_str(p, r->sku), say(p, " ");
		if (r->allocated) say(p, "allocated in ");
		if (r->allocated && r->backordered) say_str(p, r->warehouse), say(p, ", ");
		if (r->backordered) say(p, "%lld expected in ", (long long)r->backordered);
		say_str(p, r->warehouse);
		any = true;
	}
	if (any) page_row(p, 4, PLAIN, NONE, NONE, NONE);
}

// Then it is the line's own id that commands ask for.
static bool sku_is_shared(const struct line *l, const struct order *o)
{
	enum { COMPARED = 500 }; // beyond that every line is told by its id
	size_t n = 0;
	if (o->n_lines > COMPARED) return true;
	for (size_t i = 0; i < o->n_lines; i++) n += str_eq(o->lines[i].sku, l->sku);
	return n > 1;
}

static void line_rows(struct page *p, const struct line *l, const struct order *o)
{
	say_str(p, l->sku.n ? l->sku : l->id);
	if (l->name.n) say(p, "  ");
	say_str(p, l->name);
	say_part(p, l->variant);
	if (l->sku.n && sku_is_shared(l, o)) say(p, ", line "), say_str(p, l->id);
	if (l->digital) say_part(p, S("digital"));
	if (l->gift_card) say_part(p, S("gift card"));
	page_row(p, 0, PLAIN, page_int(p, l->quantity), page_money(p, l->unit_price, o->digits), page_money(p, l->subtotal, o->digits));
	line_discounts(p, l, o->digits);
	tax_rows(p, l->taxes, l->n_taxes, l->tax, o);
	if (l->total != l->subtotal && l->total != MONEY_NONE) {
		say(p, "line total");
		page_row(p, 4, PLAIN, NONE, NONE, page_money(p, l->total, o->digits));
	}
	quantities_row(p, l);
	stock_row(p, l, o);
}

static void charge_rows(struct page *p, const struct charge *c, const struct order *o)
{
	say(p, c->kind == 's' ? "shipping" : "fee");
	if (c->name.n) say(p, "  ");
	say_str(p, c->name);
	page_row(p, 0, PLAIN, NONE, NONE, page_money(p, c->price, o->digits));
	if (c->discount) discount_row(p, 4, &(struct discount){.amount = c->discount}, o->digits);
	tax_rows(p, c->taxes, c->n_taxes, c->tax, o);
}

void lines_detail(struct page *p, const struct order *o)
{
	say(p, "item");
	if (o->currency.n) say(p, ", amounts in ");
	say_str(p, o->currency);
	say(p, o->price_mode == 'n' ? " without tax" : " with tax");
	page_row(p, 0, STRONG, S("QTY"), S("UNIT"), S("AMOUNT"));
	for (size_t i = 0; i < o->n_lines; i++) line_rows(p, &o->lines[i], o);
	for (size_t i = 0; i < o->n_charges; i++) charge_rows(p, &o->charges[i], o);
	page_rows(p, 0);
}

// One row a jurisdiction, name, rate and kind, in the order they first occur.
typedef VEC(struct tax) tax_sums;

static bool same_rate(struct str a, struct str b)
{
	struct decimal x, y;
	if (str_eq(a, b)) return true;
	return decimal_parse(a, &x) && decimal_parse(b, &y) && decimal_cmp(x, y) == 0;
}

static bool same_tax(const struct tax *a, const struct tax *b)
{
	return a->included == b->included && str_eq(a->jurisdiction, b->jurisdiction) && str_eq(a->name, b->name) && same_rate(a->rate, b->rate);
}

static void add_taxes(struct arena *a, tax_sums *sums, const struct tax *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < sums->n && !same_tax(&sums->v[k], &t[i])) k++;
		if (k == sums->n) *VEC_PUSH(a, sums) = t[i];
		else if (!money_add(sums->v[k].amount, t[i].amount, &sums->v[k].amount)) *VEC_PUSH(a, sums) = t[i];
	}
}

static tax_sums sum_taxes(struct arena *a, const struct order *o)
{
	tax_sums sums = {0};
	for (size_t i = 0; i < o->n_lines; i++) add_taxes(a, &sums, o->lines[i].taxes, o->lines[i].n_taxes);
	for (size_t i = 0; i < o->n_charges; i++) add_taxes(a, &sums, o->charges[i].taxes, o->charges[i].n_taxes);
	if (!sums.n) add_taxes(a, &sums, o->taxes, o->n_taxes);
	return sums;
}

static void totals_taxes(struct page *p, const struct order *o, bool included)
{
	tax_sums sums = sum_taxes(&p->arena, o);
	for (size_t i = 0; i < sums.n; i++)
		if (sums.v[i].included == included) tax_row(p, 0, &sums.v[i], o->digits);
	int64_t rest = o->tax_total == MONEY_NONE ? 0 : rest_of_taxes(o->tax_total, sums.v, sums.n);
	if (rest && included == (o->price_mode != 'n'))
		tax_row(p, 0, &(struct tax){.name = sums.n ? S("not itemized") : NONE, .amount = rest, .included = included}, o->digits);
}

void totals_rows(struct page *p, const struct order *o)
{
	money_row(p, "subtotal", o->subtotal, o->digits, PLAIN);
	if (o->discount_total && o->discount_total != MONEY_NONE) money_row(p, "discounts", -o->discount_total, o->digits, PLAIN);
	if (o->shipping_total && o->shipping_total != MONEY_NONE) money_row(p, "shipping", o->shipping_total, o->digits, PLAIN);
	if (o->fee_total && o->fee_total != MONEY_NONE) money_row(p, "fees", o->fee_total, o->digits, PLAIN);
	totals_taxes(p, o, false);
	int64_t difference = totals_difference(o);
	if (difference) money_row(p, "rounding or difference", difference, o->digits, ALERT);
	money_row(p, "total", o->total, o->digits, STRONG);
	totals_taxes(p, o, true);
}

size_t order_taxes(const struct order *o, struct arena *a, struct tax **to)
{
	tax_sums sums = sum_taxes(a, o);
	int64_t rest = o->tax_total == MONEY_NONE ? 0 : rest_of_taxes(o->tax_total, sums.v, sums.n);
	if (rest) *VEC_PUSH(a, &sums) = (struct tax){.name = sums.n ? S("not itemized") : NONE, .amount = rest, .included = o->price_mode != 'n'};
	return *to = sums.v, sums.n;
}
