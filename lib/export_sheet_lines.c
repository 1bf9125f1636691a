// The sections of a sheet that add up: items with their discounts and taxes, totals, taxes by jurisdiction and rate.
#include "export_sheet.h"
#include "view_section.h"

enum { COLUMNS = 7, SKU = 0, ITEM, QUANTITY, UNIT, DISCOUNT, TAX, TOTAL, SIZE = 825 };

static struct str rate_text(struct sheet *s, struct str rate)
{
	struct decimal d, percent;
	if (!rate.n || !decimal_parse(rate, &d) || !decimal_mul(d, (struct decimal){100, 0}, &percent)) return rate;
	for (; percent.scale && percent.value % 10 == 0; percent.scale--) percent.value /= 10;
	struct buf b = {0};
	decimal_text(&b, percent);
	struct str text = sheet_say(s, STR_FMT " %%", STR_ARG(buf_view(&b)));
	buf_free(&b);
	return text;
}

// --- items -------------------------------------------------------------------------------------------------------------

static int put_discounts(struct sheet *s, struct pdf_grid *g, const struct line *l)
{
	for (size_t i = 0; i < l->n_discounts; i++) {
		const struct discount *d = &l->discounts[i];
		const struct str name[] = {S("Discount"), d->code, str_eq(d->name, d->code) ? S("") : d->name};
		struct str cell[COLUMNS] = {[ITEM] = sheet_join(s, " ", name, 3), [DISCOUNT] = sheet_money(s, d->amount, s->o->digits)};
		if (grid_row(g, cell, ROW_MORE)) return -1;
	}
	return 0;
}

static int put_taxes(struct sheet *s, struct pdf_grid *g, const struct tax *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct str name[] = {t[i].name.n ? t[i].name : S("Tax"), t[i].jurisdiction, rate_text(s, t[i].rate), t[i].included ? S("(included)") : S("")};
		struct str cell[COLUMNS] = {[ITEM] = sheet_join(s, " ", name, 4), [TAX] = sheet_money(s, t[i].amount, s->o->digits)};
		if (grid_row(g, cell, ROW_MORE)) return -1;
	}
	return 0;
}

static int put_units(struct sheet *s, struct pdf_grid *g, const struct line *l)
{
	const struct { const char *word; int64_t n; } q[] = {{"cancelled", l->cancelled}, {"backordered", l->backordered}, {"shipped", l->shipped}, {"delivered", l->delivered},
		{"lost", l->lost}, {"returned", l->returned}, {"refunded", l->refunded}};
	struct str part[sizeof q / sizeof *q] = {0};
	for (size_t i = 0; i < sizeof q / sizeof *q; i++)
		if (q[i].n) part[i] = sheet_say(s, "%lld %s", (long long)q[i].n, q[i].word);
	struct str cell[COLUMNS] = {[ITEM] = sheet_join(s, ", ", part, sizeof q / sizeof *q)};
	return cell[ITEM].n ? grid_row(g, cell, ROW_MORE) : 0;
}

static int put_line(struct sheet *s, struct pdf_grid *g, const struct line *l)
{
	int digits = s->o->digits;
	const struct str name[] = {l->name.n ? l->name : l->id, l->variant};
	struct str cell[COLUMNS] = {l->sku, sheet_join(s, ", ", name, 2), sheet_say(s, "%lld", (long long)l->quantity), sheet_money(s, l->unit_price, digits),
		l->discount ? sheet_money(s, l->discount, digits) : S(""), sheet_money(s, l->tax, digits), sheet_money(s, l->total, digits)};
	if (grid_row(g, cell, ROW_PLAIN) || put_discounts(s, g, l)) return -1;
	return put_taxes(s, g, l->taxes, l->n_taxes) || put_units(s, g, l) ? -1 : 0;
}

static int put_charge(struct sheet *s, struct pdf_grid *g, const struct charge *c)
{
	int digits = s->o->digits;
	const struct str name[] = {c->kind == 's' ? S("Shipping") : S("Fee"), c->name};
	int64_t total = c->price;
	if (c->discount != MONEY_NONE && total != MONEY_NONE && !money_sub(total, c->discount, &total)) total = MONEY_NONE;
	if (s->o->price_mode == 'n' && c->tax != MONEY_NONE && total != MONEY_NONE && !money_add(total, c->tax, &total)) total = MONEY_NONE;
	struct str cell[COLUMNS] = {[ITEM] = sheet_join(s, ": ", name, 2), [UNIT] = sheet_money(s, c->price, digits), [DISCOUNT] = c->discount ? sheet_money(s, c->discount, digits) : S(""),
		[TAX] = sheet_money(s, c->tax, digits), [TOTAL] = sheet_money(s, total, digits)};
	return grid_row(g, cell, ROW_PLAIN) || put_taxes(s, g, c->taxes, c->n_taxes) ? -1 : 0;
}

int sheet_lines(struct sheet *s)
{
	const struct pdf_column columns[COLUMNS] = {PDF_WORDS("SKU", "lines.sku", 8800), PDF_WORDS("Item", "lines.name", 20728), PDF_FIGURES("Qty", NULL, 3200), PDF_FIGURES("Unit price", NULL, 5200),
		PDF_FIGURES("Discount", NULL, 4900), PDF_FIGURES("Tax", NULL, 4400), PDF_FIGURES("Total", NULL, 5100)};
	struct pdf_grid g = {.flow = &s->paper.flow, .column = columns, .n = COLUMNS, .size = SIZE};
	if (sheet_heading(s, "Items")) return -1;
	if (!s->o->n_lines && !s->o->n_charges) return flow_text(g.flow, NULL, s->o->complete ? S("none") : S("none yet: no order document was seen"), sheet_plain);
	if (grid_head(&g)) return -1;
	for (size_t i = 0; i < s->o->n_lines; i++)
		if (put_line(s, &g, &s->o->lines[i])) return -1;
	for (size_t i = 0; i < s->o->n_charges; i++)
		if (put_charge(s, &g, &s->o->charges[i])) return -1;
	return 0;
}

// --- totals ------------------------------------------------------------------------------------------------------------

static int put_total(struct sheet *s, struct pdf_grid *g, const char *label, int64_t minor, enum pdf_row kind)
{
	if (minor == MONEY_NONE) return 0;
	struct str cell[2] = {str_of(label), sheet_money(s, minor, s->o->digits)};
	return grid_row(g, cell, kind);
}

// Nothing is said of what is nothing.
static int put_some(struct sheet *s, struct pdf_grid *g, const char *label, int64_t minor)
{
	return minor ? put_total(s, g, label, minor, ROW_PLAIN) : 0;
}

static int64_t less(int64_t minor) { return minor == MONEY_NONE ? minor : -minor; }

static int put_ladder(struct sheet *s, struct pdf_grid *g)
{
	const struct order *o = s->o;
	bool net = o->price_mode == 'n';
	const char *total = str_c(&s->arena, o->currency.n ? sheet_say(s, "Total "STR_FMT, STR_ARG(o->currency)) : S("Total"));
	if (put_total(s, g, "Subtotal", o->subtotal, ROW_PLAIN) || put_some(s, g, "Discounts", less(o->discount_total)) || put_some(s, g, "Shipping", o->shipping_total)) return -1;
	if (put_some(s, g, "Fees", o->fee_total) || (net && put_some(s, g, "Tax", o->tax_total)) || put_some(s, g, "Rounding or difference", totals_difference(o))) return -1;
	if (put_total(s, g, total, o->total, ROW_STRONG) || (!net && put_some(s, g, "of which tax", o->tax_total))) return -1;
	return 0;
}

static int put_position(struct sheet *s, struct pdf_grid *g)
{
	const struct order *o = s->o;
	if (!o->n_payments && !o->n_refunds && !o->captured) return 0; // no payment came: nothing is known of a balance
	struct position due = order_position(o);
	char *label = arena_strdup(&s->arena, due.label);
	if (*label >= 'a' && *label <= 'z') *label = (char)(*label - 'a' + 'A');
	return put_total(s, g, "Paid", o->captured, ROW_PLAIN) || put_some(s, g, "Refunded", o->refunded) || put_some(s, g, "Disputed", o->disputed) || put_total(s, g, label, due.amount, ROW_STRONG) ? -1 : 0;
}

int sheet_totals(struct sheet *s)
{
	const struct pdf_column columns[] = {PDF_WORDS("", "currency", 13000), PDF_FIGURES("", NULL, 8000)};
	struct pdf_flow *f = &s->paper.flow;
	struct pdf_grid g = {.flow = f, .column = columns, .n = 2, .size = 900, .headless = true};
	int left = f->left;
	f->y += 900;
	if (flow_need(f, 11000)) return -1; // the ladder stays together
	f->left = f->right - columns[0].width - columns[1].width;
	int r = put_ladder(s, &g) || put_position(s, &g) ? -1 : 0;
	f->left = left;
	return r;
}

int sheet_taxes(struct sheet *s)
{
	const struct pdf_column columns[] = {PDF_WORDS("Tax", "taxes.name", 16328), PDF_WORDS("Jurisdiction", "taxes.jurisdiction", 16000), PDF_FIGURES("Rate", "taxes.rate", 6000), {"", NULL, 7000, false, 600}, {"Amount", NULL, 7000, true, 0}};
	struct pdf_grid g = {.flow = &s->paper.flow, .column = columns, .n = 5, .size = SIZE};
	struct tax *t;
	size_t n = order_taxes(s->o, &s->arena, &t);
	if (!n) return 0;
	if (sheet_heading(s, "Taxes") || grid_head(&g)) return -1;
	for (size_t i = 0; i < n; i++) {
		struct str cell[] = {t[i].name, t[i].jurisdiction, rate_text(s, t[i].rate), t[i].included ? S("included") : S("added"), sheet_money(s, t[i].amount, s->o->digits)};
		if (grid_row(&g, cell, ROW_PLAIN)) return -1;
	}
	return 0;
}
