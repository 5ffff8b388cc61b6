/*
 * Waiting, which no part of the screen ever does: until all that a picture
 * shows is computed.
 */
#ifndef SRC_SETTLE_H
#define SRC_SETTLE_H

#include "core/status.h"
#include "ui/missing.h"

/* The whole screen, where no view is alone. */
enum { SETTLE_SCREEN = PANE_COUNT };

/* Cells without which a view (enum pane, or all that fit on a screen of that
 * size) is not whole. */
struct missing settle_missing(const struct model *model, int view, int rows,
	int columns);

/* Lets the workers go on until nothing is missing, with progress on stderr
 * where that is a terminal. STATUS_MEMORY where what is shown does not fit
 * into memory at once. */
enum status settle(struct model *model, int view, int rows, int columns);

#endif
