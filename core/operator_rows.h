/*
 * Rows of T for the methods that look at its entries: formed once and kept in
 * the thread's workspace where T is small enough, else one at a time. An entry
 * of a complex T is two doubles.
 */
#ifndef CORE_OPERATOR_ROWS_H
#define CORE_OPERATOR_ROWS_H

#include <stdbool.h>

#include "core/linalg.h"
#include "core/operator.h"

struct operator_rows {
	const struct operator *op;
	double *t;              /* L x L row-major, or one row */
	bool kept;
};

/* Forming all of T would cost more than the blocks of so narrow a band. */
bool operator_rows_narrow(const struct layer *layer);

/* Doubles an entry of T. */
size_t operator_parts(const struct operator *op);

/* T[i][0..i], as entries of that many doubles. */
void operator_row(const struct operator *op, size_t i, double *out);

/* Takes BUFFER_OPERATOR of the workspace, or BUFFER_ROW. */
enum status operator_rows_open(struct operator_rows *out,
	struct workspace *work, const struct operator *op);

/* T[i][0..i], borrowed until the next call; what follows it is undefined. */
const double *operator_rows_get(const struct operator_rows *rows, size_t i);

/* T[i][first .. first + count - 1], all at or below the diagonal, likewise: no
 * more than these are formed where the kind can. */
const double *operator_rows_part(const struct operator_rows *rows, size_t i,
	size_t first, size_t count);

#endif
