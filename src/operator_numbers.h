/*
 * The numbers of the operator's view: the entries of T in the window, or,
 * where those are too many to keep, what its pixels show. Main thread.
 */
#ifndef SRC_OPERATOR_NUMBERS_H
#define SRC_OPERATOR_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "core/status.h"

struct model;
struct output;
struct table;

/* Columns of the table, or the array's header where there is none.
 * STATUS_MISSING where T could not be formed. */
enum status operator_numbers_begin(struct table *table,
	const struct model *model, struct output *output);

/* Row `row` (0: the first) of the window or of its pixels; *done behind the
 * last. */
enum status operator_numbers_row(struct table *table,
	const struct model *model, struct output *output, size_t row,
	bool *done);

/* What the array holds: its axes, and its values in words. */
json_t *operator_numbers_axes(const struct model *model);
const char *operator_numbers_values(const struct model *model);

#endif
