// All checks of one order, one after the other, none left out; and the digest of what was seen.
#include "check_part.h"
#include <stdio.h>

enum { SENTENCES = 12 }; // an order of ten thousand lines is not told ten thousand times what it lacks; the evidence has all of it

const char *verdict_word(enum verdict v)
{
	static const char *const words[] = {"n/a", "pass", "warn", "block", "error"};
	return words[v];
}

void verdict_say(struct checking *c, struct check_result *r, enum verdict v, const char *fmt, ...)
{
	bool worse = v > r->verdict;
	if (worse) r->verdict = v;
	if (r->said++ >= SENTENCES && !worse) return;
	va_list ap;
	va_start(ap, fmt);
	char *said = arena_vprintf(c->a, fmt, ap);
	va_end(ap);
	r->because = str_of(r->because.n ? arena_printf(c->a, STR_FMT "; %s", STR_ARG(r->because), said) : said);
}

static const struct { const char *name; check_function *run; } functions[] = {
	{"state", check_state}, {"address", check_address}, {"location", check_location}, {"references", check_references}, {"availability", check_availability}, {"zone", check_zone},
	{"holds", check_holds}, {"payment", check_payment}, {"money", check_money}, {"duplicate", check_duplicate},
};

static check_function *function_named(const char *name)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (!strcmp(functions[i].name, name)) return functions[i].run;
	return NULL;
}

bool check_known(const char *name) { return function_named(name) != NULL; }

static int run_one(struct checking *c, size_t i)
{
	struct policy_check row = policy_check_at(c->policy, i);
	check_function *run = function_named(row.name);
	struct check_result *r = VEC_PUSH(c->a, &c->to->results);
	*r = (struct check_result){.id = row.id, .name = row.name, .verdict = VERDICT_PASS, .override = row.override};
	c->params = policy_params(c->policy, i);
	buf_clear(&c->evidence);
	if (!run || run(c, r)) return because(c->e, "check %s", row.id);
	if (r->said > SENTENCES) r->because = str_of(arena_printf(c->a, STR_FMT "; and more: %zu in all", STR_ARG(r->because), r->said));
	if (c->evidence.n) r->evidence = (struct str){arena_copy(c->a, c->evidence.p, c->evidence.n), c->evidence.n};
	r->overridden = r->verdict == VERDICT_BLOCK && !r->firm && row.override && c->opt->overrides >> i & 1;
	if (!r->overridden && r->verdict > c->to->verdict) c->to->verdict = r->verdict;
	return 0;
}

static void part_of(struct digest_sum *s, int64_t v) { digest_raw(s, &v, sizeof v); }

static void digest_of(struct checking *c)
{
	struct check *to = c->to;
	struct digest_sum s;
	digest_begin(&s);
	digest_raw(&s, c->opt->log.b, sizeof c->opt->log.b);
	digest_part(&s, c->o->id);
	for (size_t i = 0; i < to->results.n; i++) {
		digest_part(&s, str_of(to->results.v[i].id));
		part_of(&s, to->results.v[i].verdict << 1 | to->results.v[i].overridden);
	}
	for (size_t i = 0; i < to->plan.lines.n; i++) {
		const struct plan_line *l = &to->plan.lines.v[i];
		digest_part(&s, l->line);
		digest_part(&s, l->sku);
		part_of(&s, l->quantity);
		for (size_t k = 0; k < l->n_parts; k++) {
			digest_part(&s, l->parts[k].sku);
			part_of(&s, l->parts[k].quantity);
		}
		for (size_t k = 0; k < l->at.n; k++) {
			digest_part(&s, l->at.v[k].warehouse);
			part_of(&s, l->at.v[k].units);
			part_of(&s, l->at.v[k].backordered);
		}
	}
	for (size_t i = 0; i < to->plan.deductions.n; i++) {
		const struct deduction *x = &to->plan.deductions.v[i];
		digest_part(&s, x->warehouse);
		digest_part(&s, x->sku);
		part_of(&s, x->before);
		part_of(&s, x->after);
		part_of(&s, x->safety);
	}
	digest_part(&s, to->plan.service);
	digest_part(&s, to->plan.carrier);
	digest_part(&s, to->plan.zone);
	digest_end(&s, &to->digest);
}

int check_run(struct db *d, struct err *e, struct arena *a, const struct policy *p, const struct order *o, const struct check_options *opt, struct check *to)
{
	*to = (struct check){.o = o, .verdict = VERDICT_PASS};
	struct checking c = {.db = d, .e = e, .a = a, .policy = p, .opt = opt, .o = o, .to = to};
	int bad = check_wants(&c) || check_places(&c) || plan_make(&c) ? -1 : 0;
	for (size_t i = 0; !bad && i < policy_size(p); i++) bad = run_one(&c, i);
	buf_free(&c.evidence);
	if (bad) {
		*to = (struct check){0}; // what was judged in part is no verdict
		return -1;
	}
	digest_of(&c);
	return 0;
}

void check_digest_hex(struct buf *b, const struct check *c) { digest_hex(b, c->digest.b, CHECK_DIGEST_HEX / 2); }

// --- as records --------------------------------------------------------------------------------------------------------------

static void put_result(struct buf *b, const struct check_result *r)
{
	member_item(b, '{');
	member_word(b, "id", r->id);
	member_word(b, "name", r->name);
	member_word(b, "verdict", verdict_word(r->verdict));
	if (r->overridden) member_flag(b, "overridden", true);
	if (r->because.n) member_text(b, "because", r->because);
	if (r->evidence.n) {
		member_open(b, "evidence", '{');
		buf_str(b, r->evidence);
		buf_c(b, '}');
	}
	buf_c(b, '}');
}

void plan_json(struct buf *b, const struct check_plan *p)
{
	member_open(b, "lines", '[');
	for (size_t i = 0; i < p->lines.n; i++) {
		const struct plan_line *l = &p->lines.v[i];
		member_item(b, '{');
		member_text(b, "line", l->line);
		member_text(b, "sku", l->sku);
		member_whole(b, "quantity", l->quantity);
		if (l->shipped) member_whole(b, "shipped", l->shipped);
		member_open(b, "allocations", '[');
		for (size_t k = 0; k < l->at.n; k++) {
			member_item(b, '{');
			member_text(b, "warehouse", l->at.v[k].warehouse);
			member_whole(b, "units", l->at.v[k].units);
			if (l->at.v[k].backordered) member_whole(b, "backordered", l->at.v[k].backordered);
			buf_c(b, '}');
		}
		buf_c(b, ']');
		member_open(b, "components", '[');
		for (size_t k = 0; k < l->n_parts; k++) {
			member_item(b, '{');
			member_text(b, "sku", l->parts[k].sku);
			member_whole(b, "quantity", l->parts[k].quantity);
			buf_c(b, '}');
		}
		buf_cstr(b, "]}");
	}
	buf_c(b, ']');
	member_text(b, "service", p->service);
	member_text(b, "carrier", p->carrier);
	member_text(b, "zone", p->zone);
}

static void put_deductions(struct buf *b, const struct check_plan *p)
{
	member_open(b, "deductions", '[');
	for (size_t i = 0; i < p->deductions.n; i++) {
		const struct deduction *x = &p->deductions.v[i];
		member_item(b, '{');
		member_text(b, "warehouse", x->warehouse);
		member_text(b, "sku", x->sku);
		member_whole(b, "before", x->before);
		member_whole(b, "quantity", x->quantity);
		member_whole(b, "after", x->after);
		member_whole(b, "safety", x->safety);
		if (x->rule.n) member_text(b, "safety_rule", x->rule);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

struct str check_message(const struct check *c, struct arena *a)
{
	struct buf b = {0};
	size_t n = 0;
	for (size_t i = 0; i < c->results.n; i++) {
		const struct check_result *r = &c->results.v[i];
		if (r->verdict <= VERDICT_PASS || r->overridden || (r->verdict < VERDICT_BLOCK && c->verdict >= VERDICT_BLOCK)) continue;
		if (n++) buf_cstr(&b, "; ");
		buf_printf(&b, "%s %s: " STR_FMT, r->id, r->name, STR_ARG(r->because));
	}
	struct str s = n ? (struct str){arena_copy(a, b.p, b.n), b.n} : (struct str){0};
	buf_free(&b);
	return s;
}

void check_json(struct buf *b, const struct check *c, bool all)
{
	member_word(b, "verdict", verdict_word(c->verdict));
	member_open(b, "digest", '"');
	check_digest_hex(b, c);
	buf_c(b, '"');
	member_open(b, "checks", '[');
	for (size_t i = 0; i < c->results.n; i++)
		if (all || c->results.v[i].verdict > VERDICT_PASS) put_result(b, &c->results.v[i]);
	buf_c(b, ']');
	member_open(b, "plan", '{');
	plan_json(b, &c->plan);
	if (c->plan.why.n) member_text(b, "why", c->plan.why);
	buf_c(b, '}');
	put_deductions(b, &c->plan);
}
