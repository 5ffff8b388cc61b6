/*
 * The pixels of the map of channels, kept from frame to frame: a move of the
 * cursor recounts nothing. Of another window, tolerance or measure they are all
 * made at once; where only more has become known, some rows in each frame, the
 * cursor's first, so that no frame is kept waiting by results.
 */
#ifndef UI_MAP_PICTURE_H
#define UI_MAP_PICTURE_H

#include <stdbool.h>

#include "ui/bins.h"

struct map_picture;
struct model;
struct pixel;

struct map_picture *map_picture_new(void);
void map_picture_free(struct map_picture *picture);

/* Before a frame. True when rows are left that more is known of. */
bool map_picture_update(struct model *model, const struct bins *channels,
	const struct bins *positions);

/* A row of pixels as it was made, or NULL: it was not asked for like this. */
const struct pixel *map_picture_row(const struct model *model,
	const struct bins *channels, const struct bins *positions, int row);

#endif
