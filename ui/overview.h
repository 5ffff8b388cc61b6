/*
 * Where windows are on their axes: a line each, at the right end of a row, with
 * the part that is seen bold. The mouse moves them there.
 */
#ifndef UI_OVERVIEW_H
#define UI_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"

struct model;

/* The part of an axis that a window shows. */
struct overview_axis {
	const char *label;
	size_t begin, count, total;
};

struct overview {
	struct overview_axis across, down;
};

/* Where it is in a legend: what the colour bar leaves. */
struct rect overview_rect(struct rect legend);

/* Returns the cells it takes: 0 where all is seen, or there is no room. */
int overview_draw(struct canvas *canvas, struct rect rect,
	const struct overview *overview);

/* The mouse at a place of the screen: pressed on a line or, once it is, dragged
 * anywhere. Then model->grab says which axis, and *at how far along it, 0 .. 1,
 * also beyond its ends. False: neither. */
bool overview_grab(double *at, struct model *model, struct rect rect,
	const struct overview *overview, int row, int column);

#endif
