/*
 * Which stored axis of each factor is which letter of its kind's rules.
 */
#ifndef CORE_FACTOR_FIT_H
#define CORE_FACTOR_FIT_H

#include <stddef.h>

#include "core/status.h"

struct layer;

/* Fills bindings, axes and batches of a layer whose kind is chosen and whose
 * factors are typed. Exactly one reading must fit; sentences name the factor,
 * what it may be and what it is, but not the layer. */
enum status factor_fit(struct layer *layer);

/* Of such a layer: "axes": {...} that would make it one of L positions, if its
 * factors can be read so with L stored first; for free(), else NULL. */
char *factor_fit_hint(struct layer *layer, size_t L);

#endif
