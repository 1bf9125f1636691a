// A batch of events into the log, each known once, and the orders it touches.
#include "apply_part.h"
#include <stdlib.h>

const char *outcome_word(enum outcome o)
{
	static const char *const word[OUTCOMES] = {"applied", "duplicate", "stale", "parked", "dead"};
	return word[o];
}

struct apply *apply_open(struct db *d, struct codec *c, const struct rules *r, int64_t now, struct err *e)
{
	struct apply *ap = must_alloc(sizeof *ap);
	*ap = (struct apply){.db = d, .codec = c, .rules = r, .now = now};
	(void)e; // nothing of it can fail, as it is
	return ap;
}

void apply_close(struct apply *ap)
{
	if (!ap) return;
	arena_free(&ap->arena);
	arena_free(&ap->keep);
	arena_free(&ap->fold);
	json_free(&ap->scratch);
	free(ap);
}

void apply_keep_rule_holds(struct apply *ap) { ap->keep_rule_holds = true; }

struct arena *apply_arena(struct apply *ap) { return &ap->arena; }

void apply_at(struct apply *ap, int64_t now) { ap->now = now; }

void apply_forget(struct apply *ap)
{
	arena_reset(&ap->arena, ap->empty);
	ap->begun = false;
	ap->table = NULL;
	ap->slots = ap->released = 0;
	VEC_CLEAR(&ap->list);
	VEC_CLEAR(&ap->waiting);
	VEC_CLEAR(&ap->parked);
	VEC_CLEAR(&ap->guests);
	VEC_CLEAR(&ap->contested);
}

// --- sources and pending orders -----------------------------------------------------------------------------------

static const struct source *source_of(struct apply *ap, struct err *e, struct str name)
{
	for (size_t i = 0; i < ap->sources.n; i++)
		if (str_is(name, ap->sources.v[i].name)) return &ap->sources.v[i];
	struct source s;
	struct arena_mark m = arena_mark(&ap->keep);
	if (source_get(ap->db, e, &ap->keep, str_c(&ap->keep, name), &s)) {
		arena_reset(&ap->keep, m); // a million records of a source that is not there take no room
		return NULL;
	}
	*VEC_PUSH(&ap->keep, &ap->sources) = s;
	return &ap->sources.v[ap->sources.n - 1];
}

static struct pending **slot_of(struct apply *ap, struct str id)
{
	size_t i = (size_t)str_hash(id) & (ap->slots - 1);
	while (ap->table[i] && !str_eq(ap->table[i]->id, id)) i = (i + 1) & (ap->slots - 1);
	return &ap->table[i];
}

static void grow_table(struct apply *ap)
{
	ap->slots = ap->slots ? ap->slots * 2 : 4096;
	ap->table = NEW_N(&ap->arena, struct pending *, ap->slots);
	for (size_t i = 0; i < ap->list.n; i++) *slot_of(ap, ap->list.v[i]->id) = ap->list.v[i];
}

static struct pending *add_pending(struct apply *ap, struct str id, int64_t key, int64_t source_id, bool fresh)
{
	struct pending *p = NEW(&ap->arena, struct pending);
	*p = (struct pending){.id = id, .key = key, .source_id = source_id, .fresh = fresh};
	*VEC_PUSH(&ap->arena, &ap->list) = p;
	*slot_of(ap, id) = p;
	return p;
}

// The order of that id: touched before, in the store, or (where make) a new one. NULL with e untouched: there is none.
int apply_pending(struct apply *ap, struct err *e, struct str id, int64_t source_id, bool make, struct pending **to)
{
	if (ap->list.n * 2 >= ap->slots) grow_table(ap);
	*to = *slot_of(ap, id);
	if (*to) return 0;
	int64_t key = order_key(ap->db, e, id);
	if (key < 0) return -1;
	if (!key && !make) return 0;
	bool fresh = !key;
	if (fresh && (key = order_key_new(ap->db, e)) < 0) return -1;
	*to = add_pending(ap, id, key, source_id, fresh);
	return 0;
}

struct str apply_order_id(struct apply *ap, struct str source, struct str external)
{
	return str_of(arena_printf(&ap->arena, STR_FMT ":" STR_FMT, STR_ARG(source), STR_ARG(external)));
}

// --- staging ---------------------------------------------------------------------------------------------------------

int apply_attach(struct apply *ap, struct err *e, struct pending *p, const struct event *ev, int64_t source_id, int64_t payload_id, struct apply_result *result)
{
	int put = event_put(ap->db, ap->codec, e, &ap->arena, ev, p->key, source_id, payload_id);
	if (put < 0) return -1;
	if (!result->order.p) result->order = p->id;
	if (put != PUT_NEW) return 0; // a duplicate inside the batch
	p->event_id = db_last_id(ap->db);
	if (!home_own(ev, p)) {
		if (event_refs_put(ap->db, e, ev, db_last_id(ap->db))) return -1;
		*VEC_PUSH(&ap->arena, &ap->guests) = (struct guest){*ev, result};
		ap->any_guest = true;
	}
	p->confirms |= ev->type == EV_ORDER_CONFIRMED;
	result->fresh++;
	result->made |= p->fresh && !p->events.n;
	p->dirty = true;
	*VEC_PUSH(&ap->arena, &p->events) = *ev;
	*VEC_PUSH(&ap->arena, &p->results) = result;
	return 0;
}

int apply_log(struct apply *ap, struct err *e, struct pending *p, struct str line)
{
	struct json j = {0};
	struct json_error bad;
	struct event ev;
	int put = -1;
	if (!json_parse(&j, line, &bad)) fail(e, E_BUG, "our own event is no JSON: %s", bad.what);
	else if (event_read(&ev, &j, &ap->fold, e) == 0) {
		const struct source *s = source_of(ap, e, ev.source);
		ev.recorded_at = ap->now;
		if (s) put = event_put(ap->db, ap->codec, e, &ap->fold, &ev, p->key, s->source_id, 0);
		if (put == PUT_SAME || put == PUT_CONFLICT) put = fail(e, E_BUG, "event " STR_FMT " is in the log already", STR_ARG(ev.id));
	}
	json_free(&j);
	return put < 0 ? -1 : 0;
}

static int stage(struct apply *ap, struct err *e, struct event *ev, int64_t payload_id, struct apply_result *result)
{
	const struct source *s = source_of(ap, e, ev->source);
	if (!s) return -1;
	ev->recorded_at = ap->now;
	struct pending *p;
	bool several;
	if (home_find(ap, e, ev, s->source_id, &p, &several)) return -1;
	if (p) return apply_attach(ap, e, p, ev, s->source_id, payload_id, result);
	*VEC_PUSH(&ap->arena, &ap->waiting) = (struct waiting){*ev, str_hash(ev->id), s->source_id, payload_id, result, several};
	return 0;
}

// What is known of one event: from the log, from what waits in this batch, from further up in its own unit.
static int known_one(struct apply *ap, struct err *e, const struct event *ev, size_t i)
{
	int k = event_known(ap->db, ap->codec, e, &ap->arena, &ev[i]);
	if (k != PUT_NEW) return k;
	uint64_t hash = str_hash(ev[i].id);
	for (size_t w = 0; w < ap->waiting.n; w++)
		if (ap->waiting.v[w].hash == hash && same_event(&ap->waiting.v[w].ev, &ev[i])) return (int)event_compare(ap->waiting.v[w].ev.json, ev[i].json);
	for (size_t u = 0; u < i; u++)
		if (same_event(&ev[u], &ev[i])) return (int)event_compare(ev[u].json, ev[i].json);
	return PUT_NEW;
}

// What there is already of this unit, before anything of it is written: all or none.
static int known_all(struct apply *ap, struct err *e, struct event *ev, size_t n, struct apply_result *result, bool *known)
{
	for (size_t i = 0; i < n; i++) {
		int k = known_one(ap, e, ev, i);
		if (k < 0) return -1;
		known[i] = k != PUT_NEW;
		if (k != PUT_CONFLICT) continue;
		result->outcome = OUTCOME_DEAD;
		result->code = "event_conflict";
		result->why = arena_printf(&ap->arena, "event " STR_FMT " of source " STR_FMT " is in the log with another content; it was not applied over it", STR_ARG(ev[i].id), STR_ARG(ev[i].source));
		return 0;
	}
	return 0;
}

// Asked anew in each batch: another program may have parked something meanwhile.
static int look_for_parked(struct apply *ap, struct err *e)
{
	struct parked *list;
	size_t n = 0;
	if (ap->begun) return 0;
	if (parked_list(ap->db, e, &ap->arena, 0, 1, &list, &n)) return -1;
	int64_t guests = db_int(ap->db, e, SQL_EVENT_REF_ANY, (struct sql_arg[]){END}, 0);
	int64_t reserved = db_int(ap->db, e, SQL_RESERVATION_ANY, (struct sql_arg[]){END}, 0);
	if (guests < 0 || reserved < 0) return -1;
	ap->any_reservation = reserved > 0;
	ap->any_parked = n > 0;
	ap->any_guest = guests > 0;
	ap->begun = true;
	return 0;
}

int apply_events(struct apply *ap, struct err *e, struct event *ev, size_t n, int64_t payload_id, struct apply_result *result)
{
	result->outcome = OUTCOME_DUPLICATE;
	result->events = n;
	if (look_for_parked(ap, e)) return -1;
	for (size_t i = 0; i < n; i++) {
		struct err why = {0};
		if (source_of(ap, &why, ev[i].source)) continue;
		if (why.code != E_NOTFOUND) return *e = why, -1;
		result->outcome = OUTCOME_DEAD;
		result->code = "unknown_source";
		result->why = arena_printf(&ap->arena, "no source " STR_FMT " is registered; register it with oms-source, then oms-redrive", STR_ARG(ev[i].source));
		return 0;
	}
	bool *known = NEW_N(&ap->arena, bool, n + 1);
	if (known_all(ap, e, ev, n, result, known)) return -1;
	if (result->outcome == OUTCOME_DEAD) return 0;
	for (size_t i = 0; i < n; i++)
		if (!known[i] && stage(ap, e, &ev[i], payload_id, result)) return -1;
	if (ev && n && !result->order.p && ev[0].order.p) result->order = apply_order_id(ap, ev[0].source, ev[0].order);
	return 0;
}

// --- the end of a batch ----------------------------------------------------------------------------------------------

static int fold_dirty(struct apply *ap, struct err *e, bool *progress)
{
	for (size_t i = 0; i < ap->list.n; i++) {
		struct pending *p = ap->list.v[i];
		if (!p->dirty) continue;
		if (apply_save(ap, e, p) || home_call(ap, e, p)) return -1;
		*progress |= p->dirty;
	}
	return 0;
}

// Orders are folded and call what waits for them until nothing moves; only then is it decided what several answer to.
int apply_finish(struct apply *ap, struct err *e)
{
	enum { TURNS = 16 }; // no real batch comes near
	for (int turn = 0; turn < TURNS; turn++) {
		bool moved = false;
		for (bool progress = true; progress;) {
			progress = false;
			if (fold_dirty(ap, e, &progress) || home_retry(ap, e, &progress)) return -1;
		}
		if (home_park(ap, e)) return -1;
		if (ap->contested.n && home_settle(ap, e, &moved)) return -1;
		if (!moved) return 0;
	}
	bool ended = false;
	return fold_dirty(ap, e, &ended);
}

void apply_settle(struct apply_result *r)
{
	if (r->outcome == OUTCOME_DEAD) return;
	r->outcome = r->parked ? OUTCOME_PARKED : r->used ? OUTCOME_APPLIED : r->fresh ? OUTCOME_STALE : OUTCOME_DUPLICATE;
}

size_t apply_released(const struct apply *ap) { return ap->released; }
