// How far an interrupted load came: one row an input, saved in the transaction of the records it speaks of.
#ifndef RESUME_STORE_H
#define RESUME_STORE_H
#include "db.h"

struct resume { uint64_t at, line, number; unsigned char tail[16]; }; // tail: digest of the bytes just before `at`
// 1 found, 0 none, -1. input: the file's real path.
int resume_get(struct db *d, struct err *e, const char *input, int64_t source_id, struct resume *to);
int resume_put(struct db *d, struct err *e, const char *input, int64_t source_id, const struct resume *r, int64_t now);
int resume_drop(struct db *d, struct err *e, const char *input, int64_t source_id);
// The digest of which file it is, when it was written last, its size, and up to 4 KiB that end at `at`; -1 with E_IO said. A
// file that was written to, if only in place of what was read long ago, has another one: it is read from its start.
int resume_tail(struct err *e, int fd, uint64_t at, unsigned char tail[16]);
#endif
