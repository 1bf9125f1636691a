// The JSON columns of an order's rows: facets too rare for a column, and short lists nobody searches.
#include "member.h"
#include "order_rows.h"

static void whole(struct buf *b, const char *name, int64_t v)
{
	if (v != INT64_MIN) member_whole(b, name, v); // DATE_NONE, MONEY_NONE
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
	if (!s->n_lines) return;
	buf_c(b, '[');
	for (size_t i = 0; i < s->n_lines; i++) {
		member_item(b, '{');
		member_text(b, "line", s->lines[i].line);
		whole(b, "quantity", s->lines[i].quantity);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

void refund_lines_write(struct buf *b, const struct refund *r)
{
	if (!r->n_lines) return;
	buf_c(b, '[');
	for (size_t i = 0; i < r->n_lines; i++) {
		const struct refund_line *l = &r->lines[i];
		member_item(b, '{');
		member_text(b, "line", l->line);
		whole(b, "quantity", l->quantity);
		whole(b, "amount_minor", l->amount);
		whole(b, "tax_minor", l->tax);
		member_text(b, "restock", l->restock);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void discounts_write(struct buf *b, const struct order *o)
{
	if (!o->n_discounts) return;
	member_open(b, "discounts", '[');
	for (size_t i = 0; i < o->n_discounts; i++) {
		member_item(b, '{');
		member_text(b, "code", o->discounts[i].code);
		member_text(b, "name", o->discounts[i].name);
		whole(b, "amount_minor", o->discounts[i].amount);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void more_write(struct buf *b, const struct order *o)
{
	if (!o->n_more) return;
	member_open(b, "refs", '[');
	for (size_t i = 0; i < o->n_more; i++) {
		member_item(b, '{');
		whole(b, "kind", (int64_t)o->more[i].kind);
		member_text(b, "value", o->more[i].value);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

// The plain members of `extra`, once: where they stand in the struct, by kind.
#define EXTRA_TEXTS(X) X(channel_status) X(channel_payment) X(channel_fulfilment) X(cancel_reason) X(shipping_method) X(note) X(confirmed_by) X(service) X(carrier)
#define EXTRA_TIMES(X) X(confirmed_at) X(cancelled_at) X(closed_at) X(ship_by) X(promised_at)
#define EXTRA_FLAGS(X) X(complete) X(channel_fulfilled) X(credit) X(untied)

void extra_write(struct buf *b, const struct order *o)
{
	buf_clear(b);
	buf_c(b, '{');
#define X(m) member_text(b, #m, o->m);
	EXTRA_TEXTS(X)
#undef X
#define X(m) whole(b, #m, o->m);
	EXTRA_TIMES(X)
#undef X
#define X(m) if (o->m) member_flag(b, #m, true);
	EXTRA_FLAGS(X)
#undef X
	if (o->n_tags) member_texts(b, "tags", o->tags, o->n_tags);
	discounts_write(b, o);
	more_write(b, o);
	if (b->n > 1) buf_c(b, '}');
	else buf_clear(b); // nothing of it is there
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
	o->confirmed_at = o->cancelled_at = o->closed_at = o->ship_by = o->promised_at = DATE_NONE;
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
