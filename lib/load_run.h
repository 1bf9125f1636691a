// A load over its inputs, record by record: a batch of them is one transaction, so that a run that is killed has stored whole ones.
#ifndef LOAD_RUN_H
#define LOAD_RUN_H
#include "input.h"
#include "load.h"

struct load_run {
	struct db *db;
	struct err *err;
	struct load *load;
	enum input_form form;
	bool one_piece;            // one transaction for all, which is the caller's to end
	bool (*stop_when)(void);   // no further record, and no longer wait for one
	bool *enough;              // set where the run stops of itself: stop_when looks there too
	void *ctx;                 // of these:
	int (*opened)(void *ctx);  // an input is there, and none of it is read yet; -1 ends the run
	bool (*told)(void *ctx, struct arena *a, const struct record *r, const struct load_result *result); // of each record; false: it is the last
	void (*stored)(void *ctx); // what was told since the last time is stored; with one_piece it is as good as that
	// how far it came
	const char *name;          // of the input
	uint64_t read, line;       // records, and where the last of them began
	bool open, over;           // a transaction is; told had enough
	// its own
	struct input *input;
	struct json tape;
	struct arena arena;        // a record's
	size_t batch, bytes;
	bool failed;
};
int load_run_input(struct load_run *l, const char *path); // all of it; -1 where the store or the input failed
void load_run_free(struct load_run *l);
#endif
