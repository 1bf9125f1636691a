// Operands or standard input, one at a time: what makes the commands compose.
#include "each.h"
#include "json.h"
#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

struct each {
	struct oms *oms;
	int (*f)(struct oms *oms, const char *operand, void *ctx);
	int (*idle)(struct oms *oms, void *ctx);
	bool gather;        // words are kept until the input has ended
	VEC(const char *) kept;
	struct arena words;
	void *ctx;
	struct buf in;      // read and not yet used
	size_t used;
	uint64_t line;
	bool end, stdin_used;
	struct json tape;
	struct arena arena; // a line's
};

// Anything worse than "this one not" ends it all: 64 and up. A word of the input that is no reference is this one's fault alone.
static int settled(struct each *e, int r, const char *about)
{
	struct oms *oms = e->oms;
	if (r && e->stdin_used && oms->err.code == E_USAGE) {
		oms->err.code = E_REFUSED;
		oms->err.hint[0] = 0;
	}
	if (r == 0) {
		oms->done++;
		return 0;
	}
	if (err_exit(oms->err.code) >= err_exit(E_USAGE)) return because(&oms->err, "%s", about);
	cmd_report(oms, about);
	return 0;
}

static int one(struct each *e, const char *operand)
{
	if (e->gather) {
		*VEC_PUSH(&e->words, &e->kept) = arena_strdup(&e->words, operand);
		return 0;
	}
	return settled(e, e->f(e->oms, operand, e->ctx), operand);
}

// The words so far go out before we wait; a writer's must wait for its commit. Wakes once a second: a signal that comes
// just before the wait would be slept over.
static int wait_for_input(struct each *e)
{
	struct pollfd in = {0, POLLIN, 0};
	if (poll(&in, 1, 0)) return 0;
	if (e->idle && e->idle(e->oms, e->ctx)) return -1;
	if (cmd.store < DB_WRITE && e->oms->out) out_flush(e->oms->out);
	while (!cmd_stopping() && poll(&in, 1, 1000) <= 0);
	return 0;
}

static int fill(struct each *e)
{
	if (e->used) {
		memmove(e->in.p, e->in.p + e->used, e->in.n - e->used);
		e->in.n -= e->used;
		e->used = 0;
	}
	if (wait_for_input(e)) return -1;
	buf_room(&e->in, CHUNK);
	ssize_t n = -1;
	errno = EINTR;
	while (n < 0 && errno == EINTR && !cmd_stopping()) n = read(0, e->in.p + e->in.n, CHUNK);
	if (n < 0 && errno != EINTR) return fail(&e->oms->err, E_IO, "cannot read standard input: %s", strerror(errno));
	if (n <= 0) e->end = true;
	else e->in.n += (size_t)n;
	return 0;
}

// 1 a piece up to its end mark, 0 the end, -1 failed. A piece cut off by a signal is not taken for whole.
static int next_piece(struct each *e, char mark, struct str *piece)
{
	size_t seen = 0;
	for (;;) {
		const char *p = e->in.p + e->used, *stop = e->in.n > e->used + seen ? memchr(p + seen, mark, e->in.n - e->used - seen) : NULL;
		if (stop) {
			*piece = (struct str){p, (size_t)(stop - p)};
			e->used += piece->n + 1;
			return 1;
		}
		seen = e->in.n - e->used;
		if (e->end) {
			*piece = (struct str){p, seen};
			e->used = e->in.n;
			return seen && !cmd_stopping();
		}
		if (seen > JSON_BYTES) return fail(&e->oms->err, E_DATA, "standard input: line %llu is over 16 MiB", (unsigned long long)e->line + 1);
		if (fill(e)) return -1;
	}
}

// What a record of something else calls what is asked for; NULL: only its own id will do.
static const char *member_meant(void)
{
	if (!cmd.args) return NULL;
	if (strstr(cmd.args, "ORDER") || strstr(cmd.args, "TOKEN")) return "order";
	return strstr(cmd.args, "SKU") ? "sku" : NULL;
}

static const char *operand_in(struct each *e)
{
	const struct json *j = &e->tape;
	const char *member = member_meant();
	struct str it = member ? json_str(j, json_getz(j, 0, member), &e->arena) : (struct str){0}, source = json_str(j, json_getz(j, 0, "source"), &e->arena);
	struct str schema = json_str(j, json_getz(j, 0, "schema"), &e->arena);
	if (!it.n) it = json_str(j, json_getz(j, 0, "id"), &e->arena);
	else if (!strcmp(member, "order") && source.n && str_starts(schema, S("oms.event/"))) // an event's order is known by its source's own name for it
		return arena_printf(&e->arena, STR_FMT ":" STR_FMT, STR_ARG(source), STR_ARG(it));
	return it.n ? str_c(&e->arena, it) : NULL;
}

static int broken(struct each *e, const char *what)
{
	char about[64];
	snprintf(about, sizeof about, "standard input:%llu", (unsigned long long)e->line);
	fail(&e->oms->err, E_DATA, "%s", what);
	cmd_report(e->oms, about);
	return 0;
}

static int from_json(struct each *e, struct str line)
{
	struct json_error wrong;
	if (!json_parse(&e->tape, line, &wrong)) return broken(e, wrong.what);
	if (json_type(&e->tape, 0) != JSON_OBJECT) return broken(e, "not an object");
	const char *operand = operand_in(e), *member = member_meant();
	if (operand) return one(e, operand);
	return broken(e, member ? arena_printf(&e->arena, "has neither \"%s\" nor \"id\"", member) : "has no \"id\"");
}

static int from_piece(struct each *e, struct str piece)
{
	if (!e->oms->nul) piece = str_trim(piece);
	if (e->line == 1 && str_starts(piece, S("\xef\xbb\xbf"))) piece = str_cut(piece, 3, piece.n);
	if (!piece.n) return 0;
	if (*piece.p == '{') return from_json(e, piece);
	if (memchr(piece.p, 0, piece.n)) return broken(e, "has a NUL byte; are the ids meant to be read with -z?");
	return one(e, str_c(&e->arena, piece));
}

static bool broken_off(const struct each *e) { return e->oms->out && out_broken(e->oms->out); }

static bool going_on(const struct each *e) { return !cmd_stopping() && !broken_off(e); }

// Whether there is more of the input. What cannot be read without waiting may come.
static bool more_comes(struct each *e)
{
	struct pollfd in = {0, POLLIN, 0};
	char c;
	if (e->in.n > e->used) return true;
	return !e->end && (poll(&in, 1, 0) <= 0 || read(0, &c, 1) > 0);
}

static int from_stdin(struct each *e)
{
	if (e->stdin_used) return fail(&e->oms->err, E_USAGE, "standard input ('-') is named twice");
	e->stdin_used = true;
	buf_room(&e->in, CHUNK);
	struct str piece = {0};
	int r = 0;
	while (r == 0 && going_on(e) && (r = next_piece(e, e->oms->nul ? 0 : '\n', &piece)) > 0) {
		struct arena_mark mark = arena_mark(&e->arena);
		e->line++;
		r = from_piece(e, piece);
		arena_reset(&e->arena, mark);
	}
	if (!r && broken_off(e) && more_comes(e)) e->oms->cut = true;
	return r < 0 ? -1 : 0;
}

int each_operand(struct oms *oms, int (*f)(struct oms *oms, const char *operand, void *ctx), void *ctx) { return each_operand_idle(oms, f, NULL, ctx); }

static int all_operands(struct each *e)
{
	int r = 0;
	if (!e->oms->args[0]) r = from_stdin(e);
	char **a = e->oms->args;
	for (; *a && r == 0 && going_on(e); a++) r = strcmp(*a, "-") ? one(e, *a) : from_stdin(e);
	size_t i = 0;
	e->gather = false;
	for (; i < e->kept.n && r == 0 && going_on(e); i++) r = one(e, e->kept.v[i]);
	if (broken_off(e) && (*a || i < e->kept.n)) e->oms->cut = true;
	buf_free(&e->in);
	json_free(&e->tape);
	arena_free(&e->arena);
	arena_free(&e->words);
	return r;
}

int each_operand_idle(struct oms *oms, int (*f)(struct oms *oms, const char *operand, void *ctx), int (*idle)(struct oms *oms, void *ctx), void *ctx)
{
	return all_operands(&(struct each){.oms = oms, .f = f, .idle = idle, .ctx = ctx});
}

int each_operand_gathered(struct oms *oms, int (*f)(struct oms *oms, const char *operand, void *ctx), void *ctx)
{
	return all_operands(&(struct each){.oms = oms, .f = f, .ctx = ctx, .gather = true});
}

char **each_input(struct oms *oms)
{
	static char dash[] = "-", *standard_input[] = {dash, NULL};
	return oms->args[0] ? oms->args : standard_input;
}
