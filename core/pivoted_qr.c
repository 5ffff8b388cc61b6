/*
 * Steps, and the choice of the pivots; columns are turned in
 * pivoted_qr_lanes.inc.
 */
#include "core/pivoted_qr.h"

#include <math.h>
#include <string.h>

#include "core/lanes.h"
#include "core/util.h"

#define LANES_BODY "core/pivoted_qr_lanes.inc"
#include "core/lanes_widths.inc"

/* Squares of columns first .., from row first on. */
static double
sum_of(const double *norms, size_t first, size_t n)
{
	double sum = 0;

	for (size_t c = first; c < n; c++)
		sum += norms[c];
	return sum;
}

/* Column k becomes the one with the largest norm. */
static void
exchange(const struct pivoted_qr *qr, double *norms, size_t k)
{
	double *x = qr->a + k * qr->stride, *y;
	size_t best = k, other;
	double norm;

	for (size_t c = k + 1; c < qr->n; c++)
		if (norms[c] > norms[best])
			best = c;
	if (best == k)
		return;
	y = qr->a + best * qr->stride;
	for (size_t r = 0; r < qr->m; r++) {
		double z = x[r];

		x[r] = y[r];
		y[r] = z;
	}
	other = qr->pivot[k];
	qr->pivot[k] = qr->pivot[best];
	qr->pivot[best] = other;
	norm = norms[k];
	norms[k] = norms[best];
	norms[best] = norm;
}

/* The reflection that leaves of x, entries k .. m - 1, the first: LAPACK
 * dlarfg. v: it, with zeros before k; behind k also in the place of x. The
 * rest may be so small that it does not show in the norm and is still far
 * above what counts: only where it is 0 there is nothing to reflect. */
static double
reflect(double *x, double *v, size_t k, size_t m)
{
	double alpha = x[k], rest = 0, beta, scale;

	memset(v, 0, k * sizeof *v);
	v[k] = 1;
	for (size_t r = k + 1; r < m; r++)
		rest += x[r] * x[r];
	if (rest == 0) {
		memset(v + k + 1, 0, (m - k - 1) * sizeof *v);
		memset(x + k + 1, 0, (m - k - 1) * sizeof *x);
		return 0;
	}
	beta = -copysign(sqrt(alpha * alpha + rest), alpha);
	scale = 1 / (alpha - beta);
	for (size_t r = k + 1; r < m; r++)
		v[r] = x[r] *= scale;
	x[k] = beta;
	return (beta - alpha) / beta;
}

size_t
pivoted_qr(const struct pivoted_qr *qr, double enough)
{
	size_t least = size_min(qr->m, qr->n), stride = qr->stride, k;
	double *v = qr->room, *norms = v + stride;

	memset(v, 0, stride * sizeof *v);
	for (size_t c = 0; c < qr->n; c++)
		qr->pivot[c] = c;
	LANES_OF(turn_all, qr->lanes)(qr->a, qr->n, stride, v, 0, stride, 0,
		norms);
	for (k = 0; k < least; k++) {
		size_t top = k / PIVOTED_QR_ROWS * PIVOTED_QR_ROWS;
		double *x = qr->a + k * stride;

		qr->left[k] = sum_of(norms, k, qr->n);
		if (qr->left[k] <= enough)
			return k;
		exchange(qr, norms, k);
		qr->tau[k] = reflect(x, v, k, qr->m);
		LANES_OF(turn_all, qr->lanes)(x + stride + top, qr->n - k - 1,
			stride, v + top, qr->tau[k], stride - top,
			k + 1 - top, norms + k + 1);
	}
	qr->left[k] = 0;
	return k;
}
