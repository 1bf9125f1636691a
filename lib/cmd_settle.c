// What the options and the environment mean: the clock, the zone, the window, the terminal, the store.
#include "cmd_parts.h"
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *env(const char *name)
{
	const char *v = getenv(name);
	return v && *v ? v : NULL;
}

static int clock_settle(struct oms *oms)
{
	const char *fixed = env("OMS_NOW");
	if (fixed && !date_parse(str_of(fixed), "rfc3339", "UTC", &oms->now)) {
		fail(&oms->err, E_USAGE, "OMS_NOW=%s is no instant", fixed);
		return hint(&oms->err, "write it as 2026-11-03T09:15:00Z, or unset it");
	}
	oms->now = date_now();
	return 0;
}

static const char *behind(const char *path, const char *folder)
{
	const char *at = strstr(path, folder);
	return at ? at + strlen(folder) : NULL;
}

// The zone of the person: $TZ, else what the machine is set to, else UTC.
static const char *home_zone(struct arena *a)
{
	const char *tz = getenv("TZ");
	if (tz) {
		if (*tz == ':') tz++;
		const char *name = *tz == '/' ? behind(tz, "zoneinfo/") : tz;
		return name && *name && zone_known(name) ? name : "UTC";
	}
	char link[256];
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);
	link[n > 0 ? n : 0] = 0;
	const char *name = behind(link, "zoneinfo/");
	return name && zone_known(name) ? arena_strdup(a, name) : "UTC";
}

static int zone_settle(struct frame *f)
{
	struct oms *oms = &f->oms;
	oms->zone = "UTC";
	if (!(cmd.groups & (CMD_WINDOW | CMD_ZONE))) return 0;
	oms->zone = f->tz ? f->tz : home_zone(&oms->arena);
	if (!f->tz || zone_known(f->tz)) return 0;
	fail(&oms->err, E_USAGE, "--tz=%s: there is no such time zone", f->tz);
	return hint(&oms->err, "write UTC, an offset as +02:00, or a name as Europe/Berlin");
}

static int window_settle(struct frame *f)
{
	struct oms *oms = &f->oms;
	if (f->since && date_typed(&oms->err, f->since, oms->zone, oms->now, &oms->since)) return because(&oms->err, "--since");
	if (f->until && date_typed(&oms->err, f->until, oms->zone, oms->now, &oms->until)) return because(&oms->err, "--until");
	if (f->since && f->until && oms->since > oms->until)
		return fail(&oms->err, E_USAGE, "the window ends before it begins: --since=%s is later than --until=%s", f->since, f->until);
	if (!oms->verbose || (!f->since && !f->until)) return 0;
	struct buf b = {0};
	buf_cstr(&b, "window");
	if (f->since) buf_cstr(&b, " from "), date_text(&b, oms->since);
	if (f->until) buf_cstr(&b, " to before "), date_text(&b, oms->until);
	cmd_say(oms, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return 0;
}

static bool colored(const struct frame *f)
{
	if (f->color && strcmp(f->color, "auto") != 0) return !strcmp(f->color, "always");
	if (env("NO_COLOR")) return false;
	const char *force = env("CLICOLOR_FORCE"), *cli = getenv("CLICOLOR"), *term = getenv("TERM");
	if (force && strcmp(force, "0") != 0) return true;
	if (cli && !strcmp(cli, "0")) return false;
	return f->oms.tty && term && *term && strcmp(term, "dumb") != 0;
}

static size_t terminal_width(void)
{
	int64_t n;
	const char *columns = env("COLUMNS");
	if (columns && str_int(str_of(columns), &n) && n > 0 && n < 10000) return (size_t)n;
	struct winsize w;
	return !ioctl(1, TIOCGWINSZ, &w) && w.ws_col ? w.ws_col : 80;
}

static void terminal_settle(struct frame *f)
{
	struct oms *oms = &f->oms;
	bool to_file = f->oms.output && strcmp(f->oms.output, "-") != 0;
	oms->tty = !to_file && isatty(1);
	oms->color = colored(f);
	oms->width = f->asked_width > 0 ? (size_t)f->asked_width : oms->tty ? terminal_width() : 80;
}

// Folders of the default place are made for oms-init only: a reading command never makes anything.
static const char *default_store(struct frame *f)
{
	struct arena *a = &f->oms.arena;
	const char *data = env("XDG_DATA_HOME"), *home = env("HOME");
	if (!data || *data != '/') data = home ? arena_printf(a, "%s/.local/share", home) : NULL;
	if (!data) return NULL;
	char *path = arena_printf(a, "%s/oms/oms.db", data);
	for (char *slash = path; cmd.store == DB_CREATE && (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		mkdir(path, 0700);
		*slash = '/';
	}
	return path;
}

static int store_settle(struct frame *f)
{
	struct oms *oms = &f->oms;
	oms->store = f->db ? f->db : env("OMS_DB");
	if (f->db && !*f->db) return fail(&oms->err, E_USAGE, "--db= names no file");
	if (!oms->store) oms->store = default_store(f); // also of who opens none: it must not be written over
	if (oms->store || (cmd.store_for ? cmd.store_for(oms) : cmd.store) == DB_NONE) return 0;
	fail(&oms->err, E_NOINPUT, "no store is named, and there is no home folder to look in");
	return hint(&oms->err, "give --db=FILE or set OMS_DB");
}

int settle(struct frame *f)
{
	if (clock_settle(&f->oms) || zone_settle(f)) return -1;
	terminal_settle(f);
	return window_settle(f) || store_settle(f) ? -1 : 0;
}

// cmd.args by words: "ORDER..." "[FILE...]" "NAME VALUE"; the least and the most operands, SIZE_MAX for any number.
static void operand_bounds(size_t *least, size_t *most)
{
	*least = *most = 0;
	const char *s = cmd.args ? cmd.args : "";
	while (*s) {
		size_t n = strcspn(s, " ");
		bool optional = *s == '[', many = n > 3 && memmem(s, n, "...", 3);
		if (n) *least += !optional, *most = many || *most == SIZE_MAX ? SIZE_MAX : *most + 1;
		s += n + (s[n] == ' ');
	}
	if (cmd.needs_input) *least = 0; // standard input stands in
}

int operands_check(struct frame *f)
{
	size_t least, most;
	operand_bounds(&least, &most);
	struct err *e = &f->oms.err;
	if (f->operands.n > most) {
		if (!most) fail(e, E_USAGE, "takes no operand, but '%s' stands there", f->operands.v[0]);
		else fail(e, E_USAGE, "'%s' is one operand too many", f->operands.v[most]);
		return hint(e, "usage: %s [OPTION...] %s", cmd.name, cmd.args ? cmd.args : "");
	}
	if (f->operands.n >= least) return 0;
	fail(e, E_USAGE, "an operand is missing: %s", cmd.args);
	return hint(e, "usage: %s [OPTION...] %s", cmd.name, cmd.args);
}
