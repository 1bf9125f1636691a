// Amounts as people and spreadsheets write them, to plain decimals.
#include "money.h"

static bool digit(struct str s) { return s.n && s.p[0] >= '0' && s.p[0] <= '9'; }

static bool skip(struct str *s, struct str word)
{
	if (!str_starts(*s, word)) return false;
	*s = str_cut(*s, word.n, s->n);
	return true;
}

static bool skip_end(struct str *s, struct str word)
{
	if (!str_ends(*s, word)) return false;
	s->n -= word.n;
	return true;
}

// Signs and short names of currencies; longer ones first where one begins another. ISO codes are known by their table.
static const char *const symbols[] = {
	"US$", "CA$", "AU$", "NZ$", "HK$", "NT$", "MX$", "R$", "A$", "C$", "S$", "$",
	"€", "£", "¥", "¥", "₹", "₽", "₩", "₺", "₫", "₪", "₴", "₱", "₦", "฿",
	"₡", "₲", "₸", "₾", "₼", "₵", "kr.", "kr", "Kr", "zł", "Kč", "Fr.",
	"Fr", "Rs.", "Rs", "lei", "Ft", "RM", "Rp", "S/", "TL", "лв.", "лв", "руб.",
	"руб", "р.", "元", "円", "원", "R",
};

static bool skip_symbol(struct str *s)
{
	if (currency_digits(str_cut(*s, 0, 3)) >= 0) {
		bool dollar = s->n > 3 && s->p[3] == '$';
		*s = str_cut(*s, dollar ? 4 : 3, s->n);
		return true;
	}
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (skip(s, str_of(symbols[i]))) return true;
	return false;
}

static bool skip_symbol_end(struct str *s)
{
	if (s->n > 3 && currency_digits(str_cut(*s, s->n - 3, s->n)) >= 0) {
		s->n -= 3;
		return true;
	}
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (skip_end(s, str_of(symbols[i]))) return true;
	return false;
}

// How often a sign stood there; '+' counts as none but may not stand beside another.
static bool skip_sign(struct str *s, int *signs, bool *minus)
{
	bool is_minus = skip(s, S("-")) || skip(s, S("−"));
	if (!is_minus && !skip(s, S("+"))) return false;
	++*signs;
	*minus |= is_minus;
	return true;
}

// Takes off what stands round the digits: one pair of parentheses or one sign, and one symbol before or behind.
static bool bare(struct str *s, bool *minus)
{
	int signs = 0, marks = 0;
	*s = str_trim(*s);
	if (skip(s, S("("))) {
		if (!skip_end(s, S(")"))) return false;
		*minus = true;
		signs++;
		*s = str_trim(*s);
	}
	while (s->n && !digit(*s) && s->p[0] != '.' && s->p[0] != ',') {
		if (skip_sign(s, &signs, minus)) *s = str_trim(*s);
		else if (skip_symbol(s)) marks++, *s = str_trim(*s);
		else return false;
	}
	if (skip_symbol_end(s)) marks++, *s = str_trim(*s);
	if (skip_end(s, S("-"))) *minus = true, signs++; // "3.00-", as ledgers print it
	return signs <= 1 && marks <= 1;
}

// The mark between groups of digits, if one stands here.
static bool skip_group(struct str *s, char mark)
{
	return skip(s, (struct str){&mark, 1}) || skip(s, S(" ")) || skip(s, S("\u00a0")) || skip(s, S("\u202f")) ||
	       skip(s, S("'")) || skip(s, S("’"));
}

static size_t digits(struct buf *b, struct str *s)
{
	size_t n = 0;
	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9') n++;
	buf_add(b, s->p, n);
	*s = str_cut(*s, n, s->n);
	return n;
}

// 1234 or 1,234 or 12,34,567: groups of three at the end, of two or three before.
static bool whole(struct buf *b, struct str *s, char mark)
{
	size_t n = digits(b, s), last = 3;
	if (n == 0) buf_c(b, '0'); // ".50"
	while (skip_group(s, mark)) {
		if (n < 1 || n > 3) return false;
		n = last = digits(b, s);
		if (n < 2) return false;
	}
	return last == 3;
}

bool money_unsymbol(struct buf *b, struct str s, bool comma)
{
	struct decimal plain;
	size_t start = b->n;
	bool minus = false;
	if (!comma && decimal_parse(s, &plain)) {
		buf_str(b, s);
		return true;
	}
	if (bare(&s, &minus) && s.n) {
		if (minus) buf_c(b, '-');
		bool good = whole(b, &s, comma ? '.' : ',');
		if (good && skip(&s, comma ? S(",") : S("."))) {
			buf_c(b, '.');
			good = digits(b, &s) > 0;
		}
		if (good && s.n == 0) return true;
	}
	b->n = start;
	return false;
}
