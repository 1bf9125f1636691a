// Reference data listed: rows, kinds and fields as records.
#include "load_list.h"
#include "member.h"

int load_row_json(struct buf *b, struct err *e, enum reference_kind k, const struct reference_row *row)
{
	struct json j = {0};
	struct json_error bad;
	if (!json_parse(&j, row->body, &bad)) {
		json_free(&j);
		return fail(e, E_BUG, "%s " STR_FMT " of the reference data is damaged: %s", reference_word(k), STR_ARG(row->id), bad.what);
	}
	member_record(b, "oms.reference/1");
	member_text(b, "id", row->id);
	member_word(b, "kind", reference_word(k));
	member_whole(b, "revision", row->revision);
	member_instant(b, "changed_at", row->changed_at);
	for (uint32_t v = json_first(&j, 0); v; v = json_after(&j, 0, v)) {
		if (str_eq(json_raw(&j, v), S("\"id\""))) continue;
		member_item(b, 0);
		buf_str(b, json_raw(&j, v));
		buf_c(b, ':');
		buf_str(b, json_raw(&j, v + 1));
	}
	buf_c(b, '}');
	json_free(&j);
	return 0;
}

void load_kind_json(struct buf *b, enum reference_kind k)
{
	size_t n;
	const struct reference_field *f = reference_fields(k, &n);
	member_record(b, "oms.kind/1");
	member_word(b, "id", reference_word(k));
	member_word(b, "type", reference_is_state(k) ? "state" : "movement");
	member_word(b, "message", reference_what(k));
	member_open(b, "fields", '[');
	for (size_t i = 0; i < n; i++) member_item(b, 0), buf_printf(b, "\"%s\"", f[i].name);
	buf_cstr(b, "]}");
}

void load_field_json(struct buf *b, enum reference_kind k, const struct reference_field *f)
{
	member_record(b, "oms.field/1");
	buf_printf(b, ",\"id\":\"%s.%s\"", reference_word(k), f->name);
	member_word(b, "kind", reference_word(k));
	member_word(b, "field", f->name);
	member_word(b, "type", reference_field_word(f->kind));
	member_flag(b, "required", f->required);
	member_word(b, "message", f->what);
	buf_c(b, '}');
}

// The fields of a kind, in capitals; the least needed goes first where it is narrow.
const struct out_column *load_columns(enum reference_kind k, size_t *n)
{
	static struct out_column columns[16];
	static char names[16][32];
	const struct reference_field *f = reference_fields(k, n);
	size_t first = k == REF_SAFETY; // whose id is made of its fields
	if (first) columns[0] = (struct out_column){"ID", "id", false, false, 9};
	for (size_t i = 0; i < *n; i++) {
		for (size_t c = 0; f[i].name[c] && c + 1 < sizeof *names; c++) names[i][c] = f[i].name[c] >= 'a' && f[i].name[c] <= 'z' ? (char)(f[i].name[c] - 'a' + 'A') : f[i].name[c];
		columns[first + i] = (struct out_column){names[i], f[i].name, f[i].kind == RF_WHOLE, i == 0, f[i].required ? 0 : (int)i};
	}
	*n += first;
	return columns;
}
