// Runs commands in turn, A B A B …: turns [-n ROUNDS] [-w WARM-UPS] [-p PREPARE] [-i IDS]... -- A... -- B...
//
// One line a command, TAB between: median and 90th percentile of its wall time (ms), the most memory it held (KB), median
// of its CPU time (ms), and the medians of its ratios to the first command, of wall and of CPU time.
// {1} in a word stands for a line of the first IDS file, another each round, {2} for one of the second. PREPARE is a shell
// line run before each command, off the clock. Standard output goes to /dev/null; a command that fails ends the run.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS = 64, WORDS = 64, LISTS = 2, TEXT = 4096 };
struct command { char **word; int words; double *ms, *cpu; long rss; };
struct list { char **line; size_t n; };

static struct command command[COMMANDS];
static int commands;
static struct list list[LISTS];
static int lists;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "turns: %s: %s\n", what, which);
	exit(1);
}

static void *room(size_t n)
{
	void *p = calloc(n ? n : 1, 1);
	if (!p) die("out of memory", "calloc");
	return p;
}

static void read_ids(const char *path)
{
	FILE *f = fopen(path, "r");
	if (!f || lists == LISTS) die("cannot read", path);
	struct list *l = &list[lists++];
	char *line = NULL;
	size_t size = 0, most = 0;
	for (ssize_t n; (n = getline(&line, &size, f)) > 0;) {
		line[strcspn(line, "\n")] = 0;
		if (l->n == most) l->line = realloc(l->line, sizeof *l->line * (most = most * 2 + 64));
		if (!l->line || !(l->line[l->n++] = strdup(line))) die("out of memory", path);
	}
	free(line);
	fclose(f);
	if (!l->n) die("no line in", path);
}

// The word with {1} and {2} replaced by this round's lines.
static char *filled(const char *word, size_t round, char *to)
{
	size_t n = 0;
	for (; *word && n < TEXT - 1; word++) {
		int i = word[0] == '{' && (word[1] == '1' || word[1] == '2') && word[2] == '}' ? word[1] - '1' : -1;
		if (i < 0 || i >= lists) {
			to[n++] = *word;
			continue;
		}
		n += (size_t)snprintf(to + n, TEXT - n, "%s", list[i].line[round % list[i].n]);
		if (n >= TEXT) die("a word is too long", word);
		word += 2;
	}
	to[n] = 0;
	return to;
}

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static double run(struct command *c, size_t round, double *cpu)
{
	static char text[WORDS][TEXT];
	char *argv[WORDS + 1];
	struct timespec a, b;
	struct rusage used;
	int status;
	for (int i = 0; i < c->words; i++) argv[i] = filled(c->word[i], round, text[i]);
	argv[c->words] = NULL;
	clock_gettime(CLOCK_MONOTONIC, &a);
	pid_t pid = vfork();
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid) die("cannot run", argv[0]);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (status) {
		for (int i = 0; i < c->words; i++) fprintf(stderr, "%s ", argv[i]);
		die("failed", WIFEXITED(status) ? "by its exit status" : "by a signal");
	}
	if (used.ru_maxrss > c->rss) c->rss = used.ru_maxrss;
	*cpu = (seconds(used.ru_utime) + seconds(used.ru_stime)) * 1e3;
	return (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double at(double *v, size_t n, size_t percent)
{
	qsort(v, n, sizeof *v, by_size);
	return v[(n - 1) * percent / 100];
}

// Who goes first changes with the round, so that no command always runs behind the same one.
static void rounds(size_t n, size_t warm, const char *prepare)
{
	for (size_t r = 0; r < n + warm; r++)
		for (int k = 0; k < commands; k++) {
			struct command *c = &command[((size_t)k + r) % (size_t)commands];
			if (prepare && system(prepare)) die("failed", prepare);
			double cpu, ms = run(c, r, &cpu);
			if (r >= warm) c->ms[r - warm] = ms, c->cpu[r - warm] = cpu;
		}
}

// Of each round by itself: what disturbs the machine disturbs both alike.
static double ratio(const double *v, const double *first, double *to, size_t n)
{
	for (size_t r = 0; r < n; r++) to[r] = v[r] / (first[r] > 0 ? first[r] : 1e-3);
	return at(to, n, 50);
}

static void tell(int out, size_t n)
{
	double *to = room(sizeof *to * n), wall[COMMANDS], cpu[COMMANDS];
	for (int k = 0; k < commands; k++) {
		wall[k] = ratio(command[k].ms, command[0].ms, to, n);
		cpu[k] = ratio(command[k].cpu, command[0].cpu, to, n);
	}
	for (int k = 0; k < commands; k++) { // the medians sort, so they come last
		struct command *c = &command[k];
		double p50 = at(c->ms, n, 50), p90 = at(c->ms, n, 90);
		dprintf(out, "%.4f\t%.4f\t%ld\t%.4f\t%.4f\t%.4f\n", p50, p90, c->rss, at(c->cpu, n, 50), wall[k], cpu[k]);
	}
	free(to);
}

int main(int argc, char **argv)
{
	size_t n = 5, warm = 0;
	const char *prepare = NULL;
	for (int o; (o = getopt(argc, argv, "+n:w:p:i:")) != -1;)
		switch (o) {
		case 'n': n = strtoul(optarg, NULL, 10); break;
		case 'w': warm = strtoul(optarg, NULL, 10); break;
		case 'p': prepare = optarg; break;
		case 'i': read_ids(optarg); break;
		default: return 1;
		}
	for (int i = optind; i < argc; i++) { // getopt ate the first --
		struct command *c = &command[commands];
		if (commands == COMMANDS || !n) die("too many commands", argv[i]);
		for (c->word = argv + i; i < argc && strcmp(argv[i], "--"); i++) c->words++;
		if (!c->words || c->words > WORDS) die("a command of no word, or of too many", "--");
		c->ms = room(sizeof(double) * n);
		c->cpu = room(sizeof(double) * n);
		commands++;
	}
	if (!commands) die("usage", "turns [-n ROUNDS] [-w WARM-UPS] [-p PREPARE] [-i IDS]... -- A... -- B...");
	int out = dup(1), null = open("/dev/null", O_WRONLY);
	if (out < 0 || null < 0 || dup2(null, 1) < 0 || fcntl(out, F_SETFD, FD_CLOEXEC)) die("cannot open", "/dev/null");
	rounds(n, warm, prepare);
	tell(out, n);
	return 0;
}
