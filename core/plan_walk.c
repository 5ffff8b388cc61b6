/*
 * A walk over a window of one layer: rounds of strides, in a round channels
 * and in a channel positions, both outwards from where the cursor is. What is
 * computed, in flight or certain is passed over.
 */
#include "core/plan_walk.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/atlas.h"
#include "core/dump.h"
#include "core/hankel.h"
#include "core/operator.h"
#include "core/packed.h"
#include "core/util.h"

size_t
plan_outwards(size_t k, size_t centre, size_t begin, size_t end)
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
	walk->stride = last ? 0 : plan_next_stride(course);
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
		< plan_full_share * (double)atlas_budget(course->known.atlas);
}

static void
begin_walk(struct course *course)
{
	struct window window = course->window;
	size_t stride = plan_first_stride(course->layer, window);

	if (hankel_method(course->layer) == METHOD_STATE
	    && hankel_cost(course->layer, NULL, window.position_end
		- window.position_begin) < plan_job_seconds && fits(course))
		stride = 1;
	course->walk->stride = stride;
}

/* A bit for each position of a channel that is computed or in flight, asked
 * for once for many of them. */
struct channel_known {
	const uint64_t *bits;           /* or NULL: none is */
	uint64_t *own;                  /* the same where free() has to be */
};

static struct channel_known
channel_known_new(const struct course *course, size_t channel)
{
	struct plan_known known = course->known;
	const uint64_t *held = atlas_held(known.atlas, course->layer, channel);
	size_t words = (course->layer->length + 63) / 64;
	uint64_t *bits;

	if (!known.any_in_flight(known.payload, course->layer, channel))
		return (struct channel_known){ held, NULL };
	bits = xcalloc(words, sizeof *bits);
	if (held)
		memcpy(bits, held, words * sizeof *bits);
	known.mark_in_flight(known.payload, course->layer, channel,
		course->phase == PLAN_CURSOR, bits);
	return (struct channel_known){ bits, bits };
}

static void
channel_known_free(struct channel_known of)
{
	free(of.own);
}

static bool
is_there(struct channel_known of, size_t position)
{
	return of.bits && (of.bits[position / 64] >> position % 64 & 1);
}

/* Can all of them that are missing wait, their counts being certain? */
static bool
can_wait(const struct course *course, struct channel_known of, size_t channel,
	size_t begin, size_t end)
{
	struct plan_known known = course->known;

	if (course->phase != PLAN_VISIBLE || !course->plan->focus.counts
	    || hankel_method(course->layer) == METHOD_STATE)
		return false;
	for (size_t p = begin; p < end; p++)
		if (!is_there(of, p) && !known.certain(known.payload,
			course->layer, channel, p))
			return false;
	return true;
}

/* What a list of so many has room for: a power of two. */
static size_t
room_for(size_t count)
{
	size_t room = count > 0;

	while (room < count)
		room *= 2;
	return room;
}

static void
reserve(struct plan_item *item, size_t more)
{
	size_t room = room_for(item->count + more);

	if (room > room_for(item->count))
		item->positions = xreallocarray(item->positions, room,
			sizeof *item->positions);
}

/* Positions 64 word .. 64 word + 63, as far as they are in begin .. end - 1
 * and missing. */
static uint64_t
missing_of(struct channel_known of, size_t word, size_t begin, size_t end)
{
	uint64_t bits = of.bits ? ~of.bits[word] : ~(uint64_t)0;

	if (word == begin / 64)
		bits &= ~(uint64_t)0 << begin % 64;
	if (word == end / 64)
		bits &= ((uint64_t)1 << end % 64) - 1;
	return bits;
}

/* Those that are missing of begin .. end - 1, a word at a time: of a million
 * all may be. */
static void
push_missing(struct plan_item *item, struct channel_known of, size_t begin,
	size_t end)
{
	size_t count = 0, first = begin / 64, last = (end - 1) / 64;

	for (size_t word = first; word <= last; word++)
		count += (size_t)__builtin_popcountll(missing_of(of, word,
			begin, end));
	reserve(item, count);
	for (size_t word = first; word <= last; word++) {
		uint64_t bits = missing_of(of, word, begin, end);

		for (; bits; bits &= bits - 1)
			item->positions[item->count++] = 64 * word
				+ (size_t)__builtin_ctzll(bits);
	}
}

static bool
is_ascending(const struct plan_item *item)
{
	for (size_t k = 1; k < item->count; k++)
		if (item->positions[k] < item->positions[k - 1])
			return false;
	return true;
}

static int
compare_sizes(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static double
cost_at(const struct plan_item *item, size_t position)
{
	return item->run ? hankel_cost_at(item->layer, position)
		: plan_cost_alone(item->layer, position);
}

/* As course_append, of a channel of which that is known. */
static double
append(struct course *course, struct channel_known of, struct plan_item *item,
	size_t begin, size_t end)
{
	size_t before = item->count;
	double seconds = 0;

	course->looked += end - begin;
	if (begin >= end || can_wait(course, of, item->channel, begin, end))
		return 0;
	push_missing(item, of, begin, end);
	if (hankel_method(item->layer) == METHOD_STATE)
		return cost_at(item, begin) * (double)(item->count - before);
	for (size_t k = before; k < item->count; k++)
		seconds += cost_at(item, item->positions[k]);
	return seconds;
}

double
course_append(struct course *course, struct plan_item *item, size_t begin,
	size_t end)
{
	struct channel_known of = channel_known_new(course, item->channel);
	double seconds = append(course, of, item, begin, end);

	channel_known_free(of);
	return seconds;
}

/* Where the places of a round begin: multiples of the stride in the window,
 * or runs of neighbours once the stride is no longer, cut to the window. */
struct places {
	size_t *begins;                 /* where runs share work; the last is
					 * where the window ends */
	size_t begin, step, end;        /* else they are like this */
	size_t count, centre;
};

/* Multiples of step. */
static struct places
places_apart(const struct course *course, size_t step)
{
	struct window window = course->window;
	struct places places = { .step = step, .end = window.position_end };

	places.begin = (window.position_begin + step - 1) / step * step;
	if (places.begin >= places.end)
		return places;
	places.count = (places.end - places.begin + step - 1) / step;
	if (course->position > places.begin)
		places.centre = size_min(places.count - 1,
			(course->position - places.begin) / step);
	return places;
}

static struct places
places_new(const struct course *course, bool run)
{
	struct window window = course->window;
	size_t p = window.position_begin;
	struct places places = { .begin = p, .step = window.position_end,
		.end = window.position_end, .count = 1 };

	if (!run)
		return places_apart(course, course->walk->stride);
	if (hankel_method(course->layer) == METHOD_STATE)
		return places;
	if (plan_grain(course->layer) == 1)
		return places_apart(course, 1);
	places.count = 0;
	places.begins = xcalloc(window.position_end - p + 1,
		sizeof *places.begins);
	for (; p < window.position_end; p = hankel_run_end(course->layer, p)) {
		if (p <= course->position)
			places.centre = places.count;
		places.begins[places.count++] = p;
	}
	places.begins[places.count] = window.position_end;
	return places;
}

static size_t
place_begin(const struct places *places, size_t k)
{
	return places->begins ? places->begins[k] : size_min(places->end,
		places->begin + k * places->step);
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
	double most = sweep ? INFINITY : fmax(plan_job_seconds, JOB_TO_SETUP
		* plan_cost_setup(item->layer));
	size_t *rank = &course->walk->position_rank;
	struct channel_known of = channel_known_new(course, item->channel);
	bool end;

	item->run = run;
	while (*rank < places.count && item->seconds < most
		&& (sweep || course->looked < PLAN_LOOK_MOST)) {
		size_t k = plan_outwards((*rank)++, places.centre, 0,
			places.count);
		size_t begin = place_begin(&places, k);

		item->seconds += append(course, of, item, begin, run
			? place_begin(&places, k + 1) : begin + 1);
	}
	if (!is_ascending(item))
		qsort(item->positions, item->count, sizeof *item->positions,
			compare_sizes);
	end = *rank >= places.count;
	free(places.begins);
	channel_known_free(of);
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
	out->channel = plan_outwards(course->walk->channel_rank, course->channel,
		window.channel_begin, window.channel_end);
	if (atlas_known(atlas, layer, out->channel) >= layer->length - 1
		|| atlas_failure(atlas, layer, out->channel)
		|| gather(course, out))
		next_channel(course);
	return out->count > 0;
}

/* Goes on until there is an item, the walk is done, or enough is looked
 * through. */
bool
course_go_on(struct course *course, struct plan_item *out, size_t *left)
{
	bool found = false;

	while (!found && !course->walk->done && course->looked < *left)
		found = visit(course, out);
	*left -= size_min(*left, course->looked);
	return found;
}
