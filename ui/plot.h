/*
 * Bars and lines drawn in eighth blocks, on a linear or a log axis.
 */
#ifndef UI_PLOT_H
#define UI_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"

/* The vertical axis: values low..high over the rect's rows, log10 or linear. */
struct axis {
	double low, high;
	bool log;
};

/* 0..1 from bottom to top; clamped. NaN and log of <= 0 give 0. */
double axis_fraction(const struct axis *axis, double value);

/* A number in few characters: "0", "16", "5.31", "0.25", "1e-3", "1.2e-5". */
enum { PLOT_NUMBER = 16 };
void plot_number(char text[PLOT_NUMBER], double value);

/* Labels ("1e-3", "16") down a column of `columns` cells, right-aligned: the
 * decades of a log axis, else both ends and round values between. */
void plot_axis_labels(struct canvas *canvas, struct rect rect,
	const struct axis *axis);

/* One column of eighths from the bottom to value, at least one where value is
 * above the axis' low end. `column` counts from the rect's first. */
void plot_bar(struct canvas *canvas, struct rect rect,
	const struct axis *axis, int column, double value, colour fg);

/* A mark (glyph) in the row of value, over what is there; none where value is
 * outside the axis. */
void plot_mark(struct canvas *canvas, struct rect rect,
	const struct axis *axis, int column, double value, wchar_t glyph,
	colour fg);

/* A stroke of a curve at the height of value, over bars: one that fills the cell
 * shows through; one that ends in it is as high as the stroke, and stays. */
void plot_stroke(struct canvas *canvas, struct rect rect,
	const struct axis *axis, int column, double value, wchar_t glyph,
	colour fg);

/* Sparkline: values (NaN: unknown, blank) into a row of n cells, 0..high. 0 is
 * the lowest bar and nothing else is. */
void plot_sparkline(struct canvas *canvas, int row, int column, int n,
	const double *values, double high, colour fg);

#endif
