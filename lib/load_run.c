// A load over its inputs: records judged, told and stored, a batch at a time.
#include "load_run.h"
#include "load_part.h"

enum { BATCH = 1000, BATCH_BYTES = 8 << 20 };

static int end_batch(struct load_run *l)
{
	if (!l->open) return 0;
	if (!l->one_piece) {
		if (db_commit(l->db, l->err)) return -1;
		l->open = false;
	}
	l->stored(l->ctx);
	l->batch = l->bytes = 0;
	*l->enough = l->over;
	return 0;
}

static void before_wait(void *arg)
{
	struct load_run *l = arg;
	// Nothing more is there yet: what was read is made durable and told, rather than held back.
	if (l->batch && !l->one_piece && end_batch(l)) l->failed = *l->enough = true;
}

static int judge(struct load_run *l, const struct record *r, struct load_result *to)
{
	struct json_error bad;
	*to = (struct load_result){.outcome = LOAD_REFUSED};
	if (!r->broken && json_parse(&l->tape, r->json, &bad)) return load_record(l->load, l->err, &l->arena, &l->tape, r->line, to);
	*VEC_PUSH(&l->arena, &to->faults) = r->broken ? (struct reference_fault){"", r->broken, r->why ? r->why : "the record is broken", "correct the line"}
		: (struct reference_fault){"", json_code_word(bad.code), arena_printf(&l->arena, "column %u: %s", bad.column, bad.what), "one JSON object a record"};
	return 0;
}

static int add(struct load_run *l, const struct record *r)
{
	struct load_result result;
	struct arena_mark mark = arena_mark(&l->arena);
	if (!l->open && db_begin(l->db, l->err)) return -1;
	l->open = true;
	l->line = r->line;
	l->read++;
	if (judge(l, r, &result)) return because(l->err, "%s:%llu", l->name, (unsigned long long)r->line);
	l->over |= !l->told(l->ctx, &l->arena, r, &result);
	arena_reset(&l->arena, mark);
	catalog_trim(l->db);
	l->batch++;
	l->bytes += r->raw.n;
	return l->batch >= BATCH || l->bytes >= BATCH_BYTES || l->over ? end_batch(l) : 0;
}

int load_run_input(struct load_run *l, const char *path)
{
	struct record r;
	int got = 0;
	l->input = input_open(l->err, path, &(struct input_options){.form = l->form});
	if (!l->input) return -1;
	int bad = l->opened(l->ctx);
	load_input(l->load, input_name(l->input));
	l->name = l->load->input; // it is spoken of when the input is closed
	input_before_wait(l->input, before_wait, l);
	input_stop_when(l->input, l->stop_when);
	while (!bad && !l->over && !l->stop_when() && (got = input_next(l->input, &r, l->err)) == 1)
		if (l->failed || l->over) break; // the wait for this record ended it
		else bad = add(l, &r);
	if (l->failed || got < 0) bad = -1;
	input_close(l->input);
	return bad ? bad : end_batch(l);
}

void load_run_free(struct load_run *l)
{
	json_free(&l->tape);
	arena_free(&l->arena);
}
