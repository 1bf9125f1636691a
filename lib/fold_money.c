// Rows to payments: a cumulative snapshot and the single steps behind it are the same money and never counted both.
#include "fold_parts.h"
#include <stdlib.h>

struct step { struct pay_row row; int64_t first_at; }; // what stands of one reference and kind
struct group {
	struct payment p;
	size_t top, root;      // names: the first, and the one it is known by
	int root_score;
	int64_t root_at;
	struct str error;
	VEC(struct step) steps;
};
typedef VEC(struct group) groups;

// --- which row of a reference stands --------------------------------------------------------------------------------

static void fill(struct fold *f, int64_t *to, int64_t older, size_t i)
{
	if (*to != MONEY_NONE || older == MONEY_NONE) return;
	*to = older;
	stands(f, i);
}

static bool took(const struct pay_row *r)
{
	return (r->kind == PAY_TAKE && r->state == GIVEN_SUCCEEDED) || (r->kind == PAY_SNAPSHOT && r->captured != MONEY_NONE && r->captured > 0);
}

static int64_t took_at(const struct fold *f, const struct pay_row *r)
{
	return !took(r) ? DATE_NONE : r->kind == PAY_TAKE ? r->at : when(f, r->i);
}

// Rows come newest first. Success unless a newer failure of the same reference; a request that is newer than its success
// takes nothing back. Of snapshots the newest stands, filled from older ones where it says nothing.
static void add_step(struct fold *f, struct group *g, const struct pay_row *r)
{
	for (size_t k = 0; k < g->steps.n; k++) {
		struct step *s = &g->steps.v[k];
		if (s->row.ref != r->ref || s->row.kind != r->kind) continue;
		s->first_at = sooner_of(s->first_at, took_at(f, r));
		if (r->kind != PAY_SNAPSHOT && s->row.state == GIVEN_PENDING && r->state == GIVEN_SUCCEEDED) {
			int64_t amount = s->row.amount;
			s->row = *r;
			if (s->row.amount == MONEY_NONE) s->row.amount = amount;
			return;
		}
		fill(f, &s->row.amount, r->amount, r->i);
		fill(f, &s->row.authorized, r->authorized, r->i);
		fill(f, &s->row.captured, r->captured, r->i);
		fill(f, &s->row.refunded, r->refunded, r->i);
		return;
	}
	*VEC_PUSH(f->a, &g->steps) = (struct step){*r, took_at(f, r)};
}

static void attribute(struct fold *f, struct str *to, struct str value, size_t i)
{
	if (to->p || !value.n) return;
	*to = value;
	stands(f, i);
}

static void add_attributes(struct fold *f, struct group *g, const struct pay_row *r)
{
	attribute(f, &g->p.psp, r->psp, r->i);
	attribute(f, &g->p.method, r->method, r->i);
	attribute(f, &g->p.brand, r->brand, r->i);
	attribute(f, &g->p.last4, r->last4, r->i);
	attribute(f, &g->p.gateway, r->gateway, r->i);
	if (!g->p.currency.p) {
		g->p.currency = r->currency;
		g->p.digits = r->digits;
	}
	fill(f, &g->p.fee, r->fee, r->i);
	if (r->state == GIVEN_FAILED) attribute(f, &g->error, r->error, r->i);
	g->p.at = sooner_of(g->p.at, r->at);
}

// The name a payment is known by: the root of its chain, a charge before its intent, one that worked before one that failed.
static void consider_root(struct fold *f, struct group *g, size_t ref, bool alive, int64_t at)
{
	const struct pay_ref *x = &f->refs.v[ref];
	int score = (x->child ? 0 : 16) + (x->seen ? 8 : 0) + (x->intent ? 0 : 4) + (x->parent ? 2 : 0) + alive;
	bool better = score > g->root_score;
	if (score == g->root_score && at != g->root_at) better = sooner_of(at, g->root_at) == at;
	else if (score == g->root_score) better = str_cmp(x->name, f->refs.v[g->root].name) < 0;
	if (!better) return;
	g->root = ref;
	g->root_score = score;
	g->root_at = at;
}

// --- amounts of a payment -------------------------------------------------------------------------------------------

// One PSP object: its newest snapshot, and the sum of its steps; newest_* are event indices + 1.
struct object {
	size_t ref, newest_snapshot, newest_step;
	struct pay_row snapshot;
	int64_t authorized, captured, refunded;
	bool has_authorized, has_captured, has_refunded;
};
typedef VEC(struct object) objects;

static struct object *object_at(struct fold *f, objects *list, size_t ref)
{
	ref = payment_object(f, ref);
	for (size_t k = 0; k < list->n; k++)
		if (list->v[k].ref == ref) return &list->v[k];
	struct object *x = VEC_PUSH(f->a, list);
	*x = (struct object){.ref = ref};
	return x;
}

static void sum(struct fold *f, int64_t *to, bool *has, int64_t v)
{
	if (v == MONEY_NONE) return;
	*to = plus(f, *to, v);
	*has = true;
}

static void add_object_step(struct fold *f, struct object *x, const struct pay_row *r)
{
	if (r->kind == PAY_SNAPSHOT) {
		if (r->i + 1 <= x->newest_snapshot) return; // another name of the same object, older
		x->newest_snapshot = r->i + 1;
		x->snapshot = *r;
		return;
	}
	if (r->state != GIVEN_SUCCEEDED) return;
	if (r->i + 1 > x->newest_step) x->newest_step = r->i + 1;
	if (r->kind == PAY_AUTHORIZATION || r->sale) sum(f, &x->authorized, &x->has_authorized, r->amount);
	if (r->kind == PAY_TAKE) sum(f, &x->captured, &x->has_captured, r->amount);
	if (r->kind == PAY_BACK) sum(f, &x->refunded, &x->has_refunded, r->amount);
}

// MONEY_NONE where neither says. A step that is newer than the snapshot may not be in it yet: the larger one is right.
static int64_t position(const struct object *x, int64_t snapshot, int64_t steps, bool has)
{
	if (snapshot == MONEY_NONE || steps == MONEY_NONE) return has ? steps : snapshot;
	return has && x->newest_step > x->newest_snapshot && steps > snapshot ? steps : snapshot;
}

// A snapshot that only says it worked, and how much, says that all of it was taken.
static void complete_snapshot(struct pay_row *s)
{
	if (s->authorized == MONEY_NONE && s->captured == MONEY_NONE && s->refunded == MONEY_NONE && s->state == GIVEN_SUCCEEDED)
		s->captured = s->amount;
}

struct money { int64_t own, above; bool has_own, has_above; }; // of single objects; of those that contain them

static void add_money(struct fold *f, struct money *m, int64_t v, bool above)
{
	if (v == MONEY_NONE) return;
	if (!above) m->own = m->has_own ? plus(f, m->own, v) : v;
	else if (!m->has_above || v > m->above) m->above = v;
	*(above ? &m->has_above : &m->has_own) = true;
}

static int64_t larger(const struct money *m)
{
	if (!m->has_own) return m->has_above ? m->above : 0;
	return m->has_above && m->own != MONEY_NONE && m->above > m->own ? m->above : m->own;
}

static bool contains_others(struct fold *f, size_t object)
{
	for (size_t k = 0; k < f->refs.n; k++)
		if (payment_object(f, k) == object && (f->refs.v[k].parent || f->refs.v[k].intent)) return true;
	return false;
}

static int64_t or_zero(int64_t v) { return v == MONEY_NONE ? 0 : v; }

static void amounts(struct fold *f, struct group *g)
{
	objects list = {0};
	struct money authorized = {0}, captured = {0}, refunded = {0};
	for (size_t k = 0; k < g->steps.n; k++) add_object_step(f, object_at(f, &list, g->steps.v[k].row.ref), &g->steps.v[k].row);
	for (size_t k = 0; k < list.n; k++) {
		struct object *x = &list.v[k];
		struct pay_row none = {.authorized = MONEY_NONE, .captured = MONEY_NONE, .refunded = MONEY_NONE}, *s = &none;
		if (x->newest_snapshot) complete_snapshot(s = &x->snapshot);
		bool above = contains_others(f, x->ref);
		add_money(f, &authorized, position(x, s->authorized, x->authorized, x->has_authorized), above);
		add_money(f, &captured, position(x, s->captured, x->captured, x->has_captured), above);
		add_money(f, &refunded, position(x, s->refunded, x->refunded, x->has_refunded), above);
	}
	g->p.authorized = or_zero(larger(&authorized));
	g->p.captured = or_zero(larger(&captured));
	g->p.refunded = or_zero(larger(&refunded));
	if (!g->p.authorized) g->p.authorized = g->p.captured;
}

struct flags { bool pending, expired, cancelled, failed, succeeded, voided; };

// What is voided, and how the steps ended that took nothing.
static struct flags ends(struct fold *f, struct group *g)
{
	struct flags x = {0};
	bool all = false;
	for (size_t k = 0; k < g->steps.n; k++) {
		const struct pay_row *r = &g->steps.v[k].row;
		bool is_void = r->kind == PAY_VOID;
		if (r->state == GIVEN_PENDING && !is_void) x.pending = true;
		if (r->state == GIVEN_EXPIRED) x.expired = true;
		if (r->state == GIVEN_FAILED && !is_void) x.failed = true;
		if (r->state == GIVEN_CANCELLED && !is_void) x.cancelled = all = true;
		if (r->state != GIVEN_SUCCEEDED) continue;
		x.succeeded |= !is_void;
		x.voided |= is_void;
		if (is_void && r->amount == MONEY_NONE) all = true;
		else if (is_void) g->p.voided = plus(f, g->p.voided, r->amount);
	}
	if (all && g->p.authorized > g->p.captured) g->p.voided = minus(f, g->p.authorized, g->p.captured);
	g->p.voided = or_zero(g->p.voided);
	return x;
}

static enum payment_status captured_status(const struct payment *p)
{
	if (p->refunded >= p->captured) return PAY_REFUNDED;
	if (p->captured > p->authorized) return PAY_OVER_CAPTURED;
	if (p->refunded > 0) return PAY_PART_REFUNDED;
	return p->captured < p->authorized ? PAY_PART_CAPTURED : PAY_CAPTURED;
}

static enum payment_status status_of(const struct payment *p, struct flags x)
{
	if (p->captured > 0) return captured_status(p);
	if (p->authorized > 0 && p->voided >= p->authorized) return PAY_VOIDED;
	if (x.expired) return PAY_EXPIRED;
	if (p->authorized > 0) return PAY_AUTHORIZED;
	if (x.voided || x.cancelled) return PAY_VOIDED;
	if (x.pending) return PAY_PENDING;
	if (x.succeeded) return PAY_CAPTURED; // nothing was due, and that worked
	return x.failed ? PAY_FAILED : PAY_UNPAID;
}

static int64_t amount_of(const struct group *g)
{
	int64_t largest = g->p.authorized > g->p.captured ? g->p.authorized : g->p.captured;
	for (size_t k = 0; k < g->steps.n; k++)
		if (g->steps.v[k].row.ref == g->root && g->steps.v[k].row.amount != MONEY_NONE) return g->steps.v[k].row.amount;
	for (size_t k = 0; k < g->steps.n && !largest; k++)
		if (g->steps.v[k].row.amount != MONEY_NONE) return g->steps.v[k].row.amount;
	return largest;
}

// --- refunds of a payment, and the whole order ----------------------------------------------------------------------

static bool pays_in(struct str currency, struct str of) { return !currency.p || !of.p || str_eq(currency, of); }

static size_t refunded_payment(struct fold *f, const struct refund *r, size_t n)
{
	size_t k = names_find(&f->ref_names, r->payment_ref);
	if (k == NOT_THERE) k = names_find(&f->ref_names, r->psp_ref);
	if (k != NOT_THERE && f->payment_of[payment_top(f, k)] != NOT_THERE) return f->payment_of[payment_top(f, k)];
	return n == 1 && !r->payment_ref.n ? 0 : NOT_THERE; // there is but one it can be of
}

// Succeeded refunds are a second view of what the payments say was given back: per payment the larger one counts.
static void refunds(struct fold *f, groups *all)
{
	struct order *o = f->o;
	int64_t *back = NEW_N(f->a, int64_t, all->n + 1), loose = 0, every = 0, sum_of_payments = 0;
	for (size_t k = 0; k < f->refunds.n; k++) {
		const struct refund_slot *s = &f->refunds.v[k];
		if (s->r.status != REFUND_SUCCEEDED || s->amount == MONEY_NONE) continue;
		if (s->r.amount != MONEY_NONE) every = plus(f, every, s->r.amount);
		size_t g = refunded_payment(f, &s->r, all->n);
		if (g != NOT_THERE && pays_in(s->currency, all->v[g].p.currency)) back[g] = plus(f, back[g], s->amount);
		else if (s->r.amount != MONEY_NONE) loose = plus(f, loose, s->r.amount);
	}
	for (size_t g = 0; g < all->n; g++) {
		struct payment *p = &all->v[g].p;
		if (back[g] != MONEY_NONE && back[g] > p->refunded) p->refunded = back[g];
		if (pays_in(p->currency, o->currency)) sum_of_payments = plus(f, sum_of_payments, p->refunded);
	}
	o->refunded = or_zero(all->n && loose == 0 ? sum_of_payments : every > sum_of_payments ? every : sum_of_payments);
}

static void totals(struct fold *f)
{
	struct order *o = f->o;
	int64_t authorized = 0, captured = 0;
	for (size_t k = 0; k < o->n_payments; k++) {
		const struct payment *p = &o->payments[k];
		if (!pays_in(p->currency, o->currency)) continue;
		if (p->status != PAY_EXPIRED && p->status != PAY_FAILED) authorized = plus(f, authorized, minus(f, p->authorized, p->voided));
		captured = plus(f, captured, p->captured);
	}
	o->authorized = or_zero(authorized);
	o->captured = or_zero(captured);
}

static int by_time(const void *x, const void *y)
{
	const struct payment *a = x, *b = y;
	if (a->at != b->at) return a->at < b->at ? -1 : 1;
	return str_cmp(a->psp_ref, b->psp_ref);
}

// A payment told by the shop in the order's currency and by its service in the buyer's: what the order's says counts, and of
// the other the state alone.
static void own_currency(struct fold *f)
{
	bool *own = NEW_N(f->a, bool, f->refs.n + 1);
	if (!f->currency.n) return;
	for (size_t k = 0; k < f->rows.n; k++) {
		const struct pay_row *r = &f->rows.v[k];
		bool said = r->amount != MONEY_NONE || r->authorized != MONEY_NONE || r->captured != MONEY_NONE;
		if (said && pays_in(r->currency, f->currency)) own[payment_top(f, r->ref)] = true;
	}
	for (size_t k = 0; k < f->rows.n; k++) {
		struct pay_row *r = &f->rows.v[k];
		if (!own[payment_top(f, r->ref)] || pays_in(r->currency, f->currency)) continue;
		r->amount = r->authorized = r->captured = r->refunded = r->fee = MONEY_NONE;
		r->currency = (struct str){0};
	}
}

static groups make_groups(struct fold *f)
{
	groups all = {0};
	f->payment_of = NEW_N(f->a, size_t, f->refs.n + 1);
	for (size_t k = 0; k < f->refs.n; k++) f->payment_of[k] = NOT_THERE;
	for (size_t k = 0; k < f->rows.n; k++) {
		const struct pay_row *r = &f->rows.v[k];
		size_t top = payment_top(f, r->ref);
		if (f->payment_of[top] == NOT_THERE) {
			f->payment_of[top] = all.n;
			*VEC_PUSH(f->a, &all) = (struct group){.top = top, .root_score = -1, .root_at = DATE_NONE, .p = {.fee = MONEY_NONE, .at = DATE_NONE}};
		}
		struct group *g = &all.v[f->payment_of[top]];
		add_attributes(f, g, r);
		add_step(f, g, r);
	}
	return all;
}

// Names without an event of their own: parents not seen, other names of the same.
static void other_names(struct fold *f, groups *all)
{
	for (size_t k = 0; k < f->refs.n; k++) {
		size_t g = f->payment_of[payment_top(f, k)];
		if (g != NOT_THERE && !f->refs.v[k].seen) consider_root(f, &all->v[g], k, false, DATE_NONE);
	}
	for (size_t k = 0; k < f->refs.n; k++) {
		size_t g = f->payment_of[payment_top(f, k)];
		if (g == NOT_THERE || all->v[g].root != k) *VEC_PUSH(f->a, &f->more) = (struct event_ref){REF_PSP, f->refs.v[k].name};
	}
}

static void close_group(struct fold *f, struct group *g)
{
	for (size_t k = 0; k < g->steps.n; k++) {
		const struct step *s = &g->steps.v[k];
		stands(f, s->row.i);
		consider_root(f, g, s->row.ref, s->row.state != GIVEN_FAILED, s->row.at);
		if (f->cancelled && f->cancelled_at != DATE_NONE && s->first_at != DATE_NONE && s->first_at > f->cancelled_at)
			f->captured_late_at = sooner_of(f->captured_late_at, s->first_at);
	}
	amounts(f, g);
}

static void finish_group(struct fold *f, struct group *g)
{
	struct flags x = ends(f, g);
	g->p.psp_ref = f->refs.v[g->root].name;
	g->p.status = status_of(&g->p, x);
	g->p.amount = amount_of(g);
	g->p.fee = or_zero(g->p.fee);
	if (g->p.digits < 0) g->p.digits = 2;
	if (g->p.status == PAY_FAILED) g->p.error = g->error;
}

// After the refunds: they are matched to payments here.
void fold_payments_close(struct fold *f)
{
	struct order *o = f->o;
	own_currency(f);
	groups all = make_groups(f);
	for (size_t g = 0; g < all.n; g++) close_group(f, &all.v[g]);
	other_names(f, &all);
	refunds(f, &all);
	o->payments = NEW_N(f->a, struct payment, all.n);
	for (size_t g = 0; g < all.n; g++) {
		finish_group(f, &all.v[g]);
		o->payments[o->n_payments++] = all.v[g].p;
	}
	if (all.n > 1) qsort(o->payments, o->n_payments, sizeof *o->payments, by_time);
	totals(f);
}
