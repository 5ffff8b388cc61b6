/*
 * Signals as things to look at, not things that happen: handlers set a flag
 * and write to a pipe, so that a poll() on it wakes without a race.
 */
#ifndef UI_TTY_SIGNAL_H
#define UI_TTY_SIGNAL_H

#include <stdbool.h>

#include "core/status.h"

enum signal_request {
	SIGNAL_RESIZE,          /* SIGWINCH */
	SIGNAL_STOP,            /* SIGTSTP */
	SIGNAL_CONTINUE,        /* SIGCONT */
	SIGNAL_REQUESTS,
};

/* Handlers in place (signals that were ignored stay ignored), flags clear.
 * STATUS_IO without a pipe. */
enum status signal_open(void);
void signal_close(void);        /* what was there before is there again */

/* Readable when a signal came; signal_drain empties it. */
int signal_fd(void);
void signal_drain(void);
bool signal_wait(int milliseconds);     /* false: none came in time */

/* Has it been asked for since the last time? */
bool signal_take(enum signal_request request);

/* Ctrl-C is a key then, no SIGINT; one from elsewhere still ends. */
void signal_key_off(int terminal);

/* SIGTERM, SIGHUP or SIGINT if one came, else 0. A second SIGINT does not wait
 * for the program: it restores the terminal and ends it. */
int signal_end(void);

/* Stops the process the default way; returns when it is continued. */
void signal_stop(void);

/* Continued by `bg`, or only to be ended: the terminal is somebody else's. A
 * signal that came with SIGCONT may take a moment to be told. */
bool signal_background(int terminal);

#endif
