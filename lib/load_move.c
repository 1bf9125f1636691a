// Movements of stock: each booked once, by its natural key; a count is brought up to now along the ledger.
#include "load_part.h"

enum { EARLY = 10 * 60 * 1000, JUST_NOW = 60 * 1000, HOLDERS = 5 }; // a clock elsewhere may be ahead by so much (ms); so many orders are named

// --- the key -------------------------------------------------------------------------------------------------------------------

// Parts of the key are told apart by colons; a colon inside one is written otherwise.
static void key_part(struct buf *b, struct str s)
{
	buf_c(b, ':');
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ':' || s.p[i] == '%') buf_printf(b, "%%%02X", (unsigned)s.p[i]);
		else buf_c(b, s.p[i]);
}

static struct str key_of(struct loading *x)
{
	const struct stock_ref *s = &x->r->stock;
	struct buf b = {0};
	buf_printf(&b, "stock:%s", reference_word(x->l->kind));
	if (x->l->kind != REF_COUNT) key_part(&b, s->id);
	key_part(&b, s->sku);
	key_part(&b, x->l->kind == REF_TRANSFER ? s->from : s->warehouse);
	if (x->l->kind == REF_TRANSFER) key_part(&b, s->to);
	if (x->l->kind == REF_COUNT) buf_c(&b, ':'), date_text(&b, s->at);
	struct str key = {arena_copy(x->a, b.p, b.n), b.n};
	buf_free(&b);
	return key;
}

// The event of that key, or an absent line. 1, 0, -1.
static int booked(struct loading *x, struct str key, struct str *line)
{
	unsigned char digest[16];
	event_key(S("oms"), key, digest);
	struct rows *r = db_query(x->l->db, x->e, SQL_EVENT_BY_KEY, B(digest, sizeof digest));
	int more = r ? rows_next(r, x->e) : -1;
	if (more <= 0) return more;
	int bad = codec_unpack(x->l->codec, x->e, x->a, row_int(r, 0), row_int(r, 1), row_str(r, 2), line);
	rows_end(r);
	return bad ? -1 : 1;
}

// Who told it, and when, does not make it another: the record does.
static int same_as_booked(struct loading *x, struct str line)
{
	struct json j = {0};
	struct json_error bad;
	struct reference was = {0};
	reference_faults faults = {0};
	uint32_t record = json_parse(&j, line, &bad) ? json_getz(&j, json_getz(&j, 0, "body"), "record") : 0;
	if (record) reference_read(&was, x->l->kind, &j, record, x->a, &faults);
	json_free(&j);
	if (!record || faults.n) return fail(x->e, E_BUG, "event " STR_FMT " of the log is damaged", STR_ARG(x->to->id));
	load_differ(x, &was, x->r);
	if (!x->to->changes.n) return x->to->outcome = LOAD_UNCHANGED, 0;
	const struct load_change *c = &x->to->changes.v[0];
	load_fault(x, c->field, "stock_conflict", arena_printf(x->a, "is " STR_FMT " here, and " STR_FMT " was booked already", STR_ARG(c->to.p ? c->to : S("not given")),
		STR_ARG(c->from.p ? c->from : S("nothing"))), "what is booked stays: correct it with a record of its own id");
	x->to->changes.n = 0;
	return 0;
}

// --- what it does ----------------------------------------------------------------------------------------------------------------

struct plan { struct movement m[2]; size_t n; };

static struct movement *add(struct plan *p, struct loading *x, enum stock_kind kind, struct str warehouse, int64_t on_hand, int64_t held)
{
	p->m[p->n] = (struct movement){.sku = x->r->stock.sku, .warehouse = warehouse, .kind = kind, .by = {.on_hand = on_hand, .held = held}, .at = x->l->o.now};
	return &p->m[p->n++];
}

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

static int plan_count(struct loading *x, struct plan *p)
{
	const struct stock_ref *c = &x->r->stock;
	struct balance now;
	struct since s;
	if (stock_get(x->l->db, x->e, c->sku, c->warehouse, &now) < 0 || booked_since(x, &s)) return -1;
	if (s.newer != DATE_NONE) return overtaken(x, s.newer), 0;
	if (s.ahead) return ahead(x, s.ahead), 0;
	int64_t on_hand = c->on_hand + s.by.on_hand, held = c->held == INT64_MIN ? now.held : c->held + s.by.held;
	add(p, x, STOCK_COUNT, c->warehouse, on_hand - now.on_hand, held - now.held);
	return 0;
}

// --- was it counted -----------------------------------------------------------------------------------------------------------------

static void counted_since(struct loading *x, const struct stock_ref *count)
{
	bool receipt = x->l->kind == REF_RECEIPT, frees = x->l->kind == REF_QUARANTINE;
	load_fault(x, receipt ? "received_at" : "at", "counted_since", arena_printf(x->a, "is not later than the count of %s, which found %lld%s with this in it", when(x, count->at),
		(long long)(frees ? count->held : count->on_hand), frees ? " held," : ""), arena_printf(x->a, "leave it out; if it came after the count, set %s behind that or leave it away; if the count was wrong, count again",
		receipt ? "received_at" : "at"));
}

// The newest count of it there, if it was made when this had come, as it says itself: on top of that it would be there twice. Of what is
// given free, the newest that says how many are held. Of a ledger without a count it is kept for this run how far there is none.
static int counted_already(struct loading *x, struct str warehouse)
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

static int plan(struct loading *x, struct plan *p)
{
	const struct stock_ref *s = &x->r->stock;
	int64_t n = s->quantity, held = s->held == INT64_MIN ? 0 : s->held;
	bool adds = x->l->kind == REF_RECEIPT || x->l->kind == REF_TRANSFER || (x->l->kind == REF_QUARANTINE && n < 0);
	if (adds && s->at != DATE_NONE && counted_already(x, x->l->kind == REF_TRANSFER ? s->to : s->warehouse)) return -1;
	switch (x->l->kind) {
	case REF_COUNT: return plan_count(x, p);
	case REF_RECEIPT: add(p, x, STOCK_RECEIVE, s->warehouse, n, 0); break;
	case REF_QUARANTINE: add(p, x, n > 0 ? STOCK_HOLD : STOCK_UNHOLD, s->warehouse, 0, n); break;
	case REF_SCRAP: add(p, x, STOCK_SCRAP, s->warehouse, -n, -held); break;
	default:
		add(p, x, STOCK_TRANSFER_OUT, s->from, -n, 0);
		add(p, x, STOCK_TRANSFER_IN, s->to, n, 0);
		break;
	}
	return 0;
}

// --- is it possible, and is it good ------------------------------------------------------------------------------------------------

static const char *in_words(struct loading *x, const struct balance *b)
{
	return arena_printf(x->a, "%lld on hand, %lld held, %lld allocated", (long long)b->on_hand, (long long)b->held, (long long)b->allocated);
}

static void by_now(struct loading *x, const char *field, const char *code, const char *what)
{
	load_fault(x, field, code, arena_printf(x->a, "would be %s by now, with what was booked since", what), "count again");
}

// More held than there are: why, and what helps, depends on which of the two is said.
static void over_held(struct loading *x, const struct movement *m, const struct balance *b, const char *where)
{
	long long on_hand = (long long)(b->on_hand + m->by.on_hand), held = (long long)(b->held + m->by.held), least = held - on_hand - (long long)m->by.held;
	const char *code = "held_over_on_hand", *fewer = arena_printf(x->a, "leaves fewer units than are held: %s", where);
	if (m->kind == STOCK_COUNT && x->r->stock.held != INT64_MIN) by_now(x, "held", code, arena_printf(x->a, "%lld, of %lld on hand,", held, on_hand));
	else if (m->kind == STOCK_COUNT) load_fault(x, "on_hand", code, fewer, "say in held how many of them are");
	else if (m->kind == STOCK_HOLD) load_fault(x, "quantity", code, arena_printf(x->a, "is more than can be held: %s", where), arena_printf(x->a, "hold %lld at most; count it first, if the ledger is wrong", (long long)(b->on_hand - b->held)));
	else if (m->kind == STOCK_SCRAP) load_fault(x, "quantity", code, fewer, arena_printf(x->a, "say in held how many of them are: %lld at least", least));
	else load_fault(x, "quantity", code, fewer, "give them free first");
}

static int impossible(struct loading *x, const struct movement *m, const struct balance *b)
{
	bool gone = b->on_hand + m->by.on_hand < 0, freed = b->held + m->by.held < 0;
	if (m->kind == STOCK_COUNT && (gone || freed)) {
		by_now(x, gone ? "on_hand" : "held", "below_zero_now", arena_printf(x->a, "%lld", (long long)(gone ? b->on_hand + m->by.on_hand : b->held + m->by.held)));
		return 0;
	}
	const char *where = arena_printf(x->a, STR_FMT " has %s of it", STR_ARG(m->warehouse), in_words(x, b));
	if (gone) load_fault(x, "quantity", "not_on_hand", arena_printf(x->a, "is more than there is: %s", where), "count it first, if the ledger is wrong");
	else if (freed) load_fault(x, "quantity", "not_held", arena_printf(x->a, "is more than is held: %s", where), "count it first, if the ledger is wrong");
	else over_held(x, m, b, where);
	return 0;
}

// Below what is promised: it is a fact, and so is booked, but somebody has to act.
static int warn_short(struct loading *x, const struct movement *m)
{
	int64_t missing = -balance_available(&m->after);
	struct stock_holder *h;
	size_t n;
	if (missing <= 0 || missing <= -balance_available(&m->before)) return 0;
	if (stock_holders(x->l->db, x->e, x->a, m->sku, m->warehouse, HOLDERS, &h, &n)) return -1;
	struct buf b = {0};
	for (size_t i = 0; i < n; i++) buf_printf(&b, "%s" STR_FMT " (%lld)", i ? ", " : "; allocated to ", STR_ARG(h[i].order), (long long)h[i].allocated);
	load_warn(x, m->kind == STOCK_COUNT ? "on_hand" : "quantity", "short", arena_printf(x->a, "leaves " STR_FMT " short by %lld: %s" STR_FMT, STR_ARG(m->warehouse), (long long)missing,
		in_words(x, &m->after), STR_ARG(buf_view(&b))), "find the units, or cancel some of what is allocated");
	buf_free(&b);
	return 0;
}

static int foresee(struct loading *x, struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct movement *m = &p->m[i];
		if (stock_get(x->l->db, x->e, m->sku, m->warehouse, &m->before) < 0) return -1;
		m->after = m->before;
		if (!balance_add(&m->after, &m->by)) return impossible(x, m, &m->before);
		if (warn_short(x, m)) return -1;
	}
	return 0;
}

static int check_names(struct loading *x)
{
	const struct stock_ref *s = &x->r->stock;
	bool moved = x->l->kind == REF_TRANSFER;
	if (load_need(x, "sku", REF_SKU, s->sku) || load_need(x, moved ? "from" : "warehouse", REF_WAREHOUSE, moved ? s->from : s->warehouse)) return -1;
	if (moved && load_need(x, "to", REF_WAREHOUSE, s->to)) return -1;
	if (s->at != DATE_NONE && s->at > x->l->o.now + EARLY)
		load_fault(x, x->l->kind == REF_COUNT ? "counted_at" : x->l->kind == REF_RECEIPT ? "received_at" : "at", "in_future", "is still to come", "load it when it has happened");
	if (x->to->faults.n) return 0;
	const struct sku_ref *sku = catalog_sku(x->l->db, x->e, s->sku);
	if (!sku) return x->e->code ? -1 : 0;
	if (!sku->stocked) load_warn(x, "sku", "not_stocked", arena_printf(x->a, STR_FMT " is said to lie in no warehouse", STR_ARG(s->sku)), "set stocked of that SKU, or leave this out");
	else if (sku->n_components) load_warn(x, "sku", "a_bundle", arena_printf(x->a, STR_FMT " is a bundle, and orders take its components", STR_ARG(s->sku)), "load what it is made of");
	return 0;
}

// --- booked ------------------------------------------------------------------------------------------------------------------------

static void change(struct loading *x, const struct movement *m, const char *field, int64_t from, int64_t to)
{
	if (from != to || (m->kind == STOCK_COUNT && !strcmp(field, "on_hand")))
		*VEC_PUSH(x->a, &x->to->changes) = (struct load_change){field, m->warehouse, str_of(arena_printf(x->a, "%lld", (long long)from)), str_of(arena_printf(x->a, "%lld", (long long)to))};
}

static int book(struct loading *x, struct plan *p)
{
	struct buf b = {0};
	int64_t event_id;
	reference_write(&b, x->r);
	struct str record = {arena_copy(x->a, b.p, b.n), b.n};
	buf_free(&b);
	if (load_event(x, EV_STOCK_BOOKED, x->to->id, 0, x->r->stock.at, record, &event_id)) return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct movement *m = &p->m[i];
		m->event_id = event_id;
		if (stock_move(x->l->db, x->e, m)) return -1;
		change(x, m, "on_hand", m->before.on_hand, m->after.on_hand);
		change(x, m, "held", m->before.held, m->after.held);
	}
	return 0;
}

int load_movement(struct loading *x)
{
	struct plan p = {.n = 0};
	struct str line;
	x->to->id = key_of(x);
	x->to->outcome = LOAD_BOOKED;
	int known = booked(x, x->to->id, &line);
	if (known) return known < 0 ? -1 : same_as_booked(x, line);
	if (check_names(x) || (!x->to->faults.n && plan(x, &p))) return -1;
	if (x->to->faults.n || x->to->outcome == LOAD_STALE) return 0;
	if (foresee(x, &p)) return -1;
	return x->to->faults.n ? 0 : book(x, &p);
}
