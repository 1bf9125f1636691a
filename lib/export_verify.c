// A file against its manifest: hashed, counted and summed up again, out of its own bytes.
#include "export_verify.h"
#include "export_page.h"
#include "money.h"
#include "text.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char suffix[] = ".manifest.json";

void verify_differs(struct check *c, struct export_difference d, const char *fmt, ...)
{
	char all[2048], text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(all, sizeof all, fmt, ap);
	va_end(ap);
	text_copy(text, sizeof text, str_of(all)); // never half a letter of what the file or the manifest has
	c->v->wrong++;
	d.file = c->name;
	d.what = text;
	c->v->found(c->v->ctx, &d);
}

// The digits the manifest has for a currency: what is not in it at all is a difference of its own.
int verify_digits(const struct check *c, struct str currency)
{
	const struct conf *sums = c->said.sums;
	for (size_t i = 0; i < conf_size(sums); i++)
		if (str_is(currency, conf_text_at(conf_item(sums, i), "currency", ""))) return (int)conf_int(conf_get(conf_item(sums, i), "digits"), 2);
	int digits = currency_digits(currency);
	return digits < 0 ? 2 : digits;
}

// --- sums --------------------------------------------------------------------------------------------------------------

static const char *currency_of(const struct export_sum *s) { return *s->currency.p ? s->currency.p : "no currency"; }

static const char *sum_text(struct check *c, export_wide v, int digits)
{
	struct buf b = {0};
	export_wide_text(&b, v, digits);
	const char *text = str_c(c->a, buf_view(&b));
	buf_free(&b);
	return text;
}

static void compare_minor(struct check *c, const struct export_sum *s, size_t i, const struct conf *told)
{
	bool fits = s->total[i] == (int64_t)s->total[i]; // else it is left out: readers of JSON take 64 bits
	if (fits == (told != NULL) && (!fits || conf_int(told, 0) == (int64_t)s->total[i])) return;
	const char *found = sum_text(c, s->total[i], 0), *has = told ? sum_text(c, conf_int(told, 0), 0) : "nothing";
	verify_differs(c, (struct export_difference){.check = "sums", .found = found, .manifest = has},
		"%s of %s in minor units: the file has %s, the manifest %s", c->said.column[i]->name, currency_of(s), found, has);
}

static void compare_total(struct check *c, const struct export_sum *s, size_t i, const struct conf *said)
{
	const char *name = c->said.column[i]->name, *found = sum_text(c, s->total[i], s->digits), *told = conf_text_at(conf_get(said, "total"), name, "nothing");
	if (strcmp(found, told) == 0) compare_minor(c, s, i, conf_get(conf_get(said, "minor"), name));
	else verify_differs(c, (struct export_difference){.check = "sums", .found = found, .manifest = told},
		"%s of %s: the file has %s, the manifest %s", name, currency_of(s), found, told);
}

static bool sums_up(const struct check *c)
{
	bool any = false;
	for (size_t i = 0; i < c->n; i++) any |= c->said.column[i]->sum;
	return any && c->currency < c->n;
}

static const struct export_sum *sum_in(const struct check *c, struct str currency)
{
	for (size_t i = 0; i < c->sums.n; i++)
		if (str_eq(c->sums.v[i].currency, currency)) return &c->sums.v[i];
	return NULL;
}

static void compare_sum(struct check *c, const struct conf *said)
{
	const char *name = conf_text_at(said, "currency", "");
	const struct export_sum *s = sum_in(c, str_of(name));
	if (!s) verify_differs(c, (struct export_difference){.check = "sums"}, "the file has no amounts in %s", *name ? name : "no currency");
	for (size_t i = 0; s && i < c->n; i++)
		if (c->said.column[i]->sum) compare_total(c, s, i, said);
}

static bool told_of(const struct check *c, struct str currency)
{
	for (size_t i = 0; i < conf_size(c->said.sums); i++)
		if (str_is(currency, conf_text_at(conf_item(c->said.sums, i), "currency", ""))) return true;
	return false;
}

static void compare_sums(struct check *c)
{
	const struct conf *sums = c->said.sums;
	size_t n = sums_up(c) ? c->sums.n : 0;
	uint64_t before = c->v->wrong;
	for (size_t i = 0; n && i < conf_size(sums); i++) compare_sum(c, conf_item(sums, i));
	for (size_t i = 0; i < n; i++)
		if (!told_of(c, c->sums.v[i].currency)) verify_differs(c, (struct export_difference){.check = "sums"}, "the manifest has no amounts in %s", currency_of(&c->sums.v[i]));
	if (n != conf_size(sums) && before == c->v->wrong) verify_differs(c, (struct export_difference){.check = "sums"}, "the file has amounts in %zu currencies, the manifest in %zu", n, conf_size(sums));
}

// --- counts and bytes --------------------------------------------------------------------------------------------------

static void count_differs(struct check *c, const char *check, const char *what, uint64_t has, int64_t said)
{
	const char *found = arena_printf(c->a, "%llu", (unsigned long long)has), *told = arena_printf(c->a, "%lld", (long long)said);
	verify_differs(c, (struct export_difference){.check = check, .found = found, .manifest = told}, "%s %s, the manifest says %s", found, what, told);
}

static void compare_count(struct check *c, const char *check, uint64_t has, int64_t said)
{
	if (has != (uint64_t)said) count_differs(c, check, check, has, said);
}

// A sentence has the first digits of a hash: enough to see that they differ, and which is which.
static void compare_hash(struct check *c, const char *told)
{
	enum { SHOWN = 12 };
	unsigned char hash[32];
	struct buf hex = {0};
	struct sha256 sum = c->hash;
	sha256_end(&sum, hash);
	digest_hex(&hex, hash, sizeof hash);
	const char *found = str_c(c->a, buf_view(&hex));
	buf_free(&hex);
	if (strcmp(found, told) == 0) return;
	verify_differs(c, (struct export_difference){.check = "sha256", .found = found, .manifest = told}, "%.*s…, the manifest says %.*s…", SHOWN, found, SHOWN, told);
}

// An order is one row of the grain order, and has at least one event; of the others an order may have no row at all.
static void compare_orders(struct check *c)
{
	uint64_t said = (uint64_t)c->said.orders, orders = c->said.grain == EXPORT_ORDER ? c->rows : c->orders;
	bool exact = c->said.grain == EXPORT_ORDER || (c->said.grain == EXPORT_EVENT && c->order < c->n);
	if (exact ? orders != said : orders > said) count_differs(c, "orders", "orders", orders, c->said.orders);
}

static void compare_form(struct check *c)
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
	bool excel = c->said.form == EXPORT_CSV_EXCEL, marked = c->bytes >= sizeof mark && !memcmp(c->head, mark, sizeof mark);
	uint64_t guarded = excel ? c->guarded : 0;
	if (marked != excel) verify_differs(c, (struct export_difference){.check = "format"}, "csv-excel begins with a byte order mark, and no other form does");
	if (guarded != (uint64_t)c->said.guarded) count_differs(c, "guarded", "cells with a ' before them", guarded, c->said.guarded);
	if (c->said.header && !c->header_seen) verify_differs(c, (struct export_difference){.check = "columns"}, "the file has no header");
}

static void compare(struct check *c)
{
	compare_count(c, "bytes", c->bytes, c->said.bytes);
	compare_count(c, "rows", c->rows, c->said.rows);
	compare_orders(c);
	compare_form(c);
	compare_sums(c);
	compare_hash(c, c->said.sha256);
}

// What the manifest says of itself must hold together.
static void compare_window(struct check *c)
{
	if (!c->zone_known) verify_differs(c, (struct export_difference){.check = "zone"}, "%s is no zone that is known here: local dates cannot be held against it", c->said.zone);
	if (c->said.closed != (c->said.until != DATE_NONE && c->said.until <= c->said.made_at))
		verify_differs(c, (struct export_difference){.check = "window"}, "whether it is closed is not what its end and made_at say");
}

static int read_file(struct check *c, int (*read)(struct check *))
{
	if (c->v->reads(c->v->ctx, c->file)) return -1;
	c->in = fopen(c->file, "rbe");
	if (!c->in) return fail(c->e, E_NOINPUT, "%s: %s", c->name, strerror(errno));
	int got = read(c);
	fclose(c->in);
	arena_free(&c->record);
	return got < 0 || c->failed ? fail(c->e, E_IO, "%s: cannot be read", c->name) : 0;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

// --- documents ---------------------------------------------------------------------------------------------------------

// The first of them is the file itself, of which the manifest speaks twice: a difference is told twice only where that differs too.
static void compare_document(struct check *c, size_t i, const struct conf *said)
{
	int64_t bytes = conf_int(conf_get(said, "bytes"), 0);
	const char *sha256 = conf_text_at(said, "sha256", "");
	compare_count(c, "bytes", c->bytes, bytes);
	compare_count(c, "pages", c->pages, conf_int(conf_get(said, "pages"), 0));
	compare_hash(c, sha256);
	if (!i && bytes != c->said.bytes) compare_count(c, "bytes", c->bytes, c->said.bytes);
	if (!i && strcmp(sha256, c->said.sha256) != 0) compare_hash(c, c->said.sha256);
}

static int check_document(struct check *c, size_t i, const struct conf *said)
{
	struct check one = *c;
	const char *called = export_document_name(c->a, c->said.file, i + 1), *told = conf_text_at(said, "file", "");
	one.file = export_document_name(c->a, c->file, i + 1);
	one.name = i ? last_part(one.file) : c->name;
	if (strcmp(told, called) != 0) verify_differs(&one, (struct export_difference){.check = "file", .found = called, .manifest = told}, "document %zu is called %s, the manifest says %s", i + 1, called, told);
	if (i && access(one.file, F_OK)) {
		verify_differs(&one, (struct export_difference){.check = "file"}, "%s: %s", one.name, strerror(errno));
		return 0;
	}
	if (read_file(&one, verify_pdf)) return -1;
	compare_document(&one, i, said);
	return 0;
}

static bool same_flaw(const struct conf *x, const struct conf *y)
{
	return !strcmp(conf_text_at(x, "field", ""), conf_text_at(y, "field", "")) && !conf_get(x, "letter") == !conf_get(y, "letter");
}

// Those of an order stand together.
static bool is_new_field(const struct conf *first, size_t at)
{
	const struct conf *one = conf_item(first, at);
	while (at-- && !strcmp(conf_text_at(conf_item(first, at), "order", ""), conf_text_at(one, "order", "")))
		if (same_flaw(conf_item(first, at), one)) return false;
	return true;
}

// Flaws are told once a field of an order, of letters once for each: so many fields there are at least, and no more where all stand there.
static void compare_flaws(struct check *c)
{
	const struct conf *first = conf_get(c->said.flaws, "first");
	int64_t said = conf_int(conf_get(c->said.flaws, "fields"), 0);
	uint64_t fields = 0;
	for (size_t i = 0; i < conf_size(first); i++) fields += is_new_field(first, i);
	bool all = conf_size(first) < EXPORT_FLAWS_KEPT;
	if (all ? fields != (uint64_t)said : fields > (uint64_t)said) count_differs(c, "flaws", "fields with flaws", fields, said);
}

static void compare_document_rows(struct check *c, export_wide rows)
{
	if (rows == c->said.rows) return;
	const char *found = sum_text(c, rows, 0), *told = sum_text(c, c->said.rows, 0);
	verify_differs(c, (struct export_difference){.check = "rows", .found = found, .manifest = told}, "the documents have %s rows, the manifest says %s", found, told);
}

// Rows are drawn, and are not counted and summed up again; what the manifest says of them must hold together.
static void compare_drawn(struct check *c, export_wide rows)
{
	compare_document_rows(c, rows);
	c->rows = (uint64_t)c->said.rows;
	bool one_each = c->said.grain == EXPORT_ORDER, one_at_least = c->said.grain == EXPORT_EVENT;
	if ((one_each && c->said.orders != c->said.rows) || (one_at_least && c->said.orders > c->said.rows))
		verify_differs(c, (struct export_difference){.check = "orders"}, "%lld orders have not %lld rows", (long long)c->said.orders, (long long)c->said.rows);
	if (c->said.guarded) verify_differs(c, (struct export_difference){.check = "guarded"}, "a PDF has no cells with a ' before them");
	if (!conf_size(c->said.sums) != !(c->rows && sums_up(c))) verify_differs(c, (struct export_difference){.check = "sums"}, "are there only where rows and amounts are, and then always");
	compare_flaws(c);
}

// The documents of a register: each has the bytes it had when it was made.
static int check_documents(struct check *c)
{
	const struct conf *all = c->said.documents;
	export_wide rows = 0;
	for (size_t i = 0; i < conf_size(all); i++) {
		rows += conf_int(conf_get(conf_item(all, i), "rows"), 0);
		if (check_document(c, i, conf_item(all, i))) return -1;
	}
	compare_drawn(c, rows);
	return 0;
}

static int check_all(struct check *c)
{
	compare_window(c);
	if (c->said.form == EXPORT_PDF) return check_documents(c);
	if (read_file(c, c->said.form == EXPORT_JSONL ? verify_jsonl : verify_csv)) return -1;
	compare(c);
	return 0;
}

// --- what is there -----------------------------------------------------------------------------------------------------

static int is_manifest(struct err *e, const char *file)
{
	fail(e, E_USAGE, "%s is a manifest; what is verified is the file it stands beside", file);
	return hint(e, "oms-export --verify %.*s", (int)(strlen(file) - strlen(suffix)), file);
}

static int no_file(struct err *e, const char *file, bool manifest)
{
	if (errno != ENOENT) return fail(e, E_NOINPUT, "%s: %s", file, strerror(errno)); // it is there
	fail(e, E_NOINPUT, "%s: %s; %s", file, strerror(errno), manifest ? "only its manifest is there" : "nor is there a manifest of it");
	if (manifest) return hint(e, "%s%s proves it where both stand in one folder", last_part(file), suffix);
	return hint(e, "give the file itself; its manifest is %s%s beside it", last_part(file), suffix);
}

static int no_manifest(struct err *e, const char *file)
{
	if (errno != ENOENT) return fail(e, E_NOINPUT, "%s%s: %s", file, suffix, strerror(errno));
	fail(e, E_NOINPUT, "%s: there is no manifest beside it, so nothing says what it was: %s%s: %s", file, last_part(file), suffix, strerror(errno));
	return hint(e, "oms-export -o FILE --manifest writes one with the file");
}

// Both must be there; who gives one that is not is told which it is.
static int both_there(struct err *e, const char *file, const char *manifest, const char *typed)
{
	size_t n = strlen(typed), own = strlen(suffix);
	bool proved = access(manifest, R_OK) == 0;
	if (!proved && n > own && strcmp(typed + n - own, suffix) == 0) return is_manifest(e, typed);
	struct stat st;
	if (access(file, R_OK)) return no_file(e, typed, proved);
	if (!stat(file, &st) && S_ISDIR(st.st_mode)) return fail(e, E_NOINPUT, "%s: is a folder; give the file itself", typed);
	return access(manifest, R_OK) ? no_manifest(e, typed) : 0;
}

int export_verify(struct err *e, struct arena *a, const char *typed, struct export_verify *v)
{
	char *real = realpath(typed, NULL); // the manifest of a file behind a link stands beside that file
	const char *file = arena_strdup(a, real ? real : typed), *manifest = arena_printf(a, "%s%s", file, suffix);
	free(real);
	if (both_there(e, file, manifest, typed) || v->reads(v->ctx, manifest)) return -1;
	struct conf *said = conf_load(e, manifest);
	if (!said) return -1;
	struct check c = {.e = e, .a = a, .file = file, .name = last_part(typed), .v = v};
	sha256_begin(&c.hash);
	int rc = export_claim_read(e, manifest, said, &c.said);
	if (rc == 0) {
		verify_columns(&c);
		rc = check_all(&c);
	}
	v->rows = c.rows;
	v->drawn = c.said.form == EXPORT_PDF;
	buf_free(&c.last);
	buf_free(&c.word);
	conf_close(said);
	return rc;
}
