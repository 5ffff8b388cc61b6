#include "ui/pan.h"

#include "core/util.h"

bool
pan_is_part(const struct bins *bins, struct pan_axis axis)
{
	return bins->count < axis.total;
}

void
pan_window(struct window *window, const struct bins *bins,
	struct pan_axis axis, size_t cursor, int pixel)
{
	size_t before;

	if (!bins->pixels || !pan_is_part(bins, axis))
		return;
	if (pixel < 0)
		pixel = 0;
	if (pixel >= bins->pixels)
		pixel = bins->pixels - 1;
	before = bins_begin(bins, pixel) - bins->begin;
	window->begin = size_min(cursor - size_min(before, cursor
		- axis.first), axis.first + axis.total - bins->count);
}

size_t
pan_to(struct window *window, const struct bins *bins, struct pan_axis axis,
	size_t cursor, double at)
{
	double begin = at * (double)axis.total - (double)bins->count / 2;
	size_t most = axis.total - bins->count;

	window->begin = axis.first + (begin > 0
		? size_min((size_t)begin, most) : 0);
	return window->begin + (cursor - bins->begin);
}
