/*
 * esscope without a file: the dumps of the folder one is in, newest first, to
 * choose one.
 */
#ifndef SRC_CHOOSE_H
#define SRC_CHOOSE_H

#include "core/status.h"
#include "ui/tty.h"

/* *out is the path, for free(), or NULL where none was chosen; *ending the
 * signal that ended it, or 0. STATUS_MISSING where there is no dump here. */
enum status choose_dump(char **out, int *ending, struct tty_options options);

#endif
