// Memory taken in bulk and given back in bulk: an arena a run, a mark and reset round each record.
// Running out of memory ends the program here, with exit 75, and nowhere else.
#ifndef ARENA_H
#define ARENA_H
#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *top; // newest block; zero-initialised means empty
	size_t used;             // bytes taken of the newest block
};
struct arena_mark { struct arena_block *top; size_t used; };

// Zeroed memory, aligned for any type, that lives until the arena is reset below it or freed.
void *arena_take(struct arena *a, size_t n);
// A copy of n bytes and a NUL behind it.
char *arena_copy(struct arena *a, const void *p, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
struct arena_mark arena_mark(const struct arena *a);
// Gives back what was taken after the mark; keeps one block in hand so that a loop does not call malloc.
void arena_reset(struct arena *a, struct arena_mark m);
void arena_free(struct arena *a);
// malloc and realloc for the few things that outlive an arena: never NULL.
void *must_alloc(size_t n);
void *must_realloc(void *p, size_t n);

#define NEW(a, T) ((T *)arena_take((a), sizeof(T)))
#define NEW_N(a, T, n) ((T *)arena_take((a), sizeof(T) * (n)))

// A vector that lives in an arena: VEC(struct line) lines; *VEC_PUSH(a, &lines) = line;
#define VEC(T) struct { T *v; size_t n, cap; }
#define VEC_CLEAR(x) ((x)->v = NULL, (x)->n = (x)->cap = 0)
void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
#define VEC_PUSH(a, x) \
	((x)->v = (x)->n == (x)->cap ? vec_grow((a), (x)->v, (x)->n, &(x)->cap, sizeof *(x)->v) : (x)->v, &(x)->v[(x)->n++])
#endif
