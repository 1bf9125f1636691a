// A letter and its marks as one letter: held against Python's unicodedata (NFC), every pair of the table, every letter that has
// one, all letters of the three alphabets with each mark, and marks by the handful in any order.
#include "compose.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

// Lines of code points, and behind a / what becomes of them.
static const char program[] =
	"import random, unicodedata as u\n"
	"nfc = lambda s: u.normalize('NFC', s)\n"
	"kana = lambda c: c in (0x3099, 0x309a)\n"
	"pairs = [(chr(int(d[0], 16)), chr(int(d[1], 16)), chr(c)) for c in range(0x10000) for d in [u.decomposition(chr(c)).split()] if len(d) == 2 and d[0][0] != '<'\n"
	"         and (0x300 <= int(d[1], 16) < 0x370 or kana(int(d[1], 16)))]\n"
	"pairs = [p for p in pairs if nfc(p[0] + p[1]) == p[2]]\n"
	"marks = sorted({m for _, m, _ in pairs} | set('\\u0340\\u0341\\u0343\\u0344'))\n"
	"letters = [chr(c) for r in (range(0x41, 0x250), range(0x370, 0x530), range(0x1e00, 0x2000)) for c in r if u.category(chr(c))[0] == 'L' and nfc(chr(c)) == chr(c)]\n"
	"all = [a + m for a, m, _ in pairs] + [u.normalize('NFD', c) for _, _, c in pairs] + [a + m for a in letters for m in marks]\n"
	"random.seed(1)\n"
	"all += [random.choice(letters[:400]) + ''.join(random.choices(marks, k=random.randint(2, 5))) for _ in range(20000)]\n"
	"all += [u.normalize('NFD', chr(c)) for c in range(0xac00, 0xd7a4, 7)] + ['\\uac00\\u11a8', '\\u1100\\u0301\\u1161', '\\uac01\\u11a8']\n"
	"assert len(pairs) > 880\n"
	"for s in all: print(*('%x' % ord(c) for c in s), '/', *('%x' % ord(c) for c in nfc(s)))\n";

static void of_marks_it_is_python(void **state)
{
	(void)state;
	char command[sizeof program + 40], line[300];
	snprintf(command, sizeof command, "python3 - <<'END'\n%sEND", program);
	FILE *in = popen(command, "r");
	size_t lines = 0;
	assert_non_null(in);
	for (; fgets(line, sizeof line, in); lines++) {
		uint32_t c[COMPOSE_ROOM];
		size_t n = 0, left;
		int took;
		unsigned one;
		const char *p = line;
		for (; sscanf(p, " %x%n", &one, &took) == 1; p += took) c[n++] = one;
		left = compose(c, n);
		p = strchr(line, '/') + 1;
		for (n = 0; sscanf(p, " %x%n", &one, &took) == 1; p += took, n++)
			if (n >= left || c[n] != one) fail_msg("%zu: %x, and not: %s", n, n < left ? (unsigned)c[n] : 0, line);
		assert_int_equal(n, left);
	}
	assert_int_equal(pclose(in), 0);
	assert_true(lines > 60000);
}

static void what_makes_no_letter_stays(void **state)
{
	(void)state;
	uint32_t alone[COMPOSE_ROOM] = {'e'}, stress[COMPOSE_ROOM] = {0x430, 0x301}, unknown[COMPOSE_ROOM] = {'e', 0x310, 0x301}, first[COMPOSE_ROOM] = {0x301, 0x301};
	assert_int_equal(compose(alone, 1), 1);
	assert_int_equal(compose(stress, 2), 2); // of Cyrillic a
	assert_int_equal(stress[1], 0x301);
	assert_int_equal(compose(unknown, 3), 2);
	assert_int_equal(unknown[0], 0xe9);
	assert_int_equal(compose(first, 2), 2);
	assert_true(compose_mark(0x301) && compose_mark(0x36f) && compose_mark(0x309a) && !compose_mark('e') && !compose_mark(0x370));
}

// The most that may stand there, each taking the most room.
static void the_most_fits(void **state)
{
	(void)state;
	uint32_t c[COMPOSE_ROOM] = {0x1f82};
	for (size_t i = 1; i <= COMPOSE_MARKS; i++) c[i] = 0x344;
	assert_int_equal(compose(c, 1 + COMPOSE_MARKS), 1 + 2 * COMPOSE_MARKS);
	assert_int_equal(c[0], 0x1f82);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(of_marks_it_is_python), cmocka_unit_test(what_makes_no_letter_stays), cmocka_unit_test(the_most_fits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
