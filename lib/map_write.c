// A record made into its events: the head, the references, the body.
#include "map_part.h"

// --- the head ------------------------------------------------------------------------------------------------------------

static void member(struct run *r, const char *label, struct str text)
{
	buf_cstr(r->out, label);
	buf_json(r->out, text);
}

// The text of a head member; absent where blank. `key` is only where findings point to.
static struct str text_of(struct run *r, const char *key, const struct expr *x, const struct expr_scope *scope)
{
	struct place here = {.key = str_of(key)};
	if (!x) return (struct str){0};
	r->place = &here;
	r->current = x;
	if (r->m->watch.trace) buf_clear(&r->reads);
	struct value v = expr_eval(x, &r->x, scope);
	if (r->m->watch.trace) { // written for the trace, and taken back
		size_t at = r->out->n;
		write_value(r, &v);
		watch_expr(r, x, at);
		r->out->n = at;
	}
	if (v.kind == VALUE_LIST && v.n) v = v.list[0];
	struct str s = value_text(&v, &r->x);
	r->place = NULL;
	return s.n ? s : (struct str){0};
}

static bool digits_only(struct str s)
{
	int64_t v;
	return str_int(s, &v);
}

static void required(struct run *r, const char *key, const char *message)
{
	struct place here = {.key = str_of(key)};
	r->place = &here;
	r->current = NULL;
	map_finding(r, true, "map_required", (struct str){0}, message);
	r->place = NULL;
}

static void ref_value(struct run *r, const struct map_ref *ref, const struct value *v, bool *any)
{
	struct str s = str_trim(value_text(v, &r->x));
	if (!s.n) return;
	buf_cstr(r->out, *any ? ",{\"kind\":" : ",\"refs\":[{\"kind\":");
	buf_json(r->out, str_of(ref->kind));
	member(r, ",\"value\":", s);
	buf_c(r->out, '}');
	*any = true;
}

static void refs(struct run *r, const struct map_event_rule *ev, const struct expr_scope *scope)
{
	struct place here = {.key = S("refs")};
	bool any = false;
	r->place = &here;
	for (size_t i = 0; i < ev->refs; i++) {
		const struct map_ref *ref = &ev->ref[i];
		r->current = ref->when ? ref->when : ref->value;
		if (ref->when && !expr_test(ref->when, &r->x, scope)) continue;
		struct value v = expr_eval(ref->value, &r->x, scope);
		if (v.kind != VALUE_LIST) ref_value(r, ref, &v, &any);
		for (size_t k = 0; v.kind == VALUE_LIST && k < v.n; k++) ref_value(r, ref, &v.list[k], &any);
	}
	if (any) buf_c(r->out, ']');
	r->place = NULL;
}

static void optional(struct run *r, const struct map_event_rule *ev, const struct expr_scope *scope)
{
	struct str at = text_of(r, "occurred_at", ev->occurred_at, scope), seq = text_of(r, "seq", ev->seq, scope);
	struct str actor = text_of(r, "actor", ev->actor, scope), test = text_of(r, "test", ev->test, scope);
	if (at.n) member(r, ",\"occurred_at\":", at);
	if (seq.n && !digits_only(seq)) map_finding(r, true, "map_number", seq, "the version of an event is a whole number");
	if (seq.n && digits_only(seq)) {
		buf_cstr(r->out, ",\"seq\":");
		buf_str(r->out, seq);
	}
	if (actor.n) member(r, ",\"actor\":", actor);
	if (str_is(test, "true") || str_is(test, "1")) buf_cstr(r->out, ",\"test\":true");
}

static void head(struct run *r, const struct map_event_rule *ev, const struct expr_scope *scope)
{
	struct str id = text_of(r, "id", ev->id, scope), order = text_of(r, "order", ev->order, scope);
	if (!id.n) required(r, "id", "the event has no natural key: what makes it is blank in this record");
	buf_cstr(r->out, "{\"schema\":\"oms.event/1\",\"id\":");
	buf_json(r->out, id);
	member(r, ",\"type\":", str_of(ev->type));
	member(r, ",\"source\":", str_of(r->source && r->source->name ? r->source->name : r->m->channel));
	if (order.n) member(r, ",\"order\":", order);
	refs(r, ev, scope);
	optional(r, ev, scope);
	member(r, ",\"map\":", str_of(r->m->name));
	member(r, ",\"payload\":", str_of(r->payload));
}

// --- events --------------------------------------------------------------------------------------------------------------

static void body(struct run *r, const struct map_event_rule *ev, const struct expr_scope *scope)
{
	struct place here = {.key = S("body")};
	size_t start;
	buf_cstr(r->out, ",\"body\":");
	start = r->out->n;
	r->place = &here;
	if (!ev->has_body || !write_template(r, &ev->body, scope)) {
		r->out->n = start;
		buf_cstr(r->out, "{}");
	}
	r->place = NULL;
	buf_c(r->out, '}');
}

static void keep_event(struct run *r, struct str json)
{
	struct map_event *more = NEW_N(r->a, struct map_event, r->unit->n + 1);
	if (r->unit->n) memcpy(more, r->unit->event, r->unit->n * sizeof *more);
	more[r->unit->n++].json = (struct str){arena_copy(r->a, json.p, json.n), json.n};
	r->unit->event = more;
}

static void write_event(struct run *r, const struct map_event_rule *ev, const struct expr_scope *scope)
{
	struct expr_run kept = r->x;
	r->current = ev->when;
	if (ev->when && !expr_test(ev->when, &r->x, scope)) return;
	buf_clear(r->out);
	set_currency(r, ev->currency, scope);
	set_zone(r, ev->zone, scope);
	head(r, ev, scope);
	body(r, ev, scope);
	keep_event(r, buf_view(r->out));
	r->x.currency = kept.currency;
	r->x.digits = kept.digits;
	r->x.zone = kept.zone;
}

static void write_each(struct run *r, const struct map_event_rule *ev, const struct expr_scope *record)
{
	uint32_t *node;
	r->current = ev->each;
	size_t n = expr_nodes(ev->each, &r->x, record, &node);
	for (size_t i = 0; i < n; i++) {
		struct expr_scope in = {.node = node[i], .index = (uint32_t)i, .around = record};
		write_event(r, ev, &in);
	}
}

// --- events that come as events --------------------------------------------------------------------------------------------

static bool has_text(struct run *r, uint32_t node, const char *key)
{
	return json_str(r->x.j, json_getz(r->x.j, node, key), r->a).n > 0;
}

static void add_missing(struct run *r, uint32_t node, const char *key, const char *text)
{
	if (has_text(r, node, key)) return;
	buf_printf(r->out, ",\"%s\":", key);
	buf_json(r->out, str_of(text));
}

// One line, whatever it came as: line ends stand only between the parts of a JSON text.
static void copy_line(struct buf *to, struct str json)
{
	for (size_t i = 0; i < json.n; i++)
		if (json.p[i] != '\n' && json.p[i] != '\r' && json.p[i] != '\t') buf_c(to, json.p[i]);
}

static void verbatim(struct run *r, uint32_t node)
{
	const struct json *j = r->x.j;
	struct str schema = json_str(j, json_getz(j, node, "schema"), r->a), raw = json_raw(j, node);
	if (!str_is(schema, "oms.event/1")) {
		map_refused(r, "event_invalid", "not an event: \"schema\" is not \"oms.event/1\"", "man 5 oms-event describes events", "channel-ops");
		return;
	}
	if (!has_text(r, node, "id")) required(r, "id", "the event has no id");
	if (!has_text(r, node, "type")) required(r, "type", "the event has no type");
	buf_clear(r->out);
	copy_line(r->out, str_cut(raw, 0, raw.n - 1));
	add_missing(r, node, "source", r->source && r->source->name ? r->source->name : r->m->channel);
	add_missing(r, node, "map", r->m->name);
	add_missing(r, node, "payload", r->payload);
	buf_c(r->out, '}');
	keep_event(r, buf_view(r->out));
}

void map_write(struct run *r, uint32_t node, const struct map_kind *k)
{
	struct expr_scope record = {.node = node};
	if (k->verbatim) {
		verbatim(r, node);
		return;
	}
	for (size_t i = 0; i < k->events; i++) {
		if (k->event[i].each) write_each(r, &k->event[i], &record);
		else write_event(r, &k->event[i], &record);
	}
}
