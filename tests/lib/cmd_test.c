// The frame, seen from outside: this program is also a small command, "oms-try", which the tests run.
#include "each.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka's own headers come first
#include <setjmp.h>
#include <cmocka.h>
#undef fail // ours is meant

struct opt { int64_t many; const char *word; };

static const struct argp_option options[] = {
	{"many", 'm', "N", 0, "print N records", 0},
	{"mode", 'M', "fast|safe", 0, "how", 0},
	{"wrong", 'w', "TEXT", 0, "complain as argp does", 0},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct oms *oms = st->input;
	struct opt *opt = oms->opt;
	switch (key) {
	case 'm':
		if (str_int(str_of(arg), &opt->many)) return 0;
		fail(&oms->err, E_USAGE, "--many=%s is no number", arg);
		return EINVAL;
	case 'M': opt->word = arg; return 0;
	case 'w': argp_error(st, "never %s", arg); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void tell(struct oms *oms, const char *id)
{
	struct buf b = {0};
	buf_cstr(&b, "{\"schema\":\"oms.try/1\",\"id\":");
	buf_json(&b, str_of(id));
	buf_printf(&b, ",\"total\":\"1.10\",\"customer\":{\"name\":\"Ann\"}}");
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
}

static int one(struct oms *oms, const char *operand, void *ctx)
{
	(void)ctx;
	if (!strcmp(operand, "bad")) return fail(&oms->err, E_NOTFOUND, "no such order");
	if (!strcmp(operand, "worst")) return fail(&oms->err, E_BUSY, "the store is locked");
	tell(oms, operand);
	return 0;
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	for (int64_t i = 0; i < opt->many && !out_broken(oms->out); i++) tell(oms, "O-1042");
	return opt->many ? 0 : each_operand(oms, one, NULL);
}

static const struct out_column columns[] = {{"id", "id", false, true, 0}, {"customer", "customer.name", false, false, 1}, {"total", "total", true, false, 2}};

const struct cmd cmd = {
	.name = "oms-try", .summary = "try the frame", .args = "ORDER...", .audience = "look-up", .examples = "oms try O-1\noms try -",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .groups = CMD_OUTPUT | CMD_WINDOW | CMD_LIMIT | CMD_DRY,
	.columns = columns, .n_columns = 3, .needs_input = true, .run = run,
};

static char self[4096], said[1 << 16];

// Runs a shell line in which "try" is the command; what it printed is in `said`, the status is returned.
static int sh(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int sh(const char *fmt, ...)
{
	char line[4096], whole[12288];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	snprintf(whole, sizeof whole, "try() { '%s' --be \"$@\"; }; unset OMS_NOW OMS_DB OMS_JSON_ERRORS; { %s; } 2>&1", self, line);
	FILE *p = popen(whole, "r");
	assert_non_null(p);
	size_t n = fread(said, 1, sizeof said - 1, p);
	said[n] = 0;
	int status = pclose(p);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void help_and_version(void **state)
{
	(void)state;
	const char *ways[] = {"-h", "--help", "'-?'"};
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(sh("try %s 2>/dev/null", ways[i]), 0);
		assert_int_equal(strncmp(said, "Usage: oms-try [OPTION...] ORDER...\nTry the frame.\n\n  oms try O-1\n  oms try -\n", 78), 0);
		assert_non_null(strstr(said, "\n  -m, --many=N             print N records\n"));
	}
	assert_int_equal(sh("try --help | awk 'length > 80'"), 0);
	assert_string_equal(said, "");
	assert_int_equal(sh("try -V"), 0);
	assert_string_equal(said, "oms-try (oms) " VERSION "\n");
	assert_int_equal(sh("try --usage"), 0);
	assert_int_equal(strncmp(said, "Usage: oms-try [-", 17), 0);
	assert_int_equal(sh("try --help >/dev/full"), 74);
	assert_int_equal(sh("try --describe | grep -P '^option\\tOptions\\tm\\tmany\\tN\\t-\\tprint N records$'"), 0);
	assert_int_equal(sh("try --fields=help"), 0);
	assert_non_null(strstr(said, "customer.name"));
}

static void wrong_usage(void **state)
{
	(void)state;
	assert_int_equal(sh("try --man=3 O-1"), 64);
	assert_string_equal(said, "oms-try: --man is not a whole option name\nhint: write --many\n");
	assert_int_equal(sh("try --mnay=3"), 64);
	assert_string_equal(said, "oms-try: there is no option --mnay\nhint: did you mean --many?\n");
	assert_int_equal(sh("try -k"), 64);
	assert_int_equal(sh("try --many"), 64);
	assert_string_equal(said, "oms-try: --many needs N\nhint: write --many=N\n");
	assert_int_equal(sh("try --quiet=1 O-1"), 64);
	assert_int_equal(sh("try --many=x"), 64);
	assert_string_equal(said, "oms-try: --many=x is no number\nhint: oms-try --help tells how\n");
	assert_int_equal(sh("try --wrong=again"), 64);
	assert_string_equal(said, "oms-try: never again\nhint: oms-try --help tells how\n");
	assert_int_equal(sh("try -F xml O-1"), 64);
	assert_int_equal(sh("try --since=2026-02-01 --until=2026-01-01 --tz=UTC O-1"), 64);
	assert_int_equal(sh("try --since=03/11/2026 O-1"), 64);
	assert_int_equal(sh("try --tz=Mars/Olympus O-1"), 64);
	assert_int_equal(sh("OMS_NOW=yesterday try O-1"), 64);
	assert_int_equal(sh("try --wait-lock=1e3 O-1"), 64);
	assert_int_equal(sh("try --man --json-errors"), 64);
	assert_string_equal(said, "{\"schema\":\"oms.error/1\",\"level\":\"error\",\"code\":\"usage\",\"command\":\"oms-try\",\"message\":\"--man is not a whole "
		"option name\",\"hint\":\"write --many\",\"exit\":64}\n");
	assert_int_equal(sh("try -- --many </dev/null"), 0);
	assert_non_null(strstr(said, "\"id\":\"--many\""));
}

static void operands_and_status(void **state)
{
	(void)state;
	assert_int_equal(sh("try -F ids O-1 O-2"), 0);
	assert_string_equal(said, "O-1\nO-2\n");
	assert_int_equal(sh("try -F ids O-1 bad O-2 2>/dev/null"), 3);
	assert_string_equal(said, "O-1\nO-2\n");
	assert_int_equal(sh("try -F ids O-1 bad >/dev/null"), 3);
	assert_string_equal(said, "oms-try: bad: no such order\n");
	assert_int_equal(sh("try bad bad 2>/dev/null"), 1);
	assert_int_equal(sh("try -F ids O-1 worst O-2"), 75);
	assert_non_null(strstr(said, "oms-try: worst: the store is locked\n"));
	assert_null(strstr(said, "O-2"));
	assert_int_equal(sh("try --json-errors O-1 bad bad >/dev/null"), 3);
	assert_string_equal(said,
		"{\"schema\":\"oms.error/1\",\"level\":\"error\",\"code\":\"not_found\",\"command\":\"oms-try\",\"id\":\"bad\",\"message\":\"no such order\"}\n"
		"{\"schema\":\"oms.error/1\",\"level\":\"error\",\"code\":\"not_found\",\"command\":\"oms-try\",\"id\":\"bad\",\"message\":\"no such order\",\"exit\":3}\n");
}

static void from_standard_input(void **state)
{
	(void)state;
	assert_int_equal(sh("printf 'O-1\\r\\n\\n  O-2 \\nO-3' | try -F ids"), 0);
	assert_string_equal(said, "O-1\nO-2\nO-3\n");
	assert_int_equal(sh("printf 'O-1\\n' | try -F ids A - B"), 0);
	assert_string_equal(said, "A\nO-1\nB\n");
	assert_int_equal(sh("printf 'O-1\\n' | try -F ids - -"), 64);
	assert_int_equal(sh("printf 'O 1\\0O\\n2\\0' | try -F ids -z | tr '\\0' '|'"), 0);
	assert_string_equal(said, "O 1|O\n2|");
	assert_int_equal(sh("printf '%%s\\n' '{\"id\":\"9\"}' '{\"id\":\"e\",\"order\":\"O-7\"}' | try -F ids"), 0);
	assert_string_equal(said, "9\nO-7\n");
	assert_int_equal(sh("printf '%%s\\n' '{\"schema\":\"oms.event/1\",\"id\":\"x\",\"source\":\"web\",\"order\":\"12\"}' | try -F ids"), 0);
	assert_string_equal(said, "web:12\n");
	assert_int_equal(sh("printf '{\"id\":\"9\"}\\n{\"id\":\\n{\"a\":1}\\n' | try -F ids 2>&1 >/dev/null | cut -d: -f1-3"), 0);
	assert_string_equal(said, "oms-try: standard input:2\noms-try: standard input:3\n");
	assert_int_equal(sh("try </dev/null"), 0);
	assert_string_equal(said, "");
	assert_int_equal(sh("try <&-"), 74);
}

static void first_line_at_once(void **state)
{
	(void)state;
	assert_int_equal(sh("s=$(date +%%s%%N); { echo O-1; sleep 0.7; } | try -F ids | { read -r l; e=$(date +%%s%%N); echo $(( (e - s) / 1000000 < 400 )); cat; }"), 0);
	assert_string_equal(said, "1\n");
}

static void streams_that_fail(void **state)
{
	(void)state;
	assert_int_equal(sh("try O-1 >/dev/full"), 74);
	assert_string_equal(said, "oms-try: cannot write the output: No space left on device\n");
	assert_int_equal(sh("try O-1 >&-"), 74);
	assert_int_equal(sh("try bad >&- 2>&-"), 1);
	assert_int_equal(sh("bash -c \"'%s' --be --many=100000 | head -n1 >/dev/null; exit \\${PIPESTATUS[0]}\"", self), 141);
	assert_string_equal(said, "");
	assert_int_equal(sh("bash -c \"trap '' PIPE; '%s' --be --many=100000 | head -n1 >/dev/null; exit \\${PIPESTATUS[0]}\"", self), 141);
	assert_string_equal(said, "");
}

static void whole_files_only(void **state)
{
	(void)state;
	assert_int_equal(sh("d=$(mktemp -d); cd $d; try O-1 -F ids -o f; cat f; stat -c %%a f; echo keep >g; chmod 640 g; try worst -o g 2>/dev/null; echo $?; cat g; "
		"try O-2 -F ids -o g; cat g; stat -c %%a g; ls -A; rm -r $d"), 0);
	assert_string_equal(said, "O-1\n644\n75\nkeep\nO-2\n640\nf\ng\n");
	assert_int_equal(sh("try O-1 -o /dev/full"), 74);
	assert_int_equal(sh("try O-1 -o /nowhere/f"), 73);
	assert_int_equal(sh("try O-1 -F ids -o -"), 0);
	assert_int_equal(sh("d=$(mktemp -d); mkfifo $d/p; cat $d/p & try O-1 -F ids -o $d/p; wait; rm -r $d"), 0);
	assert_string_equal(said, "O-1\n");
}

static void same_words_everywhere(void **state)
{
	(void)state;
	assert_int_equal(sh("try O-1 | md5sum >/tmp/$$.a; LC_ALL=tr_TR.UTF-8 TZ=Pacific/Chatham COLUMNS=20 CLICOLOR_FORCE=1 try O-1 | md5sum | cmp - /tmp/$$.a; "
		"r=$?; rm -f /tmp/$$.a; exit $r"), 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--be")) return cmd_main(argc - 1, argv + 1);
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = 0;
	umask(022);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_and_version), cmocka_unit_test(wrong_usage), cmocka_unit_test(operands_and_status),
		cmocka_unit_test(from_standard_input), cmocka_unit_test(first_line_at_once), cmocka_unit_test(streams_that_fail),
		cmocka_unit_test(whole_files_only), cmocka_unit_test(same_words_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
