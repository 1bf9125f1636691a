// Checks, then the taking, in one transaction: what was checked is what is taken.
#include "confirm.h"
#include "member.h"
#include <stdio.h>

static int look(struct own *w, struct db *d, struct err *e, const char *operand, const struct confirm_options *o, struct confirmed *to, struct apply_view *v)
{
	*to = (struct confirmed){0};
	if (own_find(w, e, operand, &to->id) || own_look(w, e, to->id, v)) return -1;
	struct check_options opt = {.now = o->now, .overrides = o->overrides, .evidence = o->evidence, .log = v->log, .order_key = v->key};
	return check_run(d, e, own_arena(w), o->policy, v->o, &opt, &to->check);
}

static const struct check_result *blocking(const struct check *c)
{
	for (size_t i = 0; i < c->results.n; i++)
		if (c->results.v[i].verdict >= VERDICT_BLOCK && !c->results.v[i].overridden) return &c->results.v[i];
	return NULL;
}

// What may be done about it, beside mending it.
static int ways_on(struct err *e, const struct confirmed *to, bool several)
{
	const struct check *c = &to->check;
	struct buf b = {0};
	for (size_t i = 0; i < c->results.n; i++) {
		const struct check_result *r = &c->results.v[i];
		if (r->verdict < VERDICT_BLOCK || r->overridden) continue;
		if (r->firm || r->verdict > VERDICT_BLOCK || !r->override) {
			buf_free(&b);
			return several ? hint(e, "oms-check " STR_FMT " tells all of it", STR_ARG(to->id)) : -1;
		}
		buf_printf(&b, "%s%s", b.n ? "," : "", r->id);
	}
	hint(e, "whoever may can pass over it: --override=" STR_FMT " --reason=TEXT; oms-check " STR_FMT " tells all of it", STR_ARG(buf_view(&b)), STR_ARG(to->id));
	buf_free(&b);
	return -1;
}

static int refused(struct err *e, struct confirmed *to)
{
	const struct check *c = &to->check;
	const struct check_result *first = blocking(c);
	size_t more = 0;
	for (size_t i = 0; i < c->results.n; i++) more += c->results.v[i].verdict >= VERDICT_BLOCK && !c->results.v[i].overridden && &c->results.v[i] != first;
	to->code = first->name;
	if (more) fail(e, E_REFUSED, "%s %s: " STR_FMT "; and %zu more", first->id, first->name, STR_ARG(first->because), more);
	else fail(e, E_REFUSED, "%s %s: " STR_FMT, first->id, first->name, STR_ARG(first->because));
	return ways_on(e, to, more > 0);
}

bool confirm_expected(const struct check *c, const char *expect)
{
	struct buf b = {0};
	check_digest_hex(&b, c);
	struct str want = str_of(expect);
	bool same = want.n && want.n <= b.n && str_eq_nocase(want, str_cut(buf_view(&b), 0, want.n));
	buf_free(&b);
	return same;
}

static int changed_since(struct err *e, struct confirmed *to)
{
	struct buf b = {0};
	check_digest_hex(&b, &to->check);
	to->code = "changed";
	fail(e, E_REFUSED, "what is there now is not what was expected: the order, its checks or its stock changed");
	hint(e, "look at it again (oms-check); its digest is now " STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return -1;
}

int confirm_look(struct own *w, struct db *d, struct err *e, const char *operand, const struct confirm_options *o, struct confirmed *to)
{
	struct apply_view v;
	if (look(w, d, e, operand, o, to, &v)) return -1;
	if (o->expect && !confirm_expected(&to->check, o->expect)) return changed_since(e, to);
	return blocking(&to->check) ? refused(e, to) : 0;
}

static void put_overrides(struct buf *b, const struct check *c, const char *reason)
{
	bool any = false;
	for (size_t i = 0; i < c->results.n; i++) {
		if (!c->results.v[i].overridden) continue;
		if (!any) member_open(b, "overrides", '[');
		any = true;
		member_item(b, '{');
		member_word(b, "check", c->results.v[i].id);
		member_word(b, "reason", reason);
		buf_c(b, '}');
	}
	if (any) buf_c(b, ']');
}

// One confirmation of one state of the order: its name is made of what the log had, so that twice the same is once.
static int take(struct own *w, struct err *e, const struct confirm_options *o, struct confirmed *to, const struct digest *log)
{
	struct buf b = {0}, hex = {0};
	buf_c(&b, '{'); // members are told from a beginning by it; the event has braces of its own
	plan_json(&b, &to->check.plan);
	member_open(&b, "digest", '"');
	check_digest_hex(&b, &to->check);
	buf_c(&b, '"');
	put_overrides(&b, &to->check, o->reason);
	digest_hex(&hex, log->b, 8);
	const char *id = arena_printf(own_arena(w), "oms-confirm:" STR_FMT ":" STR_FMT, STR_ARG(to->id), STR_ARG(buf_view(&hex)));
	int r = own_event(w, e, to->id, EV_ORDER_CONFIRMED, id, str_cut(buf_view(&b), 1, b.n), NULL);
	buf_free(&b);
	buf_free(&hex);
	return r;
}

int confirm_order(struct own *w, struct db *d, struct err *e, const char *operand, const struct confirm_options *o, struct confirmed *to)
{
	struct apply_view v;
	if (look(w, d, e, operand, o, to, &v)) return -1;
	if (v.o->status == ORDER_CONFIRMED && v.o->confirmed_at != DATE_NONE && !o->expect) {
		to->code = "already_confirmed";
		return 0;
	}
	if (o->expect && !confirm_expected(&to->check, o->expect)) return changed_since(e, to);
	if (blocking(&to->check)) return refused(e, to);
	if (take(w, e, o, to, &v.log)) return -1;
	to->changed = true;
	return 0;
}
