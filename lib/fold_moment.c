// The timeline: a short sentence an event, made from what it says. Payload text stays raw; printers make it safe.
#include "fold_parts.h"

enum { LONGEST = 160 }; // bytes of a payload text inside a sentence

struct telling { struct fold *f; struct place p; uint32_t body; struct buf *b; };

static struct str get(struct telling *t, const char *key) { return text_at(&t->p, t->body, key); }

static void add(struct telling *t, struct str s)
{
	size_t n = s.n;
	if (n > LONGEST)
		for (n = LONGEST; n && ((unsigned char)s.p[n] & 0xc0) == 0x80; n--) continue; // not inside a character
	buf_str(t->b, str_cut(s, 0, n));
	if (n < s.n) buf_cstr(t->b, "…");
}

static void say(struct telling *t, const char *before, struct str s, const char *after)
{
	if (!s.n) return;
	buf_cstr(t->b, before);
	add(t, s);
	buf_cstr(t->b, after);
}

// "part_captured" reads "part captured".
static void say_word(struct telling *t, struct str word)
{
	for (size_t i = 0; i < word.n && i < LONGEST; i++) buf_c(t->b, word.p[i] == '_' ? ' ' : word.p[i]);
}

static void say_amount(struct telling *t, struct str amount)
{
	struct str currency = get(t, "currency");
	if (!amount.n) return;
	buf_c(t->b, ' ');
	add(t, amount);
	say(t, " ", currency.n ? currency : t->f->currency, "");
}

static uint32_t elements(struct telling *t, const char *key)
{
	uint32_t v = json_getz(t->p.j, t->body, key);
	return v && json_type(t->p.j, v) == JSON_ARRAY ? t->p.j->node[v].n : 0;
}

static void say_count(struct telling *t, uint32_t n, const char *one)
{
	if (!n) return;
	buf_cstr(t->b, ", ");
	buf_int(t->b, n);
	buf_c(t->b, ' ');
	buf_cstr(t->b, one);
	if (n > 1) buf_c(t->b, 's');
}

static void tell_order(struct telling *t, bool created)
{
	buf_cstr(t->b, created ? "order placed" : "order updated");
	say_count(t, elements(t, "lines"), "line");
	say_count(t, elements(t, "line_updates"), "line update");
	struct str total = get(t, "total"), status = get(t, "status"), payment = get(t, "payment_status"), parcel = get(t, "fulfilment_status");
	if (total.n) buf_cstr(t->b, ", total");
	say_amount(t, total);
	if (status.n) buf_cstr(t->b, ", ");
	say_word(t, status);
	if (payment.n) buf_cstr(t->b, ", payment ");
	say_word(t, payment);
	if (parcel.n) buf_cstr(t->b, ", fulfilment ");
	say_word(t, parcel);
	if (json_getz(t->p.j, t->body, "addresses")) buf_cstr(t->b, ", addresses");
}

static const struct { const char *kind, *done, *thing; } steps[] = {
	{"authorization", "authorized", "authorization"}, {"capture", "captured", "capture"}, {"sale", "captured", "capture"},
	{"void", "voided", "void"}, {"refund", "refunded", "refund"}, {"snapshot", "payment", "payment"},
};

static const char *snapshot_word(struct telling *t, struct str *amount)
{
	struct str refunded = get(t, "refunded"), captured = get(t, "captured"), authorized = get(t, "authorized");
	struct place p = t->p;
	int64_t n = 0;
	p.digits = 4; // only whether it is more than nothing
	if (take_money(&p, json_getz(p.j, t->body, "refunded"), &n) && n > 0) return *amount = refunded, "refunded in all";
	if (take_money(&p, json_getz(p.j, t->body, "captured"), &n) && n > 0) return *amount = captured, "captured";
	if (take_money(&p, json_getz(p.j, t->body, "authorized"), &n) && n > 0) return *amount = authorized, "authorized";
	return "payment";
}

static void tell_payment(struct telling *t)
{
	struct str kind = get(t, "kind"), status = get(t, "status"), amount = get(t, "amount"), brand = get(t, "brand");
	size_t k = 0;
	while (k < 5 && !str_is(kind, steps[k].kind)) k++;
	bool done = str_is(status, "succeeded"), snapshot = k == 5;
	const char *word = snapshot && (done || !status.n) ? snapshot_word(t, &amount) : done ? steps[k].done : steps[k].thing;
	buf_cstr(t->b, word);
	say_amount(t, amount);
	if (!done) say(t, " ", status.n ? status : snapshot ? status : S("pending"), "");
	say(t, " on ", brand.n ? brand : get(t, "method"), "");
	say(t, " ", get(t, "last4"), "");
	say(t, " (", get(t, "psp_ref"), ")");
	say(t, ": ", get(t, "error"), "");
}

static void tell_refund(struct telling *t)
{
	buf_cstr(t->b, "refund");
	say_amount(t, get(t, "amount"));
	say(t, " ", get(t, "status"), "");
	say(t, " (", get(t, "id"), ")");
	say(t, ": ", get(t, "reason"), "");
}

static void tell_dispute(struct telling *t)
{
	buf_cstr(t->b, "dispute");
	say(t, " ", get(t, "id"), "");
	say_amount(t, get(t, "amount"));
	struct str status = get(t, "status");
	if (status.n) buf_c(t->b, ' ');
	say_word(t, status);
	say(t, ": ", get(t, "reason"), "");
}

static void tell_shipment(struct telling *t)
{
	say(t, "shipment ", get(t, "id"), "");
	say(t, " ", get(t, "status"), "");
	say(t, ", ", get(t, "carrier"), "");
	uint32_t v = json_getz(t->p.j, t->body, "tracking_numbers");
	for (uint32_t m = v && json_type(t->p.j, v) == JSON_ARRAY ? json_first(t->p.j, v) : 0; m; m = json_after(t->p.j, v, m))
		say(t, " ", json_str(t->p.j, m, t->f->a), "");
	say_count(t, elements(t, "lines"), "line");
}

static void tell_scan(struct telling *t)
{
	struct str code = get(t, "code"), message = get(t, "message");
	say_word(t, code.n ? code : S("scan"));
	say(t, ": ", message.n ? message : get(t, "raw_code"), "");
	say(t, ", ", get(t, "location"), "");
}

static void tell_ticket(struct telling *t)
{
	struct str status = get(t, "status");
	say(t, "ticket ", get(t, "id"), "");
	buf_c(t->b, ' ');
	if (str_is(status, "new")) buf_cstr(t->b, "opened");
	else say_word(t, status.n ? status : S("updated"));
	say(t, ": ", get(t, "subject"), "");
}

static void tell_message(struct telling *t)
{
	struct str author = get(t, "author"), role = get(t, "role");
	uint32_t shown = json_getz(t->p.j, t->body, "public");
	add(t, author.n ? author : role.n ? role : S("somebody"));
	buf_cstr(t->b, shown && json_type(t->p.j, shown) == JSON_FALSE ? " noted on ticket " : " wrote in ticket ");
	add(t, get(t, "ticket"));
	say(t, ": ", get(t, "text"), "");
}

struct taken { struct str warehouse; int64_t units; };
typedef VEC(struct taken) takens;

static int64_t whole(struct telling *t, uint32_t object, const char *key)
{
	int64_t n = 0;
	uint32_t v = json_getz(t->p.j, object, key);
	return v && json_int(t->p.j, v, &n) ? n : 0;
}

static void take_from(struct telling *t, takens *list, struct str warehouse, int64_t units)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i].warehouse, warehouse)) {
			list->v[i].units += units;
			return;
		}
	if (units) *VEC_PUSH(t->f->a, list) = (struct taken){warehouse, units};
}

static uint32_t list_in(struct telling *t, uint32_t object, const char *key)
{
	uint32_t v = json_getz(t->p.j, object, key);
	return v && json_type(t->p.j, v) == JSON_ARRAY ? v : 0;
}

// "confirmed: 3 units from BER, 1 unit backordered"
static void tell_confirmed(struct telling *t)
{
	const struct json *j = t->p.j;
	takens list = {0};
	int64_t later = 0;
	uint32_t lines = list_in(t, t->body, "lines");
	for (uint32_t l = lines ? json_first(j, lines) : 0; l; l = json_after(j, lines, l)) {
		uint32_t units = list_in(t, l, "allocations");
		for (uint32_t u = units ? json_first(j, units) : 0; u; u = json_after(j, units, u)) {
			take_from(t, &list, text_at(&t->p, u, "warehouse"), whole(t, u, "units"));
			later += whole(t, u, "backordered");
		}
	}
	buf_cstr(t->b, "order confirmed");
	for (size_t i = 0; i < list.n; i++) {
		buf_printf(t->b, "%s%lld unit%s from ", i ? ", " : ": ", (long long)list.v[i].units, list.v[i].units == 1 ? "" : "s");
		add(t, list.v[i].warehouse);
	}
	if (later) buf_printf(t->b, "%s%lld backordered", list.n ? ", " : ": ", (long long)later);
	uint32_t over = list_in(t, t->body, "overrides");
	for (uint32_t o = over ? json_first(j, over) : 0; o; o = json_after(j, over, o)) {
		say(t, "; check ", text_at(&t->p, o, "check"), " passed over: ");
		add(t, text_at(&t->p, o, "reason"));
	}
}

static void tell_released(struct telling *t)
{
	const struct json *j = t->p.j;
	uint32_t lines = list_in(t, t->body, "lines");
	buf_cstr(t->b, "stock given back");
	for (uint32_t l = lines ? json_first(j, lines) : 0; l; l = json_after(j, lines, l)) {
		buf_printf(t->b, "%s%lld ", l == json_first(j, lines) ? ": " : ", ", (long long)(whole(t, l, "quantity") + whole(t, l, "backordered")));
		add(t, text_at(&t->p, l, "sku"));
		say(t, " in ", text_at(&t->p, l, "warehouse"), "");
	}
}

static void tell_units(struct telling *t)
{
	const struct json *j = t->p.j;
	uint32_t lines = list_in(t, t->body, "lines");
	buf_cstr(t->b, "cancelled");
	for (uint32_t l = lines ? json_first(j, lines) : 0; l; l = json_after(j, lines, l)) {
		int64_t n = whole(t, l, "quantity");
		buf_printf(t->b, "%s%lld unit%s of line ", l == json_first(j, lines) ? " " : ", ", (long long)n, n == 1 ? "" : "s");
		add(t, text_at(&t->p, l, "line"));
	}
	say(t, ": ", get(t, "reason"), "");
}

static void tell_other(struct telling *t, enum event_type type)
{
	switch ((int)type) {
	case EV_ORDER_CANCELLED:
		buf_cstr(t->b, "order cancelled");
		say(t, ": ", get(t, "reason"), "");
		break;
	case EV_HOLD_OPENED:
		say(t, "hold ", get(t, "type"), " opened");
		say(t, ": ", get(t, "reason"), "");
		break;
	case EV_HOLD_RELEASED:
		say(t, "hold ", get(t, "id"), " released");
		say(t, ": ", get(t, "resolution"), "");
		break;
	case EV_ORDER_CONFIRMED: tell_confirmed(t); break;
	case EV_UNITS_CANCELLED: tell_units(t); break;
	case EV_UNITS_RELEASED: tell_released(t); break;
	case EV_CUSTOMER_UPDATED: buf_cstr(t->b, "customer updated"); break;
	case EV_NOTE_ADDED:
		say(t, "", get(t, "author"), " noted: ");
		add(t, get(t, "text"));
		break;
	case EV_SOURCE_NOTIFIED:
		buf_cstr(t->b, "the source told of a change");
		say(t, ": ", get(t, "topic"), "");
		say(t, " ", get(t, "text"), "");
		break;
	}
}

static void tell(struct telling *t, enum event_type type)
{
	switch ((int)type) {
	case EV_ORDER_CREATED: case EV_ORDER_UPDATED: tell_order(t, type == EV_ORDER_CREATED); break;
	case EV_PAYMENT_UPDATED: tell_payment(t); break;
	case EV_REFUND_UPDATED: tell_refund(t); break;
	case EV_DISPUTE_UPDATED: tell_dispute(t); break;
	case EV_SHIPMENT_UPDATED: tell_shipment(t); break;
	case EV_TRACKING_UPDATED: tell_scan(t); break;
	case EV_TICKET_UPDATED: tell_ticket(t); break;
	case EV_TICKET_MESSAGE: tell_message(t); break;
	default: tell_other(t, type); break;
	}
}

void fold_timeline(struct fold *f)
{
	struct order *o = f->o;
	struct buf b = {0};
	o->timeline = NEW_N(f->a, struct moment, f->n);
	for (size_t i = 0; i < f->n; i++) {
		const struct event *ev = &f->ev[i];
		struct telling t = {f, place_of(f, i, -1), ev->body, &b};
		buf_clear(&b);
		tell(&t, ev->type);
		struct str s = buf_view(&b);
		o->timeline[o->n_timeline++] = (struct moment){when(f, i), ev->type, ev->id, ev->source, ev->actor,
			{arena_copy(f->a, s.p, s.n), s.n}, !f->used[i]};
	}
	buf_free(&b);
}
