// A mapping file made into what runs; every mistake is named with the place in the file where it stands.
#include "event.h"
#include "map_part.h"
#include <stdlib.h>

struct compile { struct arena *a; struct err *e; const struct expr_tables *tables; };

static int template_of(struct compile *c, const struct conf *o, struct template *t);

// --- helpers -------------------------------------------------------------------------------------------------------------

static bool word_in(const char *words, const char *w)
{
	size_t n = strlen(w);
	for (const char *p = words; (p = strstr(p, w)); p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || !p[n])) return true;
	return false;
}

// A misspelt member would be a rule that silently does not hold.
static int known(struct compile *c, const struct conf *o, const char *words)
{
	if (conf_type(o) != CONF_OBJECT) return fail(c->e, E_CONFIG, "this must be an object");
	for (size_t i = 0; i < conf_size(o); i++)
		if (!word_in(words, conf_key(o, i))) {
			fail(c->e, E_CONFIG, "\"%s\" means nothing here", conf_key(o, i));
			return hint(c->e, "known are: %s", words);
		}
	return 0;
}

static const char *copy(struct compile *c, const char *s) { return s ? arena_strdup(c->a, s) : NULL; }

static int compiled(struct compile *c, const struct conf *text, const struct expr **to)
{
	if (!conf_text(text)) return fail(c->e, E_CONFIG, "an expression is a text");
	*to = expr_compile(c->a, c->e, conf_text(text), c->tables);
	return *to ? 0 : -1;
}

// Member `key` of o as an expression; NULL where there is none.
static int expr_of(struct compile *c, const struct conf *o, const char *key, const struct expr **to)
{
	const struct conf *text = conf_get(o, key);
	if (!text || !compiled(c, text, to)) return 0;
	return because(c->e, "%s", key);
}

// One text or a list of them.
static size_t several(const struct conf *v) { return conf_type(v) == CONF_ARRAY ? conf_size(v) : v ? 1 : 0; }
static const struct conf *one_of(const struct conf *v, size_t i) { return conf_type(v) == CONF_ARRAY ? conf_item(v, i) : v; }

// --- templates -----------------------------------------------------------------------------------------------------------

static int constant(struct compile *c, const struct conf *o, struct template *t)
{
	char *json = conf_dump(o);
	t->kind = T_CONST;
	t->constant = str_of(arena_strdup(c->a, json ? json : "null"));
	free(json);
	return conf_type(o) == CONF_NULL ? fail(c->e, E_CONFIG, "null says nothing: leave the member out") : 0;
}

static int concat(struct compile *c, const struct conf *o, struct template *t)
{
	t->kind = T_CONCAT;
	t->n = conf_size(o);
	t->part = NEW_N(c->a, struct template, t->n + 1);
	for (size_t i = 0; i < t->n; i++)
		if (template_of(c, conf_item(o, i), &t->part[i])) return because(c->e, "[%zu]", i);
	return 0;
}

static int directive(struct compile *c, const struct conf *o, const char *key, struct template *t)
{
	if (strcmp(key, "$when") == 0) return expr_of(c, o, key, &t->when);
	if (strcmp(key, "$if") == 0) return expr_of(c, o, key, &t->only);
	if (strcmp(key, "$currency") == 0) return expr_of(c, o, key, &t->currency);
	if (strcmp(key, "$zone") == 0) return expr_of(c, o, key, &t->zone);
	if (strcmp(key, "$note") == 0) return 0;
	if (strcmp(key, "$keep") == 0) return t->keep = conf_bool(conf_get(o, key), false), 0;
	if (strcmp(key, "$with") != 0 && strcmp(key, "$each") != 0)
		return fail(c->e, E_CONFIG, "there is no \"%s\": $when $if $with $each $keep $currency $zone $note", key);
	if (t->x) return fail(c->e, E_CONFIG, "$with and $each exclude each other");
	if (key[1] == 'e') t->kind = T_EACH;
	return expr_of(c, o, key, &t->x);
}

static void label(struct compile *c, struct template *t, const char *key)
{
	struct buf b = {0};
	buf_json(&b, str_of(key));
	buf_c(&b, ':');
	t->key = str_of(arena_strdup(c->a, key));
	t->label = (struct str){arena_copy(c->a, b.p, b.n), b.n};
	buf_free(&b);
}

static int object(struct compile *c, const struct conf *o, struct template *t)
{
	t->kind = T_OBJECT;
	t->part = NEW_N(c->a, struct template, conf_size(o) + 1);
	for (size_t i = 0; i < conf_size(o); i++) {
		const char *key = conf_key(o, i);
		if (key[0] == '$') {
			if (directive(c, o, key, t)) return -1;
			continue;
		}
		struct template *m = &t->part[t->n++];
		if (template_of(c, conf_item(o, i), m)) return because(c->e, "%s", key);
		label(c, m, key);
	}
	return 0;
}

static int template_of(struct compile *c, const struct conf *o, struct template *t)
{
	switch (conf_type(o)) {
	case CONF_OBJECT: return object(c, o, t);
	case CONF_ARRAY: return concat(c, o, t);
	case CONF_STRING: return t->kind = T_EXPR, compiled(c, o, &t->x);
	case CONF_NUMBER: case CONF_BOOL: case CONF_NULL: break;
	}
	return constant(c, o, t);
}

// --- events and kinds ----------------------------------------------------------------------------------------------------

static int ref_of(struct compile *c, const struct conf *o, struct map_ref *r)
{
	if (known(c, o, "kind value when note")) return -1;
	r->kind = copy(c, conf_text_at(o, "kind", ""));
	if (!ref_kind_named(str_of(r->kind))) return fail(c->e, E_CONFIG, "kind: \"%s\" is no kind of reference", r->kind);
	if (!conf_get(o, "value")) return fail(c->e, E_CONFIG, "\"value\" is missing");
	return expr_of(c, o, "value", &r->value) || expr_of(c, o, "when", &r->when) ? -1 : 0;
}

static int refs_of(struct compile *c, const struct conf *o, struct map_event_rule *ev)
{
	const struct conf *refs = conf_get(o, "refs");
	ev->refs = conf_size(refs);
	ev->ref = NEW_N(c->a, struct map_ref, ev->refs + 1);
	for (size_t i = 0; i < ev->refs; i++)
		if (ref_of(c, conf_item(refs, i), &ev->ref[i])) return because(c->e, "refs[%zu]", i);
	return 0;
}

static int head_of(struct compile *c, const struct conf *o, struct map_event_rule *ev)
{
	struct { const char *key; const struct expr **to; } head[] = {
		{"id", &ev->id}, {"order", &ev->order}, {"occurred_at", &ev->occurred_at}, {"seq", &ev->seq}, {"actor", &ev->actor},
		{"test", &ev->test}, {"currency", &ev->currency}, {"zone", &ev->zone}, {"when", &ev->when}, {"each", &ev->each},
	};
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		if (expr_of(c, o, head[i].key, head[i].to)) return -1;
	if (!ev->id) return fail(c->e, E_CONFIG, "\"id\" is missing: the natural key of the event");
	return 0;
}

static int event_of(struct compile *c, const struct conf *o, struct map_event_rule *ev)
{
	if (known(c, o, "type id order occurred_at seq actor test currency zone when each refs body note")) return -1;
	ev->type = copy(c, conf_text_at(o, "type", ""));
	if (event_type_named(str_of(ev->type)) == EV_UNKNOWN) return fail(c->e, E_CONFIG, "type: \"%s\" is no type of event", ev->type);
	if (head_of(c, o, ev) || refs_of(c, o, ev)) return -1;
	const struct conf *body = conf_get(o, "body");
	ev->has_body = body != NULL;
	if (!body) return 0;
	if (conf_type(body) != CONF_OBJECT) return fail(c->e, E_CONFIG, "body: this must be an object");
	if (object(c, body, &ev->body)) return because(c->e, "body");
	return ev->body.kind == T_EACH ? fail(c->e, E_CONFIG, "body: a body is one object: put \"each\" beside it") : 0;
}

static int froms_of(struct compile *c, const struct conf *o, struct map_kind *k)
{
	const struct conf *from = conf_get(o, "from");
	k->froms = several(from);
	k->from = NEW_N(c->a, const struct expr *, k->froms + 1);
	for (size_t i = 0; i < k->froms; i++)
		if (compiled(c, one_of(from, i), &k->from[i])) return because(c->e, "from[%zu]", i);
	if (k->froms) return 0;
	k->from[k->froms++] = expr_compile(c->a, c->e, "", c->tables);
	return 0;
}

static int topics_of(struct compile *c, const struct conf *o, struct map_kind *k)
{
	const struct conf *topic = conf_get(o, "topic");
	k->topics = several(topic);
	k->topic = NEW_N(c->a, const char *, k->topics + 1);
	for (size_t i = 0; i < k->topics; i++)
		if (!(k->topic[i] = copy(c, conf_text(one_of(topic, i))))) return fail(c->e, E_CONFIG, "topic[%zu]: this must be a text", i);
	return 0;
}

static int kind_of(struct compile *c, const struct conf *o, struct map_kind *k)
{
	if (known(c, o, "kind topic from when events verbatim note")) return -1;
	k->name = copy(c, conf_text(conf_get(o, "kind")));
	if (!k->name) return fail(c->e, E_CONFIG, "\"kind\" is missing: its name");
	k->verbatim = conf_bool(conf_get(o, "verbatim"), false);
	if (topics_of(c, o, k) || froms_of(c, o, k) || expr_of(c, o, "when", &k->when)) return because(c->e, "%s", k->name);
	const struct conf *events = conf_get(o, "events");
	k->events = conf_size(events);
	k->event = NEW_N(c->a, struct map_event_rule, k->events + 1);
	for (size_t i = 0; i < k->events; i++)
		if (event_of(c, conf_item(events, i), &k->event[i])) return because(c->e, "%s: events[%zu]", k->name, i);
	return 0;
}

static int kinds_of(struct compile *c, const struct conf *o, struct map *m)
{
	const struct conf *kinds = conf_get(o, "kinds");
	m->kinds = conf_size(kinds);
	m->kind = NEW_N(c->a, struct map_kind, m->kinds + 1);
	if (!m->kinds) return fail(c->e, E_CONFIG, "\"kinds\" is missing: what the channel sends");
	for (size_t i = 0; i < m->kinds; i++)
		if (kind_of(c, conf_item(kinds, i), &m->kind[i])) return because(c->e, "kinds[%zu]", i);
	return 0;
}

// --- the rest of the file ------------------------------------------------------------------------------------------------

static int refusals_of(struct compile *c, const struct conf *o, struct map *m)
{
	const struct conf *all = conf_get(o, "refuse");
	m->refusals = conf_size(all);
	m->refuse = NEW_N(c->a, struct map_refuse, m->refusals + 1);
	for (size_t i = 0; i < m->refusals; i++) {
		const struct conf *one = conf_item(all, i);
		struct map_refuse *r = &m->refuse[i];
		if (known(c, one, "when code message fix owner note") || expr_of(c, one, "when", &r->when)) return because(c->e, "refuse[%zu]", i);
		*r = (struct map_refuse){r->when, copy(c, conf_text_at(one, "code", "map_refused")), copy(c, conf_text(conf_get(one, "message"))),
			copy(c, conf_text_at(one, "fix", "fetch the document again and feed it in")), copy(c, conf_text_at(one, "owner", "channel-ops"))};
		if (!r->when || !r->message) return fail(c->e, E_CONFIG, "refuse[%zu]: \"when\" and \"message\" are wanted", i);
	}
	return 0;
}

static int owners_of(struct compile *c, const struct conf *o, struct map *m)
{
	const struct conf *all = conf_get(o, "owners");
	m->owners = conf_size(all);
	m->owner = NEW_N(c->a, struct map_owner, m->owners + 1);
	for (size_t i = 0; i < m->owners; i++) {
		const char *owner = copy(c, conf_text(conf_item(all, i)));
		if (!owner) return fail(c->e, E_CONFIG, "owners: %s: this must be a text", conf_key(all, i));
		m->owner[i] = (struct map_owner){str_of(copy(c, conf_key(all, i))), owner};
	}
	return 0;
}

static int input_of(struct compile *c, const struct conf *o, struct map *m)
{
	const struct conf *in = conf_get(o, "input"), *header = conf_get(in, "header");
	const char *form = conf_text_at(in, "form", "");
	if (in && known(c, in, "form delimiter group header note")) return because(c->e, "input");
	m->input.form = strcmp(form, "csv") == 0 ? INPUT_CSV : strcmp(form, "tsv") == 0 ? INPUT_TSV : strcmp(form, "json") == 0 ? INPUT_JSON : INPUT_AUTO;
	if (*form && m->input.form == INPUT_AUTO) return fail(c->e, E_CONFIG, "input: form: csv, tsv or json, not \"%s\"", form);
	m->input.delimiter = *conf_text_at(in, "delimiter", "");
	m->input.group = copy(c, conf_text(conf_get(in, "group")));
	if (!conf_size(header)) return 0;
	const char **names = NEW_N(c->a, const char *, conf_size(header) + 1);
	for (size_t i = 0; i < conf_size(header); i++)
		if (!(names[i] = copy(c, conf_text(conf_item(header, i))))) return fail(c->e, E_CONFIG, "input: header[%zu]: this must be a text", i);
	m->input.header = names;
	return 0;
}

static int defaults_of(struct compile *c, const struct conf *o, struct map *m)
{
	const struct conf *d = conf_get(o, "defaults");
	if (d && known(c, d, "tz currency note")) return because(c->e, "defaults");
	m->tz = copy(c, conf_text(conf_get(d, "tz")));
	m->currency = copy(c, conf_text(conf_get(d, "currency")));
	if (m->tz && !zone_known(m->tz)) return fail(c->e, E_CONFIG, "defaults: tz: \"%s\" is no zone", m->tz);
	return 0;
}

int map_compile(struct map *m, struct arena *a, struct err *e, const struct conf *o)
{
	struct compile c = {.a = a, .e = e};
	if (known(&c, o, "channel version title domain input defaults tables owners refuse kinds tests note")) return -1;
	const char *channel = conf_text(conf_get(o, "channel"));
	if (!channel) return fail(e, E_CONFIG, "\"channel\" is missing: its name");
	m->channel = copy(&c, channel);
	m->name = arena_printf(a, "%s/%lld", channel, (long long)conf_int(conf_get(o, "version"), 1));
	c.tables = expr_tables(a, e, conf_get(o, "tables"));
	if (!c.tables) return -1;
	if (input_of(&c, o, m) || defaults_of(&c, o, m) || owners_of(&c, o, m) || refusals_of(&c, o, m)) return -1;
	return kinds_of(&c, o, m);
}
