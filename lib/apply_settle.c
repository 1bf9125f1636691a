// Which order guests belong to where several answer to what they refer to: decided over all of them at once, from what the
// orders say of themselves, so that it does not matter what came first.
//
// All orders and guests that names connect are gathered. At first each order answers only to what its own events say. In each
// round every guest looks for its order, all by the same names; then those that found one move in, and what they know of it
// (a payment's reference, a ticket) are names of that order in the next round. Whoever finds none in the end waits.
#include "apply_part.h"
#include "fold.h"

enum { SITES = 256 }; // orders gathered at most: names connect two or three
#define NOWHERE SIZE_MAX

struct site { // an order, and what it answers to so far
	struct pending *p;
	VEC(struct event) events;
	struct event_ref *name;
	size_t names;
	bool grown;
};
struct home { // a guest
	struct event ev;
	struct pending *from;  // NULL: it is parked
	int64_t parked_id, source_id, payload_id;
	size_t next, to;       // sites
	bool *common;          // references that say nothing
};
struct town { struct apply *ap; VEC(struct site) sites; VEC(struct home) homes; };

static void add_site(struct town *t, struct pending *p)
{
	for (size_t i = 0; i < t->sites.n; i++)
		if (t->sites.v[i].p == p) return;
	if (p && t->sites.n < SITES) *VEC_PUSH(&t->ap->arena, &t->sites) = (struct site){.p = p};
}

static int add_key(struct town *t, struct err *e, int64_t key)
{
	struct pending *p;
	struct str id = order_id_of(t->ap->db, e, &t->ap->arena, key);
	if (!id.p || apply_pending(t->ap, e, id, 0, false, &p)) return -1;
	add_site(t, p);
	return 0;
}

static void add_home(struct town *t, const struct home *h)
{
	for (size_t i = 0; i < t->homes.n; i++)
		if (same_event(&t->homes.v[i].ev, &h->ev)) return;
	*VEC_PUSH(&t->ap->arena, &t->homes) = *h;
}

// What an order answers to, folded from these events. Folding sorts, so it is given a list of its own.
static int fold_names(struct town *t, struct err *e, const struct event *ev, size_t n, struct event_ref **name, size_t *names)
{
	struct arena *a = &t->ap->arena;
	struct order o = {0};
	struct event *own = NEW_N(a, struct event, n + 1);
	if (n) memcpy(own, ev, n * sizeof *ev);
	if (fold_state(&o, own, n, DATE_NONE, NULL, a, e)) return -1;
	*names = order_refs(&o, a, name);
	return 0;
}

static int open_names(struct town *t, struct err *e, int64_t key, const struct event_ref *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct parked *list;
		size_t parked;
		if (parked_for(t->ap->db, e, &t->ap->arena, name[i].kind, name[i].value, &list, &parked)) return -1;
		for (size_t k = 0; k < parked; k++) {
			struct home h = {.parked_id = list[k].parked_id, .source_id = list[k].source_id, .payload_id = list[k].payload_id};
			if (home_parked_event(t->ap, e, &list[k], &h.ev)) return -1;
			add_home(t, &h);
		}
		int64_t *keys;
		size_t others;
		if (event_ref_orders(t->ap->db, e, &t->ap->arena, &name[i], key, SITES, &keys, &others)) return -1;
		for (size_t k = 0; k < others; k++)
			if (add_key(t, e, keys[k])) return -1;
	}
	return 0;
}

// Its own events, its guests, and whoever else refers to what it answers to now.
static int open_site(struct town *t, struct err *e, size_t i)
{
	struct pending *p = t->sites.v[i].p;
	struct event *ev;
	struct event_ref *name;
	size_t n, names;
	VEC(struct event) own = {0};
	if (events_of_order(t->ap->db, t->ap->codec, e, &t->ap->arena, p->key, &ev, &n)) return -1;
	for (size_t k = 0; k < n; k++) {
		if (home_own(&ev[k], p)) *VEC_PUSH(&t->ap->arena, &own) = ev[k];
		else add_home(t, &(struct home){.ev = ev[k], .from = p});
	}
	if (fold_names(t, e, ev, n, &name, &names) || open_names(t, e, p->key, name, names)) return -1;
	struct site *s = &t->sites.v[i];
	memcpy(&s->events, &own, sizeof own);
	return fold_names(t, e, own.v, own.n, &s->name, &s->names);
}

// Every order that answers to one of its references, and the one it names, if that is there.
static int open_home(struct town *t, struct err *e, size_t i)
{
	struct event ev = t->homes.v[i].ev;
	struct pending *p = NULL;
	bool *common = NEW_N(&t->ap->arena, bool, ev.refs + 1);
	t->homes.v[i].common = common;
	t->homes.v[i].next = t->homes.v[i].to = NOWHERE;
	if (ev.order.p && apply_pending(t->ap, e, apply_order_id(t->ap, ev.source, ev.order), 0, false, &p)) return -1;
	add_site(t, p);
	for (size_t k = 0; k < ev.refs; k++) {
		int64_t *keys;
		size_t n;
		if (home_answers(t->ap, e, &ev.ref[k], &keys, &n, &common[k])) return -1;
		for (size_t j = 0; j < n; j++)
			if (add_key(t, e, keys[j])) return -1;
	}
	return 0;
}

static int gather(struct town *t, struct err *e)
{
	for (size_t i = 0, k = 0; i < t->sites.n || k < t->homes.n;) {
		if (i < t->sites.n) {
			if (open_site(t, e, i++)) return -1;
		} else if (open_home(t, e, k++))
			return -1;
	}
	return 0;
}

// --- rounds ------------------------------------------------------------------------------------------------------------

static bool answers_to(const struct site *s, const struct event_ref *ref)
{
	for (size_t i = 0; i < s->names; i++)
		if (s->name[i].kind == ref->kind && str_eq(s->name[i].value, ref->value)) return true;
	return false;
}

static bool of_source(const struct pending *p, struct str source) { return str_starts(p->id, source) && p->id.n > source.n && p->id.p[source.n] == ':'; }

// A reference decides where exactly one order answers to it: of the event's own source first, else of all.
static size_t by_ref(const struct town *t, const struct event *ev, const struct event_ref *ref)
{
	size_t own = 0, all = 0, own_site = NOWHERE, site = NOWHERE;
	for (size_t i = 0; i < t->sites.n; i++) {
		if (!answers_to(&t->sites.v[i], ref)) continue;
		all++;
		site = i;
		if (!of_source(t->sites.v[i].p, ev->source)) continue;
		own++;
		own_site = i;
	}
	return own == 1 ? own_site : all == 1 ? site : NOWHERE;
}

static size_t look(const struct town *t, const struct home *h)
{
	for (size_t i = 0; i < t->sites.n; i++)
		if (home_own(&h->ev, t->sites.v[i].p)) return i;
	size_t at = NOWHERE;
	for (size_t k = 0; k < h->ev.refs && at == NOWHERE; k++)
		if (!h->common[k]) at = by_ref(t, &h->ev, &h->ev.ref[k]);
	return at;
}

static int move_in(struct town *t, struct err *e)
{
	for (size_t i = 0; i < t->homes.n; i++) {
		struct home *h = &t->homes.v[i];
		if (h->to != NOWHERE || h->next == NOWHERE) continue;
		struct site *s = &t->sites.v[h->to = h->next];
		*VEC_PUSH(&t->ap->arena, &s->events) = h->ev;
		s->grown = true;
	}
	for (size_t i = 0; i < t->sites.n; i++) {
		struct site *s = &t->sites.v[i];
		if (s->grown && fold_names(t, e, s->events.v, s->events.n, &s->name, &s->names)) return -1;
		s->grown = false;
	}
	return 0;
}

static int rounds(struct town *t, struct err *e)
{
	for (bool any = true; any;) {
		any = false;
		for (size_t i = 0; i < t->homes.n; i++) {
			struct home *h = &t->homes.v[i];
			if (h->to != NOWHERE) continue;
			h->next = look(t, h);
			any |= h->next != NOWHERE;
		}
		if (any && move_in(t, e)) return -1;
	}
	return 0;
}

// --- what follows --------------------------------------------------------------------------------------------------------

static struct apply_result *told_in(struct apply *ap, const struct event *ev)
{
	for (size_t i = 0; i < ap->guests.n; i++)
		if (same_event(&ap->guests.v[i].ev, ev)) return ap->guests.v[i].result;
	return NEW(&ap->arena, struct apply_result);
}

static int move(struct apply *ap, struct err *e, struct home *h, struct pending *to)
{
	if (h->from) h->from->dirty = true;
	if (to) to->dirty = true;
	if (h->from && to) return event_move(ap->db, e, &h->ev, to->key, !home_own(&h->ev, to));
	if (to) return parked_drop(ap->db, e, h->parked_id) ? -1 : apply_attach(ap, e, to, &h->ev, h->source_id, h->payload_id, home_unparked(ap, &h->ev));
	if (event_take(ap->db, e, &h->ev, &h->source_id, &h->payload_id)) return -1;
	return home_put(ap, e, &(struct waiting){h->ev, str_hash(h->ev.id), h->source_id, h->payload_id, told_in(ap, &h->ev), true});
}

int home_settle(struct apply *ap, struct err *e, bool *moved)
{
	struct town t = {.ap = ap};
	for (size_t i = 0; i < ap->contested.n; i++) {
		ap->contested.v[i]->contested = false;
		add_site(&t, ap->contested.v[i]);
	}
	ap->contested.n = 0;
	if (gather(&t, e) || rounds(&t, e)) return -1;
	for (size_t i = 0; i < t.homes.n; i++) {
		struct home *h = &t.homes.v[i];
		struct pending *to = h->to == NOWHERE ? NULL : t.sites.v[h->to].p;
		if (to == h->from) continue;
		*moved = true;
		if (move(ap, e, h, to)) return -1;
	}
	return 0;
}
