/*
 * What the screen keeps for the next time, in $XDG_STATE_HOME/esscope: lines
 * that were entered, and how each dump was looked at. Where that cannot be,
 * one warning, and the screen goes on.
 */
#ifndef SRC_KEEP_H
#define SRC_KEEP_H

#include <stdbool.h>

struct model;

/* True where the view of before came back; not asked for where fresh. */
bool keep_open(struct model *model, bool fresh);

/* When it ends, however it ends. */
void keep_close(struct model *model, bool fresh);

#endif
