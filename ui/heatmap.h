/*
 * Numbers as a map of pixels: two to a cell (upper half blocks) where the
 * target has 256 colours and Unicode, else one coloured or shaded cell each.
 * Every pixel has its own colour; nothing is interpolated. What is not
 * computed yet and what has no data look like no value; what is only bounded
 * has the colour of the middle of its bounds, and a texture.
 */
#ifndef UI_HEATMAP_H
#define UI_HEATMAP_H

#include "ui/canvas.h"
#include "ui/colour_scale.h"

/* Outside: there is nothing to have a value, as above the diagonal of T. */
enum pixel_kind {
	PIXEL_VALUE, PIXEL_BOUNDED, PIXEL_PENDING, PIXEL_NODATA, PIXEL_OUTSIDE,
};

struct pixel {
	enum pixel_kind kind;
	double value;
};

struct heatmap {
	int rows, columns;              /* of pixels */
	const struct pixel *pixels;     /* row-major */
	double low, high;               /* ends of the colour scale, */
	enum spacing spacing;           /* as of colour_scale */
	double from;
	bool counts;                    /* see heatmap_digit */
	bool sides;                     /* 0 is the middle, of low = -high */
	int cursor_row, cursor_column;  /* in pixels; -1: none */
};

/* Pixel rows that fit into so many cell rows: 2 a cell, or 1. */
int heatmap_rows(const struct look *look, int cell_rows);

/* What a cell holds where the look has digits: of counts the number itself, 0
 * to 9, a = 10 to z, A = 36 to Z = 61, + beyond; else tenths of the scale. Of
 * two sides 0, ninths above as 1 to 9, and below as a to i. */
char heatmap_digit(const struct heatmap *map, double value);

/* Draws at the rect's top left, clipped to it. The cursor is a mark over its
 * pixel's colour or, where the glyph is the value, a mark on each side of it.
 * Where the rect has a row below the map, or a column right of it, a tick
 * there points at the cursor. */
void heatmap_draw(struct canvas *canvas, struct rect rect,
	const struct heatmap *map);

/* One cell that looks as pixels of that kind do: for legends. */
void heatmap_sample(struct canvas *canvas, int row, int column,
	enum pixel_kind kind);

/* "0 <ramp> 16 unit" into one row of at most `columns` cells; returns the
 * cells used. Where it does not fit, the ramp loses steps, then the unit
 * goes, then all of it: 0. An end that cuts values off has a mark. Counts
 * of a ramp of a few shades are told shade by shade, where there is room:
 * " 0 :1-4 -5-8 ... 16 unit". */
struct colour_bar {
	double low, high;
	bool cut_low, cut_high;
	const char *unit;               /* may be NULL */
	bool counts;                    /* whole numbers from 0 */
	bool sides;                     /* 0 is the middle */
	enum spacing spacing;           /* as of colour_scale */
	double from;
};
int heatmap_colour_bar(struct canvas *canvas, int row, int column,
	int columns, struct colour_bar bar);

#endif
