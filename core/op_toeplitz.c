/*
 * toeplitz: long and short convolutions under gates (S4, Hyena, H3, LFM2).
 *
 *   T[i][j] = sum_r gq_ri h_{i-j} gk_rj       0 <= i - j < K
 */
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"

enum { TOEPLITZ_H, TOEPLITZ_GQ, TOEPLITZ_GK };

static const struct factor_rule rules[] = {
	[TOEPLITZ_H] = { "h", "DK", .required = true, .leads = true },
	[TOEPLITZ_GQ] = { "gq", "DL|RDL" },
	[TOEPLITZ_GK] = { "gk", "DL|RDL" },
	{ .name = NULL },
};

struct operator_toeplitz {
	struct operator op;
	double *kernel;         /* K */
	double *gq, *gk;        /* R x L */
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

/* A gate as R x L doubles; ones where it is absent, repeated where it has no
 * axis R. */
static enum status
read_gate(double **out, const struct operator *op, int which, size_t folds)
{
	const struct slice *gate = &op->slices[which];
	size_t L = op->length;
	void *values;
	enum status status = util_alloc(&values, folds * L, sizeof(double),
		op->kind->rules[which].name);

	if (status != STATUS_OK)
		return status;
	*out = values;
	for (size_t r = 0; r < folds; r++) {
		double *row = *out + r * L;

		if (!gate->data)
			for (size_t t = 0; t < L; t++)
				row[t] = 1;
		else if (gate->rank == 1)
			slice_read(row, gate, 0, L);
		else
			slice_row(row, gate, r);
	}
	return STATUS_OK;
}

static enum status
open_toeplitz(struct operator *op)
{
	struct operator_toeplitz *self = (struct operator_toeplitz *)op;
	const struct slice *h = &op->slices[TOEPLITZ_H];
	void *kernel;
	enum status status;

	self->taps = size_min(h->shape[0], op->length);
	self->folds = size_max(op->layer->axes['R' - 'A'], 1);
	status = util_alloc(&kernel, self->taps, sizeof(double), "h");
	if (status != STATUS_OK)
		return status;
	self->kernel = kernel;
	slice_read(self->kernel, h, 0, self->taps);
	status = read_gate(&self->gq, op, TOEPLITZ_GQ, self->folds);
	if (status == STATUS_OK)
		status = read_gate(&self->gk, op, TOEPLITZ_GK, self->folds);
	return status;
}

static void
close_toeplitz(struct operator *op)
{
	struct operator_toeplitz *self = (struct operator_toeplitz *)op;

	free(self->kernel);
	free(self->gq);
	free(self->gk);
}

static void
span(const struct operator *op, size_t i, size_t first, size_t count,
	double *out)
{
	const struct operator_toeplitz *self
		= (const struct operator_toeplitz *)op;
	size_t L = op->length, end = first + count;
	size_t known = i + 1 > self->taps ? i + 1 - self->taps : 0;

	for (size_t j = first; j < size_min(known, end); j++)
		out[j - first] = 0;
	for (size_t j = size_max(known, first); j < end; j++) {
		double gates = 0;

		for (size_t r = 0; r < self->folds; r++)
			gates += self->gq[r * L + i] * self->gk[r * L + j];
		out[j - first] = gates * self->kernel[i - j];
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
	.span = span,
};
