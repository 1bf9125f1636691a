// Where records come from.
#include "source_store.h"
#include "near.h"

static const char *text(struct rows *r, int i, struct arena *a) { return str_c(a, row_str(r, i)); }

static struct source read_source(struct rows *r, struct arena *a)
{
	return (struct source){row_int(r, 0), text(r, 1, a), text(r, 2, a), text(r, 3, a), text(r, 4, a), text(r, 5, a), row_int(r, 6)};
}

int source_list(struct db *d, struct err *e, struct arena *a, struct source **list, size_t *n)
{
	VEC(struct source) found = {0};
	struct rows *r = db_query_(d, e, SQL_SOURCE_LIST, (struct sql_arg[]){{0}});
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = read_source(r, a);
	*list = found.v;
	*n = found.n;
	return more;
}

static int not_found(struct db *d, struct err *e, struct arena *a, const char *name)
{
	struct source *list;
	size_t n;
	if (source_list(d, e, a, &list, &n) < 0) return -1;
	struct near near = near_begin(str_of(name), 3);
	for (size_t i = 0; i < n; i++) near_try(&near, list[i].name);
	fail(e, E_NOTFOUND, "there is no source \"%s\"", name);
	if (near.best) return hint(e, "did you mean %s?", near.best);
	return hint(e, "oms-source lists those there are, and adds one");
}

static int one(struct rows *r, struct err *e, struct arena *a, struct source *to)
{
	int more = r ? rows_next(r, e) : -1;
	if (more > 0) {
		*to = read_source(r, a);
		rows_end(r);
	}
	return more;
}

int source_get(struct db *d, struct err *e, struct arena *a, const char *name, struct source *to)
{
	int found = one(db_query(d, e, SQL_SOURCE_BY_NAME, Z(name)), e, a, to);
	return found > 0 ? 0 : found < 0 ? -1 : not_found(d, e, a, name);
}

int source_by_id(struct db *d, struct err *e, struct arena *a, int64_t id, struct source *to)
{
	int found = one(db_query(d, e, SQL_SOURCE_BY_ID, I(id)), e, a, to);
	return found > 0 ? 0 : found < 0 ? -1 : fail(e, E_NOTFOUND, "there is no source number %lld", (long long)id);
}

// Order ids are "source:external id", so a name must not hold the colon, nor anything that needs quoting in a shell.
static bool good_name(const char *name)
{
	size_t n = strlen(name);
	return n > 0 && n <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

int source_put(struct db *d, struct err *e, const struct source *s, bool *created)
{
	*created = false;
	if (!s->name || !good_name(s->name)) {
		fail(e, E_USAGE, "\"%s\" cannot be the name of a source", s->name ? s->name : "");
		return hint(e, "use 1 to 64 of: small letters, digits, '.', '_' and '-'");
	}
	int64_t changed = db_run(d, e, SQL_SOURCE_UPDATE, Z(s->name), Z(s->channel), Z(s->account), Z(s->tz), Z(s->currency));
	if (changed) return changed < 0 ? -1 : 0;
	if (!s->channel) return fail(e, E_USAGE, "a new source needs its channel");
	*created = true;
	return db_run(d, e, SQL_SOURCE_INSERT, Z(s->name), Z(s->channel), Z(s->account), Z(s->tz ? s->tz : "UTC"), Z(s->currency), I(s->created_at)) < 0 ? -1 : 0;
}
