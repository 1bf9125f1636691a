// oms-init: make a store, or bring an older one up to this program; register one source a channel it comes with.
#include "cmd.h"
#include "conf.h"
#include "source_store.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

struct opt { bool upgrade; };
enum { KEY_UPGRADE = 0x300 };
static const struct argp_option options[] = {
	{"upgrade", KEY_UPGRADE, NULL, 0, "Bring the file up to this program's version and leave its sources as they are", 1},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	(void)arg;
	if (key != KEY_UPGRADE) return ARGP_ERR_UNKNOWN;
	((struct opt *)((struct oms *)st->input)->opt)->upgrade = true;
	return 0;
}

static bool registered(const struct source *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name)) return true;
	return false;
}

// A source under the channel's own name, with the zone and currency its file gives for a start.
static int add(struct oms *oms, const char *channel)
{
	struct buf path = {0};
	share_path(&path, "channels", channel, ".json");
	struct conf *c = conf_load(&oms->err, path.p);
	buf_free(&path);
	if (!c) return -1;
	const struct conf *defaults = conf_get(c, "defaults");
	bool created;
	int r = source_put(oms->db, &oms->err, &(struct source){.name = channel, .channel = channel, .tz = conf_text_at(defaults, "tz", "UTC"),
		.currency = conf_text_at(defaults, "currency", NULL), .created_at = oms->now}, &created);
	conf_close(c);
	return r;
}

static int is_channel(const struct dirent *d)
{
	struct str name = str_of(d->d_name);
	return name.n > 5 && name.p[0] != '.' && str_ends(name, S(".json"));
}

static int add_all(struct oms *oms, size_t *added)
{
	struct source *list;
	size_t n;
	if (source_list(oms->db, &oms->err, &oms->arena, &list, &n)) return -1;
	const char *folder = arena_printf(&oms->arena, "%s/channels", share_dir());
	struct dirent **entry;
	int entries = scandir(folder, &entry, is_channel, alphasort), r = 0;
	if (entries < 0) {
		fail(&oms->err, E_NOINPUT, "%s: %s", folder, strerror(errno));
		return hint(&oms->err, "the channels are installed with oms; OMS_SHARE names another folder");
	}
	for (int i = 0; i < entries; i++) {
		const char *channel = arena_copy(&oms->arena, entry[i]->d_name, strlen(entry[i]->d_name) - 5);
		free(entry[i]);
		if (r || registered(list, n, channel)) continue;
		r = add(oms, channel);
		(*added)++;
	}
	free(entry);
	return r;
}

static int run(struct oms *oms)
{
	const struct opt *opt = oms->opt;
	size_t added = 0;
	long long was = (long long)db_found_version(oms->db), is = (long long)db_schema_version(oms->db);
	if (oms->args[0]) {
		fail(&oms->err, E_USAGE, "oms-init takes no operand: \"%s\"", oms->args[0]);
		return hint(&oms->err, "name the file with --db=FILE or OMS_DB");
	}
	if (!opt->upgrade && add_all(oms, &added)) return because(&oms->err, "registering the sources of the channels");
	if (!was) cmd_say(oms, "%s: made, version %lld, %zu sources", oms->store, is, added);
	else if (was < is) cmd_say(oms, "%s: upgraded from version %lld to %lld, %zu source%s added", oms->store, was, is, added, added == 1 ? "" : "s");
	else if (added) cmd_say(oms, "%s: exists, version %lld, %zu source%s added", oms->store, is, added, added == 1 ? "" : "s");
	else cmd_say(oms, "%s: exists, version %lld, nothing to do", oms->store, is);
	oms->done++;
	return 0;
}

const struct cmd cmd = {
	.name = "oms-init", .summary = "make a store, or bring an older one up to date", .args = "", .audience = "intake",
	.examples = "oms-init\noms-init --db=/srv/oms/oms.db",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_CREATE, .tty_format = OUT_TEXT, .run = run,
};
