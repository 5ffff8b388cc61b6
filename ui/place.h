/*
 * Where the cursor is, to come back to it.
 */
#ifndef UI_PLACE_H
#define UI_PLACE_H

#include <stdbool.h>
#include <stddef.h>

struct model;

struct place {
	size_t dump, batch, layer, channel, position;
};

struct place place_of(const struct model *model);
bool place_equal(struct place a, struct place b);

/* Clamped, where the dumps have changed since. */
void place_go(struct model *model, struct place place);

#endif
