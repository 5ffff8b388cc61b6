/*
 * Small files of the user's: configuration, history, sessions. Where they are
 * (XDG Base Directory), read whole and bounded, and written so that they are
 * whole or not there. What they hold is not trusted.
 */
#ifndef CORE_STATE_FILE_H
#define CORE_STATE_FILE_H

#include <stddef.h>

#include "core/status.h"

/* $VARIABLE/esscope, or ~/FALLBACK/esscope where the variable is not set or,
 * as XDG wants, not absolute; for free(). NULL where there is no home. */
char *state_directory(const char *variable, const char *fallback);

/* The whole file and a NUL behind it, for free(). STATUS_MISSING where there
 * is none, STATUS_FORMAT where it is larger than limit or no regular file. */
enum status state_read(char **out, size_t *size, const char *path,
	size_t limit);

/* Replaces the file; its directories are made first, for the user alone. */
enum status state_write(const char *path, const char *bytes, size_t size);

/* One write at its end, so that several programs' lines do not mix. */
enum status state_append(const char *path, const char *bytes, size_t size);

#endif
