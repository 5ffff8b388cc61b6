/*
 * What certain bounds need besides spectra: the norms of steps (interlacing.h)
 * of channels, as jobs bring them, under a byte budget. One thread.
 */
#ifndef CORE_CERTIFICATES_H
#define CORE_CERTIFICATES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/interlacing.h"

struct atlas;
struct certificates;

struct certificates *certificates_new(struct layer **layers,
	size_t layer_count, size_t budget);
void certificates_free(struct certificates *all);

/* Would the norms of this channel be of use, and is there room for them? */
bool certificates_wanted(const struct certificates *all,
	const struct layer *layer, size_t channel);

/* Takes them over. */
void certificates_put(struct certificates *all, const struct layer *layer,
	size_t channel, struct step_norms *norms);

/* Makes room for this layer's by dropping those of the others. */
void certificates_look(struct certificates *all, const struct layer *layer);

/* What the atlas knows on both sides of a position that is not known. *gap is
 * of the same channel from a call before, which saves looking again, or all
 * 0; spectra are borrowed until the next atlas_put. */
void certificates_around(const struct certificates *all, struct gap *gap,
	const struct atlas *atlas, const struct layer *layer, size_t channel,
	size_t position);

#endif
