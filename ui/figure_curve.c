#include "ui/figure_curve.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/plateau.h"
#include "core/util.h"
#include "ui/figure_colour.h"
#include "ui/model.h"

enum { GUTTER = 34, KEY_ROOM = 15, HEIGHT = 84, AXIS_ROOM = 22 };

static const struct ink curve_ink = { INK_CHANNEL, 1.1, false };
static const struct ink plateau_ink = { INK_QUARTILES, 6, false };
static const struct ink tolerance_ink = { INK_TOLERANCE, 0.9, true };

double
figure_curve_height(void)
{
	return KEY_ROOM + HEIGHT + AXIS_ROOM;
}

/* The tolerances low .. high as far as the frame has them, as a box. */
static struct box
between(const struct plot_frame *frame, double low, double high)
{
	struct box box = frame->box;
	double left = plot_x(frame, fmax(low, frame->x.low));
	double right = plot_x(frame, fmin(high, frame->x.high));

	box.x = left;
	box.width = fmax(right - left, 0);
	return box;
}

static void
draw_floor(const struct plot_frame *frame, double floor)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_QUIET };
	const char *text = "below the numerical floor";
	struct box box;

	if (!(floor > frame->x.low))
		return;
	box = between(frame, frame->x.low, floor);
	figure_part(frame->figure, "curve-floor");
	figure_rect(frame->figure, box, INK_FLOOR);
	if (figure_width(type, text) + 6 < box.width)
		figure_text(frame->figure, (struct point){ box.x + 3,
			box.y + box.height - 4 }, type, text);
}

/* The staircase steps down at every value. */
static void
draw_stairs(const struct plot_frame *frame, const struct spectrum *s,
	double unit)
{
	struct point *points = xcalloc(2 * s->count + 2, sizeof *points);
	size_t n = 0, k = s->count;

	while (k > 0 && !(s->values[k - 1] / unit > frame->x.low))
		k--;
	points[n++] = (struct point){ frame->x.low, (double)k };
	for (; k > 0 && s->values[k - 1] / unit < frame->x.high; k--) {
		double tau = s->values[k - 1] / unit;

		points[n++] = (struct point){ tau, (double)k };
		points[n++] = (struct point){ tau, (double)k - 1 };
	}
	points[n++] = (struct point){ frame->x.high, (double)k };
	figure_part(frame->figure, "curve");
	plot_curve(frame, points, n, curve_ink);
	free(points);
}

static void
draw_tolerance(const struct plot_frame *frame, double tau)
{
	double x;

	if (!(tau > frame->x.low && tau < frame->x.high))
		return;
	x = plot_x(frame, tau);
	figure_part(frame->figure, "curve-tolerance");
	figure_segment(frame->figure, (struct point){ x, frame->box.y },
		(struct point){ x, frame->box.y + frame->box.height },
		tolerance_ink);
}

static void
draw_plateau(const struct plot_frame *frame, const struct plateau *plateau,
	double unit)
{
	figure_part(frame->figure, "plateau");
	figure_rect(frame->figure, between(frame, plateau->low / unit,
		plateau->high / unit), INK_QUARTILES);
}

static void
draw_keys(const struct plot_frame *frame, const struct plateau *plateau)
{
	double x = frame->box.x, y = frame->box.y - 5;
	char *text;

	figure_part(frame->figure, "curve-key");
	plot_key(frame->figure, &x, y, curve_ink, "ESS against the tolerance");
	if (!plateau)
		return;
	text = xasprintf("widest plateau: ESS = %zu over %.1f decades",
		plateau->ess, plateau_decades(plateau));
	plot_key(frame->figure, &x, y, plateau_ink, text);
	free(text);
}

static void
draw_axes(const struct plot_frame *frame, bool relative)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT,
		.anchor = 0.5 };
	const struct box *box = &frame->box;

	figure_part(frame->figure, "curve-axes");
	figure_frame(frame->figure, *box, (struct ink){ INK_AXIS, 0.5,
		false });
	plot_ticks_below(frame, false);
	figure_text(frame->figure, (struct point){ box->x + box->width / 2,
		box->y + box->height + AXIS_ROOM - 2 }, type, relative
		? "relative tolerance" : "absolute tolerance");
	plot_title_left(frame, GUTTER, "tolerance-ESS");
}

void
figure_curve_draw(struct figure *figure, struct box box,
	const struct model *model, const struct spectrum *s,
	struct span_scale scale, double unit)
{
	struct plot_frame frame = { .figure = figure, .x = scale,
		.y = { 0, 1.04 * (double)s->count, false },
		.box = { box.x + GUTTER, box.y + KEY_ROOM, box.width - GUTTER,
			HEIGHT } };
	struct plateau plateau;
	bool has_plateau = plateau_widest(&plateau, s, layer_ceiling(
		model_layer(model), s->position));

	if (has_plateau)
		draw_plateau(&frame, &plateau, unit);
	draw_floor(&frame, s->floor / unit);
	figure_part(figure, "curve-values");
	plot_ticks_left(&frame, true);
	draw_tolerance(&frame, tolerance_threshold(model->tolerance, s)
		/ unit);
	draw_stairs(&frame, s, unit);
	draw_axes(&frame, model->tolerance.kind == TOLERANCE_RELATIVE);
	draw_keys(&frame, has_plateau ? &plateau : NULL);
}
