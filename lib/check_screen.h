// Checks and plan of an order as lines for people.
#ifndef CHECK_SCREEN_H
#define CHECK_SCREEN_H
#include "check.h"

struct check_look { size_t width; bool color, more, done, already, dry_run; }; // more: not the first on the screen; done: it was confirmed; already: it had been
void check_screen(struct buf *b, const struct check *c, const struct check_look *look);
#endif
