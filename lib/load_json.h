// What a load did to one record, as oms.result/1 and in a sentence; its faults as findings; and what is said of a whole run.
#ifndef LOAD_JSON_H
#define LOAD_JSON_H
#include "load.h"
#include "rule.h"

struct load_place { const char *input; uint64_t line, record; int64_t now; bool dry_run; };
void load_result_json(struct buf *b, struct arena *a, enum reference_kind k, const struct load_result *r, const struct load_place *at);
void load_message(struct buf *b, const struct load_result *r); // what changed, or the first fault
void load_findings(findings *to, struct arena *a, enum reference_kind k, const struct load_result *r);
// Sentences of a run: what is wrong with a record, what nobody knows, and the sum of all.
void load_fault_line(struct buf *b, const char *input, uint64_t line, const struct reference_fault *f);
void load_unknown_line(struct buf *b, const struct load_unknown *u);
void load_sum(struct buf *b, enum reference_kind k, uint64_t read, const uint64_t outcome[LOAD_OUTCOMES]);
#endif
