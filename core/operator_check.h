/*
 * What the values of a factor betray: operator.c asks once, when a channel is
 * opened.
 */
#ifndef CORE_OPERATOR_CHECK_H
#define CORE_OPERATOR_CHECK_H

#include "core/operator.h"
#include "core/status.h"

/* What the elements of a slice span. */
struct factor_extent {
	double least, most;     /* NaN aside */
	bool nan;
	size_t count;
};

/* Of a real slice. */
struct factor_extent factor_extent(struct slice slice);

/* This channel's part of the factor of that rule into op->tensors and
 * op->slices; operator.c opens operators by it. */
enum status operator_load_factor(struct operator *op, size_t which);

/* STATUS_VALUE, with the likely cause and what to store instead, where the
 * operator cannot have such values; where they are only unusual, op->doubt.
 * slice: this channel's part of the factor. */
enum status operator_check(struct operator *op, const struct factor_rule *rule,
	struct slice slice);

#endif
