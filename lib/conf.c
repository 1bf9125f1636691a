// Small JSON files of our own, read whole by jansson; errors name file, line and column.
#include "conf.h"
#include "arena.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const json_t *of(const struct conf *c) { return (const json_t *)c; }
static const struct conf *to(const json_t *j) { return (const struct conf *)j; }

// --- reading -----------------------------------------------------------------------------------------------------------

// A file's values live in one arena and go with it: a quarter of the cost of reading was malloc and free. It also makes
// running out of memory what it is everywhere else, while jansson by itself would call it a fault of the file.
struct root { struct arena arena; json_t *json; struct root *next; };
static struct root *roots;      // the files that are open
static struct arena *reading;   // where jansson takes memory from while it reads

static void *take(size_t n) { return reading ? arena_take(reading, n) : must_alloc(n); }

static void give(void *p)
{
	if (!reading) free(p);
}

struct conf *conf_parse(struct err *e, struct str text, const char *name)
{
	json_error_t bad;
	struct root *r = must_alloc(sizeof *r);
	*r = (struct root){.next = roots};
	json_set_alloc_funcs(take, give);
	reading = &r->arena;
	r->json = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &bad);
	reading = NULL;
	if (r->json) {
		roots = r;
		return (struct conf *)r->json;
	}
	arena_free(&r->arena);
	free(r);
	fail(e, E_CONFIG, "%s:%d:%d: %s", name, bad.line, bad.column, bad.text);
	hint(e, "correct the file; `jq . %s` shows the same place", name);
	return NULL;
}

// The whole file at once: jansson asks a stream for one byte after the other.
static int read_whole(const char *path, struct buf *to)
{
	FILE *f = fopen(path, "re");
	if (!f) return -1;
	setvbuf(f, NULL, _IONBF, 0);
	size_t n;
	do {
		buf_room(to, 64 << 10);
		n = fread(to->p + to->n, 1, to->cap - to->n, f);
		to->n += n;
	} while (n);
	int bad = ferror(f);
	fclose(f);
	return bad ? -1 : 0;
}

struct conf *conf_load(struct err *e, const char *path)
{
	struct buf text = {0};
	struct conf *c = NULL;
	if (read_whole(path, &text)) fail(e, E_NOINPUT, "%s: %s", path, strerror(errno));
	else c = conf_parse(e, buf_view(&text), path);
	buf_free(&text);
	return c;
}

void conf_close(struct conf *c)
{
	for (struct root **at = &roots, *r; (r = *at); at = &r->next) {
		if (r->json != (json_t *)c) continue;
		*at = r->next;
		arena_free(&r->arena);
		free(r);
		return;
	}
}

enum conf_type conf_type(const struct conf *c)
{
	if (!c) return CONF_NULL;
	switch (json_typeof(of(c))) {
	case JSON_OBJECT: return CONF_OBJECT;
	case JSON_ARRAY: return CONF_ARRAY;
	case JSON_STRING: return CONF_STRING;
	case JSON_INTEGER:
	case JSON_REAL: return CONF_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE: return CONF_BOOL;
	case JSON_NULL: break;
	}
	return CONF_NULL;
}

const struct conf *conf_get(const struct conf *c, const char *key) { return to(json_object_get(of(c), key)); }
const char *conf_text(const struct conf *c) { return json_string_value(of(c)); }

const char *conf_text_at(const struct conf *c, const char *key, const char *otherwise)
{
	const char *text = conf_text(conf_get(c, key));
	return text ? text : otherwise;
}

int64_t conf_int(const struct conf *c, int64_t otherwise)
{
	return json_is_integer(of(c)) ? json_integer_value(of(c)) : otherwise;
}

bool conf_bool(const struct conf *c, bool otherwise) { return json_is_boolean(of(c)) ? json_is_true(of(c)) : otherwise; }

size_t conf_size(const struct conf *c)
{
	return json_is_object(of(c)) ? json_object_size(of(c)) : json_array_size(of(c));
}

// jansson walks an object in file order, but only from the front; our files are small.
static void *member(const struct conf *c, size_t i)
{
	json_t *j = (json_t *)(uintptr_t)c; // the iterator asks for a pointer it does not write through
	void *at = json_object_iter(j);
	while (at && i--) at = json_object_iter_next(j, at);
	return at;
}

const struct conf *conf_item(const struct conf *c, size_t i)
{
	if (json_is_array(of(c))) return to(json_array_get(of(c), i));
	void *at = member(c, i);
	return at ? to(json_object_iter_value(at)) : NULL;
}

const char *conf_key(const struct conf *c, size_t i)
{
	void *at = member(c, i);
	return at ? json_object_iter_key(at) : NULL;
}

char *conf_dump(const struct conf *c)
{
	return json_dumps(of(c), JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
}

// --- where installed data lies -----------------------------------------------------------------------------------------

// PROGRAM's folder is bin/ of a build or of an installation; the data lies beside it in both.
static bool beside_program(char *path, size_t cap)
{
	ssize_t n = readlink("/proc/self/exe", path, cap - 1);
	if (n <= 0) return false;
	path[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(path, '/');
		if (!slash) return false;
		*slash = '\0';
	}
	size_t at = strlen(path);
	return snprintf(path + at, cap - at, "/share/oms") < (int)(cap - at) && access(path, R_OK | X_OK) == 0;
}

const char *share_dir(void)
{
	static char found[4096];
	const char *set = getenv("OMS_SHARE");
	if (set && *set) return set;
	if (!*found && !beside_program(found, sizeof found)) snprintf(found, sizeof found, "%s", PREFIX "/share/oms");
	return found;
}

void share_path(struct buf *b, const char *folder, const char *name, const char *suffix)
{
	buf_printf(b, "%s/%s/%s%s", share_dir(), folder, name, suffix);
	buf_c(b, '\0'); // a C string for open(), not counted
	b->n--;
}
