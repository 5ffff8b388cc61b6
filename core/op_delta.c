/*
 * delta rule: S_t = A_t S_{t-1} + input, read by q_t after the update.
 *
 *   T[i][j] = scale q_i' A_i ... A_{j+1} b_j
 *
 * DeltaNet, Gated DeltaNet, KDA: A_t = (I - beta_t k_t k_t') diag(exp la_t),
 * b_t = beta_t k_t. RWKV-7 (form dplr): A_t = diag(exp la_t) + b_t a_t',
 * with input k_t. Both are diagonal plus rank one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"

enum { DELTA_Q, DELTA_K, DELTA_BETA, DELTA_LA, DELTA_A, DELTA_B, DELTA_SCALE };

static const struct factor_rule rules[] = {
	[DELTA_Q] = { "q", "HLN", .required = true, .leads = true },
	[DELTA_K] = { "k", "GLN", .required = true },
	[DELTA_BETA] = { "beta", "HL", .low = 0, .high = 2,
		.doubt = "beta is in (0, 1), doubled in (0, 2); this one may "
			"be before its sigmoid" },
	[DELTA_LA] = { "la", "HL|HLN", .range = RANGE_LOG_DECAY },
	[DELTA_A] = { "a", "HLN" },
	[DELTA_B] = { "b", "HLN" },
	[DELTA_SCALE] = { "scale", "" },
	{ .name = NULL },
};

struct operator_delta {
	struct operator op;
	double scale;
	size_t n;
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "beta") || (layer_has(layer, "q")
		&& layer_has(layer, "a") && layer_has(layer, "b"));
}

static enum status
settle(struct layer *layer)
{
	bool beta = layer->bindings[DELTA_BETA].factor;
	bool pair = layer->bindings[DELTA_A].factor
		&& layer->bindings[DELTA_B].factor;
	const char *form;
	double scale;
	enum status status = layer_meta_word(&form, layer, "form", "delta",
		"dplr");

	if (status == STATUS_OK)
		status = layer_number(&scale, layer, "scale", 1);
	if (status != STATUS_OK)
		return status;
	if (form ? (strcmp(form, "dplr") ? !beta : !pair) : beta == pair)
		return status_set(STATUS_FORMAT, "the transition is not "
			"settled; expected beta (H,L), or a and b (H,L,N) "
			"with meta form dplr");
	if (form ? !strcmp(form, "dplr") : !beta)
		layer_drop(layer, DELTA_BETA, "form is dplr");
	for (size_t k = DELTA_A; layer->bindings[DELTA_BETA].factor
		&& k <= DELTA_B; k++)
		layer_drop(layer, k, "form is delta");
	layer->tss_rule = TSS_STATE;
	layer->state_size = layer_state(layer);
	return STATUS_OK;
}

/* The form without beta. */
static bool
is_dplr(const struct operator *op)
{
	return !op->slices[DELTA_BETA].data;
}

/* I - beta k k' has the eigenvalue 1 - beta |k|^2: within -1 and 1 for keys
 * of length 1 and the beta of any model. */
static void
doubt_lengths(struct operator_delta *self)
{
	struct operator *op = &self->op;
	double *k = xcalloc(self->n, sizeof *k), most = 0;

	for (size_t t = 0; t < op->length; t++) {
		double square = 0;

		slice_row(k, &op->slices[DELTA_K], t);
		for (size_t n = 0; n < self->n; n++)
			square += k[n] * k[n];
		most = fmax(most, square
			* slice_get(&op->slices[DELTA_BETA], t));
	}
	free(k);
	if (most > 2.05 && !op->doubt && !op->layer->growth)
		op->doubt = xasprintf("%s: %s: beta |k|^2 reaches %g in "
			"channel %zu, and beyond 2 the state grows: k should "
			"be L2-normalised as the kernel does it",
			op->layer->dump->label, op->layer->label, most,
			op->channel);
}

/* Kernels normalise keys to length 1 before they use them. */
static char *
examine_delta(const struct operator *op)
{
	const struct operator_delta *self = (const struct operator_delta *)op;
	double *k, least = INFINITY, most = 0;

	if (is_dplr(op))
		return NULL;
	k = xcalloc(self->n, sizeof *k);
	for (size_t t = 0; t < op->length; t++) {
		double square = 0;

		slice_row(k, &op->slices[DELTA_K], t);
		for (size_t n = 0; n < self->n; n++)
			square += k[n] * k[n];
		least = fmin(least, square);
		most = fmax(most, square);
	}
	free(k);
	if (least > 0.95 && most < 1.05)
		return NULL;
	return xasprintf("k has lengths from %.3g to %.3g in channel %zu: "
		"kernels normalise keys to length 1 (L2); store k as they use "
		"it", sqrt(least), sqrt(most), op->channel);
}

static enum status
open_delta(struct operator *op)
{
	struct operator_delta *self = (struct operator_delta *)op;

	self->n = op->state;
	if (!is_dplr(op))
		doubt_lengths(self);
	return layer_number(&self->scale, op->layer, "scale", 1);
}

/* exp(la_t) of all n states; 1 where there is no la. */
static void
decay_at(const struct operator_delta *self, size_t t, double *a)
{
	const struct slice *la = &self->op.slices[DELTA_LA];
	double all = 1;

	if (la->data && la->rank == 2) {
		slice_row(a, la, t);
		for (size_t k = 0; k < self->n; k++)
			a[k] = exp(a[k]);
		return;
	}
	if (la->data)
		all = exp(slice_get(la, t));
	for (size_t k = 0; k < self->n; k++)
		a[k] = all;
}

static void
step(const struct operator *op, size_t t, double *a, double *b, double *c)
{
	const struct operator_delta *self = (const struct operator_delta *)op;
	const struct slice *beta = &op->slices[DELTA_BETA];

	if (a)
		decay_at(self, t, a);
	if (b) {
		double strength = beta->data ? slice_get(beta, t) : 1;

		slice_row(b, &op->slices[DELTA_K], t);
		for (size_t k = 0; k < self->n; k++)
			b[k] *= strength;
	}
	if (c) {
		slice_row(c, &op->slices[DELTA_Q], t);
		for (size_t k = 0; k < self->n; k++)
			c[k] *= self->scale;
	}
}

/* (I - beta k k') D = D - (beta k) (D k)'. */
static void
rank_one(const struct operator *op, size_t t, double *p, double *q)
{
	const struct operator_delta *self = (const struct operator_delta *)op;
	double beta;

	if (!op->slices[DELTA_BETA].data) {
		slice_row(p, &op->slices[DELTA_B], t);
		slice_row(q, &op->slices[DELTA_A], t);
		return;
	}
	beta = slice_get(&op->slices[DELTA_BETA], t);
	decay_at(self, t, q);
	slice_row(p, &op->slices[DELTA_K], t);
	for (size_t k = 0; k < self->n; k++) {
		q[k] *= p[k];
		p[k] *= -beta;
	}
}

const struct operator_kind operator_delta = {
	.name = "delta",
	.formula = "T[i][j] = scale q_i' A_i ... A_{j+1} beta_j k_j, "
		"A_t = (I - beta k k') diag(exp la)",
	.meta_keys = "scale form",
	.each_opens = true,
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator_delta),
	.open = open_delta,
	.examine = examine_delta,
	.row = operator_state_row,
	.step = step,
	.rank_one = rank_one,
};
