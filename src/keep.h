/*
 * What the screen keeps for the next time, in $XDG_STATE_HOME/esscope. Where
 * that cannot be, one warning, and the screen goes on.
 */
#ifndef SRC_KEEP_H
#define SRC_KEEP_H

struct model;

/* Recalls the lines that were entered. */
void keep_open(struct model *model);

#endif
