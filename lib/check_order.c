// What the order itself says: its state, address, country, holds, payment and amounts.
#include "check_part.h"
#include "country.h"

static int64_t open_units(const struct line *l)
{
	int64_t n = l->quantity - l->cancelled - l->shipped;
	return n > 0 ? n : 0;
}

static const char *shown(struct checking *c, int64_t minor)
{
	struct buf b = {0};
	money_text(&b, minor, c->o->digits);
	char *s = arena_printf(c->a, STR_FMT " " STR_FMT, STR_ARG(c->o->currency), STR_ARG(buf_view(&b)));
	buf_free(&b);
	return s;
}

int check_state(struct checking *c, struct check_result *r)
{
	const struct order *o = c->o;
	int64_t open = 0;
	for (size_t i = 0; i < o->n_lines; i++)
		if (__builtin_add_overflow(open, open_units(&o->lines[i]), &open)) open = INT64_MAX;
	bool by_channel = o->status == ORDER_CONFIRMED && o->confirmed_at == DATE_NONE; // it calls it so, or has shipped of it: none of our stock is taken
	if (o->status != ORDER_NEW && !by_channel) verdict_say(c, r, VERDICT_BLOCK, "it is %s, and only a new order is confirmed", axis_word(AXIS_STATUS, (int)o->status));
	else if (!o->complete) verdict_say(c, r, VERDICT_BLOCK, "no document with its lines has come yet");
	else if (!open) verdict_say(c, r, VERDICT_BLOCK, "no unit of it is left to ship");
	if (o->attention >> ATT_TEST & 1) verdict_say(c, r, VERDICT_BLOCK, "it is a test");
	if (o->credit) verdict_say(c, r, VERDICT_BLOCK, "it is a credit note");
	if (o->channel_fulfilled) verdict_say(c, r, VERDICT_BLOCK, "the channel ships it from its own warehouse");
	if (!verdict_wants(c, r)) return 0;
	member_word(&c->evidence, "status", axis_word(AXIS_STATUS, (int)o->status));
	member_whole(&c->evidence, "open_units", open);
	return 0;
}

static bool like_box(struct checking *c, struct str line)
{
	const struct conf *boxes = conf_get(c->params, "boxes");
	struct str low = line.n ? str_lower(c->a, line) : (struct str){0};
	for (size_t i = 0; low.n && i < conf_size(boxes); i++) {
		struct str box = str_of(conf_text(conf_item(boxes, i)));
		if (box.n && box.n <= low.n && memmem(low.p, low.n, box.p, box.n)) return true;
	}
	return false;
}

int check_address(struct checking *c, struct check_result *r)
{
	const struct address *s = &c->o->shipping;
	if (!c->ships) return r->verdict = VERDICT_NA, 0;
	if (!s->present) {
		verdict_say(c, r, VERDICT_BLOCK, "there is no address to ship to");
		return 0;
	}
	if (!s->name.n && !s->company.n) verdict_say(c, r, VERDICT_BLOCK, "the address has no name");
	if (!s->line1.n) verdict_say(c, r, VERDICT_BLOCK, "the address has no street");
	if (!s->country.n || !country_name(s->country)) verdict_say(c, r, VERDICT_BLOCK, "the country is missing or unknown");
	else if (!s->postcode.n && country_has_postcodes(s->country)) verdict_say(c, r, VERDICT_BLOCK, "the postcode is missing, and %s has them", country_name(s->country));
	if (like_box(c, s->line1) || like_box(c, s->line2)) verdict_say(c, r, VERDICT_WARN, "it is a box, which parcel carriers may not serve");
	if (!verdict_wants(c, r)) return 0;
	member_text(&c->evidence, "country", s->country);
	member_text(&c->evidence, "postcode", s->postcode);
	member_text(&c->evidence, "city", s->city);
	return 0;
}

static bool names(const struct conf *list, struct str word)
{
	for (size_t i = 0; i < conf_size(list); i++)
		if (str_eq_nocase(str_of(conf_text(conf_item(list, i))), word)) return true;
	return false;
}

static void judge_denied(struct checking *c, struct check_result *r, const struct sku_ref *s, struct str to)
{
	for (size_t k = 0; s && k < s->n_denied; k++)
		if (str_eq_nocase(s->denied[k], to) && check_first(c, r, s->id)) verdict_say(c, r, VERDICT_BLOCK, STR_FMT " may not go to " STR_FMT, STR_ARG(s->id), STR_ARG(to));
}

// A bundle goes nowhere that one of its components may not go.
static int judge_goods(struct checking *c, struct check_result *r, struct str to)
{
	for (size_t i = 0; i < c->others.n; i++) judge_denied(c, r, c->others.v[i].ref, to);
	for (size_t i = 0; i < c->wants.n; i++) {
		const struct want *w = &c->wants.v[i];
		judge_denied(c, r, w->ref, to);
		for (size_t k = 0; w->ref && w->ref->n_components && k < w->n_parts; k++) {
			const struct sku_ref *part = catalog_sku(c->db, c->e, w->parts[k].sku);
			if (!part && c->e->code) return -1;
			judge_denied(c, r, part, to);
		}
	}
	return 0;
}

int check_location(struct checking *c, struct check_result *r)
{
	struct str to = c->o->shipping.country, billing = c->o->billing.country;
	if (to.n && judge_goods(c, r, to)) return -1;
	if (!c->ships) {
		if (r->verdict == VERDICT_PASS) r->verdict = VERDICT_NA;
		return 0;
	}
	if (!to.n) {
		verdict_say(c, r, VERDICT_ERROR, "there is no country to judge");
		return 0;
	}
	if (names(conf_get(c->params, "forbidden"), to)) verdict_say(c, r, VERDICT_BLOCK, "nothing is shipped to %s", country_name(to) ? country_name(to) : "that country");
	if (billing.n && !str_eq_nocase(billing, to)) verdict_say(c, r, VERDICT_WARN, "it is billed to " STR_FMT " and shipped to " STR_FMT, STR_ARG(billing), STR_ARG(to));
	if (!verdict_wants(c, r)) return 0;
	member_text(&c->evidence, "ship_to", to);
	member_text(&c->evidence, "bill_to", billing);
	return 0;
}

static bool blocks(const struct hold *h, const char *action)
{
	for (size_t i = 0; i < h->n_blocks; i++)
		if (str_is(h->blocks[i], action)) return true;
	return false;
}

int check_holds(struct checking *c, struct check_result *r)
{
	const struct order *o = c->o;
	for (size_t i = 0; i < o->n_holds; i++) {
		const struct hold *h = &o->holds[i];
		if (h->status != HOLD_OPEN || (h->until_at != DATE_NONE && h->until_at < c->opt->now)) continue;
		if (blocks(h, "confirm")) verdict_say(c, r, VERDICT_BLOCK, "hold " STR_FMT " (" STR_FMT ") is open: " STR_FMT, STR_ARG(h->id), STR_ARG(h->type), STR_ARG(h->reason));
		else if (blocks(h, "ship") || blocks(h, "release")) verdict_say(c, r, VERDICT_WARN, "hold " STR_FMT " (" STR_FMT ") will keep it from being shipped", STR_ARG(h->id), STR_ARG(h->type));
	}
	if (!verdict_wants(c, r)) return 0;
	member_open(&c->evidence, "open", '[');
	for (size_t i = 0; i < o->n_holds; i++) {
		const struct hold *h = &o->holds[i];
		if (h->status != HOLD_OPEN) continue;
		member_item(&c->evidence, '{');
		member_text(&c->evidence, "id", h->id);
		member_text(&c->evidence, "type", h->type);
		member_text(&c->evidence, "owner", h->owner);
		member_texts(&c->evidence, "blocks", h->blocks, h->n_blocks);
		buf_c(&c->evidence, '}');
	}
	buf_c(&c->evidence, ']');
	return 0;
}

// --- payment -------------------------------------------------------------------------------------------------------------------

// What was given back in part is no longer owed, so it counts neither here nor in the total.
static int64_t covered_by(const struct payment *p)
{
	bool dead = p->status == PAY_VOIDED || p->status == PAY_FAILED || p->status == PAY_EXPIRED || p->status == PAY_PENDING || p->status == PAY_UNPAID;
	int64_t have = dead || p->authorized < p->captured ? p->captured : p->authorized;
	return have == MONEY_NONE ? 0 : have;
}

static int64_t covered(const struct order *o)
{
	int64_t sum = 0;
	for (size_t i = 0; i < o->n_payments; i++) {
		const struct payment *p = &o->payments[i];
		if (p->currency.n && o->currency.n && !str_eq(p->currency, o->currency)) continue;
		if (__builtin_add_overflow(sum, covered_by(p), &sum)) return 0;
	}
	if (!o->n_payments && (o->payment_status == PAY_CAPTURED || o->payment_status == PAY_OVER_CAPTURED || o->payment_status == PAY_AUTHORIZED)) return o->total; // as the channel told
	return sum;
}

static bool on_terms(struct checking *c)
{
	const struct conf *methods = conf_get(c->params, "terms_methods");
	if (names(conf_get(c->params, "terms_segments"), c->o->customer.segment)) return true;
	for (size_t i = 0; i < c->o->n_payments; i++)
		if (names(methods, c->o->payments[i].method) || names(methods, c->o->payments[i].gateway)) return true;
	return false;
}

int check_payment(struct checking *c, struct check_result *r)
{
	const struct order *o = c->o;
	if (o->total == MONEY_NONE) {
		verdict_say(c, r, VERDICT_ERROR, "its total is not known");
		return 0;
	}
	int64_t have = covered(o);
	bool terms = have < o->total && on_terms(c);
	if (have < o->total && !terms)
		verdict_say(c, r, VERDICT_BLOCK, "%s of %s is captured or authorized", shown(c, have > 0 ? have : 0), shown(c, o->total));
	if (o->payment_status == PAY_REFUNDED) verdict_say(c, r, VERDICT_BLOCK, "all of it was refunded");
	for (size_t i = 0; i < o->n_disputes; i++)
		if (dispute_blocks(o->disputes[i].status)) verdict_say(c, r, VERDICT_BLOCK, "dispute " STR_FMT " is %s", STR_ARG(o->disputes[i].id), axis_word(AXIS_DISPUTE, (int)o->disputes[i].status));
	if (!verdict_wants(c, r)) return 0;
	member_word(&c->evidence, "payment_status", axis_word(AXIS_PAYMENT, (int)o->payment_status));
	member_money(&c->evidence, "covered", have, o->digits);
	member_money(&c->evidence, "total", o->total, o->digits);
	member_text(&c->evidence, "currency", o->currency);
	if (terms) member_flag(&c->evidence, "on_terms", true);
	return 0;
}

int check_money(struct checking *c, struct check_result *r)
{
	struct buf b = {0};
	if (order_breaches(c->o, &b)) {
		struct str first = buf_view(&b);
		const char *end = memchr(first.p, '\n', first.n);
		if (end) first = str_cut(first, 0, (size_t)(end - first.p));
		verdict_say(c, r, VERDICT_BLOCK, "its amounts do not tie out: " STR_FMT, STR_ARG(first));
	}
	buf_free(&b);
	if (!verdict_wants(c, r)) return 0;
	member_money(&c->evidence, "total", c->o->total, c->o->digits);
	return 0;
}
