// The checks on what stands in an event: shapes, members, words, counts.
#include "rule_checks.h"

enum { VALUE_MAX = 200 };

// The value as it stands, cut at a whole character.
static struct str shown(struct walk *w, uint32_t node)
{
	if (!node) return (struct str){0};
	enum json_type t = json_type(w->j, node);
	struct str s = t == JSON_STRING ? json_str(w->j, node, w->a) : json_raw(w->j, node);
	if (s.n > VALUE_MAX) {
		s.n = VALUE_MAX;
		while (s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80) s.n--;
	}
	return s;
}

static struct finding from(const struct rule *r)
{
	return (struct finding){.rule = r->id, .code = r->code, .severity = r->severity, .owner = r->owner, .message = r->message, .fix = r->fix, .hold = r->hold};
}

void found(const struct rule *r, struct walk *w, uint32_t inst, int id, findings *to)
{
	struct finding f = from(r);
	uint32_t node = id < 0 ? 0 : walk_cell(w, inst, (enum member_id)id)->node, place = node ? node : w->inst.v[inst].node;
	f.path = walk_path(w, inst, id);
	f.value = shown(w, node);
	f.at = w->j->node[place].at + 1;
	*VEC_PUSH(w->a, to) = f;
}

void found_note(const struct rule *r, struct walk *w, const struct note *n, findings *to)
{
	struct finding f = from(r);
	f.path = walk_note_path(w, n);
	f.value = shown(w, n->node);
	f.at = w->j->node[n->node].at + 1;
	*VEC_PUSH(w->a, to) = f;
}

void found_order(const struct rule *r, struct arena *a, size_t index, struct str value, findings *to)
{
	struct finding f = from(r);
	const char *star = strchr(r->path, '*');
	f.path = str_of(star ? arena_printf(a, "%.*s%zu%s", (int)(star - r->path), r->path, index, star + 1) : r->path);
	f.value = value;
	*VEC_PUSH(a, to) = f;
}

static void all_notes(const struct rule *r, struct walk *w, enum note_kind k, findings *to)
{
	for (size_t i = 0; i < w->notes.n; i++)
		if (w->notes.v[i].kind == k) found_note(r, w, &w->notes.v[i], to);
}

EVENT_CHECK(type_of) { all_notes(r, w, NOTE_TYPE, to); }
EVENT_CHECK(time_format) { all_notes(r, w, NOTE_TIME, to); }
EVENT_CHECK(control_characters) { all_notes(r, w, NOTE_CONTROL, to); }
EVENT_CHECK(member_known) { all_notes(r, w, NOTE_UNKNOWN, to); }

static bool names_event(struct str schema) { return str_starts(schema, S("oms.event/")); }

EVENT_CHECK(is_event)
{
	if (!names_event(walk_text(w, 1, at_event_schema))) found(r, w, 1, at_event_schema, to);
}

EVENT_CHECK(schema_known)
{
	struct str schema = walk_text(w, 1, at_event_schema);
	if (names_event(schema) && !str_is(schema, "oms.event/1")) found(r, w, 1, at_event_schema, to);
}

EVENT_CHECK(type_known)
{
	if (w->type == EV_UNKNOWN && walk_node(w, 1, at_event_type)) found(r, w, 1, at_event_type, to);
}

EVENT_CHECK(type_not_own)
{
	struct str type = walk_text(w, 1, at_event_type);
	if (type.p && event_type_class(event_type_named(type)) == 'c') found(r, w, 1, at_event_type, to);
}

// Names that our own events will have: one that is taken would stand in the way of the command that writes it.
EVENT_CHECK(id_not_own)
{
	static const char *const own[] = {"oms-confirm:", "oms-cancel:", "oms-release:"}, *const of_oms[] = {"stock:", "reference:"};
	struct str id = walk_text(w, 1, at_event_id);
	bool taken = false;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) taken |= str_starts(id, str_of(own[i]));
	for (size_t i = 0; i < sizeof of_oms / sizeof *of_oms; i++) taken |= str_is(walk_text(w, 1, at_event_source), "oms") && str_starts(id, str_of(of_oms[i]));
	if (taken) found(r, w, 1, at_event_id, to);
}

EVENT_CHECK(max_count)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			uint32_t node = walk_cell(w, i, t->member)->node;
			if (node && (int64_t)w->j->node[node].n > r->max) found(r, w, i, t->member, to);
		}
}

EVENT_CHECK(required)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			const struct cell *c = walk_cell(w, i, t->member);
			if ((!c->node || c->good) && !walk_node(w, i, t->member)) found(r, w, i, t->member, to); // of a wrong type: the type rule says it
		}
}

static bool given(const struct walk *w, uint32_t inst, enum member_id id)
{
	uint32_t node = walk_node(w, inst, id);
	return node && (json_type(w->j, node) != JSON_ARRAY || w->j->node[node].n);
}

// Of the members of one place that the rule names, is any there? Targets of one place stand together.
EVENT_CHECK(one_present)
{
	for (size_t k = 0, end; k < r->n_targets; k = end) {
		for (end = k; end < r->n_targets && r->targets[end].place == r->targets[k].place; end++) {}
		for (uint32_t i = walk_first(w, r->targets[k].place); i; i = walk_next(w, i)) {
			bool any = false;
			for (size_t m = k; m < end && !any; m++) any = given(w, i, r->targets[m].member);
			if (!any) found(r, w, i, -1, to);
		}
	}
}

// The first of the members of one place, where none of the others stands in for it.
EVENT_CHECK(required_unless)
{
	const struct target *t = r->targets;
	for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
		const struct cell *c = walk_cell(w, i, t->member);
		bool any = c->node && !c->good; // of a wrong type: the type rule says it
		for (size_t k = 0; k < r->n_targets && !any; k++) any = given(w, i, r->targets[k].member);
		if (!any) found(r, w, i, t->member, to);
	}
}

static bool among(const struct rule *r, struct str word)
{
	for (size_t i = 0; i < r->n_words; i++)
		if (str_eq(r->words[i], word)) return true;
	return false;
}

EVENT_CHECK(one_of)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			struct str word = walk_text(w, i, t->member);
			if (word.p && !among(r, word)) found(r, w, i, t->member, to);
		}
}

// C0, DEL, C1, and what turns the direction of text or has no width: an id is typed, listed a line each and compared by eye.
static bool unseen(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x20 && c < 0x7f) continue; // nearly always
		unsigned char d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0, f = i + 2 < s.n ? (unsigned char)s.p[i + 2] : 0;
		if (c < 0x80 || (c == 0xc2 && d < 0xa0)) return true;
		if (c == 0xe2 && d == 0x80 && ((f >= 0x8b && f <= 0x8f) || (f >= 0xa8 && f <= 0xae))) return true;
		if (c == 0xe2 && d == 0x81 && f >= 0xa0 && f <= 0xaf) return true;
	}
	return false;
}

EVENT_CHECK(seen_whole)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i))
			if (unseen(walk_text(w, i, t->member))) found(r, w, i, t->member, to);
}

EVENT_CHECK(integer_range)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++)
		for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
			int64_t v = walk_value(w, i, t->member);
			if (v == NO_VALUE) continue;
			if ((r->has_min && v < r->min) || (r->has_max && v > r->max)) found(r, w, i, t->member, to);
		}
}

// Small sets by looking at each pair, large ones by a table, so that a hostile order of 10,000 lines costs no more.
static void repeated(const struct rule *r, struct walk *w, const struct target *t, findings *to)
{
	size_t n = 0, cap = 16;
	for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) n++;
	if (n < 2) return;
	while (cap < n * 2) cap *= 2;
	struct str *seen = NEW_N(w->a, struct str, cap);
	for (uint32_t i = walk_first(w, t->place); i; i = walk_next(w, i)) {
		struct str id = walk_text(w, i, t->member);
		if (!id.p) continue;
		size_t h = str_hash(id) & (cap - 1);
		while (seen[h].p && !str_eq(seen[h], id)) h = (h + 1) & (cap - 1);
		if (seen[h].p) found(r, w, i, t->member, to);
		else seen[h] = id;
	}
}

EVENT_CHECK(unique_ids)
{
	for (const struct target *t = r->targets; t < r->targets + r->n_targets; t++) repeated(r, w, t, to);
}

EVENT_CHECK(lines_or_charges)
{
	if (!w->body || shape_body(w->type) != shape_order) return;
	uint32_t lines = walk_node(w, w->body, at_order_lines), charges = walk_node(w, w->body, at_order_charges);
	if (!lines || w->j->node[lines].n || (charges && w->j->node[charges].n)) return;
	uint32_t updates = walk_node(w, w->body, at_order_line_updates);
	if ((updates && w->j->node[updates].n) || str_is(walk_text(w, w->body, at_order_status), "cancelled")) return;
	found(r, w, w->body, at_order_lines, to);
}

EVENT_CHECK(source_accepted)
{
	struct str source = walk_text(w, 1, at_event_source);
	if (w->only_source.p && source.p && !str_eq(source, w->only_source)) found(r, w, 1, at_event_source, to);
}
