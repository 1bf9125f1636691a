// Text as pointer and length: what comes from outside is a str until it is checked; and a buffer that grows.
// Source: RFC 3629 (UTF-8), RFC 8259 (JSON strings).
#ifndef STR_H
#define STR_H
#include "arena.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct str { const char *p; size_t n; }; // not NUL-terminated; p NULL means absent

#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *s) { return (struct str){s, s ? strlen(s) : 0}; }
// Are n bytes the same? For names and words: up to 16 bytes by two loads that may overlap, with no call.
static inline bool bytes_same(const char *a, const char *b, size_t n)
{
	uint64_t a8, b8, x8, y8;
	uint32_t a4, b4, x4, y4;
	if (n > 16) return memcmp(a, b, n) == 0;
	if (n >= 8) {
		memcpy(&a8, a, 8), memcpy(&b8, b, 8), memcpy(&x8, a + n - 8, 8), memcpy(&y8, b + n - 8, 8);
		return ((a8 ^ b8) | (x8 ^ y8)) == 0;
	}
	if (n >= 4) {
		memcpy(&a4, a, 4), memcpy(&b4, b, 4), memcpy(&x4, a + n - 4, 4), memcpy(&y4, b + n - 4, 4);
		return ((a4 ^ b4) | (x4 ^ y4)) == 0;
	}
	return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}
static inline bool str_eq(struct str a, struct str b) { return a.n == b.n && bytes_same(a.p, b.p, a.n); }
static inline bool str_is(struct str a, const char *s)
{
	size_t n = strlen(s); // known when compiled, nearly always: the comparison is then a few instructions
	return a.n == n && (n == 0 || memcmp(a.p, s, n) == 0);
}
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
int str_cmp(struct str a, struct str b);                // byte order, shorter first
bool str_eq_nocase(struct str a, struct str b);         // ASCII letters only
struct str str_trim(struct str s);                      // ASCII blanks, and U+00A0, off both ends
struct str str_cut(struct str s, size_t from, size_t to);
const char *str_c(struct arena *a, struct str s);       // a NUL-terminated copy; NULL for an absent str
struct str str_lower(struct arena *a, struct str s);    // ASCII letters only
struct str str_upper(struct arena *a, struct str s);
bool str_int(struct str s, int64_t *value);             // whole decimal text, optional '-', no overflow
bool glob_match(const char *pattern, const char *text); // '*' and '?' only
uint64_t str_hash(struct str s);                        // FNV-1a: for tables in memory, never stored

// Decodes one UTF-8 character at s.p; its length, or 0 where the bytes are no character. Rejects overlong and surrogates.
size_t utf8_take(struct str s, uint32_t *c);
bool utf8_valid(struct str s);
// Must it not reach a reader as itself? Controls, C1, bidi, zero-width, line separators, invisible fillers, noncharacters.
bool utf8_hidden(uint32_t c);

// A buffer that grows. Zero-initialised means empty; buf_free gives it back. Never fails (see arena.h).
struct buf { char *p; size_t n, cap; };
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_cstr(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_int(struct buf *b, int64_t v);
// A JSON string with its quotes: what must be escaped is, and C1, bidi and zero-width characters as \u.
void buf_json(struct buf *b, struct str s);
struct str buf_view(const struct buf *b);
void buf_clear(struct buf *b); // empties it, keeps the memory
void buf_free(struct buf *b);
void buf_room(struct buf *b, size_t more);
static inline void buf_c(struct buf *b, char c)
{
	if (b->n == b->cap) buf_room(b, 1);
	b->p[b->n++] = c;
}
#endif
