/*
 * What the rows of the map are: the channels of the selected layer, in their
 * order, or the layers of the list, each reduced over its channels.
 */
#ifndef UI_MAP_ROWS_H
#define UI_MAP_ROWS_H

#include <stddef.h>

#include "ui/heatmap.h"
#include "ui/model.h"

struct bins map_row_bins(const struct model *model, int pixels);

/* The row the cursor is in, and how to get to another. */
size_t map_row_cursor(const struct model *model);
void map_row_select(struct model *model, size_t row);
void map_row_step(struct model *model, long steps);

/* Its number or, of a layer, its name in so many cells; for free(). */
char *map_row_label(const struct model *model, size_t row, int width);

/* One row of pixels, of rows begin .. end - 1: reduce_row, or the layers'
 * extremes or means over channels, from their last finished pass. */
void map_row_reduce(struct pixel *out, const struct model *model,
	size_t begin, size_t end, const struct bins *positions);

/* colour_scale_of, or one that holds all layers. */
struct colour_scale map_scale(const struct model *model);

#endif
