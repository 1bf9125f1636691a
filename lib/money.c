// Exact decimal amounts and currencies: integers of minor units, never floats.
#include "money.h"
#include <stdlib.h>

__extension__ typedef __int128 wide;
enum { SCALE_MAX = 18 };

static const int64_t ten_to[SCALE_MAX + 1] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000,
};

const char *money_status_text(enum money_status s)
{
	switch (s) {
	case MONEY_OK: return "an amount";
	case MONEY_SYNTAX: return "not an amount: digits with at most one point, as in -29.35";
	case MONEY_DIGITS: return "more decimal places than the currency has";
	case MONEY_RANGE: return "too large an amount";
	}
	return "not an amount";
}

int currency_digits(struct str code)
{
	// ISO 4217, in order, each with its digits. Codes withdrawn since 2021 stay (CUC HRK SLL ZWL ANG BGN): old orders
	// carry them. Metals, testing and units of account have no minor unit and are left out.
	static const char table[] =
		"AED2AFN2ALL2AMD2ANG2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BGN2BHD3BIF0BMD2BND2BOB2BOV2BRL2BSD2BTN2BWP2"
		"BYN2BZD2CAD2CDF2CHE2CHF2CHW2CLF4CLP0CNY2COP2COU2CRC2CUC2CUP2CVE2CZK2DJF0DKK2DOP2DZD2EGP2ERN2ETB2"
		"EUR2FJD2FKP2GBP2GEL2GHS2GIP2GMD2GNF0GTQ2GYD2HKD2HNL2HRK2HTG2HUF2IDR2ILS2INR2IQD3IRR2ISK0JMD2JOD3"
		"JPY0KES2KGS2KHR2KMF0KPW2KRW0KWD3KYD2KZT2LAK2LBP2LKR2LRD2LSL2LYD3MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2"
		"MUR2MVR2MWK2MXN2MXV2MYR2MZN2NAD2NGN2NIO2NOK2NPR2NZD2OMR3PAB2PEN2PGK2PHP2PKR2PLN2PYG0QAR2RON2RSD2"
		"RUB2RWF0SAR2SBD2SCR2SDG2SEK2SGD2SHP2SLE2SLL2SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2TMT2TND3TOP2TRY2"
		"TTD2TWD2TZS2UAH2UGX0USD2USN2UYI0UYU2UYW4UZS2VED2VES2VND0VUV0WST2XAF0XCD2XCG2XOF0XPF0YER2ZAR2ZMW2"
		"ZWG2ZWL2"
		;
	if (code.n != 3) return -1;
	size_t low = 0, high = sizeof table / 4;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = memcmp(code.p, table + mid * 4, 3);
		if (c == 0) return table[mid * 4 + 3] - '0';
		if (c < 0) high = mid;
		else low = mid + 1;
	}
	return -1;
}

// A number as its shortest form, value * 10^exponent (the value does not end in 0), and the places it was written with.
struct scanned { bool minus, over; int64_t value; int64_t exponent, places; };

static bool digit(char c) { return c >= '0' && c <= '9'; }

// Takes up one digit that is not 0 and the zeros that were held back before it.
static void take_digit(struct scanned *n, int64_t zeros, char c)
{
	if (n->value == 0) {
		n->value = c - '0';
		return;
	}
	int64_t v;
	n->over |= zeros >= SCALE_MAX || __builtin_mul_overflow(n->value, ten_to[zeros + 1], &v) ||
	           __builtin_add_overflow(v, c - '0', &v);
	if (!n->over) n->value = v;
}

static size_t scan_digits(struct scanned *n, struct str s)
{
	size_t i = 0;
	int64_t zeros = 0;
	bool point = false;
	for (; i < s.n; i++) {
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (!digit(s.p[i])) break;
		n->places += point;
		if (s.p[i] == '0') {
			zeros++;
			continue;
		}
		take_digit(n, zeros, s.p[i]);
		zeros = 0;
	}
	n->exponent = n->value ? zeros - n->places : 0;
	return i;
}

static bool scan_exponent(struct scanned *n, struct str s)
{
	int64_t e = 0;
	size_t i = 1;
	bool minus = s.n > 1 && s.p[1] == '-';
	if (s.n > 1 && (s.p[1] == '-' || s.p[1] == '+')) i++;
	if ((s.p[0] | 32) != 'e' || i == s.n) return false;
	for (; i < s.n; i++) {
		if (!digit(s.p[i])) return false;
		if (e < 1000000) e = e * 10 + (s.p[i] - '0'); // beyond that no more digit changes the answer
	}
	if (minus) e = -e;
	n->places -= e;
	if (n->value) n->exponent += e;
	return true;
}

// JSON's grammar, but zeros may lead, and the 0 before the point may be missing, as some databases write it.
static bool scan(struct str s, struct scanned *n)
{
	*n = (struct scanned){0};
	if (s.n && s.p[0] == '-') {
		n->minus = true;
		s = str_cut(s, 1, s.n);
	}
	size_t used = scan_digits(n, s);
	if (!used || !digit(s.p[used - 1])) return false; // "", "5.", "."
	return used == s.n || scan_exponent(n, str_cut(s, used, s.n));
}

// value * 10^exponent, where that is a whole number of 64 bits. INT64_MIN is out: what has no twin cannot be refunded.
static bool shift_up(int64_t value, int64_t exponent, int64_t *to)
{
	if (value == 0) exponent = 0;
	return exponent >= 0 && exponent <= SCALE_MAX && !__builtin_mul_overflow(value, ten_to[exponent], to);
}

static inline bool add_digits(const char *p, const char *end, int64_t *v)
{
	for (; p < end; p++) {
		unsigned d = (unsigned char)*p - (unsigned)'0';
		if (d > 9) return false;
		*v = *v * 10 + d;
	}
	return true;
}

// "29.35" with just its currency's digits, as nearly all amounts are: no zero need be held back, nothing can overflow.
static bool plain_amount(struct str s, int digits, int64_t *minor)
{
	size_t places = (size_t)digits, point = s.n - places - 1;
	int64_t v = 0;
	if (digits < 1 || s.n > SCALE_MAX || s.n < places + 2 || s.p[point] != '.') return false;
	if (!add_digits(s.p, s.p + point, &v) || !add_digits(s.p + point + 1, s.p + s.n, &v)) return false;
	*minor = v;
	return true;
}

enum money_status money_parse(struct str s, int digits, int64_t *minor)
{
	struct scanned n;
	int64_t v;
	if (plain_amount(s, digits, minor)) return MONEY_OK;
	if (!scan(s, &n)) return MONEY_SYNTAX;
	if (n.value && n.exponent + digits < 0) return MONEY_DIGITS;
	if (n.over || !shift_up(n.value, n.exponent + digits, &v)) return MONEY_RANGE;
	*minor = n.minus ? -v : v;
	return MONEY_OK;
}

bool decimal_parse(struct str s, struct decimal *d)
{
	struct scanned n;
	if (!scan(s, &n) || n.over) return false;
	int64_t least = n.exponent < 0 ? -n.exponent : 0;
	int64_t scale = n.places > SCALE_MAX ? SCALE_MAX : n.places > least ? n.places : least;
	for (; scale >= least; scale--) { // zeros at the end are kept as far as they fit
		int64_t v;
		if (!shift_up(n.value, n.exponent + scale, &v)) continue;
		*d = (struct decimal){n.minus ? -v : v, (int)scale};
		return true;
	}
	return false;
}

void money_text(struct buf *b, int64_t minor, int digits)
{
	char text[48]; // sign, 20 digits, point, and the zeros in front of a small amount
	size_t at = sizeof text;
	uint64_t u = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	for (int i = 0; i < digits || u || i == digits; i++) {
		if (i == digits && digits > 0) text[--at] = '.';
		text[--at] = (char)('0' + u % 10);
		u /= 10;
	}
	if (minor < 0) text[--at] = '-';
	buf_add(b, text + at, sizeof text - at);
}

void decimal_text(struct buf *b, struct decimal d) { money_text(b, d.value, d.scale); }

// A wide value as a decimal; zeros behind the point are given up where it would not fit otherwise.
static bool narrow(wide v, int scale, struct decimal *to)
{
	while (scale > SCALE_MAX || v > INT64_MAX || v < -INT64_MAX) {
		if (scale == 0 || v % 10) return false;
		v /= 10;
		scale--;
	}
	*to = (struct decimal){(int64_t)v, scale};
	return true;
}

static wide widened(struct decimal d, int scale) { return (wide)d.value * ten_to[scale - d.scale]; }

bool decimal_add(struct decimal a, struct decimal b, struct decimal *to)
{
	int scale = a.scale > b.scale ? a.scale : b.scale;
	return narrow(widened(a, scale) + widened(b, scale), scale, to);
}

bool decimal_mul(struct decimal a, struct decimal b, struct decimal *to)
{
	return narrow((wide)a.value * b.value, a.scale + b.scale, to);
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a < 0 ? -a : a;
}

// After the common divisor is out, a / b comes out even where b can be found in the tens that a is to be multiplied by.
bool decimal_div_exact(struct decimal a, struct decimal b, int scale, struct decimal *to)
{
	if (b.value == 0 || a.value == INT64_MIN || b.value == INT64_MIN) return false;
	int64_t g = common_divisor(a.value, b.value);
	int64_t over = a.value / g, under = b.value / g;
	if (under < 0) {
		over = -over;
		under = -under;
	}
	int tens = scale + b.scale - a.scale;
	for (; tens > 0 && over; tens--) {
		int64_t f = common_divisor(10, under);
		under /= f;
		if (__builtin_mul_overflow(over, 10 / f, &over)) return false;
	}
	for (; tens < 0 && over; tens++) {
		if (over % 10) return false;
		over /= 10;
	}
	if (under != 1 || over == INT64_MIN) return false;
	*to = (struct decimal){over, scale};
	return true;
}

int decimal_cmp(struct decimal a, struct decimal b)
{
	int scale = a.scale > b.scale ? a.scale : b.scale;
	wide x = widened(a, scale), y = widened(b, scale);
	return (x > y) - (x < y);
}

static bool away(int64_t quotient, int64_t rest, int64_t unit, enum rounding mode)
{
	int64_t other = unit - rest; // against unit/2 without halving
	switch (mode) {
	case ROUND_UP: return rest > 0;
	case ROUND_DOWN: return false;
	case ROUND_HALF_UP: return rest >= other;
	case ROUND_HALF_DOWN: return rest > other;
	case ROUND_HALF_EVEN: return rest > other || (rest == other && quotient % 2 != 0);
	}
	return false;
}

bool decimal_round(struct decimal d, int scale, enum rounding mode, struct decimal *to)
{
	int64_t v;
	if (scale < 0 || scale > SCALE_MAX || d.value == INT64_MIN) return false;
	if (scale >= d.scale) {
		if (__builtin_mul_overflow(d.value, ten_to[scale - d.scale], &v) || v == INT64_MIN) return false;
	} else {
		int64_t unit = ten_to[d.scale - scale], rest = d.value % unit;
		v = d.value / unit;
		if (away(v, rest < 0 ? -rest : rest, unit, mode)) v += d.value < 0 ? -1 : 1;
	}
	*to = (struct decimal){v, scale};
	return true;
}

struct share { wide rest; size_t i; };

static int by_rest(const void *x, const void *y)
{
	const struct share *a = x, *b = y;
	if (a->rest != b->rest) return a->rest < b->rest ? 1 : -1;
	return (a->i > b->i) - (a->i < b->i);
}

static bool base_total(const int64_t *base, size_t n, wide *sum)
{
	*sum = 0;
	for (size_t i = 0; i < n; i++) {
		if (base[i] < 0) return false;
		*sum += base[i];
	}
	return true;
}

bool money_allocate(int64_t total, const int64_t *base, size_t n, int64_t *parts)
{
	wide sum, magnitude = total < 0 ? -(wide)total : total, left = magnitude;
	if (!base_total(base, n, &sum) || (n == 0 && total != 0)) return false;
	if (n == 0) return true;
	bool equal = sum == 0; // nothing to be in proportion to
	if (equal) sum = (wide)n;
	struct share few[32], *share = n <= sizeof few / sizeof *few ? few : must_alloc(n * sizeof *share);
	for (size_t i = 0; i < n; i++) {
		wide product = magnitude * (equal ? 1 : base[i]), part = product / sum;
		share[i] = (struct share){product % sum, i};
		parts[i] = (int64_t)(total < 0 ? -part : part);
		left -= part;
	}
	if (left) qsort(share, n, sizeof *share, by_rest);
	for (size_t i = 0; i < (size_t)left; i++) parts[share[i].i] += total < 0 ? -1 : 1;
	if (share != few) free(share);
	return true;
}
