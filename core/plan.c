#include "core/plan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/atlas.h"
#include "core/hankel.h"
#include "core/operator.h"
#include "core/packed.h"
#include "core/util.h"

/* Seconds of work a job is cut to, so that results come in steadily and a
 * move of the cursor is answered soon; more where forming T comes first. */
static const double job_seconds = 0.05;
enum { JOB_TO_SETUP = 3 };

/* The first, coarse row of a channel: at most that long, where it can be, but
 * so many positions at least, and no more than twice so many. */
static const double coarse_seconds = 0.3;
enum { COARSE_MIN = 6, COARSE_MAX = 32 };

/* Of the atlas's budget, what work for things on the screen may fill with
 * them, and work for others with all. The rest is for the cursor. */
static const double full_share = 0.9;

/* Seconds given to the other layers for each given to what is off the screen
 * of the layer looked at. */
static const double others_share = 1.0 / 3;

/* Cells looked through before plan_next gives the thread back. */
enum { LOOK_MAX = 100000 };

struct window {
	size_t channel_begin, channel_end, position_begin, position_end;
};

/* One walk with what it needs to go on. */
struct course {
	struct plan *plan;
	struct walk *walk;
	struct layer *layer;
	struct window window;
	size_t channel, position;       /* where it starts from */
	enum plan_phase phase;
	struct plan_known known;
	size_t looked;                  /* cells */
};

size_t
plan_grain(const struct layer *layer)
{
	size_t middle = size_max(layer->length / 2, 1);

	return hankel_run_end(layer, middle) - middle;
}

/* Seconds of an exact method for a position by itself. */
static double
cost_alone(const struct layer *layer, size_t position)
{
	if (hankel_method(layer) == METHOD_BLOCK
	    && hankel_block_holds(layer->length, position))
		return hankel_block_cost(layer->length, position, true);
	return hankel_cost_at(layer, position);
}

/* What a job begins with, however few its positions. */
static double
cost_setup(const struct layer *layer)
{
	return hankel_cost(layer, NULL, 0);
}

void
plan_init(struct plan *plan, struct layer **layers, size_t layer_count)
{
	*plan = (struct plan){ .layers = layers, .layer_count = layer_count };
	plan->others = xcalloc(layer_count, sizeof *plan->others);
	plan->given = xcalloc(layer_count, sizeof *plan->given);
}

void
plan_free(struct plan *plan)
{
	free(plan->others);
	free(plan->given);
}

static struct window
whole(const struct layer *layer)
{
	return (struct window){ 0, layer->channels, 1, layer->length };
}

static struct window
visible(const struct session_focus *focus)
{
	return (struct window){ focus->channel_begin, focus->channel_end,
		focus->position_begin, focus->position_end };
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
first_stride(const struct layer *layer, struct window window)
{
	size_t count = window.position_end - window.position_begin;
	bool sweep = hankel_method(layer) == METHOD_STATE;
	size_t stride = 1;

	while (stride * COARSE_MAX <= count)
		stride *= 2;
	while (!sweep && count / (2 * stride) >= COARSE_MIN
		&& (double)(count / stride) * cost_alone(layer,
			layer->length / 2) > coarse_seconds)
		stride *= 2;
	return stride;
}

double
plan_coarse_cost(const struct layer *layer)
{
	size_t stride = first_stride(layer, whole(layer));
	double seconds = 0;

	if (hankel_method(layer) == METHOD_STATE)
		return hankel_cost(layer, NULL, layer->length - 1)
			< job_seconds ? 0 : hankel_cost(layer, NULL, 0);
	if (plan_grain(layer) == 1 || stride == 1)
		return 0;
	for (size_t p = stride; p < layer->length; p += stride)
		seconds += cost_alone(layer, p) - hankel_cost_at(layer, p);
	return seconds;
}

static bool
usable(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK;
}

static size_t
layer_index(const struct plan *plan, const struct layer *layer)
{
	size_t k = 0;

	while (k < plan->layer_count && plan->layers[k] != layer)
		k++;
	return k;
}

static void
start_phase(struct plan *plan, enum plan_phase phase)
{
	plan->phase = phase;
	plan->walk = (struct walk){ 0 };
}

bool
plan_same_window(const struct session_focus *a, const struct session_focus *b)
{
	return a->layer == b->layer
		&& a->channel_begin == b->channel_begin
		&& a->channel_end == b->channel_end
		&& a->position_begin == b->position_begin
		&& a->position_end == b->position_end;
}

static bool
same_question(const struct session_focus *a, const struct session_focus *b)
{
	return a->counts == b->counts && a->tolerance.kind == b->tolerance.kind
		&& a->tolerance.value == b->tolerance.value;
}

void
plan_look(struct plan *plan, const struct session_focus *focus)
{
	bool same = plan_same_window(&plan->focus, focus);
	bool asked = same_question(&plan->focus, focus);

	plan->focus = *focus;
	plan->cursor = true;
	if (!same) {
		start_phase(plan, PLAN_VISIBLE);
		plan->closed = PLAN_CURSOR;
		plan->given_here = plan->given_others = 0;
	} else if (plan->phase <= PLAN_CERTAIN && !asked) {
		/* Another tolerance leaves other cells open. */
		start_phase(plan, PLAN_VISIBLE);
	} else {
		/* The same round, from the new cursor outwards. */
		plan->walk.channel_rank = plan->walk.position_rank = 0;
	}
}

void
plan_close(struct plan *plan, enum plan_phase phase)
{
	if (!plan->closed || phase < plan->closed)
		plan->closed = phase;
}

void
plan_again(struct plan *plan, const struct layer *layer)
{
	if (layer == plan->focus.layer) {
		plan->cursor = true;
		start_phase(plan, PLAN_VISIBLE);
	} else {
		plan->others[layer_index(plan, layer)] = (struct walk){ 0 };
	}
}

/* The next stride that gives a channel enough to do for forming its T again
 * (another channel may have taken its place in the workspace). */
static size_t
next_stride(const struct course *course)
{
	const struct layer *layer = course->layer;
	size_t old = course->walk->stride, stride = old / 2;
	size_t count = course->window.position_end
		- course->window.position_begin;
	double each = cost_alone(layer, layer->length / 3);

	if (hankel_method(layer) == METHOD_STATE || plan_grain(layer) > 1)
		return 1;
	while (stride > 1 && each * (double)(count / stride
		- count / old) < JOB_TO_SETUP * cost_setup(layer))
		stride /= 2;
	return stride;
}

/* Next stride when a round of channels is over; all that is left, in runs,
 * is the last. Where runs share work there is one coarse round before, and
 * for a recurrence, which sweeps all of L whatever is wanted of it, only
 * where that shows something sooner. */
static void
end_round(struct course *course)
{
	struct walk *walk = course->walk;
	bool last = walk->stride == 1;

	walk->channel_rank = 0;
	walk->done = last;
	walk->stride = last ? 0 : next_stride(course);
}

static void
next_channel(struct course *course)
{
	course->walk->position_rank = 0;
	if (++course->walk->channel_rank >= course->window.channel_end
		- course->window.channel_begin)
		end_round(course);
}

/* All of the window, at so many values a cell as its middle has? If not, few
 * positions of many channels show more. */
static bool
fits(const struct course *course)
{
	const struct layer *layer = course->layer;
	struct window window = course->window;
	size_t cells = window.position_end - window.position_begin;
	size_t bytes = packed_bytes(cells,
		cells * layer_ceiling(layer, layer->length / 2));

	return course->phase >= PLAN_LAYER || (double)bytes
		* (double)(window.channel_end - window.channel_begin)
		< full_share * (double)atlas_budget(course->known.atlas);
}

static void
begin_walk(struct course *course)
{
	struct window window = course->window;
	size_t stride = first_stride(course->layer, window);

	if (hankel_method(course->layer) == METHOD_STATE
	    && hankel_cost(course->layer, NULL, window.position_end
		- window.position_begin) < job_seconds && fits(course))
		stride = 1;
	course->walk->stride = stride;
}

static bool
is_missing(const struct course *course, size_t channel, size_t position)
{
	struct plan_known known = course->known;

	return !atlas_holds(known.atlas, course->layer, channel, position)
		&& !known.in_flight(known.payload, course->layer, channel,
			position, course->phase == PLAN_CURSOR);
}

/* Can all of them that are missing wait, their counts being certain? */
static bool
can_wait(const struct course *course, size_t channel, size_t begin,
	size_t end)
{
	struct plan_known known = course->known;

	if (course->phase != PLAN_VISIBLE || !course->plan->focus.counts
	    || hankel_method(course->layer) == METHOD_STATE)
		return false;
	for (size_t p = begin; p < end; p++)
		if (!atlas_holds(known.atlas, course->layer, channel, p)
			&& !known.certain(known.payload, course->layer,
				channel, p))
			return false;
	return true;
}

static void
push(struct plan_item *item, size_t position)
{
	/* Room grows by doubling: full at powers of two. */
	if (!(item->count & (item->count - 1)))
		item->positions = xreallocarray(item->positions,
			item->count ? 2 * item->count : 1,
			sizeof *item->positions);
	item->positions[item->count++] = position;
}

static int
compare_sizes(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Appends what is missing of begin .. end - 1; returns the seconds that
 * adds. */
static double
append(struct course *course, struct plan_item *item, size_t begin,
	size_t end)
{
	double seconds = 0;

	course->looked += end - begin;
	if (can_wait(course, item->channel, begin, end))
		return 0;
	for (size_t p = begin; p < end; p++) {
		if (!is_missing(course, item->channel, p))
			continue;
		push(item, p);
		seconds += item->run ? hankel_cost_at(item->layer, p)
			: cost_alone(item->layer, p);
	}
	return seconds;
}

/* Where the places of a round begin: multiples of the stride in the window,
 * or runs of neighbours once the stride is no longer, cut to the window. The
 * last of them is where the window ends. */
struct places {
	size_t *begins;
	size_t count, centre;
};

static struct places
places_new(const struct course *course, bool run)
{
	struct window window = course->window;
	size_t stride = course->walk->stride, p = window.position_begin, next;
	struct places places = { xcalloc(window.position_end - p + 1,
		sizeof *places.begins), 0, 0 };

	if (!run)
		p = (p + stride - 1) / stride * stride;
	for (; p < window.position_end; p = next) {
		if (p <= course->position)
			places.centre = places.count;
		places.begins[places.count++] = p;
		next = !run ? p + stride : hankel_method(course->layer)
			== METHOD_STATE ? window.position_end
			: hankel_run_end(course->layer, p);
	}
	places.begins[places.count] = window.position_end;
	return places;
}

/* Did the cheap method serve the first that is known of the channel? */
static bool
is_cheap(const struct course *course, const struct plan_item *item)
{
	struct spectrum first;

	return atlas_after(&first, course->known.atlas, item->layer,
		item->channel, 0) && first.method == METHOD_SLIDING;
}

/* Open cells of one channel in this round until they make a job: all there
 * are where one sweep gives them. True when the channel has no more. */
static bool
gather(struct course *course, struct plan_item *item)
{
	bool cheap = is_cheap(course, item);
	bool run = cheap || course->walk->stride == 1;
	bool sweep = cheap || hankel_method(item->layer) == METHOD_STATE;
	struct places places = places_new(course, run);
	double most = sweep ? INFINITY : fmax(job_seconds, JOB_TO_SETUP
		* cost_setup(item->layer));
	size_t *rank = &course->walk->position_rank;
	bool end;

	item->run = run;
	while (*rank < places.count && item->seconds < most) {
		size_t k = outwards((*rank)++, places.centre, 0,
			places.count);

		item->seconds += append(course, item,
			places.begins[k], run ? places.begins[k + 1]
			: places.begins[k] + 1);
	}
	if (item->count)
		qsort(item->positions, item->count, sizeof *item->positions,
			compare_sizes);
	end = *rank >= places.count;
	free(places.begins);
	return end;
}

/* One channel of the walk; true when it gave an item. */
static bool
visit(struct course *course, struct plan_item *out)
{
	struct layer *layer = course->layer;
	struct window window = course->window;
	const struct atlas *atlas = course->known.atlas;

	course->looked++;
	if (window.channel_begin >= window.channel_end
	    || window.position_begin >= window.position_end) {
		course->walk->done = true;
		return false;
	}
	if (!course->walk->stride)
		begin_walk(course);
	*out = (struct plan_item){ .layer = layer, .phase = course->phase };
	out->channel = outwards(course->walk->channel_rank, course->channel,
		window.channel_begin, window.channel_end);
	if (atlas_known(atlas, layer, out->channel) >= layer->length - 1
		|| atlas_failure(atlas, layer, out->channel)
		|| gather(course, out))
		next_channel(course);
	return out->count > 0;
}

/* Goes on until there is an item, the walk is done, or enough is looked
 * through. */
static bool
walk_on(struct course *course, struct plan_item *out, size_t *left)
{
	bool found = false;

	while (!found && !course->walk->done && course->looked < *left)
		found = visit(course, out);
	*left -= size_min(*left, course->looked);
	return found;
}

/* Would more work of this phase push out its own? */
static bool
full(const struct plan *plan, const struct atlas *atlas)
{
	size_t bytes = plan->phase >= PLAN_LAYER ? atlas_bytes(atlas)
		: atlas_seen_bytes(atlas);

	return (plan->closed && plan->phase >= plan->closed)
		|| (double)bytes > full_share * (double)atlas_budget(atlas);
}

/* The layer that has been given least and has something left, or NULL. */
static struct layer *
neediest(const struct plan *plan)
{
	size_t centre = layer_index(plan, plan->focus.layer);
	size_t best = plan->layer_count;

	for (size_t k = 0; k < plan->layer_count; k++) {
		size_t at = outwards(k, centre, 0, plan->layer_count);
		const struct layer *layer = plan->layers[at];

		if (layer != plan->focus.layer && usable(layer)
		    && !plan->others[at].done
		    && (best == plan->layer_count
			|| plan->given[at] < plan->given[best]))
			best = at;
	}
	return best < plan->layer_count ? plan->layers[best] : NULL;
}

static bool
next_other(struct plan *plan, struct plan_known known, struct plan_item *out,
	size_t *left)
{
	struct layer *layer;

	while (*left && (layer = neediest(plan))) {
		size_t at = layer_index(plan, layer);
		struct course course = { plan, &plan->others[at], layer,
			whole(layer), 0, layer->length / 2, PLAN_OTHERS, known,
			0 };

		if (!walk_on(&course, out, left))
			continue;
		plan->given[at] += out->seconds;
		plan->given_others += out->seconds;
		return true;
	}
	return false;
}

/* The layer looked at: what is visible, then all of it. */
static bool
next_here(struct plan *plan, struct plan_known known, struct plan_item *out,
	size_t *left)
{
	const struct session_focus *focus = &plan->focus;
	struct course course = { plan, &plan->walk, focus->layer,
		plan->phase == PLAN_LAYER ? whole(focus->layer)
		: visible(focus), focus->channel, focus->position, plan->phase,
		known, 0 };

	if (!walk_on(&course, out, left)) {
		if (plan->walk.done)
			start_phase(plan, plan->phase + 1);
		return false;
	}
	if (plan->phase == PLAN_LAYER)
		plan->given_here += out->seconds;
	return true;
}

static bool
next_cursor(struct plan *plan, struct plan_known known, struct plan_item *out)
{
	const struct session_focus *focus = &plan->focus;
	struct course course = { plan, NULL, focus->layer, { 0 }, 0, 0,
		PLAN_CURSOR, known, 0 };

	plan->cursor = false;
	*out = (struct plan_item){ .layer = focus->layer,
		.channel = focus->channel, .phase = PLAN_CURSOR };
	if (!atlas_failure(known.atlas, focus->layer, focus->channel))
		out->seconds = append(&course, out, focus->position,
			focus->position + 1);
	return out->count > 0;
}

enum plan_answer
plan_next(struct plan *plan, struct plan_known known, struct plan_item *out)
{
	struct layer *layer = plan->focus.layer;
	size_t left = LOOK_MAX;

	if (!layer)
		return PLAN_NOTHING;
	if (!usable(layer))
		plan->phase = PLAN_OTHERS;
	else if (plan->cursor && next_cursor(plan, known, out))
		return PLAN_ITEM;
	while (left) {
		bool shared = plan->phase == PLAN_LAYER && plan->given_others
			< others_share * plan->given_here;

		if (full(plan, known.atlas))
			return PLAN_NOTHING;
		if ((shared || plan->phase == PLAN_OTHERS)
			&& next_other(plan, known, out, &left))
			return PLAN_ITEM;
		if (plan->phase == PLAN_OTHERS)
			return left ? PLAN_NOTHING : PLAN_LATER;
		if (next_here(plan, known, out, &left))
			return PLAN_ITEM;
	}
	return PLAN_LATER;
}
