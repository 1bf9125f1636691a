// Bodies compressed with a dictionary of the store.
//
// A dictionary is trained once a source and kind, from the first records of the first load that has enough of them, and
// kept for good: bodies name the one they were packed with. Small loads pack without one; that is only larger, never wrong.
#include "payload.h"
#include <stdlib.h>
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { LEVEL = 1, SAMPLES = 400, SAMPLE_BYTES = 256 << 10, SAMPLE_MOST = 8 << 20, DICTIONARY_BYTES = 32 << 10, BODY_MOST = 32 << 20 };
#define NO_DICTIONARY INT64_MIN

struct stream { // one source and kind
	struct stream *next;
	int64_t source;
	enum codec_kind kind;
	int64_t dict;       // NO_DICTIONARY: none yet
	ZSTD_CDict *pack;   // NULL where there is no dictionary, or none was needed yet
	size_t few;         // bodies that were packed without it
	struct buf samples; // gathered until there are enough
	size_t *size;
	size_t n;
};
struct reader { struct reader *next; int64_t dict; ZSTD_DDict *unpack; };
struct codec {
	struct db_memo memo;
	struct db *db;
	ZSTD_CCtx *packer;
	ZSTD_DCtx *unpacker;
	struct buf out;
	bool brief;
	struct stream *streams;
	struct reader *readers;
};

// Too little memory is no fault of the store: again is safe.
static bool memory_lacks(size_t rc) { return ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation; }

static const char *kind_word(enum codec_kind k) { return k == CODEC_PAYLOAD ? "payload" : "event"; }

static void no_samples(struct stream *s)
{
	buf_free(&s->samples);
	free(s->size);
	s->size = NULL;
	s->n = 0;
}

static void drop_all(struct codec *c)
{
	for (struct stream *s = c->streams, *next; s; s = next) {
		next = s->next;
		ZSTD_freeCDict(s->pack);
		no_samples(s);
		free(s);
	}
	for (struct reader *r = c->readers, *next; r; r = next) {
		next = r->next;
		ZSTD_freeDDict(r->unpack);
		free(r);
	}
	c->streams = NULL;
	c->readers = NULL;
}

// A rollback may have taken back a dictionary, another process may have made one: both are looked up again.
static void forget(struct db_memo *m, bool last)
{
	struct codec *c = (struct codec *)m;
	drop_all(c);
	if (last) c->db = NULL;
}

struct codec *codec_open(struct db *d)
{
	struct codec *c = must_alloc(sizeof *c);
	memset(c, 0, sizeof *c);
	c->db = d;
	c->memo.drop = forget;
	db_memo_add(d, &c->memo);
	return c;
}

void codec_brief(struct codec *c) { c->brief = true; }

void codec_close(struct codec *c)
{
	if (!c) return;
	if (c->db) db_memo_end(c->db, &c->memo);
	drop_all(c);
	ZSTD_freeCCtx(c->packer);
	ZSTD_freeDCtx(c->unpacker);
	buf_free(&c->out);
	free(c);
}

// ---- dictionaries

static int dictionary_bytes(struct codec *c, struct err *e, int64_t id, struct rows **r, struct str *body)
{
	*r = db_query(c->db, e, SQL_DICTIONARY_GET, I(id));
	int more = *r ? rows_next(*r, e) : -1;
	if (more < 0) return -1;
	if (more == 0) return fail(e, E_BUG, "dictionary %lld is not in the store", (long long)id);
	*body = row_str(*r, 0);
	return 0;
}

static int load_packer(struct codec *c, struct err *e, struct stream *s)
{
	struct rows *r;
	struct str body;
	if (dictionary_bytes(c, e, s->dict, &r, &body) < 0) return -1;
	s->pack = ZSTD_createCDict(body.p, body.n, LEVEL);
	rows_end(r);
	return s->pack ? 0 : fail(e, E_BUG, "dictionary %lld cannot be used", (long long)s->dict);
}

static struct stream *stream_of(struct codec *c, struct err *e, enum codec_kind kind, int64_t source)
{
	for (struct stream *s = c->streams; s; s = s->next)
		if (s->source == source && s->kind == kind) return s;
	int64_t newest = db_int(c->db, e, SQL_DICTIONARY_NEWEST, (struct sql_arg[]){I(source), Z(kind_word(kind)), {0}}, 0);
	if (newest < 0) return NULL;
	struct stream *s = must_alloc(sizeof *s);
	*s = (struct stream){.next = c->streams, .source = source, .kind = kind, .dict = newest ? newest : NO_DICTIONARY};
	c->streams = s;
	return s;
}

// To make a dictionary ready costs more than a handful of small bodies gain by it.
static int ready_packer(struct codec *c, struct err *e, struct stream *s)
{
	enum { HANDFUL = 4 };
	if (s->pack || s->dict == NO_DICTIONARY || !s->dict || (c->brief && s->few++ < HANDFUL)) return 0;
	return load_packer(c, e, s);
}

static void keep_sample(struct stream *s, struct str plain)
{
	if (s->samples.n + plain.n > SAMPLE_MOST || plain.n < 8) return;
	if (!s->size) s->size = must_alloc(sizeof *s->size * SAMPLES * 8);
	if (s->n >= SAMPLES * 8) return;
	buf_str(&s->samples, plain);
	s->size[s->n++] = plain.n;
}

// Samples too few or too unlike make no dictionary: then plain frames go on, and the samples are let go.
static int train(struct codec *c, struct err *e, struct stream *s)
{
	void *body = must_alloc(DICTIONARY_BYTES);
	size_t n = ZDICT_trainFromBuffer(body, DICTIONARY_BYTES, s->samples.p, s->size, (unsigned)s->n);
	int rc = 0;
	no_samples(s);
	s->dict = 0; // tried
	if (!ZDICT_isError(n)) {
		rc = db_run(c->db, e, SQL_DICTIONARY_INSERT, I(s->source), Z(kind_word(s->kind)), B(body, n)) < 0 ? -1 : 0;
		s->dict = rc < 0 ? 0 : db_last_id(c->db);
		s->pack = rc < 0 ? NULL : ZSTD_createCDict(body, n, LEVEL);
	}
	free(body);
	return rc;
}

int codec_pack(struct codec *c, struct err *e, enum codec_kind kind, int64_t source, struct str plain, struct str *packed, int64_t *dict)
{
	struct stream *s = stream_of(c, e, kind, source);
	if (!s) return -1;
	if (s->dict == NO_DICTIONARY) {
		keep_sample(s, plain);
		if (s->n >= SAMPLES && s->samples.n >= SAMPLE_BYTES && train(c, e, s) < 0) return -1;
	}
	if (!c->packer) {
		c->packer = ZSTD_createCCtx();
		if (!c->packer) return fail(e, E_BUSY, "out of memory while packing");
	}
	if (ready_packer(c, e, s) < 0) return -1;
	buf_clear(&c->out);
	buf_room(&c->out, ZSTD_compressBound(plain.n));
	size_t n = s->pack ? ZSTD_compress_usingCDict(c->packer, c->out.p, c->out.cap, plain.p, plain.n, s->pack)
		: ZSTD_compressCCtx(c->packer, c->out.p, c->out.cap, plain.p, plain.n, LEVEL);
	if (ZSTD_isError(n)) return fail(e, memory_lacks(n) ? E_BUSY : E_BUG, "a body cannot be packed: %s", ZSTD_getErrorName(n));
	*packed = (struct str){c->out.p, n};
	*dict = s->pack ? s->dict : NO_DICTIONARY;
	return 0;
}

// ---- and back

static struct reader *reader_of(struct codec *c, struct err *e, int64_t dict)
{
	for (struct reader *r = c->readers; r; r = r->next)
		if (r->dict == dict) return r;
	struct rows *rows;
	struct str body;
	if (dictionary_bytes(c, e, dict, &rows, &body) < 0) return NULL;
	struct reader *r = must_alloc(sizeof *r);
	*r = (struct reader){c->readers, dict, ZSTD_createDDict(body.p, body.n)};
	rows_end(rows);
	c->readers = r;
	return r;
}

int codec_unpack(struct codec *c, struct err *e, struct arena *a, int64_t dict, int64_t size, struct str packed, struct str *plain)
{
	if (size < 0 || size > BODY_MOST) return fail(e, E_BUG, "a body of the store is damaged: it says it is %lld bytes", (long long)size);
	struct reader *r = dict == NO_DICTIONARY ? NULL : reader_of(c, e, dict);
	if (dict != NO_DICTIONARY && !r) return -1;
	if (!c->unpacker) {
		c->unpacker = ZSTD_createDCtx();
		if (!c->unpacker) return fail(e, E_BUSY, "out of memory while unpacking");
	}
	char *to = arena_take(a, (size_t)size + 1);
	size_t n = r ? ZSTD_decompress_usingDDict(c->unpacker, to, (size_t)size, packed.p, packed.n, r->unpack)
		: ZSTD_decompressDCtx(c->unpacker, to, (size_t)size, packed.p, packed.n);
	if (ZSTD_isError(n)) return memory_lacks(n) ? fail(e, E_BUSY, "a body cannot be unpacked: %s", ZSTD_getErrorName(n))
		: fail(e, E_BUG, "a body of the store is damaged: %s", ZSTD_getErrorName(n));
	if (n != (size_t)size) return fail(e, E_BUG, "a body of the store is damaged: %zu bytes instead of %lld", n, (long long)size);
	*plain = (struct str){to, n};
	return 0;
}
