/*
 * A window that is dragged: what the mouse took hold of, the cursor, stays
 * under it.
 */
#ifndef UI_PAN_H
#define UI_PAN_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/bins.h"
#include "ui/model.h"

/* An axis of cells first .. first + total - 1. */
struct pan_axis {
	size_t first, total;
};

/* Does the window show a part of the axis only? */
bool pan_is_part(const struct bins *bins, struct pan_axis axis);

/* Moves it, as far as the axis goes, so that the cursor is at that pixel, or
 * the nearest that there is. */
void pan_window(struct window *window, const struct bins *bins,
	struct pan_axis axis, size_t cursor, int pixel);

/* Moves it so that its middle is so far along the axis, 0 .. 1; returns the
 * cell the cursor is at, its place in the window being the same. */
size_t pan_to(struct window *window, const struct bins *bins,
	struct pan_axis axis, size_t cursor, double at);

#endif
