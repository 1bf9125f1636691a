// The bytes of one input: a file or a pipe, read as late as possible, and the hook that runs before a read that blocks.
#ifndef INPUT_BYTES_H
#define INPUT_BYTES_H
#include "err.h"
#include "str.h"

struct bytes {
	int fd;
	const char *name;         // for messages: the path, or "stdin"
	bool regular, eof, stopped;
	int error;                // errno of the read that failed
	uint64_t size, offset;    // of a regular file; of b.p[0] in the input
	struct buf b;             // bytes read; those not used yet start at pos
	size_t pos;
	void (*wait)(void *);
	void *wait_arg;
	bool (*stop)(void);
};

// A stretch of the input that is one record, whole or broken. raw lives until the next call.
struct piece {
	struct str raw, json, header;
	uint64_t line, at, end;
	const char *broken, *why;
};
enum { PIECE_BYTES = 16 << 20, PIECE_HEAD = 1 << 16 }; // a larger one is broken, and its head is what is kept

int bytes_open(struct bytes *s, const char *path, struct err *e);
void bytes_close(struct bytes *s);
// More bytes behind those at hand; what lies before pos is let go. 1, 0 at the end, -1 failed or stopped.
int bytes_more(struct bytes *s);
int64_t bytes_read(struct bytes *s, char *to, size_t room); // the same past the buffer
int bytes_failed(const struct bytes *s, struct err *e);     // says why: -1
#endif
