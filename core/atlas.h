/*
 * What has been computed: (layer, channel, position) -> spectrum, under a byte
 * budget; the least recently seen channel goes first. One thread only.
 */
#ifndef CORE_ATLAS_H
#define CORE_ATLAS_H

#include <stddef.h>

#include "core/spectrum.h"

struct atlas;
struct layer;

struct atlas *atlas_new(size_t budget);
void atlas_free(struct atlas *atlas);

/* Keeps a reference to the block. */
void atlas_put(struct atlas *atlas, const struct layer *layer,
	size_t channel, struct spectra *spectra);

/* NULL where nothing is known. Valid until the next atlas_put. */
const struct spectrum *atlas_get(const struct atlas *atlas,
	const struct layer *layer, size_t channel, size_t position);

/* All positions of a channel at once: L slots, NULL where unknown; NULL for a
 * channel of which nothing is known. Valid until the next atlas_put. */
const struct spectrum *const *atlas_slots(const struct atlas *atlas,
	const struct layer *layer, size_t channel);

/* The channel is being looked at: it is now the last to go. */
void atlas_touch(struct atlas *atlas, const struct layer *layer,
	size_t channel);

/* How many positions of a channel are known. */
size_t atlas_known(const struct atlas *atlas, const struct layer *layer,
	size_t channel);

/* A channel that cannot be computed, and the sentence why (copied). */
void atlas_fail(struct atlas *atlas, const struct layer *layer,
	size_t channel, const char *sentence);
const char *atlas_failure(const struct atlas *atlas,
	const struct layer *layer, size_t channel);   /* NULL: none */

size_t atlas_bytes(const struct atlas *atlas);
size_t atlas_budget(const struct atlas *atlas);

#endif
