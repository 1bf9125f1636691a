// The filters that choose orders, as options: one group, for every command that takes them.
#ifndef CMD_FILTER_H
#define CMD_FILTER_H
#include "cmd.h"
#include "find.h"

// A command names it in .shared, and its own options begin with a struct find_filter, which is filled in.
extern const struct argp filter_argp;
// What the frame knows besides: the clock and the window. E_NOTFOUND where a source is named that is not there.
int filter_settle(struct oms *oms);
void filter_words(struct oms *oms); // for .words of a command that takes them
#endif
