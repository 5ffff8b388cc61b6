#include "core/sliding_source.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/linalg.h"
#include "core/util.h"

/* A larger T is not kept: 4096 x 4096 doubles. */
enum { WHOLE_MAX = 4096 };

/* DESIGN 2, floor: rounding of unit u adds 0.4 u (largest row norm + largest
 * column norm of H_i). */
static const double noise_share = 0.4;

/* Sums of squares beyond these lost digits on their way. */
static const double square_least = 1e-250, square_most = 1e250;

static void
scale_row(double *out, double scale, size_t count)
{
	for (size_t j = 0; scale != 1 && j < count; j++)
		out[j] *= scale;
}

void
sliding_source_read(const struct sliding_source *source, size_t i,
	size_t first, size_t count, double *out, double *row)
{
	const struct operator *op = source->op;

	if (source->whole) {
		memcpy(out, source->whole + i * source->length + first,
			count * sizeof *out);
	} else if (op->kind->span) {
		op->kind->span(op, i, first, count, out);
	} else {
		op->kind->row(op, i, row);
		memcpy(out, row + first, count * sizeof *out);
	}
	scale_row(out, source->scale, count);
}

/* Sums of squares under way, from the last row of T to the first. */
struct tally {
	double *row;            /* T[t][0..t], squared */
	double *column;         /* sum over rows >= t, by column */
	double *all;            /* |H_i|^2 so far, by i */
	double *row_most, *column_most;         /* by i; NULL: not wanted */
};

/* Row t of T belongs to H_i for i <= t, with its columns below i. */
static void
add_row(const struct tally *tally, size_t t)
{
	double sum = 0, most = 0;

	for (size_t i = 1; i <= t; i++) {
		sum += tally->row[i - 1];
		tally->all[i] += sum;
		if (tally->row_most)
			tally->row_most[i] = fmax(tally->row_most[i], sum);
	}
	if (!tally->column_most)
		return;
	for (size_t j = 0; j < t; j++) {
		tally->column[j] += tally->row[j];
		most = tally->column[j] > most ? tally->column[j] : most;
	}
	tally->column_most[t] = most;
}

/* A square that vanishes still says that there was something. */
static double
square(double x)
{
	double y = x * x;

	return y > 0 || x == 0 ? y : DBL_MIN;
}

/* All norms; the largest |T[i][j]| below the diagonal, scaled. */
static enum status
add_rows(struct sliding_source *source, struct workspace *work, double *most)
{
	size_t L = source->length;
	struct tally tally = { .all = source->norm };
	double *p;
	enum status status = workspace_buffer(&p, work, BUFFER_BLOCK, 5 * L);

	if (status != STATUS_OK)
		return status;
	memset(p, 0, 5 * L * sizeof *p);
	memset(source->norm, 0, L * sizeof *source->norm);
	tally.row = p + L;
	tally.column = p + 2 * L;
	if (source->noise) {
		tally.row_most = p + 3 * L;
		tally.column_most = p + 4 * L;
	}
	*most = 0;
	for (size_t t = L; t-- > 1;) {
		sliding_source_read(source, t, 0, t, tally.row, p);
		for (size_t j = 0; j < t; j++) {
			*most = fmax(*most, fabs(tally.row[j]));
			tally.row[j] = square(tally.row[j]);
		}
		add_row(&tally, t);
	}
	for (size_t i = 0; source->noise && i < L; i++)
		source->noise[i] = noise_share * source->op->noise
			* (sqrt(tally.row_most[i])
			+ sqrt(tally.column_most[i]));
	return STATUS_OK;
}

static enum status
measure(struct sliding_source *source, struct workspace *work)
{
	double most, largest = 0;
	enum status status = add_rows(source, work, &most);

	if (status == STATUS_OK && most > 0 && isfinite(most)
	    && !(most > 1e-100 && most < 1e100)) {
		source->scale = ldexp(1, -ilogb(most));
		status = add_rows(source, work, &most);
	}
	for (size_t i = 0; status == STATUS_OK && i < source->length; i++) {
		double *norm = &source->norm[i];

		largest = fmax(largest, *norm);
		*norm = *norm == 0 || *norm > square_least ? sqrt(*norm) : NAN;
	}
	/* The comparison fails for NaN, too. */
	source->usable = most < INFINITY && largest < square_most;
	return status;
}

static enum status
keep_whole(struct sliding_source *source)
{
	size_t L = source->length;
	void *memory;
	enum status status;

	if (source->op->kind->span || L > WHOLE_MAX)
		return STATUS_OK;
	status = util_alloc(&memory, L * L, sizeof(double), "T");
	if (status != STATUS_OK)
		return status;
	source->whole = memory;
	for (size_t i = 0; i < L; i++)
		source->op->kind->row(source->op, i, source->whole + i * L);
	return STATUS_OK;
}

enum status
sliding_source_new(struct sliding_source **out, struct workspace *work,
	const struct operator *op)
{
	struct sliding_source *source = xcalloc(1, sizeof *source);
	size_t L = op->length;
	void *memory;
	enum status status = util_alloc(&memory, 2 * L, sizeof(double),
		"norms");

	source->op = op;
	source->length = L;
	source->scale = 1;
	if (status != STATUS_OK)
		goto out;
	source->norm = memory;
	if (op->noise > 0)
		source->noise = source->norm + L;
	status = keep_whole(source);
	if (status == STATUS_OK)
		status = measure(source, work);
out:
	if (status == STATUS_OK)
		*out = source;
	else
		sliding_source_free(source);
	return status;
}

void
sliding_source_free(struct sliding_source *source)
{
	if (!source)
		return;
	free(source->whole);
	free(source->norm);
	free(source);
}
