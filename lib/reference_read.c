// A reference record out of JSON or the texts of CSV cells, every fault of it told.
#include "near.h"
#include "reference_part.h"
#include "text.h"

enum { TEXT_BYTES = 200, CELL_BYTES = 65536, ITEMS = 1000, MOST = 1000000000 };
struct reading { struct reference *r; const struct json *j; struct arena *a; reference_faults *faults; };

// Always false: the field is not given.
static bool fault(struct reading *x, const char *field, const char *code, const char *message, const char *what)
{
	reference_fault(x->faults, x->a, field, code, message, what);
	return false;
}

static struct str text_of(struct reading *x, uint32_t v) { return str_trim(json_str(x->j, v, x->a)); }

// --- single values -----------------------------------------------------------------------------------------------------------

static bool fit_to_be_read(struct reading *x, const char *field, struct str s)
{
	if (s.n > TEXT_BYTES) return fault(x, field, "too_long", "is over 200 bytes", "shorten it");
	for (size_t i = 0, n; i < s.n; i += n) {
		uint32_t c;
		n = utf8_take(str_cut(s, i, s.n), &c);
		if (!n || c < 0x20 || utf8_hidden(c)) return fault(x, field, "control_character", "has a character that cannot be seen", "take it out");
	}
	return true;
}

static bool read_text(struct reading *x, const char *field, uint32_t v, struct str *to)
{
	struct str s = text_of(x, v);
	if (!fit_to_be_read(x, field, s)) return false;
	*to = s;
	return s.n > 0;
}

static bool read_whole(struct reading *x, const char *field, uint32_t v, int64_t *to)
{
	bool below = x->r->kind == REF_QUARANTINE && !strcmp(field, "quantity");
	struct str s = text_of(x, v);
	int64_t n;
	if (!s.n && json_type(x->j, v) == JSON_STRING) return false;
	if (!str_int(s, &n)) return fault(x, field, "not_whole", "is not a whole number", "write it in digits");
	if (n < 0 && !below) return fault(x, field, "below_zero", "is below zero", "it must be 0 or more");
	if (n > MOST || n < -MOST) return fault(x, field, "too_large", "is over a thousand million", "check it");
	*to = n;
	return true;
}

static bool read_flag(struct reading *x, const char *field, uint32_t v, bool *to)
{
	static const char *const yes[] = {"true", "yes", "1", "y"}, *const no[] = {"false", "no", "0", "n"};
	struct str s = text_of(x, v);
	if (!s.n && json_type(x->j, v) == JSON_STRING) return false;
	s = str_lower(x->a, s);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (str_is(s, yes[i])) return *to = true;
		if (str_is(s, no[i])) return *to = false, true;
	}
	return fault(x, field, "not_a_flag", "is neither true nor false", "write true or false");
}

static bool read_time(struct reading *x, const char *field, uint32_t v, int64_t *to)
{
	struct str s = text_of(x, v);
	if (!s.n) return false;
	if (date_exact(s, to) || date_parse(s, "rfc3339", "UTC", to)) return true;
	return fault(x, field, "not_a_time", "is no time", "write it as RFC 3339: 2026-11-02T08:00:00Z");
}

// --- lists -------------------------------------------------------------------------------------------------------------------

struct list { struct str *v; size_t n; };

static bool separates(char c, bool blanks) { return c == ';' || c == ',' || (blanks && (c == ' ' || c == '\n' || c == '\t' || c == '\r')); }

// The parts of a cell: by ';' where there is one, else by commas, and by blanks unless these are a part of what is listed.
static struct list split(struct arena *a, struct str s, bool blanks)
{
	struct list l = {NEW_N(a, struct str, s.n + 1), 0};
	bool semicolons = s.n && memchr(s.p, ';', s.n) != NULL;
	for (size_t from = 0, i = 0; i <= s.n; i++) {
		if (i < s.n && !(semicolons ? s.p[i] == ';' : separates(s.p[i], blanks))) continue;
		struct str part = str_trim(str_cut(s, from, i));
		if (part.n) l.v[l.n++] = part;
		from = i + 1;
	}
	return l;
}

static bool cell_parts(struct reading *x, const char *field, uint32_t v, bool blanks, struct list *to)
{
	struct str s = text_of(x, v);
	if (s.n > CELL_BYTES) return fault(x, field, "too_long", "is over 64 KiB", "shorten it");
	*to = split(x->a, s, blanks);
	for (size_t i = 0; i < to->n; i++)
		if (!fit_to_be_read(x, field, to->v[i])) return false;
	return true;
}

static bool array_items(struct reading *x, const char *field, uint32_t v, struct list *to)
{
	static const char what[] = "write [\"A\",\"B\"]";
	to->v = NEW_N(x->a, struct str, x->j->node[v].n + 1);
	for (uint32_t i = json_first(x->j, v); i; i = json_after(x->j, v, i)) {
		struct str s = text_of(x, i);
		if (json_type(x->j, i) != JSON_STRING || !s.n) return fault(x, field, "not_texts", "is not a list of texts", what);
		if (!fit_to_be_read(x, field, s)) return false;
		to->v[to->n++] = s;
	}
	return true;
}

static bool few_enough(struct reading *x, const char *field, size_t n)
{
	return n <= ITEMS || fault(x, field, "too_many", "has over 1000 items", "this is for people to keep: say it in fewer");
}

static bool read_texts(struct reading *x, const char *field, uint32_t v, struct list *to)
{
	bool areas = x->r->kind == REF_ZONE, good;
	if (json_type(x->j, v) == JSON_STRING) good = cell_parts(x, field, v, !areas, to);
	else if (json_type(x->j, v) == JSON_ARRAY) good = array_items(x, field, v, to);
	else return fault(x, field, "not_texts", "is not a list of texts", "write [\"A\",\"B\"]");
	return good && few_enough(x, field, to->n) && to->n > 0;
}

// --- components: "MUG*2 LID" as a cell; [{"sku":"MUG","quantity":2},…] as JSON -----------------------------------------------

// "MUG x 2" is meant as MUG*2, and would be three SKUs: what says no more than a number, or how many times, is none.
static bool says_how_many(struct str s)
{
	static const char *const times[] = {"x", "X", "×"};
	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(times[i]);
		if (s.n >= n && !memcmp(s.p, times[i], n)) s = str_cut(s, n, s.n);
		else if (s.n >= n && !memcmp(s.p + s.n - n, times[i], n)) s = str_cut(s, 0, s.n - n);
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9') return false;
	return true;
}

static bool component_of(struct str s, struct component *to)
{
	const char *star = memrchr(s.p, '*', s.n);
	*to = (struct component){star ? str_cut(s, 0, (size_t)(star - s.p)) : s, 1};
	return to->sku.n && (!star || str_int(str_cut(s, (size_t)(star - s.p) + 1, s.n), &to->quantity));
}

static bool component_at(struct reading *x, const char *field, uint32_t v, struct component *to)
{
	uint32_t sku = json_getz(x->j, v, "sku"), q = json_getz(x->j, v, "quantity");
	*to = (struct component){text_of(x, sku), 1};
	if (json_type(x->j, v) != JSON_OBJECT || x->j->node[v].n > (q ? 2u : 1u) || !to->sku.n) return false;
	return (!q || json_int(x->j, q, &to->quantity)) && fit_to_be_read(x, field, to->sku);
}

static bool components_good(const struct sku_ref *s)
{
	for (size_t i = 0; i < s->n_components; i++)
		if (s->components[i].quantity < 1 || s->components[i].quantity > 1000000) return false;
	return true;
}

static bool components_of_array(struct reading *x, const char *field, uint32_t v, struct sku_ref *s)
{
	if (json_type(x->j, v) != JSON_ARRAY) return false;
	s->components = NEW_N(x->a, struct component, x->j->node[v].n + 1);
	for (uint32_t i = json_first(x->j, v); i; i = json_after(x->j, v, i))
		if (!component_at(x, field, i, &s->components[s->n_components++])) return false;
	return true;
}

// A listing as CSV has the objects in its cell, with commas between them.
static bool components_of_listing(struct reading *x, const char *field, struct str cell, struct sku_ref *s)
{
	struct json tape = {0};
	struct json_error bad;
	struct reading in = *x;
	bool good = json_parse(&tape, str_of(arena_printf(x->a, "[" STR_FMT "]", STR_ARG(cell))), &bad);
	in.j = &tape;
	good = good && components_of_array(&in, field, 0, s);
	json_free(&tape);
	return good;
}

static bool components_of_cell(struct reading *x, const char *field, uint32_t v, struct sku_ref *s)
{
	struct list l = {0};
	struct str cell = text_of(x, v);
	if (cell.n && *cell.p == '{' && cell.n < CELL_BYTES) return components_of_listing(x, field, cell, s);
	if (!cell_parts(x, field, v, true, &l)) return false;
	s->components = NEW_N(x->a, struct component, l.n + 1);
	for (size_t i = 0; i < l.n; i++) {
		if (says_how_many(l.v[i]))
			return fault(x, field, "not_components", arena_printf(x->a, "has " STR_FMT " where a SKU must be", STR_ARG(l.v[i])),
				"write MUG*2 LID; a SKU that looks like a number has its own behind it: 42*1");
		if (!component_of(l.v[i], &s->components[s->n_components++])) return false;
	}
	return true;
}

static bool read_components(struct reading *x, const char *field, uint32_t v)
{
	struct sku_ref *s = &x->r->sku;
	size_t before = x->faults->n;
	bool good = json_type(x->j, v) == JSON_STRING ? components_of_cell(x, field, v, s) : components_of_array(x, field, v, s);
	if (good && components_good(s)) return few_enough(x, field, s->n_components);
	if (x->faults->n > before) return false;
	return fault(x, field, "not_components", "is not a list of SKUs with quantities", "write [{\"sku\":\"MUG\",\"quantity\":2}], in CSV MUG*2 LID");
}

// --- a record ----------------------------------------------------------------------------------------------------------------

static bool read_list(struct reading *x, const struct reference_field *f, uint32_t v)
{
	struct reference_place place = reference_place(x->r->kind, f->name);
	struct list l = {0};
	bool given = read_texts(x, f->name, v, &l);
	memcpy((char *)x->r + place.at, &l.v, sizeof l.v);
	memcpy((char *)x->r + place.n_at, &l.n, sizeof l.n);
	return given;
}

static bool read_field(struct reading *x, const struct reference_field *f, uint32_t v)
{
	void *to = (char *)x->r + reference_place(x->r->kind, f->name).at;
	if (json_type(x->j, v) == JSON_NULL) return false;
	if ((f->kind == RF_TEXT || f->kind == RF_TIME) && json_type(x->j, v) != JSON_STRING && json_type(x->j, v) != JSON_NUMBER)
		return fault(x, f->name, "not_text", "is no text", "write it in quotes");
	switch (f->kind) {
	case RF_TEXT: return read_text(x, f->name, v, to);
	case RF_TEXTS: return read_list(x, f, v);
	case RF_WHOLE: return read_whole(x, f->name, v, to);
	case RF_FLAG: return read_flag(x, f->name, v, to);
	case RF_TIME: return read_time(x, f->name, v, to);
	case RF_COMPONENTS: return read_components(x, f->name, v);
	}
	return false;
}

static void unknown_member(struct reading *x, struct str key, const struct reference_field *f, size_t n)
{
	struct near near = near_begin(key, 3);
	for (size_t i = 0; i < n && x->faults->n < 10; i++) near_try(&near, f[i].name);
	const char *name = str_c(x->a, key);
	fault(x, name, "unknown_field", arena_printf(x->a, "is no field of a %s", reference_word(x->r->kind)),
		near.best ? arena_printf(x->a, "did you mean %s?", near.best) : "leave it out");
}

// What a listing adds to a record: its kind must be the right one, the rest says nothing of the record itself.
static bool of_a_listing(struct reading *x, struct str key, uint32_t v)
{
	struct str s = text_of(x, v);
	if (str_eq_nocase(key, S("kind"))) {
		if (!str_is(s, reference_word(x->r->kind)))
			fault(x, "kind", "other_kind", arena_printf(x->a, "is " STR_FMT ", and %s was asked for", STR_ARG(s), reference_word(x->r->kind)), "load each kind by its name");
		return true;
	}
	if (str_eq_nocase(key, S("schema"))) {
		if (!str_is(s, "oms.reference/1")) fault(x, "schema", "other_schema", "is another than oms.reference/1", "this is a record for another command");
		return true;
	}
	return str_eq_nocase(key, S("revision")) || str_eq_nocase(key, S("changed_at")) || (x->r->kind == REF_SAFETY && str_eq_nocase(key, S("id")));
}

// "sku:MUG warehouse:LEJ": blanks of the names themselves are written otherwise, so that two rules never share an id.
static void id_part(struct buf *b, const char *what, struct str s)
{
	if (!s.n) return;
	buf_cstr(b, what);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '%') buf_printf(b, "%%%02X", (unsigned)s.p[i]);
		else buf_c(b, s.p[i]);
}

struct str reference_id(const struct reference *r, struct arena *a)
{
	if (r->kind == REF_SKU) return r->sku.id;
	if (r->kind == REF_WAREHOUSE) return r->warehouse.id;
	if (r->kind == REF_ZONE) return r->zone.id;
	if (r->kind == REF_SERVICE) return r->service.id;
	if (r->kind != REF_SAFETY) return r->stock.id;
	struct buf b = {0};
	id_part(&b, "sku:", r->safety.sku);
	id_part(&b, "category:", r->safety.category);
	id_part(&b, " warehouse:", r->safety.warehouse);
	id_part(&b, " channel:", r->safety.channel);
	struct str id = {arena_copy(a, b.p, b.n), b.n};
	buf_free(&b);
	return id;
}

static bool told(const reference_faults *faults, const char *field)
{
	for (size_t i = 0; i < faults->n; i++)
		if (!strcmp(faults->v[i].field, field)) return true;
	return false;
}

static void what_is_missing(struct reading *x, const struct reference_field *f, size_t n, const bool *given)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].required && !given[i] && !told(x->faults, f[i].name)) fault(x, f[i].name, "missing", "is missing", f[i].what);
}

// Spreadsheets write ID and Name above their columns: no two fields differ by case alone. n: it is none of them.
static size_t field_named(const struct reference_field *f, size_t n, struct str key)
{
	size_t i = 0;
	while (i < n && !str_eq_nocase(key, str_of(f[i].name))) i++;
	return i;
}

static void read_members(struct reading *x, uint32_t at, const struct reference_field *f, size_t n, bool *given)
{
	bool *there = NEW_N(x->a, bool, n);
	for (uint32_t v = json_first(x->j, at); v; v = json_after(x->j, at, v)) {
		struct str key = json_str(x->j, v, x->a);
		size_t i = field_named(f, n, key);
		if (i < n && there[i]) fault(x, f[i].name, "twice", "stands there twice, once in capitals", "leave one of them out");
		else if (i < n) there[i] = true, given[i] = read_field(x, &f[i], v + 1);
		else if (!of_a_listing(x, key, v + 1)) unknown_member(x, key, f, n);
	}
}

void reference_read_counted(struct reference *to, enum reference_kind k, const struct json *j, uint32_t at, int64_t counted_at, struct arena *a, reference_faults *faults)
{
	struct reading x = {to, j, a, faults};
	size_t n;
	const struct reference_field *f = reference_fields(k, &n);
	bool *given = NEW_N(a, bool, n);
	*to = reference_none(k);
	if (json_type(j, at) != JSON_OBJECT) {
		fault(&x, "", "no_record", "is no record", "write one JSON object a record");
		return;
	}
	read_members(&x, at, f, n, given);
	for (size_t i = 0; i < n && k == REF_COUNT; i++)
		if (!strcmp(f[i].name, "counted_at") && counted_at != DATE_NONE && !given[i] && !told(faults, "counted_at")) to->stock.at = counted_at, given[i] = true;
	what_is_missing(&x, f, n, given);
	if (!faults->n) reference_check(to, a, faults);
	to->id = reference_id(to, a);
}

void reference_read(struct reference *to, enum reference_kind k, const struct json *j, uint32_t at, struct arena *a, reference_faults *faults)
{
	reference_read_counted(to, k, j, at, DATE_NONE, a, faults);
}
