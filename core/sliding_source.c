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
};

/* A square that vanishes still says that there was something. */
static double
square(double x)
{
	double y = x * x;

	return y > 0 || x == 0 ? y : DBL_MIN;
}

/* count values become their squares; the largest of them. NaN where a value
 * is not finite. Four at a time, so that no sum or comparison waits for the
 * one before it; so below. */
static double
square_all(double *row, size_t count)
{
	double most[4] = { 0 }, not_finite[4] = { 0 }, all = 0;
	size_t j = 0;

	for (; j + 4 <= count; j += 4)
		for (size_t k = 0; k < 4; k++) {
			double x = row[j + k];

			not_finite[k] += x - x;
			row[j + k] = square(x);
			most[k] = row[j + k] > most[k] ? row[j + k] : most[k];
		}
	for (; j < count; j++) {
		not_finite[0] += row[j] - row[j];
		row[j] = square(row[j]);
		most[0] = row[j] > most[0] ? row[j] : most[0];
	}
	for (size_t k = 0; k < 4; k++)
		all = fmax(all, most[k]);
	return all + not_finite[0] + not_finite[1] + not_finite[2]
		+ not_finite[3];
}

/* Row t of T belongs to H_i for i <= t, with its columns below i. */
static void
add_row(const struct tally *tally, size_t t)
{
	double *row = tally->row, *all = tally->all + 1, sum = 0;
	size_t j = 0;

	/* row[j] becomes the sum of row[0..j]: what it has of H_{j+1}. */
	for (; j + 4 <= t; j += 4) {
		double two = row[j] + row[j + 1];
		double three = two + row[j + 2], four = three + row[j + 3];

		row[j] += sum;
		row[j + 1] = sum + two;
		row[j + 2] = sum + three;
		row[j + 3] = sum += four;
	}
	for (; j < t; j++)
		row[j] = sum += row[j];
	for (j = 0; j < t; j++)
		all[j] += row[j];
}

/* *most at least each of count values. */
static double
largest_of(const double *values, size_t count)
{
	double most[4] = { 0 };
	size_t j = 0;

	for (; j + 4 <= count; j += 4)
		for (size_t k = 0; k < 4; k++)
			most[k] = values[j + k] > most[k] ? values[j + k]
				: most[k];
	for (; j < count; j++)
		most[0] = values[j] > most[0] ? values[j] : most[0];
	return fmax(fmax(most[0], most[1]), fmax(most[2], most[3]));
}

/* The largest rows and columns of each H_i, from row t and its sums. */
static void
add_column(const struct tally *tally, size_t t)
{
	for (size_t j = 0; j < t; j++)
		tally->column[j] += tally->row[j];
	tally->column_most[t] = largest_of(tally->column, t);
}

static void
add_sums(const struct tally *tally, size_t t)
{
	double *most = tally->row_most + 1;

	for (size_t j = 0; j < t; j++)
		most[j] = tally->row[j] > most[j] ? tally->row[j] : most[j];
}

/* All norms; the largest |T[i][j]| below the diagonal, scaled. NaN where one
 * is not finite. */
static enum status
add_rows(struct sliding_source *source, struct workspace *work, double *most)
{
	size_t L = source->length;
	struct tally tally = { .all = source->norm };
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
		sliding_source_read(source, t, 0, t, tally.row, p);
		largest = square_all(tally.row, t);
		*most = largest > *most || isnan(largest) ? largest : *most;
		if (source->noise)
			add_column(&tally, t);
		add_row(&tally, t);
		if (source->noise)
			add_sums(&tally, t);
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
	    || (most > 0 && most < 1 / size_most))) {
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
