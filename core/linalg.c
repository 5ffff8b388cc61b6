#include "core/linalg.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cblas.h>
#include <lapacke.h>

#include "core/machine.h"
#include "core/util.h"

/* OpenBLAS takes a buffer of 128 MB of addresses (it touches little of it) when
 * one more thread than before calls it, and tries for ever where there is none
 * (blas_memory_alloc of 0.3.21). */
static const size_t blas_buffer = (size_t)136 << 20;

/* Buffers from this size on are counted, of all workspaces together, so that
 * the machine does not kill the program for them; 0: without limit. */
enum { LARGE_BYTES = 64 << 20 };
static atomic_size_t large_bytes, large_most;

struct buffer_space {
	double *data;
	size_t count;
	size_t counted;         /* bytes of it in large_bytes */
};

struct workspace {
	struct buffer_space buffers[BUFFER_COUNT];
	double *lapack;                 /* LAPACK's work */
	size_t lapack_count;
	lapack_int *integers;           /* its iwork */
	size_t integer_count;
	bool limited;                   /* addresses are: setrlimit(2) */
	bool owned;                     /* BUFFER_OPERATOR holds a T: */
	unsigned long serial;           /* of this layer */
	size_t channel;
	const atomic_bool *cancel;      /* or NULL */
};

/* Joins OpenBLAS's own threads, which it starts as it is loaded. Exported by
 * its builds with threads, named in none of its headers. */
extern int blas_thread_shutdown_(void) __attribute__((weak));

void
linalg_limit(size_t bytes)
{
	atomic_store(&large_most, bytes);
}


void
linalg_start(void)
{
	/* Three quarters: the rest is for files and others. */
	linalg_limit(machine_memory() / 4 * 3);
	/* OpenMP builds override openblas_set_num_threads call by call; they
	 * read this variable when their first region starts. */
	setenv("OMP_NUM_THREADS", "1", 1);
	openblas_set_num_threads(1);
	/* They have nothing to do now, and look for it in a loop for 0.1 s,
	 * a core's time that is ours. */
	if (blas_thread_shutdown_)
		blas_thread_shutdown_();
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

static void
give_back(struct buffer_space *space)
{
	free(space->data);
	atomic_fetch_sub(&large_bytes, space->counted);
	*space = (struct buffer_space){ NULL, 0, 0 };
}

void
workspace_shed(struct workspace *work)
{
	for (size_t k = 0; k < BUFFER_COUNT; k++)
		give_back(&work->buffers[k]);
	free(work->lapack);
	free(work->integers);
	*work = (struct workspace){ .limited = work->limited };
}

void
workspace_heed(struct workspace *work, const atomic_bool *cancel)
{
	work->cancel = cancel;
}

enum status
workspace_cancelled(const struct workspace *work)
{
	if (work->cancel && atomic_load(work->cancel))
		return status_set(STATUS_CANCELLED, "cancelled");
	return STATUS_OK;
}

void
workspace_free(struct workspace *work)
{
	if (!work)
		return;
	workspace_shed(work);
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

/* Room behind a matrix of up to count doubles: zgemv_n of OpenBLAS 0.3.21 for
 * Haswell reads past the end of its matrix (its issue 4013). In zgesdd of m x n
 * that comes to almost 2 min(m, n) doubles, and count >= 2 m n. */
static size_t
padded(size_t count)
{
	size_t sum, behind = 8 + (size_t)sqrt(2 * (double)count);

	return size_add(&sum, count, behind) ? sum : count;
}

/* Counts a buffer that is large. */
static enum status
reserve(struct buffer_space *space, size_t count)
{
	size_t most = atomic_load(&large_most), bytes, taken;

	if (!size_mul(&bytes, count, sizeof(double)))
		bytes = SIZE_MAX;
	if (!most || bytes < LARGE_BYTES)
		return STATUS_OK;
	taken = atomic_fetch_add(&large_bytes, bytes);
	if (taken > most || bytes > most - taken) {
		atomic_fetch_sub(&large_bytes, bytes);
		return status_set(STATUS_MEMORY, "%.1f GB of working memory, "
			"of which all threads may take %.1f and have %.1f; "
			"fewer --threads, a shorter L or a method that needs "
			"less may do", 1e-9 * (double)bytes, 1e-9
			* (double)most, 1e-9 * (double)taken);
	}
	space->counted = bytes;
	return STATUS_OK;
}

static enum status
grow(struct buffer_space *space, size_t count)
{
	enum status status;
	void *data;

	give_back(space);
	status = reserve(space, count);
	if (status != STATUS_OK)
		return status;
	status = util_alloc(&data, padded(count), sizeof(double), "workspace");
	if (status != STATUS_OK) {
		give_back(space);
		return status;
	}
	space->data = data;
	space->count = count;
	return STATUS_OK;
}

enum status
workspace_buffer(double **out, struct workspace *work, enum buffer which,
	size_t count)
{
	struct buffer_space *space = &work->buffers[which];

	if (count > space->count) {
		enum status status;

		if (which == BUFFER_OPERATOR)
			work->owned = false;
		status = grow(space, count);
		if (status != STATUS_OK)
			return status;
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

static enum status
lapack_room(struct workspace *work, size_t count, size_t integers)
{
	void *grown;
	enum status status = linalg_ready(work);

	if (status != STATUS_OK)
		return status;
	if (count > work->lapack_count) {
		status = util_alloc(&grown, padded(count), sizeof(double),
			"LAPACK");
		if (status != STATUS_OK)
			return status;
		free(work->lapack);
		work->lapack = grown;
		work->lapack_count = count;
	}
	if (integers > work->integer_count) {
		status = util_alloc(&grown, integers, sizeof(lapack_int),
			"LAPACK");
		if (status != STATUS_OK)
			return status;
		free(work->integers);
		work->integers = grown;
		work->integer_count = integers;
	}
	return STATUS_OK;
}

/* Room for dgesdd('N') of this shape: its own query says how much. */
static enum status
values_room(struct workspace *work, lapack_int m, lapack_int n)
{
	double best = 0, unused = 0;
	lapack_int unused_int = 0;

	LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', m, n, NULL, m, &unused,
		&unused, 1, &unused, 1, &best, -1, &unused_int);
	return lapack_room(work, (size_t)best + 1,
		8 * (size_t)(m < n ? m : n));
}

/* LAPACK makes values of what is not finite, and prints what it thinks of it. */
static enum status
check_finite(const double *a, size_t count)
{
	double odd = 0;

	for (size_t k = 0; k < count; k++)
		odd += a[k] - a[k];
	return odd == 0 ? STATUS_OK : status_set(STATUS_VALUE,
		"H_i holds a NaN or an infinity: T overflows");
}

static enum status
values_status(lapack_int info, size_t m, size_t n)
{
	if (info)
		return status_set(STATUS_NUMERIC,
			"gesdd of %zu x %zu did not converge", m, n);
	return STATUS_OK;
}

enum status
linalg_singular_values(double *s, struct workspace *work, double *a,
	size_t m, size_t n)
{
	lapack_int rows = (lapack_int)m, columns = (lapack_int)n, info;
	double unused = 0;
	enum status status = values_room(work, rows, columns);

	if (status == STATUS_OK)
		status = check_finite(a, m * n);
	if (status != STATUS_OK)
		return status;
	info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', rows, columns, a,
		rows, s, &unused, 1, &unused, 1, work->lapack,
		(lapack_int)work->lapack_count, work->integers);
	return values_status(info, m, n);
}

enum status
linalg_complex_singular_values(double *s, struct workspace *work,
	double _Complex *a, size_t m, size_t n)
{
	lapack_int rows = (lapack_int)m, columns = (lapack_int)n, none = 0;
	size_t least = m < n ? m : n, complexes;
	double _Complex best = 0, unused = 0;
	double real = 0;
	enum status status;

	LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'N', rows, columns, NULL, rows,
		&real, &unused, 1, &unused, 1, &best, -1, &real, &none);
	complexes = (size_t)creal(best) + 1;
	/* rwork behind work: 7 min(m, n) in LAPACK before 3.7, 5 since. */
	status = lapack_room(work, 2 * complexes + 8 * least, 8 * least);
	if (status == STATUS_OK)
		status = check_finite((const double *)a, 2 * m * n);
	if (status != STATUS_OK)
		return status;
	return values_status(LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'N', rows,
		columns, a, rows, s, &unused, 1, &unused, 1,
		(double _Complex *)work->lapack, (lapack_int)complexes,
		work->lapack + 2 * complexes, work->integers), m, n);
}

/* Blocks of LAPACK's level 3 routines; their work is a multiple. */
enum { LAPACK_BLOCK = 64 };

enum status
linalg_triangular_factor(struct workspace *work, double *a, size_t m, size_t n)
{
	lapack_int room = (lapack_int)(n * LAPACK_BLOCK), info;
	enum status status = lapack_room(work, (size_t)room + n, 0);

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
linalg_triangular_append(struct workspace *work, double *r, size_t lda,
	size_t n, double *more, size_t rows)
{
	lapack_int width = (lapack_int)size_min(n, LAPACK_BLOCK / 2), info;
	size_t room = (size_t)width * n;
	enum status status = lapack_room(work, 2 * room, 0);

	if (status != STATUS_OK || !n)
		return status;
	info = LAPACKE_dtpqrt_work(LAPACK_COL_MAJOR, (lapack_int)rows,
		(lapack_int)n, 0, width, r, (lapack_int)lda, more,
		(lapack_int)rows, work->lapack, width, work->lapack + room);
	if (info)
		return status_set(STATUS_NUMERIC, "dtpqrt: argument %d", -info);
	return STATUS_OK;
}

/* m x n, m >= n, in place: a becomes R over the reflectors of Q = I - V T V'.
 * LAPACK dgeqrt3. */
struct reflectors {
	double *v, *t;          /* unit lower trapezoidal; width x width */
	lapack_int leading, rows, count, width;
};

static lapack_int
reflect(const struct reflectors *q)
{
	return LAPACKE_dgeqrt3_work(LAPACK_COL_MAJOR, q->rows, q->count, q->v,
		q->leading, q->t, q->width);
}

/* Q'C, or C Q, for a C of `others` columns, or rows. room: others x width. */
static lapack_int
apply(const struct reflectors *q, char side, double *c, size_t leading,
	size_t others, double *room)
{
	lapack_int n = (lapack_int)others, ld = (lapack_int)leading;

	if (!n || !q->count)
		return 0;
	return LAPACKE_dlarfb_work(LAPACK_COL_MAJOR, side,
		side == 'L' ? 'T' : 'N', 'F', 'C', side == 'L' ? q->rows : n,
		side == 'L' ? n : q->rows, q->count, q->v, q->leading, q->t,
		q->width, c, ld, room, n);
}

/* Steps k .. k + width - 1 of linalg_band. */
struct band {
	double *a;
	size_t lda, n, width;
	struct linalg_vectors left, right;
	double *t, *turned, *room;      /* scratch */
};

/* Columns k .. become upper triangular. */
static lapack_int
band_columns(const struct band *band, size_t k, size_t count)
{
	double *a = band->a + k * (band->lda + 1);
	struct reflectors q = { a, band->t, (lapack_int)band->lda,
		(lapack_int)(band->n - k), (lapack_int)count,
		(lapack_int)band->width };
	lapack_int info = reflect(&q);

	if (!info)
		info = apply(&q, 'L', a + count * band->lda, band->lda,
			band->n - k - count, band->room);
	if (!info)
		info = apply(&q, 'L', band->left.x + k, band->left.leading,
			band->left.count, band->room);
	return info;
}

/* Rows k .. become lower triangular from column k + width on: their transpose
 * upper. */
static lapack_int
band_rows(const struct band *band, size_t k)
{
	size_t from = k + band->width, m = band->n - from, w = band->width;
	size_t count = size_min(m, w);
	double *a = band->a + from * band->lda + k;
	struct reflectors q = { band->turned, band->t, (lapack_int)m,
		(lapack_int)m, (lapack_int)count, (lapack_int)w };
	lapack_int info;

	for (size_t c = 0; c < m; c++)
		for (size_t r = 0; r < w; r++)
			band->turned[r * m + c] = a[c * band->lda + r];
	info = reflect(&q);
	if (!info)
		info = apply(&q, 'L', band->turned + count * m, m, w - count,
			band->room);
	for (size_t r = 0; r < w; r++)
		for (size_t c = 0; c < m && c <= r; c++)
			a[c * band->lda + r] = band->turned[r * m + c];
	if (!info)
		info = apply(&q, 'R', a + w, band->lda, m, band->room);
	if (!info)
		info = apply(&q, 'L', band->right.x + from,
			band->right.leading, band->right.count, band->room);
	return info;
}

enum status
linalg_band(struct workspace *work, double *a, size_t lda, size_t n,
	size_t width, struct linalg_vectors left, struct linalg_vectors right)
{
	size_t wide = size_max(n, size_max(left.count, right.count));
	struct band band = { .a = a, .lda = lda, .n = n, .width = width,
		.left = left, .right = right };
	lapack_int info = 0;
	enum status status = lapack_room(work, width * (width + n + wide), 0);

	if (status != STATUS_OK)
		return status;
	band.t = work->lapack;
	band.turned = band.t + width * width;
	band.room = band.turned + width * n;
	for (size_t k = 0; k < n && !info; k += width) {
		info = band_columns(&band, k, size_min(width, n - k));
		if (!info && k + width < n)
			info = band_rows(&band, k);
	}
	if (info)
		return status_set(STATUS_NUMERIC, "dgeqrt3: argument %d",
			-info);
	return STATUS_OK;
}

enum status
linalg_multiply(double *c, const struct workspace *work,
	struct linalg_shape shape, struct linalg_factor a,
	struct linalg_factor b, double weight, double keep)
{
	enum status status;

	if (!shape.m || !shape.n)
		return STATUS_OK;
	if (!shape.k) {
		for (size_t j = 0; keep == 0 && j < shape.n; j++)
			memset(c + j * shape.stride, 0, shape.m * sizeof *c);
		return STATUS_OK;
	}
	status = linalg_ready(work);
	if (status != STATUS_OK)
		return status;
	cblas_dgemm(CblasColMajor, a.transposed ? CblasTrans : CblasNoTrans,
		b.transposed ? CblasTrans : CblasNoTrans, (blasint)shape.m,
		(blasint)shape.n, (blasint)shape.k, weight, a.data,
		(blasint)a.stride, b.data, (blasint)b.stride, keep, c,
		(blasint)shape.stride);
	return STATUS_OK;
}

enum status
linalg_orthogonal(struct workspace *work, double *a, size_t lda, size_t m,
	size_t n, const double *tau)
{
	size_t room = 64 * n;   /* the widest panel that LAPACK takes */
	enum status status = lapack_room(work, room, 0);
	lapack_int info;

	if (status != STATUS_OK || !n)
		return status;
	info = LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, (lapack_int)m,
		(lapack_int)n, (lapack_int)n, a, (lapack_int)lda, tau,
		work->lapack, (lapack_int)room);
	if (info)
		return status_set(STATUS_NUMERIC,
			"dorgqr of %zu x %zu failed", m, n);
	return STATUS_OK;
}

void
linalg_upper_times_transpose(double *c, const double *a, const double *b,
	size_t n)
{
	blasint order = (blasint)n;

	memset(c, 0, n * n * sizeof *c);
	for (size_t r = 0; r < n; r++)
		memcpy(c + r * n + r, a + r * n + r, (n - r) * sizeof *c);
	cblas_dtrmm(CblasRowMajor, CblasRight, CblasUpper, CblasTrans,
		CblasNonUnit, order, order, 1, b, order, c, order);
}

void
linalg_complex_upper_times_transpose(double _Complex *c,
	const double _Complex *a, const double _Complex *b, size_t n)
{
	const double _Complex one = 1;
	blasint order = (blasint)n;

	memset(c, 0, n * n * sizeof *c);
	for (size_t r = 0; r < n; r++)
		memcpy(c + r * n + r, a + r * n + r, (n - r) * sizeof *c);
	cblas_ztrmm(CblasRowMajor, CblasRight, CblasUpper, CblasConjTrans,
		CblasNonUnit, order, order, &one, b, order, c, order);
}
