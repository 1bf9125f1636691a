// What can stand at the cursor of a command line: from the tables a command prints with --describe.
#ifndef COMPLETE_H
#define COMPLETE_H
#include "str.h"

enum { COMPLETE_MOST = 100 }; // offers at one place: more is no help
struct completion {
	struct buf to;      // lines "value TAB description": options, and words that an argument is one of
	struct str kind;    // what else may stand there: ORDER, SOURCE, FILE, DIR …; absent where nothing may
	struct str stem;    // goes before each value of that kind: "--source=", "--fields=id,"
	size_t offered;
	struct str had;     // of a list, the part before it
	struct str typed;   // the part of the value that stands there already
};
// words: what follows the command's name, the last one (it may be empty) being typed. Results live in `a` and in words.
void complete_at(struct completion *c, struct str describe, const char *const *words, size_t n, struct arena *a);
// One value and its description, if it begins as typed.
void complete_offer(struct completion *c, struct str value, struct str description);
#endif
