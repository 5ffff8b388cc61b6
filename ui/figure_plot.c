#include "ui/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/figure_colour.h"
#include "ui/plot.h"

static const double tick = 2.5, hair = 0.5;

static double
fraction(const struct span_scale *scale, double value)
{
	if (scale->log)
		return log(value / scale->low) / log(scale->high / scale->low);
	return (value - scale->low) / (scale->high - scale->low);
}

double
plot_x(const struct plot_frame *frame, double value)
{
	return frame->box.x + frame->box.width * fraction(&frame->x, value);
}

double
plot_y(const struct plot_frame *frame, double value)
{
	return frame->box.y + frame->box.height
		* (1 - fraction(&frame->y, value));
}

double
plot_round_up(double value)
{
	double decade = pow(10, floor(log10(value) + 1e-9));

	if (value <= decade * (1 + 1e-9))
		return decade;
	return decade * (value <= 2 * decade ? 2 : value <= 5 * decade ? 5
		: 10);
}

/* The least step >= `least` that goes into the range without a rest and is
 * easy to count in: 1, 2, 4, 5 or 8 times a power of ten, or 16, 32, ...; 0:
 * there is none that leaves two ticks. */
static double
even_step(double range, double least)
{
	for (double n = floor(range / least + 1e-9); n >= 2; n--) {
		double step = range / n, power = log2(step);
		double mantissa = step / pow(10, floor(log10(step) + 1e-9));

		if (step >= 16 && fabs(power - round(power)) < 1e-9)
			return step;
		for (int k = 1; k <= 8; k++)
			if ((k <= 2 || k == 4 || k == 5 || k == 8)
			    && fabs(mantissa - k) < 1e-6)
				return step;
	}
	return 0;
}

/* Round values of a scale, about `room` points apart. */
struct ticks {
	double first, step;             /* exponents of 10 where it is log */
	int count;
};

static struct ticks
ticks_of(const struct span_scale *scale, double length, double room)
{
	double low = scale->log ? log10(scale->low) : scale->low;
	double high = scale->log ? log10(scale->high) : scale->high;
	double most = fmax(length / room, 1), step;
	struct ticks ticks = { 0 };

	if (!(high > low))
		return ticks;
	step = plot_round_up((high - low) / most);
	if (scale->log)
		step = fmax(1, ceil(step - 1e-9));
	else if (low == 0 && even_step(high, high / most) > 0
	    && even_step(high, high / most) <= 2.1 * step)
		step = even_step(high, high / most);
	ticks.step = step;
	ticks.first = ceil(low / step - 1e-9) * step;
	ticks.count = (int)floor((high - ticks.first) / step + 1e-9) + 1;
	return ticks;
}

static double
ticks_at(const struct span_scale *scale, const struct ticks *ticks, int k)
{
	double value = ticks->first + k * ticks->step;

	/* No -0, nor 1e-17 where 0 is meant. */
	if (!scale->log && fabs(value) < 1e-9 * ticks->step)
		value = 0;
	return scale->log ? pow(10, value) : value;
}

static const struct type number_type = { .size = PLOT_TYPE, .rgb = INK_TEXT };

void
plot_label(struct figure *figure, struct point at, double anchor, double value,
	bool log)
{
	struct type type = number_type, raised = number_type;
	char text[PLOT_NUMBER], exponent[PLOT_NUMBER];
	double width;
	int power;

	if (!log) {
		plot_number(text, value);
		type.anchor = anchor;
		figure_text(figure, at, type, text);
		return;
	}
	power = (int)lround(log10(value));
	raised.size = 0.72 * type.size;
	snprintf(exponent, sizeof exponent, "%s%d", power < 0
		? "\xe2\x88\x92" : "", abs(power));
	width = figure_width(type, "10") + figure_width(raised, exponent);
	at.x -= anchor * width;
	figure_text(figure, at, type, "10");
	at.x += figure_width(type, "10");
	at.y -= 0.38 * type.size;
	figure_text(figure, at, raised, exponent);
}

void
plot_ticks_below(const struct plot_frame *frame, bool whole)
{
	const struct box *box = &frame->box;
	struct ticks ticks = ticks_of(&frame->x, box->width, 34);
	double bottom = box->y + box->height;

	if (whole && ticks.step < 1)
		ticks = (struct ticks){ ceil(frame->x.low), 1,
			(int)(floor(frame->x.high) - ceil(frame->x.low)) + 1 };
	for (int k = 0; k < ticks.count; k++) {
		double value = ticks_at(&frame->x, &ticks, k);
		double x = plot_x(frame, value);

		figure_segment(frame->figure, (struct point){ x, bottom },
			(struct point){ x, bottom + tick },
			(struct ink){ INK_AXIS, hair, false });
		plot_label(frame->figure, (struct point){ x,
			bottom + tick + PLOT_TYPE }, 0.5, value, frame->x.log);
	}
}

static struct ticks
side_ticks(const struct plot_frame *frame)
{
	return ticks_of(&frame->y, frame->box.height, 2.6 * PLOT_TYPE);
}

static void
ticks_beside(const struct plot_frame *frame, double x, double side, bool grid)
{
	struct ticks ticks = side_ticks(frame);

	for (int k = 0; k < ticks.count; k++) {
		double value = ticks_at(&frame->y, &ticks, k);
		double y = plot_y(frame, value);

		if (grid)
			figure_segment(frame->figure, (struct point){
				frame->box.x, y }, (struct point){ frame->box.x
				+ frame->box.width, y },
				(struct ink){ INK_GRID, hair, false });
		figure_segment(frame->figure, (struct point){ x, y },
			(struct point){ x + side * tick, y },
			(struct ink){ INK_AXIS, hair, false });
		plot_label(frame->figure, (struct point){ x
			+ side * (tick + 2), y + 0.35 * PLOT_TYPE },
			side < 0, value, frame->y.log);
	}
}

void
plot_ticks_left(const struct plot_frame *frame, bool grid)
{
	ticks_beside(frame, frame->box.x, -1, grid);
}

void
plot_ticks_right(const struct plot_frame *frame)
{
	ticks_beside(frame, frame->box.x + frame->box.width, 1, false);
}

/* One tick on the right; less: its number has a minus. */
static void
tick_right(const struct plot_frame *frame, double y, double value, bool less)
{
	struct point at = { frame->box.x + frame->box.width, y };
	static const char minus[] = "\xe2\x88\x92";

	figure_segment(frame->figure, at, (struct point){ at.x + tick, y },
		(struct ink){ INK_AXIS, hair, false });
	at.x += tick + 2;
	at.y += 0.35 * PLOT_TYPE;
	if (less) {
		figure_text(frame->figure, at, number_type, minus);
		at.x += 1.2 * figure_width(number_type, minus);
	}
	plot_label(frame->figure, at, 0, value, frame->y.log && value != 0);
}

void
plot_ticks_sides(const struct plot_frame *frame)
{
	struct plot_frame half = *frame;
	double middle = frame->box.y + frame->box.height / 2;
	struct ticks ticks;

	half.box.height /= 2;
	ticks = side_ticks(&half);
	tick_right(&half, middle, 0, false);
	for (int k = 0; k < ticks.count; k++) {
		double value = ticks_at(&half.y, &ticks, k);
		double up = middle - plot_y(&half, value);

		if (up < 1.2 * PLOT_TYPE)
			continue;
		tick_right(&half, middle - up, value, false);
		tick_right(&half, middle + up, value, true);
	}
}

double
plot_ticks_width(const struct plot_frame *frame)
{
	struct ticks ticks = side_ticks(frame);
	double widest = 0;

	for (int k = 0; k < ticks.count; k++) {
		char text[PLOT_NUMBER] = "10-0";

		if (!frame->y.log)
			plot_number(text, ticks_at(&frame->y, &ticks, k));
		widest = fmax(widest, figure_width(number_type, text));
	}
	return widest + tick + 2;
}

/* Where the line from a to b has height y. */
static struct point
crossing(struct point a, struct point b, double y)
{
	return (struct point){ a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y),
		y };
}

void
plot_curve(const struct plot_frame *frame, const struct point *points,
	size_t count, struct ink ink)
{
	struct point *out = xcalloc(2 * count + 1, sizeof *out);
	double top = frame->box.y, bottom = top + frame->box.height;
	struct point last = { NAN, NAN };
	size_t n = 0;

	for (size_t k = 0; k < count; k++) {
		struct point p = { plot_x(frame, points[k].x),
			plot_y(frame, points[k].y) };
		bool in = p.y >= top - 1e-6 && p.y <= bottom + 1e-6;
		bool was = last.y >= top - 1e-6 && last.y <= bottom + 1e-6;

		if (isnan(points[k].y))
			p.y = NAN;
		if (in && !was && !isnan(last.y))
			out[n++] = crossing(last, p, last.y < top ? top
				: bottom);
		if (in)
			out[n++] = p;
		else if (was && !isnan(p.y))
			out[n++] = crossing(last, p, p.y < top ? top : bottom);
		if (!in && n) {
			figure_line(frame->figure, out, n, ink);
			n = 0;
		}
		last = p;
	}
	figure_line(frame->figure, out, n, ink);
	free(out);
}

void
plot_title_left(const struct plot_frame *frame, double gutter,
	const char *text)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT,
		.anchor = 0.5, .upright = true };

	figure_text(frame->figure, (struct point){ frame->box.x - gutter
		+ PLOT_TYPE, frame->box.y + frame->box.height / 2 }, type,
		text);
}

void
plot_key(struct figure *figure, double *x, double y, struct ink ink,
	const char *text)
{
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT };
	double mid = y - 0.35 * PLOT_TYPE;

	figure_segment(figure, (struct point){ *x, mid },
		(struct point){ *x + 16, mid }, ink);
	figure_text(figure, (struct point){ *x + 19, y }, type, text);
	*x += 19 + 1.06 * figure_width(type, text) + 12;
}
