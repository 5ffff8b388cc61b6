/*
 * Neighbouring rows of a recurrence's T at once: they walk back through the
 * same transitions, so each of these is made once for all of them, and no
 * further than the first column that is wanted.
 */
#ifndef CORE_STATE_ROWS_H
#define CORE_STATE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/operator.h"

/* Has the operator rows of that sort? */
bool state_rows_apply(const struct operator *op);

/* T[i][j] of the area into out, a row every `stride` entries, an entry one
 * double or two (of a complex T); above the diagonal what was there stays.
 * The same bits as kind->row. */
void state_rows(double *out, size_t stride, const struct operator *op,
	struct operator_area area);

/* A stride for so many columns: all rows are written side by side, and their
 * cache lines shall not be of one set. */
size_t state_rows_stride(size_t columns);

#endif
