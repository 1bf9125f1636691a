// What goes to standard error: errors, hints, warnings, summaries; for people, or as oms.error/1.
#include "cmd_parts.h"
#include "member.h"
#include "text.h"
#include <errno.h>
#include <unistd.h>

static struct frame *frame_of(struct oms *oms) { return (struct frame *)(void *)oms; } // its first member

// One write a message, so that lines of two processes do not mix.
static void to_stderr(const struct buf *b)
{
	const char *p = b->p;
	for (size_t n = b->n; n;) {
		ssize_t k = write(2, p, n);
		if (k < 0 && errno == EINTR) continue;
		if (k <= 0) return; // there is nobody left to tell
		p += k;
		n -= (size_t)k;
	}
}

static void let_go(struct frame *f)
{
	if (!f->pending.n) return;
	buf_cstr(&f->pending, "}\n");
	to_stderr(&f->pending);
	buf_clear(&f->pending);
}

struct message { const char *level, *code, *about, *text, *hint; };

static void say_json(struct frame *f, const struct message *m)
{
	let_go(f);
	struct buf *b = &f->pending;
	member_record(b, "oms.error/1");
	member_word(b, "level", m->level);
	member_word(b, "code", m->code);
	member_word(b, "command", cmd.name);
	if (m->about && *m->about) member_word(b, "id", m->about);
	member_word(b, "message", m->text);
	if (m->hint && *m->hint) member_word(b, "hint", m->hint);
}

static void say_plain(const struct message *m)
{
	struct buf b = {0};
	buf_printf(&b, "%s: ", cmd.name);
	if (!strcmp(m->level, "warning")) buf_cstr(&b, "warning: ");
	if (m->about && *m->about) {
		text_safe(&b, str_of(m->about));
		buf_cstr(&b, ": ");
	}
	text_safe(&b, str_of(m->text));
	buf_c(&b, '\n');
	if (m->hint && *m->hint) {
		buf_cstr(&b, "hint: ");
		text_safe(&b, str_of(m->hint));
		buf_c(&b, '\n');
	}
	to_stderr(&b);
	buf_free(&b);
}

static void say(struct frame *f, const struct message *m)
{
	if (f->json_errors) say_json(f, m);
	else say_plain(m);
}

void say_error(struct frame *f)
{
	const struct err *e = &f->oms.err;
	say(f, &(struct message){"error", err_word(e->code), NULL, e->text, e->hint});
}

void say_last(struct frame *f, int status)
{
	if (!f->pending.n) return;
	member_whole(&f->pending, "exit", status);
	let_go(f);
}

void cmd_report(struct oms *oms, const char *about)
{
	const struct err *e = &oms->err;
	oms->failed++;
	say(frame_of(oms), &(struct message){"error", err_word(e->code), about, e->text, e->hint});
	err_clear(&oms->err);
}

static void say_formatted(struct oms *oms, const char *level, const char *code, const char *hint, const char *fmt, va_list ap)
{
	struct arena_mark mark = arena_mark(&oms->arena);
	say(frame_of(oms), &(struct message){level, code, NULL, arena_vprintf(&oms->arena, fmt, ap), hint});
	arena_reset(&oms->arena, mark);
}

void cmd_warn(struct oms *oms, const char *fmt, ...)
{
	if (oms->quiet) return;
	va_list ap;
	va_start(ap, fmt);
	say_formatted(oms, "warning", NULL, NULL, fmt, ap);
	va_end(ap);
}

void cmd_warn_with(struct oms *oms, const char *hint, const char *fmt, ...)
{
	if (oms->quiet) return;
	va_list ap;
	va_start(ap, fmt);
	say_formatted(oms, "warning", NULL, hint, fmt, ap);
	va_end(ap);
}

void cmd_refuse(struct oms *oms, const char *code, const char *fmt, ...)
{
	if (oms->quiet) return;
	va_list ap;
	va_start(ap, fmt);
	say_formatted(oms, "error", code, NULL, fmt, ap);
	va_end(ap);
}

void cmd_tell(struct oms *oms, const char *fmt, ...)
{
	if (oms->quiet) return;
	va_list ap;
	va_start(ap, fmt);
	say_formatted(oms, "info", NULL, NULL, fmt, ap);
	va_end(ap);
}

void cmd_none(struct oms *oms, const char *fmt, ...)
{
	static const enum out_format told[] = {OUT_TABLE, OUT_TEXT, OUT_JSONL, OUT_IDS}; // the others say it themselves
	bool silent = false;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) silent |= out_form(oms->out) == told[i];
	if (!silent || oms->quiet || !oms->tty || !oms->err_tty || oms->failed || out_count(oms->out)) return;
	va_list ap;
	va_start(ap, fmt);
	say_formatted(oms, "info", NULL, NULL, fmt, ap);
	va_end(ap);
}

// Success without a terminal is silent: cron mails what is written here.
void cmd_say(struct oms *oms, const char *fmt, ...)
{
	if (oms->quiet || (!oms->err_tty && !oms->verbose && !oms->failed)) return;
	va_list ap;
	va_start(ap, fmt);
	say_formatted(oms, "info", NULL, NULL, fmt, ap);
	va_end(ap);
}
