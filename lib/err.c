// What went wrong: a code, a sentence, a hint, kept safe to print.
#include "err.h"
#include "text.h"
#include <stdarg.h>
#include <stdio.h>

static const struct { int exit; const char *word, *meaning; } table[ERR_COUNT] = {
#define X(code, status, word, text) {status, word, text},
	ERRORS(X)
#undef X
};

// Twice the room of the text it becomes: whatever vsnprintf had to cut would not have fitted anyway, so that the end is
// cut by text_copy, at a whole character.
enum { RAW = 2 * sizeof((struct err *)0)->text };

static void write_safe(char *to, size_t cap, const char *fmt, va_list ap)
{
	char raw[RAW];
	int n = vsnprintf(raw, sizeof raw, fmt, ap);
	if (n < 0) raw[0] = 0;
	text_copy(to, cap, str_of(raw));
}

int fail(struct err *e, enum err_code code, const char *fmt, ...)
{
	char text[sizeof e->text]; // apart from e: the arguments may quote the text that stands there
	va_list ap;
	va_start(ap, fmt);
	write_safe(text, sizeof text, fmt, ap);
	va_end(ap);
	*e = (struct err){.code = code};
	memcpy(e->text, text, strlen(text) + 1);
	return -1;
}

int because(struct err *e, const char *fmt, ...)
{
	char text[sizeof e->text], frame[sizeof e->text / 2]; // a long frame must leave room for the cause
	va_list ap;
	va_start(ap, fmt);
	write_safe(frame, sizeof frame, fmt, ap);
	va_end(ap);
	struct buf b = {0};
	buf_cstr(&b, frame);
	if (e->text[0]) buf_cstr(&b, ": ");
	buf_cstr(&b, e->text);
	text_copy(text, sizeof text, buf_view(&b));
	buf_free(&b);
	memcpy(e->text, text, strlen(text) + 1);
	return -1;
}

int hint(struct err *e, const char *fmt, ...)
{
	char text[sizeof e->hint];
	va_list ap;
	va_start(ap, fmt);
	write_safe(text, sizeof text, fmt, ap);
	va_end(ap);
	memcpy(e->hint, text, strlen(text) + 1);
	return -1;
}

void err_clear(struct err *e)
{
	e->code = E_OK;
	e->text[0] = e->hint[0] = 0;
}

int err_exit(enum err_code code) { return table[code].exit; }
const char *err_word(enum err_code code) { return table[code].word; }
const char *err_meaning(enum err_code code) { return table[code].meaning; }
