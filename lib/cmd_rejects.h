// What commands that read records do with those they refuse: keep them in the file of --rejects, and stop at --max-rejects.
#ifndef CMD_REJECTS_H
#define CMD_REJECTS_H
#include "cmd.h"
#include "input.h"
#include "rule.h"

struct rejects { const char *name; FILE *to; bool waits; }; // to: NULL where nothing is kept; waits: the file is not opened yet
// name as --rejects has it: a file, or fd:N for a descriptor that is open; NULL: none. The store and the inputs are refused.
// E_CANTCREAT, E_USAGE.
int rejects_open(struct rejects *r, struct oms *oms, const char *name);
// An input is open, the run begins: only now what the file had is lost. A dry run leaves the file alone.
int rejects_begin(struct rejects *r, struct err *e);
// One oms.reject/1 line: where the record stands, all reasons, its bytes. What goes wrong is said at the close.
void rejects_put(struct rejects *r, const char *input, const struct record *at, struct str raw, const findings *found);
void rejects_flush(struct rejects *r);
int rejects_close(struct rejects *r, struct err *e, int bad); // bad, if something was said before; else 0, or E_IO

struct reject_limit { bool given, percent; int64_t most; };
int reject_limit_read(struct reject_limit *l, struct err *e, const char *arg); // "100" or "5%"; E_USAGE
// More than that was rejected. A share means something from a hundred records on, or when all were read.
bool reject_limit_passed(const struct reject_limit *l, uint64_t rejected, uint64_t read, bool all);
#endif
