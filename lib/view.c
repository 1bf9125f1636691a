// An order as a screen of collapsible sections.
#include "view.h"
#include "view_section.h"

static const struct {
	const char *word;
	bool (*brief)(struct page *p, const struct order *o);
	void (*detail)(struct page *p, const struct order *o);
} sections[SECTIONS] = {
	[SEC_SUMMARY] = {"summary", NULL, NULL},
	[SEC_LINES] = {"lines", lines_brief, lines_detail},
	[SEC_FINANCIALS] = {"financials", money_brief, money_detail},
	[SEC_LOGISTICS] = {"logistics", logistics_brief, logistics_detail},
	[SEC_TICKETS] = {"tickets", tickets_brief, tickets_detail},
	[SEC_HOLDS] = {"holds", holds_brief, holds_detail},
	[SEC_HISTORY] = {"history", history_brief, history_detail},
};

const char *section_word(enum section s) { return s < SECTIONS ? sections[s].word : NULL; }

int section_named(struct str word)
{
	for (int i = 0; i < SECTIONS; i++)
		if (str_is(word, sections[i].word)) return i;
	return -1;
}

static void put_identity(struct page *p, const struct order *o)
{
	say_str(p, o->id);
	if (o->number.n) say(p, "  number ");
	say_str(p, o->number);
	page_fact(p, "order", STRONG);
}

static void put_state(struct page *p, const struct order *o)
{
	say_word(p, AXIS_STATUS, (int)o->status);
	say(p, ", payment %s, fulfilment %s", axis_word(AXIS_PAYMENT, (int)o->payment_status), axis_word(AXIS_FULFILMENT, (int)o->fulfilment_status));
	page_fact(p, "state", PLAIN);
	unsigned bits = o->attention | order_late(o, p->now);
	for (int i = 0; i < ATTENTION_COUNT; i++)
		if (bits >> i & 1) say_word(p, AXIS_ATTENTION, i);
	if (p->v.n) page_fact(p, "attention", ALERT);
	if (o->confirmed_at != DATE_NONE) {
		say_at(p, o->confirmed_at);
		if (o->confirmed_by.n) say(p, " by ");
		say_str(p, o->confirmed_by);
		say_part(p, o->service);
		page_fact(p, "confirmed", PLAIN);
	}
	if (o->cancel_reason.n || o->cancelled_at != DATE_NONE) {
		if (o->cancelled_at != DATE_NONE) say_at(p, o->cancelled_at);
		say_part(p, o->cancel_reason);
		page_fact(p, "cancelled", PLAIN);
	}
	fact_at(p, "closed", o->closed_at);
}

static void put_customer(struct page *p, const struct customer *c)
{
	const struct str said[] = {c->name, c->company, c->segment, c->email, c->phone};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) say_part(p, said[i]);
	if (!p->v.n) say_part(p, c->id.n ? c->id : S("unknown"));
	page_fact(p, "customer", PLAIN);
}

static void put_money(struct page *p, const struct order *o)
{
	say(p, "total");
	if (o->currency.n) say(p, " ");
	say_str(p, o->currency);
	if (o->total == MONEY_NONE) say(p, ": unknown");
	page_row(p, 0, STRONG, (struct str){0}, (struct str){0}, page_money(p, o->total, o->digits));
	position_rows(p, o);
	page_rows(p, PAGE_LABEL);
}

static void put_summary(struct page *p, const struct order *o)
{
	put_state(p, o);
	put_customer(p, &o->customer);
	fact_at(p, "placed", o->placed_at);
	fact_at(p, "updated", o->updated_at);
	put_money(p, o);
	for (size_t i = 0; i < o->n_tags; i++) say_part(p, o->tags[i]);
	if (p->v.n) page_fact(p, "tags", PLAIN);
	if (o->note.n) {
		say_lines(p, o->note);
		page_fact(p, "note", PLAIN);
	}
}

static void put_section(struct page *p, const struct order *o, int i, bool open)
{
	bool off = sections[i].brief(p, o);
	page_fact(p, sections[i].word, off ? ALERT : PLAIN);
	if (!open) return;
	p->indent = 2;
	sections[i].detail(p, o);
	p->indent = 0;
}

void order_screen(struct buf *b, const struct order *o, const struct screen *s)
{
	struct page p;
	page_open(&p, b, s->width);
	p.color = s->color;
	p.tty = s->tty;
	p.zone = s->zone ? s->zone : "UTC";
	p.now = s->now;
	put_identity(&p, o);
	if (!s->only || s->open & 1u << SEC_SUMMARY) put_summary(&p, o);
	bool before = false;
	for (int i = SEC_LINES; i < SECTIONS; i++) {
		bool open = s->open >> i & 1;
		if (!open && s->only) continue;
		if (open || before) page_blank(&p);
		put_section(&p, o, i, open);
		before = open;
	}
	page_close(&p);
}
