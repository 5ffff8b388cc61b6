/*
 * The pixels of the map of channels, kept from frame to frame: a move of the
 * cursor recounts nothing. Of another window, tolerance or measure, and where
 * more has become known, rows are made within a frame's time, the cursor's
 * first, and go on in the next ones, so that no key is kept waiting. Until then
 * a row shows the tolerance before, or that nothing is there yet.
 */
#ifndef UI_MAP_PICTURE_H
#define UI_MAP_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/bins.h"

struct map_picture;
struct model;
struct pixel;

struct map_picture *map_picture_new(void);
void map_picture_free(struct map_picture *picture);

/* Before a frame, for so many seconds of CPU, or half of them where all that is
 * to do is that more is known. True when rows are left that more is known of,
 * or that are behind what is asked for. */
bool map_picture_update(struct map_picture *picture, const struct model *model,
	const struct bins *channels, const struct bins *positions,
	double seconds);
bool map_picture_behind(const struct map_picture *picture);

/* The pixels of the channel at a place: as they are kept, or made anew where
 * what is kept is of something else. */
void map_picture_row(struct pixel *pixels, const struct map_picture *picture,
	const struct model *model, size_t place, const struct bins *positions);

/* Likewise all pixels of the map, of channels or of layers. */
void map_picture_fill(struct pixel *pixels, const struct model *model,
	const struct bins *rows, const struct bins *positions);

#endif
