// A load of reference data or movements as a command runs it: inputs read, what is said and printed of them, and how it ends.
#ifndef CMD_LOAD_H
#define CMD_LOAD_H
#include "cmd_rejects.h"
#include "reference.h"

struct cmd_load {
	const char *at;             // when counts were made that do not say it, as typed; NULL: not given
	const char *rejects;        // where what is refused is kept, as --rejects has it
	struct reject_limit limit;
	enum input_form form;
	bool strict, atomic;        // warnings refuse; one that is refused undoes all
};
int cmd_load(struct oms *oms, enum reference_kind k, const struct cmd_load *o); // the operands are the inputs
#endif
