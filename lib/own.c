// An event of ours, written, read back as any other is, and applied.
#include "own.h"
#include "find.h"
#include "member.h"
#include <stdlib.h>

enum { MINUTE = 60000 };
struct own { struct db *db; struct codec *codec; struct apply *apply; int64_t now, ours_at; const char *actor; struct json tape; };

struct own *own_open(struct db *d, struct err *e, int64_t now, const char *actor, const struct rules *r)
{
	struct own *w = must_alloc(sizeof *w);
	*w = (struct own){.db = d, .codec = codec_open(d), .now = now, .actor = actor};
	codec_brief(w->codec);
	w->apply = apply_open(d, w->codec, r, now, e);
	if (!r) apply_keep_rule_holds(w->apply);
	return w;
}

void own_close(struct own *w)
{
	if (!w) return;
	apply_close(w->apply);
	codec_close(w->codec);
	json_free(&w->tape);
	free(w);
}

void own_at(struct own *w, int64_t now)
{
	w->now = now;
	apply_at(w->apply, now);
}

void own_forget(struct own *w) { apply_forget(w->apply); }
struct arena *own_arena(struct own *w) { return apply_arena(w->apply); }
const char *own_actor(const struct own *w) { return w->actor; }

int own_reason(struct err *e, const char *reason)
{
	enum { MOST = 500 };
	if (!reason || !str_trim(str_of(reason)).n) return fail(e, E_USAGE, "--reason=TEXT is needed: it stays on the order for ever");
	if (strlen(reason) > MOST || !utf8_valid(str_of(reason))) return fail(e, E_USAGE, "--reason: at most %d bytes of UTF-8", MOST);
	return 0;
}

int own_find(struct own *w, struct err *e, const char *operand, struct str *id)
{
	struct str exact = str_trim(str_of(operand));
	int64_t key = exact.n ? order_key(w->db, e, exact) : 0;
	if (key < 0) return -1;
	if (!key) return find_one(w->db, e, own_arena(w), operand, &key, id);
	*id = (struct str){arena_copy(own_arena(w), exact.p, exact.n), exact.n};
	return 0;
}

int own_look(struct own *w, struct err *e, struct str id, struct apply_view *to)
{
	if (apply_look(w->apply, e, id, to)) return -1;
	w->ours_at = to->ours_at;
	return 0;
}

// An order's id is its source, a colon, and its id there; a source's name has no colon.
static struct str write_event(struct own *w, struct str order, enum event_type type, const char *event_id, struct str body)
{
	struct buf b = {0};
	const char *colon = memchr(order.p, ':', order.n);
	size_t at = colon ? (size_t)(colon - order.p) : order.n;
	member_record(&b, "oms.event/1");
	member_word(&b, "id", event_id);
	member_word(&b, "type", event_type_word(type));
	member_text(&b, "source", str_cut(order, 0, at));
	member_text(&b, "order", str_cut(order, at + 1, order.n));
	bool fast = w->ours_at >= w->now && w->ours_at - w->now < MINUTE; // beyond that a clock was wrong
	member_instant(&b, "occurred_at", fast ? w->ours_at + 1 : w->now); // behind what we did before it
	member_word(&b, "actor", w->actor);
	member_open(&b, "body", '{');
	buf_str(&b, body);
	buf_cstr(&b, "}}");
	struct str line = {arena_copy(own_arena(w), b.p, b.n), b.n};
	buf_free(&b);
	return line;
}

// Behind the first row that was written it is no longer the order that is refused: what is begun must not be committed.
static int torn(struct err *e)
{
	if (err_exit(e->code) >= err_exit(E_USAGE)) return -1;
	e->code = E_BUG;
	return hint(e, "rows of the store contradict each other: oms-fsck --deep says which");
}

int own_event(struct own *w, struct err *e, struct str order, enum event_type type, const char *event_id, struct str body, struct apply_view *after)
{
	struct arena *a = own_arena(w);
	struct json_error bad;
	struct event *ev = NEW(a, struct event);
	struct apply_result *result = NEW(a, struct apply_result);
	struct str line = write_event(w, order, type, event_id, body);
	if (!json_parse(&w->tape, line, &bad)) return fail(e, E_BUG, "our own event is no JSON: %s", bad.what);
	if (event_read(ev, json_keep(&w->tape, a), a, e)) return -1;
	if (apply_events(w->apply, e, ev, 1, 0, result)) return torn(e);
	if (result->outcome == OUTCOME_DEAD) return fail(e, E_REFUSED, "%s", result->why);
	if (!result->fresh) return fail(e, E_REFUSED, "this was done already");
	if (apply_finish(w->apply, e) || (after && apply_look(w->apply, e, order, after))) return torn(e);
	return 0;
}
