// Movements of stock: each booked once, by its natural key.
#include "load_part.h"

enum { HOLDERS = 5 }; // so many orders are named

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

struct movement *load_add(struct load_plan *p, struct loading *x, enum stock_kind kind, struct str warehouse, int64_t on_hand, int64_t held)
{
	p->m[p->n] = (struct movement){.sku = x->r->stock.sku, .warehouse = warehouse, .kind = kind, .by = {.on_hand = on_hand, .held = held}, .at = x->l->o.now};
	return &p->m[p->n++];
}

static int plan(struct loading *x, struct load_plan *p)
{
	const struct stock_ref *s = &x->r->stock;
	int64_t n = s->quantity, held = s->held == INT64_MIN ? 0 : s->held;
	bool adds = x->l->kind == REF_RECEIPT || x->l->kind == REF_TRANSFER || (x->l->kind == REF_QUARANTINE && n < 0);
	if (adds && s->at != DATE_NONE && load_counted_already(x, x->l->kind == REF_TRANSFER ? s->to : s->warehouse)) return -1;
	switch (x->l->kind) {
	case REF_COUNT: return load_count(x, p);
	case REF_RECEIPT: load_add(p, x, STOCK_RECEIVE, s->warehouse, n, 0); break;
	case REF_QUARANTINE: load_add(p, x, n > 0 ? STOCK_HOLD : STOCK_UNHOLD, s->warehouse, 0, n); break;
	case REF_SCRAP: load_add(p, x, STOCK_SCRAP, s->warehouse, -n, -held); break;
	default:
		load_add(p, x, STOCK_TRANSFER_OUT, s->from, -n, 0);
		load_add(p, x, STOCK_TRANSFER_IN, s->to, n, 0);
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

static int foresee(struct loading *x, struct load_plan *p)
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

static int book(struct loading *x, struct load_plan *p)
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
	struct load_plan p = {.n = 0};
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
