// Exact decimal amounts and currencies: integers of minor units (ISO 4217), never floats, never clamped.
#ifndef MONEY_H
#define MONEY_H
#include "str.h"

#define MONEY_NONE INT64_MIN // no amount

enum money_status { MONEY_OK, MONEY_SYNTAX, MONEY_DIGITS, MONEY_RANGE }; // DIGITS: more places than the currency has
const char *money_status_text(enum money_status s);

// Digits behind the point for an ISO 4217 code (case matters: upper), or -1 where the code is not in the table.
int currency_digits(struct str code);

// "29.35", "-3", "1e2", "69.8400" (trailing zeros do not count) -> minor units at that many digits, exactly or not at all.
// No blanks, no thousands separators, no symbol, no '+'. Within -INT64_MAX..INT64_MAX: every amount can be negated.
enum money_status money_parse(struct str s, int digits, int64_t *minor);
// As text: money_text(b, 2935, 2) -> 29.35; (5, 2) -> 0.05; (-300, 0) -> -300.
void money_text(struct buf *b, int64_t minor, int digits);
// "$1,234.50", "(3.00)", "EUR 10.00", "-$3.00", "10,00 €" (comma as point only when `comma`): symbol and separators off,
// to a plain decimal in b. false when it is not an amount.
bool money_unsymbol(struct buf *b, struct str s, bool comma);

// Checked arithmetic: false on overflow, *to untouched (the builtin by itself would leave the wrapped value there).
#define CHECKED(name, builtin) \
	static inline bool name(int64_t a, int64_t b, int64_t *to) \
	{ \
		int64_t v; \
		return !builtin(a, b, &v) && (*to = v, true); \
	}
CHECKED(money_add, __builtin_add_overflow)
CHECKED(money_sub, __builtin_sub_overflow)
CHECKED(money_mul, __builtin_mul_overflow)
#undef CHECKED

// Decimals of any scale (a price of 0.0075, a rate of 0.0725): value * 10^-scale. scale 0..18.
struct decimal { int64_t value; int scale; };
bool decimal_parse(struct str s, struct decimal *d);      // same syntax as money_parse
void decimal_text(struct buf *b, struct decimal d);       // trailing zeros kept as given by scale
bool decimal_add(struct decimal a, struct decimal b, struct decimal *to);
bool decimal_mul(struct decimal a, struct decimal b, struct decimal *to);
// a / b to exactly `scale` digits; false when it does not come out even (or b is 0).
bool decimal_div_exact(struct decimal a, struct decimal b, int scale, struct decimal *to);
int decimal_cmp(struct decimal a, struct decimal b);
enum rounding { ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN, ROUND_UP, ROUND_DOWN }; // magnitude; sign kept
bool decimal_round(struct decimal d, int scale, enum rounding mode, struct decimal *to);
// Largest remainder: parts[i] of total in proportion to base[i] (domain.md, money vectors); ties by lower i; sums exactly.
// A total over bases that are all 0 is shared out equally. false: a base is negative, or there is none to carry the total.
bool money_allocate(int64_t total, const int64_t *base, size_t n, int64_t *parts);
#endif
