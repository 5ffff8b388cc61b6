#include "core/linalg.h"

#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "core/util.h"

struct buffer_space {
	double *data;
	size_t count;
};

struct workspace {
	struct buffer_space buffers[BUFFER_COUNT];
	double *lapack;                 /* dgesdd's work */
	size_t lapack_count;
	lapack_int *integers;           /* dgesdd's iwork: 8 min(m, n) */
	size_t integer_count;
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
	return xcalloc(1, sizeof(struct workspace));
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

/* LAPACK's work: count doubles, or more from an earlier call. */
static enum status
lapack_doubles(struct workspace *work, size_t count, const char *routine)
{
	void *grown;
	enum status status;

	if (count <= work->lapack_count)
		return STATUS_OK;
	status = util_alloc(&grown, count, sizeof(double), routine);
	if (status != STATUS_OK)
		return status;
	free(work->lapack);
	work->lapack = grown;
	work->lapack_count = count;
	return STATUS_OK;
}

/* Room for dgesdd('N') of this shape: its own query says how much. */
static enum status
lapack_room(struct workspace *work, lapack_int m, lapack_int n)
{
	size_t least = 8 * (size_t)(m < n ? m : n);
	double best = 0, unused = 0;
	lapack_int unused_int = 0;
	void *grown;
	enum status status;

	LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', m, n, NULL, m, &unused,
		&unused, 1, &unused, 1, &best, -1, &unused_int);
	status = lapack_doubles(work, (size_t)best + 1, "dgesdd");
	if (status == STATUS_OK && least > work->integer_count) {
		status = util_alloc(&grown, least, sizeof(lapack_int), "dgesdd");
		if (status != STATUS_OK)
			return status;
		free(work->integers);
		work->integers = grown;
		work->integer_count = least;
	}
	return status;
}

enum status
linalg_singular_values(double *s, struct workspace *work, double *a,
	size_t m, size_t n)
{
	lapack_int rows = (lapack_int)m, columns = (lapack_int)n, info;
	double unused = 0;
	enum status status = lapack_room(work, rows, columns);

	if (status != STATUS_OK)
		return status;
	info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', rows, columns, a,
		rows, s, &unused, 1, &unused, 1, work->lapack,
		(lapack_int)work->lapack_count, work->integers);
	if (info < 0)
		return status_set(STATUS_VALUE,
			"H_i holds a NaN or an infinity: T overflows");
	if (info > 0)
		return status_set(STATUS_NUMERIC,
			"dgesdd of %zu x %zu did not converge", m, n);
	return STATUS_OK;
}

/* Blocks of LAPACK's level 3 routines; their work is a multiple. */
enum { LAPACK_BLOCK = 64 };

enum status
linalg_triangular_factor(struct workspace *work, double *a, size_t m, size_t n)
{
	lapack_int room = (lapack_int)(n * LAPACK_BLOCK), info;
	enum status status = lapack_doubles(work, (size_t)room + n, "dgeqrf");

	if (status != STATUS_OK)
		return status;
	info = LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, (lapack_int)m,
		(lapack_int)n, a, (lapack_int)m, work->lapack + room,
		work->lapack, room);
	if (info)
		return status_set(STATUS_NUMERIC, "dgeqrf: argument %d", -info);
	for (size_t k = 0; k < n; k++)
		memset(a + k * m + k + 1, 0, (m - k - 1) * sizeof *a);
	return STATUS_OK;
}

enum status
linalg_bidiagonal(double *d, double *e, struct workspace *work, double *a,
	size_t lda, size_t n, struct linalg_vectors left,
	struct linalg_vectors right)
{
	lapack_int order = (lapack_int)n, ld = (lapack_int)lda, info = 0;
	size_t wide = size_max(n, size_max(left.count, right.count));
	lapack_int room = (lapack_int)(2 * wide * LAPACK_BLOCK);
	enum status status = lapack_doubles(work, (size_t)room + 2 * n,
		"dgebrd");
	double *tauq, *taup;

	if (status != STATUS_OK || !n)
		return status;
	tauq = work->lapack + room;
	taup = tauq + n;
	info = LAPACKE_dgebrd_work(LAPACK_COL_MAJOR, order, order, a, ld, d, e,
		tauq, taup, work->lapack, room);
	if (!info && left.count)
		info = LAPACKE_dormbr_work(LAPACK_COL_MAJOR, 'Q', 'L', 'T',
			order, (lapack_int)left.count, order, a, ld, tauq,
			left.x, (lapack_int)left.leading, work->lapack, room);
	if (!info && right.count)
		info = LAPACKE_dormbr_work(LAPACK_COL_MAJOR, 'P', 'L', 'T',
			order, (lapack_int)right.count, order, a, ld, taup,
			right.x, (lapack_int)right.leading, work->lapack,
			room);
	if (info)
		return status_set(STATUS_NUMERIC, "dgebrd: argument %d", -info);
	return STATUS_OK;
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
