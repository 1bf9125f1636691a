// Refunds and disputes: by id, member by member, with the state machines of their statuses.
#include "fold_parts.h"
#include <stdlib.h>

static int word_of(struct place *p, enum axis axis, uint32_t v)
{
	struct str s = json_str(p->j, v, p->f->a);
	return s.n ? axis_value(axis, s) : -1;
}

static struct place in_own_currency(struct fold *f, size_t i, struct str *currency)
{
	struct place p = place_of(f, i, f->digits);
	*currency = text_at(&p, f->ev[i].body, "currency");
	if (currency->n) p.digits = currency_digits(*currency);
	else *currency = f->currency;
	return p;
}

// --- refunds --------------------------------------------------------------------------------------------------------

enum { REFUND_STATE, REFUND_LINES };

static const struct field refund_line_fields[] = {
	FIELD("line", TEXT, struct refund_line, line), FIELD("quantity", UNITS, struct refund_line, quantity),
	FIELD("amount", MONEY, struct refund_line, amount), FIELD("tax", MONEY, struct refund_line, tax),
	FIELD("restock", TEXT, struct refund_line, restock),
};
static const struct form refund_line_form = FORM(refund_line_fields, NULL);

static bool refund_lines(struct place *p, struct refund *r, uint32_t v)
{
	if (json_type(p->j, v) != JSON_ARRAY) return false;
	r->lines = NEW_N(p->f->a, struct refund_line, p->j->node[v].n);
	r->n_lines = 0;
	for (uint32_t m = json_first(p->j, v); m; m = json_after(p->j, v, m)) {
		uint64_t have = 0;
		struct refund_line *l = &r->lines[r->n_lines++];
		l->amount = MONEY_NONE;
		take_members(p, &refund_line_form, m, l, &have);
	}
	return true;
}

// The newest word stands, but a request that comes after its success takes nothing back.
static bool refund_state(struct place *p, struct refund_slot *s, uint32_t v)
{
	int word = word_of(p, AXIS_REFUND, v);
	if (word < 0) return false;
	bool open = s->told && s->r.status < REFUND_SUCCEEDED;
	if (s->told && !(open && word == REFUND_SUCCEEDED)) return false;
	s->told = true;
	s->r.status = (enum refund_status)word;
	s->moved_at = when(p->f, p->i);
	return true;
}

static bool refund_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct refund_slot *s = to;
	return code == REFUND_STATE ? refund_state(p, s, v) : refund_lines(p, &s->r, v);
}

static const struct field refund_fields[] = {
	FIELD("id", TEXT, struct refund_slot, r.id), FIELD("psp_ref", TEXT, struct refund_slot, r.psp_ref),
	FIELD("payment_ref", TEXT, struct refund_slot, r.payment_ref), FIELD_OWN("status", DEEP, REFUND_STATE),
	FIELD("amount", MONEY, struct refund_slot, amount), FIELD("reason", TEXT, struct refund_slot, r.reason),
	FIELD("note", TEXT, struct refund_slot, r.note), FIELD("at", TIME, struct refund_slot, r.at),
	FIELD("shipping", MONEY, struct refund_slot, r.shipping), FIELD_OWN("lines", OWN, REFUND_LINES),
};
static const struct form refund_form = FORM(refund_fields, refund_own);

// A channel's refund and the PSP's are one where either names the other's reference.
static size_t refund_known(struct fold *f, struct str id, struct str psp_ref)
{
	size_t k = names_find(&f->refund_names, id);
	return k != NOT_THERE ? k : names_find(&f->refund_names, psp_ref);
}

static void name_refund(struct fold *f, struct str name, size_t k)
{
	if (name.n && names_find(&f->refund_names, name) == NOT_THERE) names_add(f->a, &f->refund_names, name, k);
}

void fold_refund_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct str currency;
	struct place p = in_own_currency(f, i, &currency);
	struct str id = text_at(&p, ev->body, "id"), psp_ref = text_at(&p, ev->body, "psp_ref");
	if (!id.n) id = psp_ref.n ? psp_ref : ev->id;
	size_t k = refund_known(f, id, psp_ref);
	if (k == NOT_THERE) {
		k = f->refunds.n;
		*VEC_PUSH(f->a, &f->refunds) = (struct refund_slot){.r = {.id = id, .status = REFUND_PENDING, .at = DATE_NONE,
			.shipping = MONEY_NONE}, .currency = currency, .source = ev->source, .amount = MONEY_NONE, .moved_at = DATE_NONE,
			.first_at = DATE_NONE};
		stands(f, i);
	}
	name_refund(f, id, k);
	name_refund(f, psp_ref, k);
	struct refund_slot *s = &f->refunds.v[k];
	s->shared |= !str_eq(s->source, ev->source);
	if (!str_eq(currency, s->currency)) p.digits = -1;
	if (take_members(&p, &refund_form, ev->body, s, &s->have)) stands(f, i);
	s->first_at = sooner_of(s->first_at, when(f, i));
}

static int64_t known(int64_t v) { return v == MONEY_NONE ? 0 : v; }

static int64_t refund_amount(struct fold *f, const struct refund_slot *s)
{
	int64_t sum = known(s->r.shipping);
	if (s->amount != MONEY_NONE || (!s->r.n_lines && !sum)) return s->amount;
	for (size_t i = 0; i < s->r.n_lines; i++) {
		sum = plus(f, sum, known(s->r.lines[i].amount));
		if (f->o->price_mode == 'n') sum = plus(f, sum, s->r.lines[i].tax);
	}
	return sum;
}

// A shop that does not say which refund of its payment service it asked for, and that service: one refund, told twice.
static bool same_refund(const struct refund_slot *shop, const struct refund_slot *psp)
{
	return !shop->r.psp_ref.n && psp->r.psp_ref.n && !shop->shared && !psp->shared && !str_eq(shop->source, psp->source) &&
		shop->r.status == REFUND_SUCCEEDED && psp->r.status == REFUND_SUCCEEDED && shop->amount != MONEY_NONE &&
		shop->amount == psp->amount && str_eq(shop->currency, psp->currency);
}

// In the order of their times, so that of equal ones the first goes with the first.
static void pair_refunds(struct fold *f)
{
	struct refund_slot *v = f->refunds.v;
	size_t n = 0;
	for (size_t k = 0; k < f->refunds.n; k++) {
		if (v[k].r.psp_ref.n || v[k].amount == MONEY_NONE) continue;
		for (size_t m = 0; m < f->refunds.n; m++) {
			if (!same_refund(&v[k], &v[m])) continue;
			v[k].r.psp_ref = v[m].r.psp_ref;
			if (!v[k].r.payment_ref.n) v[k].r.payment_ref = v[m].r.payment_ref;
			if (!v[k].r.reason.n) v[k].r.reason = v[m].r.reason;
			v[k].shared = true;
			v[m].amount = MONEY_NONE;
			v[m].source = (struct str){0}; // taken
			break;
		}
	}
	for (size_t k = 0; k < f->refunds.n; k++)
		if (v[k].source.n) v[n++] = v[k];
	f->refunds.n = n;
}

static int by_at(const void *x, const void *y)
{
	const struct refund_slot *a = x, *b = y;
	if (a->r.at != b->r.at) return a->r.at < b->r.at ? -1 : 1;
	return str_cmp(a->r.id, b->r.id);
}

void fold_refunds_close(struct fold *f)
{
	struct order *o = f->o;
	for (size_t k = 0; k < f->refunds.n; k++)
		if (f->refunds.v[k].r.at == DATE_NONE) f->refunds.v[k].r.at = f->refunds.v[k].first_at;
	if (f->refunds.n > 1) qsort(f->refunds.v, f->refunds.n, sizeof *f->refunds.v, by_at);
	for (size_t k = 0; k < f->refunds.n; k++) f->refunds.v[k].amount = refund_amount(f, &f->refunds.v[k]);
	if (f->refunds.n > 1) pair_refunds(f);
	o->refunds = NEW_N(f->a, struct refund, f->refunds.n);
	for (size_t k = 0; k < f->refunds.n; k++) {
		struct refund_slot *s = &f->refunds.v[k];
		bool same = !f->currency.n || str_eq(s->currency, f->currency);
		s->r.amount = same ? s->amount : MONEY_NONE; // in another currency: not an amount of this order
		s->r.shipping = same ? known(s->r.shipping) : 0;
		for (size_t i = 0; i < s->r.n_lines; i++) s->r.lines[i].amount = known(s->r.lines[i].amount);
		o->refunds[o->n_refunds++] = s->r;
	}
}

// --- disputes -------------------------------------------------------------------------------------------------------

// Lost can still become won: the newest word stands, and that it once blocked is remembered for the hold.
static bool dispute_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct dispute_slot *s = to;
	(void)code;
	int word = word_of(p, AXIS_DISPUTE, v);
	if (word < 0) return false;
	int64_t at = when(p->f, p->i);
	if (dispute_blocks((enum dispute_status)word)) {
		s->blocked = true;
		s->blocked_at = sooner_of(s->blocked_at, at);
	}
	if (s->told) return false;
	s->told = true;
	s->d.status = (enum dispute_status)word;
	s->status_at = at;
	return true;
}

static const struct field dispute_fields[] = {
	FIELD("id", TEXT, struct dispute_slot, d.id), FIELD("psp", TEXT, struct dispute_slot, d.psp),
	FIELD("payment_ref", TEXT, struct dispute_slot, d.payment_ref), FIELD_OWN("status", DEEP, 0),
	FIELD("reason", TEXT, struct dispute_slot, d.reason), FIELD("amount", MONEY, struct dispute_slot, d.amount),
	FIELD("opened_at", TIME, struct dispute_slot, d.opened_at), FIELD("due_at", TIME, struct dispute_slot, d.due_at),
};
static const struct form dispute_form = FORM(dispute_fields, dispute_own);

void fold_dispute_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct str currency;
	struct place p = in_own_currency(f, i, &currency);
	struct str id = text_at(&p, ev->body, "id");
	if (!id.n) id = ev->id;
	size_t k = names_find(&f->dispute_names, id);
	if (k == NOT_THERE) {
		k = f->disputes.n;
		*VEC_PUSH(f->a, &f->disputes) = (struct dispute_slot){.blocked_at = DATE_NONE, .status_at = DATE_NONE, .d = {.id = id,
			.status = DISPUTE_NEEDS_RESPONSE, .amount = MONEY_NONE, .opened_at = DATE_NONE, .due_at = DATE_NONE,
			.currency = currency, .digits = p.digits < 0 ? 2 : p.digits}};
		names_add(f->a, &f->dispute_names, id, k);
		stands(f, i);
	}
	struct dispute_slot *s = &f->disputes.v[k];
	if (!str_eq(currency, s->d.currency)) p.digits = -1;
	if (take_members(&p, &dispute_form, ev->body, s, &s->have)) stands(f, i);
}

static int by_opening(const void *x, const void *y)
{
	const struct dispute_slot *a = x, *b = y;
	if (a->d.opened_at != b->d.opened_at) return a->d.opened_at < b->d.opened_at ? -1 : 1;
	return str_cmp(a->d.id, b->d.id);
}

// The amount in dispute or lost is the dispute's own: it may be part of the charge, or exceed it, and is never a refund.
void fold_disputes_close(struct fold *f)
{
	struct order *o = f->o;
	int64_t sum = 0;
	if (f->disputes.n > 1) qsort(f->disputes.v, f->disputes.n, sizeof *f->disputes.v, by_opening);
	o->disputes = NEW_N(f->a, struct dispute, f->disputes.n);
	for (size_t k = 0; k < f->disputes.n; k++) {
		struct dispute *d = &f->disputes.v[k].d;
		if (d->amount == MONEY_NONE) d->amount = 0;
		o->disputes[o->n_disputes++] = *d;
		if (dispute_blocks(d->status) && (!f->currency.n || str_eq(d->currency, f->currency))) sum = plus(f, sum, d->amount);
	}
	o->disputed = known(sum);
}
