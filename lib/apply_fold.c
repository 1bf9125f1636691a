// The log into orders: its events folded, the rules' holds put to it, its rows saved and its stock moved.
#include "apply_part.h"
#include "fold.h"

void apply_rule_holds(const struct rules *r, struct order *o, struct arena *a)
{
	findings found = {0};
	if (!r) return;
	rules_order(r, o, a, &found);
	VEC(struct hold) holds = {0};
	for (size_t i = 0; i < o->n_holds; i++) *VEC_PUSH(a, &holds) = o->holds[i];
	for (size_t i = 0; i < found.n; i++) {
		const struct finding *f = &found.v[i];
		if (f->severity != SEV_HOLD) continue;
		struct hold *h = VEC_PUSH(a, &holds);
		*h = (struct hold){.id = str_of(arena_printf(a, "rule:%s", f->rule)), .type = str_of(f->hold ? f->hold : "REVIEW"), .rule = str_of(f->rule),
			.reason = str_of(f->message), .owner = str_of(f->owner), .source = S("rule"), .status = HOLD_OPEN, .opened_at = o->updated_at,
			.closed_at = DATE_NONE, .until_at = DATE_NONE};
		h->blocks = NEW_N(a, struct str, 1);
		h->blocks[0] = S("confirm");
		h->n_blocks = 1;
		o->attention |= 1u << ATT_HELD;
		for (size_t k = 0; k + 1 < holds.n; k++)
			if (str_eq(holds.v[k].id, h->id)) { // one hold a rule, however many places break it
				holds.n--;
				break;
			}
	}
	o->holds = holds.v;
	o->n_holds = holds.n;
	if (holds.n) o->parts |= PART_HOLDS;
}

// Those the rules opened when the order was last saved, behind the others, as apply_rule_holds leaves them.
static int stored_rule_holds(struct apply *ap, struct err *e, struct arena *a, struct pending *p, struct order *o)
{
	VEC(struct hold) holds = {0};
	if (!p->rule_holds_read && order_rule_holds(ap->db, e, &ap->arena, p->key, &p->rule_holds, &p->n_rule_holds)) return -1;
	p->rule_holds_read = true;
	const struct hold *kept = p->rule_holds;
	size_t n = p->n_rule_holds;
	if (!n) return 0;
	for (size_t i = 0; i < o->n_holds; i++) *VEC_PUSH(a, &holds) = o->holds[i];
	for (size_t i = 0; i < n; i++) {
		*VEC_PUSH(a, &holds) = kept[i];
		if (kept[i].status == HOLD_OPEN) o->attention |= 1u << ATT_HELD;
	}
	o->holds = holds.v;
	o->n_holds = holds.n;
	o->parts |= PART_HOLDS;
	return 0;
}

static int fold_events(struct apply *ap, struct err *e, struct arena *a, struct pending *p, struct event *ev, size_t n, bool *used, struct order *o)
{
	if (fold_state(o, ev, n, DATE_NONE, used, a, e)) return -1;
	if (ap->keep_rule_holds) return stored_rule_holds(ap, e, a, p, o);
	apply_rule_holds(ap->rules, o, a);
	return 0;
}

int apply_fold(struct apply *ap, struct err *e, struct arena *a, int64_t key, struct order *o, size_t *events)
{
	struct event *ev;
	if (events_of_order(ap->db, ap->codec, e, a, key, &ev, events)) return -1;
	return fold_events(ap, e, a, &(struct pending){.key = key}, ev, *events, NULL, o);
}

static void count_used(struct pending *p, const struct event *ev, const bool *used, size_t n)
{
	for (size_t i = 0; i < p->events.n; i++) {
		for (size_t k = 0; k < n; k++) {
			if (!same_event(&p->events.v[i], &ev[k])) continue;
			p->results.v[i]->used += used[k];
			break;
		}
	}
}

// What parked events may wait for; the order itself does not stay.
static void keep_refs(struct apply *ap, struct pending *p, const struct order *o)
{
	p->n_refs = order_refs(o, &ap->arena, &p->refs);
	for (size_t i = 0; i < p->n_refs; i++) p->refs[i].value.p = arena_copy(&ap->arena, p->refs[i].value.p, p->refs[i].value.n);
}

// All events of the order, in a list of its own: folding sorts.
static int all_events(struct apply *ap, struct err *e, struct arena *a, struct pending *p, struct event **to, size_t *n)
{
	struct event *ev = p->events.v;
	*n = p->events.n;
	if (p->was) {
		*n = p->n_log + p->events.n;
		*to = NEW_N(a, struct event, *n + 1);
		if (p->n_log) memcpy(*to, p->log, p->n_log * sizeof **to);
		if (p->events.n) memcpy(*to + p->n_log, p->events.v, p->events.n * sizeof **to);
		return 0;
	}
	if (!p->fresh && events_of_order(ap->db, ap->codec, e, a, p->key, &ev, n)) return -1;
	*to = NEW_N(a, struct event, *n + 1);
	if (*n) memcpy(*to, ev, *n * sizeof *ev);
	return 0;
}

// A confirmed order without stock (a download) is cancelled: nothing moves, and who bills must hear of it all the same.
static int called_off(struct apply *ap, struct err *e, struct pending *p, const struct order *o, bool *ends)
{
	if (o->status != ORDER_CANCELLED || o->confirmed_at == DATE_NONE || p->fresh) return 0;
	int64_t was = p->was ? (int64_t)p->was->status : db_int(ap->db, e, SQL_ORDER_STATUS, (struct sql_arg[]){I(p->key), END}, ORDER_CANCELLED);
	if (was < 0) return -1;
	*ends = was != ORDER_CANCELLED;
	return 0;
}

// The rows of the order, and the stock that follows from it: what it held before must be read first.
static int save(struct apply *ap, struct err *e, struct arena *a, struct pending *p, const struct order *o)
{
	struct reservation *held = NULL;
	size_t n = 0;
	if (p->was) held = p->was->reservations, n = p->was->n_reservations;
	else if (!p->fresh && ap->any_reservation && order_reservations(ap->db, e, a, p->key, &held, &n)) return -1;
	bool ends = false;
	if (!n && !o->n_reservations && called_off(ap, e, p, o, &ends)) return -1;
	if (p->was ? order_save_change(ap->db, e, p->key, p->was, o) : order_save(ap->db, e, p->key, p->source_id, o, ~0u, p->fresh)) return -1;
	if (o->n_reservations) ap->any_reservation = true;
	return n || o->n_reservations || p->confirms || ends ? apply_stock(ap, e, p, o, held, n, p->confirms || ends) : 0;
}

static int fold_and_save(struct apply *ap, struct err *e, struct arena *a, struct pending *p)
{
	struct event *ev;
	size_t n;
	if (all_events(ap, e, a, p, &ev, &n)) return -1;
	bool *used = NEW_N(a, bool, n + 1);
	struct order o = {0};
	if (fold_events(ap, e, a, p, ev, n, used, &o)) return because(e, "order " STR_FMT, STR_ARG(p->id));
	count_used(p, ev, used, n);
	if (save(ap, e, a, p, &o)) return -1;
	if (!p->was && (ap->any_parked || ap->any_guest)) keep_refs(ap, p, &o); // what our own commands do makes it answer to nothing new
	return 0;
}

int apply_look(struct apply *ap, struct err *e, struct str id, struct apply_view *to)
{
	struct arena *a = &ap->arena;
	struct pending *p;
	struct event *ev;
	struct digest_sum sum;
	struct order *o = NEW(a, struct order);
	size_t n;
	if (apply_pending(ap, e, (struct str){arena_copy(a, id.p, id.n), id.n}, 0, false, &p)) return -1;
	if (!p) return fail(e, E_NOTFOUND, "there is no order " STR_FMT, STR_ARG(id));
	if (events_of_order(ap->db, ap->codec, e, a, p->key, &ev, &n) || fold_events(ap, e, a, p, ev, n, NULL, o)) return -1;
	p->log = ev;
	p->n_log = n;
	p->was = o;
	*to = (struct apply_view){.o = o, .events = n, .key = p->key, .ours_at = DATE_NONE};
	digest_begin(&sum);
	for (size_t i = 0; i < n; i++) {
		digest_part(&sum, ev[i].source);
		digest_part(&sum, ev[i].id);
		if ((ev[i].type == EV_ORDER_CANCELLED || event_type_class(ev[i].type) == 'c') && ev[i].actor.n && ev[i].sort_at > to->ours_at) to->ours_at = ev[i].sort_at;
	}
	digest_end(&sum, &to->log);
	return 0;
}

int apply_save(struct apply *ap, struct err *e, struct pending *p)
{
	struct arena_mark mark = arena_mark(&ap->fold);
	int bad = fold_and_save(ap, e, &ap->fold, p);
	arena_reset(&ap->fold, mark);
	if (bad) return -1;
	// What is saved now is no longer all in hand as rows: a later event of this batch folds from the log.
	p->dirty = p->fresh = p->confirms = false;
	p->was = NULL;
	p->events.n = p->results.n = 0;
	return 0;
}
