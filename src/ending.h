/*
 * INT, TERM and HUP end the program as they always do, after what must not be
 * left behind is removed and what is worth keeping is kept. For commands
 * without a screen. Main thread.
 */
#ifndef SRC_ENDING_H
#define SRC_ENDING_H

#include "core/dump.h"

/* A file to remove, whose name the caller keeps in place; NULL: none any
 * more. */
void ending_remove(const char *path);

/* Dumps whose large members keep the restart points made so far; NULL: none
 * any more, to be said before they are closed. */
void ending_keep(const struct dump_list *dumps);

#endif
