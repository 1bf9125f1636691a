// A look over the command line before argp has it: options cut short, unknown ones and missing arguments are told here.
// argp takes any unambiguous beginning of a long option, so that a new option could break an old script.
#include "cmd_parts.h"
#include "near.h"
#include <stdlib.h>

static int with_help(struct frame *f)
{
	if (f->oms.err.hint[0]) return -1;
	return hint(&f->oms.err, "%s --help lists the options", cmd.name);
}

static int unknown(struct frame *f, struct str name)
{
	const char *full = NULL;
	struct near near = near_begin(name, 2);
	for (size_t i = 0; i < f->rows.n; i++) {
		const struct row *r = &f->rows.v[i];
		if (!r->name || r->hidden) continue;
		if (name.n && !full && str_starts(str_of(r->name), name)) full = r->name;
		near_try(&near, r->name);
	}
	if (full) {
		fail(&f->oms.err, E_USAGE, "--" STR_FMT " is not a whole option name", STR_ARG(name));
		return hint(&f->oms.err, "write --%s", full);
	}
	fail(&f->oms.err, E_USAGE, "there is no option --" STR_FMT, STR_ARG(name));
	return near.best ? hint(&f->oms.err, "did you mean --%s?", near.best) : with_help(f);
}

// 1: the argument is the next word; 0: the option is whole; -1: refused.
static int scan_long(struct frame *f, const char *word, bool last)
{
	const char *equals = strchrnul(word, '=');
	struct str name = {word, (size_t)(equals - word)};
	const struct row *r = options_long(f, name);
	if (!r) return unknown(f, name);
	if (*equals && !r->arg) {
		fail(&f->oms.err, E_USAGE, "--%s takes no argument", r->name);
		return with_help(f);
	}
	if (*equals || !r->arg || r->arg_optional) return 0;
	if (!last) return 1;
	fail(&f->oms.err, E_USAGE, "--%s needs %s", r->name, r->arg);
	return hint(&f->oms.err, "write --%s=%s", r->name, r->arg);
}

static int scan_short(struct frame *f, const char *letters, bool last)
{
	for (; *letters; letters++) {
		const struct row *r = options_short(f, (unsigned char)*letters);
		if (!r) {
			fail(&f->oms.err, E_USAGE, "there is no option -%c", *letters);
			return with_help(f);
		}
		if (!r->arg) continue;
		if (letters[1] || r->arg_optional) return 0;
		if (!last) return 1;
		fail(&f->oms.err, E_USAGE, "-%c needs %s", *letters, r->arg);
		return with_help(f);
	}
	return 0;
}

int options_scan(struct frame *f, int argc, char **argv)
{
	bool in_order = getenv("POSIXLY_CORRECT");
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		bool last = i + 1 == argc;
		if (!strcmp(word, "--")) return 0;
		if (word[0] != '-' || !word[1]) {
			if (in_order) return 0;
			continue;
		}
		int r = word[1] == '-' ? scan_long(f, word + 2, last) : scan_short(f, word + 1, last);
		if (r < 0) return -1;
		i += r;
	}
	return 0;
}
