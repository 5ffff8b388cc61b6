/* The element types of a layer's factors, from their headers and meta. */
#ifndef CORE_FACTOR_TYPE_H
#define CORE_FACTOR_TYPE_H

#include "core/dump.h"
#include "core/status.h"

/* Reads the header of each factor that layer->kind takes, into its type, and
 * starts layer->bindings with those that are there. */
enum status factor_types(struct layer *layer);

#endif
