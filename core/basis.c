#include "core/basis.h"

#include <string.h>

#include "core/lanes.h"
#include "core/linalg.h"
#include "core/pivoted_qr.h"
#include "core/util.h"

size_t
basis_stride(size_t m)
{
	return (m + PIVOTED_QR_ROWS - 1) / PIVOTED_QR_ROWS * PIVOTED_QR_ROWS;
}

/* A factorisation as far as a basis needs it: qr, *steps and the rank. */
static enum status
factorise(struct pivoted_qr *qr, size_t *steps, size_t *rank,
	struct workspace *work, struct basis_matrix a,
	struct basis_limits limits)
{
	double tight = limits.tolerance * limits.tolerance;
	double loose = limits.loose * limits.loose, *p;
	size_t n = a.n, fewer = 0;
	enum status status = workspace_buffer(&p, work, BUFFER_PIVOTS,
		a.stride + 4 * n + 1);

	*steps = *rank = 0;
	if (status != STATUS_OK)
		return status;
	*qr = (struct pivoted_qr){
		.a = a.a, .stride = a.stride, .m = a.m, .n = n,
		.lanes = lanes_width(),
		.room = p, .tau = p + a.stride + n,
		.left = p + a.stride + 2 * n,
		.pivot = (size_t *)(void *)(p + a.stride + 3 * n + 1),
	};
	*steps = *rank = pivoted_qr(qr, tight);
	while (fewer < *steps && !(qr->left[fewer] <= loose))
		fewer++;
	if (10 * fewer <= 9 * *rank)
		*rank = fewer;
	return STATUS_OK;
}

enum status
basis_columns(size_t *rank, struct workspace *work, struct basis_matrix a,
	struct basis_limits limits)
{
	struct pivoted_qr qr;
	size_t steps;
	enum status status = factorise(&qr, &steps, rank, work, a, limits);

	return status != STATUS_OK ? status : linalg_orthogonal(work, a.a,
		a.stride, a.m, *rank, qr.tau);
}

enum status
basis_image(double *image, double *lost, size_t *rank, struct workspace *work,
	struct basis_matrix a, struct basis_limits limits)
{
	struct pivoted_qr qr;
	size_t steps;
	enum status status = factorise(&qr, &steps, rank, work, a, limits);

	if (status != STATUS_OK)
		return status;
	for (size_t c = 0; c < a.n; c++) {
		const double *from = a.a + c * a.stride;
		size_t to = qr.pivot[c];
		/* Below that, reflections stand. */
		size_t end = c < steps ? c + 1 : a.m;
		size_t kept = size_min(end, *rank);
		double sum = 0;

		memcpy(image + to * *rank, from, kept * sizeof *image);
		memset(image + to * *rank + kept, 0,
			(*rank - kept) * sizeof *image);
		for (size_t r = *rank; r < end; r++)
			sum += from[r] * from[r];
		lost[to] = sum;
	}
	return STATUS_OK;
}
