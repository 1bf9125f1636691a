// A progress line: for a person at a terminal, and never for a log.
#include "cmd.h"
#include "text.h"
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { FIRST_MS = 2000, EVERY_MS = 500 };

static int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void cmd_progress(struct oms *oms, const char *fmt, ...)
{
	static int64_t next;
	if (!oms->err_tty || oms->quiet) return;
	int64_t now = clock_ms();
	if (!next) next = now + FIRST_MS;
	if (now < next) return;
	next = now + EVERY_MS;
	char line[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	struct buf b = {0};
	text_fit(&b, str_of(line), oms->width > 1 ? oms->width - 1 : 79, true, false);
	fprintf(stderr, "\r%.*s\r", (int)b.n, b.p);
	buf_free(&b);
}
