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

/* All pixels of the map, of channels or of layers: as they are kept, or made
 * anew where what is kept is of something else. */
void map_picture_fill(struct pixel *pixels, const struct model *model,
	const struct bins *rows, const struct bins *positions);

#endif
