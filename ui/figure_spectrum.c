/*
 * The spectrum on paper: all singular values of one H_i as bars on a log axis,
 * those above the tolerance in colour, what cannot be resolved shaded; below
 * them ESS against the tolerance.
 */
#include "ui/comparison.h"
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/caption.h"
#include "ui/figure_colour.h"
#include "ui/figure_curve.h"
#include "ui/figure_plot.h"

enum { GUTTER = 34, KEY_ROOM = 13, HEIGHT = 150, DECADES_MAX = 17,
	BAR_MAX = 14, AXIS_ROOM = 22, CURVE_GAP = 8 };

static char *
spectrum_title(const struct model *model)
{
	char *before = xasprintf("Singular values of H at position %zu, %s "
		"%zu of ", model->position, caption_channel(model_layer(model)), model->channel);
	char *title = figure_layer_title(model, before);

	free(before);
	return title;
}

static double
spectrum_height(const struct model *model)
{
	(void)model;
	return KEY_ROOM + HEIGHT + AXIS_ROOM + CURVE_GAP
		+ figure_curve_height();
}

/* Whole decades from above the largest value to below the least that is
 * resolved, the tolerance among them. */
static struct span_scale
value_scale(const struct spectrum *s, double unit, double tau)
{
	double top = ceil(log10(s->values[0] / unit) - 1e-9), low = top - 3;

	for (size_t k = 0; k < s->count; k++)
		if (s->values[k] > s->floor && s->values[k] > 0)
			low = fmin(low, log10(s->values[k] / unit));
	if (tau > 0)
		low = fmin(low, log10(tau) - 0.5);
	low = fmax(floor(low), top - DECADES_MAX);
	/* Room above the largest. */
	return (struct span_scale){ pow(10, low), 1.5 * pow(10, top), true };
}

static void
draw_bars(const struct plot_frame *frame, const struct spectrum *s,
	double unit, size_t ess)
{
	double each = frame->box.width / (double)(size_t)(frame->x.high
		- frame->x.low), bottom = frame->box.y + frame->box.height;
	double width = each < 2 ? each : fmin(0.72 * each, BAR_MAX);

	figure_part(frame->figure, "bars");
	for (size_t k = 0; k < s->count; k++) {
		double value = s->values[k] / unit;
		double top;

		if (!(value > frame->y.low))
			break;
		top = plot_y(frame, value);
		figure_rect(frame->figure, (struct box){ plot_x(frame,
			(double)k + 1) - width / 2, top, width,
			bottom - top }, k < ess ? INK_COUNTED
			: INK_UNCOUNTED);
	}
}

static const struct ink beside_ink = { INK_COMPARED, 1.4, false };

/* The values of the dump compared with, as strokes over the bars. */
static void
draw_beside(const struct plot_frame *frame, const struct model *model)
{
	bool relative = model->tolerance.kind == TOLERANCE_RELATIVE;
	struct layer *match = comparison_layer(model);
	double each = frame->box.width / (frame->x.high - frame->x.low);
	double width = fmin(each, BAR_MAX) / 2;
	struct spectrum s;
	struct model other;

	if (!match || model->channel >= match->channels
	    || model->position >= match->length)
		return;
	other = comparison_other(model, match);
	if (!model_spectrum(&s, &other) || !s.count || !(s.values[0] > 0))
		return;
	figure_part(frame->figure, "compared");
	for (size_t k = 0; k < s.count && (double)k + 1 < frame->x.high; k++) {
		double value = s.values[k] / (relative ? s.values[0] : 1);
		double x = plot_x(frame, (double)k + 1), y;

		if (!(value > frame->y.low && value <= frame->y.high))
			continue;
		y = plot_y(frame, value);
		figure_segment(frame->figure, (struct point){ x - width, y },
			(struct point){ x + width, y },
			beside_ink);
	}
}

static void
draw_floor(const struct plot_frame *frame, double floor)
{
	struct box box = frame->box;
	double top;

	if (!(floor > frame->y.low))
		return;
	top = fmax(plot_y(frame, floor), box.y);
	box.height += box.y - top;
	box.y = top;
	figure_part(frame->figure, "floor");
	figure_rect(frame->figure, box, INK_FLOOR);
	figure_text(frame->figure, (struct point){ box.x + box.width - 3,
		top + 1.2 * PLOT_TYPE }, (struct type){ .size = PLOT_TYPE,
		.rgb = INK_QUIET, .anchor = 1 },
		"below the numerical floor");
}

static const struct ink tolerance_ink = { INK_TOLERANCE, 0.9, true };

static void
draw_tolerance(const struct plot_frame *frame, double tau)
{
	double right = frame->box.x + frame->box.width, y;

	if (!(tau > frame->y.low && tau < frame->y.high))
		return;
	y = plot_y(frame, tau);
	figure_part(frame->figure, "tolerance");
	figure_segment(frame->figure, (struct point){ frame->box.x, y },
		(struct point){ right, y }, tolerance_ink);
}

/* "ESS 7 of 16, entropy-ESS 5.31, s1 40.08", and what the line is. */
static void
draw_numbers(const struct plot_frame *frame, const struct model *model,
	const struct spectrum *s, size_t ess)
{
	size_t ceiling = layer_ceiling(model_layer(model), model->position);
	char *text = xasprintf("ESS = %zu of at most %zu     entropy-ESS = "
		"%.4f     s1 = %.4g", ess, ceiling, s->entropy, s->values[0]);
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT };
	double x = frame->box.x, y = frame->box.y - 5;
	char rule[CAPTION_RULE];

	figure_part(frame->figure, "numbers");
	figure_text(frame->figure, (struct point){ x, y }, type, text);
	x += 1.06 * figure_width(type, text) + 18;
	plot_key(frame->figure, &x, y, tolerance_ink,
		caption_rule(rule, model->tolerance));
	if (comparison_layer(model))
		plot_key(frame->figure, &x, y, beside_ink,
			comparison_theirs(model) == 'A' ? "A" : "B");
	free(text);
}

static void
draw_axes(const struct plot_frame *frame, bool relative)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT,
		.anchor = 0.5 };
	const struct box *box = &frame->box;

	figure_part(frame->figure, "axes");
	figure_frame(frame->figure, *box, (struct ink){ INK_AXIS, 0.5,
		false });
	plot_ticks_below(frame, true);
	figure_text(frame->figure, (struct point){ box->x + box->width / 2,
		box->y + box->height + 20 }, type, "index k");
	plot_title_left(frame, GUTTER, relative ? "singular value s / s1"
		: "singular value s");
}

/* What is drawn where there is no spectrum, or nothing in it. */
static void
draw_nothing(struct figure *figure, struct box box, const struct model *model)
{
	const char *why = session_failure(model->session, model_layer(model),
		model->channel);

	figure_part(figure, "nothing");
	figure_paragraph(figure, (struct point){ box.x, box.y + 20 },
		(struct type){ .size = PLOT_TYPE, .rgb = INK_TEXT }, box.width,
		9, why ? why : "H_i is zero: nothing of the past reaches the "
		"future from here.");
}

static void
spectrum_draw(struct figure *figure, struct box box,
	const struct model *model)
{
	struct plot_frame frame = { .figure = figure, .box = { box.x + GUTTER,
		box.y + KEY_ROOM, box.width - GUTTER, HEIGHT } };
	bool relative = model->tolerance.kind == TOLERANCE_RELATIVE;
	struct spectrum s;
	double unit, tau;
	size_t ess;

	if (!model_spectrum(&s, model) || s.count == 0
	    || !(s.values[0] > 0)) {
		draw_nothing(figure, box, model);
		return;
	}
	unit = relative ? s.values[0] : 1;
	tau = tolerance_threshold(model->tolerance, &s) / unit;
	ess = ess_tolerance(&s, model->tolerance);
	frame.x = (struct span_scale){ 0.5, (double)s.count + 0.5, false };
	frame.y = value_scale(&s, unit, tau);
	figure_part(figure, "values");
	plot_ticks_left(&frame, true);
	draw_floor(&frame, s.floor / unit);
	draw_bars(&frame, &s, unit, ess);
	draw_beside(&frame, model);
	draw_tolerance(&frame, tau);
	draw_numbers(&frame, model, &s, ess);
	draw_axes(&frame, relative);
	box.y += KEY_ROOM + HEIGHT + AXIS_ROOM + CURVE_GAP;
	figure_curve_draw(figure, box, model, &s, frame.y, unit);
}

const struct view_figure figure_spectrum = {
	.title = spectrum_title,
	.height = spectrum_height,
	.draw = spectrum_draw,
};
