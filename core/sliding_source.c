#include "core/sliding_source.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/lanes.h"
#include "core/linalg.h"
#include "core/util.h"

/* A larger T is not kept: 4096 x 4096 doubles. */
enum { WHOLE_MAX = 4096 };

/* DESIGN 2, floor: rounding of unit u adds 0.4 u (largest row norm + largest
 * column norm of H_i). */
static const double noise_share = 0.4;

/* Sums of squares beyond these lost digits on their way. */
static const double square_least = 1e-250, square_most = 1e250;

/* A T with larger entries, or none as large as one over it, is rescaled: to
 * entries of order 1, or as near as a number allows that has an inverse. */
static const double size_most = 1e100, rescale = 0x1p600;
static const double scale_most = 0x1p1000;

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
	double *row;            /* T[t][0..t], squared, then summed up */
	double *column;         /* sum over rows >= t, by column */
	double *all;            /* |H_i|^2 so far, by i */
	double *row_most, *column_most;         /* by i; NULL: not wanted */
	size_t lanes;
};

#define LANES_BODY "core/tally_lanes.inc"
#include "core/lanes_widths.inc"

/* row[j] becomes the sum of row[0 .. j], four at a time, so that no sum waits
 * for the one before it. */
static void
sum_up(double *row, size_t count)
{
	double sum = 0;
	size_t j = 0;

	for (; j + 4 <= count; j += 4) {
		double two = row[j] + row[j + 1];
		double three = two + row[j + 2], four = three + row[j + 3];

		row[j] += sum;
		row[j + 1] = sum + two;
		row[j + 2] = sum + three;
		row[j + 3] = sum += four;
	}
	for (; j < count; j++)
		row[j] = sum += row[j];
}

/* Row t of T, squared, belongs to H_i for i <= t, with its columns below i. */
static void
add_row(const struct tally *tally, size_t t)
{
	double *row = tally->row;

	if (tally->column_most)
		tally->column_most[t] = LANES_OF(add_squares, tally->lanes)
			(tally->column, row, t);
	sum_up(row, t);
	/* What it has of H_{j+1}. */
	LANES_OF(add_squares, tally->lanes)(tally->all + 1, row, t);
	if (tally->row_most)
		LANES_OF(raise, tally->lanes)(tally->row_most + 1, row, t);
}

/* All norms; the largest |T[i][j]| below the diagonal, scaled. NaN where one
 * is not finite. */
static enum status
add_rows(struct sliding_source *source, struct workspace *work, double *most)
{
	size_t L = source->length;
	struct tally tally = { .all = source->norm, .lanes = lanes_width() };
	double *p, largest;
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
		status = workspace_cancelled(work);
		if (status != STATUS_OK)
			return status;
		sliding_source_read(source, t, 0, t, tally.row, p);
		largest = LANES_OF(square_all, tally.lanes)(tally.row, t);
		*most = largest > *most || isnan(largest) ? largest : *most;
		add_row(&tally, t);
	}
	*most = sqrt(*most);
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
	int exponent;
	enum status status = add_rows(source, work, &most);

	if (status == STATUS_OK && (most > size_most
	    || most < 1 / size_most)) {
		/* Where squares are neither 0 nor infinite, first. */
		source->scale = most > 1 ? 1 / rescale : rescale;
		status = add_rows(source, work, &most);
		if (status == STATUS_OK && most > 0 && most < INFINITY) {
			frexp(most, &exponent);
			source->scale = fmin(ldexp(source->scale, -exponent),
				scale_most);
			status = add_rows(source, work, &most);
		}
	}
	/* Rescaled, no number is so small that its square is lost. */
	source->zero = status == STATUS_OK && most == 0;
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
