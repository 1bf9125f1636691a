// Map, validate and apply in one process, in batches that survive a kill.
#include "ingest.h"
#include "digest.h"
#include "member.h"
#include "validate.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct ingest {
	struct db *db;
	struct codec *codec;
	struct apply *apply;
	struct ingest_options o;
	struct map_source source;
	struct json document, event;
	struct arena record;             // of the record at hand
	VEC(struct ingest_unit *) units; // of the batch, in the batch's arena
	VEC(int64_t) died;               // payloads of it that are dead; their letters are written at its end
};

struct ingest *ingest_open(struct db *d, const struct ingest_options *o, struct err *e)
{
	struct ingest *in = must_alloc(sizeof *in);
	*in = (struct ingest){.db = d, .o = *o};
	in->source = (struct map_source){o->source.name, o->source.account, o->source.tz, o->source.currency};
	digest_much();
	in->codec = codec_open(d);
	in->apply = apply_open(d, in->codec, o->rules, o->now, e);
	if (in->apply) return in;
	ingest_close(in);
	return NULL;
}

void ingest_close(struct ingest *in)
{
	if (!in) return;
	json_free(&in->document);
	json_free(&in->event);
	arena_free(&in->record);
	apply_close(in->apply);
	codec_close(in->codec);
	free(in);
}

void ingest_at(struct ingest *in, int64_t now) { apply_at(in->apply, now); }

void ingest_forget(struct ingest *in)
{
	VEC_CLEAR(&in->units);
	VEC_CLEAR(&in->died);
	apply_forget(in->apply);
}

size_t ingest_units(const struct ingest *in, struct ingest_unit ***units)
{
	*units = in->units.v;
	return in->units.n;
}

size_t ingest_released(const struct ingest *in) { return apply_released(in->apply); }

static struct arena *batch(struct ingest *in) { return apply_arena(in->apply); }

// --- refusals ----------------------------------------------------------------------------------------------------------

static void kill_unit(struct ingest *in, struct ingest_unit *u, const char *code, const char *why)
{
	struct finding *f = VEC_PUSH(batch(in), &u->found);
	*f = (struct finding){.rule = "INTAKE", .code = code, .severity = SEV_REJECT, .owner = "channel-ops", .message = why,
		.fix = "correct the record and feed it in again; the bytes are kept (oms-dead)"};
	u->result.outcome = OUTCOME_DEAD;
	u->result.code = code;
	u->result.why = why;
}

static const struct finding *worst(const findings *found)
{
	const struct finding *w = NULL;
	for (size_t i = 0; i < found->n; i++)
		if (!w || found->v[i].severity > w->severity) w = &found->v[i];
	return w;
}

// True where a finding keeps the unit out; the worst one names it.
static bool refused(struct ingest *in, struct ingest_unit *u)
{
	const struct finding *w = worst(&u->found);
	if (!w || (w->severity < SEV_REJECT && !(in->o.strict && w->severity >= SEV_WARN))) return false;
	u->result.outcome = OUTCOME_DEAD;
	u->result.code = w->code;
	u->result.why = w->message;
	u->owner = w->owner;
	return true;
}

// --- one unit ----------------------------------------------------------------------------------------------------------

// The bytes are kept at once: no record need stay in memory for its end.
static int keep_raw(struct ingest *in, struct err *e, struct ingest_unit *u, struct str raw, const unsigned char digest[DIGEST_KEY])
{
	return !u->payload_id && payload_new(in->db, in->codec, e, in->o.source.source_id, digest, raw, &u->payload_id) < 0 ? -1 : 0;
}

static bool died_now(const struct ingest *in, int64_t payload)
{
	for (size_t i = in->died.n; i-- > 0;)
		if (in->died.v[i] == payload) return true;
	return false;
}

// The bytes of what is dead are kept at once, like those of an event.
static int keep_dead(struct ingest *in, struct err *e, struct ingest_unit *u, struct str raw, const unsigned char digest[DIGEST_KEY])
{
	if (keep_raw(in, e, u, raw, digest)) return -1;
	if (!died_now(in, u->payload_id)) *VEC_PUSH(batch(in), &in->died) = u->payload_id;
	return 0;
}

// 1 known and done with, 0 to be worked on, -1.
static int known_payload(struct ingest *in, struct err *e, struct ingest_unit *u, const unsigned char digest[DIGEST_KEY])
{
	int64_t id = payload_find(in->db, e, in->o.source.source_id, digest);
	if (id < 0) return -1;
	u->payload_id = id;
	if (!id) return 0;
	int open = dead_open(in->db, e, id);
	if (open < 0) return -1;
	if (open || died_now(in, id)) return 0; // it failed before: rules, maps and reference data may have changed
	u->result.outcome = OUTCOME_DUPLICATE;
	return 1;
}

static int read_events(struct ingest *in, struct err *e, struct ingest_unit *u, const struct map_result *m, struct event *ev)
{
	for (size_t i = 0; i < m->n; i++) {
		struct json_error bad;
		findings found = {0};
		struct str text = m->event[i].json;
		text.p = arena_copy(batch(in), text.p, text.n);
		if (!json_parse(&in->event, text, &bad)) return fail(e, E_BUG, "the mapping made an event that is not JSON: %s", bad.what);
		const struct json *j = json_keep(&in->event, batch(in));
		bool whole = validate_record(in->o.rules, j, &in->record, batch(in), &ev[i], &found);
		findings_keep(&u->found, &found, batch(in));
		if (!whole && !refused(in, u)) kill_unit(in, u, "event_invalid", "the event has not the shape of oms.event/1");
	}
	return 0;
}

static int bury(struct ingest *in, struct err *e, struct ingest_unit *u)
{
	struct buf reasons = {0};
	buf_c(&reasons, '[');
	for (size_t i = 0; i < u->found.n; i++) {
		if (i) buf_c(&reasons, ',');
		finding_json(&reasons, &u->found.v[i]);
	}
	buf_c(&reasons, ']');
	struct dead dl = {.source_id = in->o.source.source_id, .payload_id = u->payload_id, .line = (int64_t)u->line, .first_at = in->o.now, .last_at = in->o.now,
		.state = "open", .code = u->result.code, .owner = u->owner, .topic = in->o.topic, .input = u->input, .map = map_name(in->o.map), .reasons = buf_view(&reasons)};
	int r = dead_put(in->db, e, &dl, &u->dead_id);
	buf_free(&reasons);
	return r;
}

static int work_unit(struct ingest *in, struct err *e, struct ingest_unit *u, const struct map_result *m)
{
	u->kind = m->kind;
	findings_keep(&u->found, &m->found, batch(in));
	if (m->refused) {
		if (!refused(in, u)) kill_unit(in, u, "map_refused", "the mapping refuses this record");
		return 0;
	}
	struct event *ev = NEW_N(batch(in), struct event, m->n + 1);
	if (read_events(in, e, u, m, ev)) return -1;
	if (u->result.outcome == OUTCOME_DEAD || refused(in, u)) return 0;
	if (!m->n) {
		u->result.outcome = OUTCOME_STALE; // a record of a known kind that tells nothing (an empty list)
		u->result.code = "no_event";
		return 0;
	}
	if (keep_raw(in, e, u, m->raw, m->digest)) return -1;
	if (apply_events(in->apply, e, ev, m->n, u->payload_id, &u->result)) return -1;
	if (u->result.outcome != OUTCOME_DEAD) return 0;
	kill_unit(in, u, u->result.code, u->result.why);
	return bury(in, e, u); // at once, now that its bytes are kept: without a letter they would pass for done with
}

static struct ingest_unit *new_unit(struct ingest *in, const struct record *r, const char *input)
{
	struct ingest_unit *u = NEW(batch(in), struct ingest_unit);
	*u = (struct ingest_unit){.input = input, .owner = "channel-ops", .line = r->line, .record = r->number, .at = r->at};
	u->result.outcome = OUTCOME_DUPLICATE;
	*VEC_PUSH(batch(in), &in->units) = u;
	return u;
}

// What is kept: the bytes as read; CSV rows with their header, without which nobody could read them again.
static struct str payload_of(struct ingest *in, const struct record *r)
{
	if (!r->header.n) return r->raw;
	char *p = arena_take(&in->record, r->header.n + r->raw.n + 1);
	memcpy(p, r->header.p, r->header.n);
	memcpy(p + r->header.n, r->raw.p, r->raw.n);
	return (struct str){p, r->header.n + r->raw.n};
}

static int broken_record(struct ingest *in, struct err *e, const struct record *r, const char *input, struct str raw, const char *code, const char *why)
{
	unsigned char digest[DIGEST_KEY];
	struct ingest_unit *u = new_unit(in, r, input);
	digest_key(raw, digest);
	kill_unit(in, u, code, arena_strdup(batch(in), why));
	if (payload_put(in->db, in->codec, e, in->o.source.source_id, digest, raw, &u->payload_id) < 0) return -1;
	return keep_dead(in, e, u, raw, digest);
}

// An order in an envelope has a line of its own: units come in the order of the text.
static uint64_t lines_between(const char *from, const char *to)
{
	uint64_t n = 0;
	while (from < to && (from = memchr(from, '\n', (size_t)(to - from)))) n++, from++;
	return n;
}

static void place_unit(struct ingest_unit *u, const struct str *document, struct str raw, const char **seen, uint64_t *line)
{
	if (raw.p < *seen || raw.p > document->p + document->n) return; // not a slice of it: CSV, or taken out of order
	*line += lines_between(*seen, raw.p);
	*seen = raw.p;
	u->line = *line;
}

// probe: what is known of the record as a whole, which mostly is its one unit.
static int units_of(struct ingest *in, struct err *e, const struct record *r, const char *input, const struct ingest_unit *probe, const unsigned char digest[DIGEST_KEY])
{
	struct map_result *m;
	size_t n;
	if (map_document(in->o.map, e, &in->record, &in->document, &in->source, in->o.topic, &m, &n)) return -1;
	const char *seen = in->document.text.p;
	uint64_t line = r->line;
	for (size_t i = 0; i < n; i++) {
		struct ingest_unit *u = new_unit(in, r, input);
		if (n > 1) u->part = i + 1;
		if (!r->header.n) place_unit(u, &in->document.text, m[i].raw, &seen, &line);
		bool whole = !memcmp(m[i].digest, digest, DIGEST_KEY);
		int known = whole && !i ? 0 : known_payload(in, e, u, m[i].digest);
		if (whole && !i) u->payload_id = probe->payload_id;
		if (known < 0 || (!known && work_unit(in, e, u, &m[i]))) return -1;
		if (u->result.outcome == OUTCOME_DEAD && keep_dead(in, e, u, m[i].raw, m[i].digest)) return -1;
	}
	return 0;
}

// Rows that go on with a group further up (their JSON ends in how many came before) may be those rows' very bytes, and are
// others all the same.
static bool goes_on(const struct record *r)
{
	return r->header.n && r->json.n > 1 && r->json.p[r->json.n - 2] >= '0' && r->json.p[r->json.n - 2] <= '9';
}

static int read_record(struct ingest *in, struct err *e, const struct record *r, const char *input)
{
	struct str raw = payload_of(in, r);
	struct json_error bad;
	if (r->broken) return broken_record(in, e, r, input, raw, r->broken, r->why);
	unsigned char digest[DIGEST_KEY];
	digest_key(goes_on(r) ? r->json : raw, digest);
	struct ingest_unit probe = {0};
	int known = known_payload(in, e, &probe, digest);
	if (known < 0) return -1;
	if (known) { // a replay costs a digest and one look-up
		new_unit(in, r, input)->payload_id = probe.payload_id;
		return 0;
	}
	if (!json_parse(&in->document, r->json, &bad)) {
		char *why = arena_printf(&in->record, "line %llu, column %u: %s", (unsigned long long)(r->line + bad.line - 1), bad.column, bad.what);
		return broken_record(in, e, r, input, raw, json_code_word(bad.code), why);
	}
	map_made_of(in->o.map, raw, digest);
	return units_of(in, e, r, input, &probe, digest);
}

int ingest_record(struct ingest *in, struct err *e, const struct record *r, const char *input)
{
	struct arena_mark mark = arena_mark(&in->record);
	int bad = read_record(in, e, r, input);
	arena_reset(&in->record, mark);
	return bad;
}

// --- the end of a batch ------------------------------------------------------------------------------------------------

int ingest_finish(struct ingest *in, struct err *e)
{
	if (apply_finish(in->apply, e)) return -1;
	for (size_t i = 0; i < in->units.n; i++) {
		struct ingest_unit *u = in->units.v[i];
		if (u->result.code && !strcmp(u->result.code, "no_event")) continue;
		apply_settle(&u->result);
		if (u->result.outcome == OUTCOME_DEAD) {
			if (!u->dead_id && bury(in, e, u)) return -1;
		} else if (u->payload_id && u->result.events && dead_close(in->db, e, u->payload_id, "redriven", in->o.now))
			return -1;
	}
	return 0;
}

// Bytes that no form of input can be seen in are one bad record, like those that are seen and are broken.
static int no_record(struct ingest *in, struct err *e, struct str raw, const char *path, const char *input, uint64_t line)
{
	size_t name = strlen(path);
	bool named = !strncmp(e->text, path, name) && !strncmp(e->text + name, ": ", 2);
	char *why = arena_strdup(batch(in), named ? e->text + name + 2 : e->text);
	err_clear(e);
	return ingest_record(in, e, &(struct record){.raw = raw, .line = line ? line : 1, .number = 1, .broken = "unreadable", .why = why}, input);
}

int ingest_bytes(struct ingest *in, struct err *e, struct str raw, const char *input, uint64_t line)
{
	char path[64];
	int fd = memfd_create("oms-redrive", MFD_CLOEXEC);
	if (fd < 0) return fail(e, E_IO, "cannot make a file in memory");
	for (size_t at = 0; at < raw.n;) {
		ssize_t n = write(fd, raw.p + at, raw.n - at);
		if (n <= 0) return close(fd), fail(e, E_IO, "cannot write a file in memory");
		at += (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	struct input_options o = map_input(in->o.map);
	struct input *from = input_open(e, path, &o);
	struct record r;
	int got = -1;
	while (from && (got = input_next(from, &r, e)) == 1) {
		r.line += line ? line - 1 : 0;
		if (ingest_record(in, e, &r, input)) {
			got = -1;
			break;
		}
	}
	if (got < 0 && from && e->code == E_DATA && !in->units.n) got = no_record(in, e, raw, path, input, line);
	input_close(from);
	close(fd);
	return got;
}

// --- results -----------------------------------------------------------------------------------------------------------

const char *ingest_why(const struct ingest_unit *u, struct arena *a)
{
	struct str expression;
	return u->result.why ? str_c(a, map_reason(str_of(u->result.why), &expression)) : NULL;
}

void ingest_result_json(struct buf *b, const struct ingest_unit *u, const char *source, int64_t now, bool dry_run)
{
	const struct apply_result *r = &u->result;
	member_record(b, "oms.result/1");
	member_text(b, "id", r->order.p ? r->order : str_of(u->input));
	member_word(b, "action", "ingest");
	member_word(b, "outcome", outcome_word(r->outcome));
	member_flag(b, "changed", r->outcome == OUTCOME_APPLIED);
	member_word(b, "source", source);
	member_word(b, "input", u->input);
	member_whole(b, "line", (int64_t)u->line);
	member_whole(b, "record", (int64_t)u->record);
	if (u->part) member_whole(b, "part", (int64_t)u->part);
	member_text(b, "order", r->order);
	member_word(b, "kind", u->kind);
	if (r->events) member_whole(b, "events", (int64_t)r->events);
	member_word(b, "code", r->code);
	member_word(b, "message", r->why);
	if (u->dead_id) member_id(b, "dead", u->dead_id);
	member_open(b, "findings", '[');
	for (size_t i = 0; i < u->found.n; i++) {
		member_item(b, 0);
		finding_json(b, &u->found.v[i]);
	}
	buf_c(b, ']');
	if (dry_run) member_flag(b, "dry_run", true);
	member_instant(b, "at", now);
	buf_c(b, '}');
}
