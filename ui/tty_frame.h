/*
 * What the terminal shows, cell by cell, as far as anyone can see: cells that
 * look the same are equal, whatever they mean.
 */
#ifndef UI_TTY_FRAME_H
#define UI_TTY_FRAME_H

#include <stdbool.h>

#include "ui/canvas.h"

struct shown {
	wchar_t text[CELL_COMBINING + 2];       /* "": right half */
	int fg, bg;                     /* -1: the terminal's own */
	unsigned attributes;
};

struct frame {
	int rows, columns;
	struct shown *cells;            /* row-major */
};

/* Sets the size; what is shown is then unknown. Starts from all zero. */
void frame_resize(struct frame *frame, int rows, int columns);
void frame_free(struct frame *frame);

/* Brings a row to what the canvas has there (blank outside it); returns
 * whether it shows something else than before. */
bool frame_update(struct frame *frame, const struct canvas *canvas,
	const struct look *look, int row);

const struct shown *frame_row(const struct frame *frame, int row);

#endif
