// Cancelling: the guards, then one event; the fold and the ledger do the rest.
#include "cancel.h"
#include "member.h"

static int64_t unshipped(const struct line *l) { return l->quantity - l->cancelled - l->shipped; }

static int refused(struct err *e, struct cancelled *to, const char *code, const char *why)
{
	to->code = code;
	return fail(e, E_REFUSED, "%s", why);
}

// The whole order: nothing of it may have left.
static int may_cancel(struct err *e, struct cancelled *to)
{
	const struct order *o = to->was;
	if (o->status == ORDER_CLOSED) return refused(e, to, "closed", "it is closed");
	for (size_t i = 0; i < o->n_lines; i++)
		if (o->lines[i].shipped > 0) return refused(e, to, "shipped", "units of it have left: cancel those that have not with --line, and take the others back as a return");
	for (size_t i = 0; i < o->n_lines; i++)
		if (o->lines[i].picked > 0) return refused(e, to, "picked", "units of it are picked: have them put back first, or cancel those that are not with --line");
	for (size_t i = 0; i < o->n_shipments; i++)
		if (shipment_left(o->shipments[i].status)) return refused(e, to, "shipped", "a parcel of it has left: take it back as a return");
	return 0;
}

static const struct line *line_named(const struct order *o, struct str word, size_t *found)
{
	const struct line *l = NULL;
	*found = 0;
	for (size_t i = 0; i < o->n_lines; i++)
		if (str_eq(o->lines[i].id, word)) return *found = 1, &o->lines[i];
	for (size_t i = 0; i < o->n_lines; i++)
		if (str_eq(o->lines[i].sku, word)) l = &o->lines[i], ++*found;
	return l;
}

static int put_line(struct err *e, struct cancelled *to, const struct cancel_units *u, int64_t *left)
{
	const struct order *o = to->was;
	size_t found;
	const struct line *l = line_named(o, u->line, &found);
	if (found != 1) {
		to->code = "no_line";
		fail(e, E_REFUSED, found ? STR_FMT " is the SKU of several of its lines" : "it has no line " STR_FMT, STR_ARG(u->line));
		return hint(e, "oms-show tells its lines; name one by its id");
	}
	int64_t *rest = &left[l - o->lines];
	if (u->quantity > *rest) {
		to->code = "too_many";
		return fail(e, E_REFUSED, "line " STR_FMT ": %lld to cancel, and %lld that %s", STR_ARG(l->id), (long long)u->quantity, (long long)(*rest > 0 ? *rest : 0),
			l->picked > 0 ? "are neither picked nor gone" : "have not left");
	}
	*rest -= u->quantity;
	return 0;
}

// Where nothing of the order is left by it, and nothing of it has left, it is the order that is cancelled.
static bool all_of_it(const struct order *was, const int64_t *left)
{
	for (size_t i = 0; i < was->n_lines; i++)
		if (left[i] || was->lines[i].shipped || was->lines[i].picked) return false;
	return was->status != ORDER_CLOSED;
}

// The event says how many of a line were cancelled by it, and how many then are, once a line.
static int put_units(struct own *w, struct err *e, struct cancelled *to, const struct cancel_options *o, struct buf *b, bool *all)
{
	const struct order *was = to->was;
	int64_t *left = NEW_N(own_arena(w), int64_t, was->n_lines + 1);
	for (size_t i = 0; i < was->n_lines; i++) left[i] = unshipped(&was->lines[i]) - was->lines[i].picked;
	for (size_t i = 0; i < o->n; i++)
		if (put_line(e, to, &o->units[i], left)) return -1;
	*all = all_of_it(was, left);
	if (*all) return 0;
	member_open(b, "lines", '[');
	for (size_t i = 0; i < was->n_lines; i++) {
		int64_t n = unshipped(&was->lines[i]) - was->lines[i].picked - left[i];
		if (!n) continue;
		member_item(b, '{');
		member_text(b, "line", was->lines[i].id);
		member_whole(b, "quantity", n);
		member_whole(b, "cancelled", was->lines[i].cancelled + n);
		buf_c(b, '}');
	}
	buf_c(b, ']');
	return 0;
}

static int write_event(struct own *w, struct err *e, struct cancelled *to, const struct cancel_options *o, const struct digest *log, struct apply_view *after)
{
	struct buf b = {0}, hex = {0};
	buf_c(&b, '{'); // members are told from a beginning by it; the event has braces of its own
	bool all = !o->n;
	int r = o->n ? put_units(w, e, to, o, &b, &all) : 0;
	if (all) member_instant(&b, "at", o->now);
	member_word(&b, "reason", o->reason);
	digest_hex(&hex, log->b, 8);
	const char *id = arena_printf(own_arena(w), "oms-cancel:" STR_FMT ":" STR_FMT, STR_ARG(to->id), STR_ARG(buf_view(&hex)));
	if (r == 0) r = own_event(w, e, to->id, all ? EV_ORDER_CANCELLED : EV_UNITS_CANCELLED, id, str_cut(buf_view(&b), 1, b.n), after);
	buf_free(&b);
	buf_free(&hex);
	return r;
}

int cancel_order(struct own *w, struct err *e, const char *operand, const struct cancel_options *o, struct cancelled *to)
{
	struct apply_view v, after;
	*to = (struct cancelled){0};
	if (own_find(w, e, operand, &to->id) || own_look(w, e, to->id, &v)) return -1;
	to->was = to->is = v.o;
	if (v.o->status == ORDER_CANCELLED) {
		to->code = "already_cancelled";
		return o->n ? refused(e, to, "already_cancelled", "the order is cancelled already: nothing of it is left to cancel") : 0;
	}
	if (!o->n && may_cancel(e, to)) return -1;
	if (write_event(w, e, to, o, &v.log, &after)) return -1;
	to->is = after.o;
	to->changed = true;
	return 0;
}
