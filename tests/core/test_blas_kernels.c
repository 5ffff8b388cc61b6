/*
 * An OpenBLAS that does not know its processor is given kernels that fit, and
 * multiplies right with them; what the user chose stays.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "core/blas_kernels.h"
#include "core/lanes.h"
#include "core/linalg.h"
#include "tests/tap.h"

enum { N = 150 };

extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/* As on a processor that is not in its list. */
static void
forget_processor(void)
{
	setenv("OPENBLAS_CORETYPE", "Prescott", 1);
	gotoblas_dynamic_quit();
	gotoblas_dynamic_init();
}

/* The largest difference between a product and its sums. */
static double
product_error(void)
{
	static double a[N * N], b[N * N], c[N * N];
	double worst = 0;

	for (size_t k = 0; k < N * N; k++) {
		a[k] = drand48() - 0.5;
		b[k] = drand48() - 0.5;
	}
	cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a,
		N, b, N, 0, c, N);
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++) {
			double sum = 0;

			for (size_t k = 0; k < N; k++)
				sum += a[i + k * N] * b[k + j * N];
			worst = fmax(worst, fabs(sum - c[i + j * N]));
		}
	return worst;
}

int
main(void)
{
	bool better = lanes_width() > 2;
	double error;

	linalg_start();
	if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit) {
		printf("1..0 # SKIP this OpenBLAS has one kind of kernels\n");
		return 0;
	}
	forget_processor();
	if (strcmp(openblas_get_corename(), "Prescott")) {
		printf("1..0 # SKIP this OpenBLAS has none for SSE3\n");
		return 0;
	}
	blas_kernels_choose();
	ok(!strcmp(openblas_get_corename(), "Prescott"),
		"OPENBLAS_CORETYPE stays: %s", openblas_get_corename());
	unsetenv("OPENBLAS_CORETYPE");
	blas_kernels_choose();
	ok(!strcmp(openblas_get_corename(), "Prescott") != better,
		"of %zu lanes: %s", lanes_width(), openblas_get_corename());
	ok(!getenv("OPENBLAS_CORETYPE"), "the environment is as it was");
	error = product_error();
	ok(error < N * 0x1p-52, "a product with them: %g off", error);
	return done();
}
