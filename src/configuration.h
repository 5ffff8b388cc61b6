/*
 * Configuration, esscope-config(5): of the machine ($XDG_CONFIG_DIRS), then of
 * the user ($XDG_CONFIG_HOME), or one file of --config. It is read before the
 * terminal is opened, as colours may depend on it, and never written.
 */
#ifndef SRC_CONFIGURATION_H
#define SRC_CONFIGURATION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct model;

struct config_file {
	char *path, *text;
};

struct config {
	struct config_file *files;      /* those that win last */
	size_t count;
	char **folders;                 /* where they are looked for, NULL-ended,
					 * those that win first */
};

/* path: what --config says, or NULL; none: --no-config. STATUS_MISSING only
 * for a path; another file that cannot be read is said on stderr. */
enum status config_read(struct config *out, const char *path, bool none);
void config_done(struct config *config);

/* The last value that `color` gets, for free(); NULL: none. */
char *config_colour(const struct config *config);

/* Runs them. Lines that fail are skipped and said on stderr; the first is
 * returned to be said on the screen, for free(); NULL: none. */
char *config_apply(const struct config *config, struct model *model);

#endif
