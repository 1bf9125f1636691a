// Stock follows the order: what it holds, took and brought back is compared with what the ledger was told before, and the
// difference is booked; so each unit moves once, whatever the events were and in whatever order they came.
#include "apply_part.h"
#include "member.h"
#include "stock_store.h"

struct settling {
	struct apply *ap;
	struct err *e;
	struct pending *p;
	const struct order *o;
	int64_t movement_id; // the last one booked
	reservations released; // what is given back: how much, without having left
};

static int book(struct settling *s, const struct reservation *r, enum stock_kind kind, struct balance by)
{
	struct movement m = {.sku = r->sku, .warehouse = r->warehouse, .kind = kind, .by = by, .at = s->ap->now, .event_id = s->p->event_id, .order_key = s->p->key, .line = r->line};
	int bad = stock_move(s->ap->db, s->e, &m);
	s->movement_id = m.movement_id;
	return bad;
}

// Units leave, or are taken to be gone: never more than there are. What was not known to be there was found by its leaving.
static int leave(struct settling *s, const struct reservation *r, enum stock_kind kind, struct balance by)
{
	struct balance now;
	if (stock_get(s->ap->db, s->e, r->sku, r->warehouse, &now) < 0) return -1;
	int64_t short_of = now.held - now.on_hand - by.on_hand;
	if (short_of > 0 && book(s, r, STOCK_SHORTFALL, (struct balance){.on_hand = short_of})) return -1;
	return book(s, r, kind, by);
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// What the ledger says of a line's leaving since it was last counted, when all that is gone was seen to be gone.
struct left { int64_t units, unknown; }; // unknown: of those, units that were not known to be there

static int left_since_count(struct settling *s, const struct reservation *r, struct left *to)
{
	struct arena *a = &s->ap->fold;
	int64_t id;
	*to = (struct left){0};
	if (stock_newest(s->ap->db, s->e, r->sku, r->warehouse, &id) < 0) return -1;
	while (id) {
		struct movement m;
		struct arena_mark mark = arena_mark(a);
		if (stock_movement(s->ap->db, s->e, a, id, &m)) return -1;
		bool same = m.order_key == s->p->key && str_eq(m.line, r->line);
		if (same && m.kind == STOCK_SHIP) to->units -= m.by.on_hand;
		if (same && m.kind == STOCK_SHORTFALL) to->unknown += m.by.on_hand;
		id = m.kind == STOCK_COUNT || m.before_id >= id ? 0 : m.before_id;
		arena_reset(a, mark);
	}
	return 0;
}

// Back from a parcel that had not left. What only its leaving had told of is not there either; what a count behind it says, stands.
static int come_back(struct settling *s, const struct reservation *r, int64_t units, int64_t to_held)
{
	struct left was;
	if (left_since_count(s, r, &was)) return -1;
	int64_t back = least(units, was.units > 0 ? was.units : 0), none = least(back, was.unknown > 0 ? was.unknown : 0);
	if (book(s, r, STOCK_SHIP, (struct balance){.on_hand = back, .allocated = to_held})) return -1;
	return none ? book(s, r, STOCK_SHORTFALL, (struct balance){.on_hand = -none}) : 0;
}

static void note_release(struct settling *s, const struct reservation *r, int64_t units, int64_t waiting)
{
	if (units <= 0 && waiting <= 0) return;
	struct reservation *x = VEC_PUSH(&s->ap->fold, &s->released);
	*x = (struct reservation){.line = r->line, .warehouse = r->warehouse, .sku = r->sku, .allocated = units > 0 ? units : 0, .backordered = waiting > 0 ? waiting : 0};
}

// r: who; by: how much more of each than before.
static int settle_one(struct settling *s, const struct reservation *r, const struct reservation *by)
{
	int64_t held = by->allocated, out = by->shipped, of_held = 0;
	if (out > 0) {
		of_held = held < 0 ? least(out, -held) : 0;
		if (leave(s, r, STOCK_SHIP, (struct balance){.on_hand = -out, .allocated = -of_held})) return -1;
		held += of_held;
	} else if (out < 0) { // taken back: the parcel had not left
		int64_t to_held = held > 0 ? least(-out, held) : 0;
		if (come_back(s, r, -out, to_held)) return -1;
		held -= to_held;
	}
	note_release(s, r, -held, -by->backordered - (out > 0 ? out - of_held : 0));
	if (held && book(s, r, held > 0 ? STOCK_ALLOCATE : STOCK_RELEASE, (struct balance){.allocated = held})) return -1;
	if (by->backordered && book(s, r, by->backordered > 0 ? STOCK_BACKORDER : STOCK_BACKORDER_END, (struct balance){.backordered = by->backordered})) return -1;
	if (by->returned > 0) return book(s, r, STOCK_RETURN, (struct balance){.on_hand = by->returned});
	return by->returned < 0 ? leave(s, r, STOCK_RETURN, (struct balance){.on_hand = by->returned}) : 0;
}

static int by_key(const struct reservation *a, const struct reservation *b)
{
	int c = str_cmp(a->line, b->line);
	if (!c) c = str_cmp(a->warehouse, b->warehouse);
	return c ? c : str_cmp(a->sku, b->sku);
}

static const struct reservation nothing;

static struct reservation difference(const struct reservation *was, const struct reservation *is)
{
	return (struct reservation){.allocated = is->allocated - was->allocated, .backordered = is->backordered - was->backordered, .shipped = is->shipped - was->shipped,
		.returned = is->returned - was->returned, .promised = is->promised - was->promised};
}

// What an order holds more or less than before without having shipped it.
static bool promised_otherwise(const struct reservation *by) { return by->allocated + by->backordered + by->shipped != 0; }

// What a warehouse is to ship more or less of: all that it is to ship, and has shipped of that. What it ships of its own accord, and
// takes back, is not told to it.
static struct reservation to_ship(const struct reservation *who, const struct reservation *by)
{
	return (struct reservation){.line = who->line, .warehouse = who->warehouse, .sku = who->sku, .allocated = by->allocated + by->promised, .backordered = by->backordered};
}

// Given back is given back: others may have been promised it by the next command. So it goes into the log as what we did, and no
// fold of what is told later takes it again.
static int write_release(struct settling *s)
{
	struct arena *a = &s->ap->fold;
	const struct event *why = s->p->events.n ? &s->p->events.v[s->p->events.n - 1] : NULL;
	bool ours = why && why->actor.n;
	struct buf b = {0};
	member_record(&b, "oms.event/1");
	member_word(&b, "id", arena_printf(a, "oms-release:%lld", (long long)s->movement_id));
	member_word(&b, "type", event_type_word(EV_UNITS_RELEASED));
	member_text(&b, "source", s->o->source);
	member_text(&b, "order", s->o->external_id);
	member_instant(&b, "occurred_at", ours && why->sort_at > s->ap->now ? why->sort_at : s->ap->now);
	member_text(&b, "actor", ours ? why->actor : S("oms"));
	member_open(&b, "body", '{');
	member_open(&b, "lines", '[');
	for (size_t i = 0; i < s->released.n; i++) {
		const struct reservation *r = &s->released.v[i];
		member_item(&b, '{');
		member_text(&b, "line", r->line);
		member_text(&b, "warehouse", r->warehouse);
		member_text(&b, "sku", r->sku);
		if (r->allocated) member_whole(&b, "quantity", r->allocated);
		if (r->backordered) member_whole(&b, "backordered", r->backordered);
		buf_c(&b, '}');
	}
	buf_cstr(&b, "]}}");
	int bad = apply_log(s->ap, s->e, s->p, (struct str){arena_copy(a, b.p, b.n), b.n});
	buf_free(&b);
	return bad;
}

int apply_stock(struct apply *ap, struct err *e, struct pending *p, const struct order *o, const struct reservation *was, size_t n_was, bool always)
{
	struct settling s = {.ap = ap, .e = e, .p = p, .o = o};
	if (!p->event_id && (p->event_id = db_int(ap->db, e, SQL_EVENT_LAST, (struct sql_arg[]){I(p->key), END}, 0)) < 0) return -1;
	reservations told = {0};
	for (size_t i = 0, k = 0; i < n_was || k < o->n_reservations;) {
		int c = i == n_was ? 1 : k == o->n_reservations ? -1 : by_key(&was[i], &o->reservations[k]);
		const struct reservation *before = c <= 0 ? &was[i] : &nothing, *now = c >= 0 ? &o->reservations[k] : &nothing;
		struct reservation by = difference(before, now);
		if (settle_one(&s, c <= 0 ? before : now, &by)) return because(e, "order " STR_FMT, STR_ARG(o->id));
		struct reservation told_by = to_ship(c <= 0 ? before : now, &by);
		if (told_by.allocated + told_by.backordered) *VEC_PUSH(&ap->fold, &told) = told_by;
		always |= promised_otherwise(&by);
		i += c <= 0;
		k += c >= 0;
	}
	if (s.released.n && write_release(&s)) return because(e, "order " STR_FMT, STR_ARG(o->id));
	return always || told.n ? apply_tell(ap, e, p, o, &told, s.movement_id) : 0;
}
