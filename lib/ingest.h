// Map, validate and apply in one process, in batches that survive a kill: the flow behind oms-ingest and oms-redrive.
#ifndef INGEST_H
#define INGEST_H
#include "apply.h"
#include "dead_store.h"
#include "input.h"
#include "map.h"

struct ingest_options {
	const struct rules *rules;
	struct map *map;
	struct source source;
	const char *topic;
	bool strict;     // warnings reject
	int64_t now;
};
struct ingest_unit { // one payload record and its one outcome; valid until ingest_forget
	struct apply_result result;
	const char *input, *kind, *owner; // kind: of the mapping; NULL where refused
	uint64_t line, record, at;
	uint64_t part;   // which of several in one document, from 1; 0: the document is one
	findings found;  // map and rule findings; of severity reject where dead
	int64_t payload_id, dead_id;
};
struct ingest;
struct ingest *ingest_open(struct db *d, const struct ingest_options *o, struct err *e);
void ingest_close(struct ingest *in);
// Stages the units of one record; a record that is no document becomes one dead unit. -1 only where nothing can go on.
int ingest_record(struct ingest *in, struct err *e, const struct record *r, const char *input);
// The same for bytes kept in the store (a redrive): header and rows of CSV, or one document.
int ingest_bytes(struct ingest *in, struct err *e, struct str raw, const char *input, uint64_t line);
// Ends the batch: folds, saves, writes dead letters. The caller then commits, reads the units, and calls ingest_forget.
int ingest_finish(struct ingest *in, struct err *e);
size_t ingest_units(const struct ingest *in, struct ingest_unit ***units);
size_t ingest_released(const struct ingest *in);
void ingest_at(struct ingest *in, int64_t now); // the time has gone on: between two batches
void ingest_forget(struct ingest *in);
// One oms.result/1 line of a unit.
// The reason as a column of a screen has it: without the mapping's expression. NULL where there is none.
const char *ingest_why(const struct ingest_unit *u, struct arena *a);
void ingest_result_json(struct buf *b, const struct ingest_unit *u, const char *source, int64_t now, bool dry_run);
#endif
