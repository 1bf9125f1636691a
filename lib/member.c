// Members of JSON records, written one behind the other.
#include "member.h"

void member_item(struct buf *b, char bracket)
{
	if (b->n && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[') buf_c(b, ',');
	if (bracket) buf_c(b, bracket);
}

void member_key(struct buf *b, const char *name)
{
	size_t n = strlen(name), at = b->n;
	buf_room(b, n + 4); // for all of it at once: every member of every record comes this way
	if (at && b->p[at - 1] != '{' && b->p[at - 1] != '[') b->p[at++] = ',';
	b->p[at++] = '"';
	memcpy(b->p + at, name, n);
	at += n;
	b->p[at++] = '"';
	b->p[at++] = ':';
	b->n = at;
}

void member_record(struct buf *b, const char *schema)
{
	buf_c(b, '{');
	member_word(b, "schema", schema);
}

void member_open(struct buf *b, const char *name, char bracket)
{
	member_key(b, name);
	buf_c(b, bracket);
}

void member_text(struct buf *b, const char *name, struct str s)
{
	if (!s.p) return;
	member_key(b, name);
	buf_json(b, s);
}

void member_word(struct buf *b, const char *name, const char *s) { member_text(b, name, str_of(s)); }

void member_texts(struct buf *b, const char *name, const struct str *v, size_t n)
{
	member_open(b, name, '[');
	for (size_t i = 0; i < n; i++) {
		member_item(b, 0);
		buf_json(b, v[i]);
	}
	buf_c(b, ']');
}

void member_whole(struct buf *b, const char *name, int64_t v)
{
	member_key(b, name);
	buf_int(b, v);
}

void member_id(struct buf *b, const char *name, int64_t id)
{
	member_open(b, name, '"');
	buf_int(b, id);
	buf_c(b, '"');
}

void member_flag(struct buf *b, const char *name, bool v)
{
	member_key(b, name);
	buf_cstr(b, v ? "true" : "false");
}

void member_money(struct buf *b, const char *name, int64_t minor, int digits)
{
	if (minor == MONEY_NONE) return;
	member_open(b, name, '"');
	money_text(b, minor, digits);
	buf_c(b, '"');
}

void member_instant(struct buf *b, const char *name, int64_t at)
{
	if (at == DATE_NONE) return;
	member_open(b, name, '"');
	date_text(b, at);
	buf_c(b, '"');
}
