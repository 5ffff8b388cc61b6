/*
 * Positions with a core in common, and bidiagonal matrices side by side,
 * against LAPACK on each matrix; and that a lane does not depend on its
 * neighbours. Every width of registers this machine has is run.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/bidiagonal.h"
#include "core/bordered.h"
#include "core/lanes.h"
#include "core/linalg.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

/* How entries of a test matrix are made. */
enum shape { RANDOM, GRADED, HOLES, LOW_RANK, ZERO, SHAPES };

static double
element(enum shape shape, size_t k, size_t n)
{
	double x = uniform();

	switch (shape) {
	case GRADED:
		return x * exp(-30 * (double)k / (double)n);
	case HOLES:
		return k % 3 ? 0 : x;
	case LOW_RANK:
		return k > n / 3 ? 0 : x;
	case ZERO:
		return 0;
	default:
		return x;
	}
}

/* One lane's problem, in full. */
struct problem {
	size_t m, size, width;
	double *band, *rows, *columns, *tail, *corner;  /* as in bordered.h */
};

static struct problem
make_problem(enum shape shape, size_t m, size_t size, size_t width)
{
	size_t w = size - 1;
	struct problem p = { m, size, width, doubles(m * (width + 1)),
		doubles(m * w), doubles(m * w), doubles(w * w),
		doubles(w * w) };

	for (size_t r = 0; r < m; r++)
		for (size_t k = 0; k <= width; k++)
			p.band[r * (width + 1) + k] = r + k < m
				? element(shape, r + k, m) : 0;
	for (size_t k = 0; k < m * w; k++) {
		p.rows[k] = element(shape, k, m * w);
		p.columns[k] = element(shape, k + 1, m * w);
	}
	for (size_t j = 0; j < w; j++)
		for (size_t k = 0; k < w; k++) {
			p.tail[j * w + k] = j + k < w
				? element(shape, j * w + k, w * w) : 0;
			p.corner[j * w + k] = k < j
				? element(shape, k * w + j, w * w) : 0;
		}
	return p;
}

static void
free_problem(struct problem *p)
{
	free(p->band);
	free(p->rows);
	free(p->columns);
	free(p->tail);
	free(p->corner);
}

/* The matrix of position k, column-major; its rows are the row space's
 * dimensions (the core's, then the tail's and the columns'). */
static void
reference(double *values, struct workspace *work, const struct problem *p,
	size_t k)
{
	size_t w = p->size - 1, m = p->m, height = m + w + k;
	size_t width = m + w - k;
	double *a = doubles(height * width);

	memset(a, 0, height * width * sizeof *a);
	for (size_t c = 0; c < m; c++) {
		for (size_t x = 0; x <= p->width && x <= c; x++)
			a[c * height + c - x]
				= p->band[(c - x) * (p->width + 1) + x];
		for (size_t x = 0; x < k; x++)
			a[c * height + m + w + x] = p->columns[c * w + x];
	}
	for (size_t j = k; j < w; j++) {
		double *row = a + (m + j - k) * height;

		for (size_t r = 0; r < m; r++)
			row[r] = p->rows[r * w + j];
		for (size_t t = 0; t < w; t++)
			row[m + t] = p->tail[t * w + j];
		for (size_t x = 0; x < k; x++)
			row[m + w + x] = p->corner[j * w + x];
	}
	if (linalg_singular_values(values, work, a, height, width)
		!= STATUS_OK)
		abort();
	free(a);
}

static void
set_lane(struct bordered *batch, size_t w, const struct problem *p)
{
	size_t skip = batch->order - p->m, wait = p->size - 1;
	size_t lanes = batch->lanes, wide = p->width + 1;

	for (size_t x = 0; x < p->m * wide; x++)
		batch->band[(skip * wide + x) * lanes + w] = p->band[x];
	for (size_t x = 0; x < p->m * wait; x++) {
		batch->rows[(skip * wait + x) * lanes + w] = p->rows[x];
		batch->columns[(skip * wait + x) * lanes + w] = p->columns[x];
	}
	for (size_t x = 0; x < wait * wait; x++) {
		batch->tail[x * lanes + w] = p->tail[x];
		batch->corner[x * lanes + w] = p->corner[x];
	}
}

struct check {
	struct workspace *work;
	const struct problem *problems;
	size_t lanes, order, size;
	double worst;           /* error / s1 */
	double *first;          /* values of lane 0, by position */
	size_t taken;
};

static bool
take(void *payload, size_t k, const double *diagonal, const double *super,
	size_t order)
{
	struct check *check = payload;
	double *memory = doubles(bidiagonal_room(2 * check->lanes, order));
	double *want = doubles(order), *have = doubles(order);
	struct bidiagonal z = bidiagonal_place(memory, 2 * check->lanes, order);

	for (size_t w = 0; w < check->lanes; w++) {
		size_t n = check->problems[w].m + check->size - 1 - k;
		size_t skip = (order - n) * check->lanes + w;

		bidiagonal_set(&z, w, diagonal + skip, super + skip,
			check->lanes, n);
	}
	bidiagonal_run(&z);
	for (size_t w = 0; w < check->lanes; w++) {
		size_t n = z.orders[w];

		reference(want, check->work, &check->problems[w], k);
		if (!bidiagonal_values(have, &z, w))
			check->worst = INFINITY;
		for (size_t r = 0; r < n; r++)
			check->worst = fmax(check->worst, fabs(have[r]
				- want[r]) / fmax(want[0], DBL_MIN));
		if (!w)
			memcpy(check->first + k * (check->order + check->size - 1), have,
				n * sizeof *have);
	}
	check->taken++;
	free(memory);
	free(want);
	free(have);
	return true;
}

/* A batch of `lanes` problems of different sizes, the positions of `wanted`.
 * Returns lane 0's values of those. */
static double *
run(struct check *check, const struct problem *problems, size_t lanes,
	uint64_t wanted)
{
	size_t size = problems->size, order = 0;
	double *memory;
	struct bordered batch;

	for (size_t w = 0; w < lanes; w++)
		order = size_max(order, problems[w].m);
	memory = doubles(bordered_room(lanes, order, size, problems->width));
	batch = bordered_place(memory, lanes, order, size, problems->width);
	for (size_t w = 0; w < lanes; w++)
		set_lane(&batch, w, &problems[w]);
	*check = (struct check){ check->work, problems, lanes, order, size, 0,
		doubles(size * (order + size)), 0 };
	memset(check->first, 0, size * (order + size) * sizeof(double));
	bordered_run(&batch, wanted, (struct bordered_sink){ take, check });
	free(memory);
	return check->first;
}

static void
test_shape(struct workspace *work, size_t lanes, enum shape shape, size_t m,
	size_t size, size_t width)
{
	struct problem problems[BORDERED_LANES_MAX] = { 0 };
	struct check check = { .work = work };
	uint64_t all = ~(uint64_t)0 >> (64 - size);

	for (size_t w = 0; w < lanes; w++)
		problems[w] = make_problem((enum shape)((shape + w) % SHAPES),
			m - w % 3 * (m > 3), size, width);
	free(run(&check, problems, lanes, all));
	ok(check.taken == size && check.worst < 1e-14,
		"%zu lanes, shape %d, m = %zu, band of %zu, %zu positions: "
		"error %.1e s1", lanes, (int)shape, m, width, size,
		check.worst);
	for (size_t w = 0; w < lanes; w++)
		free_problem(&problems[w]);
}

/* Lane 0 beside others and other sizes, and one position alone. */
static void
test_independence(struct workspace *work, size_t lanes)
{
	enum { M = 20, SIZE = 8, OTHER = 27, WIDTH = 3 };
	struct problem problems[BORDERED_LANES_MAX] = { 0 };
	struct check check = { .work = work };
	double *alone, *beside;
	bool same = true;

	for (size_t w = 0; w < lanes; w++)
		problems[w] = make_problem(RANDOM, w ? OTHER : M, SIZE, WIDTH);
	beside = run(&check, problems, lanes, 0xff);
	for (size_t w = 1; w < lanes; w++) {
		free_problem(&problems[w]);
		problems[w] = make_problem(HOLES, M, SIZE, WIDTH);
	}
	alone = run(&check, problems, lanes, 1 << 5);
	for (size_t r = 0; r < M + SIZE - 1 - 5; r++)
		same = same && alone[5 * (M + SIZE - 1) + r]
			== beside[5 * (OTHER + SIZE - 1) + r];
	ok(same, "%zu lanes: a lane's bits do not depend on the others", lanes);
	free(alone);
	free(beside);
	for (size_t w = 0; w < lanes; w++)
		free_problem(&problems[w]);
}

int
main(void)
{
	struct workspace *work = workspace_new();

	srand48(3);
	linalg_start();
	for (size_t lanes = 2; lanes <= lanes_width(); lanes *= 2) {
		for (int shape = 0; shape < SHAPES; shape++) {
			test_shape(work, lanes, (enum shape)shape, 1, 2, 1);
			test_shape(work, lanes, (enum shape)shape, 5, 8, 16);
			test_shape(work, lanes, (enum shape)shape, 33, 16, 1);
			test_shape(work, lanes, (enum shape)shape, 33, 16, 4);
			test_shape(work, lanes, (enum shape)shape, 70, 64, 16);
		}
		test_independence(work, lanes);
	}
	workspace_free(work);
	return done();
}
