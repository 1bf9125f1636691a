// The section logistics: addresses, parcels, carrier logs.
#include "view_section.h"

static bool parcel_wrong(const struct shipment *s)
{
	return s->status == SHIP_LOST || s->status == SHIP_FAILED || s->status == SHIP_RETURNING || s->progress == TRACK_EXCEPTION
		|| s->progress == TRACK_ATTEMPT_FAILED || s->progress == TRACK_RETURN_TO_SENDER;
}

// The newest scan of all parcels; the log of each is sorted by time.
static const struct track *last_scan(const struct order *o)
{
	const struct track *last = NULL;
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		for (size_t k = 0; k < s->n_events; k++)
			if (!last || s->events[k].at >= last->at) last = &s->events[k];
	}
	return last;
}

static bool say_late(struct page *p, const struct order *o, const struct shipment *s)
{
	int64_t late = shipment_late(o, s, p->now);
	if (!late) return false;
	int64_t promised = s->promised_at != DATE_NONE ? s->promised_at : o->promised_at;
	say_next(p, ", ");
	say(p, promised < p->now ? "late " : "expected late ");
	say_span(p, late);
	return true;
}

static bool brief_late(struct page *p, const struct order *o)
{
	size_t late = 0;
	int64_t most = 0;
	for (size_t i = 0; i < o->n_shipments; i++) {
		int64_t ms = shipment_late(o, &o->shipments[i], p->now);
		if (!ms) continue;
		late++;
		if (ms > most) most = ms;
	}
	if (!late) return false;
	say(p, ", %zu late ", late);
	say_span(p, most);
	return true;
}

static bool brief_exceptions(struct page *p, const struct order *o)
{
	size_t lost = 0, wrong = 0, delivered = 0;
	for (size_t i = 0; i < o->n_shipments; i++) {
		const struct shipment *s = &o->shipments[i];
		lost += s->status == SHIP_LOST;
		wrong += s->status != SHIP_LOST && parcel_wrong(s);
		delivered += s->status == SHIP_DELIVERED || s->progress == TRACK_DELIVERED;
	}
	if (delivered) say(p, ", %zu delivered", delivered);
	if (lost) say(p, ", %zu lost", lost);
	if (wrong) say(p, ", %zu with a delivery exception", wrong);
	return lost || wrong;
}

static bool brief_attention(struct page *p, const struct order *o)
{
	unsigned bits = o->attention | order_late(o, p->now);
	if (bits & 1u << ATT_LATE_TO_SHIP) {
		say(p, ", late to ship");
		if (o->ship_by != DATE_NONE && p->now > o->ship_by) {
			say(p, " ");
			say_span(p, p->now - o->ship_by);
		}
	}
	if (bits & 1u << ATT_STALLED) say(p, ", stalled");
	return bits & (1u << ATT_LATE_TO_SHIP | 1u << ATT_STALLED);
}

static void say_scan(struct page *p, const struct track *t)
{
	say_word(p, AXIS_TRACK, (int)t->code);
	say_part(p, t->message);
	say_part(p, t->location);
}

bool logistics_brief(struct page *p, const struct order *o)
{
	say_count(p, o->n_shipments, "parcel", "parcels");
	bool off = brief_late(p, o);
	off |= brief_exceptions(p, o);
	off |= brief_attention(p, o);
	if (o->channel_fulfilled) say(p, ", shipped by the channel");
	const struct track *last = last_scan(o);
	if (!last) return off;
	say(p, "; last: %s", axis_word(AXIS_TRACK, (int)last->code));
	say_part(p, last->location.n ? last->location : last->message);
	say(p, " ");
	say_at(p, last->at);
	return off;
}

static void say_line(struct page *p, struct str s)
{
	if (!s.n) return;
	say_next(p, "\n");
	say_str(p, s);
}

static void address_detail(struct page *p, const char *label, const struct address *a)
{
	if (!a->present) return;
	const struct str above[] = {a->name, a->company, a->line1, a->line2, a->line3};
	for (size_t i = 0; i < sizeof above / sizeof *above; i++) say_line(p, above[i]);
	const struct str city[] = {a->postcode, a->city, a->region.n ? a->region : a->region_code};
	const char *separator = "\n";
	for (size_t i = 0; i < sizeof city / sizeof *city; i++) {
		if (!city[i].n) continue;
		say_next(p, separator);
		say_str(p, city[i]);
		separator = " ";
	}
	say_line(p, a->country);
	say_line(p, a->phone);
	if (!p->v.n) say(p, "empty");
	page_fact(p, label, PLAIN);
}

static void parcel_contents(struct page *p, const struct order *o, const struct shipment *s)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		const struct shipment_line *l = &s->lines[i];
		say_next(p, "\n");
		say(p, "%lld x ", (long long)l->quantity);
		const struct line *of = NULL;
		for (size_t k = 0; k < o->n_lines && !of; k++)
			if (str_eq(o->lines[k].id, l->line)) of = &o->lines[k];
		say_str(p, of && of->sku.n ? of->sku : l->line);
		if (of && of->name.n) {
			say(p, "  ");
			say_str(p, of->name);
		}
	}
	if (p->v.n) page_fact(p, "contents", PLAIN);
}

static void carrier_log(struct page *p, const struct shipment *s)
{
	if (!s->n_events) return;
	say(p, "newest first");
	page_fact(p, "log", STRONG);
	p->indent += 2;
	for (size_t i = s->n_events; i-- > 0;) {
		const struct track *t = &s->events[i];
		struct str raw = t->raw_code;
		say_scan(p, t);
		if (raw.n) say(p, " (code ");
		say_str(p, raw);
		if (raw.n) say(p, ")");
		page_entry(p, t->at, t->code == TRACK_EXCEPTION || t->code == TRACK_ATTEMPT_FAILED ? ALERT : PLAIN);
	}
	p->indent -= 2;
}

static void parcel_detail(struct page *p, const struct order *o, size_t i)
{
	const struct shipment *s = &o->shipments[i];
	say(p, "%zu of %zu", i + 1, o->n_shipments);
	say_part(p, s->id);
	page_fact(p, "parcel", STRONG);
	p->indent += 2;
	say_word(p, AXIS_SHIPMENT, (int)s->status);
	bool same = str_eq(str_of(axis_word(AXIS_SHIPMENT, (int)s->status)), str_of(axis_word(AXIS_TRACK, (int)s->progress)));
	if (s->progress != TRACK_UNKNOWN && !same) say_word(p, AXIS_TRACK, (int)s->progress);
	bool late = say_late(p, o, s);
	page_fact(p, "status", late || parcel_wrong(s) ? ALERT : PLAIN);
	say_part(p, s->carrier);
	say_part(p, s->service);
	if (p->v.n) page_fact(p, "carrier", PLAIN);
	fact_str(p, "tracking", s->tracking_number);
	fact_str(p, "url", s->tracking_url);
	fact_str(p, "from", s->location);
	fact_at(p, "shipped", s->shipped_at);
	fact_at(p, "promised", s->promised_at != DATE_NONE ? s->promised_at : o->promised_at);
	fact_at(p, "eta", s->eta_at);
	fact_at(p, "delivered", s->delivered_at);
	parcel_contents(p, o, s);
	carrier_log(p, s);
	p->indent -= 2;
}

void logistics_detail(struct page *p, const struct order *o)
{
	address_detail(p, "ship to", &o->shipping);
	address_detail(p, "bill to", &o->billing);
	fact_str(p, "method", o->shipping_method);
	fact_at(p, "ship by", o->ship_by);
	fact_at(p, "promised", o->promised_at);
	for (size_t i = 0; i < o->n_shipments; i++) parcel_detail(p, o, i);
}
