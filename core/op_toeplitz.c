/*
 * toeplitz: long and short convolutions under gates (S4, Hyena, H3, LFM2).
 *
 *   T[i][j] = sum_r gq_ri h_{i-j} gk_rj       0 <= i - j < K
 */
#include <stdlib.h>
#include <string.h>

#include "core/complex_value.h"
#include "core/operator.h"
#include "core/util.h"

enum { TOEPLITZ_H, TOEPLITZ_GQ, TOEPLITZ_GK };

static const struct factor_rule rules[] = {
	[TOEPLITZ_H] = { "h", "DK", .required = true, .or_complex = true,
		.leads = true },
	[TOEPLITZ_GQ] = { "gq", "DL|RDL", .or_complex = true },
	[TOEPLITZ_GK] = { "gk", "DL|RDL", .or_complex = true },
	{ .name = NULL },
};

struct operator_toeplitz {
	struct operator op;
	/* By part; the imaginary one NULL where all factors are real. */
	double *kernel[2];      /* K */
	double *gq[2], *gk[2];  /* R x L; NULL: ones */
	size_t taps, folds;
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "h");
}

static enum status
settle(struct layer *layer)
{
	layer->tss_rule = TSS_WINDOW;
	layer->state_size = layer->axes['K' - 'A'] - 1;
	layer->band = layer->axes['K' - 'A'];
	return STATUS_OK;
}

/* n values of a rank-1 slice, or their imaginary parts. */
static void
read_part(double *out, struct slice slice, size_t n, enum complex_part part)
{
	bool real = !dtype_is_complex(slice.dtype);

	slice = slice_part(slice, part);
	if (part == PART_REAL || !real)
		slice_read(out, &slice, 0, n);
	else
		memset(out, 0, n * sizeof *out);
}

/* A gate as R x L doubles, repeated where it has no axis R. */
static enum status
read_gate(double **out, const struct operator *op, int which, size_t folds,
	enum complex_part part)
{
	const struct slice *gate = &op->slices[which];
	size_t L = op->length;
	void *values;
	enum status status;

	if (!gate->data)
		return STATUS_OK;
	status = util_alloc(&values, folds * L, sizeof(double),
		op->kind->rules[which].name);
	if (status != STATUS_OK)
		return status;
	*out = values;
	for (size_t r = 0; r < folds; r++)
		read_part(*out + r * L, gate->rank == 1 ? *gate
			: slice_at(*gate, r), L, part);
	return STATUS_OK;
}

static enum status
read_parts(struct operator_toeplitz *self, enum complex_part part)
{
	const struct operator *op = &self->op;
	void *kernel;
	enum status status = util_alloc(&kernel, self->taps, sizeof(double),
		"h");

	if (status != STATUS_OK)
		return status;
	self->kernel[part] = kernel;
	read_part(kernel, op->slices[TOEPLITZ_H], self->taps, part);
	status = read_gate(&self->gq[part], op, TOEPLITZ_GQ, self->folds, part);
	if (status == STATUS_OK)
		status = read_gate(&self->gk[part], op, TOEPLITZ_GK,
			self->folds, part);
	return status;
}

static enum status
open_toeplitz(struct operator *op)
{
	struct operator_toeplitz *self = (struct operator_toeplitz *)op;
	enum status status;

	self->taps = size_min(op->slices[TOEPLITZ_H].shape[0], op->length);
	self->folds = size_max(op->layer->axes['R' - 'A'], 1);
	status = read_parts(self, PART_REAL);
	if (status == STATUS_OK && op->layer->is_complex)
		status = read_parts(self, PART_IMAGINARY);
	return status;
}

static void
close_toeplitz(struct operator *op)
{
	struct operator_toeplitz *self = (struct operator_toeplitz *)op;

	for (int part = PART_REAL; part <= PART_IMAGINARY; part++) {
		free(self->kernel[part]);
		free(self->gq[part]);
		free(self->gk[part]);
	}
}

static double _Complex
both(double *const parts[2], size_t index)
{
	if (!parts[PART_REAL])
		return 1;
	return CMPLX(parts[PART_REAL][index], parts[PART_IMAGINARY][index]);
}

/* T[i][j] of complex factors, i - j < taps. */
static double _Complex
entry(const struct operator_toeplitz *self, size_t i, size_t j)
{
	double _Complex gates = 0;
	size_t L = self->op.length;

	for (size_t r = 0; r < self->folds; r++)
		gates += both(self->gq, r * L + i) * both(self->gk, r * L + j);
	return gates * both(self->kernel, i - j);
}

static void
complex_row(const struct operator *op, size_t i, double _Complex *out)
{
	const struct operator_toeplitz *self
		= (const struct operator_toeplitz *)op;

	for (size_t j = 0; j <= i; j++)
		out[j] = i - j < self->taps ? entry(self, i, j) : 0;
}

static void
span(const struct operator *op, size_t i, size_t first, size_t count,
	double *out)
{
	const struct operator_toeplitz *self
		= (const struct operator_toeplitz *)op;
	const double *gq = self->gq[PART_REAL], *gk = self->gk[PART_REAL];
	const double *kernel = self->kernel[PART_REAL];
	size_t L = op->length, end = first + count;
	size_t known = i + 1 > self->taps ? i + 1 - self->taps : 0;

	for (size_t j = first; j < size_min(known, end); j++)
		out[j - first] = 0;
	for (size_t j = size_max(known, first); j < end; j++) {
		double gates = 0;

		if (op->layer->is_complex) {
			out[j - first] = creal(entry(self, i, j));
			continue;
		}
		for (size_t r = 0; r < self->folds; r++)
			gates += (gq ? gq[r * L + i] : 1)
				* (gk ? gk[r * L + j] : 1);
		out[j - first] = gates * kernel[i - j];
	}
}

static void
row(const struct operator *op, size_t i, double *out)
{
	span(op, i, 0, i + 1, out);
}

const struct operator_kind operator_toeplitz = {
	.name = "toeplitz",
	.formula = "T[i][j] = sum_r gq_ri h_{i-j} gk_rj",
	.meta_keys = "",
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.long_unbounded = true,
	.size = sizeof(struct operator_toeplitz),
	.open = open_toeplitz,
	.close = close_toeplitz,
	.row = row,
	.complex_row = complex_row,
	.span = span,
};
