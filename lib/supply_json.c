// What may be promised of a SKU as records, and its figures in words.
#include "member.h"
#include "supply.h"

static void whole(struct buf *b, const char *before, int64_t v, const char *after) { buf_printf(b, "%s%lld%s", before, (long long)v, after); }

void supply_available(struct buf *b, const struct supply_row *r)
{
	whole(b, "", r->balance.on_hand, " on hand");
	whole(b, " - ", r->balance.held, " held");
	whole(b, " - ", r->balance.allocated, " allocated");
	whole(b, " = ", r->available, "");
}

void supply_sellable(struct buf *b, const struct supply_row *r)
{
	whole(b, "", r->available, " available");
	if (r->waited) whole(b, " - ", r->waited, " waited for");
	whole(b, " - ", r->safety, " safety");
	whole(b, " = ", r->sellable, "");
}

void supply_free(struct buf *b, const struct supply *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++) {
		if (!s->row[i].ships) continue;
		whole(b, n++ ? " + " : "", s->row[i].sellable, " in ");
		buf_str(b, s->row[i].warehouse);
	}
	whole(b, n ? " - " : "0 - ", s->pending, " pending");
	whole(b, " = ", s->free_to_promise, "");
}

void supply_moved(struct buf *b, const struct movement *m)
{
	static const char *const name[] = {"on_hand", "held", "allocated", "backordered"};
	const int64_t from[] = {m->before.on_hand, m->before.held, m->before.allocated, m->before.backordered}, to[] = {m->after.on_hand, m->after.held, m->after.allocated, m->after.backordered};
	size_t n = 0;
	for (size_t i = 0; i < 4; i++)
		if (from[i] != to[i]) buf_printf(b, "%s%s %lld -> %lld", n++ ? ", " : "", name[i], (long long)from[i], (long long)to[i]);
	if (!n) buf_printf(b, "on_hand %lld as it was", (long long)m->after.on_hand);
}

// --- records -----------------------------------------------------------------------------------------------------------------

static void member_balance(struct buf *b, const char *name, const struct balance *x, bool all)
{
	member_open(b, name, '{');
	if (all || x->on_hand) member_whole(b, "on_hand", x->on_hand);
	if (all || x->held) member_whole(b, "held", x->held);
	if (all || x->allocated) member_whole(b, "allocated", x->allocated);
	if (all || x->backordered) member_whole(b, "backordered", x->backordered);
	buf_c(b, '}');
}

static void member_words(struct buf *b, const char *name, const struct buf *words) { member_text(b, name, buf_view(words)); }

void supply_move_json(struct buf *b, const struct supply_move *m)
{
	struct buf words = {0};
	supply_moved(&words, &m->m);
	buf_c(b, '{');
	member_word(b, "schema", "oms.movement/1");
	member_id(b, "id", m->m.movement_id);
	member_text(b, "sku", m->m.sku);
	member_text(b, "warehouse", m->m.warehouse);
	member_word(b, "kind", stock_kind_word(m->m.kind));
	member_balance(b, "difference", &m->m.by, false);
	member_balance(b, "before", &m->m.before, true);
	member_balance(b, "after", &m->m.after, true);
	member_words(b, "message", &words);
	member_text(b, "order", m->order);
	member_text(b, "line", m->m.line);
	member_text(b, "event", m->event);
	member_text(b, "actor", m->actor);
	member_text(b, "reason", m->reason);
	member_instant(b, "counted_at", m->counted_at);
	member_instant(b, "booked_at", m->m.at);
	member_id(b, "cursor", m->m.movement_id);
	buf_c(b, '}');
	buf_free(&words);
}

static void figures(struct buf *b, const struct supply *s, const struct supply_row *r)
{
	struct buf words = {0};
	supply_available(&words, r);
	member_words(b, "available", &words);
	buf_clear(&words);
	supply_sellable(&words, r);
	member_words(b, "sellable", &words);
	buf_clear(&words);
	supply_free(&words, s);
	member_words(b, "free_to_promise", &words);
	buf_free(&words);
}

static void member_why(struct buf *b, const struct supply *s, const struct supply_row *r, const struct supply_why *w)
{
	member_open(b, "why", '{');
	figures(b, s, r);
	if (w->moved) member_key(b, "movement"), supply_move_json(b, &w->newest);
	member_open(b, "held_by", '[');
	for (size_t i = 0; i < w->holders; i++) {
		member_item(b, '{');
		member_text(b, "order", w->holder[i].order);
		member_whole(b, "allocated", w->holder[i].allocated);
		member_whole(b, "backordered", w->holder[i].backordered);
		buf_c(b, '}');
	}
	buf_c(b, ']');
	member_open(b, "waiting", '[');
	for (size_t i = 0; i < w->waiters; i++) {
		member_item(b, '{');
		member_text(b, "order", w->waiter[i].order);
		member_whole(b, "quantity", w->waiter[i].quantity);
		buf_c(b, '}');
	}
	buf_cstr(b, "]}");
}

void supply_json(struct buf *b, const struct supply *s, const struct supply_row *r, struct str channel, const struct supply_why *why)
{
	member_record(b, "oms.stock/1");
	member_text(b, "id", s->sku);
	member_text(b, "sku", s->sku);
	if (s->name.n) member_text(b, "name", s->name);
	if (s->category.n) member_text(b, "category", s->category);
	member_text(b, "warehouse", r->warehouse);
	member_whole(b, "on_hand", r->balance.on_hand);
	member_whole(b, "held", r->balance.held);
	member_whole(b, "allocated", r->balance.allocated);
	member_whole(b, "available", r->available);
	member_whole(b, "safety", r->safety);
	if (r->rule.n) member_text(b, "safety_rule", r->rule);
	member_text(b, "channel", channel);
	member_whole(b, "sellable", r->sellable);
	member_whole(b, "backordered", r->balance.backordered);
	if (r->available < 0) member_whole(b, "short", -r->available);
	member_whole(b, "pending", s->pending);
	member_whole(b, "free_to_promise", s->free_to_promise);
	if (r->movement_id) member_id(b, "movement", r->movement_id);
	if (why) member_why(b, s, r, why);
	buf_c(b, '}');
}
