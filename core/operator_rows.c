#include "core/operator_rows.h"

/* A larger T is not kept: 4096 x 4096 doubles. */
enum { OPERATOR_KEPT_MAX = 4096 };

bool
operator_rows_narrow(const struct layer *layer)
{
	return layer->band && layer->band < layer->length / 4;
}

size_t
operator_parts(const struct operator *op)
{
	return op->is_complex ? 2 : 1;
}

void
operator_row(const struct operator *op, size_t i, double *out)
{
	if (op->is_complex)
		op->kind->complex_row(op, i, (double _Complex *)out);
	else
		op->kind->row(op, i, out);
}

enum status
operator_rows_open(struct operator_rows *out, struct workspace *work,
	const struct operator *op)
{
	size_t L = op->length, parts = operator_parts(op);
	struct operator_rows rows = { .op = op,
		.kept = L <= OPERATOR_KEPT_MAX
			&& !operator_rows_narrow(op->layer) };
	enum status status;

	if (!rows.kept)
		status = workspace_buffer(&rows.t, work, BUFFER_ROW,
			L * parts);
	else
		status = workspace_buffer(&rows.t, work, BUFFER_OPERATOR,
			L * L * parts);
	if (status != STATUS_OK)
		return status;
	if (rows.kept && !workspace_owned_by(work, op->layer->serial,
		op->channel)) {
		for (size_t r = 0; r < L; r++)
			operator_row(op, r, rows.t + r * L * parts);
		workspace_own(work, op->layer->serial, op->channel);
	}
	*out = rows;
	return STATUS_OK;
}

const double *
operator_rows_get(const struct operator_rows *rows, size_t i)
{
	const struct operator *op = rows->op;

	if (rows->kept)
		return rows->t + i * op->length * operator_parts(op);
	operator_row(op, i, rows->t);
	return rows->t;
}

const double *
operator_rows_part(const struct operator_rows *rows, size_t i, size_t first,
	size_t count)
{
	const struct operator *op = rows->op;

	if (rows->kept || op->is_complex || !op->kind->span)
		return operator_rows_get(rows, i) + first * operator_parts(op);
	op->kind->span(op, i, first, count, rows->t);
	return rows->t;
}
