// Rules over one event, and over the order it makes by itself.
#include "validate.h"
#include <stdlib.h>

static struct finding *add_event_finding(findings *to, struct arena *a, const struct err *e)
{
	struct finding *f = VEC_PUSH(a, to);
	*f = (struct finding){.rule = "INTAKE", .code = "event_invalid", .severity = SEV_REJECT, .owner = "channel-ops", .path = S(""),
		.message = arena_strdup(a, e->text), .fix = "see oms-event(5) for what an event is made of"};
	return f;
}

// Order rules point into oms.order/1; the body of an order document has the same members.
static void judge_order(const struct rules *r, const struct order *o, struct arena *a, findings *to)
{
	size_t before = to->n;
	rules_order(r, o, a, to);
	for (size_t i = before; i < to->n; i++) to->v[i].path = str_of(arena_printf(a, "/body" STR_FMT, STR_ARG(to->v[i].path)));
}

static bool refuses(const findings *f, size_t from)
{
	for (size_t i = from; i < f->n; i++)
		if (f->v[i].severity >= SEV_PARK) return true;
	return false;
}

bool validate_record(const struct rules *r, const struct json *j, struct arena *a, struct arena *keep, struct event *ev, findings *to)
{
	struct err e = {0};
	size_t before = to->n;
	rules_event(r, j, a, to);
	*ev = (struct event){0};
	if (!event_read(ev, j, keep, &e)) return true;
	if (!refuses(to, before)) add_event_finding(to, a, &e);
	return false;
}

bool validate_event(const struct rules *r, const struct json *j, struct arena *a, struct event *ev, findings *to)
{
	struct err e = {0};
	size_t before = to->n;
	if (!validate_record(r, j, a, a, ev, to)) return false;
	if (refuses(to, before) || !event_type_makes(ev->type) || !json_getz(j, ev->body, "lines")) return true;
	struct event alone = *ev;
	struct order o = {0};
	if (fold_state(&o, &alone, 1, DATE_NONE, NULL, a, &e)) {
		add_event_finding(to, a, &e);
		return true;
	}
	judge_order(r, &o, a, to);
	return true;
}

// --- examples -------------------------------------------------------------------------------------------------------

// The tape of an example's text, in the arena's time: json_free is called by the caller.
static int example_tape(const struct conf *c, struct arena *a, struct json *j, struct err *e)
{
	char *text = conf_dump(c);
	struct str s = {arena_strdup(a, text), strlen(text)};
	struct json_error je;
	free(text);
	if (json_parse(j, s, &je)) return 0;
	return fail(e, E_CONFIG, "an example is not JSON: %s", je.what);
}

static int example_alone(const struct rules *r, const struct conf *c, struct arena *a, findings *to, struct err *e)
{
	struct json j = {0};
	struct event ev;
	int bad = example_tape(c, a, &j, e);
	if (!bad) validate_event(r, &j, a, &ev, to);
	json_free(&j);
	return bad;
}

static int example_fold(const struct rules *r, const struct conf *c, struct arena *a, findings *to, struct err *e)
{
	size_t n = conf_size(c), read = 0;
	struct json *tapes = NEW_N(a, struct json, n);
	struct event *ev = NEW_N(a, struct event, n);
	struct order o = {0};
	int bad = 0;
	for (; read < n && !bad; read++) {
		bad = example_tape(conf_item(c, read), a, &tapes[read], e);
		if (bad) continue;
		rules_event(r, &tapes[read], a, to);
		bad = event_read(&ev[read], &tapes[read], a, e);
	}
	if (!bad) bad = fold_state(&o, ev, n, DATE_NONE, NULL, a, e);
	if (!bad) rules_order(r, &o, a, to);
	for (size_t i = 0; i < read; i++) json_free(&tapes[i]);
	return bad;
}

static void repeat_line(struct buf *b, const struct json *j, uint32_t lines, uint32_t line, uint32_t id, int64_t n)
{
	struct str one = json_raw(j, line);
	size_t to_id = (size_t)(j->text.p + j->node[id].at - one.p);
	const char *rest = one.p + one.n;
	buf_add(b, j->text.p, j->node[lines].at + 1);
	for (int64_t i = 0; i < n; i++) {
		if (i) buf_c(b, ',');
		buf_add(b, one.p, to_id);
		buf_printf(b, "%lld-", (long long)i);
		buf_add(b, one.p + to_id, one.n - to_id);
	}
	buf_add(b, rest, (size_t)(j->text.p + j->text.n - rest));
}

// The text of the event's one line, N times, each with an id of its own.
static int example_repeat(const struct rules *r, const struct conf *c, int64_t n, struct arena *a, findings *to, struct err *e)
{
	struct json j = {0}, many = {0};
	struct buf b = {0};
	struct event ev;
	struct json_error je;
	const struct conf *event = conf_get(c, "event");
	if (!event || n < 1 || n > 1000000) return fail(e, E_CONFIG, "an example repeats nothing");
	if (example_tape(event, a, &j, e)) return -1;
	uint32_t lines = json_getz(&j, json_getz(&j, 0, "body"), "lines"), line = json_at(&j, lines, 0), id = json_getz(&j, line, "id");
	int bad = id ? 0 : fail(e, E_CONFIG, "an example has no line with an id to repeat");
	if (!bad) {
		repeat_line(&b, &j, lines, line, id, n);
		struct str text = {arena_copy(a, b.p, b.n), b.n};
		if (json_parse(&many, text, &je)) validate_event(r, &many, a, &ev, to);
		else bad = fail(e, E_CONFIG, "an example is not JSON: %s", je.what);
	}
	buf_free(&b);
	json_free(&many);
	json_free(&j);
	return bad;
}

int validate_example(const struct rules *r, const struct conf *example, struct arena *a, findings *to, struct err *e)
{
	int64_t n = conf_int(conf_get(example, "repeat"), 0);
	if (n) return example_repeat(r, example, n, a, to, e);
	if (conf_type(example) == CONF_ARRAY) return example_fold(r, example, a, to, e);
	if (conf_type(example) == CONF_OBJECT) return example_alone(r, example, a, to, e);
	return fail(e, E_CONFIG, "an example is neither an event nor an array of events");
}
