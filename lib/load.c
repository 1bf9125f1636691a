// Reference data into the store: each record compared with what is there, written as an event where it says something new.
#include "load_part.h"
#include "member.h"
#include "source_store.h"
#include <stdlib.h>

const char *load_outcome_word(enum load_outcome o)
{
	static const char *const words[] = {
#define X(code, word) word,
		LOAD_OUTCOMES_(X)
#undef X
	};
	return words[o];
}

struct load *load_open(struct db *d, enum reference_kind k, const struct load_options *o)
{
	enum { NEAR = 20 };
	struct load *l = must_alloc(sizeof *l);
	*l = (struct load){.db = d, .codec = codec_open(d), .kind = k, .o = *o, .near_left = NEAR};
	return l;
}

void load_close(struct load *l)
{
	if (!l) return;
	codec_close(l->codec);
	arena_free(&l->arena);
	seen_forget(&l->seen);
	seen_forget(&l->parts);
	seen_forget(&l->uncounted);
	free(l);
}

void load_fault(struct loading *x, const char *field, const char *code, const char *message, const char *what)
{
	*VEC_PUSH(x->a, &x->to->faults) = (struct reference_fault){field, code, message, what};
}

void load_warn(struct loading *x, const char *field, const char *code, const char *message, const char *what)
{
	if (x->l->o.strict) load_fault(x, field, code, message, what);
	else *VEC_PUSH(x->a, &x->to->warnings) = (struct reference_fault){field, code, message, what};
}

// --- an input says a thing once ------------------------------------------------------------------------------------------------

void load_input(struct load *l, const char *name)
{
	l->input = arena_strdup(&l->arena, name);
	seen_forget(&l->seen);
}

// --- events ------------------------------------------------------------------------------------------------------------------

// The source of what our own commands do, registered when it is first needed.
static int own_source(struct loading *x)
{
	struct load *l = x->l;
	struct source s;
	bool created;
	if (l->source_id) return 0;
	if (source_get(l->db, x->e, x->a, "oms", &s)) {
		if (x->e->code != E_NOTFOUND) return -1;
		err_clear(x->e);
		if (source_put(l->db, x->e, &(struct source){.name = "oms", .channel = "oms", .created_at = l->o.now}, &created) || source_get(l->db, x->e, x->a, "oms", &s)) return -1;
	}
	l->source_id = s.source_id;
	return 0;
}

static struct str event_line(struct loading *x, enum event_type type, struct str id, int64_t revision, int64_t occurred_at, struct str record)
{
	struct buf b = {0};
	member_record(&b, "oms.event/1");
	member_text(&b, "id", id);
	member_word(&b, "type", event_type_word(type));
	member_word(&b, "source", "oms");
	member_instant(&b, "occurred_at", occurred_at);
	member_word(&b, "actor", x->l->o.actor);
	member_open(&b, "body", '{');
	member_word(&b, "kind", reference_word(x->l->kind));
	if (revision) member_text(&b, "id", x->to->id), member_whole(&b, "revision", revision);
	member_key(&b, "record");
	buf_str(&b, record);
	buf_cstr(&b, "}}");
	struct str line = {arena_copy(x->a, b.p, b.n), b.n};
	buf_free(&b);
	return line;
}

int load_event(struct loading *x, enum event_type type, struct str id, int64_t revision, int64_t occurred_at, struct str record, int64_t *event_id)
{
	struct load *l = x->l;
	if (own_source(x)) return -1;
	struct event ev = {.type = type, .id = id, .source = S("oms"), .occurred_at = occurred_at, .recorded_at = l->o.now};
	ev.json = event_line(x, type, id, revision, occurred_at, record);
	int put = event_put(l->db, l->codec, x->e, x->a, &ev, 0, l->source_id, 0);
	if (put < 0) return -1;
	if (put != PUT_NEW) return fail(x->e, E_BUG, "event " STR_FMT " is in the log already, and what it says is not in the store: oms-fsck --deep tells more", STR_ARG(id));
	if (event_id) *event_id = db_last_id(l->db);
	return 0;
}

// --- what changes ------------------------------------------------------------------------------------------------------------

static struct str value_of(struct loading *x, const struct reference *r, const struct reference_field *f)
{
	struct buf b = {0};
	bool said = reference_value(&b, r, f);
	struct str v = said ? (struct str){arena_copy(x->a, b.p, b.n), b.n} : (struct str){0};
	buf_free(&b);
	return v;
}

void load_differ(struct loading *x, const struct reference *from, const struct reference *to)
{
	size_t n;
	const struct reference_field *f = reference_fields(to->kind, &n);
	for (size_t i = 0; i < n; i++) {
		struct str was = from ? value_of(x, from, &f[i]) : (struct str){0}, is = from || reference_says(to, &f[i]) ? value_of(x, to, &f[i]) : (struct str){0};
		if (!str_eq(was, is)) *VEC_PUSH(x->a, &x->to->changes) = (struct load_change){.field = f[i].name, .from = was, .to = is};
	}
}

static int compare(struct loading *x, struct str body)
{
	struct json j = {0};
	struct json_error bad;
	struct reference was;
	reference_faults faults = {0};
	if (json_parse(&j, body, &bad)) reference_read(&was, x->l->kind, &j, 0, x->a, &faults);
	bool good = j.n && !faults.n;
	json_free(&j);
	if (!good) return fail(x->e, E_BUG, "%s " STR_FMT " of the reference data is damaged", reference_word(x->l->kind), STR_ARG(x->to->id));
	load_differ(x, &was, x->r);
	return 0;
}

// --- states ------------------------------------------------------------------------------------------------------------------

static int refer_to_each(struct loading *x, const char *field, enum reference_kind k, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (load_refer(x, field, k, v[i])) return -1;
	return 0;
}

static int check_channel(struct loading *x)
{
	const struct safety_ref *s = &x->r->safety;
	struct source source;
	if (!s->channel.n || !source_get(x->l->db, x->e, x->a, str_c(x->a, s->channel), &source)) return 0;
	if (x->e->code != E_NOTFOUND) return -1;
	load_warn(x, "channel", "unknown_source", arena_strdup(x->a, x->e->text), arena_strdup(x->a, x->e->hint));
	err_clear(x->e);
	return 0;
}

static int check_references(struct loading *x)
{
	const struct reference *r = x->r;
	switch (r->kind) {
	case REF_SKU: return load_components(x);
	case REF_WAREHOUSE: return refer_to_each(x, "zones", REF_ZONE, r->warehouse.zones, r->warehouse.n_zones);
	case REF_SERVICE:
		return refer_to_each(x, "zones", REF_ZONE, r->service.zones, r->service.n_zones) || refer_to_each(x, "warehouses", REF_WAREHOUSE, r->service.warehouses, r->service.n_warehouses) ? -1 : 0;
	case REF_SAFETY:
		return (r->safety.sku.n && load_refer(x, "sku", REF_SKU, r->safety.sku)) || (r->safety.warehouse.n && load_refer(x, "warehouse", REF_WAREHOUSE, r->safety.warehouse)) || check_channel(x)
			? -1 : 0;
	default: return 0;
	}
}

static struct str text_of(struct loading *x)
{
	struct buf b = {0};
	reference_write(&b, x->r);
	struct str s = {arena_copy(x->a, b.p, b.n), b.n};
	buf_free(&b);
	return s;
}

static int put(struct loading *x, struct reference_row *row, struct str body)
{
	struct load *l = x->l;
	struct str id = str_of(arena_printf(x->a, "reference:%s:" STR_FMT ":%lld", reference_word(l->kind), STR_ARG(x->to->id), (long long)row->revision + 1));
	*row = (struct reference_row){x->to->id, body, row->revision + 1, l->o.now};
	x->to->revision = row->revision;
	if (load_event(x, EV_REFERENCE_SET, id, row->revision, DATE_NONE, body, NULL)) return -1;
	return reference_put(l->db, x->e, l->kind, row);
}

// What was taken in once is not refused later; what it refers to is noted all the same.
static int unchanged(struct loading *x)
{
	int bad = check_references(x);
	x->to->faults.n = x->to->warnings.n = 0;
	return bad;
}

static int load_state(struct loading *x)
{
	struct load *l = x->l;
	struct load_result *to = x->to;
	struct reference_row row = {0};
	uint64_t *stood = seen_line(&l->seen, to->id), line = *stood;
	int there = reference_get(l->db, x->e, x->a, l->kind, to->id, &row);
	struct str body = text_of(x);
	to->revision = row.revision;
	to->outcome = LOAD_UNCHANGED;
	if (there < 0) return -1;
	if (!line) *stood = x->line;
	if (there && str_eq(row.body, body)) return unchanged(x);
	if (there && line)
		load_fault(x, "", "twice", arena_printf(x->a, STR_FMT " stands in line %llu too, and says something else", STR_ARG(to->id), (unsigned long long)line), "leave the one that is right");
	if (check_references(x) || (there && compare(x, row.body))) return -1;
	if (!there) load_differ(x, NULL, x->r);
	to->outcome = there ? LOAD_CHANGED : LOAD_ADDED;
	if (to->faults.n) {
		if (!line) *seen_line(&l->seen, to->id) = 0; // what was refused stands nowhere
		return 0;
	}
	if (l->kind == REF_SKU) load_keep_parts(l, &x->r->sku);
	return put(x, &row, body);
}

int load_record(struct load *l, struct err *e, struct arena *a, const struct json *j, uint64_t line, struct load_result *to)
{
	struct reference r;
	*to = (struct load_result){.outcome = LOAD_REFUSED};
	struct loading x = {l, e, a, &r, line, to};
	reference_read_counted(&r, l->kind, j, 0, l->o.counted_at, a, &to->faults);
	if (reference_is_state(l->kind)) to->id = r.id; // also of one that is refused, where it can be read
	else to->sku = r.stock.sku, to->warehouse = l->kind == REF_TRANSFER ? r.stock.from : r.stock.warehouse;
	if (to->faults.n) return 0;
	int bad = reference_is_state(l->kind) ? load_state(&x) : load_movement(&x);
	if (to->faults.n) to->outcome = LOAD_REFUSED;
	return bad;
}
