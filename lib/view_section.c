// What the sections of the screen are made of.
#include "view_section.h"

void say_count(struct page *p, size_t n, const char *one, const char *many)
{
	say(p, "%zu %s", n, n == 1 ? one : many);
}

void say_word(struct page *p, enum axis a, int value)
{
	say_part(p, str_of(axis_word(a, value)));
}

void fact_str(struct page *p, const char *label, struct str s)
{
	if (!s.n) return;
	say_str(p, s);
	page_fact(p, label, PLAIN);
}

void fact_at(struct page *p, const char *label, int64_t at)
{
	if (at == DATE_NONE) return;
	say_at(p, at);
	page_fact(p, label, PLAIN);
}

void money_row(struct page *p, const char *label, int64_t minor, int digits, enum style style)
{
	if (minor == MONEY_NONE) return;
	say(p, "%s", label);
	page_row(p, 0, style, (struct str){0}, (struct str){0}, page_money(p, minor, digits));
}

void tax_row(struct page *p, size_t indent, const struct tax *t, int digits)
{
	say(p, t->included ? "includes tax" : "tax");
	const struct str name[] = {t->jurisdiction, t->name};
	for (size_t i = 0; i < 2; i++) {
		if (!name[i].n) continue;
		say(p, " ");
		say_str(p, name[i]);
	}
	if (t->rate.n) {
		say(p, " ");
		say_rate(p, t->rate);
	}
	page_row(p, indent, PLAIN, (struct str){0}, (struct str){0}, page_money(p, t->amount, digits));
}

// What was kept of what was captured settles the order; a cancelled one is settled when nothing is kept. The total less
// what was taken: a refund takes off both sides of it alike.
struct position order_position(const struct order *o)
{
	int64_t kept, open;
	if (o->total == MONEY_NONE || o->captured == MONEY_NONE || o->refunded == MONEY_NONE || !money_sub(o->captured, o->refunded, &kept) || !money_sub(o->total, o->captured, &open))
		return (struct position){"balance due", MONEY_NONE, true};
	if (o->status == ORDER_CANCELLED)
		return kept > 0 ? (struct position){"to be refunded", kept, true} : (struct position){"balance due", 0, false};
	if (open >= 0) return (struct position){"balance due", open, open > 0};
	int64_t over = 0;
	if (!money_add(open, o->refunded, &over)) over = 0;
	over = over < 0 && over != INT64_MIN ? -over : 0;
	return over ? (struct position){"overpaid", over, true} : (struct position){"balance due", 0, false};
}

// The channel says that money moved, and no payment came to say how much: then nothing can be said of a balance.
static bool money_untold(const struct order *o) { return !o->n_payments && !o->n_refunds && !o->captured && o->payment_status != PAY_UNPAID; }

void position_rows(struct page *p, const struct order *o)
{
	if (money_untold(o)) {
		say(p, "%s, as the channel says; no payment came", axis_word(AXIS_PAYMENT, (int)o->payment_status));
		page_fact(p, "payment", PLAIN);
		return;
	}
	if (o->authorized > o->captured) money_row(p, "authorized", o->authorized, o->digits, PLAIN);
	money_row(p, "captured", o->captured, o->digits, PLAIN);
	money_row(p, "refunded", o->refunded, o->digits, PLAIN);
	struct position due = order_position(o);
	money_row(p, due.label, due.amount, o->digits, due.off ? ALERT : PLAIN);
	if (o->disputed) money_row(p, "disputed", o->disputed, o->digits, ALERT);
}

static int64_t known(int64_t minor) { return minor == MONEY_NONE ? 0 : minor; }

int64_t totals_difference(const struct order *o)
{
	int64_t sum = o->subtotal;
	if (o->total == MONEY_NONE || sum == MONEY_NONE) return 0;
	if (o->price_mode == 'n' && o->tax_total == MONEY_NONE) return 0;
	if (!money_sub(sum, known(o->discount_total), &sum) || !money_add(sum, known(o->shipping_total), &sum)) return 0;
	if (!money_add(sum, known(o->fee_total), &sum)) return 0;
	if (o->price_mode == 'n' && !money_add(sum, o->tax_total, &sum)) return 0;
	return money_sub(o->total, sum, &sum) ? sum : 0;
}

static bool under_way(const struct shipment *s)
{
	return s->status < SHIP_DELIVERED && s->progress != TRACK_DELIVERED && s->progress != TRACK_RETURN_TO_SENDER && s->progress != TRACK_RETURNED;
}

int64_t shipment_late(const struct order *o, const struct shipment *s, int64_t now)
{
	int64_t promised = s->promised_at != DATE_NONE ? s->promised_at : o->promised_at;
	int64_t expected = s->eta_at != DATE_NONE && s->eta_at > now ? s->eta_at : now;
	if (promised == DATE_NONE || expected == DATE_NONE || !under_way(s)) return 0;
	return expected > promised ? expected - promised : 0;
}
