// Functions of time and place: time epoch epoch_ms date country.
#include "country.h"
#include "expr_part.h"

// "0000-00-00 00:00:00" is how some databases say never.
static bool never(struct str s) { return str_starts(s, S("0000-00-00")); }

static const char *zone(struct call *c)
{
	if (c->n < 3) return c->run->zone ? c->run->zone : "UTC";
	const char *named = str_c(c->run->arena, value_text(&c->v[2], c->run));
	if (named && zone_known(named)) return named;
	refuse(c, "map_time", "the zone of this time is not known");
	return NULL;
}

static bool instant(struct call *c, const char *forms, const char *in, int64_t *at)
{
	struct str s = str_trim(c->text);
	if (!s.n || never(s) || !in) return false;
	if (date_parse(s, forms, in, at)) return true;
	refuse(c, "map_time", "not a time in any of the forms the mapping names, or a day that does not exist");
	return false;
}

static struct value written(struct call *c, const char *forms, const char *in)
{
	int64_t at;
	if (!instant(c, forms, in, &at)) return ABSENT;
	struct buf *b = scratch();
	date_text(b, at);
	return scratch_text(c, b);
}

static struct value time_of(struct call *c) { return written(c, c->x->text ? c->x->text : "rfc3339 naive", zone(c)); }
static struct value epoch(struct call *c) { return written(c, "s", "UTC"); }
static struct value epoch_ms(struct call *c) { return written(c, "ms", "UTC"); }

static struct value day(struct call *c)
{
	int64_t at;
	const char *in = zone(c);
	if (!instant(c, c->x->text ? c->x->text : "date rfc3339 naive", in, &at)) return ABSENT;
	struct civil day = date_civil(at, in);
	struct buf *b = scratch();
	buf_printf(b, "%04d-%02d-%02d", day.year, day.month, day.day);
	return scratch_text(c, b);
}

static struct value country(struct call *c)
{
	const char *code = country_code(str_trim(c->text));
	return code ? value_of_text(str_of(code)) : doubt(c, "map_country", "not the name or code of a country; it is kept as it is");
}

const struct function functions_time[] = {
	{"time", 1, 3, FN_EACH, NEEDS_TEXT, time_of},
	{"epoch", 1, 1, FN_EACH, NEEDS_NOTHING, epoch},
	{"epoch_ms", 1, 1, FN_EACH, NEEDS_NOTHING, epoch_ms},
	{"date", 1, 3, FN_EACH, NEEDS_TEXT, day},
	{"country", 1, 1, FN_EACH, NEEDS_NOTHING, country},
	{0}};
