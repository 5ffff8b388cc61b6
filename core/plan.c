#include "core/plan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/atlas.h"
#include "core/hankel.h"
#include "core/operator.h"
#include "core/util.h"

/* Seconds of work a job is cut to, so that results come in steadily and a
 * move of the cursor is answered soon; more where forming T comes first. */
static const double job_seconds = 0.05;
enum { JOB_TO_SETUP = 3 };

/* Of the atlas's budget, what work for things not on screen may fill. */
static const double idle_share = 0.9;

/* Channels looked through before plan_next gives the thread back. */
enum { LOOK_MAX = 20000 };

struct window {
	size_t channel_begin, channel_end, position_begin, position_end;
};

static struct window
window_of(const struct plan *plan, const struct layer *layer)
{
	const struct session_focus *focus = &plan->focus;

	if (plan->phase == PLAN_CURSOR)
		return (struct window){ focus->channel, focus->channel + 1,
			focus->position, focus->position + 1 };
	if (plan->phase == PLAN_VISIBLE)
		return (struct window){ focus->channel_begin,
			focus->channel_end, focus->position_begin,
			focus->position_end };
	return (struct window){ 0, layer->channels, 1, layer->length };
}

/* The k-th of begin..end-1 outwards from centre. */
static size_t
outwards(size_t k, size_t centre, size_t begin, size_t end)
{
	size_t below, above, both;

	if (centre < begin || centre >= end)
		return begin + k;
	below = centre - begin;
	above = end - 1 - centre;
	both = size_min(below, above);
	if (k <= 2 * both)
		return k % 2 ? centre + (k + 1) / 2 : centre - k / 2;
	return above > below ? centre + (k - both) : centre - (k - both);
}

static size_t
first_stride(struct window window)
{
	size_t stride = 1;

	while (stride * 32 <= window.position_end - window.position_begin)
		stride *= 2;
	return stride;
}

static size_t
layer_index(const struct plan *plan)
{
	size_t k = 0;

	while (k < plan->layer_count && plan->layers[k] != plan->focus.layer)
		k++;
	return k;
}

static struct layer *
current_layer(const struct plan *plan)
{
	if (plan->phase != PLAN_OTHERS)
		return plan->focus.layer;
	return plan->layers[outwards(plan->layer_rank, layer_index(plan), 0,
		plan->layer_count)];
}

static bool
usable(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK;
}

static void
start_phase(struct plan *plan, enum plan_phase phase)
{
	plan->phase = phase;
	plan->layer_rank = plan->channel_rank = plan->position = 0;
	plan->stride = first_stride(window_of(plan, plan->focus.layer));
}

static bool
same_window(const struct session_focus *a, const struct session_focus *b)
{
	return a->layer == b->layer
		&& a->channel_begin == b->channel_begin
		&& a->channel_end == b->channel_end
		&& a->position_begin == b->position_begin
		&& a->position_end == b->position_end;
}

void
plan_look(struct plan *plan, const struct session_focus *focus)
{
	bool same = same_window(&plan->focus, focus);

	plan->focus = *focus;
	if (!same || plan->phase <= PLAN_VISIBLE)
		start_phase(plan, PLAN_CURSOR);
}

/* Next layer, next stride or next phase, when a round of channels is over. */
static void
end_round(struct plan *plan)
{
	plan->channel_rank = 0;
	if (plan->phase == PLAN_OTHERS
		&& ++plan->layer_rank < plan->layer_count)
		return;
	plan->layer_rank = 0;
	plan->stride /= 2;
	if (!plan->stride)
		start_phase(plan, plan->phase + 1);
}

static void
next_channel(struct plan *plan, struct window window)
{
	plan->position = 0;
	if (++plan->channel_rank >= window.channel_end - window.channel_begin)
		end_round(plan);
}

/* Appends the unknown positions of a window at this stride, from *from on,
 * until they make a job; *from becomes where to go on, SIZE_MAX at the end. */
static void
gather(struct plan_item *item, struct window window, size_t stride,
	size_t *from, struct plan_known known)
{
	bool direct = hankel_method(item->layer) == METHOD_DIRECT;
	double seconds = 0, most = fmax(job_seconds,
		JOB_TO_SETUP * hankel_cost(item->layer, NULL, 0));
	size_t p = size_max(*from, window.position_begin);

	if (window.position_end - window.position_begin > 1)
		p = (p + stride - 1) / stride * stride;
	for (p = p ? p : stride; p < window.position_end; p += stride) {
		if (atlas_holds(known.atlas, item->layer, item->channel, p)
			|| known.in_flight(known.payload, item->layer,
				item->channel, p))
			continue;
		item->positions = xreallocarray(item->positions,
			item->count + 1, sizeof *item->positions);
		item->positions[item->count++] = p;
		seconds += direct ? hankel_cost_at(item->layer, p) : 0;
		if (seconds > most) {
			*from = p + stride;
			return;
		}
	}
	*from = SIZE_MAX;
}

/* A recurrence sweeps all of L whatever is wanted of it: once coarsely, where
 * that shows something sooner, and then for all positions. */
static size_t
channel_stride(const struct plan *plan, const struct layer *layer,
	struct window window)
{
	size_t count = window.position_end - window.position_begin;

	if (hankel_method(layer) == METHOD_DIRECT)
		return plan->stride;
	if (plan->stride == first_stride(window)
		&& hankel_cost(layer, NULL, count) >= job_seconds)
		return plan->stride;
	return 1;
}

static bool
full(const struct plan *plan, const struct atlas *atlas)
{
	return plan->phase >= PLAN_LAYER && (double)atlas_bytes(atlas)
		> idle_share * (double)atlas_budget(atlas);
}

/* One channel of the walk; true when it gave an item. */
static bool
visit(struct plan *plan, struct plan_known known, struct plan_item *out)
{
	struct layer *layer = current_layer(plan);
	struct window window = window_of(plan, layer);
	size_t centre = layer == plan->focus.layer ? plan->focus.channel : 0;

	if (!usable(layer) || window.channel_begin >= window.channel_end) {
		end_round(plan);
		return false;
	}
	*out = (struct plan_item){ .layer = layer };
	out->channel = outwards(plan->channel_rank, centre,
		window.channel_begin, window.channel_end);
	if (atlas_known(known.atlas, layer, out->channel) < layer->length - 1
		&& !atlas_failure(known.atlas, layer, out->channel))
		gather(out, window, channel_stride(plan, layer, window),
			&plan->position, known);
	else
		plan->position = SIZE_MAX;
	if (plan->position == SIZE_MAX)
		next_channel(plan, window);
	return out->count > 0;
}

enum plan_answer
plan_next(struct plan *plan, struct plan_known known, struct plan_item *out)
{
	if (!plan->focus.layer)
		return PLAN_NOTHING;
	for (int looked = 0; looked < LOOK_MAX; looked++) {
		if (full(plan, known.atlas))
			plan->phase = PLAN_DONE;
		if (plan->phase == PLAN_DONE)
			return PLAN_NOTHING;
		if (visit(plan, known, out))
			return PLAN_ITEM;
	}
	return PLAN_LATER;
}
