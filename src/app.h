/*
 * The screen program: session, terminal and model, and the loop that turns
 * events into frames.
 */
#ifndef SRC_APP_H
#define SRC_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/measure.h"
#include "core/session.h"
#include "ui/tty.h"

struct appearance;
struct config;
struct model;
struct options;
struct selection;

struct app_options {
	char *const *paths;
	size_t path_count;
	struct session_options session;
	struct tty_options tty;
	struct tolerance tolerance;
	const struct selection *start;  /* where the cursor begins */
	const struct appearance *appearance;
	int rows, columns;              /* without a terminal; 0: with one */
	const struct look *look;        /* of that; NULL: by the environment */
	const char *const *commands;    /* to run first, */
	size_t command_count;
	const struct config *config;
	bool fresh, tolerance_given, colour_given, batch_given;
	const char *play;               /* then this file; NULL: none */
	const char *record;             /* NULL: not recorded */
	bool watch;                     /* for files that change */
	/* What becomes of a screen without a terminal once its script has
	 * ended well; its result is the exit status. NULL: nothing. */
	int (*finish)(void *payload, struct model *model, int rows,
		int columns);
	void *payload;
};

/* As the options say; the tables are borrowed. */
struct app_options app_options_new(const struct options *options);

/* app_run with the configuration read, and the cache where it belongs. */
int app_configure(struct app_options *app, const struct options *options);

/* Opens the dumps, then the terminal, and runs until told to end. Returns the
 * program's exit status: 1 with a line on stderr if it could not start, 128
 * plus the signal's number if one ended it. Without a terminal it ends with its
 * script: 1 with a line on stderr if that failed. */
int app_run(const struct app_options *options);

#endif
