// Mappings opened, and documents sent through them.
#include "map_part.h"
#include "money.h"
#include "near.h"
#include "text.h"
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

// --- opening -------------------------------------------------------------------------------------------------------------

struct map *map_load_file(struct arena *a, struct err *e, const char *path)
{
	struct map *m = NEW(a, struct map);
	struct conf *c = conf_load(e, path);
	if (!c) return NULL;
	m->path = arena_strdup(a, path);
	int failed = map_compile(m, a, e, c);
	conf_close(c);
	if (!failed) return m;
	because(e, "%s", path);
	return NULL;
}

static bool sound(const char *channel)
{
	for (const char *p = channel; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-' || *p == '_')) return false;
	return *channel != '\0';
}

static int by_name(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

const char **map_channels(struct arena *a, size_t *n)
{
	VEC(const char *) found = {0};
	DIR *d = opendir(arena_printf(a, "%s/channels", share_dir()));
	for (struct dirent *f; d && (f = readdir(d));) {
		struct str name = str_of(f->d_name);
		if (!str_ends(name, S(".json"))) continue;
		const char *channel = arena_copy(a, name.p, name.n - 5);
		if (sound(channel)) *VEC_PUSH(a, &found) = channel;
	}
	if (d) closedir(d);
	if (found.n) qsort(found.v, found.n, sizeof *found.v, by_name);
	*n = found.n;
	return found.v;
}

static void not_found(struct arena *a, struct err *e, const char *channel)
{
	struct buf names = {0};
	struct near near = near_begin(str_of(channel), 3);
	size_t n;
	const char **known = map_channels(a, &n);
	for (size_t i = 0; i < n; i++) {
		near_try(&near, known[i]);
		buf_printf(&names, "%s%s", i ? ", " : "", known[i]);
	}
	fail(e, E_NOTFOUND, "there is no channel \"%s\"", channel);
	if (near.best) hint(e, "did you mean %s?", near.best);
	else hint(e, "there are: " STR_FMT, STR_ARG(buf_view(&names)));
	buf_free(&names);
}

struct map *map_load(struct arena *a, struct err *e, const char *channel)
{
	struct buf path = {0};
	struct map *m = NULL;
	if (sound(channel)) share_path(&path, "channels", channel, ".json");
	if (path.n && access(path.p, F_OK) == 0) m = map_load_file(a, e, path.p);
	else not_found(a, e, channel);
	buf_free(&path);
	return m;
}

const char *map_name(const struct map *m) { return m->name; }
struct input_options map_input(const struct map *m) { return m->input; }

// --- a run ---------------------------------------------------------------------------------------------------------------

static const char *variable(void *ctx, const char *name)
{
	struct run *r = ctx;
	const struct map_source *s = r->source;
	if (strcmp(name, "digest") == 0) return r->digest;
	if (strcmp(name, "topic") == 0) return r->topic;
	if (!s) return NULL;
	if (strcmp(name, "source.name") == 0) return s->name;
	if (strcmp(name, "source.account") == 0) return s->account;
	if (strcmp(name, "source.tz") == 0) return s->tz;
	return strcmp(name, "source.currency") == 0 ? s->currency : NULL;
}

static void begin(struct run *r, const struct json *j)
{
	static struct buf out; // kept from document to document: one malloc a program
	const char *currency = r->source && r->source->currency && *r->source->currency ? r->source->currency : r->m->currency;
	const char *zone = r->source && r->source->tz && *r->source->tz ? r->source->tz : r->m->tz;
	r->out = &out;
	r->x = (struct expr_run){.j = j, .arena = r->a, .zone = zone ? zone : "UTC", .variable = variable, .ctx = r};
	r->x.digits = currency ? currency_digits(str_of(currency)) : -1;
	r->x.currency = r->x.digits >= 0 ? currency : NULL;
}

static void digest_of(struct run *r, uint32_t node, struct map_result *u)
{
	static const char hex[] = "0123456789abcdef";
	_Static_assert(sizeof u->digest == DIGEST_KEY, "a unit carries the digest that is its key in the store");
	if (!node && r->m->made_digest) memcpy(u->digest, r->m->made_digest, DIGEST_KEY);
	else digest_key(u->raw, u->digest);
	for (size_t i = 0; i < DIGEST_KEY; i++) {
		r->payload[2 * i] = hex[u->digest[i] >> 4];
		r->payload[2 * i + 1] = hex[u->digest[i] & 15];
	}
	memcpy(r->digest, r->payload, sizeof r->digest - 1);
}

static bool refused(struct run *r, uint32_t node)
{
	struct expr_scope scope = {.node = node};
	for (size_t i = 0; i < r->m->refusals; i++) {
		const struct map_refuse *f = &r->m->refuse[i];
		if (!expr_test(f->when, &r->x, &scope)) continue;
		map_refused(r, f->code, f->message, f->fix, f->owner);
		return true;
	}
	return false;
}

// The names of the record's members, and the kinds there are.
static void unknown(struct run *r, uint32_t node)
{
	const struct json *j = r->x.j;
	struct buf b = {0};
	size_t n = 0;
	buf_cstr(&b, j->node[node].type == JSON_OBJECT ? "unknown kind of document: it has " : "unknown kind of document: it is no object");
	for (uint32_t k = j->node[node].type == JSON_OBJECT ? json_first(j, node) : 0; k; k = json_after(j, node, k), n++) {
		char name[48];
		text_copy(name, sizeof name, json_str(j, k, r->a));
		if (n < 8) buf_printf(&b, "%s%s", n ? ", " : "", name);
	}
	if (n > 8) buf_printf(&b, " and %zu more", n - 8);
	if (!n && j->node[node].type == JSON_OBJECT) buf_cstr(&b, "no member");
	buf_printf(&b, "; %s knows ", r->m->name);
	for (size_t i = 0; i < r->m->kinds; i++) buf_printf(&b, "%s%s", i ? ", " : "", r->m->kind[i].name);
	map_refused(r, "unknown_kind", arena_copy(r->a, b.p, b.n), "check that this is the right channel, or that --topic names what it is", "channel-ops");
	buf_free(&b);
}

static struct str raw_of(const struct run *r, uint32_t node)
{
	if (node) return json_raw(r->x.j, node);
	return r->m->made_of.p ? r->m->made_of : r->x.j->text;
}

static void unit(struct run *r, const struct pick *p, struct map_result *to, struct map_watched *watched)
{
	r->unit = to;
	r->place = NULL;
	r->current = NULL;
	to->raw = raw_of(r, p->node);
	to->kind = p->kind ? p->kind->name : NULL;
	digest_of(r, p->node, to);
	watch_begin(r);
	if (p->empty || (p->node && refused(r, p->node))) {
	} else if (p->kind) {
		r->x.finding = map_say;
		map_write(r, p->node, p->kind);
		r->x.finding = NULL;
	} else {
		unknown(r, p->node);
	}
	if (to->refused && !to->n) to->kind = NULL;
	watch_end(r, p->node, watched);
}

// The document as a whole is an error answer, or the like.
static bool whole_refused(struct run *r, struct map_result *to)
{
	r->unit = to;
	if (!r->m->refusals || !refused(r, 0)) return false;
	to->raw = raw_of(r, 0);
	digest_of(r, 0, to);
	return true;
}

static void units_of(struct run *r, struct map_result **units, size_t *n)
{
	struct pick *pick;
	*n = map_pick(r, &pick);
	*units = NEW_N(r->a, struct map_result, *n);
	for (size_t i = 0; i < *n; i++) {
		struct map_watched watched = {0};
		unit(r, &pick[i], &(*units)[i], &watched);
		*VEC_PUSH(r->a, &r->m->watched) = watched;
	}
}

int map_document(struct map *m, struct err *e, struct arena *a, const struct json *j, const struct map_source *source,
	const char *topic, struct map_result **units, size_t *n)
{
	struct run r = {.m = m, .a = a, .source = source, .topic = topic};
	(void)e; // what can be wrong with a mapping was said when it was opened
	begin(&r, j);
	memset(&m->watched, 0, sizeof m->watched);
	*units = NEW(a, struct map_result);
	*n = 1;
	if (!whole_refused(&r, *units)) units_of(&r, units, n);
	m->made_of = (struct str){0};
	m->made_digest = NULL;
	return 0;
}

void map_made_of(struct map *m, struct str raw, const unsigned char *digest)
{
	m->made_of = raw;
	m->made_digest = digest;
}
void map_watch(struct map *m, struct map_trace what) { m->watch = what; }
struct str map_unit_trace(const struct map *m, size_t i) { return i < m->watched.n ? m->watched.v[i].trace : (struct str){0}; }
struct str map_unit_coverage(const struct map *m, size_t i) { return i < m->watched.n ? m->watched.v[i].coverage : (struct str){0}; }
