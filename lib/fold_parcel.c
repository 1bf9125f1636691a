// Shipments and their scans: merged by id, scans attached by shipment or number, progress by rank and never by the last scan.
#include "fold_parts.h"
#include <stdlib.h>

enum { NUMBERS, PARCEL_LINES, SHIPMENT_STATE, ETA };

static const struct field parcel_line_fields[] = {
	FIELD("line", TEXT, struct shipment_line, line), FIELD("quantity", UNITS, struct shipment_line, quantity),
};
static const struct form parcel_line_form = FORM(parcel_line_fields, NULL);

static bool parcel_lines(struct place *p, struct shipment *s, uint32_t v)
{
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	s->lines = NEW_N(p->f->a, struct shipment_line, p->j->node[v].n);
	s->n_lines = 0;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) {
		uint64_t have = 0;
		take_members(p, &parcel_line_form, m, &s->lines[s->n_lines++], &have);
	}
	return true;
}

static bool has_number(const struct parcel *x, struct str number)
{
	for (size_t k = 0; k < x->numbers.n; k++)
		if (str_eq(x->numbers.v[k], number)) return true;
	return false;
}

static bool add_number(struct fold *f, struct parcel *x, struct str number)
{
	number = ref_normal(f->a, REF_TRACKING, number);
	if (!number.n || has_number(x, number)) return false;
	*VEC_PUSH(f->a, &x->numbers) = number;
	return true;
}

static bool parcel_numbers(struct place *p, struct parcel *x, uint32_t v)
{
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) add_number(p->f, x, json_str(p->j, m, p->f->a));
	return true;
}

static bool parcel_state(struct place *p, struct parcel *x, uint32_t v)
{
	struct str s = json_str(p->j, v, p->f->a);
	int word = s.n ? axis_value(AXIS_SHIPMENT, s) : -1;
	if (word < 0) return false;
	if (shipment_left((enum shipment_status)word)) x->told_at = sooner_of(x->told_at, when(p->f, p->i));
	if (x->told) return false;
	x->told = true;
	x->told_from = p->i;
	x->s.status = (enum shipment_status)word;
	return true;
}

// The newest estimate stands, whether a shipment or a scan brought it.
static bool parcel_eta(struct place *p, struct parcel *x, uint32_t v)
{
	int64_t at = event_time(json_str(p->j, v, p->f->a));
	if (at == DATE_NONE || (x->s.eta_at != DATE_NONE && x->eta_from >= p->i)) return false;
	x->s.eta_at = at;
	x->eta_from = p->i;
	return true;
}

static bool parcel_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct parcel *x = to;
	switch (code) {
	case NUMBERS: return parcel_numbers(p, x, v);
	case PARCEL_LINES: return parcel_lines(p, &x->s, v);
	case SHIPMENT_STATE: return parcel_state(p, x, v);
	case ETA: return parcel_eta(p, x, v);
	}
	return false;
}

static const struct field parcel_fields[] = {
	FIELD_OWN("status", DEEP, SHIPMENT_STATE), FIELD("carrier", TEXT, struct parcel, s.carrier),
	FIELD("service", TEXT, struct parcel, s.service), FIELD_OWN("tracking_numbers", OWN, NUMBERS),
	FIELD("tracking_url", TEXT, struct parcel, s.tracking_url), FIELD("location", TEXT, struct parcel, s.location),
	FIELD("shipped_at", TIME, struct parcel, s.shipped_at), FIELD("delivered_at", TIME, struct parcel, s.delivered_at),
	FIELD("promised_at", TIME, struct parcel, s.promised_at), FIELD_OWN("eta_at", DEEP, ETA),
	FIELD_OWN("lines", OWN, PARCEL_LINES),
};
static const struct form parcel_form = FORM(parcel_fields, parcel_own);

static size_t add_parcel(struct fold *f, struct str id)
{
	size_t k = f->parcels.n;
	*VEC_PUSH(f->a, &f->parcels) = (struct parcel){.told_at = DATE_NONE, .s = {.id = id, .shipped_at = DATE_NONE, .delivered_at = DATE_NONE,
		.promised_at = DATE_NONE, .eta_at = DATE_NONE, .last_event_at = DATE_NONE}};
	names_add(f->a, &f->parcel_names, id, k);
	return k;
}

// Numbers it no longer has: their scans still belong here.
static void old_numbers(struct place *p, const struct parcel *x)
{
	uint32_t list = json_getz(p->j, p->f->ev[p->i].body, "tracking_numbers");
	if (!list || json_type(p->j, list) != JSON_ARRAY) return;
	for (uint32_t m = json_first(p->j, list); m; m = json_after(p->j, list, m)) {
		struct str number = ref_normal(p->f->a, REF_TRACKING, json_str(p->j, m, p->f->a));
		if (number.n && !has_number(x, number)) fold_also(p->f, REF_TRACKING, number);
	}
}

void fold_shipment_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, -1);
	struct str id = text_at(&p, ev->body, "id");
	size_t k = names_find(&f->parcel_names, id.n ? id : ev->id);
	if (k == NOT_THERE) {
		k = add_parcel(f, id.n ? id : ev->id);
		stands(f, i);
	}
	bool first = !f->parcels.v[k].have;
	if (take_members(&p, &parcel_form, ev->body, &f->parcels.v[k], &f->parcels.v[k].have)) stands(f, i);
	if (!first) old_numbers(&p, &f->parcels.v[k]);
}

// --- scans ----------------------------------------------------------------------------------------------------------

struct scan { struct track track; struct str number, carrier, shipment; };

static const struct field scan_fields[] = {
	FIELD("tracking_number", TEXT, struct scan, number), FIELD("carrier", TEXT, struct scan, carrier),
	FIELD_WORD("code", AXIS_TRACK, struct scan, track.code), FIELD("raw_code", TEXT, struct scan, track.raw_code),
	FIELD("message", TEXT, struct scan, track.message), FIELD("location", TEXT, struct scan, track.location),
	FIELD("at", TIME, struct scan, track.at), FIELD("shipment", TEXT, struct scan, shipment),
};
static const struct form scan_form = FORM(scan_fields, NULL);

// Of two shipments with the same number it is always the same one: that with the lower id.
static void index_numbers(struct fold *f)
{
	for (size_t k = 0; k < f->parcels.n; k++) {
		const struct parcel *x = &f->parcels.v[k];
		for (size_t n = 0; n < x->numbers.n && !x->merged; n++) {
			size_t other = names_find(&f->number_names, x->numbers.v[n]);
			if (other == NOT_THERE || str_cmp(x->s.id, f->parcels.v[other].s.id) < 0) names_set(f->a, &f->number_names, x->numbers.v[n], k);
		}
	}
}

static size_t parcel_of(struct fold *f, const struct scan *s, struct str number, struct str event_id)
{
	size_t k = names_find(&f->parcel_names, s->shipment);
	if (k == NOT_THERE) k = names_find(&f->number_names, number);
	if (k == NOT_THERE) k = names_find(&f->parcel_names, number);
	if (k != NOT_THERE) return k;
	k = add_parcel(f, s->shipment.n ? s->shipment : number.n ? number : event_id);
	if (number.n) names_set(f->a, &f->number_names, number, k);
	return k;
}

static bool same_scan(const struct track *a, const struct track *b)
{
	return a->at == b->at && a->code == b->code && str_eq(a->raw_code, b->raw_code) && str_eq(a->location, b->location);
}

static void add_scan(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, -1);
	struct scan s = {.track.at = DATE_NONE};
	uint64_t have = 0;
	take_members(&p, &scan_form, ev->body, &s, &have);
	if (s.track.at == DATE_NONE) s.track.at = when(f, i);
	struct str number = ref_normal(f->a, REF_TRACKING, s.number);
	size_t k = parcel_of(f, &s, number, ev->id);
	struct parcel *x = &f->parcels.v[k];
	if (!x->numbers.n) add_number(f, x, number);
	if (!x->s.carrier.p) x->s.carrier = s.carrier;
	uint32_t eta = json_getz(p.j, ev->body, "eta_at");
	if (eta && parcel_eta(&p, x, eta)) stands(f, i);
	*VEC_PUSH(f->a, &x->scans) = (struct seen_scan){s.track, i};
}

static int cmp_scans(const struct seen_scan *a, const struct seen_scan *b)
{
	int ra = track_rank(a->track.code), rb = track_rank(b->track.code), c;
	if (a->track.at != b->track.at) return a->track.at < b->track.at ? -1 : 1;
	if (ra != rb) return ra < rb ? -1 : 1;
	if ((c = str_cmp(a->track.raw_code, b->track.raw_code))) return c;
	if (a->track.code != b->track.code) return a->track.code < b->track.code ? -1 : 1;
	return str_cmp(a->track.location, b->track.location);
}

static int by_time_and_rank(const void *x, const void *y)
{
	const struct seen_scan *a = x, *b = y;
	int c = cmp_scans(a, b);
	return c ? c : (a->i > b->i) - (a->i < b->i);
}

// The same scan told twice (a webhook, and a look at the tracker) is one; the later telling stands.
static void sort_scans(struct fold *f, struct parcel *x)
{
	struct shipment *s = &x->s;
	if (x->scans.n > 1) qsort(x->scans.v, x->scans.n, sizeof *x->scans.v, by_time_and_rank);
	s->events = NEW_N(f->a, struct track, x->scans.n);
	for (size_t k = 0; k < x->scans.n; k++) {
		if (k + 1 < x->scans.n && same_scan(&x->scans.v[k].track, &x->scans.v[k + 1].track)) continue;
		s->events[s->n_events++] = x->scans.v[k].track;
		stands(f, x->scans.v[k].i);
	}
}

// --- progress -------------------------------------------------------------------------------------------------------

static size_t return_leg(const struct shipment *s)
{
	for (size_t k = 0; k < s->n_events; k++)
		if (s->events[k].code == TRACK_RETURN_TO_SENDER) return k;
	return s->n_events;
}

static enum track_code farther(enum track_code a, enum track_code b) { return track_rank(b) > track_rank(a) ? b : a; }

// The highest rank that is no exception; behind a return to sender a delivery is the sender's. Exceptions alone show as
// one, and "expired", which has no rank, only where there is nothing else.
static enum track_code progress_of(const struct shipment *s, size_t leg)
{
	enum track_code top = TRACK_UNKNOWN, rest = TRACK_UNKNOWN;
	for (size_t k = 0; k < s->n_events; k++) {
		enum track_code c = s->events[k].code;
		if (c == TRACK_EXCEPTION || (c == TRACK_EXPIRED && rest == TRACK_UNKNOWN)) rest = c;
		if (c == TRACK_EXCEPTION || c == TRACK_EXPIRED) continue;
		if (k > leg && c == TRACK_DELIVERED) c = TRACK_RETURNED;
		else if (k > leg && c < TRACK_DELIVERED) continue;
		top = farther(top, c);
	}
	return top == TRACK_UNKNOWN ? rest : top;
}

static int64_t first_at(const struct shipment *s, size_t before, enum track_code from, enum track_code to)
{
	for (size_t k = 0; k < before; k++)
		if (track_rank(s->events[k].code) >= track_rank(from) && track_rank(s->events[k].code) <= track_rank(to) &&
		    s->events[k].code != TRACK_EXCEPTION) return s->events[k].at;
	return DATE_NONE;
}

// What the scans say can only take a status farther; what the channel says of a parcel is a fact of its own.
static void settle(struct shipment *s, size_t leg)
{
	enum track_code p = s->progress = progress_of(s, leg);
	if (p == TRACK_RETURNED) s->status = SHIP_RETURNED;
	else if (p == TRACK_RETURN_TO_SENDER && s->status != SHIP_RETURNED) s->status = SHIP_RETURNING;
	else if (p == TRACK_DELIVERED && s->status != SHIP_RETURNING && s->status != SHIP_RETURNED) s->status = SHIP_DELIVERED;
	else if (p != TRACK_EXCEPTION && track_rank(p) >= track_rank(TRACK_IN_TRANSIT) && (s->status < SHIP_SHIPPED || s->status == SHIP_CANCELLED)) s->status = SHIP_SHIPPED;
	if (s->status == SHIP_DELIVERED) s->progress = farther(s->progress, TRACK_DELIVERED);
	if (s->status == SHIP_RETURNING) s->progress = farther(s->progress, TRACK_RETURN_TO_SENDER);
	if (s->status == SHIP_RETURNED) s->progress = TRACK_RETURNED;
	if (s->shipped_at == DATE_NONE) s->shipped_at = first_at(s, leg, TRACK_IN_TRANSIT, TRACK_DELIVERED);
	if (s->delivered_at == DATE_NONE) s->delivered_at = first_at(s, leg, TRACK_DELIVERED, TRACK_DELIVERED);
	if (s->n_events) s->last_event_at = s->events[s->n_events - 1].at;
}

static struct str joined(struct arena *a, const struct parcel *x)
{
	size_t n = 0;
	for (size_t k = 0; k < x->numbers.n; k++) n += x->numbers.v[k].n + 2;
	if (x->numbers.n < 2) return x->numbers.n ? x->numbers.v[0] : (struct str){0};
	char *to = arena_take(a, n), *p = to;
	for (size_t k = 0; k < x->numbers.n; k++) {
		if (k) p = mempcpy(p, ", ", 2);
		p = mempcpy(p, x->numbers.v[k].p, x->numbers.v[k].n);
	}
	return (struct str){to, (size_t)(p - to)};
}

static int by_shipping(const void *x, const void *y)
{
	const struct shipment *a = x, *b = y;
	if (a->shipped_at == b->shipped_at) return str_cmp(a->id, b->id);
	return sooner_of(a->shipped_at, b->shipped_at) == a->shipped_at ? -1 : 1; // what has not left comes last
}

// --- one parcel, told by two parties ----------------------------------------------------------------------------------

static void fill_text(struct str *to, struct str from) { if (!to->p) *to = from; }
static void fill_time(int64_t *to, int64_t from) { if (*to == DATE_NONE) *to = from; }

// What the carrier's side tells of a parcel the channel knows by the same number; the later word on its state stands.
static void merge_parcel(struct fold *f, struct parcel *to, size_t to_at, struct parcel *from)
{
	if (from->told && (!to->told || from->told_from > to->told_from)) {
		to->s.status = from->s.status;
		to->told = true;
		to->told_from = from->told_from;
	}
	to->told_at = sooner_of(to->told_at, from->told_at);
	fill_text(&to->s.carrier, from->s.carrier);
	fill_text(&to->s.service, from->s.service);
	fill_text(&to->s.tracking_url, from->s.tracking_url);
	fill_text(&to->s.location, from->s.location);
	fill_time(&to->s.shipped_at, from->s.shipped_at);
	fill_time(&to->s.delivered_at, from->s.delivered_at);
	fill_time(&to->s.promised_at, from->s.promised_at);
	fill_time(&to->s.eta_at, from->s.eta_at);
	for (size_t k = 0; k < from->numbers.n; k++) add_number(f, to, from->numbers.v[k]);
	names_set(f->a, &f->parcel_names, from->s.id, to_at);
	from->merged = true;
}

// The parcel of that number which knows its lines; where several do, that with the lower id.
static size_t with_lines(const struct fold *f, struct str number)
{
	size_t best = NOT_THERE;
	for (size_t k = 0; k < f->parcels.n; k++)
		if (f->parcels.v[k].s.n_lines && has_number(&f->parcels.v[k], number) && (best == NOT_THERE || str_cmp(f->parcels.v[k].s.id, f->parcels.v[best].s.id) < 0)) best = k;
	return best;
}

// Only a parcel that names no lines is merged: two that do are two, whatever number was typed.
static void merge_parcels(struct fold *f)
{
	for (size_t k = 0; f->parcels.n > 1 && k < f->parcels.n; k++) {
		struct parcel *x = &f->parcels.v[k];
		size_t to = NOT_THERE;
		for (size_t n = 0; !x->s.n_lines && to == NOT_THERE && n < x->numbers.n; n++) to = with_lines(f, x->numbers.v[n]);
		if (to != NOT_THERE && to != k) merge_parcel(f, &f->parcels.v[to], to, x);
	}
}

void fold_parcels_close(struct fold *f)
{
	struct order *o = f->o;
	merge_parcels(f);
	index_numbers(f);
	for (size_t k = f->scans.n; k-- > 0;) add_scan(f, f->scans.v[k]);
	o->shipments = NEW_N(f->a, struct shipment, f->parcels.n);
	for (size_t k = 0; k < f->parcels.n; k++) {
		struct parcel *x = &f->parcels.v[k];
		if (x->merged) continue;
		sort_scans(f, x);
		settle(&x->s, return_leg(&x->s));
		x->s.tracking_number = joined(f->a, x);
		if (shipment_left(x->s.status))
			f->shipped_at = sooner_of(f->shipped_at, x->s.shipped_at != DATE_NONE ? x->s.shipped_at : sooner_of(x->told_at, x->s.delivered_at));
		o->shipments[o->n_shipments++] = x->s;
	}
	if (o->n_shipments > 1) qsort(o->shipments, o->n_shipments, sizeof *o->shipments, by_shipping);
}
