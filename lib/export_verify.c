// A file against its manifest: hashed, counted and summed up again, out of its own bytes.
#include "export_verify.h"
#include "export_page.h"
#include "money.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static const char suffix[] = ".manifest.json";

void verify_differs(struct check *c, struct export_difference d, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	c->v->wrong++;
	d.file = c->name;
	d.what = text;
	c->v->found(c->v->ctx, &d);
}

static bool has_sum(enum export_grain g, const char *name)
{
	const struct export_set *set = &export_sets[g];
	for (size_t i = 0; i < set->n; i++)
		if (set->column[i].sum && !strcmp(set->column[i].name, name)) return true;
	return false;
}

static int bad_manifest(struct check *c, const char *why) { return fail(c->e, E_CONFIG, "%s%s: %s", c->name, suffix, why); }

static int read_fields(struct check *c)
{
	const struct conf *fields = conf_get(c->said, "fields");
	int grain = export_grain_named(str_of(conf_text_at(c->said, "grain", "")));
	c->n = conf_size(fields);
	c->currency = c->n;
	if (strcmp(conf_text_at(c->said, "schema", ""), "oms.manifest/1") != 0 || grain < 0) return bad_manifest(c, "is no oms.manifest/1 that this program knows");
	if (!c->n || c->n > EXPORT_WIDEST) return bad_manifest(c, "names no fields");
	for (size_t i = 0; i < c->n; i++) {
		c->field[i] = conf_text(conf_item(fields, i));
		if (!c->field[i]) return bad_manifest(c, "names no fields");
		c->sum[i] = has_sum((enum export_grain)grain, c->field[i]);
		if (!strcmp(c->field[i], "currency")) c->currency = i;
	}
	return 0;
}

// The digits the manifest has for a currency: what is not in it at all is a difference of its own.
int verify_digits(const struct check *c, struct str currency)
{
	const struct conf *sums = conf_get(c->said, "sums");
	for (size_t i = 0; i < conf_size(sums); i++)
		if (str_is(currency, conf_text_at(conf_item(sums, i), "currency", ""))) return (int)conf_int(conf_get(conf_item(sums, i), "digits"), 2);
	int digits = currency_digits(currency);
	return digits < 0 ? 2 : digits;
}

static void compare_sum(struct check *c, const struct export_sum *s, const struct conf *said)
{
	struct buf b = {0};
	for (size_t i = 0; i < c->n; i++) {
		if (!c->sum[i]) continue;
		buf_clear(&b);
		export_wide_text(&b, s->total[i], s->digits);
		const char *told = conf_text_at(conf_get(said, "total"), c->field[i], "nothing");
		if (!str_is(buf_view(&b), told))
			verify_differs(c, (struct export_difference){.check = "sums", .found = str_c(c->a, buf_view(&b)), .manifest = told},
				"%s of %s: the file has " STR_FMT ", the manifest %s", c->field[i], *s->currency.p ? s->currency.p : "no currency", STR_ARG(buf_view(&b)), told);
	}
	buf_free(&b);
}

static void compare_sums(struct check *c)
{
	const struct conf *sums = conf_get(c->said, "sums");
	bool any = false;
	for (size_t i = 0; i < c->n; i++) any |= c->sum[i];
	if (!any || c->currency == c->n) return;
	for (size_t i = 0; i < conf_size(sums); i++) {
		struct str name = str_of(conf_text_at(conf_item(sums, i), "currency", ""));
		compare_sum(c, export_sum_of(&c->sums, c->a, name, verify_digits(c, name)), conf_item(sums, i));
	}
	if (c->sums.n == conf_size(sums)) return;
	verify_differs(c, (struct export_difference){.check = "sums"}, "the file has amounts in %zu currencies, the manifest in %zu", c->sums.n, conf_size(sums));
}

// A count the manifest has as a number.
static void compare_count(struct check *c, const char *check, uint64_t has, const struct conf *said)
{
	const char *found = arena_printf(c->a, "%llu", (unsigned long long)has), *told = arena_printf(c->a, "%lld", (long long)conf_int(conf_get(said, check), -1));
	if (strcmp(found, told) == 0) return;
	verify_differs(c, (struct export_difference){.check = check, .found = found, .manifest = told}, "%s %s, the manifest says %s", found, check, told);
}

// A sentence has the first digits of a hash: enough to see that they differ, and which is which.
static void compare_hash(struct check *c, const struct conf *said)
{
	enum { SHOWN = 12 };
	unsigned char hash[32];
	struct buf hex = {0};
	const char *told = conf_text_at(said, "sha256", "nothing");
	sha256_end(&c->hash, hash);
	digest_hex(&hex, hash, sizeof hash);
	const char *found = str_c(c->a, buf_view(&hex));
	buf_free(&hex);
	if (strcmp(found, told) == 0) return;
	verify_differs(c, (struct export_difference){.check = "sha256", .found = found, .manifest = told}, "%.*s…, the manifest says %.*s%s",
		SHOWN, found, SHOWN, told, strlen(told) > SHOWN ? "…" : "");
}

static void compare(struct check *c)
{
	compare_count(c, "bytes", c->bytes, c->said);
	compare_count(c, "rows", c->rows, c->said);
	compare_sums(c);
	compare_hash(c, c->said);
}

static int read_file(struct check *c, int (*read)(struct check *))
{
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

static int check_document(struct check *c, size_t i, const struct conf *said)
{
	struct check one = *c;
	one.file = export_document_name(c->a, c->file, i + 1);
	one.name = i ? last_part(one.file) : c->name;
	if (i && access(one.file, F_OK)) {
		verify_differs(&one, (struct export_difference){.check = "file"}, "%s: %s", one.name, strerror(errno));
		return 0;
	}
	if (read_file(&one, verify_bytes)) return -1;
	compare_count(&one, "bytes", one.bytes, said);
	compare_hash(&one, said);
	return 0;
}

// The documents of a register: what is drawn is not summed up again, but each has the bytes it had when it was made.
static int check_documents(struct check *c)
{
	const struct conf *all = conf_get(c->said, "documents");
	if (!conf_size(all)) return bad_manifest(c, "names no document");
	for (size_t i = 0; i < conf_size(all); i++) {
		c->rows += (uint64_t)conf_int(conf_get(conf_item(all, i), "rows"), 0);
		if (check_document(c, i, conf_item(all, i))) return -1;
	}
	int64_t rows = conf_int(conf_get(c->said, "rows"), -1);
	if ((int64_t)c->rows != rows)
		verify_differs(c, (struct export_difference){.check = "rows"}, "the documents have %llu rows, the manifest says %lld", (unsigned long long)c->rows, (long long)rows);
	return 0;
}

static int check_all(struct check *c)
{
	const char *format = conf_text_at(c->said, "format", "");
	if (!strcmp(format, "pdf")) return check_documents(c);
	if (read_file(c, strcmp(format, "jsonl") ? verify_csv : verify_jsonl)) return -1;
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
	fail(e, E_NOINPUT, "%s: %s; %s", file, strerror(errno), manifest ? "only its manifest is there" : "nor is there a manifest of it");
	if (manifest) return hint(e, "%s%s proves it where both stand in one folder", last_part(file), suffix);
	return hint(e, "give the file itself; its manifest is %s%s beside it", last_part(file), suffix);
}

static int no_manifest(struct err *e, const char *file)
{
	fail(e, E_NOINPUT, "%s: there is no manifest beside it, so nothing says what it was: %s%s: %s", file, last_part(file), suffix, strerror(errno));
	return hint(e, "oms-export -o FILE --manifest writes one with the file");
}

// Both must be there; who gives one that is not is told which it is.
static int both_there(struct err *e, const char *file, const char *manifest, const char *typed)
{
	size_t n = strlen(typed), own = strlen(suffix);
	bool proved = access(manifest, R_OK) == 0;
	if (!proved && n > own && strcmp(typed + n - own, suffix) == 0) return is_manifest(e, typed);
	if (access(file, R_OK)) return no_file(e, typed, proved);
	return access(manifest, R_OK) ? no_manifest(e, typed) : 0;
}

int export_verify(struct err *e, struct arena *a, const char *typed, struct export_verify *v)
{
	char *real = realpath(typed, NULL); // the manifest of a file behind a link stands beside that file
	const char *file = arena_strdup(a, real ? real : typed), *manifest = arena_printf(a, "%s%s", file, suffix);
	free(real);
	if (both_there(e, file, manifest, typed)) return -1;
	struct conf *said = conf_load(e, manifest);
	if (!said) return -1;
	struct check c = {.e = e, .a = a, .file = file, .name = last_part(typed), .v = v, .said = said};
	sha256_begin(&c.hash);
	int rc = read_fields(&c);
	if (rc == 0) rc = check_all(&c);
	v->rows = c.rows;
	conf_close(said);
	return rc;
}
