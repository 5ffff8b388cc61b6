/*
 * The numbers of the map of A - B (ui/difference.h), a channel at a time: a
 * table of both values and their difference, or an array of the difference.
 * What either dump has not is left out of the table, and not a number in the
 * array. Main thread.
 */
#ifndef SRC_DIFFERENCE_NUMBERS_H
#define SRC_DIFFERENCE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "ui/model.h"

struct output;
struct table;

/* The map of channels of A - B; that of layers has no numbers here. */
bool difference_numbers_are(const struct model *model, enum pane pane);

/* Columns of the table, or the array's header where there is none. */
enum status difference_numbers_begin(struct table *table,
	const struct model *model, struct output *output);

/* The channel at a place of the window, 0 the first; *done behind the last. */
enum status difference_numbers_row(struct table *table,
	const struct model *model, struct output *output, size_t row,
	bool *done);

#endif
