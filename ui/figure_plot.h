/*
 * Axes of a figure: a frame whose sides are scales, with ticks at round
 * values, and curves within it.
 */
#ifndef UI_FIGURE_PLOT_H
#define UI_FIGURE_PLOT_H

#include "ui/figure.h"

enum { PLOT_TYPE = 7 };                 /* size of numbers at ticks */

struct span_scale {
	double low, high;
	bool log;                       /* low > 0 */
};

/* The scales run from left to right and from bottom to top. */
struct plot_frame {
	struct figure *figure;
	struct box box;
	struct span_scale x, y;
};

double plot_x(const struct plot_frame *frame, double value);
double plot_y(const struct plot_frame *frame, double value);

/* The least of 1, 2, 5, 10, ... times a power of ten that is >= value. */
double plot_round_up(double value);

/* Ticks with numbers below the frame, on its left or on its right, at most so
 * far apart as numbers need; `grid`: lines across as well. */
void plot_ticks_below(const struct plot_frame *frame, bool whole);
void plot_ticks_left(const struct plot_frame *frame, bool grid);
void plot_ticks_right(const struct plot_frame *frame);

/* On the right, from the middle up and, with a minus, down. */
void plot_ticks_sides(const struct plot_frame *frame);

/* The widest number of plot_ticks_left or _right. */
double plot_ticks_width(const struct plot_frame *frame);

/* "16", "0.25", or a power of ten with its exponent raised, on a base line
 * at `anchor` of its width. */
void plot_label(struct figure *figure, struct point at, double anchor,
	double value, bool log);

/* Points in units of the scales; where y is NaN the curve is broken, and what
 * is beyond the frame is cut off. */
void plot_curve(const struct plot_frame *frame, const struct point *points,
	size_t count, struct ink ink);

/* What the values on the left are, upright, so far left of the frame. */
void plot_title_left(const struct plot_frame *frame, double gutter,
	const char *text);

/* A sample and its meaning from *x on, which moves behind it. */
void plot_key(struct figure *figure, double *x, double y, struct ink ink,
	const char *text);

#endif
