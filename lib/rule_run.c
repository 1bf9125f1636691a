// The rules run: on one event, and on a folded order.
#include "rule_checks.h"

void rules_accept_source(struct rules *r, const char *source)
{
	r->only_source = source ? str_of(arena_strdup(r->a, source)) : (struct str){0};
}

static void run_check(const struct rules *r, struct walk *w, void (*check)(const struct rule *, struct walk *, findings *), findings *to)
{
	for (size_t i = 0; i < r->n_event[EV_COUNT]; i++)
		if (r->event[EV_COUNT][i]->check->event == check) check(r->event[EV_COUNT][i], w, to);
}

// What is no event, or one of another version, is said to be that and nothing else: the contract says nothing about it.
static bool judged_whole(const struct rules *r, struct walk *w, findings *to)
{
	size_t before = to->n;
	run_check(r, w, check_is_event, to);
	run_check(r, w, check_schema_known, to);
	return to->n > before;
}

void rules_event(const struct rules *r, const struct json *j, struct arena *a, findings *to)
{
	struct walk w;
	walk_event(&w, &r->places, j, a);
	w.only_source = r->only_source;
	if (judged_whole(r, &w, to)) return;
	// Of an event alone it is known whether it is a credit note; the other facts are an order's.
	bool credit = w.body && shape_body(w.type) == shape_order && walk_true(&w, w.body, at_order_credit);
	unsigned facts = credit ? FACT_CREDIT : 0;
	const struct rule **list = r->event[w.type];
	for (size_t i = 0; i < r->n_event[w.type]; i++)
		if (!(list[i]->unless & facts) && list[i]->check->event != check_is_event && list[i]->check->event != check_schema_known) list[i]->check->event(list[i], &w, to);
}

void rules_order(const struct rules *r, const struct order *o, struct arena *a, findings *to)
{
	if (!o->complete) return;
	unsigned facts = order_facts(o, a);
	for (size_t i = 0; i < r->n_order; i++)
		if (!(r->order[i]->unless & facts)) r->order[i]->check->order(r->order[i], o, a, to);
}

size_t rules_count(const struct rules *r) { return r->n; }

struct rule_info rules_info(const struct rules *r, size_t i)
{
	const struct rule *u = &r->all[i];
	return (struct rule_info){.id = u->id, .layer = u->layer, .check = u->check->name, .code = u->code, .owner = u->owner, .message = u->message,
		.fix = u->fix, .target = u->check->order ? "order" : "event", .hold = u->hold, .since = u->since, .version = u->version,
		.severity = u->severity, .record = u->record};
}
