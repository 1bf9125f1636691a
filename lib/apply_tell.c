// What others must hear of an order that was confirmed, changed or called off: a message for the outbox.
#include "apply_part.h"
#include "member.h"
#include "outbox_store.h"
#include "view.h"

static void put_units(struct buf *b, const reservations *c)
{
	member_open(b, "units", '[');
	for (size_t i = 0; i < c->n; i++) {
		const struct reservation *r = &c->v[i];
		member_item(b, '{');
		member_text(b, "line", r->line);
		member_text(b, "warehouse", r->warehouse);
		member_text(b, "sku", r->sku);
		member_whole(b, "quantity", r->allocated);
		if (r->backordered) member_whole(b, "backordered", r->backordered);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

// Who bills must know what is not to be paid: the channel's totals may not tell of it yet, or ever.
static void put_cancelled(struct buf *b, const struct order *o)
{
	member_open(b, "cancelled", '[');
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		if (l->cancelled <= 0) continue;
		member_item(b, '{');
		member_text(b, "line", l->id);
		member_text(b, "sku", l->sku);
		member_whole(b, "quantity", l->cancelled);
		member_whole(b, "of", l->quantity);
		member_money(b, "line_total", l->total, o->digits);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

// What receivers know the message by, so that no other has it: an event's id is its source's own. Where one was moved between
// orders there is none that is new; the movement it made is.
static const char *event_name(struct arena *a, const struct pending *p, int64_t movement_id)
{
	if (!p->events.n) return arena_printf(a, "moved:%lld:%lld", (long long)p->event_id, (long long)movement_id);
	const struct event *ev = &p->events.v[p->events.n - 1];
	return arena_printf(a, STR_FMT ":" STR_FMT, STR_ARG(ev->source), STR_ARG(ev->id));
}

// As it stands when it is made so: what is sent later must not depend on what happens meanwhile.
int apply_tell(struct apply *ap, struct err *e, const struct pending *p, const struct order *o, const reservations *c, int64_t movement_id)
{
	struct buf b = {0};
	buf_c(&b, '{');
	member_word(&b, "event", event_name(&ap->fold, p, movement_id));
	member_text(&b, "order", o->id);
	member_text(&b, "number", o->number);
	member_word(&b, "trigger", p->confirms ? "confirmed" : o->status == ORDER_CANCELLED ? "cancelled" : "changed");
	member_instant(&b, "at", ap->now);
	member_text(&b, "service", o->service);
	member_text(&b, "carrier", o->carrier);
	member_text(&b, "currency", o->currency);
	member_money(&b, "total", o->total, o->digits);
	member_money(&b, "captured", o->captured, o->digits);
	member_word(&b, "payment_status", axis_word(AXIS_PAYMENT, (int)o->payment_status));
	put_cancelled(&b, o);
	address_json(&b, "ship_to", &o->shipping);
	put_units(&b, c);
	buf_c(&b, '}');
	int r = outbox_put(ap->db, e, p->event_id, p->key, buf_view(&b), ap->now);
	buf_free(&b);
	return r;
}
