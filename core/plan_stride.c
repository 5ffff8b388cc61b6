/*
 * How coarse the rounds of a walk are: few positions of every channel first,
 * then so many more that forming T again for them pays, then all that is left
 * in runs of neighbours that share work.
 */
#include <math.h>

#include "core/dump.h"
#include "core/hankel.h"
#include "core/operator.h"
#include "core/plan_walk.h"
#include "core/util.h"

/* The first, coarse row of a channel: at most that long, where it can be, but
 * so many positions at least, and no more than twice so many. */
static const double coarse_seconds = 0.3;
enum { COARSE_MIN = 6, COARSE_MAX = 32 };

size_t
plan_grain(const struct layer *layer)
{
	size_t middle = size_max(layer->length / 2, 1);

	return hankel_run_end(layer, middle) - middle;
}

double
plan_cost_alone(const struct layer *layer, size_t position)
{
	if (hankel_method(layer) == METHOD_BLOCK
	    && hankel_block_holds(layer->length, position))
		return hankel_block_cost(layer->length, position, true);
	return hankel_cost_at(layer, position);
}

double
plan_cost_setup(const struct layer *layer)
{
	return hankel_cost(layer, NULL, 0);
}

struct window
plan_whole(const struct layer *layer)
{
	return (struct window){ 0, layer->channels, 1, layer->length };
}

size_t
plan_first_stride(const struct layer *layer, struct window window)
{
	size_t count = window.position_end - window.position_begin;
	bool sweep = hankel_method(layer) == METHOD_STATE;
	size_t stride = 1;

	while (stride * COARSE_MAX <= count)
		stride *= 2;
	while (!sweep && count / (2 * stride) >= COARSE_MIN
		&& (double)(count / stride) * plan_cost_alone(layer,
			layer->length / 2) > coarse_seconds)
		stride *= 2;
	return stride;
}

double
plan_coarse_cost(const struct layer *layer)
{
	size_t stride = plan_first_stride(layer, plan_whole(layer));
	double seconds = 0;

	if (hankel_method(layer) == METHOD_STATE)
		return hankel_cost(layer, NULL, layer->length - 1)
			< plan_job_seconds ? 0 : hankel_cost(layer, NULL, 0);
	if (plan_grain(layer) == 1 || stride == 1)
		return 0;
	for (size_t p = stride; p < layer->length; p += stride)
		seconds += plan_cost_alone(layer, p) - hankel_cost_at(layer, p);
	return seconds;
}

/* The next stride that gives a channel enough to do for forming its T again
 * (another channel may have taken its place in the workspace). */
size_t
plan_next_stride(const struct course *course)
{
	const struct layer *layer = course->layer;
	size_t old = course->walk->stride, stride = old / 2;
	size_t count = course->window.position_end
		- course->window.position_begin;
	double each = plan_cost_alone(layer, layer->length / 3);

	if (hankel_method(layer) == METHOD_STATE || plan_grain(layer) > 1)
		return 1;
	while (stride > 1 && each * (double)(count / stride
		- count / old) < JOB_TO_SETUP * plan_cost_setup(layer))
		stride /= 2;
	return stride;
}
