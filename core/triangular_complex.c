#include "core/triangular_complex.h"

#include <math.h>

#include "core/complex_value.h"

/* x y without C's care for infinities, which nothing here depends on: what
 * overflows is refused where its size is looked at. */
static double _Complex
times(double _Complex x, double _Complex y)
{
	return CMPLX(creal(x) * creal(y) - cimag(x) * cimag(y),
		creal(x) * cimag(y) + cimag(x) * creal(y));
}

static double
square(double _Complex x)
{
	return creal(x) * creal(x) + cimag(x) * cimag(x);
}

static double
largest_part(double _Complex x)
{
	return fmax(fabs(creal(x)), fabs(cimag(x)));
}

static double _Complex
over(double _Complex x, double y)
{
	return CMPLX(creal(x) / y, cimag(x) / y);
}

/* (x, y) / h into (c, s), h = sqrt(|x|^2 + |y|^2); the largest part is factored
 * out where squares would leave the range of doubles, since a subnormal h has
 * too few bits to divide by. */
static void
direction(double _Complex *c, double _Complex *s, double _Complex x,
	double _Complex y)
{
	double sum = square(x) + square(y), most;

	if (!(sum > 1e-290 && sum < 1e290)) {
		most = fmax(largest_part(x), largest_part(y));
		x = over(x, most);
		y = over(y, most);
		sum = square(x) + square(y);
	}
	*c = over(x, sqrt(sum));
	*s = over(y, sqrt(sum));
}

/* The unitary [x* y*; -y x] / h takes (x, y) to (h, 0): rows x and y from
 * column k on, so that y[k] becomes 0. */
static void
annihilate(double _Complex *restrict x, double _Complex *restrict y, size_t k,
	size_t n)
{
	double _Complex c, s;

	if (y[k] == 0)
		return;
	direction(&c, &s, x[k], y[k]);
	for (size_t j = k; j < n; j++) {
		double _Complex a = x[j], b = y[j];

		x[j] = times(conj(c), a) + times(conj(s), b);
		y[j] = times(c, b) - times(s, a);
	}
}

void
triangular_complex_add_row(double _Complex *r, double _Complex *v, size_t n)
{
	for (size_t k = 0; k < n; k++)
		annihilate(r + k * n, v, k, n);
}

void
triangular_complex_scale_columns(double _Complex *restrict r,
	const double _Complex *restrict a, size_t n)
{
	for (size_t k = 0; k < n; k++, r += n)
		for (size_t j = k; j < n; j++)
			r[j] = times(r[j], a[j]);
}

double
triangular_complex_product_size(const double _Complex *a,
	const double _Complex *b, size_t n)
{
	double total = 0;

	for (size_t j = 0; j < n; j++) {
		double x = 0, y = 0;

		for (size_t r = 0; r <= j; r++) {
			x += square(a[r * n + j]);
			y += square(b[r * n + j]);
		}
		total += sqrt(x) * sqrt(y);
	}
	return total;
}
