// Where it can go: the zones that hold the address, the warehouses that ship to them, the services that go there.
#include "check_part.h"

static bool among(const struct str *list, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], word)) return true;
	return false;
}

static struct str region_of(const struct address *s) { return s->region_code.n ? s->region_code : s->region; }

static int find_zones(struct checking *c)
{
	const struct address *s = &c->o->shipping;
	const struct zone_ref *z;
	size_t n;
	struct str by;
	if (catalog_zones(c->db, c->e, &z, &n)) return -1;
	for (size_t i = 0; i < n; i++)
		if (zone_covers(&z[i], s->country, region_of(s), s->postcode, &by)) *VEC_PUSH(c->a, &c->zones) = z[i].id;
	return 0;
}

static struct str zone_among(const struct checking *c, const struct str *zones, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (among(c->zones.v, c->zones.n, zones[i])) return zones[i];
	return (struct str){0};
}

int check_places(struct checking *c)
{
	const struct warehouse_ref *w;
	size_t n;
	if (find_zones(c) || catalog_warehouses(c->db, c->e, &w, &n)) return -1;
	for (size_t i = 0; i < n; i++) {
		struct str zone = zone_among(c, w[i].zones, w[i].n_zones);
		if (w[i].active && (!w[i].n_zones || zone.n || !c->ships)) *VEC_PUSH(c->a, &c->places) = (struct place){&w[i], zone};
	}
	return 0;
}

// The warehouses a plan takes from, all of them served by the service; where nothing is planned any will do.
static bool picks_up(const struct checking *c, const struct service_ref *s)
{
	const struct check_plan *p = &c->to->plan;
	for (size_t i = 0; s->n_warehouses && i < p->lines.n; i++)
		for (size_t k = 0; k < p->lines.v[i].at.n; k++)
			if (!among(s->warehouses, s->n_warehouses, p->lines.v[i].at.v[k].warehouse)) return false;
	return true;
}

// The one the customer chose where it is ours by name, else the first by priority.
static const struct service_ref *choose(const struct checking *c, const struct service_ref *s, size_t n, struct str *zone)
{
	const struct service_ref *first = NULL;
	for (size_t i = 0; i < n; i++) {
		struct str z = zone_among(c, s[i].zones, s[i].n_zones);
		if (!s[i].active || !z.n || !picks_up(c, &s[i])) continue;
		bool asked = c->o->shipping_method.n && (str_eq_nocase(c->o->shipping_method, s[i].id) || str_eq_nocase(c->o->shipping_method, s[i].name));
		if (!first || asked) first = &s[i], *zone = z;
		if (asked) break;
	}
	return first;
}

static const char *where(struct checking *c)
{
	const struct address *s = &c->o->shipping;
	return arena_printf(c->a, STR_FMT "%s" STR_FMT, STR_ARG(s->country), s->postcode.n ? " " : "", STR_ARG(s->postcode));
}

int check_zone(struct checking *c, struct check_result *r)
{
	const struct service_ref *s;
	size_t n;
	if (!c->ships) return r->verdict = VERDICT_NA, 0;
	if (catalog_services(c->db, c->e, &s, &n)) return -1;
	struct str zone = {0};
	const struct service_ref *chosen = choose(c, s, n, &zone);
	if (!c->o->shipping.country.n) verdict_say(c, r, VERDICT_BLOCK, "there is no country to find a zone by");
	else if (!c->zones.n) verdict_say(c, r, VERDICT_BLOCK, "no zone holds %s (oms-load zone)", where(c));
	else if (!chosen) verdict_say(c, r, VERDICT_BLOCK, n ? "no active service goes to %s from where it is taken" : "no service is loaded that could go to %s", where(c));
	if (c->zones.n && !c->places.n) verdict_say(c, r, VERDICT_BLOCK, "no active warehouse ships to %s", where(c));
	if (chosen) {
		c->to->plan.service = chosen->id;
		c->to->plan.carrier = chosen->carrier;
		c->to->plan.zone = zone;
	}
	if (!verdict_wants(c, r)) return 0;
	member_texts(&c->evidence, "zones", c->zones.v, c->zones.n);
	if (chosen) member_text(&c->evidence, "service", chosen->id);
	return 0;
}
