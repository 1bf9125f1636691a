// The checks of an order and the digest of what they saw, as options take them.
#ifndef CMD_CHECKS_H
#define CMD_CHECKS_H
#include "cmd.h"

void checks_words(struct oms *oms); // for .words: those that --override may name, with what each holds
int checks_expect(struct err *e, const char *digest); // -1, usage: what --expect was given is no digest, nor the beginning of one; NULL is fine
#endif
