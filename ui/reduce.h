/*
 * Cells to pixels: what stands for the cells that share one. A pixel shows
 * those of its cells that are computed; where none is, the middle of certain
 * bounds (session_neighbours), which nothing but the picture ever sees. Where
 * the bounds leave nothing open that is a value like others. Nothing is
 * cached; a frame recounts what it shows.
 */
#ifndef UI_REDUCE_H
#define UI_REDUCE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/bins.h"
#include "ui/heatmap.h"

struct model;
struct summary;

/* One row of pixels: the measure over the channels at places begin .. end - 1
 * of the order, reduced as
 * the model says. Values of log measures are log10 (-INFINITY for 0). */
void reduce_row(struct pixel *out, const struct model *model, size_t begin,
	size_t end, const struct bins *positions);

/* The same row by and by. What the model shows must be the same all along; of
 * what becomes known meanwhile there may be some. */
struct reduction;
struct reduction *reduction_new(size_t begin, size_t end,
	const struct bins *positions);
void reduction_free(struct reduction *row);

/* Until this thread's CPU clock is at so many seconds; true: nothing is left,
 * and the pixels are there to be put. */
bool reduction_go_on(struct reduction *row, const struct model *model,
	double until);
void reduction_put(struct pixel *out, const struct reduction *row,
	const struct model *model);

/* What stands for all of these in a row of pixels. */
double reduce_summary(const struct model *model, const struct summary *sum);

/* The known cells that share the cursor's pixel: the measure itself. */
void reduce_range(struct summary *out, const struct model *model,
	const struct bins *rows, const struct bins *positions);

/* Likewise those of the cursor's channel at positions begin .. end - 1. */
void reduce_span(struct summary *out, const struct model *model, size_t begin,
	size_t end);

#endif
