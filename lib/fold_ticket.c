// Tickets and their messages: the desk's word is the status, and a customer's message after it opens what was waiting.
#include "fold_parts.h"
#include <stdlib.h>

enum { TICKET_STATE, REQUESTER, TICKET_TAGS };

static bool ticket_state(struct place *p, struct ticket_slot *s, uint32_t v)
{
	struct str text = json_str(p->j, v, p->f->a);
	int word = text.n ? axis_value(AXIS_TICKET, text) : -1;
	if (word < 0 || s->told) return false;
	s->told = true;
	s->t.status = (enum ticket_status)word;
	s->status_from = p->i;
	return true;
}

static bool requester(struct place *p, struct ticket *t, uint32_t v)
{
	struct str name = text_at(p, v, "name"), email = text_at(p, v, "email");
	bool any = (name.n && !t->requester.p) || (email.n && !t->requester_email.p);
	if (name.n && !t->requester.p) t->requester = name;
	if (email.n && !t->requester_email.p) t->requester_email = email;
	return any;
}

static bool ticket_own(struct place *p, void *to, unsigned code, uint32_t v)
{
	struct ticket_slot *s = to;
	if (code == TICKET_STATE) return ticket_state(p, s, v);
	if (code == REQUESTER) return requester(p, &s->t, v);
	return take_strs(p, v, &s->t.tags, &s->t.n_tags);
}

static const struct field ticket_fields[] = {
	FIELD("subject", TEXT, struct ticket_slot, t.subject), FIELD_OWN("status", DEEP, TICKET_STATE),
	FIELD("priority", TEXT, struct ticket_slot, t.priority), FIELD("channel", TEXT, struct ticket_slot, t.channel),
	FIELD_OWN("requester", DEEP, REQUESTER), FIELD("assignee", TEXT, struct ticket_slot, t.assignee),
	FIELD("url", TEXT, struct ticket_slot, t.url), FIELD("created_at", TIME, struct ticket_slot, t.created_at),
	FIELD("updated_at", TIME, struct ticket_slot, t.updated_at), FIELD("solved_at", TIME, struct ticket_slot, t.solved_at),
	FIELD_OWN("tags", OWN, TICKET_TAGS),
};
static const struct form ticket_form = FORM(ticket_fields, ticket_own);

static struct ticket_slot *ticket_at(struct fold *f, struct str id, size_t i)
{
	size_t k = names_find(&f->ticket_names, id);
	if (k != NOT_THERE) return &f->tickets.v[k];
	names_add(f->a, &f->ticket_names, id, f->tickets.n);
	struct ticket_slot *s = VEC_PUSH(f->a, &f->tickets);
	*s = (struct ticket_slot){.status_from = NOT_THERE, .customer_from = NOT_THERE, .t = {.id = id, .status = TICKET_NEW,
		.created_at = DATE_NONE, .updated_at = DATE_NONE, .solved_at = DATE_NONE}};
	stands(f, i);
	return s;
}

void fold_ticket_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, -1);
	struct str id = text_at(&p, ev->body, "id");
	struct ticket_slot *s = ticket_at(f, id.n ? id : ev->id, i);
	if (take_members(&p, &ticket_form, ev->body, s, &s->have)) stands(f, i);
}

static const struct field message_fields[] = {
	FIELD("id", TEXT, struct message, id), FIELD("author", TEXT, struct message, author), FIELD("role", TEXT, struct message, role),
	FIELD("channel", TEXT, struct message, channel), FIELD("public", FLAG, struct message, public_),
	FIELD("text", TEXT, struct message, text), FIELD("at", TIME, struct message, at),
};
static const struct form message_form = FORM(message_fields, NULL);

static bool message_known(const struct ticket_slot *s, struct str id)
{
	for (size_t k = 0; k < s->messages.n; k++)
		if (str_eq(s->messages.v[k].id, id)) return true;
	return false;
}

void fold_message_event(struct fold *f, size_t i)
{
	const struct event *ev = &f->ev[i];
	struct place p = place_of(f, i, -1);
	struct str ticket = text_at(&p, ev->body, "ticket");
	struct ticket_slot *s = ticket_at(f, ticket.n ? ticket : ev->id, i);
	struct message m = {.public_ = true, .at = DATE_NONE};
	uint64_t have = 0;
	take_members(&p, &message_form, ev->body, &m, &have);
	if (m.at == DATE_NONE) m.at = when(f, i);
	if (!m.id.n) m.id = ev->id;
	if (message_known(s, m.id)) return; // an older text of the same message
	if (str_is(m.role, "customer") && s->customer_from == NOT_THERE) s->customer_from = i;
	s->agent |= str_is(m.role, "agent");
	*VEC_PUSH(f->a, &s->messages) = m;
	stands(f, i);
}

static int by_at(const void *x, const void *y)
{
	const struct message *a = x, *b = y;
	if (a->at != b->at) return a->at < b->at ? -1 : 1;
	return str_cmp(a->id, b->id);
}

static int by_creation(const void *x, const void *y)
{
	const struct ticket *a = x, *b = y;
	if (a->created_at != b->created_at) return a->created_at < b->created_at ? -1 : 1;
	return str_cmp(a->id, b->id);
}

// A customer who writes after the desk's last word opens what was pending, on hold or solved; closed stays closed.
static enum ticket_status settled(const struct ticket_slot *s)
{
	enum ticket_status t = s->t.status;
	if (!s->told) return s->agent ? TICKET_OPEN : TICKET_NEW;
	bool waiting = t == TICKET_PENDING || t == TICKET_HOLD || t == TICKET_SOLVED;
	return waiting && s->customer_from != NOT_THERE && s->customer_from > s->status_from ? TICKET_OPEN : t;
}

void fold_tickets_close(struct fold *f)
{
	struct order *o = f->o;
	o->tickets = NEW_N(f->a, struct ticket, f->tickets.n);
	for (size_t k = 0; k < f->tickets.n; k++) {
		struct ticket_slot *s = &f->tickets.v[k];
		if (s->messages.n > 1) qsort(s->messages.v, s->messages.n, sizeof *s->messages.v, by_at);
		s->t.messages = s->messages.v;
		s->t.n_messages = s->messages.n;
		s->t.status = settled(s);
		if (s->t.created_at == DATE_NONE && s->messages.n) s->t.created_at = s->messages.v[0].at;
		o->tickets[o->n_tickets++] = s->t;
	}
	if (o->n_tickets > 1) qsort(o->tickets, o->n_tickets, sizeof *o->tickets, by_creation);
}
