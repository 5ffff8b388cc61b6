#include "core/pooled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/linalg.h"
#include "core/operator_rows.h"
#include "core/state_rows.h"
#include "core/util.h"

/* A larger block keeps no entries: 2048 x 2048 doubles. */
enum { ENTRIES_KEPT = 1 << 22 };

/* Rows of a recurrence formed together: many share each transition, but their
 * states and what is formed stay near. */
enum { TOGETHER_MIN = 8, TOGETHER_MAX = 64, TOGETHER_ENTRIES = 1 << 20 };

bool
pooled_same(const struct pooled_request *a, const struct pooled_request *b)
{
	return a->layer == b->layer && a->channel == b->channel
		&& a->area.row == b->area.row && a->area.rows == b->area.rows
		&& a->area.column == b->area.column
		&& a->area.columns == b->area.columns && a->rows == b->rows
		&& a->columns == b->columns;
}

size_t
pooled_edge(size_t begin, size_t count, size_t groups, size_t g)
{
	return begin + g * count / groups;
}

bool
pooled_keeps(const struct operator_area *area)
{
	size_t count;

	return size_mul(&count, area->rows, area->columns)
		&& count <= ENTRIES_KEPT;
}

static enum status
alloc_groups(struct pooled *pooled)
{
	size_t rows = pooled->request.rows, count;
	void *groups, *done;
	enum status status;

	if (!size_mul(&count, rows, pooled->request.columns))
		return status_set(STATUS_MEMORY, "a picture too large");
	status = util_alloc(&groups, count, sizeof *pooled->groups,
		"a picture of T");
	if (status != STATUS_OK)
		return status;
	memset(groups, 0, count * sizeof *pooled->groups);
	pooled->groups = groups;
	status = util_alloc(&done, rows, sizeof *pooled->done,
		"a picture of T");
	if (status != STATUS_OK)
		return status;
	memset(done, 0, rows * sizeof *pooled->done);
	pooled->done = done;
	return STATUS_OK;
}

enum status
pooled_new(struct pooled **out, const struct pooled_request *request)
{
	struct pooled *pooled = xcalloc(1, sizeof *pooled);
	enum status status;

	pooled->request = *request;
	pooled->left = request->rows;
	pooled->parts = 1;
	status = alloc_groups(pooled);
	if (status != STATUS_OK) {
		pooled_free(pooled);
		return status;
	}
	*out = pooled;
	return STATUS_OK;
}

void
pooled_free(struct pooled *pooled)
{
	if (!pooled)
		return;
	free(pooled->groups);
	free(pooled->done);
	free(pooled->entries);
	free(pooled->error);
	free(pooled);
}

enum status
pooled_copy(struct pooled **out, const struct pooled *from)
{
	struct pooled *copy;
	enum status status = pooled_new(&copy, &from->request);

	if (status != STATUS_OK)
		return status;
	memcpy(copy->groups, from->groups, from->request.rows
		* from->request.columns * sizeof *copy->groups);
	memcpy(copy->done, from->done, from->request.rows
		* sizeof *copy->done);
	copy->left = from->left;
	copy->parts = from->parts;
	copy->bad = from->bad;
	*out = copy;
	return STATUS_OK;
}

/* Without room for them a block simply has none. */
static void
keep_entries(struct pooled *pooled)
{
	const struct operator_area *area = &pooled->request.area;
	size_t count = area->rows * area->columns;
	void *entries;

	if (pooled->entries || pooled->left < pooled->request.rows
	    || !pooled_keeps(area)
	    || util_alloc(&entries, count * pooled->parts, sizeof(double),
		"entries of T") != STATUS_OK)
		return;
	memset(entries, 0, count * pooled->parts * sizeof(double));
	pooled->entries = entries;
}

/* So many rows of T are formed at a time. */
static size_t
together(const struct operator *op, const struct operator_area *area)
{
	if (!state_rows_apply(op))
		return 1;
	return size_min(TOGETHER_MAX, size_max(TOGETHER_MIN,
		TOGETHER_ENTRIES / size_max(area->columns, 1)));
}

/* Rows i .. i + count - 1 of the area's columns, as parts doubles an entry;
 * a row of another kind than a recurrence is alone and begins at column 0.
 * Returns where the area's first column is. */
static const double *
form_rows(const struct operator *op, const struct operator_area *area,
	size_t i, size_t count, double *out)
{
	struct operator_area rows = { i, count, area->column, area->columns };
	size_t last = area->column + area->columns;

	if (state_rows_apply(op)) {
		state_rows(out, state_rows_stride(area->columns), op, rows);
		return out;
	}
	if (op->is_complex)
		op->kind->complex_row(op, i, (double _Complex *)out);
	else if (op->kind->span && i >= area->column)
		op->kind->span(op, i, area->column,
			size_min(last, i + 1) - area->column,
			out + area->column);
	else
		op->kind->row(op, i, out);
	return out + area->column * operator_parts(op);
}

static void
group_add(struct pooled_group *group, double size, double value)
{
	if (!group->count || size > group->max) {
		group->max = size;
		group->extreme = value;
	}
	if (!group->count || size < group->min)
		group->min = size;
	group->sum += size;
	group->count++;
}

/* row: T[i] from the area's first column on. */
static void
add_row(struct pooled *pooled, size_t g, size_t i, const double *row)
{
	const struct operator_area *area = &pooled->request.area;
	size_t columns = pooled->request.columns, parts = pooled->parts;
	struct pooled_group *groups = pooled->groups + g * columns;

	for (size_t k = 0; k < columns; k++) {
		size_t j = pooled_edge(area->column, area->columns, columns, k);
		size_t end = size_min(i + 1, pooled_edge(area->column,
			area->columns, columns, k + 1));

		for (; j < end; j++) {
			const double *entry = row + (j - area->column)
				* parts;
			double size = parts == 2 ? hypot(entry[0], entry[1])
				: fabs(entry[0]);

			if (isfinite(size))
				group_add(&groups[k], size, entry[0]);
			else
				pooled->bad++;
		}
	}
	if (pooled->entries && i >= area->column)
		memcpy(pooled->entries + (i - area->row) * area->columns
			* parts, row, size_min(area->columns,
			i + 1 - area->column) * parts * sizeof(double));
}

/* A row of groups; all of it, or nothing where it is cancelled. */
static enum status
add_group_row(struct pooled *pooled, const struct operator *op, size_t g,
	double *row, const atomic_bool *cancel)
{
	const struct operator_area *area = &pooled->request.area;
	size_t rows = pooled->request.rows;
	size_t end = pooled_edge(area->row, area->rows, rows, g + 1);
	size_t begin = pooled_edge(area->row, area->rows, rows, g);
	size_t most = together(op, area), count;

	for (size_t i = size_max(begin, area->column); i < end; i += count) {
		const double *formed;

		if (atomic_load(cancel))
			return STATUS_CANCELLED;
		count = size_min(most, end - i);
		formed = form_rows(op, area, i, count, row);
		for (size_t r = 0; r < count; r++)
			add_row(pooled, g, i + r, formed + r
				* state_rows_stride(area->columns)
				* pooled->parts);
	}
	pooled->done[g] = true;
	pooled->left--;
	return STATUS_OK;
}

enum status
pooled_work(struct pooled *pooled, const struct operator *op,
	struct workspace *work, const atomic_bool *cancel, double seconds)
{
	const struct operator_area *area = &pooled->request.area;
	size_t rows = pooled->request.rows, step = 1;
	double end = clock_seconds(CLOCK_MONOTONIC) + seconds, *row;
	enum status status;

	pooled->parts = operator_parts(op);
	keep_entries(pooled);
	status = workspace_buffer(&row, work, BUFFER_ROW, size_max(op->length,
		together(op, area) * state_rows_stride(area->columns))
		* pooled->parts);
	while (step < rows)
		step *= 2;
	/* Every step-th row of groups, then those between. */
	for (; status == STATUS_OK && step; step /= 2)
		for (size_t g = 0; g < rows && status == STATUS_OK; g += step) {
			if (pooled->done[g])
				continue;
			status = add_group_row(pooled, op, g, row, cancel);
			if (clock_seconds(CLOCK_MONOTONIC) > end)
				return status;
		}
	return status;
}
