// oms: the door to the toolkit. `oms NAME` runs the oms-NAME that lies beside it; `oms help` tells which there are.
// Not a `struct cmd` command: it opens nothing, and hands its arguments on as they are.
#include "complete.h"
#include "err.h"
#include "member.h"
#include "near.h"
#include "sql.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct command { const char *name, *path, *summary, *audience; }; // name without "oms-"

static struct arena arena;
static const char *folder; // where this program lies
static VEC(struct command) commands;
static bool json_errors;

// ---- speaking

static int closed(int status)
{
	if (!ferror(stdout) && !fflush(stdout) && !fclose(stdout)) return status;
	fprintf(stderr, "oms: cannot write the output: %s\n", strerror(errno));
	return err_exit(E_IO);
}

static int refuse(enum err_code code, const char *text, const char *advice)
{
	struct buf b = {0};
	if (json_errors) {
		member_record(&b, "oms.error/1");
		member_word(&b, "level", "error");
		member_word(&b, "code", err_word(code));
		member_word(&b, "command", "oms");
		member_word(&b, "message", text);
		member_word(&b, "hint", advice);
		member_whole(&b, "exit", err_exit(code));
		buf_cstr(&b, "}\n");
	} else {
		buf_cstr(&b, "oms: ");
		text_safe(&b, str_of(text));
		buf_cstr(&b, "\nhint: ");
		text_safe(&b, str_of(advice));
		buf_c(&b, '\n');
	}
	fwrite(b.p, 1, b.n, stderr);
	buf_free(&b);
	return err_exit(code);
}

// ---- which commands there are

static const char *own_folder(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0) return NULL;
	path[n] = 0;
	char *slash = strrchr(path, '/');
	if (slash) *slash = 0;
	return arena_strdup(&arena, path);
}

static bool known(const char *name)
{
	for (size_t i = 0; i < commands.n; i++)
		if (!strcmp(commands.v[i].name, name)) return true;
	return false;
}

static void list_folder(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (strncmp(e->d_name, "oms-", 4) != 0 || !e->d_name[4] || strspn(e->d_name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(e->d_name)) continue;
		const char *file = arena_printf(&arena, "%s/%s", path, e->d_name);
		if (access(file, X_OK) || known(e->d_name + 4)) continue;
		*VEC_PUSH(&arena, &commands) = (struct command){arena_strdup(&arena, e->d_name + 4), file, "", ""};
	}
	if (d) closedir(d);
}

static int by_name(const void *a, const void *b) { return strcmp(((const struct command *)a)->name, ((const struct command *)b)->name); }

// Those beside us first: one of the same name further down $PATH never comes before them.
static void list_commands(bool path_too)
{
	const char *path = getenv("PATH");
	if (folder) list_folder(folder);
	for (char *p = arena_strdup(&arena, path_too && path ? path : ""), *dir; (dir = strsep(&p, ":"));)
		if (*dir) list_folder(dir);
	if (commands.n) qsort(commands.v, commands.n, sizeof *commands.v, by_name);
}

// ---- asking a command

// Starts a program whose output comes through the descriptor that is returned; -1: it could not be started.
static int start(const char *path, char *const *argv, pid_t *pid)
{
	int fd[2];
	posix_spawn_file_actions_t act;
	if (pipe2(fd, O_CLOEXEC)) return -1;
	posix_spawn_file_actions_init(&act);
	posix_spawn_file_actions_addopen(&act, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&act, fd[1], 1);
	posix_spawn_file_actions_addopen(&act, 2, "/dev/null", O_WRONLY, 0);
	int wrong = posix_spawn(pid, path, &act, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&act);
	close(fd[1]);
	if (!wrong) return fd[0];
	close(fd[0]);
	return -1;
}

static int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// All it prints before `until`; a program that takes longer is ended, and nothing of it counts. The number of its process is
// read here, not where start() stands beside it as an argument: which of the two comes first there is nobody's choice, and
// kill(0) would end all that runs in the caller's group, the shell with it.
static struct str hear(int fd, const pid_t *pid, int64_t until)
{
	struct buf b = {0};
	struct str heard = {0};
	ssize_t n = -1;
	while (fd >= 0) {
		int64_t left = until - clock_ms();
		struct pollfd in = {fd, POLLIN, 0};
		if (left < 0 || poll(&in, 1, (int)left) <= 0) break;
		buf_room(&b, 16384);
		n = read(fd, b.p + b.n, 16384);
		if (n <= 0) break;
		b.n += (size_t)n;
	}
	if (fd < 0) return heard;
	if (n != 0) kill(*pid, SIGKILL);
	else heard = (struct str){arena_copy(&arena, b.p, b.n), b.n};
	close(fd);
	waitpid(*pid, NULL, 0);
	buf_free(&b);
	return heard;
}

static char *const *asking(const char *name, const char *option)
{
	char **argv = NEW_N(&arena, char *, 3);
	argv[0] = arena_printf(&arena, "oms-%s", name);
	argv[1] = arena_strdup(&arena, option);
	return argv;
}

static const char *field(struct str line, int k)
{
	for (; k; k--) {
		const char *tab = memchr(line.p, '\t', line.n);
		if (!tab) return "";
		line = str_cut(line, (size_t)(tab - line.p) + 1, line.n);
	}
	return str_c(&arena, str_cut(line, 0, strcspn(line.p, "\t\n")));
}

// All at once, so that forty programs take the time of a few.
static void describe_commands(int ms)
{
	int *fd = NEW_N(&arena, int, commands.n + 1);
	pid_t *pid = NEW_N(&arena, pid_t, commands.n + 1);
	for (size_t i = 0; i < commands.n; i++) fd[i] = start(commands.v[i].path, asking(commands.v[i].name, "--describe"), &pid[i]);
	int64_t until = clock_ms() + ms;
	for (size_t i = 0; i < commands.n; i++) {
		struct str s = hear(fd[i], &pid[i], until);
		if (!str_starts(s, S("command\t"))) continue;
		commands.v[i].summary = field(s, 2);
		commands.v[i].audience = field(s, 4);
	}
}

// ---- help

static const struct { const char *word, *title; } audiences[] = {
	{"intake", "Taking in"}, {"look-up", "Looking up"}, {"execute", "Acting on orders"}, {"foresee", "Looking ahead"},
	{"govern", "Keeping house and books"},
};
enum { AUDIENCES = sizeof audiences / sizeof *audiences };

static bool listed_elsewhere(const char *audience)
{
	for (size_t i = 0; i < AUDIENCES; i++)
		if (!strcmp(audiences[i].word, audience)) return true;
	return false;
}

static void audience(FILE *to, const char *title, const char *word)
{
	bool begun = false;
	for (size_t i = 0; i < commands.n; i++) {
		const struct command *c = &commands.v[i];
		if (word ? strcmp(c->audience, word) != 0 : listed_elsewhere(c->audience)) continue;
		if (!begun) fprintf(to, "\n%s:\n", title);
		begun = true;
		fprintf(to, "  %-12s %s\n", c->name, c->summary);
	}
}

static void overview(FILE *to, bool all)
{
	list_commands(all);
	describe_commands(2000);
	fputs("Usage: oms COMMAND [ARGUMENT...]\n"
		"Orders of every channel in one store: taken in, looked up, accounted for.\n", to);
	for (size_t i = 0; i < AUDIENCES; i++) audience(to, audiences[i].title, audiences[i].word);
	audience(to, "Others", NULL);
	fputs("\noms help COMMAND opens its manual, oms COMMAND --help is shorter.\n"
		"oms help time, formats, exit-codes: what holds for all. oms help -a: $PATH too.\n"
		"oms help tutorial, mapping, records and so on: the other pages of the manual.\n", to);
}

static const char time_text[] =
	"Times that are typed (--since, --until, --at)\n\n"
	"  2026-11-03T09:15:00Z      RFC 3339, with Z or an offset\n"
	"  2026-11-03 09:15          a date, with a time or without, in --tz (else $TZ)\n"
	"  now today yesterday tomorrow\n"
	"  -90m -2h -7d -2w          so long ago\n"
	"  @1793697300               seconds since 1970\n\n"
	"03/11/2026 is refused: it is two days, one on each side of an ocean.\n"
	"--since is included, --until is not: -S 2026-11-01 -U 2026-12-01 is November.\n\n"
	"Times that are printed\n\n"
	"  Records are in UTC, 2026-11-03T09:15:00.000Z, in any zone: they sort as text.\n"
	"  Screens show the zone of --tz with its offset, 2026-11-03 10:15:00 +01:00.\n";

static const char formats_text[] =
	"Forms of output (-F, --format=FORM)\n\n"
	"  table   columns, cut to the terminal; never cut in a pipe\n"
	"  text    labels and values; what oms-show prints on a terminal\n"
	"  jsonl   one JSON object a line: what a pipe gets if nothing is said\n"
	"  json    one array; --json is short for it\n"
	"  csv     RFC 4180, a line of names first; what a spreadsheet would run gets a '\n"
	"  tsv     the same with tabs\n"
	"  ids     ids, one a line; with -z each ends with NUL, as xargs -0 reads them\n"
	"  count   how many\n\n"
	"--fields=id,customer.name picks, --fields=+note adds, --fields=help lists them.\n"
	"Records begin with their kind, \"schema\":\"oms.order/1\"; /1 only gets new members.\n"
	"Amounts are strings, \"19.90\", with the digits of their currency; so are ids.\n"
	"Every command that takes orders reads ids or such records from standard input:\n\n"
	"  oms find --held -F ids | oms show --only=holds -F text -\n"
	"  oms find --late | jq -c 'select(.currency==\"EUR\")' | oms show -F text -\n";

static void exit_codes(FILE *to)
{
	int before = -1;
	fputs("Exit status: 0 all, 3 some, 1 none, 64 and up could not run\n\n", to);
	for (int c = E_OK; c < ERR_COUNT; c++) {
		int status = err_exit((enum err_code)c);
		if (status != before) fprintf(to, " %3d  %-13s %s\n", status, err_word((enum err_code)c), err_meaning((enum err_code)c));
		before = status;
	}
	fputs(" 128+ signal        ended by a signal: 129 HUP, 130 INT, 141 PIPE, 143 TERM\n\n"
		"75 is safe to retry as it is. A warning never changes the status.\n", to);
}

static void time_typed(FILE *to) { fputs(time_text, to); }
static void formats(FILE *to) { fputs(formats_text, to); }

static const struct { const char *word; void (*print)(FILE *to); } topics[] = {{"time", time_typed}, {"formats", formats}, {"exit-codes", exit_codes}};
enum { TOPICS = sizeof topics / sizeof *topics };

static bool topic(const char *name)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (!strcmp(name, topics[i].word)) return topics[i].print(stdout), true;
	return false;
}

// Where manuals of a section lie: beside the programs as they are built, or as they are installed.
static const char *manuals(int where, char section)
{
	return arena_printf(&arena, where ? "%s/../share/man/man%c" : "%s/../man", folder, section);
}

static const char *page_of(const char *name, const char *sections)
{
	if (!strncmp(name, "oms-", 4)) name += 4;
	for (; folder && *sections; sections++)
		for (int where = 0; where < 2; where++) {
			const char *path = arena_printf(&arena, "%s/oms-%s.%c", manuals(where, *sections), name, *sections);
			if (!strchr(name, '/') && !access(path, R_OK)) return path;
		}
	return NULL;
}

static const char pages[] = "57"; // sections: of formats, and of what is larger than a command

// Those of the other sections, for completion.
static void offer_pages(struct completion *c)
{
	for (int k = 0; folder && k < 4; k++) {
		DIR *d = opendir(manuals(k / 2, pages[k % 2]));
		for (struct dirent *e; d && (e = readdir(d));) {
			struct str name = str_of(e->d_name);
			if (!str_starts(name, S("oms-")) || name.n < 6 || name.p[name.n - 2] != '.' || name.p[name.n - 1] != pages[k % 2]) continue;
			name = str_cut(name, 4, name.n - 2);
			bool is_topic = false;
			for (size_t i = 0; i < TOPICS; i++) is_topic |= str_is(name, topics[i].word);
			if (!is_topic) complete_offer(c, name, S("a page of the manual"));
		}
		if (d) closedir(d);
	}
}

static const struct command *named(const char *name)
{
	if (!strncmp(name, "oms-", 4)) name += 4;
	for (size_t i = 0; i < commands.n; i++)
		if (!strcmp(commands.v[i].name, name)) return &commands.v[i];
	return NULL;
}

static int no_such(const char *name)
{
	struct near near = near_begin(str_of(name), 3);
	for (size_t i = 0; i < commands.n; i++) near_try(&near, commands.v[i].name);
	const char *text = arena_printf(&arena, "there is no command '%s'", name);
	return refuse(E_USAGE, text, near.best ? arena_printf(&arena, "did you mean oms %s?", near.best) : "oms help lists the commands");
}

static int help(char **args)
{
	bool all = args[0] && (!strcmp(args[0], "-a") || !strcmp(args[0], "--all"));
	if (!args[0] || all) {
		overview(stdout, all);
		return closed(0);
	}
	if (topic(args[0])) return closed(0);
	list_commands(true);
	const struct command *c = named(args[0]);
	const char *page = c ? page_of(c->name, "1") : page_of(args[0], pages);
	if (!c && !page) return no_such(args[0]);
	if (page) execlp("man", "man", page, (char *)NULL);
	if (!c) return refuse(E_UNAVAILABLE, arena_printf(&arena, "%s is read with man, and that cannot be run: %s", page, strerror(errno)), "apt-get install man-db, or mandoc");
	execl(c->path, c->path, "--help", (char *)NULL); // no manual here, or no man
	return refuse(E_UNAVAILABLE, arena_printf(&arena, "cannot run %s: %s", c->path, strerror(errno)), "is the installation whole?");
}

// ---- version

static int version(char **args)
{
	bool json = args[0] && !strcmp(args[0], "--json");
	if (args[0] && (!json || args[1])) return refuse(E_USAGE, arena_printf(&arena, "oms version does not know '%s'", args[json]), "oms version [--json]");
	if (!json) return printf("oms (oms) %s\n", VERSION), closed(0);
	struct buf b = {0};
	const char *slash = folder ? strrchr(folder, '/') : NULL; // where it lies, which DESTDIR or a move may have made another place
	member_record(&b, "oms.version/1");
	member_word(&b, "id", "oms");
	member_word(&b, "version", VERSION);
	member_whole(&b, "store_version", (int64_t)n_migrations);
	member_text(&b, "prefix", slash ? (struct str){folder, (size_t)(slash - folder)} : str_of(PREFIX));
	buf_cstr(&b, "}\n");
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
	return closed(0);
}

// ---- completion

enum { PATIENCE_MS = 100 };

static void offer_commands(struct completion *c, bool for_help)
{
	static const char *const own[][2] = {{"help", "list the commands, or open a manual"}, {"version", "print the version"}};
	list_commands(true);
	describe_commands(PATIENCE_MS);
	for (size_t i = 0; i < commands.n; i++) complete_offer(c, str_of(commands.v[i].name), str_of(commands.v[i].summary));
	for (size_t i = 0; !for_help && i < 2; i++) complete_offer(c, str_of(own[i][0]), str_of(own[i][1]));
	for (size_t i = 0; for_help && i < TOPICS; i++) complete_offer(c, str_of(topics[i].word), S("what holds for all commands"));
	if (for_help) offer_pages(c);
}

// --db of the line being typed: ids must come from the store that is meant.
static char *store_option(char **words)
{
	for (; *words; words++) {
		if (!strncmp(*words, "--db=", 5)) return *words;
		if (!strcmp(*words, "--db") && words[1]) return arena_printf(&arena, "--db=%s", words[1]);
	}
	return NULL;
}

// Which command knows the values of a kind: those of the store that is meant.
static const char *teller(struct str kind)
{
	static const char *const known[][2] = {{"ORDER", "find"}, {"TOKEN", "find"}, {"SEGMENT", "find"}, {"SOURCE", "source"}, {"DEAD", "dead"},
		{"SKU", "stock"}, {"WAREHOUSE", "stock"}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(kind, known[i][0])) return known[i][1];
	return NULL;
}

// Read-only, and whatever goes wrong gives none.
static void offer_values(struct completion *c, char **words, int64_t until)
{
	const char *program = teller(c->kind);
	if (!program || !folder) return;
	char *argv[5] = {arena_printf(&arena, "oms-%s", program), arena_printf(&arena, "--offer=" STR_FMT ":" STR_FMT, STR_ARG(c->kind), STR_ARG(c->typed)),
		arena_strdup(&arena, "--wait-lock=0.05"), store_option(words)};
	pid_t pid = 0;
	struct str s = hear(start(arena_printf(&arena, "%s/oms-%s", folder, program), argv, &pid), &pid, until);
	while (s.n) {
		struct str line = str_cut(s, 0, strcspn(s.p, "\n"));
		s = str_cut(s, line.n + 1, s.n);
		const char *tab = memchr(line.p, '\t', line.n);
		size_t end = tab ? (size_t)(tab - line.p) : line.n;
		complete_offer(c, str_cut(line, 0, end), str_cut(line, end + 1, line.n));
	}
}

// A command's tables, with the options that stand before the cursor: they decide which columns there are. Where those make no
// sense, or not yet, its tables as they are without.
static struct str described(const struct command *cmd, char **words, size_t n, int64_t until)
{
	char **argv = NEW_N(&arena, char *, n + 3);
	pid_t pid = 0;
	argv[0] = arena_printf(&arena, "oms-%s", cmd->name);
	argv[1] = arena_strdup(&arena, "--describe");
	for (size_t i = 0; i < n; i++) argv[i + 2] = words[i];
	struct str s = hear(start(cmd->path, argv, &pid), &pid, until);
	return str_starts(s, S("command\t")) ? s : hear(start(cmd->path, asking(cmd->name, "--describe"), &pid), &pid, until);
}

// What the shell itself has names of; behind the tab what goes before each of them.
static void offer_files(const struct completion *c)
{
	const char *kind = str_is(c->kind, "FILE") ? "file" : str_is(c->kind, "DIR") ? "dir" : NULL;
	if (kind) printf(":%s\t" STR_FMT "\n", kind, STR_ARG(c->stem));
}

// Words of a command line, its last one being typed: values and descriptions, or ":file" and ":dir" for the shell's own.
static int complete(char **words)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	struct completion c = {0};
	size_t n = 0;
	while (words[n]) n++;
	if (!n) return 0;
	char *slash = strrchr(words[0], '/');
	const char *first = slash ? slash + 1 : words[0];
	if (!strcmp(first, "oms")) words++, n--, first = n > 1 ? words[0] : "";
	if (!n || !strcmp(first, "help") || !*first) {
		c.typed = str_of(n ? words[n - 1] : "");
		if (n <= 2) offer_commands(&c, *first);
	} else {
		list_commands(true);
		const struct command *cmd = named(first);
		struct str s = cmd ? described(cmd, words + 1, n > 1 ? n - 2 : 0, until) : (struct str){0};
		complete_at(&c, s, (const char *const *)words + 1, n - 1, &arena);
		offer_values(&c, words, until);
	}
	offer_files(&c);
	if (c.to.n) fwrite(c.to.p, 1, c.to.n, stdout);
	buf_free(&c.to);
	fflush(stdout); // silent on trouble: a prompt is no place for it
	return 0;
}

// ---- dispatch

static int dispatch(char **args)
{
	const char *name = args[0];
	if (strchr(name, '/')) return no_such(name);
	char *own = arena_printf(&arena, "oms-%s", name);
	args[0] = own;
	if (folder) {
		const char *path = arena_printf(&arena, "%s/%s", folder, own);
		execv(path, args);
		if (errno != ENOENT) return refuse(E_UNAVAILABLE, arena_printf(&arena, "cannot run %s: %s", path, strerror(errno)), "is the installation whole?");
	}
	execvp(own, args);
	list_commands(true);
	return no_such(name);
}

static bool is(const char *word, const char *a, const char *b) { return !strcmp(word, a) || !strcmp(word, b); }

static int act(char **args)
{
	if (!args[0]) {
		overview(stderr, false);
		return err_exit(E_USAGE);
	}
	if (is(args[0], "help", "--help") || is(args[0], "-h", "-?")) return help(args + 1);
	if (is(args[0], "--usage", "--usage")) return puts("Usage: oms COMMAND [ARGUMENT...]"), closed(0);
	if (is(args[0], "--version", "-V")) return version((char *[]){NULL});
	if (!strcmp(args[0], "version")) return version(args + 1);
	if (!strcmp(args[0], "__complete")) return complete(args + 1);
	if (args[0][0] == '-') return refuse(E_USAGE, arena_printf(&arena, "there is no option %s before a command's name", args[0]), "usage: oms COMMAND [ARGUMENT...]");
	return dispatch(args);
}

int main(int argc, char **argv)
{
	const char *env = getenv("OMS_JSON_ERRORS");
	json_errors = env && *env && strcmp(env, "0") != 0;
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--json-errors")) json_errors = true;
	folder = own_folder();
	char **args = argv + (argc > 0);
	if (args[0] && !strcmp(args[0], "--json-errors")) args++;
	int status = act(args);
	arena_free(&arena);
	return status;
}
