#include "ui/operator_picture.h"

#include <math.h>
#include <stdlib.h>

#include "core/session.h"
#include "core/util.h"

const char *const signs_names[SIGNS_COUNT] = {
	[SIGNS_NONE] = "off", [SIGNS_LOG] = "log", [SIGNS_LINEAR] = "linear",
};

/* Cells that have a pixel of their own take several: a group has one. */
static size_t
groups_of(const struct bins *bins)
{
	return (size_t)(bins->pixels / bins->width);
}

static struct pooled_request
request_of(const struct model *model, const struct bins *rows,
	const struct bins *columns)
{
	return (struct pooled_request){
		.layer = model_layer(model),
		.channel = model->channel,
		.area = { rows->begin, rows->count, columns->begin,
			columns->count },
		.rows = groups_of(rows),
		.columns = groups_of(columns),
	};
}

static struct pooled_request
row_request(const struct model *model, const struct bins *columns)
{
	struct bins row = bins_new(model_entry(model).row, 1, 1);

	return request_of(model, &row, columns);
}

void
operator_picture_leave(struct model *model)
{
	session_look_picture(model->session, SESSION_BLOCK, NULL);
	session_look_picture(model->session, SESSION_ROW, NULL);
}

void
operator_picture_look(struct model *model, const struct bins *rows,
	const struct bins *columns)
{
	struct pooled_request block, row;
	bool ready = model_ready(model) && rows->pixels && columns->pixels;

	if (!ready) {
		operator_picture_leave(model);
		return;
	}
	block = request_of(model, rows, columns);
	row = row_request(model, columns);
	session_look_picture(model->session, SESSION_BLOCK, &block);
	session_look_picture(model->session, SESSION_ROW,
		pooled_keeps(&block.area) ? NULL : &row);
}

struct operator_picture
operator_picture_get(const struct model *model, const struct bins *rows,
	const struct bins *columns)
{
	struct pooled_request block = request_of(model, rows, columns);
	struct pooled_request row = row_request(model, columns);
	struct operator_picture picture = {
		.block = session_picture(model->session, SESSION_BLOCK),
		.row = session_picture(model->session, SESSION_ROW),
		.rows = *rows,
		.columns = *columns,
		.entry = model_entry(model),
	};

	if (picture.block && !pooled_same(&picture.block->request, &block))
		picture.block = NULL;
	if (picture.row && !pooled_same(&picture.row->request, &row))
		picture.row = NULL;
	return picture;
}

const struct pooled_group *
operator_picture_group(const struct operator_picture *picture, int row,
	int column)
{
	const struct pooled *block = picture->block;
	size_t r = (size_t)(row / picture->rows.width);
	size_t c = (size_t)(column / picture->columns.width);

	if (!block || !block->done[r])
		return NULL;
	return &block->groups[r * block->request.columns + c];
}

bool
operator_picture_above(const struct operator_picture *picture, int row,
	int column)
{
	return bins_begin(&picture->columns, column)
		>= bins_end(&picture->rows, row);
}

struct operator_scale
operator_picture_scale(const struct model *model)
{
	if (model->operator_scale.layer == model_layer(model))
		return model->operator_scale;
	return (struct operator_scale){ NULL, -OPERATOR_DECADES, 0 };
}

char *
operator_picture_entry_text(const struct model *model)
{
	struct operator_cursor entry = model_entry(model);

	if (!model_ready(model) || (!entry.rows.zoom
	    && entry.row == model->position
	    && entry.column + 1 == model->position))
		return NULL;
	return xasprintf("%zu %zu %d@%zu,%zu", entry.row, entry.column,
		entry.rows.zoom, entry.rows.begin, entry.columns.begin);
}

char *
operator_picture_limits_text(const struct model *model)
{
	const struct operator_scale *scale = &model->operator_scale;

	if (!scale->layer || scale->layer != model_layer(model))
		return NULL;
	return xasprintf("%.10g,%.10g", pow(10, scale->low),
		pow(10, scale->high));
}

bool
operator_picture_fit(struct operator_scale *out, const struct pooled *block)
{
	size_t all = block->request.rows * block->request.columns, count = 0;
	double *means = xcalloc(all, sizeof *means), largest = 0;

	for (size_t k = 0; k < all; k++) {
		const struct pooled_group *group = &block->groups[k];

		if (group->sum > 0)
			means[count++] = group->sum / (double)group->count;
		largest = fmax(largest, group->max);
	}
	qsort(means, count, sizeof *means, double_compare);
	if (count) {
		out->layer = block->request.layer;
		out->high = ceil(10 * log10(largest)) / 10;
		out->low = floor(10 * log10(means[count / 100])) / 10 - 0.5;
		out->low = fmin(out->low, out->high - 1);
		out->low = fmax(out->low, out->high - OPERATOR_DECADES);
	}
	free(means);
	return count > 0;
}

double
operator_picture_size(const struct pooled_group *group, enum reducer reducer)
{
	if (!group->count)
		return NAN;
	if (reducer == REDUCER_MEAN)
		return group->sum / (double)group->count;
	return reducer == REDUCER_MIN ? group->min : group->max;
}

bool
operator_picture_signed(const struct model *model, const struct pooled *block)
{
	return model->signs && !(block && block->parts == 2);
}

double
operator_picture_extreme(const struct pooled_group *group)
{
	return group->count ? group->extreme : NAN;
}

double
operator_picture_side(const struct operator_scale *scale, enum signs signs,
	double value)
{
	double size = signs == SIGNS_LINEAR ? fabs(value) / pow(10, scale->high)
		: (log10(fabs(value)) - scale->low)
		/ (scale->high - scale->low);

	return value == 0 ? 0 : copysign(fmax(size, 1e-6), value);
}

struct axis
operator_picture_axis(const struct model *model,
	const struct operator_picture *picture)
{
	struct operator_scale scale = operator_picture_scale(model);
	bool log = model->signs != SIGNS_LINEAR
		|| !operator_picture_signed(model, picture->block);

	return (struct axis){ log ? pow(10, scale.low) : 0,
		pow(10, scale.high), log };
}

/* The entry of a block that keeps them; NULL: not there (yet). */
static const double *
entry_at(const struct pooled *block, size_t row, size_t column)
{
	const struct operator_area *area;

	if (!block || !block->entries || block->left || row < column)
		return NULL;
	area = &block->request.area;
	if (row < area->row || row - area->row >= area->rows
	    || column < area->column || column - area->column >= area->columns)
		return NULL;
	return block->entries + ((row - area->row) * area->columns + column
		- area->column) * block->parts;
}

/* Of whichever has it. */
static const double *
exact_at(const struct operator_picture *picture, size_t row, size_t column,
	size_t *parts)
{
	const double *entry = entry_at(picture->block, row, column);
	const struct pooled *from = picture->block;

	if (!entry) {
		from = picture->row;
		entry = entry_at(from, row, column);
	}
	if (entry)
		*parts = from->parts;
	return entry;
}

bool
operator_picture_entry(double *re, double *im,
	const struct operator_picture *picture)
{
	size_t parts;
	const double *entry = exact_at(picture, picture->entry.row,
		picture->entry.column, &parts);

	if (!entry)
		return false;
	*re = entry[0];
	*im = parts == 2 ? entry[1] : 0;
	return true;
}

static double
size_at(const struct operator_picture *picture, size_t row, size_t column)
{
	size_t parts;
	const double *entry = exact_at(picture, row, column, &parts);

	if (!entry)
		return NAN;
	return parts == 2 ? hypot(entry[0], entry[1]) : fabs(entry[0]);
}

/* The groups of the row by itself: all that its entries hold. NULL: it is not
 * there, or the block has it. */
static const struct pooled_group *
groups_across(const struct operator_picture *picture)
{
	const struct pooled *row = picture->row;

	return row && !row->left && !entry_at(picture->block,
		picture->entry.row, picture->columns.begin) ? row->groups
		: NULL;
}

void
operator_picture_across(double *out, const struct operator_picture *picture)
{
	const struct pooled_group *groups = groups_across(picture);

	for (int p = 0; p < picture->columns.pixels; p++) {
		out[p] = groups ? operator_picture_size(&groups[p
			/ picture->columns.width], REDUCER_MAX) : NAN;
		if (groups)
			continue;
		for (size_t j = bins_begin(&picture->columns, p);
			j < bins_end(&picture->columns, p); j++)
			out[p] = fmax(out[p], size_at(picture,
				picture->entry.row, j));
	}
}

void
operator_picture_down(double *out, bool *exact,
	const struct operator_picture *picture)
{
	const struct bins *rows = &picture->rows;
	int column = bins_pixel(&picture->columns, picture->entry.column);

	*exact = !picture->block || picture->block->entries
		|| bins_ratio(&picture->columns) == 1;
	for (int p = 0; p < rows->pixels; p++) {
		const struct pooled_group *group = operator_picture_group(
			picture, p, column);

		out[p] = NAN;
		if (!group)
			continue;
		if (!picture->block->entries) {
			out[p] = operator_picture_size(group, REDUCER_MAX);
			continue;
		}
		for (size_t i = bins_begin(rows, p); i < bins_end(rows, p); i++)
			out[p] = fmax(out[p], size_at(picture, i,
				picture->entry.column));
	}
}
