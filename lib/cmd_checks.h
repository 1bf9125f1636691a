// The checks of an order, as words that an option takes.
#ifndef CMD_CHECKS_H
#define CMD_CHECKS_H
#include "cmd.h"

void checks_words(struct oms *oms); // for .words: those that --override may name, with what each holds
#endif
