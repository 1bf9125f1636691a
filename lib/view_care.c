// The sections tickets, holds and history.
#include "view_section.h"

static bool ticket_open(const struct ticket *t) { return t->status != TICKET_SOLVED && t->status != TICKET_CLOSED; }

bool tickets_brief(struct page *p, const struct order *o)
{
	size_t open = 0;
	for (size_t i = 0; i < o->n_tickets; i++) open += ticket_open(&o->tickets[i]);
	if (!o->n_tickets) {
		say(p, "none");
		return false;
	}
	if (open < o->n_tickets) say(p, "%zu closed", o->n_tickets - open);
	if (!open) return false;
	say_next(p, ", ");
	say(p, "%zu open", open);
	const char *separator = ": ";
	for (size_t i = 0; i < o->n_tickets; i++) {
		if (!ticket_open(&o->tickets[i])) continue;
		say(p, "%s", separator);
		say_str(p, o->tickets[i].id);
		if (o->tickets[i].subject.n) say(p, " ");
		say_str(p, o->tickets[i].subject);
		separator = "; ";
	}
	return true;
}

static void message_detail(struct page *p, const struct message *m)
{
	say_part(p, m->role);
	say_part(p, m->author);
	say_part(p, m->channel);
	if (!m->public_) say_part(p, S("internal note"));
	page_entry(p, m->at, PLAIN);
	p->indent += 2;
	say_lines(p, m->text);
	if (p->v.n) page_text(p, PLAIN);
	p->indent -= 2;
}

static void say_list(struct page *p, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++) say_part(p, v[i]);
}

static void ticket_detail(struct page *p, const struct ticket *t)
{
	say_part(p, t->id);
	if (t->subject.n) say(p, " ");
	say_str(p, t->subject);
	page_fact(p, "ticket", STRONG);
	p->indent += 2;
	say_word(p, AXIS_TICKET, (int)t->status);
	page_fact(p, "status", ticket_open(t) ? ALERT : PLAIN);
	fact_str(p, "priority", t->priority);
	fact_str(p, "channel", t->channel);
	say_part(p, t->requester);
	say_part(p, t->requester_email);
	if (p->v.n) page_fact(p, "requester", PLAIN);
	fact_str(p, "assignee", t->assignee);
	fact_str(p, "url", t->url);
	say_list(p, t->tags, t->n_tags);
	if (p->v.n) page_fact(p, "tags", PLAIN);
	fact_at(p, "opened", t->created_at);
	fact_at(p, "updated", t->updated_at);
	fact_at(p, "solved", t->solved_at);
	for (size_t i = 0; i < t->n_messages; i++) message_detail(p, &t->messages[i]);
	p->indent -= 2;
}

void tickets_detail(struct page *p, const struct order *o)
{
	for (size_t i = 0; i < o->n_tickets; i++) ticket_detail(p, &o->tickets[i]);
}

bool holds_brief(struct page *p, const struct order *o)
{
	size_t open = 0;
	for (size_t i = 0; i < o->n_holds; i++) open += o->holds[i].status == HOLD_OPEN;
	if (!o->n_holds) {
		say(p, "none");
		return false;
	}
	if (open < o->n_holds) say(p, "%zu closed", o->n_holds - open);
	if (!open) return false;
	say_next(p, ", ");
	say(p, "%zu open", open);
	const char *separator = ": ";
	for (size_t i = 0; i < o->n_holds; i++) {
		const struct hold *h = &o->holds[i];
		if (h->status != HOLD_OPEN) continue;
		say(p, "%s", separator);
		say_str(p, h->type);
		if (h->owner.n) say(p, " (");
		say_str(p, h->owner);
		if (h->owner.n) say(p, ")");
		separator = ", ";
	}
	return true;
}

static void hold_closing(struct page *p, const struct hold *h)
{
	fact_at(p, "closed", h->closed_at);
	fact_str(p, "closed by", h->closed_by);
	fact_str(p, "resolution", h->resolution);
}

static void hold_detail(struct page *p, const struct hold *h)
{
	bool open = h->status == HOLD_OPEN;
	say_part(p, h->type);
	say_part(p, h->id);
	page_fact(p, "hold", STRONG);
	p->indent += 2;
	say_word(p, AXIS_HOLD, (int)h->status);
	page_fact(p, "status", open ? ALERT : PLAIN);
	fact_str(p, "reason", h->reason);
	say_list(p, h->blocks, h->n_blocks);
	if (!p->v.n) say(p, "nothing");
	page_fact(p, "blocks", PLAIN);
	if (open) fact_str(p, "release by", h->owner.n ? h->owner : S("any owner"));
	fact_str(p, "source", h->source);
	fact_str(p, "rule", h->rule);
	fact_at(p, "opened", h->opened_at);
	fact_str(p, "opened by", h->opened_by);
	fact_at(p, "until", h->until_at);
	hold_closing(p, h);
	p->indent -= 2;
}

void holds_detail(struct page *p, const struct order *o)
{
	for (size_t i = 0; i < o->n_holds; i++) hold_detail(p, &o->holds[i]);
}

bool history_brief(struct page *p, const struct order *o)
{
	size_t superseded = 0;
	for (size_t i = 0; i < o->n_timeline; i++) superseded += o->timeline[i].superseded;
	say_count(p, o->n_timeline, "event", "events");
	if (superseded) say(p, ", %zu superseded", superseded);
	if (!o->n_timeline) return false;
	const struct moment *last = &o->timeline[o->n_timeline - 1];
	say(p, "; last: %s ", event_type_word(last->type));
	say_at(p, last->at);
	return false;
}

void history_detail(struct page *p, const struct order *o)
{
	for (size_t i = 0; i < o->n_timeline; i++) {
		const struct moment *m = &o->timeline[i];
		say_part(p, str_of(event_type_word(m->type)));
		if (m->superseded) say_part(p, S("superseded"));
		say_part(p, m->summary);
		say_next(p, ", by ");
		say_str(p, m->actor.n ? m->actor : m->source);
		page_entry(p, m->at, PLAIN);
	}
}
