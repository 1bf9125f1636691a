// Memory taken in bulk and given back in bulk.
#include "arena.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, ALIGN = 16 };

struct arena_block {
	struct arena_block *below;
	size_t size;
	_Alignas(ALIGN) unsigned char bytes[];
};

static _Noreturn void out_of_memory(void)
{
	static const char words[] = "oms: out of memory; nothing more was stored, run the same command again\n";
	ssize_t r = write(2, words, sizeof words - 1);
	(void)r;
	_exit(75);
}

void *must_alloc(size_t n)
{
	void *p = malloc(n ? n : 1);
	if (!p) out_of_memory();
	return p;
}

void *must_realloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p) out_of_memory();
	return p;
}

static void add_block(struct arena *a, size_t n)
{
	size_t size = n > BLOCK ? n : BLOCK;
	if (size > SIZE_MAX - sizeof(struct arena_block)) out_of_memory();
	struct arena_block *b = must_alloc(sizeof *b + size);
	b->below = a->top;
	b->size = size;
	a->top = b;
	a->used = 0;
}

static inline void *room(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2) out_of_memory();
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!a->top || a->top->size - a->used < n) add_block(a, n);
	void *p = a->top->bytes + a->used;
	a->used += n;
	return p;
}

void *arena_take(struct arena *a, size_t n) { return memset(room(a, n), 0, n); }

char *arena_copy(struct arena *a, const void *p, size_t n)
{
	char *to = room(a, n + 1);
	if (n) memcpy(to, p, n);
	to[n] = 0;
	return to;
}

char *arena_strdup(struct arena *a, const char *s) { return arena_copy(a, s, strlen(s)); }

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	char *s = arena_take(a, n < 0 ? 1 : (size_t)n + 1);
	if (n > 0) vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

struct arena_mark arena_mark(const struct arena *a) { return (struct arena_mark){a->top, a->used}; }

void arena_reset(struct arena *a, struct arena_mark m)
{
	while (a->top && a->top != m.top) {
		struct arena_block *b = a->top;
		if (b->below == NULL && m.top == NULL && b->size == BLOCK) { // the first block stays in hand
			a->used = 0;
			return;
		}
		a->top = b->below;
		free(b);
	}
	a->used = m.used;
}

void arena_free(struct arena *a)
{
	while (a->top) {
		struct arena_block *b = a->top;
		a->top = b->below;
		free(b);
	}
	a->used = 0;
}

void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 8;
	if (more > SIZE_MAX / 2 / size) out_of_memory();
	void *to = arena_take(a, more * size);
	if (n) memcpy(to, v, n * size);
	*cap = more;
	return to;
}
