// What it takes: the units of each line as SKUs of stock, whether they are known, and whether there are enough.
#include "check_part.h"

static int64_t open_units(const struct line *l)
{
	int64_t n = l->quantity - l->cancelled - l->shipped;
	return l->quantity > 0 && n > 0 ? n : 0;
}

// A bundle that names a component twice takes the sum.
static int parts_of(struct checking *c, struct want *w)
{
	const struct sku_ref *ref = w->ref;
	w->parts = NEW_N(c->a, struct component, ref->n_components + 1);
	if (!ref->n_components) w->parts[w->n_parts++] = (struct component){ref->id, 1};
	for (size_t i = 0; i < ref->n_components; i++) {
		const struct sku_ref *part = catalog_sku(c->db, c->e, ref->components[i].sku);
		if (!part && c->e->code) return -1;
		if (part && !part->stocked) continue; // a card or a service that comes with it: nothing lies anywhere
		size_t k = 0;
		while (k < w->n_parts && !str_eq(w->parts[k].sku, ref->components[i].sku)) k++;
		if (k == w->n_parts) w->parts[w->n_parts++] = ref->components[i];
		else w->parts[k].quantity += ref->components[i].quantity;
	}
	return 0;
}

// Every line has a place in the plan; those that take from stock are wants as well.
int check_wants(struct checking *c)
{
	const struct order *o = c->o;
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		struct want w = {.line = l, .units = open_units(l)};
		bool parcel = !l->digital && !l->gift_card;
		*VEC_PUSH(c->a, &c->to->plan.lines) = (struct plan_line){.line = l->id, .sku = l->sku, .quantity = l->quantity, .shipped = l->shipped > 0 ? l->shipped : 0};
		if (!w.units) continue;
		if (l->sku.n) w.ref = catalog_sku(c->db, c->e, l->sku);
		if (!w.ref && c->e->code) return -1;
		if (parcel && w.ref && w.ref->stocked && parts_of(c, &w)) return -1;
		if (!parcel || (w.ref && !w.n_parts)) {
			if (w.ref) *VEC_PUSH(c->a, &c->others) = w;
			continue;
		}
		c->ships = true;
		*VEC_PUSH(c->a, &c->wants) = w;
	}
	return 0;
}

static const char *called(struct checking *c, const struct line *l)
{
	return arena_printf(c->a, STR_FMT, STR_ARG(l->sku.n ? l->sku : l->id));
}

static int judge_parts(struct checking *c, struct check_result *r, const struct want *w)
{
	for (size_t i = 0; w->ref->n_components && i < w->n_parts; i++) {
		const struct sku_ref *part = catalog_sku(c->db, c->e, w->parts[i].sku);
		if (!part && c->e->code) return -1;
		if (!part) verdict_say(c, r, VERDICT_BLOCK, "SKU " STR_FMT ", a component of " STR_FMT ", is not known", STR_ARG(w->parts[i].sku), STR_ARG(w->ref->id));
		else if (!part->active) verdict_say(c, r, VERDICT_BLOCK, "SKU " STR_FMT ", a component of " STR_FMT ", is not active", STR_ARG(w->parts[i].sku), STR_ARG(w->ref->id));
	}
	return 0;
}

// Set anew for each check that tells of a SKU at all: as large as there are SKUs in the order.
bool check_first(struct checking *c, const struct check_result *r, struct str sku)
{
	size_t most = c->o->n_lines + c->items.n;
	if (c->told_in != r->id) {
		for (c->told_slots = 16; c->told_slots < 2 * most; c->told_slots *= 2);
		c->told = NEW_N(c->a, struct str, c->told_slots);
		c->told_in = r->id;
	}
	size_t i = (size_t)str_hash(sku) & (c->told_slots - 1);
	for (; c->told[i].p; i = (i + 1) & (c->told_slots - 1))
		if (str_eq(c->told[i], sku)) return false;
	c->told[i] = sku;
	return true;
}

static int judge_known(struct checking *c, struct check_result *r, const struct want *w)
{
	const struct sku_ref *s = w->ref;
	if (!s) verdict_say(c, r, VERDICT_BLOCK, "SKU %s is not known (oms-load sku)", called(c, w->line));
	else if (!s->active) verdict_say(c, r, VERDICT_BLOCK, "SKU %s is not active", called(c, w->line));
	else if (s->discontinued) verdict_say(c, r, VERDICT_WARN, "SKU %s is discontinued", called(c, w->line));
	return s ? judge_parts(c, r, w) : 0;
}

static int judge_sku(struct checking *c, struct check_result *r, const struct want *w)
{
	const struct sku_ref *s = w->ref;
	if (!w->line->sku.n) verdict_say(c, r, VERDICT_BLOCK, "line " STR_FMT " has no SKU", STR_ARG(w->line->id));
	else if (!s || !s->active || s->discontinued || s->n_components) {
		if (check_first(c, r, w->line->sku) && judge_known(c, r, w)) return -1;
	}
	if (s && s->max_quantity && w->units > s->max_quantity)
		verdict_say(c, r, VERDICT_BLOCK, "line " STR_FMT " has %lld of %s: at most %lld may be in one", STR_ARG(w->line->id), (long long)w->units, called(c, w->line), (long long)s->max_quantity);
	return 0;
}

int check_references(struct checking *c, struct check_result *r)
{
	for (size_t i = 0; i < c->wants.n; i++)
		if (judge_sku(c, r, &c->wants.v[i])) return -1;
	for (size_t i = 0; i < c->others.n; i++)
		if (judge_sku(c, r, &c->others.v[i])) return -1;
	if (!c->o->currency.n || currency_digits(c->o->currency) < 0) verdict_say(c, r, VERDICT_BLOCK, "its currency is missing or unknown");
	if (!verdict_wants(c, r)) return 0;
	member_open(&c->evidence, "skus", '[');
	for (size_t i = 0; i < c->wants.n; i++) {
		member_item(&c->evidence, 0);
		buf_json(&c->evidence, c->wants.v[i].line->sku);
	}
	buf_c(&c->evidence, ']');
	return 0;
}

// --- availability --------------------------------------------------------------------------------------------------------------

static int64_t sellable(const struct cell *x) { return x->available - x->waited - x->safety; }

static const char *in_places(struct checking *c, const struct item *t)
{
	struct buf b = {0};
	for (size_t k = 0; k < c->places.n && k < 6; k++) {
		buf_printf(&b, "%s" STR_FMT " %lld available", k ? "; " : "", STR_ARG(c->places.v[k].ref->id), (long long)t->cell[k].available);
		if (t->cell[k].waited) buf_printf(&b, ", %lld waited for", (long long)t->cell[k].waited);
		buf_printf(&b, ", %lld safety", (long long)t->cell[k].safety);
	}
	if (c->places.n > 6) buf_printf(&b, "; and %zu more", c->places.n - 6);
	char *s = arena_printf(c->a, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return s;
}

static void judge_item(struct checking *c, struct check_result *r, const struct item *t)
{
	if (t->lacking) { // an override lets it go below the safety stock; what is not there is not there
		r->firm = true;
		verdict_say(c, r, VERDICT_BLOCK, STR_FMT ": %lld wanted, %lld too few (%s)", STR_ARG(t->sku), (long long)t->wanted, (long long)t->lacking, in_places(c, t));
		return;
	}
	for (size_t k = 0; k < c->places.n; k++) {
		const struct cell *x = &t->cell[k];
		struct str place = c->places.v[k].ref->id;
		if (!x->taken) continue;
		if (x->available - x->waited == x->taken) verdict_say(c, r, VERDICT_WARN, "it takes the last of " STR_FMT " in " STR_FMT, STR_ARG(t->sku), STR_ARG(place));
		else if (x->available - x->waited - x->taken == x->safety) verdict_say(c, r, VERDICT_WARN, STR_FMT " in " STR_FMT " comes down to the safety stock of %lld", STR_ARG(t->sku), STR_ARG(place), (long long)x->safety);
	}
}

static void judge_want(struct checking *c, struct check_result *r, const struct want *w)
{
	struct str sku = w->line->sku;
	if (w->ref && !w->apart) return;
	if (sku.n && !check_first(c, r, sku)) return;
	if (!w->ref) verdict_say(c, r, VERDICT_ERROR, "the stock of %s cannot be judged", called(c, w->line));
	else if (c->places.n) verdict_say(c, r, VERDICT_BLOCK, "the parts of one " STR_FMT " must come from one warehouse, and are in different ones", STR_ARG(sku));
}

static void put_item(struct checking *c, const struct item *t)
{
	struct buf *b = &c->evidence;
	member_item(b, '{');
	member_text(b, "sku", t->sku);
	member_whole(b, "wanted", t->wanted);
	if (t->lacking) member_whole(b, "lacking", t->lacking);
	member_open(b, "warehouses", '[');
	for (size_t k = 0; k < c->places.n; k++) {
		member_item(b, '{');
		member_text(b, "warehouse", c->places.v[k].ref->id);
		member_whole(b, "available", t->cell[k].available);
		if (t->cell[k].waited) member_whole(b, "waited_for", t->cell[k].waited);
		member_whole(b, "safety", t->cell[k].safety);
		member_whole(b, "sellable", sellable(&t->cell[k]));
		member_whole(b, "taken", t->cell[k].taken);
		if (t->cell[k].rule.n) member_text(b, "safety_rule", t->cell[k].rule);
		buf_c(b, '}');
	}
	buf_cstr(b, "]}");
}

int check_availability(struct checking *c, struct check_result *r)
{
	if (!c->wants.n) return r->verdict = VERDICT_NA, 0;
	r->firm = !c->places.n;
	if (!c->places.n) verdict_say(c, r, VERDICT_BLOCK, "there is no warehouse to take it from");
	for (size_t i = 0; i < c->wants.n; i++) judge_want(c, r, &c->wants.v[i]);
	for (size_t i = 0; i < c->items.n && c->places.n; i++) judge_item(c, r, &c->items.v[i]);
	if (c->waits) verdict_say(c, r, VERDICT_WARN, "%lld units are confirmed without stock, as backorder", (long long)c->waits);
	if (c->below_safety) verdict_say(c, r, VERDICT_BLOCK, "it can only be taken below the safety stock");
	if (!verdict_wants(c, r)) return 0;
	member_open(&c->evidence, "stock", '[');
	for (size_t i = 0; i < c->items.n; i++) put_item(c, &c->items.v[i]);
	buf_c(&c->evidence, ']');
	return 0;
}
