// What happened: one oms.event/1 record read into a struct, and the order events stand in.
#include "event.h"
#include "text.h"

static const struct { const char *word; char class; bool makes; } types[EV_COUNT] = {
#define X(code, word, class, makes) {word, class, makes},
	EVENT_TYPES(X)
#undef X
};

const char *event_type_word(enum event_type t) { return t < EV_COUNT ? types[t].word : "unknown"; }
char event_type_class(enum event_type t) { return t < EV_COUNT ? types[t].class : 'i'; }
bool event_type_makes(enum event_type t) { return t < EV_COUNT && types[t].makes; }

enum event_type event_type_named(struct str word)
{
	for (int t = 0; t < EV_COUNT; t++)
		if (str_is(word, types[t].word)) return (enum event_type)t;
	return EV_UNKNOWN;
}

static const struct { enum ref_kind kind; const char *word; } kinds[] = {
#define X(code, n, word) {code, word},
	REF_KINDS(X)
#undef X
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *ref_kind_word(enum ref_kind k)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].kind == k) return kinds[i].word;
	return "none";
}

enum ref_kind ref_kind_named(struct str word)
{
	for (size_t i = 0; i < KINDS; i++)
		if (str_is(word, kinds[i].word)) return kinds[i].kind;
	return REF_NONE;
}

// --- references -----------------------------------------------------------------------------------------------------

enum { PHONE_DIGITS = 6 }; // fewer say too little to look for

static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static struct str without_end(struct str s, char c)
{
	while (s.n && s.p[s.n - 1] == c) s.n--;
	return s;
}

static struct str digits_backwards(struct arena *a, struct str s)
{
	char *to = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[s.n - 1 - i];
		if (digit(c)) to[n++] = c;
	}
	return n ? (struct str){to, n} : (struct str){0};
}

static struct str without_blanks(struct arena *a, struct str s)
{
	char *to = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (!blank(s.p[i])) to[n++] = s.p[i];
	return (struct str){to, n};
}

// Runs of blanks become one: names are typed with two as often as with one.
static struct str one_blank(struct arena *a, struct str s)
{
	char *to = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (!blank(s.p[i])) to[n++] = s.p[i];
		else if (n && to[n - 1] != ' ') to[n++] = ' ';
	return (struct str){to, n};
}

static struct str without_hash(struct str s)
{
	while (s.n && s.p[0] == '#') s = str_trim(str_cut(s, 1, s.n));
	return s;
}

struct str ref_normal(struct arena *a, enum ref_kind k, struct str value)
{
	struct str s = str_trim(value);
	switch (k) {
	case REF_NUMBER: s = str_lower(a, without_hash(s)); break;
	case REF_TICKET: s = without_hash(s); break;
	case REF_TRACKING: s = str_upper(a, without_blanks(a, s)); break;
	case REF_EMAIL: s = text_lower(a, s); break;
	case REF_NAME: s = text_lower(a, one_blank(a, s)); break;
	case REF_PHONE:
		s = without_end(digits_backwards(a, s), '0');
		if (s.n < PHONE_DIGITS) return (struct str){0};
		break;
	case REF_NUMBER_TAIL: s = digits_backwards(a, s); break;
	case REF_NONE: case REF_EXTERNAL: case REF_PSP: case REF_LINE: case REF_SHIPMENT: case REF_DISPUTE: break;
	}
	return s.n ? s : (struct str){0};
}

// --- reading --------------------------------------------------------------------------------------------------------

int64_t event_time(struct str s)
{
	int64_t at;
	if (!s.p) return DATE_NONE;
	if (date_exact(s, &at)) return at; // nearly always: there are many of them
	return date_parse(s, "rfc3339", "UTC", &at) ? at : DATE_NONE;
}

static int read_refs(struct event *ev, uint32_t list, struct arena *a, struct err *e)
{
	const struct json *j = ev->j;
	if (json_type(j, list) != JSON_ARRAY) return fail(e, E_DATA, "refs is not an array of {kind, value}");
	ev->ref = NEW_N(a, struct event_ref, j->node[list].n);
	for (uint32_t v = json_first(j, list); v; v = json_after(j, list, v)) {
		struct str kind = json_str(j, json_getz(j, v, "kind"), a), value = json_str(j, json_getz(j, v, "value"), a);
		enum ref_kind k = kind.p ? ref_kind_named(kind) : REF_NONE;
		if (k == REF_NONE) return fail(e, E_DATA, "refs: unknown kind \"" STR_FMT "\"", STR_ARG(kind));
		if (!value.p) return fail(e, E_DATA, "refs: a " STR_FMT " without a value", STR_ARG(kind));
		value = ref_normal(a, k, value);
		if (value.p) ev->ref[ev->refs++] = (struct event_ref){k, value};
	}
	return 0;
}

static int read_member(struct event *ev, struct str key, uint32_t v, struct arena *a, struct err *e)
{
	const struct json *j = ev->j;
	struct str text = json_str(j, v, a);
	if (str_is(key, "id")) ev->id = text;
	else if (str_is(key, "source")) ev->source = text;
	else if (str_is(key, "order")) ev->order = text;
	else if (str_is(key, "actor")) ev->actor = text;
	else if (str_is(key, "map")) ev->map = text;
	else if (str_is(key, "payload")) ev->payload = text;
	else if (str_is(key, "test")) ev->test = json_true(j, v);
	else if (str_is(key, "body")) ev->body = v;
	else if (str_is(key, "refs")) return read_refs(ev, v, a, e);
	else if (str_is(key, "type")) {
		ev->type = event_type_named(text);
		if (ev->type == EV_UNKNOWN) return fail(e, E_DATA, "type: \"" STR_FMT "\" is no event type", STR_ARG(text));
	} else if (str_is(key, "occurred_at")) {
		ev->occurred_at = event_time(text);
		if (ev->occurred_at == DATE_NONE) return fail(e, E_DATA, "occurred_at: not an RFC 3339 time: \"" STR_FMT "\"", STR_ARG(text));
	} else if (str_is(key, "seq")) {
		if (!json_int(j, v, &ev->seq)) return fail(e, E_DATA, "seq: not a whole number");
	} else if (str_is(key, "schema")) {
		if (!str_is(text, "oms.event/1")) return fail(e, E_DATA, "schema: \"" STR_FMT "\", not oms.event/1", STR_ARG(text));
	}
	return 0;
}

// A document without a time of its own still has one inside; the arrival may not count, or the fold would depend on it.
static int64_t body_time(const struct event *ev, struct arena *a)
{
	static const char *const members[] = {"updated_at", "at", "placed_at", "opened_at", "created_at", "shipped_at"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		int64_t at = event_time(json_str(ev->j, json_getz(ev->j, ev->body, members[i]), a));
		if (at != DATE_NONE) return at;
	}
	return 0;
}

static int check(const struct event *ev, struct err *e)
{
	const char *missing = ev->type == EV_UNKNOWN ? "type" : !ev->id.n ? "id" : !ev->source.n ? "source" : !ev->body ? "body" : NULL;
	if (missing) return fail(e, E_DATA, "the event has no %s", missing);
	if (json_type(ev->j, ev->body) != JSON_OBJECT) return fail(e, E_DATA, "body is not an object");
	return 0;
}

int event_read(struct event *ev, const struct json *j, struct arena *a, struct err *e)
{
	*ev = (struct event){.type = EV_UNKNOWN, .occurred_at = DATE_NONE, .recorded_at = DATE_NONE, .j = j, .json = j->text};
	if (json_type(j, 0) != JSON_OBJECT) return fail(e, E_DATA, "an event is a JSON object");
	for (uint32_t k = json_first(j, 0); k; k = json_after(j, 0, k)) {
		struct str key = json_str(j, k, a);
		if (!key.p || json_type(j, k + 1) == JSON_NULL) continue;
		if (read_member(ev, key, k + 1, a, e)) return -1;
	}
	if (check(ev, e)) return -1;
	ev->sort_at = ev->occurred_at != DATE_NONE ? ev->occurred_at : body_time(ev, a);
	return 0;
}

int event_cmp(const struct event *a, const struct event *b)
{
	if (a->sort_at != b->sort_at) return a->sort_at < b->sort_at ? -1 : 1;
	if (a->seq != b->seq) return a->seq < b->seq ? -1 : 1;
	int c = str_cmp(a->source, b->source);
	return c ? c : str_cmp(a->id, b->id);
}
