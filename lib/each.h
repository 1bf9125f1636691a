// Operands or standard input, one at a time: what makes the commands compose.
#ifndef EACH_H
#define EACH_H
#include "cmd.h"

// Calls f for each operand; "-" or no operand reads ids from stdin, one a line (NUL with -z), or JSON Lines (.order or .sku, whichever
// the command's operands are, else .id). Where the output fails before the last of them it ends there, and sets oms->cut.
// f returns 0 done, or -1 with oms->err said: that is reported and counted, and the rest goes on, unless the error is one
// of 64 and up, which ends it. The operand's text is handed as typed.
int each_operand(struct oms *oms, int (*f)(struct oms *oms, const char *operand, void *ctx), void *ctx);
// The same for who gathers several into one transaction: idle is called before a wait for input, to finish what is at hand.
int each_operand_idle(struct oms *oms, int (*f)(struct oms *oms, const char *operand, void *ctx), int (*idle)(struct oms *oms, void *ctx), void *ctx);
// The same for who must do all of them in one transaction: the input is read to its end before f is called at all.
int each_operand_gathered(struct oms *oms, int (*f)(struct oms *oms, const char *operand, void *ctx), void *ctx);
// The operands that name inputs, NULL at the end: "-" alone where there are none.
char **each_input(struct oms *oms);
#endif
