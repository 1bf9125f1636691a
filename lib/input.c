// A stream of records out of a file, whatever its form: looks at the first bytes, and reads on as JSON or as a table.
#include "input.h"
#include "input_json.h"
#include "input_bytes.h"
#include "input_table.h"
#include <stdlib.h>

enum { LOOK = 1 << 16 };

struct input {
	struct bytes s;
	struct input_options o;
	enum input_form form;
	bool started;
	char delimiter;
	uint64_t number;
	struct input_json json;
	struct input_table table;
	char *path;
};

struct input *input_open(struct err *e, const char *path, const struct input_options *o)
{
	struct input *in = must_alloc(sizeof *in);
	*in = (struct input){.o = o ? *o : (struct input_options){0}};
	size_t n = strlen(path) + 1;
	in->path = memcpy(must_alloc(n), path, n);
	if (!bytes_open(&in->s, in->path, e)) return in;
	input_close(in);
	return NULL;
}

void input_close(struct input *in)
{
	if (!in) return;
	input_json_free(&in->json);
	input_table_free(&in->table);
	bytes_close(&in->s);
	free(in->path);
	free(in);
}

bool input_form_named(const char *word, enum input_form *form)
{
	*form = !strcmp(word, "json") ? INPUT_JSON : !strcmp(word, "csv") ? INPUT_CSV : !strcmp(word, "tsv") ? INPUT_TSV : INPUT_AUTO;
	return *form != INPUT_AUTO;
}

void input_before_wait(struct input *in, void (*f)(void *), void *arg)
{
	in->s.wait = f;
	in->s.wait_arg = arg;
}

void input_stop_when(struct input *in, bool (*stop)(void)) { in->s.stop = stop; }
enum input_form input_form(const struct input *in) { return in->form; }
const char *input_name(const struct input *in) { return in->s.name; }
bool input_regular(const struct input *in) { return in->s.regular; }
uint64_t input_size(const struct input *in) { return in->s.size; }
int input_fd(const struct input *in) { return in->s.fd; }

// --- what is it? -------------------------------------------------------------------------------------------------------

static struct str seen(const struct input *in) { return (struct str){in->s.b.p ? in->s.b.p + in->s.pos : "", in->s.b.n - in->s.pos}; }
static bool starts(struct str s, const char *magic, size_t n) { return s.n >= n && memcmp(s.p, magic, n) == 0; }

static const char *encoding(struct str s)
{
	if (starts(s, "\xff\xfe\0\0", 4) || starts(s, "\0\0\xfe\xff", 4) || starts(s, "\0\0\0", 3)) return "UTF-32";
	if (s.n >= 4 && s.p[0] && !s.p[1] && !s.p[2] && !s.p[3]) return "UTF-32";
	if (starts(s, "\xff\xfe", 2) || starts(s, "\xfe\xff", 2)) return "UTF-16";
	return s.n >= 2 && (!s.p[0] != !s.p[1]) ? "UTF-16" : NULL;
}

static const char *packed(struct str s)
{
	if (starts(s, "\x1f\x8b", 2)) return "gzip";
	if (starts(s, "\x28\xb5\x2f\xfd", 4)) return "zstd";
	if (starts(s, "\xfd" "7zXZ", 5)) return "xz";
	if (starts(s, "BZh", 3) && s.n > 3 && s.p[3] >= '1' && s.p[3] <= '9') return "bzip2";
	return starts(s, "PK\3\4", 4) ? "zip" : NULL;
}

// Bytes that are no text we read are named, with what to do.
static int refuse_bytes(struct input *in, struct err *e)
{
	const char *what = encoding(seen(in));
	if (what) {
		fail(e, E_DATA, "%s: is %s; only UTF-8 can be read", in->s.name, what);
		return hint(e, "iconv -f %s -t UTF-8 %s", what, in->path);
	}
	what = packed(seen(in));
	if (what) {
		fail(e, E_DATA, "%s: is compressed with %s", in->s.name, what);
		const char *tool = !strcmp(what, "gzip") ? "zcat" : !strcmp(what, "zstd") ? "zstdcat" : !strcmp(what, "xz") ? "xzcat" : !strcmp(what, "bzip2") ? "bzcat" : "unzip -p";
		return hint(e, "unpack it on the way in: %s FILE | …", tool);
	}
	return 0;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The first byte that is no blank, behind a byte order mark: how far it is from the start. Reads until there is one.
static int first_byte(struct input *in, size_t *at)
{
	for (*at = 0;;) {
		struct str s = seen(in);
		if (!*at && starts(s, "\xef\xbb\xbf", 3)) *at = 3;
		while (*at < s.n && blank(s.p[*at])) ++*at;
		if (*at < s.n && (s.n >= 5 || s.p[s.n - 1] == '\n')) return 0; // enough for every mark that is known
		if (s.n > LOOK) return 0;
		int rc = bytes_more(&in->s);
		if (rc <= 0) return rc;
	}
}

// The line that starts at `from`, without its end. Reads until it is whole, or as much as is looked at.
static int line_at(struct input *in, size_t from, struct str *line)
{
	for (;;) {
		struct str s = str_cut(seen(in), from, SIZE_MAX);
		size_t n = 0;
		while (n < s.n && s.p[n] != '\n' && s.p[n] != '\r') n++;
		*line = (struct str){s.p, n};
		if (n < s.n || s.n > LOOK) return 0;
		int rc = bytes_more(&in->s);
		if (rc > 0) continue;
		*line = str_cut(seen(in), from, SIZE_MAX); // the buffer may have moved all the same
		return rc;
	}
}

// The next line that is not empty, behind the one at `at`.
static int next_line(struct input *in, size_t at, struct str *line)
{
	do {
		at += line->n + 1;
		if (line_at(in, at, line)) return -1;
	} while (!line->n && at < seen(in).n);
	return 0;
}

static bool holds(struct str line, const char *name)
{
	return memmem(line.p, line.n, name, strlen(name)) != NULL;
}

// The line that ought to be the header: the first that holds all names asked for.
static int header_line(struct input *in, size_t at, struct str *line)
{
	for (;;) {
		if (line_at(in, at, line)) return -1;
		bool all = true;
		for (const char *const *h = in->o.header; h && *h; h++) all = all && holds(*line, *h);
		size_t end = at + line->n;
		if (all) return 1;
		if (end >= seen(in).n || end > LOOK) return 0;
		at = end + 1;
	}
}

// The delimiter that stands most often in the line, outside quotes; 0 where none does.
static char delimiter_of(struct str line)
{
	static const char known[] = ",;\t|";
	size_t count[4] = {0}, best = 0;
	bool quoted = false;
	for (size_t i = 0; i < line.n; i++) {
		const char *k = line.p[i] ? strchr(known, line.p[i]) : NULL;
		if (line.p[i] == '"') quoted = !quoted;
		else if (k && !quoted) count[k - known]++;
	}
	for (size_t i = 1; i < 4; i++)
		if (count[i] > count[best]) best = i;
	return count[best] ? known[best] : 0;
}

static bool json_starts(struct str s)
{
	size_t i = 1;
	while (i < s.n && blank(s.p[i])) i++;
	if (!s.n || (s.p[0] != '{' && s.p[0] != '[')) return false;
	return i >= s.n || strchr(s.p[0] == '{' ? "\"}{" : "{[]\"", s.p[i]);
}

static bool bracket(struct str s) { return s.n && (s.p[0] == '{' || s.p[0] == '['); }

static bool named_json(const char *path)
{
	struct str s = str_of(path);
	return str_ends(s, S(".json")) || str_ends(s, S(".jsonl")) || str_ends(s, S(".ndjson"));
}

// The input starts with a bracket and no header was found: JSON, whatever was said. A table that was said to be one may have
// a header such as [Order], so there the whole first line is looked at.
static int looks_like_json(struct input *in, size_t at)
{
	struct str line;
	if (!bracket(str_cut(seen(in), at, SIZE_MAX))) return 0;
	if (in->form == INPUT_AUTO) return 1;
	return line_at(in, at, &line) ? -1 : json_starts(line);
}

// A table, or lines of which only the first is no JSON?
static int look_at_table(struct input *in, size_t at, struct str header, bool named)
{
	in->delimiter = in->o.delimiter ? in->o.delimiter : in->form == INPUT_TSV ? '\t' : delimiter_of(header);
	if (in->form != INPUT_AUTO) return 0;
	struct str line = header;
	if (!named && next_line(in, at, &line)) return -1;
	if (!named && (json_starts(line) || (!in->delimiter && (named_json(in->path) || bracket(line))))) in->form = INPUT_JSON;
	else in->form = in->delimiter == '\t' ? INPUT_TSV : INPUT_CSV;
	return 0;
}

// Looks: sets form and delimiter. 0, -1 reading failed, -2 said in e.
static int look(struct input *in, struct err *e)
{
	size_t at;
	struct str line = {0};
	if (first_byte(in, &at)) return -1;
	if (refuse_bytes(in, e)) return -2;
	in->form = in->o.form;
	if (in->form == INPUT_AUTO && at == seen(in).n) in->form = INPUT_JSON; // nothing: no records
	if (in->form == INPUT_JSON) return 0;
	if (str_starts(str_cut(seen(in), at, SIZE_MAX), S("<")))
		return fail(e, E_DATA, "%s: looks like HTML or XML, perhaps an error page: neither JSON nor a table", in->s.name), -2;
	bool names = in->o.header && *in->o.header;
	int json = names ? 0 : looks_like_json(in, at), found = json ? 0 : header_line(in, at, &line);
	if (names && !found) json = looks_like_json(in, at);
	if (json < 0 || found < 0) return -1;
	if (json) in->form = INPUT_JSON;
	return json ? 0 : look_at_table(in, at, line, names && found);
}

// --- records -----------------------------------------------------------------------------------------------------------

static int start(struct input *in, struct err *e)
{
	int rc = look(in, e);
	if (rc) return rc == -2 ? -1 : in->s.stopped ? 0 : bytes_failed(&in->s, e);
	if (in->form == INPUT_JSON) {
		if (starts(seen(in), "\xef\xbb\xbf", 3)) in->s.pos += 3;
		input_json_start(&in->json, &in->s);
	} else if (input_table_start(&in->table, &in->s, in->delimiter ? in->delimiter : ',', in->o.group, in->o.header, e)) {
		return -1;
	}
	in->started = true;
	return 0;
}

// One line of text and nothing behind it is a header to nobody.
static bool no_table(const struct input *in)
{
	return in->form != INPUT_JSON && in->o.form == INPUT_AUTO && !in->delimiter && in->table.n == 1 && !in->table.rows && !in->s.stopped;
}

int input_next(struct input *in, struct record *r, struct err *e)
{
	*r = (struct record){0};
	if (in->s.stopped) return 0;
	if (!in->started && start(in, e)) return -1;
	if (in->s.stopped) return 0;
	struct piece p;
	int rc = in->form == INPUT_JSON ? input_json_next(&in->json, &p) : input_table_next(&in->table, &p);
	if (rc < 0) return in->s.stopped ? 0 : bytes_failed(&in->s, e);
	if (!rc && no_table(in)) return fail(e, E_DATA, "%s: neither JSON nor a table: one line of text", in->s.name);
	if (!rc) return 0;
	*r = (struct record){.raw = p.raw, .header = p.header, .json = in->form == INPUT_JSON ? p.raw : p.json, .line = p.line, .number = ++in->number,
		.at = p.at, .end = p.end, .broken = p.broken, .why = p.why};
	return 1;
}

// Reads again what was read then, and gives nothing of it: whether we stand in an array, which groups there were and on
// which line we are is known in no other way, and it takes a hundredth of the time the records took.
int input_seek(struct input *in, uint64_t end, uint64_t line, uint64_t number, struct err *e)
{
	(void)line;
	if (!in->s.regular) return fail(e, E_USAGE, "%s: is no regular file: reading cannot go on inside it", in->s.name);
	struct record r = {0};
	int rc = 1;
	while (r.end < end && (rc = input_next(in, &r, e)) == 1) {}
	if (rc < 0) return -1;
	if (r.end == end && r.number == number) return 0;
	return fail(e, E_DATA, "%s: is not the file it was: no record %llu ends at byte %llu", in->s.name, (unsigned long long)number, (unsigned long long)end);
}
