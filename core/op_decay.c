/*
 * decay: S_t = diag(exp la_t) S_{t-1} + k_t v_t, read by q_t: linear
 * attention, RetNet, GLA, Mamba-2, HGRN2, RWKV-5/6.
 *
 *   T[i][j] = scale sum_n q_in exp(sum_{s=j+1..i} la_sn) k_jn
 *
 * read = pre: y_t sees the state before its own update, the sum ends at i-1.
 * normalize: row i of T is divided by its own sum plus eps.
 */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"

enum { DECAY_Q, DECAY_K, DECAY_LA, DECAY_SCALE };

static const struct factor_rule rules[] = {
	[DECAY_Q] = { "q", "HLN", .required = true, .or_complex = true,
		.leads = true },
	[DECAY_K] = { "k", "GLN", .required = true, .or_complex = true },
	[DECAY_LA] = { "la", "H|HL|HN|HLN", .or_complex = true,
		.range = RANGE_LOG_DECAY },
	[DECAY_SCALE] = { "scale", "" },
	{ .name = NULL },
};

struct decay_options {
	double scale, eps;
	bool normalize, pre;
};

struct operator_decay {
	struct operator op;
	double scale;
	size_t n;
	bool decays;
	bool decay_by_position, decay_by_state;
	double *fixed;          /* exp(la) where it does not depend on t */
	double *row_scale;      /* L; NULL unless normalised */
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "q") && layer_has(layer, "k")
		&& layer_has(layer, "la");
}

static enum status
read_options(struct decay_options *out, const struct layer *layer)
{
	const char *read;
	enum status status;

	status = layer_number(&out->scale, layer, "scale", 1);
	if (status == STATUS_OK)
		status = layer_meta_number(&out->eps, layer, "eps", 1e-10);
	if (status == STATUS_OK)
		status = layer_meta_flag(&out->normalize, layer, "normalize",
			false);
	if (status == STATUS_OK)
		status = layer_meta_word(&read, layer, "read", "post",
			"pre");
	if (status != STATUS_OK)
		return status;
	if (out->eps < 0)
		return status_set(STATUS_FORMAT,
			"eps is %g; expected 0 or more", out->eps);
	out->pre = read && !strcmp(read, "pre");
	return STATUS_OK;
}

static enum status
settle(struct layer *layer)
{
	struct decay_options options;
	enum status status = read_options(&options, layer);

	if (status == STATUS_OK && options.normalize && layer->is_complex)
		return status_set(STATUS_FORMAT, "normalize divides by sums "
			"that are complex here; store the normalised q, or T "
			"as kind dense");
	layer->tss_rule = TSS_STATE;
	layer->state_size = layer_state(layer);
	return status;
}

/* exp(la_t) of all n states. */
static void
decay_at(const struct operator_decay *self, size_t t, double *a)
{
	const struct slice *la = &self->op.slices[DECAY_LA];

	if (!self->decay_by_position) {
		memcpy(a, self->fixed, self->n * sizeof *a);
		return;
	}
	if (!self->decay_by_state) {
		double all = exp(slice_get(la, t));

		for (size_t k = 0; k < self->n; k++)
			a[k] = all;
		return;
	}
	slice_row(a, la, t);
	for (size_t k = 0; k < self->n; k++)
		a[k] = exp(a[k]);
}

static void
fix_decay(struct operator_decay *self, const char *form)
{
	const struct slice *la = &self->op.slices[DECAY_LA];
	bool by_state = form && strchr(form, 'N');

	self->decays = form != NULL;
	self->decay_by_position = form && strchr(form, 'L');
	self->decay_by_state = by_state;
	if (self->decay_by_position || self->op.complex_modes)
		return;
	self->fixed = xmalloc(self->n * sizeof *self->fixed);
	for (size_t k = 0; k < self->n; k++)
		self->fixed[k] = 1;
	if (by_state) {
		slice_read(self->fixed, la, 0, self->n);
		for (size_t k = 0; k < self->n; k++)
			self->fixed[k] = exp(self->fixed[k]);
	} else if (form) {
		double all = exp(slice_scalar(*la));

		for (size_t k = 0; k < self->n; k++)
			self->fixed[k] = all;
	}
}

static void
step(const struct operator *op, size_t t, double *a, double *b, double *c)
{
	const struct operator_decay *self = (const struct operator_decay *)op;
	double scale = self->row_scale ? self->row_scale[t] : self->scale;

	if (a)
		decay_at(self, t, a);
	if (b)
		slice_row(b, &op->slices[DECAY_K], t);
	if (!c)
		return;
	slice_row(c, &op->slices[DECAY_Q], t);
	for (size_t k = 0; k < self->n; k++)
		c[k] *= scale;
}

/* exp(la_t), in whichever of its forms la came. */
static void
complex_decay_at(const struct operator_decay *self, size_t t,
	double _Complex *a)
{
	struct slice la = self->op.slices[DECAY_LA];
	double _Complex all = 0;

	if (self->decay_by_position && self->decay_by_state)
		la = slice_at(la, t);
	if (self->decay_by_state)
		slice_read_complex(a, &la, 0, self->n);
	else if (self->decay_by_position)
		all = slice_get_complex(&la, t);
	else if (self->decays)
		all = slice_scalar_complex(la);
	for (size_t k = 0; k < self->n; k++) {
		double _Complex log = self->decay_by_state ? a[k] : all;

		/* A reset turns by no angle. */
		a[k] = creal(log) == -INFINITY ? 0 : cexp(log);
	}
}

static void
complex_step(const struct operator *op, size_t t, double _Complex *a,
	double _Complex *b, double _Complex *c)
{
	const struct operator_decay *self = (const struct operator_decay *)op;

	if (a)
		complex_decay_at(self, t, a);
	if (b)
		slice_row_complex(b, &op->slices[DECAY_K], t);
	if (!c)
		return;
	slice_row_complex(c, &op->slices[DECAY_Q], t);
	for (size_t k = 0; k < self->n; k++)
		c[k] *= self->scale;
}

/* state = the state after step t; returns the sum of row t of T. */
static double
row_sum(const struct operator_decay *self, size_t t, double *state,
	double *room)
{
	size_t n = self->n;
	double *a = room, *b = a + n, *c = b + n, before = 0, after = 0;

	step(&self->op, t, a, b, c);
	for (size_t k = 0; k < n; k++) {
		before += c[k] * state[k];
		state[k] = a[k] * state[k] + b[k];
		after += c[k] * state[k];
	}
	return self->op.reads_before ? before : after;
}

/* row_scale[t] = scale / (sum of row t + eps). */
static enum status
normalise(struct operator_decay *self, double eps)
{
	size_t L = self->op.length, n = self->n;
	double *state = xcalloc(4 * n, sizeof *state), *scale;
	void *scales = NULL;
	enum status status;

	status = util_alloc(&scales, L, sizeof(double), "normaliser");
	scale = scales;
	for (size_t t = 0; t < L && status == STATUS_OK; t++) {
		double sum = row_sum(self, t, state, state + n);
		/* With read = pre nothing precedes the first position. */
		bool empty = t == 0 && self->op.reads_before;

		scale[t] = empty ? 0 : self->scale / (sum + eps);
		if (!isfinite(scale[t]) || isinf(sum))
			status = status_set(STATUS_VALUE, "the normaliser is "
				"%g at position %zu of channel %zu; expected "
				"another sum of q.k: are they after their "
				"feature map?", sum + eps, t,
				self->op.channel);
	}
	if (status == STATUS_OK)
		self->row_scale = scales;
	else
		free(scales);
	free(state);
	return status;
}

static enum status
open_decay(struct operator *op)
{
	struct operator_decay *self = (struct operator_decay *)op;
	const struct binding *la = &op->layer->bindings[DECAY_LA];
	struct decay_options options;
	enum status status = read_options(&options, op->layer);

	if (status != STATUS_OK)
		return status;
	self->n = layer_modes(op->layer);
	self->scale = options.scale;
	op->reads_before = options.pre;
	fix_decay(self, la->factor ? la->form : NULL);
	return options.normalize ? normalise(self, options.eps) : STATUS_OK;
}

static void
close_decay(struct operator *op)
{
	struct operator_decay *self = (struct operator_decay *)op;

	free(self->fixed);
	free(self->row_scale);
}

const struct operator_kind operator_decay = {
	.name = "decay",
	.formula = "T[i][j] = scale sum_n q_in exp(sum_{s=j+1..i} la_sn) k_jn",
	.meta_keys = "scale read normalize eps",
	.each_opens = true,
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator_decay),
	.open = open_decay,
	.close = close_decay,
	.row = operator_state_row,
	.complex_row = operator_complex_state_row,
	.step = step,
	.complex_step = complex_step,
};
