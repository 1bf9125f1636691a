// Checks and plan of an order as lines for people: what is wrong first, what is fine in one line.
#include "check_screen.h"
#include "view_page.h"

static const char *headline(const struct check *c, const struct check_look *look)
{
	if (look->done) return look->dry_run ? "would be confirmed" : "confirmed";
	if (look->already) return "is confirmed already";
	return c->verdict >= VERDICT_BLOCK ? "may not be confirmed" : "may be confirmed";
}

static void say_passed(struct page *p, const struct check *c, enum verdict v)
{
	for (size_t i = 0; i < c->results.n; i++) {
		const struct check_result *r = &c->results.v[i];
		if (r->verdict != v) continue;
		say_next(p, ", ");
		say(p, "%s %s", r->id, r->name);
	}
	if (p->v.n) page_fact(p, verdict_word(v), PLAIN);
}

static void put_results(struct page *p, const struct check *c)
{
	for (enum verdict v = VERDICT_ERROR; v > VERDICT_PASS; v--)
		for (size_t i = 0; i < c->results.n; i++) {
			const struct check_result *r = &c->results.v[i];
			if (r->verdict != v) continue;
			say(p, "%s %s: ", r->id, r->name);
			say_str(p, r->because);
			if (r->overridden) say(p, " (passed over)");
			page_fact(p, verdict_word(v), v >= VERDICT_BLOCK && !r->overridden ? ALERT : PLAIN);
		}
	say_passed(p, c, VERDICT_PASS);
	say_passed(p, c, VERDICT_NA);
}

static void put_deduction(struct page *p, const struct deduction *d)
{
	say(p, "%lld ", (long long)d->quantity);
	say_str(p, d->sku);
	say(p, " from ");
	say_str(p, d->warehouse);
	say(p, ": %lld available, %lld after it, safety %lld", (long long)d->before, (long long)d->after, (long long)d->safety);
	page_fact(p, "takes", PLAIN);
}

static void put_waits(struct page *p, const struct plan_line *l)
{
	for (size_t i = 0; i < l->at.n; i++) {
		if (!l->at.v[i].backordered) continue;
		say(p, "%lld ", (long long)l->at.v[i].backordered);
		say_str(p, l->sku);
		say(p, " in ");
		say_str(p, l->at.v[i].warehouse);
		page_fact(p, "waits for", ALERT);
	}
}

void check_screen(struct buf *b, const struct check *c, const struct check_look *look)
{
	struct page p;
	page_open(&p, b, look->width);
	if (look->more) page_blank(&p);
	p.color = look->color;
	say_str(&p, c->o->id);
	if (c->o->number.n) say(&p, "  number ");
	say_str(&p, c->o->number);
	say(&p, "  %s", headline(c, look));
	page_fact(&p, "order", STRONG);
	put_results(&p, c);
	for (size_t i = 0; i < c->plan.deductions.n && c->plan.whole && !look->already; i++) put_deduction(&p, &c->plan.deductions.v[i]);
	for (size_t i = 0; i < c->plan.lines.n && c->plan.whole && !look->already; i++) put_waits(&p, &c->plan.lines.v[i]);
	say_str(&p, c->plan.service);
	say_part(&p, c->plan.carrier);
	if (p.v.n) page_fact(&p, "goes by", PLAIN);
	say_str(&p, c->plan.why);
	if (p.v.n) page_fact(&p, "why", PLAIN);
	struct buf hex = {0};
	check_digest_hex(&hex, c);
	say_str(&p, buf_view(&hex));
	buf_free(&hex);
	page_fact(&p, "digest", PLAIN);
	page_close(&p);
}
