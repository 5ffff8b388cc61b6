#include "core/certificates.h"

#include <stdlib.h>

#include "core/atlas.h"
#include "core/hankel.h"
#include "core/operator_rows.h"
#include "core/util.h"

/* All of T is read for norms: of a longer operator that takes too long. */
enum { LENGTH_MAX = 4096 };

struct shelf {
	const struct layer *layer;
	struct step_norms **norms;      /* a channel each; NULL until needed */
	size_t bytes;
};

struct certificates {
	struct shelf *shelves;          /* a layer each */
	size_t count;
	size_t budget, bytes;
};

struct certificates *
certificates_new(struct layer **layers, size_t layer_count, size_t budget)
{
	struct certificates *all = xcalloc(1, sizeof *all);

	all->shelves = xcalloc(layer_count, sizeof *all->shelves);
	all->count = layer_count;
	all->budget = budget;
	for (size_t k = 0; k < layer_count; k++)
		all->shelves[k].layer = layers[k];
	return all;
}

static struct shelf *
shelf_of(const struct certificates *all, const struct layer *layer)
{
	for (size_t k = 0; k < all->count; k++)
		if (all->shelves[k].layer == layer)
			return &all->shelves[k];
	return NULL;
}

static void
clear(struct certificates *all, struct shelf *shelf)
{
	for (size_t c = 0; shelf->norms && c < shelf->layer->channels; c++)
		step_norms_free(shelf->norms[c]);
	free(shelf->norms);
	shelf->norms = NULL;
	all->bytes -= shelf->bytes;
	shelf->bytes = 0;
}

void
certificates_free(struct certificates *all)
{
	if (!all)
		return;
	for (size_t k = 0; k < all->count; k++)
		clear(all, &all->shelves[k]);
	free(all->shelves);
	free(all);
}

static size_t
bytes_of(const struct layer *layer)
{
	return sizeof(struct step_norms) + 2 * (layer->length + 1)
		* sizeof(double);
}

bool
certificates_wanted(const struct certificates *all, const struct layer *layer,
	size_t channel)
{
	const struct shelf *shelf = shelf_of(all, layer);

	/* A recurrence gives all its cells in one sweep; a narrow band or a
	 * long operator is not worth forming T for. */
	if (!shelf || hankel_method(layer) == METHOD_STATE
	    || layer->length > LENGTH_MAX
	    || operator_rows_narrow(layer))
		return false;
	return !(shelf->norms && shelf->norms[channel])
		&& all->bytes + bytes_of(layer) <= all->budget;
}

void
certificates_put(struct certificates *all, const struct layer *layer,
	size_t channel, struct step_norms *norms)
{
	struct shelf *shelf = shelf_of(all, layer);

	if (!shelf->norms)
		shelf->norms = xcalloc(layer->channels, sizeof *shelf->norms);
	if (shelf->norms[channel]) {
		step_norms_free(norms);
		return;
	}
	shelf->norms[channel] = norms;
	shelf->bytes += bytes_of(layer);
	all->bytes += bytes_of(layer);
}

void
certificates_look(struct certificates *all, const struct layer *layer)
{
	for (size_t k = 0; k < all->count; k++)
		if (all->shelves[k].layer != layer
		    && all->bytes > all->budget / 2)
			clear(all, &all->shelves[k]);
}

/* Between what was found before? */
static bool
same_gap(const struct neighbours *known, size_t position)
{
	return known->layer
		&& (!known->before || known->before->position < position)
		&& (!known->after || position < known->after->position);
}

void
certificates_around(const struct certificates *all, struct gap *gap,
	const struct atlas *atlas, const struct layer *layer, size_t channel,
	size_t position)
{
	const struct shelf *shelf;

	if (same_gap(&gap->known, position))
		return;
	shelf = shelf_of(all, layer);
	gap->known = (struct neighbours){ .layer = layer };
	if (shelf && shelf->norms)
		gap->known.norms = shelf->norms[channel];
	if (atlas_before(&gap->before, atlas, layer, channel, position))
		gap->known.before = &gap->before;
	if (atlas_after(&gap->after, atlas, layer, channel, position))
		gap->known.after = &gap->after;
}
