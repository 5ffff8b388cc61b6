/*
 * w_i = A_{j+1}' ... A_i' c_i of all rows i side by side: of mode k those of
 * all rows lie together, so that the innermost loop is over rows, and each
 * row's own sums keep their order.
 */
#include "core/state_rows.h"

#include <complex.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator_rows.h"
#include "core/util.h"

/* Rows begin .. count - 1 of the area are on their way: those below have not
 * been reached, going back from the last. */
struct walk {
	const struct operator *op;
	struct operator_area area;
	size_t state, rows;
	double *w;                      /* state x rows */
	double *a, *b, *c, *p, *q;      /* state */
	double *sums;                   /* rows */
};

bool
state_rows_apply(const struct operator *op)
{
	return op->kind->step != NULL;
}

size_t
state_rows_stride(size_t columns)
{
	/* An odd number of lines of 8 doubles. */
	return (columns | 15) + 9;
}

static struct walk
walk_new(const struct operator *op, struct operator_area area)
{
	size_t n = op->state, rows = area.rows;
	struct walk walk = { .op = op, .area = area, .state = n,
		.rows = rows };

	walk.w = xcalloc(n * rows + 5 * n + rows, sizeof *walk.w);
	walk.a = walk.w + n * rows;
	walk.b = walk.a + n;
	walk.c = walk.b + n;
	walk.p = walk.c + n;
	walk.q = walk.p + n;
	walk.sums = walk.q + n;
	return walk;
}

/* sums = w x of rows begin and on. */
static void
project(struct walk *walk, const double *x, size_t begin)
{
	double *restrict sums = walk->sums;

	for (size_t r = begin; r < walk->rows; r++)
		sums[r] = 0;
	for (size_t k = 0; k < walk->state; k++) {
		const double *restrict w = walk->w + k * walk->rows;
		double value = x[k];

		for (size_t r = begin; r < walk->rows; r++)
			sums[r] += w[r] * value;
	}
}

/* w = A_t' w, A_t = diag(a) + p q'. */
static void
turn_back(struct walk *walk, size_t t, size_t begin)
{
	const struct operator *op = walk->op;
	const double *restrict along = walk->sums;

	if (op->kind->rank_one) {
		op->kind->rank_one(op, t, walk->p, walk->q);
		project(walk, walk->p, begin);
	}
	for (size_t k = 0; k < walk->state; k++) {
		double *restrict w = walk->w + k * walk->rows;
		double a = walk->a[k], q = walk->q[k];

		if (op->kind->rank_one)
			for (size_t r = begin; r < walk->rows; r++)
				w[r] = w[r] * a + along[r] * q;
		else
			for (size_t r = begin; r < walk->rows; r++)
				w[r] *= a;
	}
}

/* Row r of the area begins its walk at its own position. */
static void
enter(struct walk *walk, size_t r)
{
	walk->op->kind->step(walk->op, walk->area.row + r, NULL, NULL, walk->c);
	for (size_t k = 0; k < walk->state; k++)
		walk->w[k * walk->rows + r] = walk->c[k];
}

static void
real_rows(double *out, size_t stride, const struct operator *op,
	struct operator_area area)
{
	struct walk walk = walk_new(op, area);
	size_t end = area.column + area.columns;

	for (size_t t = area.row + area.rows; t-- > area.column;) {
		bool shown = t < end;
		size_t begin = t > area.row ? t - area.row : 0;
		double *column = out + (t - area.column);

		if (t >= area.row && !op->reads_before)
			enter(&walk, begin);
		if (t >= area.row && op->reads_before)
			begin++;
		op->kind->step(op, t, walk.a, shown ? walk.b : NULL, NULL);
		if (shown) {
			project(&walk, walk.b, begin);
			for (size_t r = begin; r < area.rows; r++)
				column[r * stride] = walk.sums[r];
		}
		turn_back(&walk, t, begin);
		if (t >= area.row && op->reads_before) {
			/* y_t sees nothing of its own input. */
			if (shown)
				column[(begin - 1) * stride] = 0;
			enter(&walk, begin - 1);
		}
	}
	free(walk.w);
}

/* Modes that are complex, one row behind the other; parts: doubles an entry
 * of out, 1 where T is the real part. */
static void
complex_rows(double *out, size_t stride, const struct operator *op,
	struct operator_area area, size_t parts)
{
	size_t n = layer_modes(op->layer), end = area.column + area.columns;
	double _Complex *w = xcalloc(n * area.rows + 2 * n, sizeof *w);
	double _Complex *a = w + n * area.rows, *b = a + n;

	for (size_t t = area.row + area.rows; t-- > area.column;) {
		bool shown = t < end;
		size_t begin = t > area.row ? t - area.row : 0;

		op->kind->complex_step(op, t, a, shown ? b : NULL, NULL);
		for (size_t r = begin; r < area.rows; r++) {
			double _Complex *own = w + r * n, sum = 0;
			bool first = area.row + r == t;
			double *entry = out + (r * stride
				+ (t - area.column)) * parts;

			if (first)
				op->kind->complex_step(op, t, NULL, NULL, own);
			for (size_t k = 0; shown && k < n
				&& !(first && op->reads_before); k++)
				sum += own[k] * b[k];
			for (size_t k = 0; k < n && !(first
				&& op->reads_before); k++)
				own[k] *= a[k];
			if (shown)
				entry[0] = creal(sum);
			if (shown && parts == 2)
				entry[1] = cimag(sum);
		}
	}
	free(w);
}

void
state_rows(double *out, size_t stride, const struct operator *op,
	struct operator_area area)
{
	if (op->is_complex || op->complex_modes)
		complex_rows(out, stride, op, area, operator_parts(op));
	else
		real_rows(out, stride, op, area);
}
