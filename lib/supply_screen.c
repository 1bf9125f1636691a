// What may be promised of a SKU as lines for people.
#include "supply_screen.h"

void supply_screen_head(struct page *p, const struct supply *s)
{
	say_str(p, s->sku);
	say_part(p, s->name);
	say_part(p, s->category);
	page_fact(p, "sku", STRONG);
}

static void say_words(struct page *p, void (*words)(struct buf *b, const struct supply_row *r), const struct supply_row *r)
{
	struct buf b = {0};
	words(&b, r);
	say_str(p, buf_view(&b));
	buf_free(&b);
}

static void put_movement(struct page *p, const struct supply_move *m)
{
	struct buf b = {0};
	supply_moved(&b, &m->m);
	say_at(p, m->m.at);
	say(p, ": %s, ", stock_kind_word(m->m.kind));
	say_str(p, buf_view(&b));
	if (m->counted_at != DATE_NONE) say(p, ", counted "), say_at(p, m->counted_at);
	if (m->order.n) say(p, ", for "), say_str(p, m->order);
	if (m->actor.n) say(p, ", by "), say_str(p, m->actor);
	if (m->reason.n) say(p, ": "), say_str(p, m->reason);
	page_fact(p, "newest", PLAIN);
	buf_free(&b);
}

// Held is what is damaged or recalled: what orders have is allocated to them.
static void put_holders(struct page *p, const struct supply_row *r, const struct supply_why *w)
{
	int64_t left = r->balance.allocated + r->balance.backordered;
	if (!left) return;
	for (size_t i = 0; i < w->holders; i++) {
		say(p, i ? ", " : "to ");
		say_str(p, w->holder[i].order);
		say(p, " %lld", (long long)w->holder[i].allocated);
		if (w->holder[i].backordered) say(p, " and %lld backordered", (long long)w->holder[i].backordered);
		left -= w->holder[i].allocated + w->holder[i].backordered;
	}
	if (left) say_next(p, ", "), say(p, "%lld more", (long long)left);
	page_fact(p, "allocated", PLAIN);
}

void supply_screen_row(struct page *p, const struct supply_row *r, const struct supply_why *w)
{
	page_blank(p);
	say_str(p, r->warehouse);
	if (!r->ships) say(p, ", which does not ship: it does not count below");
	page_fact(p, "warehouse", STRONG);
	say_words(p, supply_available, r);
	if (r->available < 0) say(p, ", short");
	page_fact(p, "available", r->available < 0 ? ALERT : PLAIN);
	say_words(p, supply_sellable, r);
	page_fact(p, "sellable", r->sellable < 0 ? ALERT : PLAIN);
	say(p, "%lld, by ", (long long)r->safety);
	say_str(p, r->rule.n ? r->rule : S("default: no rule is of it"));
	page_fact(p, "safety", PLAIN);
	put_holders(p, r, w);
	if (w->moved) put_movement(p, &w->newest);
}

static void put_waiters(struct page *p, const struct supply *s, const struct supply_why *w)
{
	int64_t left = s->pending;
	say(p, "%lld of new orders", (long long)s->pending);
	for (size_t i = 0; i < w->waiters; i++) {
		say(p, i ? ", " : ": ");
		say_str(p, w->waiter[i].order);
		say(p, " %lld", (long long)w->waiter[i].quantity);
		left -= w->waiter[i].quantity;
	}
	if (left > 0) say(p, ", others %lld", (long long)left);
	page_fact(p, "pending", PLAIN);
}

void supply_screen_end(struct page *p, const struct supply *s, const struct supply_why *w)
{
	struct buf b = {0};
	page_blank(p);
	put_waiters(p, s, w);
	supply_free(&b, s);
	say_str(p, buf_view(&b));
	page_fact(p, "promisable", s->free_to_promise < 0 ? ALERT : STRONG);
	buf_free(&b);
}
