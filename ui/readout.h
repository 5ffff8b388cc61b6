/*
 * The cell at the cursor in words and exact numbers, as the map has it below
 * its picture.
 */
#ifndef UI_READOUT_H
#define UI_READOUT_H

#include "ui/canvas.h"

struct model;

enum { READOUT_ROWS = 2, READOUT_ROWS_WORDS = 3 };

/* Over the rect's rows: what is wrong first, then where, how much and, in the
 * third row, what it means. A fact has all its room or is left out. */
void readout_draw(struct canvas *canvas, struct rect rect,
	const struct model *model);

#endif
