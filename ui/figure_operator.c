/*
 * The operator on paper: |T| on a log scale, or T with its sign, rows downwards
 * as in a matrix, with H_i outlined.
 */
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/session.h"
#include "core/util.h"
#include "ui/figure_bar.h"
#include "ui/figure_colour.h"
#include "ui/operator_paper.h"

/* Points. */
enum { GUTTER = 40, KEY_ROOM = 13, AXIS_ROOM = 22, TICK_ROOM = 34 };

static const struct ink outline_ink = { INK_OUTLINE, 1.4, false };
static const struct ink outline_halo = { INK_PAGE, 2.6, false };
static const struct ink axis_ink = { INK_AXIS, 0.5, false };

static bool
is_signed(const struct model *model)
{
	return operator_picture_signed(model, operator_paper_get(model).block);
}

static char *
operator_title(const struct model *model)
{
	return figure_channel_title(model, is_signed(model) ? "T of "
		: "|T| of ");
}

static double
image_width(void)
{
	return figure_body_width() - GUTTER - FIGURE_BAR_ROOM;
}

/* Rows are as high as columns are wide. */
static double
image_height(const struct model *model)
{
	double rows = (double)model_row_bins(model, 1).count;
	double columns = (double)model_column_bins(model, 1).count;

	return fmin(fmax(0.2, rows / columns), 1.2) * image_width();
}

static double
operator_height(const struct model *model)
{
	return KEY_ROOM + image_height(model) + AXIS_ROOM;
}

struct image {
	struct plot_frame frame;
	struct operator_picture picture;
	struct operator_scale scale;
	int palette;
	enum reducer reducer;
	enum signs signs;               /* T, not |T|, and how */
	bool lacking;                   /* some of it is no number > 0, */
	bool less;                      /* or has less than any colour */
};

static uint32_t
colour_of(struct image *image, int row, int column)
{
	const struct pooled_group *group;
	double size, side;

	if (operator_picture_above(&image->picture, row, column))
		return INK_PAGE;
	group = operator_picture_group(&image->picture, row, column);
	if (group && image->signs) {
		side = operator_picture_side(&image->scale, image->signs,
			operator_picture_extreme(group));
		image->lacking |= isnan(side);
		return isnan(side) ? INK_NODATA : colour_true_side(side);
	}
	size = group ? operator_picture_size(group, image->reducer) : NAN;
	if (!(size > 0)) {
		image->lacking = true;
		return INK_NODATA;
	}
	image->less |= log10(size) < image->scale.low;
	return colour_true(image->palette, (log10(size) - image->scale.low)
		/ (image->scale.high - image->scale.low));
}

static void
draw_cells(struct image *image)
{
	int rows = image->picture.rows.pixels;
	int columns = image->picture.columns.pixels;
	uint32_t *rgb = xcalloc((size_t)rows * (size_t)columns, sizeof *rgb);

	for (int r = 0; r < rows; r++)
		for (int c = 0; c < columns; c++)
			rgb[r * columns + c] = colour_of(image, r, c);
	figure_part(image->frame.figure, "cells");
	figure_cells(image->frame.figure, image->frame.box, columns, rows,
		rgb);
	free(rgb);
}

/* Numbers of rows: the scale runs downwards. */
static void
draw_rows(const struct image *image)
{
	const struct plot_frame *frame = &image->frame;
	const struct bins *rows = &image->picture.rows;
	size_t step = (size_t)plot_round_up(fmax(1, (double)rows->count
		* TICK_ROOM / frame->box.height));
	double x = frame->box.x;

	figure_part(frame->figure, "rows");
	for (size_t i = (rows->begin + step - 1) / step * step;
		i < rows->begin + rows->count; i += step) {
		double y = plot_y(frame, (double)i);

		figure_segment(frame->figure, (struct point){ x, y },
			(struct point){ x - 2.5, y }, axis_ink);
		plot_label(frame->figure, (struct point){ x - 4.5,
			y + 0.35 * PLOT_TYPE }, 1, (double)i, false);
	}
	plot_title_left(frame, GUTTER, "row: output i");
}

static void
draw_columns(const struct image *image)
{
	const struct plot_frame *frame = &image->frame;
	const struct box *box = &frame->box;

	figure_part(frame->figure, "columns");
	plot_ticks_below(frame, true);
	figure_text(frame->figure, (struct point){ box->x + box->width / 2,
		box->y + box->height + AXIS_ROOM - 2 }, (struct type){
		.size = PLOT_TYPE, .rgb = INK_TEXT, .anchor = 0.5 },
		"column: input j");
}

/* The upper and the right edge of H_i, as far as the window has them. */
static void
draw_outline(const struct image *image, const struct model *model)
{
	const struct plot_frame *frame = &image->frame;
	const struct box *box = &frame->box;
	double edge = (double)model->position - 0.5;
	double top = plot_y(frame, edge), right = plot_x(frame, edge);
	double bottom = box->y + box->height, x = box->x, y = box->y - 5;
	struct point points[3] = { { box->x, top }, { right, top },
		{ right, bottom } };
	bool across = top >= box->y - 1e-6, down = right <= box->x + box->width
		+ 1e-6;
	size_t i = model->position, rest = model_layer(model)->length - i;
	char *name;

	if (top >= bottom || right <= box->x || !(across || down))
		return;
	points[0].y = points[1].y = fmax(top, box->y);
	points[1].x = points[2].x = fmin(right, box->x + box->width);
	figure_part(frame->figure, "outline");
	for (int k = 0; k < 2; k++)
		figure_line(frame->figure, points + !across, across && down
			? 3 : 2, k ? outline_ink : outline_halo);
	name = xasprintf("H at %zu: T[%zu:, :%zu], %zu x %zu", i, i, i, rest,
		i);
	figure_part(frame->figure, "key");
	plot_key(frame->figure, &x, y, outline_ink, name);
	free(name);
}

/* Why there is no picture. */
static void
draw_error(struct figure *figure, struct box box, const char *why)
{
	figure_part(figure, "nothing");
	figure_paragraph(figure, (struct point){ box.x, box.y + 20 },
		(struct type){ .size = PLOT_TYPE, .rgb = INK_TEXT }, box.width,
		9, why);
}

static void
operator_draw(struct figure *figure, struct box box,
	const struct model *model)
{
	struct image image = {
		.frame = { .figure = figure, .box = { box.x + GUTTER,
			box.y + KEY_ROOM, image_width(),
			image_height(model) } },
		.picture = operator_paper_get(model),
		.scale = operator_picture_scale(model),
		.palette = model->look.palette,
		.reducer = model->reducer,
		.signs = is_signed(model) ? model->signs : SIGNS_NONE,
	};
	const struct bins *rows = &image.picture.rows;
	const struct bins *columns = &image.picture.columns;
	const struct pooled *block = image.picture.block;
	struct axis axis;

	if (block && block->error) {
		draw_error(figure, box, block->error);
		return;
	}
	image.frame.x = (struct span_scale){ (double)columns->begin - 0.5,
		(double)(columns->begin + columns->count) - 0.5, false };
	image.frame.y = (struct span_scale){ (double)(rows->begin
		+ rows->count) - 0.5, (double)rows->begin - 0.5, false };
	draw_cells(&image);
	figure_part(figure, "frame");
	figure_frame(figure, image.frame.box, axis_ink);
	draw_outline(&image, model);
	draw_rows(&image);
	draw_columns(&image);
	axis = operator_picture_axis(model, &image.picture);
	figure_bar_draw(figure, image.frame.box, (struct figure_bar){
		.palette = image.palette, .scale = { axis.low, axis.high,
			axis.log }, .title = image.signs
			? "T" : image.less ? "|T|, and less" : "|T|",
		.sides = image.signs,
		.lacking = !image.lacking ? NULL : image.signs ? "not finite"
			: block && block->bad ? "0, or not finite" : "0" });
}

static char *
operator_definition(const struct model *model)
{
	return xasprintf("T: the causal operator y = T x of one channel, %s as "
		"colours; ESS is of the singular values of H_i = T[i:, :i].",
		!is_signed(model) ? "log10 |T|" : model->signs == SIGNS_LINEAR
		? "its entries on either side of 0 in proportion to T"
		: "its entries on either side of 0 by log10 |T|");
}

static char *
operator_remark(const struct model *model)
{
	struct operator_picture paper = operator_paper_get(model);
	size_t r = bins_ratio(&paper.rows), c = bins_ratio(&paper.columns);

	if (r * c <= 1)
		return NULL;
	return xasprintf("A pixel is the %s over %zu row%s x %zu column%s, on "
		"and below the diagonal.", is_signed(model) ? OPERATOR_EXTREME
		" of T, T where |T| is largest," : model->reducer
		== REDUCER_MAX ? "max of |T|" : model->reducer == REDUCER_MIN
		? "min of |T|" : "mean of |T|", r, r == 1 ? "" : "s", c,
		c == 1 ? "" : "s");
}

const struct view_figure figure_operator = {
	.title = operator_title,
	.height = operator_height,
	.draw = operator_draw,
	.definition = operator_definition,
	.remark = operator_remark,
};
