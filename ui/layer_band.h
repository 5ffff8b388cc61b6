/*
 * How a measure spreads over the channels of a layer: its quartiles and
 * extremes at every column of the profile, over the known cells (channel,
 * position) that share the column. One pass over them fills a histogram a
 * column, from frame to frame where there are many; what is shown is the last
 * finished pass of the measure, tolerance and window there are now.
 */
#ifndef UI_LAYER_BAND_H
#define UI_LAYER_BAND_H

#include <stdbool.h>
#include <stddef.h>

struct bins;
struct layer_band;
struct model;

/* Nearest ranks: the least value that a quarter (three) are not above. To a
 * 256th of the axis. Log measures as log10. */
struct band {
	double least, lower, upper, most;
};

void layer_band_free(struct layer_band *band);  /* NULL is fine */

/* Goes on with the pass for these columns, at least `cells` cells if there are
 * as many; true when something is left to do. */
bool layer_band_work(struct model *model, const struct bins *columns,
	size_t cells);

/* The whole pass at once, apart from the model's: for a figure. NULL where a
 * channel is alone; for layer_band_free. */
struct layer_band *layer_band_whole(const struct model *model,
	const struct bins *columns);

/* Of columns that are one pixel each. */
bool layer_band_at(struct band *out, const struct layer_band *band,
	int column);

/* False where nothing is known. */
bool layer_band_get(struct band *out, const struct model *model,
	const struct bins *columns, int column);

#endif
