/*
 * Commands from elsewhere than the keyboard: --play, -c, :source. A queue of
 * lines, and what they ask of the event loop, which runs one after the other:
 * waiting, sleeping and taking pictures are not for commands to do.
 */
#ifndef UI_SCRIPT_H
#define UI_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct model;
struct script;

enum script_want {
	SCRIPT_NOTHING,
	SCRIPT_WAIT,            /* until what is visible is computed */
	SCRIPT_WAIT_ALL,        /* until nothing is in flight */
	SCRIPT_SLEEP,           /* number milliseconds */
	SCRIPT_RESIZE,          /* to rows and columns */
	SCRIPT_SCREENSHOT,      /* to path */
	SCRIPT_EXPORT,          /* until the model's wish is fulfilled */
};

struct script_request {
	enum script_want want;
	long number;
	int rows, columns;
	char *path;
	int nested;                     /* keys that keys are bound to */
};

struct script *script_new(void);
void script_free(struct script *script);

/* The lines of a text, named for messages, before those still to come. Blank
 * lines and those that begin with # say nothing. */
void script_insert(struct script *script, const char *name, const char *text);
enum status script_source(struct script *script, const char *path);

/* Runs the next line; false: there is none. A failure is said with its place,
 * and ends the script; *status is then its own. */
bool script_step(struct model *model, enum status *status);

/* The rest of the line that runs: it must wait for what that asked for. True
 * where it asked for something. */
bool script_defer(struct script *script, const char *rest);

/* A line of it runs, not one from the keyboard. */
bool script_running(const struct script *script);

size_t script_left(const struct script *script);   /* lines to come */

/* Forgets them: one before them has failed. */
void script_stop(struct script *script);

/* From the keyboard, even where one of them waits; false: there are none. */
bool script_interrupt(struct script *script);

/* Runs all of a text at once, for configuration: lines that fail are skipped,
 * and said one by one (for free(), NULL: none) through `complain`. What they
 * ask of the event loop is refused, and so is what leaves the screen: nothing
 * is written because a program starts. */
void script_apply(struct model *model, const char *name, const char *text,
	void (*complain)(void *payload, const char *sentence), void *payload);

/* What the last line asked for; the loop sets want to SCRIPT_NOTHING when it
 * is done. */
struct script_request *script_request(struct script *script);

#endif
