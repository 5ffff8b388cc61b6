/*
 * In-process timings, ours and the alternative in turns on the same data:
 * small_svd against LAPACK one by one, and the recount of cached spectra that
 * a move of the tolerance costs. Prints Markdown rows; see `make bench`.
 *
 * `kernels load FILE MEMBER` prints the processor seconds that reading a whole
 * member takes. `kernels dgesdd FILE L POSITION...` prints the seconds LAPACK
 * takes for the H_i of these positions; FILE is T, L x L float64.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/blas_kernels.h"
#include "core/linalg.h"
#include "core/measure.h"
#include "core/packed.h"
#include "core/small_svd.h"
#include "core/store.h"
#include "core/util.h"

enum { BATCH = SMALL_SVD_BATCH };

/* CLOCK_MONOTONIC, or this thread's processor time, which a loaded machine
 * does not stretch. */
static double
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double *
room(size_t count)
{
	void *p = NULL;

	if (util_alloc(&p, count, sizeof(double), "bench") != STATUS_OK)
		exit(1);
	return p;
}

/* A product of triangular factors, as state factors give them. */
static void
fill(double *a, size_t n)
{
	for (size_t k = 0; k < n * n * BATCH; k++)
		a[k] = (drand48() - 0.5) * (double)(k / BATCH % n + 1);
}

static void
bench_small_svd(struct workspace *work, size_t n)
{
	double *a = room(n * n * BATCH), *values = room(n * BATCH);
	double *scratch = room(small_svd_scratch(n)), *each = room(n * n * BATCH);
	double *s = room(n), ours = 0, lapack = 0, start;
	size_t rounds = 3200 / n;

	for (size_t round = 0; round < rounds; round++) {
		fill(a, n);
		start = now(CLOCK_THREAD_CPUTIME_ID);
		small_svd(values, a, n, scratch);
		ours += now(CLOCK_THREAD_CPUTIME_ID) - start;
		for (size_t m = 0; m < BATCH; m++)
			for (size_t k = 0; k < n * n; k++)
				each[m * n * n + k] = a[k * BATCH + m];
		start = now(CLOCK_THREAD_CPUTIME_ID);
		for (size_t m = 0; m < BATCH; m++)
			linalg_singular_values(s, work, each + m * n * n, n, n);
		lapack += now(CLOCK_THREAD_CPUTIME_ID) - start;
	}
	printf("| %zu | %.2f | %.2f | %.1f |\n", n,
		1e6 * ours / (double)(rounds * BATCH),
		1e6 * lapack / (double)(rounds * BATCH), lapack / ours);
	free(a);
	free(values);
	free(scratch);
	free(each);
	free(s);
}

static int
bench_load(const char *path, const char *name)
{
	struct store *store;
	struct tensor *tensor;
	double start;

	if (store_open(&store, path) || !store_find(store, name)) {
		fprintf(stderr, "kernels: %s: no %s\n", path, name);
		return 1;
	}
	start = now(CLOCK_THREAD_CPUTIME_ID);
	if (store_load(&tensor, store, store_find(store, name))) {
		fprintf(stderr, "kernels: %s\n", status_text());
		return 1;
	}
	printf("%.9f\n", now(CLOCK_THREAD_CPUTIME_ID) - start);
	tensor_unref(tensor);
	store_close(store);
	return 0;
}

static void
bench_recount(size_t cells, enum tolerance_kind kind)
{
	enum { VALUES = 16, TICKS = 20 };
	struct spectra *spectra = NULL;
	struct packed *packed = NULL;
	uint32_t *counts = xcalloc(cells, sizeof *counts);
	volatile size_t total = 0;
	double start, ours;

	if (spectra_new(&spectra, cells, cells * VALUES) != STATUS_OK)
		exit(1);
	spectra->count = cells;
	for (size_t k = 0; k < cells; k++) {
		double *values = spectra->values + k * VALUES;

		for (size_t v = 0; v < VALUES; v++)
			values[v] = (v ? values[v - 1] : 1) * drand48();
		spectra->items[k] = (struct spectrum){
			.position = k, .count = VALUES, .values = values,
		};
	}
	if (packed_of(&packed, spectra) != STATUS_OK)
		exit(1);
	packed_count(counts, packed, 0, cells, TOLERANCE_DEFAULT);
	start = now(CLOCK_THREAD_CPUTIME_ID);
	for (int tick = 0; tick < TICKS; tick++)
		packed_count(counts, packed, 0, cells, (struct tolerance){ kind,
			1e-6 * (tick + 1) });
	ours = now(CLOCK_THREAD_CPUTIME_ID) - start;
	start = now(CLOCK_THREAD_CPUTIME_ID);
	for (int tick = 0; tick < TICKS; tick++)
		for (size_t k = 0; k < cells; k++)
			total += ess_tolerance(&spectra->items[k],
				(struct tolerance){ kind, 1e-6 * (tick + 1) });
	printf("| %zu | %s | %.2f | %.2f |\n", cells,
		kind == TOLERANCE_RELATIVE ? "relative" : "absolute",
		1e3 * ours / TICKS, 1e3 * (now(CLOCK_THREAD_CPUTIME_ID) - start) / TICKS);
	(void)total;
	packed_unref(packed);
	spectra_free(spectra);
	free(counts);
}

static double *
read_operator(const char *path, size_t L)
{
	double *t = room(L * L);
	FILE *file = fopen(path, "rb");

	if (!file || fread(t, sizeof *t, L * L, file) != L * L) {
		perror(path);
		exit(1);
	}
	fclose(file);
	return t;
}

static void
time_dgesdd(const char *path, size_t L, char **positions)
{
	struct workspace *work = workspace_new();
	double *t = read_operator(path, L), *h = room(L * L), *s = room(L);
	double total = 0;

	for (; *positions; positions++) {
		size_t i = (size_t)atol(*positions);
		double start;

		for (size_t r = 0; r < L - i; r++)
			memcpy(h + r * i, t + (i + r) * L, i * sizeof *h);
		start = now(CLOCK_MONOTONIC);
		if (linalg_singular_values(s, work, h, i, L - i) != STATUS_OK)
			exit(1);
		total += now(CLOCK_MONOTONIC) - start;
	}
	printf("%.9f\n", total);
	workspace_free(work);
	free(t);
	free(h);
	free(s);
}

int
main(int argc, char **argv)
{
	static const size_t orders[] = { 2, 4, 8, 16, 24, 32, 64, 128 };
	static const size_t cells[] = { 10000, 100000, 1000000 };
	struct workspace *work;

	blas_kernels_choose();
	linalg_start();
	if (argc > 4 && !strcmp(argv[1], "dgesdd")) {
		time_dgesdd(argv[2], (size_t)atol(argv[3]), argv + 4);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "load"))
		return bench_load(argv[2], argv[3]);
	srand48(1);
	work = workspace_new();
	puts("n x n singular values, microseconds of processor time a matrix:\n\n"
		"| n | batched | LAPACK one by one | ratio |\n"
		"|---|---|---|---|");
	for (size_t k = 0; k < LENGTH(orders); k++)
		bench_small_svd(work, orders[k]);
	puts("\nRecount of cached spectra of 16 values, milliseconds of processor time a tick:\n\n"
		"| cells | tolerance | all at once | one by one |\n"
		"|---|---|---|---|");
	for (size_t k = 0; k < LENGTH(cells); k++) {
		bench_recount(cells[k], TOLERANCE_RELATIVE);
		bench_recount(cells[k], TOLERANCE_ABSOLUTE);
	}
	workspace_free(work);
	return 0;
}
