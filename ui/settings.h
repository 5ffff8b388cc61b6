/*
 * What can be set, as the commands that set it: for --print-config, and for
 * the sessions that come back. One line of the table each.
 */
#ifndef UI_SETTINGS_H
#define UI_SETTINGS_H

#include <stdbool.h>
#include <stdio.h>

struct model;

struct setting {
	const char *command;            /* its name, as in command.def */
	bool view;                      /* comes back with a dump */
	bool configured;                /* belongs into configuration */
	/* What follows the name, for free(); NULL: nothing was chosen. */
	char *(*value)(const struct model *model);
};

extern const struct setting settings[];         /* NULL-named at the end */

/* All settings and keys as they are at the start, commented out, with what
 * they are for. */
void settings_print(FILE *file);

#endif
