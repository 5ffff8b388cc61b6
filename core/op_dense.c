/*
 * dense: T itself, as stored. A stored T carries its own rounding as noise.
 */
#include <math.h>

#include "core/operator.h"
#include "core/util.h"

enum { DENSE_T };

static const struct factor_rule rules[] = {
	[DENSE_T] = { "T", "LL|HLL", .required = true, .or_complex = true,
		.leads = true, .range = RANGE_FINITE },
	{ .name = NULL },
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "T");
}

static enum status
settle(struct layer *layer)
{
	layer->tss_rule = TSS_RANK;
	return STATUS_OK;
}

/* Unit roundoff of what T was stored in. */
static double
unit_roundoff(enum dtype dtype)
{
	switch (dtype) {
	case DTYPE_F16:
		return 0x1p-11;
	case DTYPE_BF16:
		return 0x1p-8;
	case DTYPE_F32:
	case DTYPE_C64:
		return 0x1p-24;
	default:
		return 0;
	}
}

/* The first of begin .. end - 1 that is not 0, or end. */
static size_t
above_diagonal(const struct slice *row, size_t begin, size_t end)
{
	double values[256];

	for (size_t start = begin; start < end; start += LENGTH(values)) {
		size_t n = size_min(end - start, LENGTH(values));

		slice_read(values, row, start, n);
		for (size_t k = 0; k < n; k++)
			if (values[k] != 0)
				return start + k;
	}
	return end;
}

/* Nothing but 0 above the diagonal. */
static enum status
check_causal(const struct operator *op, enum complex_part part)
{
	struct slice t = slice_part(op->slices[DENSE_T], part);

	for (size_t i = 0; i < op->length; i++) {
		struct slice row = slice_at(t, i);
		size_t j = above_diagonal(&row, i + 1, op->length);

		if (j < op->length)
			return status_set(STATUS_VALUE, "T[%zu][%zu] = %g in "
				"channel %zu lies above the diagonal: the "
				"operator is not causal (bidirectional and "
				"cross attention have no ESS)", i, j,
				slice_get(&row, j), op->channel);
	}
	return STATUS_OK;
}

static enum status
open_dense(struct operator *op)
{
	struct slice *t = &op->slices[DENSE_T];
	enum status status;

	if (!op->is_complex)
		*t = slice_part(*t, PART_REAL);
	op->noise = unit_roundoff(t->dtype);
	status = check_causal(op, PART_REAL);
	if (status == STATUS_OK && op->is_complex)
		status = check_causal(op, PART_IMAGINARY);
	return status;
}

static void
span(const struct operator *op, size_t i, size_t first, size_t count,
	double *out)
{
	struct slice stored = slice_at(slice_part(op->slices[DENSE_T],
		PART_REAL), i);

	slice_read(out, &stored, first, count);
}

static void
row(const struct operator *op, size_t i, double *out)
{
	span(op, i, 0, i + 1, out);
}

static void
complex_row(const struct operator *op, size_t i, double _Complex *out)
{
	struct slice stored = slice_at(op->slices[DENSE_T], i);

	slice_read_complex(out, &stored, 0, i + 1);
}

const struct operator_kind operator_dense = {
	.name = "dense",
	.formula = "T[i][j] as stored",
	.meta_keys = "",
	.each_opens = true,
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator),
	.open = open_dense,
	.row = row,
	.complex_row = complex_row,
	.span = span,
};
