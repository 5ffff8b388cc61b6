/*
 * Numbers as a map of pixels: two to a cell (upper half blocks) where the
 * target has colours enough, else one shaded glyph a cell. Every pixel has its
 * own colour; nothing is interpolated.
 */
#ifndef UI_HEATMAP_H
#define UI_HEATMAP_H

#include "ui/canvas.h"

enum pixel_kind { PIXEL_VALUE, PIXEL_PENDING, PIXEL_NODATA };

struct pixel {
	enum pixel_kind kind;
	double value;
};

struct heatmap {
	int rows, columns;              /* of pixels */
	const struct pixel *pixels;     /* row-major */
	double low, high;               /* ends of the colour scale */
	int cursor_row, cursor_column;  /* in pixels; -1: none */
};

/* Pixel rows that fit into so many cell rows: 2 a cell, or 1. */
int heatmap_rows(const struct look *look, int cell_rows);

/* Draws at the rect's top left, clipped to it. */
void heatmap_draw(struct canvas *canvas, struct rect rect,
	const struct heatmap *map);

/* "0 <ramp> 16" into one row of at most `columns` cells; returns cells used. */
int heatmap_colour_bar(struct canvas *canvas, int row, int column,
	int columns, double low, double high, const char *unit);

#endif
