// PDF documents handed to the frame's files, and the warnings about letters that no font has.
#include "cmd_documents.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LETTERS_NAMED = 16, ORDERS_NAMED = 10, CUTS_NAMED = 10 };
struct boxes { struct buf order, fields, letters; size_t n, named; bool within, beyond; }; // of an order: its letters as text, those named reach so far; a font could have them; none can
struct documents { struct oms *oms; const char *font; struct whole *file; size_t n; struct boxes boxes; uint64_t boxed, cut; bool within_told, beyond_told; }; // file: NULL, it goes where the rows go

// --- letters without a font --------------------------------------------------------------------------------------------

static void boxes_drop(struct boxes *b)
{
	buf_clear(&b->order);
	buf_clear(&b->fields);
	buf_clear(&b->letters);
	b->n = b->named = 0;
	b->within = b->beyond = false;
}

static void boxes_free(struct boxes *b)
{
	buf_free(&b->order);
	buf_free(&b->fields);
	buf_free(&b->letters);
}

// What to do about them, once a run.
static const char *way_out(struct documents *d)
{
	const struct boxes *b = &d->boxes;
	bool within = b->within && !d->within_told, beyond = b->beyond && !b->within && !d->beyond_told;
	d->within_told |= within;
	d->beyond_told |= beyond;
	if (within && d->font) return "another --font may have them; csv and jsonl have every letter";
	if (within) return "--font=FILE takes a TrueType font that has them: Debian's fonts-vlgothic may, for Japanese, fonts-arphic-gbsn00lp for Chinese, fonts-nanum for Korean";
	return beyond ? "letters beyond U+FFFF, as emoji, are boxes in any font; csv and jsonl have every letter" : NULL;
}

// One line an order: its fields, and the letters that have no font.
static void boxes_say(struct documents *d)
{
	struct boxes *b = &d->boxes;
	struct buf more = {0};
	if (!b->n) return;
	size_t named = d->oms->verbose ? b->letters.n : b->named;
	if (named < b->letters.n) buf_printf(&more, " and %zu more", b->n - LETTERS_NAMED);
	if (++d->boxed <= ORDERS_NAMED || d->oms->verbose)
		cmd_warn_with(d->oms, way_out(d), STR_FMT ": " STR_FMT ": no font here has " STR_FMT STR_FMT ": %s printed", STR_ARG(buf_view(&b->order)), STR_ARG(buf_view(&b->fields)),
			STR_ARG(str_cut(buf_view(&b->letters), 0, named - strlen(", "))), STR_ARG(buf_view(&more)), b->n == 1 ? "a box is" : "boxes are");
	buf_free(&more);
	boxes_drop(b);
}

static void boxes_end(struct documents *d)
{
	boxes_say(d);
	uint64_t more = d->boxed > ORDERS_NAMED && !d->oms->verbose ? d->boxed - ORDERS_NAMED : 0;
	if (more) cmd_warn(d->oms, "%llu order%s more with letters that no font here has: -v names each", (unsigned long long)more, more == 1 ? "" : "s");
	uint64_t cut = d->cut > CUTS_NAMED && !d->oms->verbose ? d->cut - CUTS_NAMED : 0;
	if (cut) cmd_warn(d->oms, "%llu text%s more of which only the first %d letters are printed: -v names each", (unsigned long long)cut, cut == 1 ? "" : "s", EXPORT_LETTERS_MOST);
	boxes_free(&d->boxes);
}

static void add_letter(struct boxes *b, uint32_t letter)
{
	char text[16];
	size_t size = (size_t)snprintf(text, sizeof text, "U+%04X, ", (unsigned)letter);
	*(letter > 0xffff ? &b->beyond : &b->within) = true;
	if (b->n && memmem(b->letters.p, b->letters.n, text, size)) return;
	buf_add(&b->letters, text, size);
	if (++b->n <= LETTERS_NAMED) b->named = b->letters.n;
}

static void flaw(void *ctx, const struct export_flaw *f)
{
	struct documents *d = ctx;
	struct boxes *b = &d->boxes;
	if (!f->letter) {
		if (++d->cut <= CUTS_NAMED || d->oms->verbose) cmd_warn(d->oms, "%s: %s: only its first %d letters are printed", f->order, f->field, EXPORT_LETTERS_MOST);
		return;
	}
	if (!str_is(buf_view(&b->order), f->order)) boxes_say(d);
	if (!b->order.n) buf_cstr(&b->order, f->order);
	if (!f->more) buf_printf(&b->fields, "%s%s", b->fields.n ? ", " : "", f->field);
	add_letter(b, f->letter);
}

// --- registers ---------------------------------------------------------------------------------------------------------

static int register_begin(void *ctx, struct err *e, size_t number, bool last)
{
	struct documents *d = ctx;
	const char *first = cmd_output_file(d->oms);
	d->n = number;
	if (!last && !first) return fail(e, E_USAGE, "these are more than %d pages, the most a document has: give -o FILE, and the others stand beside it", EXPORT_PAGES_MOST);
	d->file = number > 1 ? cmd_file(d->oms, export_document_name(&d->oms->arena, first, number)) : NULL;
	cmd_progress(d->oms, "%zu documents", number);
	return number == 1 || d->file ? 0 : -1;
}

static int document_bytes(void *ctx, struct err *e, struct str s)
{
	struct documents *d = ctx;
	(void)e;
	if (d->file) return cmd_file_add(d->oms, d->file, s);
	out_bytes(d->oms->out, s);
	return 0;
}

static int register_end(void *ctx, struct err *e)
{
	struct documents *d = ctx;
	struct whole *w = d->file;
	(void)e;
	d->file = NULL;
	return w ? cmd_file_with(d->oms, w) : 0;
}

int documents_register(struct oms *oms, struct export *x, const char *font)
{
	struct documents d = {.oms = oms, .font = font};
	struct export_sink to = {.begin = register_begin, .bytes = document_bytes, .end = register_end, .flaw = flaw, .ctx = &d, .font = font};
	int r = export_register(x, &oms->err, &to);
	if (r) return boxes_free(&d.boxes), cmd_file_drop(d.file), r;
	boxes_end(&d);
	const char *first = cmd_output_file(oms), *next = first ? export_document_name(&oms->arena, first, d.n + 1) : NULL;
	if (next && access(next, F_OK) == 0) cmd_warn(oms, "%s is of another run: this one ends with document %zu", next, d.n);
	return 0;
}

// --- sheets ------------------------------------------------------------------------------------------------------------

static int sheet_begin(void *ctx, struct err *e, size_t number, bool last) { (void)ctx, (void)e, (void)number, (void)last; return 0; }
static int sheet_end(void *ctx, struct err *e) { (void)ctx, (void)e; return 0; }

// What is wrong with one order's sheet is said, and the others go on; what is wrong with the disk ends the run.
static int one_sheet(struct documents *d, const char *folder, int64_t key)
{
	struct oms *oms = d->oms;
	struct export_sink to = {.begin = sheet_begin, .bytes = document_bytes, .end = sheet_end, .flaw = flaw, .ctx = d, .font = d->font};
	struct str id = order_id_of(oms->db, &oms->err, &oms->arena, key);
	if (!id.p) return -1;
	d->file = cmd_file(oms, arena_printf(&oms->arena, "%s/%s", folder, export_sheet_name(&oms->arena, id)));
	if (!d->file) return -1;
	int r = export_sheet(oms->db, &oms->err, oms->zone, key, &to);
	if (r == 0) r = cmd_file_put(oms, d->file);
	else cmd_file_drop(d->file);
	d->file = NULL;
	if (r == 0) return boxes_say(d), oms->done++, 0;
	boxes_drop(&d->boxes); // of what is not there nothing needs saying
	if (oms->err.code != E_REFUSED) return -1;
	cmd_report(oms, NULL);
	return 0;
}

static int folder_ready(struct oms *oms, const char *folder)
{
	if (mkdir(folder, 0777) == 0 || errno == EEXIST) return 0;
	return fail(&oms->err, E_CANTCREAT, "%s: cannot be made: %s", folder, strerror(errno));
}

int documents_sheets(struct oms *oms, const struct find_filter *chosen, const char *folder, const char *font)
{
	struct documents d = {.oms = oms, .font = font};
	struct find_filter filter = *chosen;
	int64_t key;
	int got = -1;
	filter.oldest_first = true;
	if (folder_ready(oms, folder)) return -1;
	db_bulk(oms->db, true); // a long read
	struct find *f = find_open(oms->db, &oms->err, &oms->arena, &filter);
	while (f && (got = find_next_key(f, &oms->err, &key)) == 1) {
		struct arena_mark m = arena_mark(&oms->arena);
		if (one_sheet(&d, folder, key)) got = -1;
		arena_reset(&oms->arena, m);
		if (got < 0) break;
		cmd_progress(oms, "%llu sheets", (unsigned long long)oms->done);
	}
	find_close(f);
	boxes_end(&d);
	if (oms->done) cmd_sync_folder(oms, folder);
	if (got == 0) cmd_say(oms, "%llu sheet%s in %s%s", (unsigned long long)oms->done, oms->done == 1 ? "" : "s", folder,
		oms->failed ? arena_printf(&oms->arena, ", %llu refused", (unsigned long long)oms->failed) : "");
	return got;
}
