// The order's status, the holds that were opened, and those the facts themselves open: contradictions and disputes.
#include "fold_parts.h"
#include <stdlib.h>

// --- status ---------------------------------------------------------------------------------------------------------

static bool has_left(const struct fold *f)
{
	if (f->shipped_at != DATE_NONE) return true;
	for (size_t k = 0; k < f->o->n_lines; k++)
		if (f->o->lines[k].shipped > 0) return true;
	for (size_t k = 0; k < f->o->n_shipments; k++)
		if (shipment_left(f->o->shipments[k].status)) return true;
	return false;
}

// What will never leave: the units of a cancelled order that had not left.
static void cancel_lines(struct order *o)
{
	for (size_t k = 0; k < o->n_lines; k++) {
		struct line *l = &o->lines[k];
		if (l->shipped >= 0 && l->shipped <= l->quantity && l->cancelled < l->quantity - l->shipped) l->cancelled = l->quantity - l->shipped;
	}
}

// Cancelled is final. What had left before cannot be cancelled any more: the word is kept, a hold asks somebody to look.
void fold_status_close(struct fold *f)
{
	struct order *o = f->o;
	bool left = has_left(f);
	f->left = left;
	f->left_first = left && f->cancelled && f->shipped_at != DATE_NONE && (f->cancelled_at == DATE_NONE || f->shipped_at <= f->cancelled_at);
	if (f->cancelled && !f->left_first) {
		o->status = ORDER_CANCELLED;
		cancel_lines(o);
	} else if (left && (o->status == ORDER_NEW || o->status == ORDER_CANCELLED)) o->status = ORDER_CONFIRMED;
	if (f->confirmed != NOT_THERE && o->status == ORDER_NEW) o->status = ORDER_CONFIRMED;
	if (f->cancelled && o->cancelled_at == DATE_NONE) o->cancelled_at = f->cancelled_at;
}

// --- holds of events ------------------------------------------------------------------------------------------------

static const struct { const char *type, *blocks[4]; } defaults[] = {
	{"FRAUD", {"confirm", "ship", "bill"}}, {"ADDRESS", {"confirm", "release"}}, {"DOCS", {"confirm"}},
	{"COMPLIANCE", {"confirm", "ship"}}, {"PAYMENT_SHORT", {"confirm", "ship"}}, {"PAYMENT_EXPIRED", {"confirm", "ship"}},
	{"STOCK", {"ship"}}, {"BACKORDER", {"ship"}}, {"PREORDER", {"release"}}, {"DUP_SUSPECT", {"confirm"}},
	{"CHANGED", {"release", "ship"}}, {"CANCEL_REQ", {"release", "ship"}}, {"DISPUTE", {"refund"}}, {"RECON", {"close", "bill"}},
	{"CREDIT", {"confirm"}},
};

static void default_blocks(struct arena *a, struct hold *h)
{
	for (size_t k = 0; k < sizeof defaults / sizeof *defaults; k++) {
		if (!str_is(h->type, defaults[k].type)) continue;
		h->blocks = NEW_N(a, struct str, 4);
		while (h->n_blocks < 4 && defaults[k].blocks[h->n_blocks]) {
			h->blocks[h->n_blocks] = str_of(defaults[k].blocks[h->n_blocks]);
			h->n_blocks++;
		}
		return;
	}
}

static bool hold_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct hold *h = to;
	(void)code;
	return take_strs(p, v, &h->blocks, &h->n_blocks);
}

static const struct field hold_fields[] = {
	FIELD("id", TEXT, struct hold, id), FIELD("type", TEXT, struct hold, type), FIELD("reason", TEXT, struct hold, reason),
	FIELD("owner", TEXT, struct hold, owner), FIELD_OWN("blocks", OWN, 0), FIELD("until_at", TIME, struct hold, until_at),
	FIELD("source", TEXT, struct hold, source), FIELD("rule", TEXT, struct hold, rule),
};
static const struct form hold_form = FORM(hold_fields, hold_own);

static struct str by(const struct event *ev) { return ev->actor.n ? ev->actor : ev->source; }

// How often a hold of that name was opened before: "H-1" was closed, and is opened again as "H-1#2".
static struct str next_name(struct fold *f, struct str id)
{
	size_t times = 1;
	for (size_t k = 0; k < f->holds.n; k++) times += str_eq(f->holds.v[k].id, id) || (str_starts(f->holds.v[k].id, id) && f->holds.v[k].id.p[id.n] == '#');
	return str_of(arena_printf(f->a, STR_FMT "#%zu", STR_ARG(id), times));
}

// Opened again while open: the newer words stand. One that was closed is never used again: the new one has a new row.
static void open_hold(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, -1);
	struct hold h = {.id = ev->id, .opened_at = when(f, i), .closed_at = DATE_NONE, .until_at = DATE_NONE, .opened_by = by(ev), .status = HOLD_OPEN};
	uint64_t have = 0;
	take_members(&p, &hold_form, ev->body, &h, &have);
	if (!h.n_blocks) default_blocks(f->a, &h);
	size_t k = names_find(&f->hold_names, h.id);
	if (k == NOT_THERE || f->holds.v[k].status != HOLD_OPEN) {
		struct str name = h.id;
		if (k != NOT_THERE) h.id = next_name(f, name);
		names_set(f->a, &f->hold_names, name, f->holds.n);
		*VEC_PUSH(f->a, &f->holds) = h;
		*VEC_PUSH(f->a, &f->hold_from) = i;
	} else {
		h.id = f->holds.v[k].id;
		h.opened_at = f->holds.v[k].opened_at;
		h.opened_by = f->holds.v[k].opened_by;
		f->holds.v[k] = h;
	}
	stands(f, i);
}

static enum hold_status closed_as(struct str resolution)
{
	int word = resolution.n ? axis_value(AXIS_HOLD, resolution) : -1;
	return word > HOLD_OPEN ? (enum hold_status)word : HOLD_RELEASED;
}

static void close_hold(struct hold *h, const struct release *r)
{
	h->status = closed_as(r->resolution);
	h->closed_at = r->at;
	h->closed_by = r->by;
	h->resolution = r->resolution;
}

// A source closes only what it opened; a person may close any. A release of what is not there makes nothing, but is kept
// for the holds the facts open, which no event did.
static void release_hold(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, -1);
	struct release r = {text_at(&p, ev->body, "id"), by(ev), text_at(&p, ev->body, "resolution"), when(f, i), i};
	size_t k = names_find(&f->hold_names, r.id);
	if (k == NOT_THERE) {
		if (r.id.n) *VEC_PUSH(f->a, &f->releases) = r;
		return;
	}
	if (f->holds.v[k].status != HOLD_OPEN) return;
	if (!ev->actor.n && !str_eq(ev->source, f->ev[f->hold_from.v[k]].source)) return;
	close_hold(&f->holds.v[k], &r);
	stands(f, i);
}

// --- holds of facts -------------------------------------------------------------------------------------------------

static struct hold *fact_hold(struct fold *f, const char *type, struct str what, struct str reason, const char *owner, int64_t at)
{
	struct hold *h = VEC_PUSH(f->a, &f->holds);
	*h = (struct hold){.id = str_of(arena_printf(f->a, "%s:" STR_FMT, type, STR_ARG(what))), .type = str_of(type), .reason = reason,
		.owner = str_of(owner), .source = S("rule"), .rule = what, .opened_by = S("oms"), .status = HOLD_OPEN, .opened_at = at,
		.closed_at = DATE_NONE, .until_at = DATE_NONE};
	default_blocks(f->a, h);
	return h;
}

// What a person released stays released while the facts are the same.
static void released_by_person(struct fold *f, struct hold *h)
{
	for (size_t k = 0; k < f->releases.n; k++) {
		const struct release *r = &f->releases.v[k];
		if (h->status != HOLD_OPEN || !str_eq(r->id, h->id) || (h->opened_at != DATE_NONE && r->at < h->opened_at)) continue;
		close_hold(h, r);
		stands(f, r->i);
	}
}

static void recon(struct fold *f, const char *code, const char *reason, const char *owner, int64_t at)
{
	released_by_person(f, fact_hold(f, "RECON", str_of(code), str_of(reason), owner, at));
}

static int64_t last_refund(const struct fold *f)
{
	int64_t at = DATE_NONE;
	for (size_t k = 0; k < f->refunds.n; k++)
		if (f->refunds.v[k].r.status == REFUND_SUCCEEDED && f->refunds.v[k].moved_at > at) at = f->refunds.v[k].moved_at;
	for (size_t k = 0; k < f->o->n_payments && at == DATE_NONE; k++)
		if (f->o->payments[k].refunded > f->o->payments[k].captured) at = f->o->payments[k].at;
	return at;
}

static bool refunded_too_much(const struct order *o)
{
	for (size_t k = 0; k < o->n_payments; k++)
		if (o->payments[k].refunded > o->payments[k].captured) return true;
	return o->n_payments && o->refunded > o->captured;
}

// The last payment that took money, or may, in a currency that is not the order's; DATE_NONE: none did.
static bool paid_otherwise(const struct order *o, int64_t *at)
{
	bool any = false;
	*at = DATE_NONE;
	for (size_t k = 0; k < o->n_payments; k++) {
		const struct payment *p = &o->payments[k];
		if (order_counts(o, p) || p->status == PAY_FAILED || p->status == PAY_EXPIRED) continue;
		if (p->captured <= p->refunded && (p->captured > 0 || p->authorized <= p->voided)) continue; // given back, or let go
		any = true;
		if (p->at > *at) *at = p->at;
	}
	return any;
}

static int64_t last_left(const struct order *o, int64_t at)
{
	for (size_t k = 0; k < o->n_shipments; k++)
		if (o->shipments[k].shipped_at > at) at = o->shipments[k].shipped_at;
	return at;
}

static bool shipped_too_much(const struct order *o)
{
	for (size_t k = 0; k < o->n_lines; k++)
		if (o->lines[k].shipped > o->lines[k].quantity) return true;
	return false;
}

// Of one line more was cancelled than could be: what had left cannot be cancelled, only taken back.
static bool cancelled_of_shipped(const struct order *o)
{
	for (size_t k = 0; k < o->n_lines; k++) {
		const struct line *l = &o->lines[k];
		if (l->shipped > 0 && l->cancelled > 0 && l->shipped <= l->quantity && l->cancelled > l->quantity - l->shipped) return true;
	}
	return false;
}

// The newest of what gave stock back; of a parcel that stayed here, what it stands beside.
static int64_t reopened_at(const struct fold *f)
{
	int64_t at = f->o->confirmed_at;
	for (size_t k = 0; k < f->unit_releases.n; k++)
		if (when(f, f->unit_releases.v[k]) > at) at = when(f, f->unit_releases.v[k]);
	return at;
}

static void contradictions(struct fold *f)
{
	struct order *o = f->o;
	if (f->cancelled && f->left_first)
		recon(f, "cancelled_after_ship", "cancelled after it had shipped: the cancellation was recorded, the order stands", "logistics", f->cancelled_at);
	else if (f->cancelled && f->left)
		recon(f, "shipped_after_cancel", "shipped after it was cancelled", "logistics", f->shipped_at);
	if (f->cancelled && f->captured_late_at != DATE_NONE)
		recon(f, "captured_after_cancel", "money was captured after the order was cancelled", "finance", f->captured_late_at);
	int64_t otherwise;
	if (paid_otherwise(o, &otherwise)) recon(f, "payment_other_currency", "a payment is in another currency than the order, and is not counted", "finance", otherwise);
	if (refunded_too_much(o)) recon(f, "refund_exceeds_captured", "more was refunded than was captured", "finance", last_refund(f));
	if (!o->credit && shipped_too_much(o)) recon(f, "shipped_exceeds_ordered", "more units were shipped than were ordered", "logistics", last_left(o, f->shipped_at));
	if (!o->credit && cancelled_of_shipped(o)) recon(f, "cancelled_of_shipped", "units are told as cancelled that have left", "logistics", last_left(o, f->shipped_at));
	if (f->changed && o->status == ORDER_CONFIRMED)
		released_by_person(f, fact_hold(f, "CHANGED", S("lines"), S("the channel changed the lines after the order was confirmed"), "customer-care", o->updated_at > o->confirmed_at ? o->updated_at : o->confirmed_at));
	if (f->reopened && !f->changed && o->status == ORDER_CONFIRMED)
		released_by_person(f, fact_hold(f, "CHANGED", S("open"), S("units of it are open again, and no stock is held for them"), "customer-care", reopened_at(f)));
	if (f->overflow) recon(f, "amount_overflow", "an amount is too large to count with; what depends on it is unknown", "finance", o->placed_at);
}

static void dispute_holds(struct fold *f)
{
	for (size_t k = 0; k < f->disputes.n; k++) {
		const struct dispute_slot *s = &f->disputes.v[k];
		bool now = dispute_blocks(s->d.status);
		if (!now && !s->blocked) continue;
		struct str word = str_of(axis_word(AXIS_DISPUTE, (int)s->d.status));
		struct str reason = str_of(arena_printf(f->a, "dispute " STR_FMT " is " STR_FMT, STR_ARG(s->d.id), STR_ARG(word)));
		struct hold *h = fact_hold(f, "DISPUTE", s->d.id, reason, "finance", s->blocked_at != DATE_NONE ? s->blocked_at : s->d.opened_at);
		h->rule = (struct str){0};
		if (!now) close_hold(h, &(struct release){.at = s->status_at, .by = S("oms"), .resolution = word});
	}
}

static int by_opening(const void *x, const void *y)
{
	const struct hold *a = x, *b = y;
	if (a->opened_at != b->opened_at) return a->opened_at < b->opened_at ? -1 : 1;
	return str_cmp(a->id, b->id);
}

void fold_holds_close(struct fold *f)
{
	for (size_t k = f->hold_events.n; k-- > 0;) {
		size_t i = f->hold_events.v[k];
		if (f->ev[i].type == EV_HOLD_OPENED) open_hold(f, i);
		else release_hold(f, i);
	}
	contradictions(f);
	dispute_holds(f);
	if (f->holds.n > 1) qsort(f->holds.v, f->holds.n, sizeof *f->holds.v, by_opening);
	f->o->holds = f->holds.v;
	f->o->n_holds = f->holds.n;
}
