// The section financials: payments, refunds, disputes.
#include "view_section.h"

static bool dispute_open(const struct dispute *d)
{
	return d->status == DISPUTE_NEEDS_RESPONSE || d->status == DISPUTE_UNDER_REVIEW || d->status == DISPUTE_WARNING_NEEDS_RESPONSE
		|| d->status == DISPUTE_WARNING_UNDER_REVIEW;
}

// The money of these is with the bank, for now or for good; a warning has taken nothing yet.
static bool dispute_debits(const struct dispute *d)
{
	return d->status == DISPUTE_NEEDS_RESPONSE || d->status == DISPUTE_UNDER_REVIEW || d->status == DISPUTE_LOST || d->status == DISPUTE_ACCEPTED;
}

static bool refund_waits(const struct refund *r)
{
	return r->status == REFUND_PROPOSED || r->status == REFUND_APPROVED || r->status == REFUND_PENDING;
}

// What names no payment belongs to the only one there is.
static bool belongs(const struct order *o, const struct payment *p, struct str ref)
{
	return ref.n ? str_eq(ref, p->psp_ref) : o->n_payments == 1;
}

struct owed { int64_t waiting, disputed, refundable; };

static struct owed payment_owed(const struct order *o, const struct payment *p)
{
	struct owed w = {0};
	for (size_t i = 0; i < o->n_refunds; i++) {
		const struct refund *r = &o->refunds[i];
		if (r->status == REFUND_PENDING && r->amount != MONEY_NONE && belongs(o, p, r->payment_ref) && !money_add(w.waiting, r->amount, &w.waiting)) w.waiting = INT64_MAX;
	}
	for (size_t i = 0; i < o->n_disputes; i++) {
		const struct dispute *d = &o->disputes[i];
		if (dispute_debits(d) && d->amount != MONEY_NONE && belongs(o, p, d->payment_ref) && !money_add(w.disputed, d->amount, &w.disputed)) w.disputed = INT64_MAX;
	}
	int64_t left;
	bool exact = money_sub(p->captured, p->refunded, &left) && money_sub(left, w.waiting, &left) && money_sub(left, w.disputed, &left);
	w.refundable = exact && left > 0 ? left : 0; // a dispute may take more than was captured: then nothing is left to refund
	return w;
}

static void say_amount(struct page *p, struct str currency, int64_t minor, int digits)
{
	if (currency.n) {
		say_str(p, currency);
		say(p, " ");
	}
	say_money(p, minor, digits);
}

// Exceptions of the brief: each says its part and that it is one.
static bool brief_position(struct page *p, const struct order *o)
{
	struct position due = order_position(o);
	if (!due.off || due.amount == MONEY_NONE || o->status == ORDER_NEW) return false;
	say(p, ", %s ", due.label);
	say_money(p, due.amount, o->digits);
	return true;
}

static bool brief_payments(struct page *p, const struct order *o)
{
	size_t failed = 0;
	for (size_t i = 0; i < o->n_payments; i++)
		failed += o->payments[i].status == PAY_FAILED || o->payments[i].status == PAY_EXPIRED;
	say(p, ", ");
	say_count(p, o->n_payments, "payment", "payments");
	if (failed) say(p, " (%zu failed or expired)", failed);
	return failed != 0;
}

static bool brief_refunds(struct page *p, const struct order *o)
{
	size_t waiting = 0, failed = 0;
	for (size_t i = 0; i < o->n_refunds; i++) {
		waiting += refund_waits(&o->refunds[i]);
		failed += o->refunds[i].status == REFUND_FAILED;
	}
	if (!o->n_refunds) return false;
	say(p, ", ");
	say_count(p, o->n_refunds, "refund", "refunds");
	if (waiting) say(p, ", %zu waiting", waiting);
	if (failed) say(p, ", %zu failed", failed);
	return waiting || failed;
}

static bool brief_disputes(struct page *p, const struct order *o)
{
	bool any = false;
	for (size_t i = 0; i < o->n_disputes; i++) {
		const struct dispute *d = &o->disputes[i];
		if (!dispute_open(d) && d->status != DISPUTE_LOST) continue;
		any = true;
		say(p, "; disputed ");
		say_money(p, d->amount, d->digits);
		say(p, " %s", axis_word(AXIS_DISPUTE, (int)d->status));
		if (d->due_at == DATE_NONE || !dispute_open(d)) continue;
		say(p, " by ");
		say_at(p, d->due_at);
	}
	return any;
}

bool money_brief(struct page *p, const struct order *o)
{
	if (o->total == MONEY_NONE) say(p, "total unknown");
	else say_amount(p, o->currency, o->total, o->digits);
	bool off = brief_position(p, o);
	off |= brief_payments(p, o);
	off |= brief_refunds(p, o);
	int64_t difference = totals_difference(o);
	if (difference) {
		say(p, ", sums differ by ");
		say_money(p, difference, o->digits);
	}
	return brief_disputes(p, o) || off || difference;
}

static void say_instrument(struct page *p, const struct payment *m)
{
	say_part(p, m->brand.n ? m->brand : m->method);
	if (m->last4.n) {
		say(p, " ");
		say_str(p, m->last4);
	}
	if (m->brand.n && m->method.n && !str_eq(m->brand, m->method)) say_part(p, m->method);
	say_part(p, m->psp);
	if (!str_eq(m->gateway, m->psp)) say_part(p, m->gateway);
	if (!p->v.n) say(p, "instrument unknown");
}

static void payment_detail(struct page *p, const struct order *o, const struct payment *m)
{
	bool bad = m->status == PAY_FAILED || m->status == PAY_EXPIRED;
	say_instrument(p, m);
	page_fact(p, "payment", STRONG);
	p->indent += 2;
	fact_str(p, "psp_ref", m->psp_ref);
	say_word(p, AXIS_PAYMENT, (int)m->status);
	say_part(p, m->error);
	page_fact(p, "status", bad ? ALERT : PLAIN);
	fact_at(p, "at", m->at);
	fact_str(p, "currency", m->currency);
	struct owed owed = payment_owed(o, m);
	money_row(p, "authorized", m->authorized, m->digits, PLAIN);
	money_row(p, "captured", m->captured, m->digits, PLAIN);
	if (m->voided) money_row(p, "voided", m->voided, m->digits, PLAIN);
	money_row(p, "refunded", m->refunded, m->digits, PLAIN);
	if (owed.waiting) money_row(p, "refund waiting", owed.waiting, m->digits, ALERT);
	if (owed.disputed) money_row(p, "disputed", owed.disputed, m->digits, ALERT);
	money_row(p, "refundable", owed.refundable, m->digits, PLAIN);
	if (m->fee) money_row(p, "fee kept by the provider", m->fee, m->digits, PLAIN);
	page_rows(p, PAGE_LABEL - 2);
	p->indent -= 2;
}

static void refund_lines(struct page *p, const struct order *o, const struct refund *r)
{
	for (size_t i = 0; i < r->n_lines; i++) {
		const struct refund_line *l = &r->lines[i];
		say(p, "%lld of line ", (long long)l->quantity);
		say_str(p, l->line);
		if (l->restock.n) say(p, ", restock ");
		say_str(p, l->restock);
		page_row(p, 2, PLAIN, (struct str){0}, (struct str){0}, page_money(p, l->amount, o->digits));
		if (!l->tax || l->tax == MONEY_NONE) continue;
		say(p, "tax");
		page_row(p, 4, PLAIN, (struct str){0}, (struct str){0}, page_money(p, l->tax, o->digits));
	}
	if (!r->shipping || r->shipping == MONEY_NONE) return;
	say(p, "shipping");
	page_row(p, 2, PLAIN, (struct str){0}, (struct str){0}, page_money(p, r->shipping, o->digits));
}

static void refund_detail(struct page *p, const struct order *o, const struct refund *r)
{
	say_part(p, r->id);
	page_fact(p, "refund", STRONG);
	p->indent += 2;
	say_word(p, AXIS_REFUND, (int)r->status);
	page_fact(p, "status", refund_waits(r) || r->status == REFUND_FAILED ? ALERT : PLAIN);
	fact_at(p, "at", r->at);
	fact_str(p, "payment", r->payment_ref);
	fact_str(p, "psp_ref", r->psp_ref);
	fact_str(p, "reason", r->reason);
	fact_str(p, "note", r->note);
	money_row(p, "amount", r->amount, o->digits, PLAIN);
	refund_lines(p, o, r);
	page_rows(p, PAGE_LABEL - 2);
	p->indent -= 2;
}

static void dispute_detail(struct page *p, const struct dispute *d)
{
	say_part(p, d->id);
	page_fact(p, "dispute", STRONG);
	p->indent += 2;
	say_word(p, AXIS_DISPUTE, (int)d->status);
	page_fact(p, "status", dispute_open(d) || d->status == DISPUTE_LOST ? ALERT : PLAIN);
	say_amount(p, d->currency, d->amount, d->digits);
	page_fact(p, "amount", PLAIN);
	fact_str(p, "reason", d->reason);
	fact_str(p, "payment", d->payment_ref);
	fact_str(p, "psp", d->psp);
	fact_at(p, "opened", d->opened_at);
	fact_at(p, "respond by", d->due_at);
	p->indent -= 2;
}

void money_detail(struct page *p, const struct order *o)
{
	say_part(p, o->currency.n ? o->currency : S("currency unknown"));
	say_part(p, o->price_mode == 'n' ? S("prices without tax") : S("prices with tax"));
	page_fact(p, "totals", STRONG);
	p->indent += 2;
	totals_rows(p, o);
	position_rows(p, o);
	page_rows(p, PAGE_LABEL - 2);
	p->indent -= 2;
	for (size_t i = 0; i < o->n_payments; i++) payment_detail(p, o, &o->payments[i]);
	for (size_t i = 0; i < o->n_refunds; i++) refund_detail(p, o, &o->refunds[i]);
	for (size_t i = 0; i < o->n_disputes; i++) dispute_detail(p, &o->disputes[i]);
}
