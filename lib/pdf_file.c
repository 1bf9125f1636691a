// Is a file a TrueType font that the library may be given? It believes what it reads: a font of no units is divided by, and one
// of more widths than glyphs is written beyond the room for them. So what it goes by is read here first.
// Source: OpenType 1.9 (table directory, head, maxp, hhea, hmtx, loca, cmap of format 4, name).
#include "arena.h"
#include "pdf_part.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLES_MOST = 600, RECORD = 16, HEAD = 54, HHEA = 36, MAXP = 6, OS2 = 78, ENDS = 14, STARTS = 16 };
struct sfnt {
	int fd;
	size_t size;
	struct arena arena;
	struct str dir;       // the records of the directory
	size_t glyphs;
};

// Numbers are read where they are; what lies outside is 0.
static unsigned u16(struct str s, size_t at) { return at + 2 <= s.n ? (unsigned)(unsigned char)s.p[at] << 8 | (unsigned char)s.p[at + 1] : 0; }
static size_t u32(struct str s, size_t at) { return (size_t)u16(s, at) << 16 | u16(s, at + 2); }

static struct str bytes_at(struct sfnt *f, size_t at, size_t n)
{
	if (at > f->size || n > f->size - at) return S("");
	char *to = arena_take(&f->arena, n + 1);
	ssize_t got = pread(f->fd, to, n, (off_t)at);
	return got == (ssize_t)n ? (struct str){to, n} : S("");
}

// Where its record stands in the directory, of several the first, as the library has it; SIZE_MAX.
static size_t record_of(const struct sfnt *f, const char *tag)
{
	for (size_t at = 0; at < f->dir.n; at += RECORD)
		if (!memcmp(f->dir.p + at, tag, 4)) return at;
	return SIZE_MAX;
}

static size_t length_of(const struct sfnt *f, const char *tag)
{
	size_t at = record_of(f, tag);
	return at == SIZE_MAX ? 0 : u32(f->dir, at + 12);
}

static struct str table(struct sfnt *f, const char *tag)
{
	size_t at = record_of(f, tag);
	return at == SIZE_MAX ? S("") : bytes_at(f, u32(f->dir, at + 8), u32(f->dir, at + 12));
}

static bool directory(struct sfnt *f)
{
	struct str head = bytes_at(f, 0, 12);
	size_t version = u32(head, 0), n = u16(head, 4);
	if ((version != 0x10000 && version != 0x74727565) || n > TABLES_MOST) return false; // 'true': of Apple
	f->dir = bytes_at(f, 12, n * RECORD);
	for (size_t at = 0; at < f->dir.n; at += RECORD) {
		size_t from = u32(f->dir, at + 8), length = u32(f->dir, at + 12);
		if (from > f->size || length > f->size - from) return false;
	}
	return f->dir.n > 0;
}

// Units, glyphs and their widths, and where each glyph begins.
static bool glyphs(struct sfnt *f)
{
	struct str head = table(f, "head"), maxp = table(f, "maxp"), hhea = table(f, "hhea"), loca = table(f, "loca");
	unsigned units = u16(head, 18), wide = u16(head, 50), metrics = u16(hhea, 34);
	size_t glyf = length_of(f, "glyf"), before = 0;
	f->glyphs = u16(maxp, 4);
	if (head.n < HEAD || maxp.n < MAXP || hhea.n < HHEA || length_of(f, "OS/2") < OS2) return false;
	if (units < 16 || units > 16384 || wide > 1 || !f->glyphs || !metrics || metrics > f->glyphs) return false;
	if (length_of(f, "hmtx") < 2 * (f->glyphs + metrics) || loca.n < (f->glyphs + 1) * (wide ? 4 : 2)) return false;
	for (size_t i = 0; i <= f->glyphs; i++) {
		size_t at = wide ? u32(loca, 4 * i) : 2 * (size_t)u16(loca, 2 * i);
		if (at < before || at > glyf) return false;
		before = at;
	}
	return glyf > 0;
}

// A map of format 4: segments of letters, up to U+FFFF, and glyphs that the font has. The library looks one place behind the
// list of glyphs too.
static bool map_4(const struct sfnt *f, struct str s)
{
	size_t length = u16(s, 2), n = u16(s, 6) / 2, list = (length - STARTS - 8 * n) / 2, i = 0;
	if (!n || length < STARTS + 8 * n || length > s.n || u16(s, ENDS + 2 * (n - 1)) != 0xffff) return false;
	for (size_t k = 1; k < n; k++)
		if (u16(s, ENDS + 2 * k) <= u16(s, ENDS + 2 * (k - 1))) return false;
	for (size_t c = 0; c <= 0xffff; c++) {
		while (u16(s, ENDS + 2 * i) < c) i++;
		size_t from = u16(s, STARTS + 2 * (n + i)), delta = u16(s, STARTS + 2 * (2 * n + i)), offset = u16(s, STARTS + 2 * (3 * n + i));
		if (from > c) continue;
		size_t at = offset / 2 + (c - from) - (n - i), glyph = c + delta;
		if (offset && at == list) return false;
		if (offset) glyph = at < list ? u16(s, STARTS + 8 * n + 2 * at) + delta : 0;
		if ((glyph & 0xffff) >= f->glyphs) return false;
	}
	return true;
}

// The library takes that of Windows, or else one of bytes, whatever letters those are, or else that of Unicode.
static bool letters(struct sfnt *f)
{
	struct str cmap = table(f, "cmap"), own = {0};
	size_t n = u16(cmap, 2);
	bool bytes = false;
	for (size_t i = 0; i < n; i++) {
		size_t at = 4 + 8 * i, platform = u16(cmap, at), encoding = u16(cmap, at + 2), from = u32(cmap, at + 4);
		if (at + 8 > cmap.n || from + 2 > cmap.n) return false;
		struct str map = str_cut(cmap, from, cmap.n);
		if (platform == 3 && encoding == 1 && u16(map, 0) == 4) return map_4(f, map);
		if (platform == 1 && encoding == 0 && u16(map, 0) == 0) bytes = true;
		if (platform == 0 && encoding == 3 && u16(map, 0) == 4) own = map;
	}
	return own.n && !bytes && map_4(f, own);
}

// They go into the document with the font.
static bool names(struct sfnt *f)
{
	struct str name = table(f, "name");
	size_t n = u16(name, 2), from = u16(name, 4), at = record_of(f, "name");
	if (6 + 12 * n > name.n) return false;
	size_t room = f->size - u32(f->dir, at + 8);
	for (size_t i = 0; i < n; i++) {
		size_t record = 6 + 12 * i, length = u16(name, record + 8);
		if (from + u16(name, record + 10) + length > room || (u16(name, record) == 3 && length % 2)) return false;
	}
	return true;
}

bool pdf_is_truetype(const char *file)
{
	struct sfnt f = {.fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
	struct stat st;
	if (f.fd < 0) return false;
	bool good = fstat(f.fd, &st) == 0 && S_ISREG(st.st_mode);
	f.size = good ? (size_t)st.st_size : 0;
	good = good && directory(&f) && glyphs(&f) && letters(&f) && names(&f);
	arena_free(&f.arena);
	close(f.fd);
	return good;
}
