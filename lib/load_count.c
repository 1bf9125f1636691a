// What a count means beside other movements: it is brought up to now along the ledger, and what it had in it is not added to it.
#include "load_part.h"

enum { JUST_NOW = 60 * 1000 }; // ms

// The record of that kind that a movement was booked for, as far as numbers and times go; what cannot be read tells no time.
static int record_of(struct loading *x, const struct movement *m, enum reference_kind k, struct stock_ref *to)
{
	struct str line;
	struct json j = {0};
	struct json_error bad;
	struct reference r = {0};
	reference_faults faults = {0};
	*to = (struct stock_ref){.at = DATE_NONE, .held = INT64_MIN};
	struct rows *rows = db_query(x->l->db, x->e, SQL_EVENT_BY_ROW, I(m->event_id));
	int more = rows ? rows_next(rows, x->e) : -1;
	if (more <= 0) return more < 0 ? -1 : fail(x->e, E_BUG, "event %lld of the ledger is not in the log: oms-fsck tells more", (long long)m->event_id);
	int unread = codec_unpack(x->l->codec, x->e, x->a, row_int(rows, 0), row_int(rows, 1), row_str(rows, 2), &line);
	rows_end(rows);
	if (unread) return -1;
	uint32_t record = json_parse(&j, line, &bad) ? json_getz(&j, json_getz(&j, 0, "body"), "record") : 0;
	if (record) reference_read(&r, k, &j, record, x->a, &faults);
	if (record && !faults.n) *to = r.stock;
	json_free(&j);
	return 0;
}

static const char *when(struct loading *x, int64_t at)
{
	struct buf b = {0};
	date_text(&b, at);
	const char *s = arena_printf(x->a, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return s;
}

struct since { struct balance by; int64_t newer, ahead; }; // booked since the count; newer: when a later one was made, else DATE_NONE; ahead: booked as of a time to come, else 0

// Another count's difference is no unit that moved: it only told what had been wrong before. Later than this one, it knows better.
static int since_other(struct loading *x, const struct movement *m, struct since *s)
{
	struct stock_ref said;
	if (record_of(x, m, REF_COUNT, &said)) return -1;
	if (said.at != DATE_NONE && said.at > x->r->stock.at) s->newer = said.at;
	return 0;
}

// What was heard of behind a count and says itself that it came before it was counted. Only of what would make for more to sell: too
// little is put right by the next count, too much is sold.
static int was_counted(struct loading *x, const struct movement *m, bool *yes)
{
	struct stock_ref said;
	*yes = false;
	if (m->order_key || (m->kind != STOCK_RECEIVE && m->kind != STOCK_TRANSFER_IN && m->kind != STOCK_UNHOLD)) return 0;
	if (record_of(x, m, m->kind == STOCK_RECEIVE ? REF_RECEIPT : m->kind == STOCK_UNHOLD ? REF_QUARANTINE : REF_TRANSFER, &said)) return -1;
	*yes = said.at != DATE_NONE && said.at <= x->r->stock.at;
	return 0;
}

static int since_count(struct loading *x, const struct movement *m, struct since *s)
{
	bool counted;
	if (m->kind == STOCK_SHORTFALL) return 0; // nor is this
	if (m->kind == STOCK_COUNT) return since_other(x, m, s);
	if (was_counted(x, m, &counted)) return -1;
	if (counted) return 0;
	s->by.on_hand += m->by.on_hand;
	s->by.held += m->by.held;
	return 0;
}

// A clock was ahead: what is booked from then on stands at that time too, and cannot be told from what was booked before the count.
static void ahead(struct loading *x, int64_t at)
{
	load_fault(x, "counted_at", "clock_ahead", arena_printf(x->a, "is before what was booked by a clock that was ahead (%s)", when(x, at)), "count anew, and load it at once with --at=now");
}

// The movement before m, whose number is id: the chain leads on from it.
static int read_back(struct loading *x, int64_t id, struct movement *m)
{
	if (stock_movement(x->l->db, x->e, x->a, id, m)) return -1;
	if (m->before_id >= id) return fail(x->e, E_BUG, "the ledger of " STR_FMT " in " STR_FMT " goes in a circle: oms-fsck tells more", STR_ARG(m->sku), STR_ARG(m->warehouse));
	return 0;
}

// What is booked up to the time of this count was counted. Another count may be of a time a little later than it is booked: such are
// looked for as far back as they can stand.
static int booked_since(struct loading *x, struct since *s)
{
	const struct stock_ref *c = &x->r->stock;
	struct movement m;
	int64_t id;
	bool counted = false;
	*s = (struct since){.newer = DATE_NONE};
	if (stock_newest(x->l->db, x->e, c->sku, c->warehouse, &id) < 0) return -1;
	while (id && s->newer == DATE_NONE) {
		struct arena_mark mark = arena_mark(x->a);
		if (read_back(x, id, &m)) return -1;
		if (m.at > x->l->o.now + EARLY && c->at >= x->l->o.now - JUST_NOW) break; // made just now: all of it is in the count
		counted = counted || m.at <= c->at;
		if (counted && m.at + EARLY <= c->at) break;
		if (!counted && m.at > x->l->o.now + EARLY && m.at > s->ahead) s->ahead = m.at;
		if (!counted && since_count(x, &m, s)) return -1;
		if (counted && m.kind == STOCK_COUNT && since_other(x, &m, s)) return -1;
		id = m.before_id;
		arena_reset(x->a, mark);
	}
	return 0;
}

static void overtaken(struct loading *x, int64_t newer)
{
	load_warn(x, "counted_at", "count_overtaken", arena_printf(x->a, "is before the count of %s", when(x, newer)), "nothing is booked: the later count stands");
	x->to->outcome = LOAD_STALE;
}

int load_count(struct loading *x, struct load_plan *p)
{
	const struct stock_ref *c = &x->r->stock;
	struct balance now;
	struct since s;
	if (stock_get(x->l->db, x->e, c->sku, c->warehouse, &now) < 0 || booked_since(x, &s)) return -1;
	if (s.newer != DATE_NONE) return overtaken(x, s.newer), 0;
	if (s.ahead) return ahead(x, s.ahead), 0;
	int64_t on_hand = c->on_hand + s.by.on_hand, held = c->held == INT64_MIN ? now.held : c->held + s.by.held;
	load_add(p, x, STOCK_COUNT, c->warehouse, on_hand - now.on_hand, held - now.held);
	return 0;
}

// --- what comes behind a count: was it counted ----------------------------------------------------------------------------------

static void counted_since(struct loading *x, const struct stock_ref *count)
{
	bool receipt = x->l->kind == REF_RECEIPT, frees = x->l->kind == REF_QUARANTINE, moves = x->l->kind == REF_TRANSFER;
	load_fault(x, receipt ? "received_at" : "at", "counted_since", arena_printf(x->a, "is not later than the count of %s, which found %lld%s with this in it", when(x, count->at),
		(long long)(frees ? count->held : count->on_hand), frees ? " held," : ""), arena_printf(x->a, "leave it out%s; if it came after the count, set %s behind that or leave it away; if the count was wrong, count again",
		moves ? ", and count where it left anew: that is not told otherwise" : "", receipt ? "received_at" : "at"));
}

// The newest count of it there, if it was made when this had come, as it says itself: on top of that it would be there twice. Of what is
// given free, the newest that says how many are held. Of a ledger without a count it is kept for this run how far there is none.
int load_counted_already(struct loading *x, struct str warehouse)
{
	const struct stock_ref *s = &x->r->stock;
	bool frees = x->l->kind == REF_QUARANTINE, any = false;
	struct str key = str_of(arena_printf(x->a, STR_FMT "%c" STR_FMT, STR_ARG(s->sku), 1, STR_ARG(warehouse)));
	uint64_t none = *seen_line(&x->l->uncounted, key);
	int64_t newest, id;
	struct movement m;
	if (stock_newest(x->l->db, x->e, s->sku, warehouse, &newest) < 0) return -1;
	for (id = newest; id && (uint64_t)id > none; id = m.before_id) {
		struct stock_ref count;
		struct arena_mark mark = arena_mark(x->a);
		if (read_back(x, id, &m)) return -1;
		if (m.at + EARLY < s->at) return 0;
		any = any || m.kind == STOCK_COUNT;
		if (m.kind == STOCK_COUNT && record_of(x, &m, REF_COUNT, &count)) return -1;
		if (m.kind == STOCK_COUNT && (count.at == DATE_NONE || count.at < s->at)) return 0;
		if (m.kind == STOCK_COUNT && !(frees && count.held == INT64_MIN)) return counted_since(x, &count), 0;
		arena_reset(x->a, mark);
	}
	if (!any) *seen_line(&x->l->uncounted, key) = (uint64_t)newest;
	return 0;
}
