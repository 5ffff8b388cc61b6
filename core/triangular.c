#include "core/triangular.h"

#include <math.h>

/* sqrt(x^2 + y^2); hypot where squares would leave the range of doubles. */
static double
length2(double x, double y)
{
	double sum = x * x + y * y;

	return sum > 1e-290 && sum < 1e290 ? sqrt(sum) : hypot(x, y);
}

/* The rotation (c, s) that turns (x, y) into (h, 0); returns h. */
static double
rotation(double *c, double *s, double x, double y)
{
	double h = length2(x, y);

	*c = x / h;
	*s = y / h;
	return h;
}

/* Turns the pairs (x[j], y[j]), from <= j < n. */
static void
turn(double *restrict x, double *restrict y, double c, double s, size_t from,
	size_t n)
{
	for (size_t j = from; j < n; j++) {
		double a = x[j], b = y[j];

		x[j] = c * a + s * b;
		y[j] = c * b - s * a;
	}
}

/* Turns rows x and y from column k on so that y[k] becomes 0. */
static void
annihilate(double *x, double *y, size_t k, size_t n)
{
	double c, s;

	if (y[k] == 0)
		return;
	rotation(&c, &s, x[k], y[k]);
	turn(x, y, c, s, k, n);
}

void
triangular_add_row(double *r, double *v, size_t n)
{
	for (size_t k = 0; k < n; k++)
		annihilate(r + k * n, v, k, n);
}

void
triangular_scale_columns(double *restrict r, const double *restrict a,
	size_t n)
{
	for (size_t k = 0; k < n; k++, r += n)
		for (size_t j = k; j < n; j++)
			r[j] *= a[j];
}

void
triangular_times_vector(double *u, const double *r, const double *v,
	size_t n)
{
	for (size_t k = 0; k < n; k++, r += n) {
		u[k] = 0;
		for (size_t j = k; j < n; j++)
			u[k] += r[j] * v[j];
	}
}

/* Rotations from below turn u into a multiple of e_1 and R into Hessenberg
 * form; the outer product then touches the first row only, and rotations from
 * above restore R. */
void
triangular_add_rank_one(double *r, double *u, const double *v, size_t n)
{
	for (size_t k = n - 1; k-- > 0;) {
		double c, s;

		if (u[k + 1] == 0)
			continue;
		u[k] = rotation(&c, &s, u[k], u[k + 1]);
		turn(r + k * n, r + (k + 1) * n, c, s, k, n);
	}
	for (size_t j = 0; j < n; j++)
		r[j] += u[0] * v[j];
	for (size_t k = 0; k + 1 < n; k++)
		annihilate(r + k * n, r + (k + 1) * n, k, n);
}

/* Row by row, for some columns at a time. */
double
triangular_product_size(const double *a, const double *b, size_t n)
{
	enum { COLUMNS = 64 };
	double total = 0;

	for (size_t from = 0; from < n; from += COLUMNS) {
		size_t end = from + COLUMNS < n ? from + COLUMNS : n;
		double x[COLUMNS] = { 0 }, y[COLUMNS] = { 0 };

		for (size_t r = 0; r < end; r++)
			for (size_t j = r > from ? r : from; j < end; j++) {
				double u = a[r * n + j], v = b[r * n + j];

				x[j - from] += u * u;
				y[j - from] += v * v;
			}
		for (size_t j = 0; j < end - from; j++)
			total += sqrt(x[j]) * sqrt(y[j]);
	}
	return total;
}
