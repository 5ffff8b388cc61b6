/*
 * One H_i at a time: copied out of T and handed to LAPACK in float64. Exact,
 * and O(L^3) a position; everything else is measured against it.
 *
 * Of a complex T every entry is two doubles, and its H_i goes to zgesdd.
 */
#include "core/hankel.h"

#include <math.h>
#include <string.h>

#include "core/linalg.h"
#include "core/operator_rows.h"
#include "core/util.h"

/* LAPACK's own backward error, as DESIGN 2 states it: c eps s1. */
static const double direct_error = 1e-14;

/* The part of H_i that can be other than 0, row-major rows x columns. */
static enum status
form_hankel(double **out, struct workspace *work, const struct operator *op,
	size_t i)
{
	struct operator_rows t;
	size_t rows, columns, parts;
	double *h;
	enum status status;

	hankel_block(op->layer, i, &rows, &columns);
	parts = operator_parts(op);
	status = workspace_buffer(&h, work, BUFFER_MATRIX,
		rows * columns * parts);
	if (status == STATUS_OK)
		status = operator_rows_open(&t, work, op);
	if (status != STATUS_OK)
		return status;
	for (size_t r = 0; r < rows; r++)
		memcpy(h + r * columns * parts, operator_rows_part(&t, i + r,
			i - columns, columns), columns * parts * sizeof *h);
	*out = h;
	return STATUS_OK;
}

/* What the rounding of a stored T adds to singular values: DESIGN 2, floor:
 * 0.4 u (largest row norm + largest column norm of H_i). */
static enum status
rounding_floor(double *out, struct workspace *work, const double *h,
	size_t rows, size_t entries, const struct operator *op)
{
	size_t parts = operator_parts(op), columns = entries * parts;
	double *squares, row_max = 0, column_max = 0;
	enum status status;

	status = workspace_buffer(&squares, work, BUFFER_ROW, columns);
	if (status != STATUS_OK)
		return status;
	memset(squares, 0, columns * sizeof *squares);
	for (size_t r = 0; r < rows; r++) {
		double sum = 0;

		for (size_t c = 0; c < columns; c++) {
			double square = h[r * columns + c] * h[r * columns + c];

			sum += square;
			squares[c] += square;
		}
		row_max = fmax(row_max, sum);
	}
	for (size_t c = 0; c < columns; c += parts)
		column_max = fmax(column_max, squares[c]
			+ (parts == 2 ? squares[c + 1] : 0));
	*out = 0.4 * op->noise * (sqrt(row_max) + sqrt(column_max));
	return STATUS_OK;
}

static enum status
direct_spectrum(struct spectrum *out, double *values, struct workspace *work,
	const struct operator *op)
{
	size_t rows, columns;
	double *h, noise = 0;
	enum status status = form_hankel(&h, work, op, out->position);

	hankel_block(op->layer, out->position, &rows, &columns);
	if (status == STATUS_OK && op->noise > 0)
		status = rounding_floor(&noise, work, h, rows, columns, op);
	if (status != STATUS_OK)
		return status;
	values[0] = 0;
	/* Row-major H_i is column-major H_i', with the same values. */
	if (rows && columns && op->is_complex)
		status = linalg_complex_singular_values(values, work,
			(double _Complex *)h, columns, rows);
	else if (rows && columns)
		status = linalg_singular_values(values, work, h, columns,
			rows);
	if (status != STATUS_OK)
		return status;
	out->count = hankel_count(op->layer, out->position);
	out->values = values;
	out->error = direct_error * values[0];
	out->floor = fmax(out->error, noise);
	out->method = METHOD_DIRECT;
	return spectrum_finish(out);
}

enum status
hankel_direct(struct workspace *work, const struct hankel_request *request,
	struct hankel_sink sink)
{
	size_t rows, columns;
	double *values;
	enum status status;

	status = workspace_buffer(&values, work, BUFFER_VALUES,
		request->op->length);
	for (size_t k = 0; k < request->count && status == STATUS_OK; k++) {
		struct spectrum spectrum = {
			.position = request->positions[k],
		};

		if (request->cancel && atomic_load(request->cancel))
			return status_set(STATUS_CANCELLED, "cancelled");
		status = direct_spectrum(&spectrum, values, work, request->op);
		if (status == STATUS_OK)
			sink.take(sink.payload, &spectrum);
		hankel_block(request->op->layer, spectrum.position, &rows,
			&columns);
		meter_tick(request->meter, METER_DIRECT, hankel_direct_cost(
			rows, columns) * (request->op->is_complex ? 4 : 1));
	}
	return status;
}
