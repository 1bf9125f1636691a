// What every command is made of: main, common options, the store, errors, exit.
//
// To add a command:
//   1. cmd/oms-NAME.c, ending in `const struct cmd cmd = { … };` (no main; copy the nearest one);
//   2. man/oms-NAME.1.in, its prose: the tables of options and exit codes come from the program;
//   3. tests/cmd/oms-NAME.bats, what its users may rely on.
// Nothing else: the Makefile, the dispatcher, the pages, the completions and the contract tests find it. Records of a new kind
// want a schema too (share/schemas/oms.KIND.json) and a section in man/oms-records.5.
#ifndef CMD_H
#define CMD_H
#include "arena.h"
#include "date.h"
#include "db.h"
#include "err.h"
#include "out.h"
#include <argp.h>

enum cmd_group { // shared option groups: bits of .groups
	CMD_OUTPUT = 1,   // -F -o --fields --no-header --width --color -z, --json
	CMD_WINDOW = 2,   // -S -U --tz
	CMD_LIMIT = 4,    // -L
	CMD_DRY = 8,      // -n
	CMD_ZONE = 16     // --tz alone
};
struct oms {             // what a running command has in hand
	struct arena arena;
	struct err err;
	struct db *db;       // open as .store asks
	void *opt;           // the command's own options: .opt_size bytes, zeroed
	char **args;         // operands, NULL at the end
	struct out *out;
	int64_t now;
	const char *zone;    // for what a person types and reads; IANA name or "UTC"
	const char *fields, *output; // --fields and -o as they were given, or NULL
	bool no_header;
	int64_t since, until; // ms; DATE_NONE where not given
	int64_t limit;       // 0: all; -1: not given (cmd_limit says what that means for a list)
	bool dry_run, quiet, tty, err_tty;
	bool nul;            // -z: ids read end with NUL
	int verbose, wait_ms;
	size_t width;        // of the terminal, or 80
	bool color;
	const char *store;
	uint64_t done, failed; // the exit status: 0 all done, 3 some failed, 1 none done
	bool cut;            // the output failed before all of it was done
};
struct cmd {
	const char *name, *summary; // "oms-find", "resolve any identifier, filter and list orders"
	const char *args;           // operands by kind, for help and completion: "ORDER..." "[FILE...]" "NAME" ""
	const char *audience;       // "intake" "look-up" "execute" "foresee" "govern": where oms help lists it
	const char *examples;       // two lines for --help, "oms-find 1001\n…"
	const struct argp_option *options; // an argument's name is its type: FILE DIR ORDER SOURCE DATE N, or its words: auto|never
	argp_parser_t parse;        // of .options alone (state->input is struct oms); NULL where there are none. A wrong value:
	                            // fail(&oms->err, E_USAGE, …) and return EINVAL; argp_error does too, but it comes back
	size_t opt_size;
	enum db_mode store;
	enum db_mode (*store_for)(const struct oms *oms); // how this run opens it, by its options; NULL: .store always
	bool own_transactions;      // the command begins and commits itself (batches), out_flush after each commit
	unsigned groups;
	const struct out_column *columns;
	size_t n_columns;
	enum out_format tty_format; // OUT_TABLE or OUT_TEXT
	enum out_format (*tty_format_for)(const struct oms *oms); // NULL: .tty_format always
	const struct argp *const *shared; // option groups that some commands share (cmd_filter.h), NULL at the end
	const char *formats;        // the words of -F, where they are not the usual ones
	const struct out_column *(*columns_for)(const struct oms *oms, size_t *n); // by the options; NULL: .columns always
	// For completion. words: what an argument of an option, or of a kind, may be, out of the table that decides it, cmd_word()
	// each; asked by --describe alone. offer: the values of a kind that the store knows and that begin as typed, cmd_offer() each.
	void (*words)(struct oms *oms);
	int (*offer)(struct oms *oms, struct str kind, struct str typed);
	bool as_data;               // its csv is read in again: out_options.as_data
	bool needs_input;           // with a terminal on stdin and no operand: short help, exit 64
	int (*run)(struct oms *oms); // 0, or -1 with oms->err said
};
extern const struct cmd cmd; // each file under cmd/ defines this one name

// Says one error about one operand or record and counts it as failed; the command goes on. stderr, or JSON with --json-errors.
void cmd_report(struct oms *oms, const char *about);
// A warning or a summary line on stderr; silent with -q, JSON with --json-errors.
void cmd_warn(struct oms *oms, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cmd_warn_with(struct oms *oms, const char *hint, const char *fmt, ...) __attribute__((format(printf, 3, 4))); // NULL: no hint
// One line about a record that is refused, or is a dead letter: an error with its code, counted by the caller; silent with -q.
void cmd_refuse(struct oms *oms, const char *code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
// What was asked for by an option (--explain): said wherever stderr goes, but for -q. cmd_say: only to a terminal, with -v, or
// where something failed.
void cmd_tell(struct oms *oms, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cmd_say(struct oms *oms, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// Where nothing was printed, to who looks at a terminal: an empty answer is an answer too. Silent in pipes, and with -q.
void cmd_none(struct oms *oms, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// A progress line on stderr: only on a terminal, only after 2 s, at most twice a second, never with -q.
void cmd_progress(struct oms *oms, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// Who runs it, as the kernel knows: a user's name, or uid:NUMBER. Nothing in the environment says it.
const char *cmd_actor(struct oms *oms);
int cmd_main(int argc, char **argv); // main, for a test that is a command too
// A second file beside that of -o, named as that with suffix behind: written now, and put in place right after the first, or
// neither is. E_USAGE where -o names no file that appears whole.
int cmd_beside(struct oms *oms, const char *suffix, struct str text);
// Other files that appear whole or not at all, bytes added one after the other: put in place now, or with that of -o, right
// before it, or dropped. What fails has dropped it already, but for cmd_file_add.
struct whole;
struct whole *cmd_file(struct oms *oms, const char *name);
int cmd_file_add(struct oms *oms, struct whole *w, struct str bytes);
int cmd_file_put(struct oms *oms, struct whole *w);
int cmd_file_with(struct oms *oms, struct whole *w);
void cmd_file_drop(struct whole *w); // NULL is nothing
const char *cmd_output_file(struct oms *oms); // of -o, behind links; NULL where it is no file that appears whole
// What is about to be written over is not the store, nor what SQLite keeps beside it; no input that the operands name, nor
// standard input. Else E_CANTCREAT. Files that appear whole are asked the first by themselves.
int cmd_spare_store(struct oms *oms, const char *name);
int cmd_spare_inputs(struct oms *oms, const char *name);
int cmd_spare_read(struct oms *oms, const char *path); // the other way round: what an option names to be read is not what -o replaces
void cmd_sync_folder(struct oms *oms, const char *folder); // the names in it are on the disk
// For completion, see .words and .offer. of: an option's name or a kind of argument. false: that is enough of them.
void cmd_word(struct oms *oms, const char *of, const char *word, const char *what);
bool cmd_offer(struct oms *oms, struct str value, struct str what);
// Prints one oms.finding/1: a check that something (id) did not stand.
void cmd_finding(struct oms *oms, struct str id, const char *check, const char *what);
// How many lines of a list to print: what -L says; where it is not given a hundred on a terminal; else INT64_MAX.
int64_t cmd_limit(const struct oms *oms);
// One run of that name at a time, on this store: held until the program ends, however it ends. E_BUSY where another has it.
int cmd_lock(struct oms *oms, const char *name);
// True once INT, TERM or HUP came: finish the batch, commit, return; the frame re-raises it.
bool cmd_stopping(void);
// For who follows: waits so long for the next look, or for a signal. A reader of stdout that goes away meanwhile ends the program.
void cmd_wait(int ms);
#endif
