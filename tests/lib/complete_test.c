// What can stand at the cursor; and the nearest word to a mistyped one.
#include "complete.h"
#include "near.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char describe[] =
	"command\toms-x\ttry\tORDER... [FILE]\tlook-up\tread\n"
	"operand\tORDER\t1\t1\n"
	"operand\tFILE\t0\t*\n"
	"option\tA\tF\tformat\ttable|text|tsv\t-\tThe form\n"
	"option\tA\t-\tfields\tFIELD,...\t-\tOnly these\n"
	"option\tA\t-\tsource\tSOURCE[,SOURCE]\t-\tFrom there\n"
	"option\tA\to\toutput\tFILE\t-\tInto it\n"
	"option\tA\tn\tdry-run\t-\t-\tNothing stored\n"
	"option\tA\t-\tcolor\tauto|never\t?\tColour\n"
	"option\tA\t-\tdescribe\t-\th\tHidden\n"
	"option\tA\t-\tto\tspool:DIR\t-\tWhere to\n"
	"option\tA\t-\tstatus\tWORD[,WORD]\t-\tOf these\n"
	"option\tA\t-\tmost\tN|P%\t-\tAt most\n"
	"word\tstatus\tnew\t-\nword\tstatus\tclosed\tdone with\n"
	"word\tSECTION\tlines\t-\n"
	"option\tA\t-\tonly\tSECTION[,SECTION]\t-\tThese\n"
	"exit\t0\tok\tdone\n"
	"column\tID\tid\ncolumn\tNAME\tcustomer.name\n";

static struct arena arena;
static struct completion c;

static struct str at(const char *line)
{
	static char copy[256];
	const char *word[16];
	size_t n = 0;
	memcpy(copy, line, strlen(line) + 1);
	for (char *p = copy, *w; (w = strsep(&p, " "));) word[n++] = w;
	buf_clear(&c.to);
	complete_at(&c, str_of(describe), word, n, &arena);
	buf_c(&c.to, 0);
	c.to.n--;
	return buf_view(&c.to);
}

#define offers(line, text) assert_string_equal(at(line).p, text)
#define asks(line, k, s, t) (at(line), assert_true(str_is(c.kind, k)), assert_true(str_is(c.stem, s)), assert_true(str_is(c.typed, t)))

static void options_by_prefix(void **state)
{
	(void)state;
	offers("--d", "--dry-run\tNothing stored\n");
	offers("--fo", "--format=\tThe form\n");
	offers("--co", "--color\tColour\n");
	offers("--zzz", "");
	offers("-- --d", "");
}

static void values_of_options(void **state)
{
	(void)state;
	offers("--format=t", "--format=table\n--format=text\n--format=tsv\n");
	offers("--format te", "text\n");
	offers("-F ts", "tsv\n");
	offers("-nF ts", "tsv\n");
	offers("--color=n", "--color=never\n");
	offers("--fields=id,c", "--fields=id,customer.name\n");
	offers("--fields=+c", "--fields=+customer.name\n");
	asks("--source=a,b", "SOURCE", "--source=a,", "b");
	asks("--output=x/y", "FILE", "--output=", "x/y");
	asks("-o x", "FILE", "", "x");
}

static void words_a_command_says(void **state)
{
	(void)state;
	offers("--status=", "--status=new\n--status=closed\tdone with\n");
	offers("--status=new,c", "--status=new,closed\tdone with\n");
	offers("--status n", "new\n");
	offers("--status=new,", "--status=new,closed\tdone with\n"); // not what stands there already
	offers("--fields=+id,", "--fields=+id,customer.name\n");
	offers("--only=l", "--only=lines\n");
	offers("--most=", ""); // names of kinds are no words
}

static void a_folder_behind_a_word(void **state)
{
	(void)state;
	offers("--to=", "--to=spool:\n");
	offers("--to sp", "spool:\n");
	offers("--to=spool:a", "");
	asks("--to=spool:a/b", "DIR", "--to=spool:", "a/b");
	asks("--to spool:a", "DIR", "spool:", "a");
}

static void no_more_than_a_hundred(void **state)
{
	(void)state;
	at("");
	for (int i = 0; i < 200; i++) complete_offer(&c, S("x"), (struct str){0});
	assert_int_equal(c.offered, COMPLETE_MOST);
	assert_int_equal(c.to.n, 2 * COMPLETE_MOST);
}

static void operands_in_their_place(void **state)
{
	(void)state;
	asks("O-1", "ORDER", "", "O-1");
	asks("O-1 f", "FILE", "", "f");
	asks("O-1 f g", "FILE", "", "g");
	asks("-n --format=text --output f O", "ORDER", "", "O");
	asks("-- -x", "ORDER", "", "-x");
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(near_distance(S("find"), S("find"), 3), 0);
	assert_int_equal(near_distance(S("find"), S("fnd"), 3), 1);
	assert_int_equal(near_distance(S("find"), S("fnid"), 3), 1); // neighbours swapped
	assert_int_equal(near_distance(S("ID"), S("id"), 3), 0); // case is no slip
	assert_int_equal(near_distance(S("FIND"), S("fnid"), 3), 1);
	assert_int_equal(near_distance(S(""), S("abc"), 3), 3);
	assert_int_equal(near_distance(S("kitten"), S("sitting"), 5), 3);
	assert_int_equal(near_distance(S("abcdef"), S("uvwxyz"), 3), 4);
	char longest[100];
	memset(longest, 'a', sizeof longest);
	assert_int_equal(near_distance((struct str){longest, 100}, S("a"), 3), 4);
	struct near n = near_begin(S("shwo"), 3);
	near_try(&n, "source");
	near_try(&n, "show");
	near_try(&n, "ship");
	assert_string_equal(n.best, "show");
	n = near_begin(S("x"), 3);
	near_try(&n, "abc");
	assert_null(n.best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_by_prefix), cmocka_unit_test(values_of_options), cmocka_unit_test(words_a_command_says), cmocka_unit_test(a_folder_behind_a_word),
		cmocka_unit_test(no_more_than_a_hundred), cmocka_unit_test(operands_in_their_place), cmocka_unit_test(distances),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);
	buf_free(&c.to);
	arena_free(&arena);
	return r;
}
