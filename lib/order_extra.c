// The JSON columns of an order's rows: facets too rare for a column, and short lists nobody searches.
#include "order_rows.h"

struct writer { struct buf *b; bool any; };

static void name_of(struct writer *w, const char *name)
{
	buf_c(w->b, w->any ? ',' : '{');
	w->any = true;
	buf_c(w->b, '"');
	buf_cstr(w->b, name);
	buf_cstr(w->b, "\":");
}

static void put_text(struct writer *w, const char *name, struct str s)
{
	if (!s.p) return;
	name_of(w, name);
	buf_json(w->b, s);
}

static void put_int(struct writer *w, const char *name, int64_t v)
{
	if (v == INT64_MIN) return;
	name_of(w, name);
	buf_int(w->b, v);
}

static void put_flag(struct writer *w, const char *name, bool v)
{
	if (!v) return;
	name_of(w, name);
	buf_cstr(w->b, "true");
}

static void put_end(struct writer *w)
{
	if (!w->any) buf_c(w->b, '{');
	buf_c(w->b, '}');
}

void strs_write(struct buf *b, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_c(b, i ? ',' : '[');
		buf_json(b, list[i]);
	}
	if (n) buf_c(b, ']');
}

void shipment_lines_write(struct buf *b, const struct shipment *s)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		buf_c(b, i ? ',' : '[');
		struct writer w = {b, false};
		put_text(&w, "line", s->lines[i].line);
		put_int(&w, "quantity", s->lines[i].quantity);
		put_end(&w);
	}
	if (s->n_lines) buf_c(b, ']');
}

void refund_lines_write(struct buf *b, const struct refund *r)
{
	for (size_t i = 0; i < r->n_lines; i++) {
		const struct refund_line *l = &r->lines[i];
		buf_c(b, i ? ',' : '[');
		struct writer w = {b, false};
		put_text(&w, "line", l->line);
		put_int(&w, "quantity", l->quantity);
		put_int(&w, "amount_minor", l->amount);
		put_int(&w, "tax_minor", l->tax);
		put_text(&w, "restock", l->restock);
		put_end(&w);
	}
	if (r->n_lines) buf_c(b, ']');
}

static void discounts_write(struct writer *top, const struct order *o)
{
	if (!o->n_discounts) return;
	name_of(top, "discounts");
	for (size_t i = 0; i < o->n_discounts; i++) {
		buf_c(top->b, i ? ',' : '[');
		struct writer w = {top->b, false};
		put_text(&w, "code", o->discounts[i].code);
		put_text(&w, "name", o->discounts[i].name);
		put_int(&w, "amount_minor", o->discounts[i].amount);
		put_end(&w);
	}
	buf_c(top->b, ']');
}

static void more_write(struct writer *top, const struct order *o)
{
	if (!o->n_more) return;
	name_of(top, "refs");
	for (size_t i = 0; i < o->n_more; i++) {
		buf_c(top->b, i ? ',' : '[');
		struct writer w = {top->b, false};
		put_int(&w, "kind", (int64_t)o->more[i].kind);
		put_text(&w, "value", o->more[i].value);
		put_end(&w);
	}
	buf_c(top->b, ']');
}

// The plain members of `extra`, once: where they stand in the struct, by kind.
#define EXTRA_TEXTS(X) X(channel_status) X(channel_payment) X(channel_fulfilment) X(cancel_reason) X(shipping_method) X(note)
#define EXTRA_TIMES(X) X(cancelled_at) X(closed_at) X(ship_by) X(promised_at)
#define EXTRA_FLAGS(X) X(complete) X(channel_fulfilled) X(credit) X(untied)

void extra_write(struct buf *b, const struct order *o)
{
	struct writer w = {b, false};
#define X(m) put_text(&w, #m, o->m);
	EXTRA_TEXTS(X)
#undef X
#define X(m) put_int(&w, #m, o->m);
	EXTRA_TIMES(X)
#undef X
#define X(m) put_flag(&w, #m, o->m);
	EXTRA_FLAGS(X)
#undef X
	if (o->n_tags) {
		name_of(&w, "tags");
		strs_write(b, o->tags, o->n_tags);
	}
	discounts_write(&w, o);
	more_write(&w, o);
	if (w.any) buf_c(b, '}');
}

// ---- and back

// The column's text outlives the tape only in the arena: strings are slices of it.
static int parse(struct json *j, struct str *json, struct arena *a, struct err *e)
{
	struct json_error bad;
	json->p = arena_copy(a, json->p, json->n);
	return json_parse(j, *json, &bad) ? 0 : fail(e, E_BUG, "a JSON column of the store is damaged: %s", bad.what);
}

static struct str text_at(const struct json *j, uint32_t object, const char *name, struct arena *a) { return json_str(j, json_getz(j, object, name), a); }

static int64_t int_at(const struct json *j, uint32_t object, const char *name)
{
	int64_t v;
	uint32_t at = json_getz(j, object, name);
	return at && json_int(j, at, &v) ? v : INT64_MIN;
}

// How long a list is; and the list zeroed. NULL where it is empty.
#define LIST(a, T, j, at, size) ((size) = (j)->node[at].n, (size) ? NEW_N((a), T, (size)) : NULL)

int strs_read(struct str **list, size_t *n, struct str json, struct arena *a, struct err *e)
{
	struct json j = {0};
	*list = NULL;
	*n = 0;
	if (!json.p) return 0;
	int rc = parse(&j, &json, a, e);
	if (rc == 0) *list = LIST(a, struct str, &j, 0, *n);
	size_t i = 0;
	for (uint32_t v = rc == 0 ? json_first(&j, 0) : 0; v; v = json_after(&j, 0, v)) (*list)[i++] = json_str(&j, v, a);
	json_free(&j);
	return rc;
}

int shipment_lines_read(struct shipment *s, struct str json, struct arena *a, struct err *e)
{
	struct json j = {0};
	if (!json.p) return 0;
	int rc = parse(&j, &json, a, e);
	if (rc == 0) s->lines = LIST(a, struct shipment_line, &j, 0, s->n_lines);
	size_t i = 0;
	for (uint32_t v = rc == 0 ? json_first(&j, 0) : 0; v; v = json_after(&j, 0, v))
		s->lines[i++] = (struct shipment_line){text_at(&j, v, "line", a), int_at(&j, v, "quantity")};
	json_free(&j);
	return rc;
}

int refund_lines_read(struct refund *r, struct str json, struct arena *a, struct err *e)
{
	struct json j = {0};
	if (!json.p) return 0;
	int rc = parse(&j, &json, a, e);
	if (rc == 0) r->lines = LIST(a, struct refund_line, &j, 0, r->n_lines);
	size_t i = 0;
	for (uint32_t v = rc == 0 ? json_first(&j, 0) : 0; v; v = json_after(&j, 0, v))
		r->lines[i++] = (struct refund_line){text_at(&j, v, "line", a), int_at(&j, v, "quantity"), int_at(&j, v, "amount_minor"),
			int_at(&j, v, "tax_minor"), text_at(&j, v, "restock", a)};
	json_free(&j);
	return rc;
}

static void lists_read(struct order *o, const struct json *j, struct arena *a)
{
	uint32_t tags = json_getz(j, 0, "tags"), discounts = json_getz(j, 0, "discounts"), more = json_getz(j, 0, "refs");
	size_t i = 0, k = 0, m = 0;
	if (tags) o->tags = LIST(a, struct str, j, tags, o->n_tags);
	for (uint32_t v = tags ? json_first(j, tags) : 0; v; v = json_after(j, tags, v)) o->tags[i++] = json_str(j, v, a);
	if (discounts) o->discounts = LIST(a, struct discount, j, discounts, o->n_discounts);
	for (uint32_t v = discounts ? json_first(j, discounts) : 0; v; v = json_after(j, discounts, v))
		o->discounts[k++] = (struct discount){text_at(j, v, "code", a), text_at(j, v, "name", a), int_at(j, v, "amount_minor")};
	if (more) o->more = LIST(a, struct event_ref, j, more, o->n_more);
	for (uint32_t v = more ? json_first(j, more) : 0; v; v = json_after(j, more, v))
		o->more[m++] = (struct event_ref){(enum ref_kind)int_at(j, v, "kind"), text_at(j, v, "value", a)};
}

int extra_read(struct order *o, struct str json, struct arena *a, struct err *e)
{
	struct json j = {0};
	o->cancelled_at = o->closed_at = o->ship_by = o->promised_at = DATE_NONE;
	if (!json.p) return 0;
	int rc = parse(&j, &json, a, e);
	if (rc == 0) {
#define X(m) o->m = text_at(&j, 0, #m, a);
		EXTRA_TEXTS(X)
#undef X
#define X(m) o->m = int_at(&j, 0, #m);
		EXTRA_TIMES(X)
#undef X
#define X(m) o->m = json_true(&j, json_getz(&j, 0, #m));
		EXTRA_FLAGS(X)
#undef X
		lists_read(o, &j, a);
	}
	json_free(&j);
	return rc;
}
