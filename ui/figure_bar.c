#include "ui/figure_bar.h"

#include <math.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/colour.h"
#include "ui/comparison.h"
#include "ui/figure_colour.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/plot.h"

/* Points. */
enum { GAP = 10, WIDTH = 9, STEPS = 128 };

static void
draw_title(struct figure *figure, const struct plot_frame *frame,
	const char *title)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT,
		.anchor = 0.5, .upright = true };
	const struct box *box = &frame->box;

	if (figure_width(type, title) <= 1.2 * box->height)
		figure_text(figure, (struct point){ box->x + WIDTH
			+ plot_ticks_width(frame) + 1.4 * PLOT_TYPE,
			box->y + box->height / 2 }, type, title);
}

static void
draw_lacking(struct figure *figure, struct box box, const char *lacking)
{
	double bottom = box.y + box.height;

	figure_rect(figure, (struct box){ box.x, bottom + 6, WIDTH, 6 },
		INK_NODATA);
	figure_text(figure, (struct point){ box.x + WIDTH + 4, bottom + 12 },
		(struct type){ .size = PLOT_TYPE, .rgb = INK_TEXT }, lacking);
}

void
figure_bar_scale(struct figure_bar *bar, const struct model *model,
	const struct colour_scale *scale)
{
	bool log = model->measure->log, spread = scale->spacing == SPACING_LOG;

	bar->palette = model->look.palette;
	/* Of log measures A - B is in decades, on a linear scale. */
	if (comparison_differs(model)) {
		bar->scale = (struct span_scale){ 0, scale->high, false };
		return;
	}
	bar->scale = (struct span_scale){ log ? pow(10, scale->low) : spread
		? scale->from : scale->low, log ? pow(10, scale->high)
		: scale->high, log || spread };
	bar->root = scale->spacing == SPACING_SQRT;
}

char *
figure_bar_title(const struct model *model, const struct colour_scale *scale)
{
	bool more = !scale->limited && scale->most > scale->high;

	if (comparison_differs(model))
		return xasprintf("A \xe2\x88\x92 B%s%s", model->measure->log
			? ", decades" : "", more ? ", and more" : "");
	return xasprintf("%s%s", model->measure->title, more ? ", and more"
		: "");
}

char *
figure_bar_remark(const char *before, const struct model *model,
	const struct colour_scale *scale)
{
	char low[PLOT_NUMBER], high[PLOT_NUMBER], *ends;
	char *remark;

	if (!scale->limited && !scale->spacing)
		return before ? xstrdup(before) : NULL;
	plot_number(low, model->limits.low);
	plot_number(high, model->limits.high);
	ends = !scale->limited ? xstrdup("") : xasprintf(" end at %s and %s, "
		"beyond which they stay as there%s", low, high, scale->spacing
		? ", and" : "");
	remark = xasprintf("%s%sColours%s%s.", before ? before : "", before
		? " " : "", ends, scale->spacing == SPACING_LOG
		? " go by the logarithm" : scale->spacing == SPACING_SQRT
		? " go by the square root" : "");
	free(ends);
	return remark;
}

void
figure_bar_draw(struct figure *figure, struct box image,
	struct figure_bar bar)
{
	struct plot_frame frame = { .figure = figure, .box = image,
		.y = bar.scale };
	uint32_t rgb[STEPS];

	frame.box.x += image.width + GAP;
	frame.box.width = WIDTH;
	for (int k = 0; k < STEPS; k++) {
		double fraction = 1 - (double)k / (STEPS - 1);

		rgb[k] = bar.sides ? colour_true_side(2 * fraction - 1)
			: colour_true(bar.palette, bar.root ? sqrt(fraction)
			: fraction);
	}
	figure_part(figure, "scale");
	figure_cells(figure, frame.box, 1, STEPS, rgb);
	figure_frame(figure, frame.box, (struct ink){ INK_AXIS, 0.5, false });
	if (bar.sides)
		plot_ticks_sides(&frame);
	else
		plot_ticks_right(&frame);
	draw_title(figure, &frame, bar.title);
	if (bar.lacking)
		draw_lacking(figure, frame.box, bar.lacking);
}
