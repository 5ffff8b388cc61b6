/*
 * Triangular factors of a recurrence of complex modes, those of conjugate
 * pairs included (operator_complex.c). K_i* = Q R_K, so that R_K takes the
 * conjugates of the transitions and inputs, and H_i has the singular values of
 * R_O R_K*.
 */
#include <complex.h>

#include "core/state_factors.h"
#include "core/triangular_complex.h"
#include "core/util.h"

static double _Complex *
complexes(double *doubles)
{
	return (double _Complex *)doubles;
}

static void
conjugate(double _Complex *x, size_t n)
{
	for (size_t k = 0; k < n; k++)
		x[k] = conj(x[k]);
}

static void
back(struct state_factors *f, size_t t)
{
	const struct operator *op = f->op;
	double _Complex *a = complexes(f->a), *row = complexes(f->row);
	double _Complex *r = complexes(f->observe);

	operator_complex_step(op, t, a, NULL, row);
	if (op->reads_before)
		triangular_complex_scale_columns(r, a, f->n);
	triangular_complex_add_row(r, row, f->n);
	if (!op->reads_before)
		triangular_complex_scale_columns(r, a, f->n);
}

static void
forward(struct state_factors *f, size_t t)
{
	double _Complex *a = complexes(f->a), *row = complexes(f->row);
	double _Complex *r = complexes(f->control);

	operator_complex_step(f->op, t, a, row, NULL);
	conjugate(a, f->n);
	conjugate(row, f->n);
	triangular_complex_scale_columns(r, a, f->n);
	triangular_complex_add_row(r, row, f->n);
}

static enum status
want(const struct state_factors *f, size_t i, const double *observe,
	struct product_queue *queue)
{
	const double _Complex *o = (const double _Complex *)observe;
	const double _Complex *k = complexes(f->control);
	size_t order = size_min(i, f->op->length - i);

	return product_queue_push_complex(queue, o, k,
		&(struct spectrum){
			.position = i,
			.count = size_min(f->n, order),
			/* A complex product rounds a little more often. */
			.error = 2 * state_error(f, i),
			.method = METHOD_STATE,
		});
}

const struct state_arithmetic state_complex = {
	.parts = 2,
	.back = back,
	.forward = forward,
	.want = want,
};
