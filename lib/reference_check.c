// What must hold of a reference record as a whole.
#include "country.h"
#include "reference_part.h"

enum { FAULTS = 100 };
struct checking { const struct reference *r; struct arena *a; reference_faults *faults; };

void reference_fault(reference_faults *to, struct arena *a, const char *field, const char *code, const char *message, const char *what)
{
	if (to->n < FAULTS) *VEC_PUSH(a, to) = (struct reference_fault){field, code, message, what};
}

static void fault(struct checking *x, const char *field, const char *code, const char *message, const char *what) { reference_fault(x->faults, x->a, field, code, message, what); }

static bool is_country(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z') return false;
	return s.n == 2 && country_name(s);
}

static void countries(struct checking *x, const char *field, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_country(v[i])) fault(x, field, "unknown_country", arena_printf(x->a, STR_FMT " is no country", STR_ARG(v[i])), "write two capital letters of ISO 3166-1");
}

static void areas(struct checking *x, const char *field, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!area_valid(v[i]))
			fault(x, field, "not_an_area", arena_printf(x->a, STR_FMT " is no area", STR_ARG(v[i])), "write DE, US-CA or GB BT, with ; between them in a cell");
}

static void components(struct checking *x)
{
	const struct sku_ref *s = &x->r->sku;
	for (size_t i = 0; i < s->n_components; i++) {
		if (str_eq(s->components[i].sku, s->id)) fault(x, "components", "of_itself", "names the SKU itself", "a bundle is made of others");
		for (size_t k = 0; k < i; k++)
			if (str_eq(s->components[i].sku, s->components[k].sku))
				fault(x, "components", "twice", arena_printf(x->a, "names " STR_FMT " twice", STR_ARG(s->components[i].sku)), "say how many of it, once");
	}
}

static void warehouse(struct checking *x)
{
	const struct warehouse_ref *w = &x->r->warehouse;
	if (w->country.n) countries(x, "country", &w->country, 1);
	if (w->tz.n && !zone_known(str_c(x->a, w->tz))) fault(x, "tz", "unknown_zone", "is no zone of time", "give an IANA name such as Europe/Berlin");
}

static void safety(struct checking *x)
{
	const struct safety_ref *s = &x->r->safety;
	if (s->sku.n && s->category.n) fault(x, "category", "two_subjects", "stands beside sku", "a rule is of a SKU or of a category");
	if (!s->sku.n && !s->category.n) fault(x, "sku", "missing", "is missing, and so is category", "say of what it is");
	if (s->channel.n && (!s->warehouse.n || !s->sku.n))
		fault(x, "channel", "too_general", "stands without sku and warehouse", "a rule of a channel is of one SKU in one warehouse");
}

static void stock(struct checking *x)
{
	const struct stock_ref *s = &x->r->stock;
	bool counted = x->r->kind == REF_COUNT, held = s->held != INT64_MIN;
	if (s->quantity == 0) fault(x, "quantity", "not_positive", "is 0", "leave the record out");
	if (counted && held && s->held > s->on_hand) fault(x, "held", "over_on_hand", "is over on_hand", "held units are a part of those on hand");
	if (x->r->kind == REF_SCRAP && held && s->held > s->quantity) fault(x, "held", "over_quantity", "is over quantity", "held units are a part of those that are gone");
	if (x->r->kind == REF_TRANSFER && str_eq(s->from, s->to)) fault(x, "to", "same_warehouse", "is the warehouse they left", "name the other one");
}

void reference_check(const struct reference *r, struct arena *a, reference_faults *to)
{
	struct checking x = {r, a, to};
	switch (r->kind) {
	case REF_SKU:
		countries(&x, "denied", r->sku.denied, r->sku.n_denied);
		components(&x);
		break;
	case REF_WAREHOUSE: warehouse(&x); break;
	case REF_ZONE:
		areas(&x, "include", r->zone.include, r->zone.n_include);
		areas(&x, "exclude", r->zone.exclude, r->zone.n_exclude);
		break;
	case REF_SAFETY: safety(&x); break;
	case REF_SERVICE: break;
	default: stock(&x); break;
	}
}
