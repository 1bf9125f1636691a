// The tables of a mapping: enum() looks one word up, match() several at once.
#include "expr_part.h"

struct row { struct str key, value; bool null, same; struct str *part; size_t parts; };
struct table { struct str name; struct row *row; size_t rows; const struct row *otherwise; };
struct expr_tables { struct table *table; size_t n; };

// "a|b|*" in its parts.
static void split_key(struct arena *a, struct row *r)
{
	size_t n = 1;
	for (size_t i = 0; i < r->key.n; i++) n += r->key.p[i] == '|';
	r->part = NEW_N(a, struct str, n);
	for (size_t from = 0, i = 0; i <= r->key.n; i++) {
		if (i < r->key.n && r->key.p[i] != '|') continue;
		r->part[r->parts++] = str_trim(str_cut(r->key, from, i));
		from = i + 1;
	}
}

static int read_row(struct arena *a, struct err *e, struct row *r, const char *key, const struct conf *value)
{
	r->key = str_of(arena_strdup(a, key));
	split_key(a, r);
	const char *text = conf_text(value);
	char number[32];
	if (conf_type(value) == CONF_NULL) return r->null = true, 0;
	if (conf_type(value) == CONF_BOOL) text = conf_bool(value, false) ? "true" : "false";
	if (conf_type(value) == CONF_NUMBER) {
		struct buf b = {0};
		buf_int(&b, conf_int(value, 0));
		text = memcpy(number, b.p, b.n);
		number[b.n] = '\0';
		buf_free(&b);
	}
	if (!text) return fail(e, E_CONFIG, "\"%s\": a table gives a word, a number, true, false or null", key);
	r->value = str_of(arena_strdup(a, text));
	r->same = str_is(r->value, "=");
	return 0;
}

static int read_table(struct arena *a, struct err *e, struct table *t, const char *name, const struct conf *rows)
{
	if (conf_type(rows) != CONF_OBJECT) return fail(e, E_CONFIG, "tables: %s: a table is an object of words", name);
	t->name = str_of(arena_strdup(a, name));
	t->row = NEW_N(a, struct row, conf_size(rows) + 1);
	for (size_t i = 0; i < conf_size(rows); i++) {
		struct row *r = &t->row[t->rows];
		if (read_row(a, e, r, conf_key(rows, i), conf_item(rows, i))) return because(e, "tables: %s", name);
		if (str_is(r->key, "*")) {
			struct row *o = NEW(a, struct row);
			*o = *r;
			t->otherwise = o;
		} else {
			t->rows++;
		}
	}
	return 0;
}

struct expr_tables *expr_tables(struct arena *a, struct err *e, const struct conf *tables)
{
	struct expr_tables *t = NEW(a, struct expr_tables);
	t->n = conf_size(tables);
	t->table = NEW_N(a, struct table, t->n + 1);
	for (size_t i = 0; i < t->n; i++)
		if (read_table(a, e, &t->table[i], conf_key(tables, i), conf_item(tables, i))) return NULL;
	return t;
}

const struct table *table_named(const struct expr_tables *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->table[i].name, name)) return &t->table[i];
	return NULL;
}

static struct value gives(const struct row *r, struct value raw)
{
	if (r->null) return ABSENT;
	return r->same ? raw : value_of_text(r->value);
}

struct value table_look(struct call *c, struct str word)
{
	const struct table *t = c->x->table;
	for (size_t i = 0; i < t->rows; i++)
		if (str_eq(t->row[i].key, word)) return gives(&t->row[i], c->v[0]);
	word = str_trim(word);
	for (size_t i = 0; i < t->rows; i++)
		if (str_eq_nocase(t->row[i].key, word)) return gives(&t->row[i], c->v[0]);
	if (t->otherwise) return gives(t->otherwise, c->v[0]);
	return doubt(c, "map_enum", "a word that the mapping's table does not know; it is kept as it is");
}

static bool fits(const struct row *r, const struct str *word, size_t n)
{
	if (r->parts != n) return false;
	for (size_t i = 0; i < n; i++)
		if (!str_is(r->part[i], "*") && !str_eq_nocase(r->part[i], word[i])) return false;
	return true;
}

// The combination as one text, for the finding.
static struct value joined(struct call *c, const struct str *word, size_t n)
{
	struct buf *b = scratch();
	for (size_t i = 0; i < n; i++) {
		if (i) buf_c(b, '|');
		buf_str(b, word[i]);
	}
	return scratch_text(c, b);
}

struct value table_match(struct call *c)
{
	const struct table *t = c->x->table;
	struct str word[8];
	size_t n = c->x->n - 1;
	for (size_t i = 0; i < n; i++) {
		struct value v = expr_eval(c->x->arg[i + 1], c->run, c->scope);
		word[i] = str_trim(value_text(&v, c->run));
	}
	for (size_t i = 0; i < t->rows; i++)
		if (fits(&t->row[i], word, n)) return gives(&t->row[i], n ? value_of_text(word[0]) : ABSENT);
	struct value all = joined(c, word, n);
	if (t->otherwise) return gives(t->otherwise, all);
	c->v = &all;
	c->n = 1;
	doubt(c, "map_enum", "a combination of words that the mapping's table does not know; it is left out");
	return ABSENT;
}
