// What a load did to one record, as oms.result/1 and in a sentence; its faults as findings; and the sentences of a run.
#include "load_json.h"
#include "member.h"

static bool same_place(const struct load_result *r)
{
	for (size_t i = 1; i < r->changes.n; i++)
		if (!str_eq(r->changes.v[i].warehouse, r->changes.v[0].warehouse)) return false;
	return true;
}

static void say_change(struct buf *b, const struct load_change *c, bool place)
{
	if (c->warehouse.p && place) buf_printf(b, STR_FMT " ", STR_ARG(c->warehouse));
	buf_cstr(b, c->field);
	if (c->from.p) buf_printf(b, " " STR_FMT, STR_ARG(c->from));
	if (c->from.p || !c->to.p) buf_cstr(b, " ->");
	if (c->to.p) buf_printf(b, " " STR_FMT, STR_ARG(c->to));
	else buf_cstr(b, " nothing");
}

void load_message(struct buf *b, const struct load_result *r)
{
	bool place = !same_place(r);
	if (r->faults.n) {
		const struct reference_fault *f = &r->faults.v[0];
		buf_printf(b, "%s%s%s", f->field, *f->field ? " " : "", f->message);
		return;
	}
	for (size_t i = 0; i < r->changes.n; i++) {
		const struct load_change *c = &r->changes.v[i];
		if (r->outcome == LOAD_ADDED && !strcmp(c->field, "id")) continue; // the record is named by it
		if (b->n) buf_cstr(b, ", ");
		say_change(b, c, place);
	}
	if (!b->n && r->warnings.n) buf_cstr(b, r->warnings.v[0].message);
}

static void write_changes(struct buf *b, const struct load_result *r)
{
	member_open(b, "changes", '[');
	for (size_t i = 0; i < r->changes.n; i++) {
		const struct load_change *c = &r->changes.v[i];
		member_item(b, '{');
		member_word(b, "field", c->field);
		member_text(b, "warehouse", c->warehouse);
		if (c->from.p) member_key(b, "from"), buf_str(b, c->from);
		if (c->to.p) member_key(b, "to"), buf_str(b, c->to);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static struct finding finding_of(struct arena *a, enum reference_kind k, const struct reference_fault *f, enum severity severity)
{
	bool catalog = k == REF_SKU || k == REF_SAFETY;
	return (struct finding){.rule = "LOAD", .code = f->code, .severity = severity, .owner = catalog ? "catalog" : "logistics", .message = f->message, .fix = f->hint,
		.path = str_of(*f->field ? arena_printf(a, "/%s", f->field) : "")};
}

void load_findings(findings *to, struct arena *a, enum reference_kind k, const struct load_result *r)
{
	for (size_t i = 0; i < r->faults.n; i++) *VEC_PUSH(a, to) = finding_of(a, k, &r->faults.v[i], SEV_REJECT);
	for (size_t i = 0; i < r->warnings.n; i++) *VEC_PUSH(a, to) = finding_of(a, k, &r->warnings.v[i], SEV_WARN);
}

void load_result_json(struct buf *b, struct arena *a, enum reference_kind k, const struct load_result *r, const struct load_place *at)
{
	struct buf message = {0};
	findings found = {0};
	load_message(&message, r);
	load_findings(&found, a, k, r);
	member_record(b, "oms.result/1");
	member_text(b, "id", r->id.n ? r->id : str_of(at->input));
	member_word(b, "action", "load");
	member_word(b, "outcome", load_outcome_word(r->outcome));
	member_flag(b, "changed", r->outcome <= LOAD_BOOKED);
	member_word(b, "input", at->input);
	member_whole(b, "line", (int64_t)at->line);
	member_whole(b, "record", (int64_t)at->record);
	member_word(b, "kind", reference_word(k));
	if (r->sku.n) member_text(b, "sku", r->sku);
	if (r->warehouse.n) member_text(b, "warehouse", r->warehouse);
	if (r->revision) member_whole(b, "revision", r->revision);
	if (r->faults.n) member_word(b, "code", r->faults.v[0].code);
	if (message.n) member_text(b, "message", buf_view(&message));
	write_changes(b, r);
	member_open(b, "findings", '[');
	for (size_t i = 0; i < found.n; i++) {
		member_item(b, 0);
		finding_json(b, &found.v[i]);
	}
	buf_c(b, ']');
	if (at->dry_run) member_flag(b, "dry_run", true);
	member_instant(b, "at", at->now);
	buf_c(b, '}');
	buf_free(&message);
}

// --- of a run ----------------------------------------------------------------------------------------------------------------

void load_fault_line(struct buf *b, const char *input, uint64_t line, const struct reference_fault *f)
{
	buf_printf(b, "%s:%llu: ", input, (unsigned long long)line);
	if (*f->field) buf_printf(b, "%s: ", f->field);
	buf_printf(b, "%s [%s]", f->message, f->code);
	if (f->hint && *f->hint) buf_printf(b, "; %s", f->hint);
}

void load_unknown_line(struct buf *b, const struct load_unknown *u)
{
	buf_printf(b, "%s:%llu: %s " STR_FMT " is not known", u->input, (unsigned long long)u->line, reference_word(u->kind), STR_ARG(u->id));
	if (u->records > 1) buf_printf(b, ", and %llu records name it", (unsigned long long)u->records);
	buf_printf(b, " [unknown_reference]; oms-load %s takes it in", reference_word(u->kind));
}

void load_sum(struct buf *b, enum reference_kind k, uint64_t read, const uint64_t outcome[LOAD_OUTCOMES])
{
	static const bool of[2][LOAD_OUTCOMES] = {{[LOAD_BOOKED] = true, [LOAD_UNCHANGED] = true, [LOAD_STALE] = true, [LOAD_REFUSED] = true},
		{[LOAD_ADDED] = true, [LOAD_CHANGED] = true, [LOAD_UNCHANGED] = true, [LOAD_REFUSED] = true}};
	buf_printf(b, "%llu record%s =", (unsigned long long)read, read == 1 ? "" : "s");
	for (int i = 0, n = 0; i < LOAD_OUTCOMES; i++)
		if (of[reference_is_state(k)][i]) buf_printf(b, "%s %llu %s", n++ ? " +" : "", (unsigned long long)outcome[i], load_outcome_word((enum load_outcome)i));
}
