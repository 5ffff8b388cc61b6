/*
 * Where windows are on their axes: a line each, at the right end of a row, with
 * the part that is seen bold. The mouse moves them there.
 */
#ifndef UI_OVERVIEW_H
#define UI_OVERVIEW_H

#include <stddef.h>

#include "ui/canvas.h"

/* The part of an axis that a window shows. */
struct overview_axis {
	const char *label;
	size_t begin, count, total;
};

struct overview {
	struct overview_axis across, down;
};

/* Returns the cells it takes: 0 where all is seen, or there is no room. */
int overview_draw(struct canvas *canvas, struct rect rect,
	const struct overview *overview);
int overview_width(struct rect rect, const struct overview *overview);

/* The axis whose line is at a column of the screen, or NULL; and how far along
 * an axis that column is, 0 .. 1, also beyond its ends. */
const struct overview_axis *overview_axis_at(struct rect rect,
	const struct overview *overview, int column);
double overview_fraction(struct rect rect, const struct overview *overview,
	const struct overview_axis *axis, int column);

#endif
