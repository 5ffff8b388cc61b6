/*
 * The layer list on paper: a bar a layer, its average ESS.
 */
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/figure_colour.h"
#include "ui/figure_plot.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"

/* Points. */
enum { ROW = 12, KIND_ROOM = 44, NUMBER_ROOM = 72, AXIS_ROOM = 24,
	NAME_MAX = 190, BAR = 8 };

static const struct type text_type = { .size = PLOT_TYPE, .rgb = INK_TEXT };

static char *
layers_title(const struct model *model)
{
	size_t count = model->list.count;

	return xasprintf("Average %s of %zu layer%s",
		model->measure->ess == measure_kinds[0].ess ? "tolerance-ESS"
		: "entropy-ESS", count, count == 1 ? "" : "s");
}

static double
layers_height(const struct model *model)
{
	return ROW * (double)model->list.count + AXIS_ROOM + 4;
}

static bool
averages_of(struct layer_averages *out, const struct model *model, size_t k)
{
	return layer_stats_get(out, model->stats[k], model)
		&& !isnan(out->ess);
}

static double
most_ess(const struct model *model)
{
	struct layer_averages averages;
	double most = 0;

	for (size_t k = 0; k < model->list.count; k++)
		if (averages_of(&averages, model, layer_list_at(model, k)))
			most = fmax(most, averages.ess);
	return most > 0 ? most : 1;
}

static double
name_room(const struct model *model)
{
	const struct dump *dump = model_dump(model);
	double room = 0;

	for (size_t k = 0; k < model->list.count; k++)
		room = fmax(room, figure_width(text_type,
			dump->layers[layer_list_at(model, k)].label));
	return fmin(1.05 * room, NAME_MAX) + 8;
}

/* "63.56   99 %": the mean, and its share of TSS or the ceiling. */
static void
draw_numbers(const struct plot_frame *frame, double y,
	const struct layer_averages *averages)
{
	struct type type = text_type;
	double right = frame->box.x + frame->box.width;
	char text[48];

	type.anchor = 1;
	snprintf(text, sizeof text, "%.2f", averages->ess);
	figure_text(frame->figure, (struct point){ right + 36, y }, type,
		text);
	if (isnan(averages->share))
		return;
	snprintf(text, sizeof text, "%.0f %%", 100 * averages->share);
	figure_text(frame->figure, (struct point){ right + 66, y }, type,
		text);
}

static void
draw_row(const struct plot_frame *frame, const struct model *model,
	size_t place, double names)
{
	size_t k = layer_list_at(model, place);
	const struct layer *layer = &model_dump(model)->layers[k];
	struct figure *figure = frame->figure;
	struct layer_averages averages;
	double y = frame->box.y + ROW * (double)place,
		base = y + 0.75 * ROW;
	double left = frame->box.x - KIND_ROOM - names;
	char *name = figure_clip(text_type, layer->label, names - 6);
	struct type quiet = text_type;

	quiet.rgb = INK_QUIET;
	figure_text(figure, (struct point){ left, base }, text_type, name);
	free(name);
	if (layer->status) {
		figure_text(figure, (struct point){ frame->box.x + 3, base },
			quiet, "cannot be used");
		return;
	}
	figure_text(figure, (struct point){ left + names, base }, quiet,
		layer->kind->name);
	if (!averages_of(&averages, model, k)) {
		figure_text(figure, (struct point){ frame->box.x + 3, base },
			quiet, "fails");
		return;
	}
	figure_rect(figure, (struct box){ frame->box.x, y + 0.5 * (ROW - BAR),
		plot_x(frame, averages.ess) - frame->box.x, BAR },
		INK_COUNTED);
	draw_numbers(frame, base, &averages);
}

static void
draw_axis(const struct plot_frame *frame)
{
	struct type type = text_type;
	double bottom = frame->box.y + frame->box.height;

	type.anchor = 0.5;
	figure_part(frame->figure, "axis");
	figure_segment(frame->figure, (struct point){ frame->box.x, bottom },
		(struct point){ frame->box.x + frame->box.width, bottom },
		(struct ink){ INK_AXIS, 0.5, false });
	figure_segment(frame->figure, (struct point){ frame->box.x, bottom },
		(struct point){ frame->box.x, frame->box.y },
		(struct ink){ INK_AXIS, 0.5, false });
	plot_ticks_below(frame, false);
	figure_text(frame->figure, (struct point){ frame->box.x
		+ frame->box.width / 2, bottom + 20 }, type, "average ESS");
	type.anchor = 1;
	type.rgb = INK_QUIET;
	figure_text(frame->figure, (struct point){ frame->box.x
		+ frame->box.width + 36, bottom + 9 }, type, "mean");
	figure_text(frame->figure, (struct point){ frame->box.x
		+ frame->box.width + 68, bottom + 9 }, type, "of TSS");
}

static void
layers_draw(struct figure *figure, struct box box, const struct model *model)
{
	size_t count = model->list.count;
	double names = name_room(model);
	struct plot_frame frame = { .figure = figure, .box = { box.x + names
		+ KIND_ROOM, box.y + 2, box.width - names - KIND_ROOM
		- NUMBER_ROOM, ROW * (double)count } };

	frame.x = (struct span_scale){ 0, 1.02 * most_ess(model), false };
	figure_part(figure, "layers");
	for (size_t k = 0; k < count; k++)
		draw_row(&frame, model, k, names);
	draw_axis(&frame);
}

/* What the percentages are of. */
static char *
layers_remark(const struct model *model)
{
	(void)model;
	return xstrdup("Of TSS: ESS / TSS averaged likewise; where TSS grows "
		"with i, ESS / ceiling.");
}

const struct view_figure figure_layers = {
	.title = layers_title,
	.height = layers_height,
	.draw = layers_draw,
	.remark = layers_remark,
};
