#include "src/operator_numbers.h"

#include <math.h>
#include <stdio.h>

#include "core/operator.h"
#include "core/util.h"
#include "src/array.h"
#include "src/output.h"
#include "src/table.h"
#include "ui/operator_paper.h"
#include "ui/view.h"

static void
name_columns(struct table *table, const struct model *model,
	const struct pooled *block)
{
	static const char *const place[] = { "file", "layer", "kind",
		"channel", "row", "column" };
	static const char *const pixel[] = { "rows", "columns", "max", "mean",
		"min" };

	for (size_t k = 0; k < LENGTH(place); k++)
		table_column(table, place[k]);
	if (block->entries) {
		table_column(table, "value");
		if (block->parts == 2)
			table_column(table, "imaginary");
		return;
	}
	for (size_t k = 0; k < LENGTH(pixel); k++)
		table_column(table, pixel[k]);
	if (operator_picture_signed(model, block))
		table_column(table, OPERATOR_EXTREME);
}

enum status
operator_numbers_begin(struct table *table, const struct model *model,
	struct output *output)
{
	struct operator_picture paper = operator_paper_get(model);
	const struct pooled *block = paper.block;
	char shape[64];

	if (!block || block->error || block->left)
		return status_set(STATUS_MISSING, "%s", block && block->error
			? block->error : "the operator is not formed");
	if (table) {
		name_columns(table, model, block);
		return STATUS_OK;
	}
	snprintf(shape, sizeof shape, "%zu, %zu", block->entries
		? paper.rows.count : (size_t)paper.rows.pixels, block->entries
		? paper.columns.count : (size_t)paper.columns.pixels);
	array_header(output_stream(output), block->entries
		&& block->parts == 2 ? "c16" : "f8", shape);
	return output_check(output);
}

static void
put_place(struct table *table, const struct model *model, size_t row,
	size_t column)
{
	const struct layer *layer = model_layer(model);

	table_text(table, layer->dump->label);
	table_text(table, layer->label);
	table_text(table, layer->kind->name);
	table_count(table, model->channel);
	table_count(table, row);
	table_count(table, column);
}

/* On and below the diagonal; above it there is nothing. */
static enum status
put_entries(struct table *table, const struct model *model,
	const struct operator_picture *paper, size_t r)
{
	const struct pooled *block = paper->block;
	size_t row = paper->rows.begin + r;
	const double *entry = block->entries
		+ r * paper->columns.count * block->parts;
	enum status status = STATUS_OK;

	for (size_t c = 0; c < paper->columns.count && !status
		&& paper->columns.begin + c <= row; c++) {
		put_place(table, model, row, paper->columns.begin + c);
		for (size_t part = 0; part < block->parts; part++)
			table_real(table, *entry++);
		status = table_end_row(table);
	}
	return status;
}

static enum status
put_pixels(struct table *table, const struct model *model,
	const struct operator_picture *paper, int r)
{
	const struct bins *rows = &paper->rows, *columns = &paper->columns;
	enum status status = STATUS_OK;

	for (int c = 0; c < columns->pixels && !status
		&& !operator_picture_above(paper, r, c); c++) {
		const struct pooled_group *group = operator_picture_group(
			paper, r, c);

		put_place(table, model, bins_begin(rows, r),
			bins_begin(columns, c));
		table_count(table, bins_end(rows, r) - bins_begin(rows, r));
		table_count(table, bins_end(columns, c)
			- bins_begin(columns, c));
		for (int k = 0; k < 3; k++)
			table_real(table, operator_picture_size(group, k == 0
				? REDUCER_MAX : k == 1 ? REDUCER_MEAN
				: REDUCER_MIN));
		if (operator_picture_signed(model, paper->block))
			table_real(table, operator_picture_extreme(group));
		status = table_end_row(table);
	}
	return status;
}

static enum status
put_array(const struct model *model, const struct operator_picture *paper,
	struct output *output, size_t r)
{
	const struct pooled *block = paper->block;
	FILE *stream = output_stream(output);
	size_t width = paper->columns.count * block->parts;

	if (block->entries) {
		fwrite(block->entries + r * width, sizeof(double), width,
			stream);
		return output_check(output);
	}
	for (int c = 0; c < paper->columns.pixels; c++) {
		const struct pooled_group *group = operator_picture_group(
			paper, (int)r, c);
		double value = operator_picture_above(paper, (int)r, c) ? 0
			: operator_picture_signed(model, block)
			? operator_picture_extreme(group)
			: operator_picture_size(group, model->reducer);

		fwrite(&value, sizeof value, 1, stream);
	}
	return output_check(output);
}

enum status
operator_numbers_row(struct table *table, const struct model *model,
	struct output *output, size_t row, bool *done)
{
	struct operator_picture paper = operator_paper_get(model);
	const struct pooled *block = paper.block;

	if (!block || block->left)
		return status_set(STATUS_MISSING, "the operator is not formed "
			"any more");
	*done = row + 1 >= (block->entries ? paper.rows.count
		: (size_t)paper.rows.pixels);
	if (!table)
		return put_array(model, &paper, output, row);
	if (block->entries)
		return put_entries(table, model, &paper, row);
	return put_pixels(table, model, &paper, (int)row);
}

static json_t *
axis(const char *name, const struct bins *bins, bool entries)
{
	json_t *axis = json_pack("{s:s, s:I, s:I}", "name", name, "first",
		(json_int_t)bins->begin, "count", (json_int_t)bins->count);

	if (!entries)
		json_object_set_new(axis, "pixels",
			json_integer(bins->pixels));
	return axis;
}

json_t *
operator_numbers_axes(const struct model *model)
{
	struct operator_picture paper = operator_paper_get(model);
	bool entries = paper.block && paper.block->entries;
	json_t *axes = json_array();

	json_array_append_new(axes, axis("row", &paper.rows, entries));
	json_array_append_new(axes, axis("column", &paper.columns, entries));
	return axes;
}

const char *
operator_numbers_values(const struct model *model)
{
	static const char *const pixel[REDUCER_COUNT] = {
		[REDUCER_MAX] = "max of |T| over a pixel",
		[REDUCER_MEAN] = "mean of |T| over a pixel",
		[REDUCER_MIN] = "min of |T| over a pixel",
	};
	struct operator_picture paper = operator_paper_get(model);

	if (paper.block && paper.block->entries)
		return "entry of T";
	return operator_picture_signed(model, paper.block) ? OPERATOR_EXTREME
		" of T over a pixel: T where |T| is largest"
		: pixel[model->reducer];
}
