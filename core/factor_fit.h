/*
 * Which stored axis of each factor is which letter of its kind's rules.
 */
#ifndef CORE_FACTOR_FIT_H
#define CORE_FACTOR_FIT_H

#include "core/status.h"

struct layer;

/* Fills bindings, axes and batches of a layer whose kind is chosen and whose
 * factors are typed. Exactly one reading must fit; sentences name the factor,
 * what it may be and what it is, but not the layer. */
enum status factor_fit(struct layer *layer);

#endif
