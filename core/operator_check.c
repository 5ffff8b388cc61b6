/*
 * Most wrong dumps are right numbers under the wrong name: a gate where its
 * logarithm belongs, a value before the activation that makes it what it is.
 * The smallest and the largest value of a channel tell nearly always.
 */
#include "core/operator_check.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/lanes.h"
#include "core/util.h"

/* So many gates do not all happen to be negative. */
enum { MANY_GATES = 16 };

#define LANES_BODY "core/extent_lanes.inc"
#include "core/lanes_widths.inc"

static void
extend(struct factor_extent *extent, const struct slice *run)
{
	double values[256];
	size_t lanes = lanes_width();

	for (size_t start = 0; start < run->shape[0]; start += LENGTH(values)) {
		size_t n = size_min(run->shape[0] - start, LENGTH(values));
		size_t end = n;

		slice_read(values, run, start, n);
		for (; end % lanes; end++)
			values[end] = values[n - 1];
		LANES_OF(extend, lanes)(extent, values, end);
		extent->count += n;
	}
}

static void
extend_all(struct factor_extent *extent, struct slice slice)
{
	if (slice.rank == 0) {
		slice.rank = 1;
		slice.shape[0] = 1;
		slice.stride[0] = 0;
	}
	if (slice.rank == 1)
		extend(extent, &slice);
	else
		for (size_t k = 0; k < slice.shape[0]; k++)
			extend_all(extent, slice_at(slice, k));
}

struct factor_extent
factor_extent(struct slice slice)
{
	struct factor_extent extent = { .least = INFINITY, .most = -INFINITY };

	extend_all(&extent, slice);
	return extent;
}

static bool
may_be_minus_infinity(enum factor_range range)
{
	return range == RANGE_LOG_DECAY || range == RANGE_BELOW_INFINITY;
}

/* Gates lie in (0, 1), their logarithms below 0. Poles may be negative too,
 * but then within -1 and all alike, or of both signs. */
static bool
are_logarithms(const struct factor_extent *extent)
{
	return extent->most <= 0 && (extent->least < -1
		|| (extent->count >= MANY_GATES
			&& extent->least < extent->most));
}

/* The value that is out of range, or 0 where none is. */
static double
offender(const struct factor_extent *extent, enum factor_range range)
{
	if (extent->nan)
		return NAN;
	if (extent->most == INFINITY || (extent->least == -INFINITY
		&& !may_be_minus_infinity(range)))
		return extent->most == INFINITY ? INFINITY : -INFINITY;
	switch (range) {
	case RANGE_LOG_DECAY:
	case RANGE_NOT_POSITIVE:
		return fmax(extent->most, 0);
	case RANGE_NOT_NEGATIVE:
		return fmin(extent->least, 0);
	case RANGE_GATE:
		return are_logarithms(extent) ? extent->least : 0;
	case RANGE_FINITE:
	case RANGE_BELOW_INFINITY:
		break;
	}
	return 0;
}

static const char *
cause_of(const struct factor_rule *rule, const struct factor_extent *extent,
	enum dtype dtype)
{
	if (extent->nan || isinf(extent->most))
		return dtype == DTYPE_F16 ? "f16 ends at 65504: store f32"
			: "it overflowed, or came of a masked row, before it "
			"was stored";
	if (extent->least == -INFINITY && rule->range == RANGE_NOT_NEGATIVE)
		return rule->cause;
	if (extent->least == -INFINITY
		&& !may_be_minus_infinity(rule->range))
		return "only a logarithm may be -inf";
	if (rule->range == RANGE_LOG_DECAY)
		return extent->least >= 0 && extent->most <= 1
			? "these are gates in (0, 1), store their logarithm"
			: "a log decay is <= 0; if this is a gate before its "
			"sigmoid, store its logsigmoid";
	return rule->cause;
}

static void
raise_doubt(struct operator *op, const struct factor_rule *rule,
	const struct factor_extent *extent)
{
	double value = extent->least < rule->low ? extent->least : extent->most;

	if (op->doubt || op->layer->growth || rule->low == rule->high
		|| (extent->least >= rule->low && extent->most <= rule->high))
		return;
	op->doubt = xasprintf("%s: %s: %s holds %g in channel %zu: %s",
		op->layer->dump->label, op->layer->label, rule->name, value,
		op->channel, rule->doubt);
}

static enum status
check_part(struct operator *op, const struct factor_rule *rule,
	struct slice slice)
{
	struct factor_extent extent = factor_extent(slice);
	double value = offender(&extent, rule->range);
	const char *cause;

	if (value == 0 || (isfinite(value) && op->layer->growth)) {
		raise_doubt(op, rule, &extent);
		return STATUS_OK;
	}
	cause = cause_of(rule, &extent, slice.dtype);
	return status_set(STATUS_VALUE, "%s holds %g in channel %zu%s%s",
		rule->name, value, op->channel, cause ? ": " : "",
		cause ? cause : "");
}

/* Of a complex factor the real part obeys its rule, and the imaginary one is
 * finite. */
enum status
operator_check(struct operator *op, const struct factor_rule *rule,
	struct slice slice)
{
	struct factor_rule real = *rule;
	const struct factor_rule finite = { .name = rule->name };
	enum status status;

	if (dtype_is_complex(slice.dtype) && rule->range == RANGE_GATE)
		real.range = RANGE_FINITE;
	status = check_part(op, &real, slice_part(slice, PART_REAL));
	if (status == STATUS_OK && dtype_is_complex(slice.dtype))
		status = check_part(op, &finite,
			slice_part(slice, PART_IMAGINARY));
	return status;
}
