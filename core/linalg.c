#include "core/linalg.h"

#include <complex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cblas.h>
#include <lapacke.h>

#include "core/util.h"

/* OpenBLAS takes a buffer of 128 MB of addresses (it touches little of it) when
 * one more thread than before calls it, and tries for ever where there is none
 * (blas_memory_alloc of 0.3.21). */
static const size_t blas_buffer = (size_t)136 << 20;

struct buffer_space {
	double *data;
	size_t count;
};

struct workspace {
	struct buffer_space buffers[BUFFER_COUNT];
	double *lapack;                 /* gesdd's work */
	size_t lapack_count;
	lapack_int *integers;           /* gesdd's iwork: 8 min(m, n) */
	size_t integer_count;
	bool limited;                   /* addresses are: setrlimit(2) */
	bool owned;                     /* BUFFER_OPERATOR holds a T: */
	unsigned long serial;           /* of this layer */
	size_t channel;
};

void
linalg_start(void)
{
	/* OpenMP builds override openblas_set_num_threads call by call; they
	 * read this variable when their first region starts. */
	setenv("OMP_NUM_THREADS", "1", 1);
	openblas_set_num_threads(1);
}

struct workspace *
workspace_new(void)
{
	struct workspace *work = xcalloc(1, sizeof *work);
	struct rlimit limit;

	work->limited = !getrlimit(RLIMIT_AS, &limit)
		&& limit.rlim_cur != RLIM_INFINITY;
	return work;
}

void
workspace_free(struct workspace *work)
{
	if (!work)
		return;
	for (size_t k = 0; k < BUFFER_COUNT; k++)
		free(work->buffers[k].data);
	free(work->lapack);
	free(work->integers);
	free(work);
}

enum status
linalg_ready(const struct workspace *work)
{
	void *probe = NULL;
	enum status status;

	if (!work->limited)
		return STATUS_OK;
	status = util_alloc(&probe, blas_buffer, 1, "BLAS");
	free(probe);
	return status;
}

enum status
workspace_buffer(double **out, struct workspace *work, enum buffer which,
	size_t count)
{
	struct buffer_space *space = &work->buffers[which];
	enum status status;
	void *data;

	if (count > space->count) {
		if (which == BUFFER_OPERATOR)
			work->owned = false;
		free(space->data);
		*space = (struct buffer_space){ NULL, 0 };
		status = util_alloc(&data, count, sizeof(double), "workspace");
		if (status != STATUS_OK)
			return status;
		*space = (struct buffer_space){ data, count };
	}
	*out = space->data;
	return STATUS_OK;
}

void
workspace_own(struct workspace *work, unsigned long serial, size_t channel)
{
	work->owned = true;
	work->serial = serial;
	work->channel = channel;
}

bool
workspace_owned_by(const struct workspace *work, unsigned long serial,
	size_t channel)
{
	return work->owned && work->serial == serial
		&& work->channel == channel;
}

/* *room is at least count elements of size bytes. */
static enum status
grow(void **room, size_t *have, size_t count, size_t size)
{
	void *grown;
	enum status status;

	if (count <= *have)
		return STATUS_OK;
	status = util_alloc(&grown, count, size, "LAPACK");
	if (status != STATUS_OK)
		return status;
	free(*room);
	*room = grown;
	*have = count;
	return STATUS_OK;
}

/* Room for gesdd('N') of this shape: work (doubles), iwork and, of a complex
 * matrix, rwork behind work. */
static enum status
lapack_room(struct workspace *work, size_t doubles, lapack_int m, lapack_int n)
{
	size_t least = 8 * (size_t)(m < n ? m : n);
	void *room = work->lapack, *integers = work->integers;
	enum status status = linalg_ready(work);

	if (status == STATUS_OK)
		status = grow(&room, &work->lapack_count, doubles,
			sizeof(double));
	work->lapack = room;
	if (status == STATUS_OK)
		status = grow(&integers, &work->integer_count, least,
			sizeof(lapack_int));
	work->integers = integers;
	return status;
}

static enum status
lapack_status(lapack_int info, size_t m, size_t n)
{
	if (info < 0)
		return status_set(STATUS_VALUE,
			"H_i holds a NaN or an infinity: T overflows");
	if (info > 0)
		return status_set(STATUS_NUMERIC,
			"the singular values of %zu x %zu did not converge",
			m, n);
	return STATUS_OK;
}

enum status
linalg_singular_values(double *s, struct workspace *work, double *a,
	size_t m, size_t n)
{
	lapack_int rows = (lapack_int)m, columns = (lapack_int)n, none = 0;
	double best = 0, unused = 0;
	enum status status;

	/* LAPACK's own query says how much. */
	LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', rows, columns, NULL, rows,
		&unused, &unused, 1, &unused, 1, &best, -1, &none);
	status = lapack_room(work, (size_t)best + 1, rows, columns);
	if (status != STATUS_OK)
		return status;
	return lapack_status(LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', rows,
		columns, a, rows, s, &unused, 1, &unused, 1, work->lapack,
		(lapack_int)work->lapack_count, work->integers), m, n);
}

enum status
linalg_complex_singular_values(double *s, struct workspace *work,
	double _Complex *a, size_t m, size_t n)
{
	lapack_int rows = (lapack_int)m, columns = (lapack_int)n, none = 0;
	/* rwork: 7 min(m, n) in LAPACK before 3.7, 5 since. */
	size_t reals = 8 * (m < n ? m : n), complexes;
	double _Complex best = 0, unused = 0;
	double real = 0;
	enum status status;

	LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'N', rows, columns, NULL, rows,
		&real, &unused, 1, &unused, 1, &best, -1, &real, &none);
	complexes = (size_t)creal(best) + 1;
	status = lapack_room(work, 2 * complexes + reals, rows, columns);
	if (status != STATUS_OK)
		return status;
	return lapack_status(LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'N', rows,
		columns, a, rows, s, &unused, 1, &unused, 1,
		(double _Complex *)work->lapack, (lapack_int)complexes,
		work->lapack + 2 * complexes, work->integers), m, n);
}

void
linalg_upper_times_transpose(double *c, const double *a, const double *b,
	size_t n)
{
	blasint order = (blasint)n;

	memcpy(c, a, n * n * sizeof *c);
	cblas_dtrmm(CblasRowMajor, CblasRight, CblasUpper, CblasTrans,
		CblasNonUnit, order, order, 1, b, order, c, order);
}

void
linalg_complex_upper_times_transpose(double _Complex *c,
	const double _Complex *a, const double _Complex *b, size_t n)
{
	const double _Complex one = 1;
	blasint order = (blasint)n;

	memcpy(c, a, n * n * sizeof *c);
	cblas_ztrmm(CblasRowMajor, CblasRight, CblasUpper, CblasConjTrans,
		CblasNonUnit, order, order, &one, b, order, c, order);
}
