// Any bytes as a stream of records, as a file and as a pipe that gives them in packets: no fault, every record lies behind the
// one before, and both ways give the same. The first byte chooses form, grouping and packets.
#include "input.h"
#include "json.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define HOLDS(x) \
	do { \
		if (!(x)) abort(); \
	} while (0)

static const char *word_of(const struct record *r)
{
	static struct json j;
	struct json_error e;
	if (r->broken) return r->broken;
	return json_parse(&j, r->json, &e) ? "fine" : json_code_word(e.code);
}

// Reads all there is; what was read as text.
static void run(int fd, const struct input_options *o, size_t n, struct buf *b)
{
	char path[32];
	struct err e;
	struct record r;
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	struct input *in = input_open(&e, path, o);
	HOLDS(in);
	uint64_t end = 0, line = 1, number = 0;
	int rc;
	while ((rc = input_next(in, &r, &e)) == 1) {
		HOLDS(r.at >= end && r.end >= r.at && r.end <= n && r.line >= line && r.number == number + 1);
		HOLDS(!r.broken == !r.why);
		const char *word = word_of(&r);
		if (input_form(in) != INPUT_JSON && !r.broken) HOLDS(!strcmp(word, "fine")); // JSON of our making
		buf_printf(b, "%llu %llu-%llu %s ", (unsigned long long)r.line, (unsigned long long)r.at, (unsigned long long)r.end, word);
		buf_str(b, r.raw);
		buf_c(b, '\n');
		end = r.end;
		line = r.line;
		number = r.number;
	}
	if (rc < 0) buf_cstr(b, e.text + (strchr(e.text, ':') ? strchr(e.text, ':') - e.text : 0));
	input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 1 || n > 1 << 15) return 0;
	static const enum input_form form[] = {INPUT_AUTO, INPUT_JSON, INPUT_CSV, INPUT_TSV};
	struct input_options o = {.form = form[data[0] & 3], .group = data[0] & 4 ? "a" : NULL};
	size_t packets = 1 + (data[0] >> 3 & 15), step = (n - 1) / packets + 1;
	data++, n--;
	struct buf file = {0}, piped = {0};
	int fd = memfd_create("input", MFD_CLOEXEC), end[2];
	HOLDS(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	run(fd, &o, n, &file);
	close(fd);
	HOLDS(pipe2(end, O_DIRECT | O_CLOEXEC) == 0 && fcntl(end[1], F_SETPIPE_SZ, 1 << 18) > 0);
	for (size_t at = 0; at < n; at += step) HOLDS(write(end[1], data + at, n - at < step ? n - at : step) > 0);
	close(end[1]);
	run(end[0], &o, n, &piped);
	close(end[0]);
	HOLDS(file.n == piped.n && (!file.n || !memcmp(file.p, piped.p, file.n)));
	buf_free(&file);
	buf_free(&piped);
	return 0;
}
