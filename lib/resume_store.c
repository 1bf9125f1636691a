// How far an interrupted load came.
#include "resume_store.h"
#include "digest.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

int resume_get(struct db *d, struct err *e, const char *input, int64_t source_id, struct resume *to)
{
	struct rows *r = db_query(d, e, SQL_RESUME_GET, Z(input), I(source_id));
	if (!r) return -1;
	int got = rows_next(r, e);
	if (got != 1) return got;
	to->at = (uint64_t)row_int(r, 0);
	to->line = (uint64_t)row_int(r, 1);
	to->number = (uint64_t)row_int(r, 2);
	struct str tail = row_str(r, 3);
	if (tail.n == sizeof to->tail) memcpy(to->tail, tail.p, tail.n);
	rows_end(r);
	return 1;
}

int resume_put(struct db *d, struct err *e, const char *input, int64_t source_id, const struct resume *r, int64_t now)
{
	return db_run(d, e, SQL_RESUME_PUT, Z(input), I(source_id), I((int64_t)r->at), I((int64_t)r->line), I((int64_t)r->number), B(r->tail, sizeof r->tail), I(now)) < 0 ? -1 : 0;
}

int resume_drop(struct db *d, struct err *e, const char *input, int64_t source_id)
{
	return db_run(d, e, SQL_RESUME_DROP, Z(input), I(source_id)) < 0 ? -1 : 0;
}

int resume_tail(struct err *e, int fd, uint64_t at, unsigned char tail[16])
{
	char bytes[4096];
	uint64_t from = at > sizeof bytes ? at - sizeof bytes : 0;
	struct stat st;
	ssize_t n = fstat(fd, &st) ? -1 : pread(fd, bytes, (size_t)(at - from), (off_t)from);
	if (n < 0) return fail(e, E_IO, "the input cannot be read again: %s", strerror(errno));
	int64_t which[] = {(int64_t)st.st_ino, (int64_t)st.st_mtim.tv_sec, (int64_t)st.st_mtim.tv_nsec, (int64_t)st.st_size};
	struct digest_sum s;
	struct digest to;
	digest_begin(&s);
	digest_part(&s, (struct str){(const char *)which, sizeof which});
	digest_part(&s, (struct str){bytes, (size_t)n});
	digest_end(&s, &to);
	memcpy(tail, to.b, 16);
	return 0;
}
