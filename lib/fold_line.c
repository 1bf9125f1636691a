// The lines of an order: the newest complete list says which, every document says what of them, and amounts not given
// are computed from those that are.
#include "fold_parts.h"
#include <stdlib.h>

enum { LINE_TAXES, LINE_DISCOUNTS, FULFILLED };

static bool line_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct line_slot *s = to;
	if (code == LINE_TAXES) return take_taxes(p, v, &s->l.taxes, &s->l.n_taxes);
	if (code == LINE_DISCOUNTS) return take_discounts(p, v, &s->l.discounts, &s->l.n_discounts);
	int64_t n;
	if (!json_int(p->j, v, &n)) return false;
	if (n > 0) p->f->fulfilled_at = sooner_of(p->f->fulfilled_at, when(p->f, p->i));
	if (s->fulfilled >= 0) return false; // a newer document counted
	s->fulfilled = n;
	return true;
}

// In the order mappings write them, the id too though it is known: each is then found at the first look.
static const struct field line_fields[] = {
	FIELD("id", TEXT, struct line_slot, l.id), FIELD("sku", TEXT, struct line_slot, l.sku), FIELD("name", TEXT, struct line_slot, l.name),
	FIELD("variant", TEXT, struct line_slot, l.variant), FIELD("quantity", UNITS, struct line_slot, l.quantity),
	FIELD("unit_price", MONEY, struct line_slot, l.unit_price), FIELD("subtotal", MONEY, struct line_slot, l.subtotal),
	FIELD("discount", MONEY, struct line_slot, l.discount), FIELD_OWN("discounts", OWN, LINE_DISCOUNTS),
	FIELD("tax", MONEY, struct line_slot, l.tax), FIELD("total", MONEY, struct line_slot, l.total),
	FIELD_OWN("taxes", OWN, LINE_TAXES), FIELD("digital", FLAG, struct line_slot, l.digital),
	FIELD("gift_card", FLAG, struct line_slot, l.gift_card), FIELD_OWN("fulfilled", DEEP, FULFILLED),
	FIELD("cancelled", UNITS, struct line_slot, l.cancelled), FIELD("refunded", UNITS, struct line_slot, l.refunded),
	FIELD("returned", UNITS, struct line_slot, l.returned),
};
static const struct form line_form = FORM(line_fields, line_own);

static size_t add_line(struct fold *f, struct str id, size_t pos)
{
	size_t k = f->lines.n;
	*VEC_PUSH(f->a, &f->lines) = (struct line_slot){.fulfilled = -1, .pos = pos, .l = {.id = id, .unit_price = MONEY_NONE,
		.subtotal = MONEY_NONE, .discount = MONEY_NONE, .tax = MONEY_NONE, .total = MONEY_NONE}};
	names_add(f->a, &f->line_names, id, k);
	return k;
}

// A line without an id of its own goes by its place in the list.
static struct str line_id(struct place *p, uint32_t v, size_t n)
{
	struct str id = text_at(p, v, "id");
	return id.n ? id : str_of(arena_printf(p->f->a, "%zu", n + 1));
}

static void add_lines(struct place *p, uint32_t list, bool complete, bool *any)
{
	struct fold *f = p->f;
	size_t n = 0;
	for (uint32_t v = json_first(p->j, list); v; v = json_after(p->j, list, v), n++) {
		if (json_type(p->j, v) != JSON_OBJECT) continue;
		struct str id = line_id(p, v, n);
		size_t k = names_find(&f->line_names, id);
		if (k == NOT_THERE && f->o->complete && !complete) continue; // no longer a line of the order
		if (k == NOT_THERE) {
			k = add_line(f, id, complete ? n : SIZE_MAX);
			*any = true;
		} else if (complete && f->lines.v[k].pos == SIZE_MAX) f->lines.v[k].pos = n;
		if (take_members(p, &line_form, v, &f->lines.v[k], &f->lines.v[k].have)) *any = true;
	}
}

// Documents behind the newest complete list only fill what is missing of the lines it has.
void fold_lines(struct place *p, uint32_t list, bool complete, bool *any)
{
	struct fold *f = p->f;
	if (json_type(p->j, list) != JSON_ARRAY) return;
	bool decides = complete && !f->o->complete;
	add_lines(p, list, decides, any);
	if (!decides) return;
	f->o->complete = true;
	*any = true;
}

// Ids that are numbers go by their size: line 5 before line 10.
static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9') return false;
	return s.n > 0;
}

static int cmp_ids(struct str a, struct str b)
{
	if (a.n != b.n && all_digits(a) && all_digits(b)) return a.n < b.n ? -1 : 1;
	return str_cmp(a, b);
}

static int by_place(const void *x, const void *y)
{
	const struct line_slot *a = x, *b = y;
	return a->pos != b->pos ? (a->pos < b->pos ? -1 : 1) : cmp_ids(a->l.id, b->l.id);
}

void fold_lines_close(struct fold *f)
{
	struct order *o = f->o;
	if (f->lines.n > 1) qsort(f->lines.v, f->lines.n, sizeof *f->lines.v, by_place);
	f->line_names = (struct names){0};
	o->n_lines = f->lines.n;
	o->lines = NEW_N(f->a, struct line, o->n_lines);
	for (size_t k = 0; k < o->n_lines; k++) {
		o->lines[k] = f->lines.v[k].l;
		names_add(f->a, &f->line_names, o->lines[k].id, k);
	}
}

// --- amounts --------------------------------------------------------------------------------------------------------

static int64_t taxes_sum(struct fold *f, const struct tax *t, size_t n)
{
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		if (t[i].amount != MONEY_NONE) sum = plus(f, sum, t[i].amount);
	return sum;
}

static int64_t discounts_sum(struct fold *f, const struct discount *d, size_t n)
{
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		if (d[i].amount != MONEY_NONE) sum = plus(f, sum, d[i].amount);
	return sum;
}

// Prices are with tax where a tax row says it is included; without a word the amounts are taken as net.
static char mode_of(const struct order *o)
{
	for (size_t i = 0; i < o->n_lines; i++)
		for (size_t k = 0; k < o->lines[i].n_taxes; k++)
			if (o->lines[i].taxes[k].included) return 'g';
	for (size_t k = 0; k < o->n_taxes; k++)
		if (o->taxes[k].included) return 'g';
	return 'n';
}

static int64_t product(struct fold *f, int64_t price, int64_t quantity)
{
	int64_t v = MONEY_NONE;
	if (price != MONEY_NONE && (!money_mul(price, quantity, &v) || v == MONEY_NONE)) f->overflow = true;
	return v;
}

static void line_amounts(struct fold *f, struct line *l)
{
	bool net = f->o->price_mode == 'n';
	if (l->discount == MONEY_NONE) l->discount = discounts_sum(f, l->discounts, l->n_discounts);
	if (l->tax == MONEY_NONE) l->tax = taxes_sum(f, l->taxes, l->n_taxes);
	if (l->subtotal == MONEY_NONE) l->subtotal = product(f, l->unit_price, l->quantity);
	if (l->subtotal == MONEY_NONE && l->total != MONEY_NONE && l->unit_price == MONEY_NONE)
		l->subtotal = minus(f, plus(f, l->total, l->discount), net ? l->tax : 0);
	if (l->total == MONEY_NONE) l->total = plus(f, minus(f, l->subtotal, l->discount), net ? l->tax : 0);
	if (l->unit_price == MONEY_NONE && l->subtotal != MONEY_NONE && l->quantity > 0 && l->subtotal % l->quantity == 0)
		l->unit_price = l->subtotal / l->quantity;
}

static void charge_amounts(struct fold *f, struct charge *c)
{
	if (c->discount == MONEY_NONE) c->discount = 0;
	if (c->tax == MONEY_NONE) c->tax = taxes_sum(f, c->taxes, c->n_taxes);
}

struct totals { int64_t subtotal, discount, shipping, fees, tax; };

static struct totals totals_of(struct fold *f)
{
	const struct order *o = f->o;
	struct totals t = {0};
	for (size_t i = 0; i < o->n_lines; i++) {
		t.subtotal = plus(f, t.subtotal, o->lines[i].subtotal);
		t.discount = plus(f, t.discount, o->lines[i].discount);
		t.tax = plus(f, t.tax, o->lines[i].tax);
	}
	for (size_t i = 0; i < o->n_charges; i++) {
		const struct charge *c = &o->charges[i];
		int64_t *kind = c->kind == 's' ? &t.shipping : &t.fees;
		*kind = plus(f, *kind, c->price);
		t.discount = plus(f, t.discount, c->discount);
		t.tax = plus(f, t.tax, c->tax);
	}
	return t;
}

static void known(int64_t *to, int64_t v)
{
	if (*to == MONEY_NONE) *to = v;
}

void fold_amounts_close(struct fold *f)
{
	struct order *o = f->o;
	if (!o->price_mode) o->price_mode = mode_of(o);
	for (size_t i = 0; i < o->n_lines; i++) line_amounts(f, &o->lines[i]);
	for (size_t i = 0; i < o->n_charges; i++) charge_amounts(f, &o->charges[i]);
	if (!o->complete || f->digits < 0) return; // parts are not known: what is not given stays unknown
	struct totals t = totals_of(f);
	known(&o->subtotal, t.subtotal);
	known(&o->discount_total, t.discount);
	known(&o->shipping_total, t.shipping);
	known(&o->fee_total, t.fees);
	known(&o->tax_total, t.tax ? t.tax : taxes_sum(f, o->taxes, o->n_taxes)); // order-level rows count where lines carry none
	int64_t net = plus(f, plus(f, minus(f, o->subtotal, o->discount_total), o->shipping_total), o->fee_total);
	known(&o->total, o->price_mode == 'n' ? plus(f, net, o->tax_total) : net);
}
