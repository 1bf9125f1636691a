// Operands that share a transaction, a group at a time: one commit makes up to sixty-four of them durable, and none of their
// results is printed before it. A group ends early when input has to be waited for, so that nobody waits with the store locked.
#ifndef CMD_GROUP_H
#define CMD_GROUP_H
#include "cmd.h"

struct group {
	struct oms *oms;
	bool whole;                    // all or nothing: one group, undone where any fails
	bool as_text;                  // results are text, ready to be read
	void (*forget)(void *with);    // after each commit and rollback
	void *with;
	int (*f)(struct oms *oms, const char *operand, void *ctx);
	void *ctx;
	bool open;
	size_t n, told;                // of this transaction; texts that were told
	struct buf refused;            // with whole: what is told where all is undone
};
// each_operand, with a transaction begun before f is called where none is, and all of it ended when this returns: an error of one
// operand is that one's, what is 64 and up undoes what is not committed.
int group_each(struct group *g, int (*f)(struct oms *oms, const char *operand, void *ctx), void *ctx);
// A result, printed after the commit: a record, or where text is asked for the text itself. good: it was done, or had been.
void group_result(struct group *g, struct str record, bool good);
#endif
