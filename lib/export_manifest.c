// The manifest of a file: what is in it, what it was chosen by, its sums and its hash; and the keeping of sums.
#include "export_page.h"
#include "export_part.h"
#include "member.h"
#include "shape.h"

struct export_sum *export_sum_of(export_sums *sums, struct arena *a, struct str currency, int digits)
{
	size_t at = 0;
	for (int c = 1; at < sums->n; at++) {
		c = str_cmp(sums->v[at].currency, currency);
		if (c == 0) c = sums->v[at].digits - digits;
		if (c == 0) return &sums->v[at];
		if (c > 0) break;
	}
	(void)VEC_PUSH(a, sums);
	memmove(&sums->v[at + 1], &sums->v[at], (sums->n - 1 - at) * sizeof *sums->v);
	sums->v[at] = (struct export_sum){.currency = str_of(str_c(a, currency.p ? currency : S(""))), .digits = digits};
	return &sums->v[at];
}

void export_wide_text(struct buf *b, export_wide v, int digits)
{
	char text[64]; // sign, 39 digits, point
	size_t at = sizeof text;
	bool below = v < 0;
	if (digits > EXPORT_DIGITS) digits = EXPORT_DIGITS;
	for (int i = 0; i < digits || v || i == digits; i++) {
		int d = (int)(v % 10);
		if (i == digits && digits > 0) text[--at] = '.';
		text[--at] = (char)('0' + (d < 0 ? -d : d));
		v /= 10;
	}
	if (below) text[--at] = '-';
	buf_add(b, text + at, sizeof text - at);
}

static void put_hex(struct buf *b, const char *name, const void *p, size_t n)
{
	member_open(b, name, '"');
	digest_hex(b, p, n);
	buf_c(b, '"');
}

static void put_words(struct buf *b, const char *name, unsigned bits, enum axis axis)
{
	if (!bits) return;
	member_key(b, name);
	axis_list(b, axis, bits);
}

static void put_filter(struct buf *b, const struct find_filter *f)
{
	member_open(b, "filter", '{');
	put_words(b, "status", f->status, AXIS_STATUS);
	put_words(b, "payment_status", f->payment, AXIS_PAYMENT);
	put_words(b, "fulfilment_status", f->fulfilment, AXIS_FULFILMENT);
	put_words(b, "attention", f->attention, AXIS_ATTENTION);
	member_word(b, "segment", f->segment);
	member_word(b, "source", f->source);
	member_word(b, "sku", f->sku);
	if (f->late) member_instant(b, "late_at", f->now);
	buf_c(b, '}');
}

static void put_window(struct buf *b, const struct export *x, int64_t now)
{
	const struct find_filter *f = &x->o.filter;
	member_open(b, "window", '{');
	member_instant(b, "since", f->since);
	member_instant(b, "until", f->until);
	member_flag(b, "closed", f->until != DATE_NONE && f->until <= now); // nothing can come into it by the clock alone
	buf_c(b, '}');
	member_word(b, "zone", x->o.zone);
}

static void put_columns(struct buf *b, const struct export *x)
{
	member_word(b, "columns", x->set->schema);
	member_open(b, "fields", '[');
	for (size_t i = 0; i < x->writer.n; i++) {
		member_item(b, 0);
		buf_json(b, str_of(x->column[i].name));
	}
	buf_c(b, ']');
	member_flag(b, "header", x->o.header && x->o.form != EXPORT_JSONL);
}

static void put_totals(struct buf *b, const struct export *x, const struct export_sum *s, const char *name, bool minor)
{
	member_open(b, name, '{');
	for (size_t i = 0; i < x->writer.n; i++) {
		if (!x->column[i].sum || (minor && s->total[i] != (int64_t)s->total[i])) continue; // readers of JSON take 64 bits
		member_key(b, x->column[i].name);
		if (!minor) buf_c(b, '"');
		export_wide_text(b, s->total[i], minor ? 0 : s->digits);
		if (!minor) buf_c(b, '"');
	}
	buf_c(b, '}');
}

// One entry a currency; of a grain without amounts, or where the file does not say the currency, none.
static void put_sums(struct buf *b, const struct export *x)
{
	bool amounts = false, currency = false;
	for (size_t i = 0; i < x->writer.n; i++) {
		amounts |= x->column[i].sum;
		currency |= !strcmp(x->column[i].name, "currency");
	}
	member_open(b, "sums", '[');
	for (size_t i = 0; amounts && currency && i < x->sums.n; i++) {
		const struct export_sum *s = &x->sums.v[i];
		member_item(b, '{');
		member_text(b, "currency", s->currency);
		member_whole(b, "digits", (int64_t)s->digits);
		put_totals(b, x, s, "total", false);
		put_totals(b, x, s, "minor", true);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

// How far the store had come: the log only grows, so its length and its newest event say which state this was.
static int put_head(struct buf *b, struct export *x, struct err *e)
{
	struct rows *r = db_query(x->db, e, SQL_EXPORT_HEAD, END);
	int got = r ? rows_next(r, e) : -1;
	if (got < 0) return -1;
	member_open(b, "head", '{');
	member_whole(b, "events", got ? row_int(r, 0) : 0);
	if (got) put_hex(b, "newest", row_str(r, 1).p, row_str(r, 1).n);
	buf_c(b, '}');
	if (got) rows_end(r);
	return 0;
}

// The first document is the file itself; the others stand beside it.
static void put_documents(struct buf *b, struct export *x, const struct export_stamp *s)
{
	member_open(b, "documents", '[');
	for (size_t i = 0; i < x->documents.n; i++) {
		const struct export_document *d = &x->documents.v[i];
		member_item(b, '{');
		member_word(b, "file", export_document_name(x->arena, s->file, i + 1));
		member_whole(b, "pages", (int64_t)d->pages);
		member_whole(b, "rows", (int64_t)d->rows);
		member_whole(b, "bytes", (int64_t)d->bytes);
		put_hex(b, "sha256", d->sha256, sizeof d->sha256);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

// What is not on its pages as it is in the store.
static void put_flaws(struct buf *b, const struct export *x)
{
	if (!x->flawed) return;
	member_open(b, "flaws", '{');
	member_whole(b, "fields", (int64_t)x->flawed);
	member_open(b, "first", '[');
	for (size_t i = 0; i < x->flaws.n; i++) {
		const struct export_flaw *f = &x->flaws.v[i];
		member_item(b, '{');
		member_word(b, "order", f->order);
		member_word(b, "field", f->field);
		if (f->letter) member_word(b, "letter", arena_printf(x->arena, "U+%04X", (unsigned)f->letter));
		else member_whole(b, "cut_at", EXPORT_LETTERS_MOST);
		buf_c(b, '}');
	}
	buf_cstr(b, "]}");
}

static void put_proof(struct buf *b, struct export *x, const struct export_stamp *s)
{
	unsigned char hash[32];
	const struct export_document *d = x->documents.v;
	member_whole(b, "bytes", (int64_t)(d ? d->bytes : x->counted.bytes));
	if (!d) sha256_end(&x->hash, hash);
	put_hex(b, "sha256", d ? d->sha256 : hash, sizeof hash);
	if (d) put_documents(b, x, s);
	put_flaws(b, x);
}

static void pretty(struct buf *to, struct str text)
{
	struct json j = {0};
	struct json_error bad;
	if (json_parse(&j, text, &bad)) shape_pretty(to, &j, 0);
	else buf_str(to, text); // it is of our own making
	buf_c(to, '\n');
	json_free(&j);
}

int export_manifest(struct export *x, struct err *e, const struct export_stamp *s, struct buf *to)
{
	static const char *const form[] = {"csv", "csv-excel", "jsonl", "pdf"};
	struct buf b = {0};
	member_record(&b, "oms.manifest/1");
	member_word(&b, "file", s->file);
	member_word(&b, "grain", x->set->word);
	member_word(&b, "format", form[x->o.form]);
	put_columns(&b, x);
	put_filter(&b, &x->o.filter);
	put_window(&b, x, s->now);
	member_whole(&b, "orders", (int64_t)x->counted.orders);
	member_whole(&b, "rows", (int64_t)x->counted.rows);
	member_whole(&b, "guarded", (int64_t)x->counted.guarded);
	put_sums(&b, x);
	put_proof(&b, x, s);
	int rc = put_head(&b, x, e);
	member_instant(&b, "made_at", s->now);
	member_word(&b, "program", s->program);
	buf_c(&b, '}');
	if (rc == 0) pretty(to, buf_view(&b));
	buf_free(&b);
	return rc;
}
