// Functions of amounts: money and exact decimals, whole numbers, yes and no. Nothing here touches a float.
#include "expr_part.h"
#include "money.h"

enum { PLACES = 18 };

// --- decimals ------------------------------------------------------------------------------------------------------------

static struct value not_a_number(struct call *c) { return refuse(c, "map_number", "not a number"); }
static struct value too_big(struct call *c) { return refuse(c, "map_number", "the result has more digits than can be kept exactly"); }

static struct value of_decimal(struct call *c, struct decimal d)
{
	struct buf *b = scratch();
	decimal_text(b, d);
	return value_of_text(scratch_text(c, b).text);
}

// 1 a number, 0 blank, -1 something else (said).
static int read_decimal(struct call *c, const struct value *v, struct decimal *d)
{
	if (value_blank(v, c->run->j)) return 0;
	if (decimal_parse(str_trim(value_text(v, c->run)), d)) return 1;
	struct call about = *c;
	about.v = (struct value[]){*v};
	about.n = 1;
	not_a_number(&about);
	return -1;
}

static struct value decimal(struct call *c)
{
	struct decimal d;
	return decimal_parse(str_trim(c->text), &d) ? of_decimal(c, d) : not_a_number(c);
}

static struct value absolute(struct call *c)
{
	struct decimal d;
	if (!decimal_parse(str_trim(c->text), &d)) return not_a_number(c);
	if (d.value < 0 && __builtin_sub_overflow(0, d.value, &d.value)) return too_big(c);
	return of_decimal(c, d);
}

static struct value negative(struct call *c)
{
	struct decimal d;
	if (!decimal_parse(str_trim(c->text), &d)) return not_a_number(c);
	if (__builtin_sub_overflow(0, d.value, &d.value)) return too_big(c);
	return of_decimal(c, d);
}

// Blanks count as nothing; nothing but blanks is absent, unless a list that is there and empty says 0.
static struct value add(struct call *c)
{
	struct decimal sum = {0, 0}, d;
	values all = {0};
	bool any = false;
	for (size_t i = 0; i < c->n; i++) {
		value_spread(&c->v[i], c->run, &all);
		any |= c->v[i].kind == VALUE_LIST && c->v[i].n == 0;
		any |= c->v[i].kind == VALUE_NODE && c->run->j->node[c->v[i].node].type == JSON_ARRAY && !c->run->j->node[c->v[i].node].n;
	}
	for (size_t i = 0; i < all.n; i++) {
		int got = read_decimal(c, &all.v[i], &d);
		if (got < 0) return ABSENT;
		if (got && !decimal_add(sum, d, &sum)) return too_big(c);
		any |= got > 0;
	}
	return any ? of_decimal(c, sum) : ABSENT;
}

// Without the first: absent. Without the second: the first.
static struct value sub(struct call *c)
{
	struct decimal a, b;
	int got = read_decimal(c, &c->v[0], &a);
	if (got <= 0) return ABSENT;
	got = read_decimal(c, &c->v[1], &b);
	if (got < 0) return ABSENT;
	if (got == 0) return of_decimal(c, a);
	if (__builtin_sub_overflow(0, b.value, &b.value) || !decimal_add(a, b, &a)) return too_big(c);
	return of_decimal(c, a);
}

static struct value mul(struct call *c)
{
	struct decimal a, b;
	if (read_decimal(c, &c->v[0], &a) <= 0 || read_decimal(c, &c->v[1], &b) <= 0) return ABSENT;
	return decimal_mul(a, b, &a) ? of_decimal(c, a) : too_big(c);
}

// As many places as come out even, or absent: a third is no decimal.
static struct value divide(struct call *c)
{
	struct decimal a, b, q;
	if (read_decimal(c, &c->v[0], &a) <= 0 || read_decimal(c, &c->v[1], &b) <= 0) return ABSENT;
	for (int scale = 0; scale <= PLACES; scale++)
		if (decimal_div_exact(a, b, scale, &q)) return of_decimal(c, q);
	return ABSENT;
}

static struct value at_least(struct call *c)
{
	struct decimal a, b;
	if (read_decimal(c, &c->v[0], &a) <= 0 || read_decimal(c, &c->v[1], &b) <= 0) return c->v[0];
	return decimal_cmp(a, b) < 0 ? c->v[1] : c->v[0];
}

static bool plain_digits(struct str s)
{
	if (!s.n || s.n > 18 || (s.n > 1 && s.p[0] == '0')) return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9') return false;
	return true;
}

static struct value whole(struct call *c)
{
	struct str s = str_trim(c->text);
	struct decimal d;
	if (plain_digits(s)) return value_bare(s);
	if (!decimal_parse(s, &d) || !decimal_round(d, 0, ROUND_DOWN, &d)) return not_a_number(c);
	struct decimal exact;
	if (!decimal_parse(s, &exact) || decimal_cmp(exact, d) != 0) return refuse(c, "map_number", "not a whole number");
	struct value v = of_decimal(c, d);
	v.kind = VALUE_BARE;
	return v;
}

static struct value yes_no(struct call *c)
{
	static const char *const yes[] = {"true", "1", "yes", "y", "on", "t"}, *const no[] = {"false", "0", "no", "n", "off", "f"};
	struct str s = str_trim(c->text);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (str_eq_nocase(s, str_of(yes[i]))) return value_bool(true);
		if (str_eq_nocase(s, str_of(no[i]))) return value_bool(false);
	}
	return refuse(c, "map_bool", "neither yes nor no");
}

// --- money ---------------------------------------------------------------------------------------------------------------

// The digits of the currency in force, or of the one argument i names; -1 (said).
static int places(struct call *c, size_t i)
{
	if (c->n > i && !value_blank(&c->v[i], c->run->j)) {
		struct str code = str_upper(c->run->arena, str_trim(value_text(&c->v[i], c->run)));
		int digits = currency_digits(code);
		if (digits < 0) refuse(c, "map_money", "an amount in a currency that is not in ISO 4217");
		return digits;
	}
	if (!c->run->currency) refuse(c, "map_money", "an amount without a currency, or in one that is not in ISO 4217");
	return c->run->currency ? c->run->digits : -1;
}

static struct value of_minor(struct call *c, int64_t minor, int digits)
{
	struct buf *b = scratch();
	money_text(b, minor, digits);
	return scratch_text(c, b);
}

// Is it already as we write it, as most amounts are: "29.35"?
static bool canonical(struct str s, int digits)
{
	size_t n = (size_t)digits, point = s.n - n - 1, i = 0;
	if (digits <= 0 || s.n < n + 2 || s.n > 16 || s.p[point] != '.') return false;
	if (s.p[0] == '0' && point > 1) return false;
	for (; i < s.n; i++)
		if (i != point && (s.p[i] < '0' || s.p[i] > '9')) return false;
	return true;
}

static const char *why(enum money_status s)
{
	switch (s) {
	case MONEY_DIGITS: return "the amount has more decimal places than its currency";
	case MONEY_RANGE: return "the amount is too large";
	default: return "not an amount";
	}
}

static struct value to_money(struct call *c, struct str s, int digits)
{
	int64_t minor;
	enum money_status status = money_parse(s, digits, &minor);
	return status == MONEY_OK ? of_minor(c, minor, digits) : refuse(c, "map_money", why(status));
}

static struct value money(struct call *c)
{
	int digits = places(c, 1);
	struct str s = str_trim(c->text);
	if (digits < 0) return ABSENT;
	return canonical(s, digits) ? value_of_text(s) : to_money(c, s, digits);
}

static struct value money_minor(struct call *c)
{
	int digits = places(c, 1);
	int64_t minor;
	if (digits < 0) return ABSENT;
	if (money_parse(str_trim(c->text), 0, &minor) != MONEY_OK) return refuse(c, "map_money", "not a whole number of minor units");
	return of_minor(c, minor, digits);
}

static struct value divided(struct call *c, struct decimal by)
{
	struct decimal d;
	int digits = places(c, 2);
	if (digits < 0) return ABSENT;
	if (!decimal_parse(str_trim(c->text), &d)) return refuse(c, "map_money", "not an amount");
	if (!decimal_div_exact(d, by, digits, &d)) return refuse(c, "map_money", "the amount does not divide evenly into its currency's digits");
	return of_minor(c, d.value, digits);
}

static struct value money_div(struct call *c)
{
	struct decimal by;
	int got = read_decimal(c, &c->v[1], &by);
	if (got == 0) return refuse(c, "map_money", "the divisor of the amount is missing");
	return got > 0 ? divided(c, by) : ABSENT;
}

// The amount in minor units stated with its own number of digits, as {"centAmount": 2935, "fractionDigits": 2}.
static struct value money_scaled(struct call *c)
{
	int64_t scale;
	struct decimal by = {1, 0};
	if (!str_int(value_text(&c->v[1], c->run), &scale) || scale < 0 || scale > 9) return refuse(c, "map_money", "the number of digits is missing or no number");
	while (scale--) by.value *= 10;
	return divided(c, by);
}

static struct value money_symbol(struct call *c)
{
	int digits = places(c, 2);
	struct buf plain = {0};
	if (digits < 0) return ABSENT;
	bool comma = c->n > 1 && str_is(value_text(&c->v[1], c->run), ",");
	bool good = money_unsymbol(&plain, c->text, comma);
	struct str s = {arena_copy(c->run->arena, plain.p ? plain.p : "", plain.n), plain.n};
	buf_free(&plain);
	return good ? to_money(c, s, digits) : refuse(c, "map_money", "not an amount with a currency sign");
}

static struct value money_or_absent(struct call *c)
{
	int64_t minor;
	if (!c->run->currency || money_parse(str_trim(c->text), c->run->digits, &minor) != MONEY_OK) return ABSENT;
	return of_minor(c, minor, c->run->digits);
}

static struct value money_round(struct call *c)
{
	struct decimal d;
	int digits = places(c, 1);
	if (digits < 0) return ABSENT;
	if (!decimal_parse(str_trim(c->text), &d) || !decimal_round(d, digits, ROUND_HALF_UP, &d)) return refuse(c, "map_money", "not an amount");
	return of_minor(c, d.value, digits);
}

const struct function functions_amount[] = {
	{"money", 1, 2, FN_EACH, NEEDS_NOTHING, money},
	{"money_minor", 1, 2, FN_EACH, NEEDS_NOTHING, money_minor},
	{"money_div", 2, 3, FN_EACH, NEEDS_NOTHING, money_div},
	{"money_scaled", 2, 3, FN_EACH, NEEDS_NOTHING, money_scaled},
	{"money_symbol", 1, 3, FN_EACH, NEEDS_NOTHING, money_symbol},
	{"money_or_absent", 1, 1, FN_EACH, NEEDS_NOTHING, money_or_absent},
	{"money_round", 1, 2, FN_EACH, NEEDS_NOTHING, money_round},
	{"decimal", 1, 1, FN_EACH, NEEDS_NOTHING, decimal},
	{"abs", 1, 1, FN_EACH, NEEDS_NOTHING, absolute},
	{"neg", 1, 1, FN_EACH, NEEDS_NOTHING, negative},
	{"add", 1, 20, FN_PLAIN, NEEDS_NOTHING, add},
	{"sum", 1, 20, FN_PLAIN, NEEDS_NOTHING, add},
	{"sub", 2, 2, FN_PLAIN, NEEDS_NOTHING, sub},
	{"mul", 2, 2, FN_PLAIN, NEEDS_NOTHING, mul},
	{"div", 2, 2, FN_PLAIN, NEEDS_NOTHING, divide},
	{"at_least", 2, 2, FN_PLAIN, NEEDS_NOTHING, at_least},
	{"int", 1, 1, FN_EACH, NEEDS_NOTHING, whole},
	{"bool", 1, 1, FN_EACH, NEEDS_NOTHING, yes_no},
	{0}};
