// The frame's parts among themselves; commands see cmd.h only.
#ifndef CMD_PARTS_H
#define CMD_PARTS_H
#include "cmd.h"

struct whole { char *temp, *target; FILE *to; struct whole *next; }; // what is written, and what it becomes

enum ask { ASK_NOTHING, ASK_HELP, ASK_USAGE, ASK_VERSION, ASK_DESCRIBE, ASK_FIELDS };

// One line of the option tables, whichever table it stands in; an alias has its elder's argument and key.
struct row { const char *header; const struct argp_option *o; const char *name, *arg; int key; bool arg_optional, hidden; };

struct frame {
	struct oms oms; // first: what a command is handed is the frame to us
	VEC(struct row) rows;
	VEC(char *) operands;
	enum ask ask;
	enum db_mode mode;   // how this run opens the store: settled before the command looks at its operands
	bool json_errors;
	const char *db, *since, *until, *tz, *color;
	const char *offer;   // KIND:TYPED, of --offer
	enum out_format format;
	int64_t asked_width; // -1: not given
	FILE *complaints;    // what argp and argp_error write
	FILE *to;            // where the records go
	struct whole *main;  // of -o, where it is a file that appears whole
	VEC(struct whole *) before, after; // files put in place with it: right before it, right after
	struct buf pending;  // the last line of --json-errors, held back: it carries the exit status
};

// cmd_options.c
void options_collect(struct frame *f);
int options_parse(struct frame *f, int argc, char **argv);
const struct row *options_long(const struct frame *f, struct str name);
const struct row *options_short(const struct frame *f, int key);
// cmd_scan.c: refuses what argp would take too kindly or tell too poorly
int options_scan(struct frame *f, int argc, char **argv);
// cmd_settle.c: what the options and the environment mean
int settle(struct frame *f);
int operands_check(struct frame *f);
// cmd_help.c
void help_print(struct frame *f, FILE *to);
void help_short(struct frame *f, FILE *to);
void help_usage(struct frame *f, FILE *to);
void help_fields(struct frame *f, FILE *to);
void describe_print(struct frame *f, FILE *to); // cmd_describe.c
// cmd_output.c
void output_guard(void); // closed standard streams
int output_open(struct frame *f);
int output_end(struct frame *f, int r);
int output_close_stdout(struct err *e);
// cmd_whole.c
struct whole *whole_open(struct frame *f, const char *name);
int whole_close(struct frame *f, struct whole *w); // on the disk, under its passing name
int whole_rename(struct frame *f, struct whole *w);
void whole_drop(struct whole *w);                  // nothing of it is left
void whole_sync_folder(struct frame *f, const char *target);
void output_unlink(void); // a signal's: removes the unfinished files
// cmd_signal.c
void signals_reset(void);  // SIGPIPE as it should be
void signals_catch(void);  // a writer finishes its batch
void signals_clean(void);  // a reader with -o removes its unfinished file
int signals_got(void);     // the signal that came, or 0
void signals_hold(bool on); // they wait, while names change that they would clean up
void signals_again(void);  // dies of it
// cmd_say.c
void say_error(struct frame *f);
void say_last(struct frame *f, int status);
#endif
