/*
 * The row below the picture of T: what its colours are, where its window is,
 * and what it lacks.
 */
#ifndef UI_OPERATOR_LEGEND_H
#define UI_OPERATOR_LEGEND_H

#include <stdbool.h>

#include "ui/canvas.h"

struct model;
struct operator_picture;

void operator_legend_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture);

/* Pressed on or dragged along the overview in it: the window goes there, as
 * far as it then has entries, the cursor with it. False: it is not. */
bool operator_legend_click(struct model *model, struct rect rect, int row,
	int column);

#endif
