// Payment events to rows, and which of them are of one payment: rows that share a reference, a parent or an intent.
#include "fold_parts.h"

// --- an event to a row ----------------------------------------------------------------------------------------------

struct reading { struct pay_row row; struct str ref, parent, intent, kind, state; };

static const struct field row_fields[] = {
	FIELD("psp", TEXT, struct reading, row.psp), FIELD("psp_ref", TEXT, struct reading, ref),
	FIELD("parent_ref", TEXT, struct reading, parent), FIELD("intent", TEXT, struct reading, intent),
	FIELD("kind", TEXT, struct reading, kind), FIELD("status", TEXT, struct reading, state),
	FIELD("amount", MONEY, struct reading, row.amount), FIELD("currency", TEXT, struct reading, row.currency),
	FIELD("method", TEXT, struct reading, row.method), FIELD("brand", TEXT, struct reading, row.brand),
	FIELD("last4", TEXT, struct reading, row.last4), FIELD("gateway", TEXT, struct reading, row.gateway),
	FIELD("fee", MONEY, struct reading, row.fee), FIELD("error", TEXT, struct reading, row.error),
	FIELD("at", TIME, struct reading, row.at), FIELD("authorized", MONEY, struct reading, row.authorized),
	FIELD("captured", MONEY, struct reading, row.captured), FIELD("refunded", MONEY, struct reading, row.refunded),
};
static const struct form row_form = FORM(row_fields, NULL);

static enum pay_kind kind_of(struct str word)
{
	if (str_is(word, "authorization")) return PAY_AUTHORIZATION;
	if (str_is(word, "void")) return PAY_VOID;
	if (str_is(word, "refund")) return PAY_BACK;
	return str_is(word, "capture") || str_is(word, "sale") ? PAY_TAKE : PAY_SNAPSHOT;
}

static enum pay_state state_of(struct str word)
{
	if (str_is(word, "succeeded")) return GIVEN_SUCCEEDED;
	if (str_is(word, "failed")) return GIVEN_FAILED;
	if (str_is(word, "cancelled")) return GIVEN_CANCELLED;
	return str_is(word, "expired") ? GIVEN_EXPIRED : GIVEN_PENDING; // a request without a result is pending
}

static size_t ref_of(struct fold *f, struct str name)
{
	size_t k = names_find(&f->ref_names, name);
	if (k != NOT_THERE) return k;
	k = f->refs.n;
	*VEC_PUSH(f->a, &f->refs) = (struct pay_ref){.name = name, .up = k, .same = k};
	names_add(f->a, &f->ref_names, name, k);
	return k;
}

size_t payment_top(struct fold *f, size_t k)
{
	struct pay_ref *r = f->refs.v;
	while (r[k].up != k) k = r[k].up = r[r[k].up].up;
	return k;
}

size_t payment_object(struct fold *f, size_t k)
{
	struct pay_ref *r = f->refs.v;
	while (r[k].same != k) k = r[k].same = r[r[k].same].same;
	return k;
}

static void join(struct fold *f, size_t a, size_t b)
{
	a = payment_top(f, a);
	b = payment_top(f, b);
	if (a != b) f->refs.v[a > b ? a : b].up = a > b ? b : a;
}

// Two names of one object: a channel's transaction and the charge behind it.
static void join_same(struct fold *f, size_t a, size_t b)
{
	join(f, a, b);
	a = payment_object(f, a);
	b = payment_object(f, b);
	if (a != b) f->refs.v[a > b ? a : b].same = a > b ? b : a;
}

static void join_named(struct fold *f, const struct reading *r, const struct event *ev)
{
	size_t own = r->row.ref, k;
	if (r->parent.n && (k = ref_of(f, r->parent)) != own) {
		f->refs.v[k].parent = f->refs.v[own].child = true;
		join(f, own, k);
	}
	if (r->intent.n && (k = ref_of(f, r->intent)) != own) {
		f->refs.v[k].intent = true;
		join(f, own, k);
	}
	for (size_t n = 0; n < ev->refs; n++) {
		const struct event_ref *x = &ev->ref[n];
		if (x->kind == REF_PSP && !str_eq(x->value, r->parent) && !str_eq(x->value, r->intent)) join_same(f, own, ref_of(f, x->value));
	}
}

void fold_payment_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, f->digits);
	struct str currency = text_at(&p, ev->body, "currency");
	if (!currency.n) currency = f->currency;
	else p.digits = currency_digits(currency);
	struct reading r = {.row = {.i = i, .amount = MONEY_NONE, .authorized = MONEY_NONE, .captured = MONEY_NONE, .refunded = MONEY_NONE,
		.fee = MONEY_NONE, .at = DATE_NONE}};
	uint64_t have = 0;
	take_members(&p, &row_form, ev->body, &r, &have);
	if (r.row.at == DATE_NONE) r.row.at = when(f, i);
	r.row.currency = currency;
	r.row.digits = p.digits;
	r.row.kind = kind_of(r.kind);
	r.row.sale = str_is(r.kind, "sale");
	r.row.state = state_of(r.state);
	r.row.ref = ref_of(f, r.ref.n ? r.ref : ev->id); // without a reference the event itself is the payment
	f->refs.v[r.row.ref].seen = true;
	join_named(f, &r, ev);
	*VEC_PUSH(f->a, &f->rows) = r.row;
}
