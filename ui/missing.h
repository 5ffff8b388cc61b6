/*
 * Is what a view shows all there? A picture that is kept must not hold cells
 * that were not computed, nor a colour scale that ends at what had been seen
 * by then.
 */
#ifndef UI_MISSING_H
#define UI_MISSING_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/model.h"

struct view_kind;

struct missing {
	size_t cells;           /* not computed yet */
	size_t wanted;          /* of so many; failed channels are not */
};

/* Of one view; places begin .. end - 1 of the list are shown. Means and the
 * scale are of all of it only once screen_update has no more to do. */
struct missing missing_of(const struct model *model,
	const struct view_kind *view, size_t begin, size_t end);

/* "try --memory 16M", of so many bytes. */
enum { MISSING_MEMORY = 32 };
void missing_memory(char out[MISSING_MEMORY], size_t bytes);

/* Does a place of the map's window miss any of its positions? */
bool missing_on_map(const struct model *model);

#endif
