// A manifest read, every member of it checked: whoever could change the file could change its manifest too.
#include "conf.h"
#include "export_part.h"

struct reading { struct err *e; const char *name; struct export_claim *c; };

static int bad(struct reading *r, const char *member, const char *why) { return fail(r->e, E_CONFIG, "%s: %s: %s", r->name, member, why); }

static int whole(struct reading *r, const struct conf *of, const char *member, int64_t *to)
{
	*to = conf_int(conf_get(of, member), -1);
	return *to >= 0 ? 0 : bad(r, member, "is no whole number from 0 on");
}

static int text(struct reading *r, const struct conf *of, const char *member, const char **to)
{
	*to = conf_text_at(of, member, NULL);
	return *to ? 0 : bad(r, member, "is no text");
}

static int hex(struct reading *r, const struct conf *of, const char *member, size_t n, const char **to)
{
	if (text(r, of, member, to)) return -1;
	return strlen(*to) == n && strspn(*to, "0123456789abcdef") == n ? 0 : bad(r, member, "is no digest in small hexadecimal digits");
}

static int flag(struct reading *r, const struct conf *of, const char *member, bool *to)
{
	if (conf_type(conf_get(of, member)) != CONF_BOOL) return bad(r, member, "is neither true nor false");
	*to = conf_bool(conf_get(of, member), false);
	return 0;
}

// DATE_NONE where it is not there.
static int instant(struct reading *r, const struct conf *of, const char *member, int64_t *to)
{
	*to = DATE_NONE;
	if (!conf_get(of, member)) return 0;
	return date_parse(str_of(conf_text_at(of, member, "")), "rfc3339", "UTC", to) ? 0 : bad(r, member, "is no instant");
}

static int kind(struct reading *r, const struct conf *said)
{
	static const char *const form[] = {"csv", "csv-excel", "jsonl", "pdf"};
	int grain = export_grain_named(str_of(conf_text_at(said, "grain", ""))), i = 0;
	if (strcmp(conf_text_at(said, "schema", ""), "oms.manifest/1") != 0) return bad(r, "schema", "is not oms.manifest/1");
	if (grain < 0) return bad(r, "grain", "is none that this program knows");
	while (i < 4 && strcmp(conf_text_at(said, "format", ""), form[i]) != 0) i++;
	if (i == 4) return bad(r, "format", "is none that this program knows");
	r->c->set = &export_sets[grain];
	r->c->grain = (enum export_grain)grain;
	r->c->form = (enum export_form)i;
	return 0;
}

static const struct export_column *column_named(const struct export_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->column[i].name, name)) return &set->column[i];
	return NULL;
}

static int fields(struct reading *r, const struct conf *said)
{
	struct export_claim *c = r->c;
	const struct conf *all = conf_get(said, "fields");
	if (conf_type(all) != CONF_ARRAY || !conf_size(all) || conf_size(all) > EXPORT_WIDEST) return bad(r, "fields", "is no list of columns");
	for (size_t i = 0; i < conf_size(all); i++) {
		const char *name = conf_text(conf_item(all, i));
		const struct export_column *column = name ? column_named(c->set, name) : NULL;
		if (!column) return bad(r, "fields", "names what is no column of this grain");
		for (size_t k = 0; k < c->n; k++)
			if (c->column[k] == column) return bad(r, "fields", "names a column twice");
		c->column[c->n++] = column;
	}
	return 0;
}

// As the totals are written: a sign, digits, a point with digits; no sum of amounts is longer.
static bool is_sum(const char *s)
{
	size_t n = strlen(s), whole_part;
	if (n > 48) return false;
	if (*s == '-') s++;
	whole_part = strspn(s, "0123456789");
	if (!whole_part) return false;
	s += whole_part;
	return !*s || (*s == '.' && s[1] && !s[1 + strspn(s + 1, "0123456789")]);
}

static const struct export_column *own_column(const struct export_claim *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->column[i]->name, name)) return c->column[i];
	return NULL;
}

static bool is_sum_column(const struct export_claim *c, const char *name)
{
	const struct export_column *column = own_column(c, name);
	return column && column->sum;
}

static int totals(struct reading *r, const struct conf *one, const char *member, bool minor)
{
	const struct conf *all = conf_get(one, member);
	if (conf_type(all) != CONF_OBJECT || conf_size(all) > EXPORT_WIDEST) return bad(r, member, "is no object of sums");
	for (size_t i = 0; i < conf_size(all); i++) {
		const struct conf *v = conf_item(all, i);
		const char *s = conf_text(v);
		if (!is_sum_column(r->c, conf_key(all, i))) return bad(r, member, "sums up what is no column of amounts in this file");
		if (minor ? conf_int(v, 0) != conf_int(v, 1) : !s || !is_sum(s)) return bad(r, member, minor ? "a sum is no whole number" : "a sum is no amount");
	}
	return 0;
}

static int sums(struct reading *r, const struct conf *said)
{
	const struct conf *all = r->c->sums = conf_get(said, "sums");
	if (conf_type(all) != CONF_ARRAY) return bad(r, "sums", "is no list");
	for (size_t i = 0; i < conf_size(all); i++) {
		const struct conf *one = conf_item(all, i);
		const char *currency;
		int64_t digits;
		if (text(r, one, "currency", &currency) || whole(r, one, "digits", &digits)) return -1;
		if (digits > EXPORT_DIGITS) return bad(r, "digits", "are more than an amount has");
		if (totals(r, one, "total", false) || totals(r, one, "minor", true)) return -1;
	}
	return 0;
}

static int documents(struct reading *r, const struct conf *said)
{
	const struct conf *all = r->c->documents = conf_get(said, "documents");
	if (r->c->form != EXPORT_PDF) return all ? bad(r, "documents", "are of a PDF alone") : 0;
	if (conf_type(all) != CONF_ARRAY || !conf_size(all)) return bad(r, "documents", "names no document");
	for (size_t i = 0; i < conf_size(all); i++) {
		const struct conf *one = conf_item(all, i);
		const char *s;
		int64_t n;
		if (text(r, one, "file", &s) || whole(r, one, "pages", &n) || whole(r, one, "rows", &n) || whole(r, one, "bytes", &n) || hex(r, one, "sha256", 64, &s)) return -1;
	}
	return 0;
}

static bool is_letter(const char *s)
{
	size_t n = s && !strncmp(s, "U+", 2) ? strlen(s + 2) : 0;
	return n >= 4 && n <= 6 && strspn(s + 2, "0123456789ABCDEF") == n;
}

static int flaw(struct reading *r, const struct conf *one)
{
	const struct conf *letter = conf_get(one, "letter");
	const char *order, *field;
	int64_t cut;
	if (text(r, one, "order", &order) || text(r, one, "field", &field)) return -1;
	if (!own_column(r->c, field)) return bad(r, "field", "is no column of this file");
	if (!letter) return whole(r, one, "cut_at", &cut);
	if (conf_get(one, "cut_at")) return bad(r, "cut_at", "stands beside a letter");
	return is_letter(conf_text(letter)) ? 0 : bad(r, "letter", "is no letter as U+0041");
}

static int flaws(struct reading *r, const struct conf *said)
{
	const struct conf *all = r->c->flaws = conf_get(said, "flaws"), *first = conf_get(all, "first");
	int64_t n;
	if (!all) return 0;
	if (r->c->form != EXPORT_PDF) return bad(r, "flaws", "are of a PDF alone");
	if (conf_type(all) != CONF_OBJECT) return bad(r, "flaws", "is no object");
	if (whole(r, all, "fields", &n)) return -1;
	if (conf_type(first) != CONF_ARRAY || !conf_size(first) || conf_size(first) > EXPORT_FLAWS_KEPT) return bad(r, "first", "is no list of flaws");
	for (size_t i = 0; i < conf_size(first); i++)
		if (flaw(r, conf_item(first, i))) return -1;
	return 0;
}

static int words(struct reading *r, const char *member)
{
	const struct conf *all = conf_get(r->c->filter, member);
	if (!all) return 0;
	if (conf_type(all) != CONF_ARRAY) return bad(r, member, "is no list of words");
	for (size_t i = 0; i < conf_size(all); i++)
		if (!conf_text(conf_item(all, i))) return bad(r, member, "is no list of words");
	return 0;
}

static int choice(struct reading *r, const struct conf *said)
{
	static const char *const text_of[] = {"segment", "source", "sku"};
	struct export_claim *c = r->c;
	const struct conf *window = conf_get(said, "window");
	c->filter = conf_get(said, "filter");
	if (conf_type(c->filter) != CONF_OBJECT) return bad(r, "filter", "is no object");
	if (words(r, "status") || words(r, "payment_status") || words(r, "fulfilment_status") || words(r, "attention")) return -1;
	for (size_t i = 0; i < sizeof text_of / sizeof *text_of; i++)
		if (conf_get(c->filter, text_of[i]) && !conf_text_at(c->filter, text_of[i], NULL)) return bad(r, text_of[i], "is no text");
	if (instant(r, c->filter, "late_at", &c->late_at)) return -1;
	if (conf_type(window) != CONF_OBJECT) return bad(r, "window", "is no object");
	return instant(r, window, "since", &c->since) || instant(r, window, "until", &c->until) || flag(r, window, "closed", &c->closed) ? -1 : 0;
}

static int origin(struct reading *r, const struct conf *said)
{
	const struct conf *head = conf_get(said, "head");
	const char *program, *newest;
	int64_t events;
	if (text(r, said, "file", &r->c->file) || text(r, said, "zone", &r->c->zone) || text(r, said, "program", &program)) return -1;
	if (instant(r, said, "made_at", &r->c->made_at)) return -1;
	if (r->c->made_at == DATE_NONE) return bad(r, "made_at", "is no instant");
	if (whole(r, head, "events", &events)) return -1;
	return conf_get(head, "newest") ? hex(r, head, "newest", 32, &newest) : 0;
}

int export_claim_read(struct err *e, const char *name, const struct conf *said, struct export_claim *c)
{
	struct reading r = {e, name, c};
	if (kind(&r, said) || fields(&r, said) || sums(&r, said) || documents(&r, said) || flaws(&r, said)) return -1;
	if (strcmp(conf_text_at(said, "columns", ""), c->set->schema) != 0) return bad(&r, "columns", "is not the set of columns of this grain");
	if (flag(&r, said, "header", &c->header)) return -1;
	if (c->form == EXPORT_JSONL && c->header) return bad(&r, "header", "is of no file of JSON Lines");
	if (whole(&r, said, "orders", &c->orders) || whole(&r, said, "rows", &c->rows) || whole(&r, said, "guarded", &c->guarded)) return -1;
	if (whole(&r, said, "bytes", &c->bytes) || hex(&r, said, "sha256", 64, &c->sha256)) return -1;
	return choice(&r, said) || origin(&r, said) ? -1 : 0;
}
