// Operands that share a transaction, a group at a time: one commit makes up to sixty-four of them durable, and none of their
// results is printed before it. A group ends early when input has to be waited for, so that nobody waits with the store locked.
#ifndef CMD_GROUP_H
#define CMD_GROUP_H
#include "cmd.h"

struct group {
	struct oms *oms;
	bool whole;                    // all or nothing: one group, undone where any fails
	void (*forget)(void *ctx);     // after each commit and rollback
	void *ctx;
	bool open;
	size_t n;
	struct buf refused;            // with whole: what is told where all is undone
};
int group_enter(struct group *g);  // before an operand: begins where nothing is begun
int group_leave(struct group *g);  // after it: commits where enough is gathered
int group_idle(struct group *g);   // input is waited for
// At the end. r: how it went so far, E_… in oms->err where it failed; the same back, or what went wrong here.
int group_end(struct group *g, int r);
// A result: printed after the commit. good: it was done, or had been.
void group_result(struct group *g, struct str record, bool good);
#endif
