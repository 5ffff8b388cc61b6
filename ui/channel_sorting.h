/*
 * Sorting a layer's channels, by and by: of thousands it takes longer than a
 * frame may. channel_sorting_fits says whether it is still asked for.
 */
#ifndef UI_CHANNEL_SORTING_H
#define UI_CHANNEL_SORTING_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/spell.h"

struct channel_criterion;
struct channel_sorting;
struct model;

/* By the model's order, of the model's layer. */
struct channel_sorting *channel_sorting_new(const struct model *model);
void channel_sorting_free(struct channel_sorting *sorting);

bool channel_sorting_fits(const struct channel_sorting *sorting,
	const struct model *model);

/* True: it is done. */
bool channel_sorting_go_on(struct channel_sorting *sorting,
	const struct model *model, struct spell spell);

/* Once done: the channel at each place, the caller's to free; and the cells
 * that were known of the layer. */
size_t *channel_sorting_take(struct channel_sorting *sorting);
size_t channel_sorting_known(const struct channel_sorting *sorting);

/* Cells of the layer that an order would rest on now, of so many that may get
 * known. */
size_t channel_cells_known(const struct model *model, size_t *all);

/* Whose values it goes by in the model's layer, however long that is. */
size_t channel_sorting_position(const struct channel_criterion *by,
	const struct model *model);

#endif
