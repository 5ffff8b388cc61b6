/*
 * Counts that are no sizes of a state (DESIGN 2): those above the ceiling, and
 * those of a tolerance below the numerical floor. Cells are added up over the
 * channels of a layer, in any order; a warning is one line on stderr for a
 * layer and a tolerance. Main thread.
 */
#ifndef SRC_WARNINGS_H
#define SRC_WARNINGS_H

struct channel_cells;
struct tolerance_list;
struct warnings;

/* Borrows the list. */
struct warnings *warnings_new(const struct tolerance_list *tolerances);
void warnings_free(struct warnings *warnings);

/* A complete channel of the layer under way. */
void warnings_add(struct warnings *warnings,
	const struct channel_cells *cells);

/* Says what there is to say of the layer, and forgets it. */
void warnings_end_layer(struct warnings *warnings);

#endif
