/*
 * The numbers behind a view, a channel at a time: as the table `compute` would
 * print of the same cells, or as an array of the measure for numpy. They come
 * from what the session has computed. Main thread.
 */
#ifndef SRC_NUMBERS_H
#define SRC_NUMBERS_H

#include <stdbool.h>

#include "core/status.h"
#include "ui/model.h"

struct numbers;
struct output;
struct writer;

/* STATUS_MISSING for a view that has no numbers of this sort. writer NULL: the
 * array. Borrows all; the model must not change until numbers_free. */
enum status numbers_new(struct numbers **out, const struct model *model,
	enum pane pane, const struct writer *writer, struct output *output);
void numbers_free(struct numbers *numbers);     /* NULL is fine */

/* Writes about a channel more; *done once that was the last. STATUS_MISSING
 * where a cell is not computed, or no longer in memory. */
enum status numbers_step(struct numbers *numbers, bool *done);

/* What an array holds, as JSON: axes, layer, measure, tolerance, program. */
enum status numbers_describe(const struct model *model, enum pane pane,
	struct output *output);

#endif
