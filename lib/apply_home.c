// Which order an event belongs to, as far as one look tells; and events that wait for theirs.
//
// An event that names its order belongs there once it is there. Any other is a guest: it belongs to the one order that answers
// to what it refers to. Where more than one does, apply_settle decides over all of them at once.
#include "apply_part.h"

enum { PARK_DAYS = 3, ANSWERS = 8 }; // how long an event waits for its order before it is an orphan (domain: 72 h)

bool home_own(const struct event *ev, const struct pending *p)
{
	size_t n = ev->source.n;
	return ev->order.p && p->id.n == n + 1 + ev->order.n && str_starts(p->id, ev->source) && p->id.p[n] == ':' && str_eq(str_cut(p->id, n + 1, p->id.n), ev->order);
}

// E-mail, phone and name say who, not which order.
static bool decides(enum ref_kind k) { return k != REF_EMAIL && k != REF_PHONE && k != REF_NAME && k != REF_NUMBER_TAIL; }

// Orders that answer to a reference. A name so many answer to ("n/a") is common: it says nothing.
int home_answers(struct apply *ap, struct err *e, const struct event_ref *ref, int64_t **keys, size_t *n, bool *common)
{
	*n = 0;
	*common = !decides(ref->kind);
	if (*common) return 0;
	if (order_by_ref(ap->db, e, &ap->arena, ref->kind, ref->value, ANSWERS + 1, keys, n)) return -1;
	*common = *n > ANSWERS;
	if (*common) *n = 0;
	return 0;
}

bool home_told_before(const struct event *ev, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (ev->ref[i].kind == ev->ref[k].kind && str_eq(ev->ref[i].value, ev->ref[k].value)) return true;
	return false;
}

static void contest(struct apply *ap, struct pending *p)
{
	if (!p->contested) *VEC_PUSH(&ap->arena, &ap->contested) = p;
	p->contested = true;
}

// The one order all its references mean; *several: there are more.
static int meant(struct apply *ap, struct err *e, const struct event *ev, int64_t *only, bool *several)
{
	*only = 0;
	for (size_t i = 0; i < ev->refs; i++) {
		int64_t *keys;
		size_t n;
		bool common;
		if (home_told_before(ev, i)) continue;
		if (home_answers(ap, e, &ev->ref[i], &keys, &n, &common)) return -1;
		for (size_t k = 0; k < n; k++) {
			*several |= *only && keys[k] != *only;
			*only = keys[k];
		}
	}
	return 0;
}

int home_find(struct apply *ap, struct err *e, const struct event *ev, int64_t source_id, struct pending **to, bool *several)
{
	int64_t only;
	*to = NULL;
	*several = false;
	if (ev->order.p && apply_pending(ap, e, apply_order_id(ap, ev->source, ev->order), source_id, event_type_makes(ev->type), to)) return -1;
	if (*to) return 0;
	if (meant(ap, e, ev, &only, several)) return -1;
	if (!only) return 0;
	struct str id = order_id_of(ap->db, e, &ap->arena, only);
	if (!id.p || apply_pending(ap, e, id, source_id, false, to)) return -1;
	if (!*several) return 0;
	contest(ap, *to);
	*to = NULL;
	return 0;
}

// --- events that wait ------------------------------------------------------------------------------------------------

int home_parked_event(struct apply *ap, struct err *e, const struct parked *parked, struct event *ev)
{
	struct json_error bad;
	*ev = (struct event){0};
	if (!json_parse(&ap->scratch, parked->json, &bad)) return fail(e, E_BUG, "parked event %lld is damaged: %s", (long long)parked->parked_id, bad.what);
	if (event_read(ev, json_keep(&ap->scratch, &ap->arena), &ap->arena, e)) return because(e, "parked event %lld", (long long)parked->parked_id);
	ev->recorded_at = ap->now;
	return 0;
}

struct apply_result *home_unparked(struct apply *ap, const struct event *ev)
{
	for (size_t i = 0; i < ap->parked.n; i++) {
		struct apply_result *r = ap->parked.v[i].result;
		if (!same_event(&ap->parked.v[i].ev, ev)) continue;
		ap->parked.v[i] = ap->parked.v[--ap->parked.n];
		if (!--r->parked) r->code = r->why = NULL;
		return r;
	}
	ap->released++;
	return NEW(&ap->arena, struct apply_result);
}

// What was waiting for one of this order's references, and can only mean this order.
static int release_one(struct apply *ap, struct err *e, struct pending *p, const struct parked *parked)
{
	struct event ev;
	struct pending *found;
	bool several;
	if (home_parked_event(ap, e, parked, &ev) || home_find(ap, e, &ev, parked->source_id, &found, &several)) return -1;
	if (found != p) return 0;
	if (parked_drop(ap->db, e, parked->parked_id)) return -1;
	return apply_attach(ap, e, p, &ev, parked->source_id, parked->payload_id, home_unparked(ap, &ev));
}

static int call_parked(struct apply *ap, struct err *e, struct pending *p, const struct event_ref *ref)
{
	struct parked *list;
	size_t n;
	if (parked_for(ap->db, e, &ap->arena, ref->kind, ref->value, &list, &n)) return -1;
	for (size_t k = 0; k < n; k++)
		if (release_one(ap, e, p, &list[k])) return -1;
	return 0;
}

int home_call(struct apply *ap, struct err *e, struct pending *p)
{
	for (size_t i = 0; i < p->n_refs; i++) {
		const struct event_ref *ref = &p->refs[i];
		if (!decides(ref->kind)) continue;
		if (ap->any_parked && call_parked(ap, e, p, ref)) return -1;
		if (!ap->any_guest) continue;
		int64_t other = db_int(ap->db, e, SQL_EVENT_REF_ELSEWHERE, (struct sql_arg[]){T(ref->value), I((int64_t)ref->kind), I(p->key), {0}}, 0);
		if (other < 0) return -1;
		if (other) contest(ap, p);
	}
	p->n_refs = 0;
	return 0;
}

int home_retry(struct apply *ap, struct err *e, bool *progress)
{
	size_t left = 0;
	for (size_t i = 0; i < ap->waiting.n; i++) {
		struct waiting *w = &ap->waiting.v[i];
		struct pending *p;
		if (home_find(ap, e, &w->ev, w->source_id, &p, &w->several)) return -1;
		if (!p) {
			ap->waiting.v[left++] = *w;
			continue;
		}
		*progress = true;
		if (apply_attach(ap, e, p, &w->ev, w->source_id, w->payload_id, w->result)) return -1;
	}
	ap->waiting.n = left;
	return 0;
}

static char *why_parked(struct apply *ap, const struct waiting *w)
{
	struct buf why = {0};
	const struct event *ev = &w->ev;
	buf_cstr(&why, w->several ? "more than one order answers to " : "no order answers yet to ");
	if (ev->order.p) buf_printf(&why, "order " STR_FMT " of source " STR_FMT, STR_ARG(ev->order), STR_ARG(ev->source));
	for (size_t k = 0; k < ev->refs; k++)
		if (!home_told_before(ev, k)) buf_printf(&why, "%s%s " STR_FMT, k || ev->order.p ? ", " : "", ref_kind_word(ev->ref[k].kind), STR_ARG(ev->ref[k].value));
	if (!ev->order.p && !ev->refs) buf_cstr(&why, "anything: the record names no order");
	char *said = arena_copy(&ap->arena, why.p, why.n);
	buf_free(&why);
	return said;
}

int home_put(struct apply *ap, struct err *e, const struct waiting *w)
{
	w->result->why = why_parked(ap, w);
	w->result->code = "no_order";
	w->result->parked++;
	*VEC_PUSH(&ap->arena, &ap->parked) = *w;
	ap->any_parked = true;
	return parked_put(ap->db, e, &w->ev, w->source_id, w->payload_id, ap->now, ap->now + PARK_DAYS * 86400000LL, str_of(w->result->why)) < 0 ? -1 : 0;
}

int home_park(struct apply *ap, struct err *e)
{
	for (size_t i = 0; i < ap->waiting.n; i++)
		if (home_put(ap, e, &ap->waiting.v[i])) return -1;
	ap->waiting.n = 0;
	return 0;
}
