/*
 * The cells of one axis (channels, positions) shared out over a row of
 * pixels. Edges are integers, so every cell belongs to a pixel and none to
 * two; with room to spare each cell takes the same whole number of pixels.
 */
#ifndef UI_BINS_H
#define UI_BINS_H

#include <stddef.h>

struct bins {
	size_t begin, count;    /* cells begin .. begin + count - 1 */
	int pixels;             /* pixels used, at most those there are */
	int width;              /* pixels a cell; 1 where cells share a pixel */
};

struct bins bins_new(size_t begin, size_t count, int pixels);

/* The cells of pixel 0 .. pixels - 1, half-open. */
size_t bins_begin(const struct bins *bins, int pixel);
size_t bins_end(const struct bins *bins, int pixel);

/* The (middle) pixel that shows a cell; -1 where none does. */
int bins_pixel(const struct bins *bins, size_t cell);

/* The most cells that share one pixel. */
size_t bins_ratio(const struct bins *bins);

#endif
