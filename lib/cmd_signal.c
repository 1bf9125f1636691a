// Signals: a writer finishes its batch and then dies of the signal, so that shells and service managers see the true cause.
#include "cmd_parts.h"
#include <poll.h>
#include <signal.h>

static volatile sig_atomic_t got;
static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPS = sizeof stops / sizeof *stops };

bool cmd_stopping(void) { return got != 0; }
int signals_got(void) { return got; }

// Service managers and Python start programs with SIGPIPE ignored: a closed pipe must end us all the same, and quietly.
// A limit on the size of files (ulimit -f) is a full disk like another: the write fails and that is said.
void signals_reset(void)
{
	sigset_t pipe;
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &pipe, NULL);
}

static void die(int sig)
{
	sigset_t one;
	signal(sig, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	raise(sig);
}

static void on_stop(int sig)
{
	if (got) { // the second one: at once; an open transaction is rolled back by the next who opens the store
		output_unlink();
		die(sig);
	}
	got = sig;
}

static void on_end(int sig)
{
	output_unlink();
	die(sig);
}

// No SA_RESTART: a read that waits must come back to look at the flag. What is ignored (nohup) stays ignored.
static void catch(void (*f)(int))
{
	struct sigaction sa = {.sa_handler = f}, old;
	sigemptyset(&sa.sa_mask);
	for (int i = 0; i < STOPS; i++)
		if (!sigaction(stops[i], NULL, &old) && old.sa_handler != SIG_IGN) sigaction(stops[i], &sa, NULL);
}

void signals_hold(bool on)
{
	static sigset_t before;
	static int depth; // who holds them may call who does too
	sigset_t all;
	if (on ? depth++ : --depth) return;
	sigemptyset(&all);
	for (int i = 0; i < STOPS; i++) sigaddset(&all, stops[i]);
	if (on) sigprocmask(SIG_BLOCK, &all, &before);
	else sigprocmask(SIG_SETMASK, &before, NULL);
}

// A reader that goes away ends it, as it would at the next line.
void cmd_wait(int ms)
{
	struct pollfd to = {1, 0, 0};
	if (poll(&to, 1, ms) > 0 && to.revents & POLLERR) die(SIGPIPE);
}

void signals_catch(void) { catch(on_stop); }
void signals_clean(void) { catch(on_end); }
void signals_again(void) { die(got); }
