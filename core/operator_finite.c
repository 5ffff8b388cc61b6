/*
 * Rows are spread over T from the last one on, which has the longest products
 * of transitions.
 */
#include "core/operator_finite.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator_rows.h"
#include "core/util.h"

static size_t
rows_between(const struct operator *op, size_t terms)
{
	size_t row = op->length * size_max(layer_modes(op->layer), 1);
	size_t rows = size_max(terms / row, 2);

	return size_max(op->length / rows, 1);
}

static enum status
check_row(const struct operator *op, size_t i, double *row)
{
	size_t parts = operator_parts(op);

	operator_row(op, i, row);
	for (size_t k = 0; k < (i + 1) * parts; k++)
		if (!isfinite(row[k]))
			return status_set(STATUS_VALUE, "T[%zu][%zu] is %s in "
				"channel %zu: T overflows; expected factors "
				"whose products are below 1e308", i, k / parts,
				isnan(row[k]) ? "no number" : "infinite",
				op->channel);
	return STATUS_OK;
}

enum status
operator_finite(const struct operator *op, size_t terms)
{
	size_t between = rows_between(op, terms), i = op->length;
	void *row;
	enum status code = util_alloc(&row, op->length * operator_parts(op),
		sizeof(double), "a row of T");

	while (!code && i > 0) {
		code = check_row(op, i - 1, row);
		i -= size_min(i, between);
	}
	free(row);
	return code;
}
