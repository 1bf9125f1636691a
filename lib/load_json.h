// What a load did to one record, as oms.result/1 and in a sentence; and its faults as findings.
#ifndef LOAD_JSON_H
#define LOAD_JSON_H
#include "load.h"
#include "rule.h"

struct load_place { const char *input; uint64_t line, record; int64_t now; bool dry_run; };
void load_result_json(struct buf *b, struct arena *a, enum reference_kind k, const struct load_result *r, const struct load_place *at);
void load_message(struct buf *b, const struct load_result *r); // what changed, or the first fault
void load_findings(findings *to, struct arena *a, enum reference_kind k, const struct load_result *r);
#endif
