/*
 * Which walk is next: the cursor's cell, what is visible, the rest of the
 * layer with a share for the others, then these.
 */
#include "core/plan.h"

#include <stdlib.h>

#include "core/atlas.h"
#include "core/dump.h"
#include "core/plan_walk.h"
#include "core/util.h"

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

/* Of that layer, which may have less than the one the window is of. */
static struct window
visible(const struct session_focus *focus, const struct layer *layer)
{
	return (struct window){ focus->channel_begin,
		size_min(focus->channel_end, layer->channels),
		focus->position_begin,
		size_min(focus->position_end, layer->length) };
}

static bool
usable(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK;
}

static bool
has_beside(const struct session_focus *focus)
{
	return focus->beside && usable(focus->beside)
		&& focus->beside->length >= 2;
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
	plan->beside = (struct walk){ .done = !has_beside(&plan->focus)
		|| phase > PLAN_CERTAIN };
	plan->seen_here = plan->seen_beside = 0;
}

bool
plan_same_window(const struct session_focus *a, const struct session_focus *b)
{
	return a->layer == b->layer && a->beside == b->beside
		&& a->channel_begin == b->channel_begin
		&& a->channel_end == b->channel_end
		&& a->position_begin == b->position_begin
		&& a->position_end == b->position_end;
}

static bool
same_question(const struct session_focus *a, const struct session_focus *b)
{
	return a->counts == b->counts
		&& tolerance_equal(a->tolerance, b->tolerance);
}

void
plan_look(struct plan *plan, const struct session_focus *focus)
{
	bool same = plan_same_window(&plan->focus, focus);
	bool asked = same_question(&plan->focus, focus);

	plan->focus = *focus;
	plan->cursor = true;
	plan->beside_cursor = has_beside(focus);
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
		plan->beside.channel_rank = plan->beside.position_rank = 0;
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
	bool beside = layer == plan->focus.beside;

	if (layer == plan->focus.layer || beside) {
		plan->cursor = true;
		plan->beside_cursor = has_beside(&plan->focus);
		start_phase(plan, PLAN_VISIBLE);
	}
	if (layer != plan->focus.layer)
		plan->others[layer_index(plan, layer)] = (struct walk){ 0 };
}

/* Would more work of this phase push out its own? */
static bool
full(const struct plan *plan, const struct atlas *atlas)
{
	size_t bytes = plan->phase >= PLAN_LAYER ? atlas_bytes(atlas)
		: atlas_seen_bytes(atlas);

	return (plan->closed && plan->phase >= plan->closed)
		|| (double)bytes > plan_full_share * (double)atlas_budget(atlas);
}

/* The layer that has been given least and has something left, or NULL. */
static struct layer *
neediest(const struct plan *plan)
{
	size_t centre = layer_index(plan, plan->focus.layer);
	size_t best = plan->layer_count;

	for (size_t k = 0; k < plan->layer_count; k++) {
		size_t at = plan_outwards(k, centre, 0, plan->layer_count);
		const struct layer *layer = plan->layers[at];

		if (layer != plan->focus.layer && usable(layer)
		    && !plan->others[at].done
		    && (best == plan->layer_count
			|| plan->given[at] < plan->given[best]))
			best = at;
	}
	return best < plan->layer_count ? plan->layers[best] : NULL;
}

bool
plan_others_wanted(const struct plan *plan)
{
	return neediest(plan) != NULL;
}

static bool
next_other(struct plan *plan, struct plan_known known, struct plan_item *out,
	size_t *left)
{
	struct layer *layer;

	while (*left && (layer = neediest(plan))) {
		size_t at = layer_index(plan, layer);
		struct course course = { plan, &plan->others[at], layer,
			plan_whole(layer), 0, layer->length / 2, PLAN_OTHERS, known,
			0 };

		if (!course_go_on(&course, out, left))
			continue;
		plan->given[at] += out->seconds;
		plan->given_others += out->seconds;
		return true;
	}
	return false;
}

/* The layer looked at: what is visible, also of the one beside it, then all of
 * it. */
static bool
next_here(struct plan *plan, struct plan_known known, struct plan_item *out,
	size_t *left)
{
	const struct session_focus *focus = &plan->focus;
	bool beside = !plan->beside.done && (plan->walk.done
		|| plan->seen_beside < plan->seen_here);
	struct layer *layer = beside ? focus->beside : focus->layer;
	struct course course = { plan, beside ? &plan->beside : &plan->walk,
		layer, plan->phase == PLAN_LAYER ? plan_whole(layer)
		: visible(focus, layer), focus->channel, focus->position,
		plan->phase, known, 0 };

	if (!course_go_on(&course, out, left)) {
		if (plan->walk.done && plan->beside.done)
			start_phase(plan, plan->phase + 1);
		return false;
	}
	if (plan->phase == PLAN_LAYER)
		plan->given_here += out->seconds;
	else if (beside)
		plan->seen_beside += out->seconds;
	else
		plan->seen_here += out->seconds;
	return true;
}

static bool
next_cursor(struct plan *plan, struct layer *layer, struct plan_known known,
	struct plan_item *out)
{
	const struct session_focus *focus = &plan->focus;
	struct course course = { plan, NULL, layer, { 0 }, 0, 0, PLAN_CURSOR,
		known, 0 };

	*out = (struct plan_item){ .layer = layer, .channel = focus->channel,
		.phase = PLAN_CURSOR };
	if (focus->channel < layer->channels && focus->position < layer->length
		&& !atlas_failure(known.atlas, layer, focus->channel))
		out->seconds = course_append(&course, out, focus->position,
			focus->position + 1);
	return out->count > 0;
}

/* The cursor's cell, then the same of the layer beside. */
static bool
next_cursors(struct plan *plan, struct plan_known known,
	struct plan_item *out)
{
	bool here = plan->cursor, beside = plan->beside_cursor;

	plan->cursor = false;
	if (here && next_cursor(plan, plan->focus.layer, known, out))
		return true;
	plan->beside_cursor = false;
	return beside && next_cursor(plan, plan->focus.beside, known, out);
}

enum plan_answer
plan_next(struct plan *plan, struct plan_known known, struct plan_item *out)
{
	struct layer *layer = plan->focus.layer;
	size_t left = PLAN_LOOK_MOST;

	if (!layer)
		return PLAN_NOTHING;
	if (!usable(layer))
		plan->phase = PLAN_OTHERS;
	else if (next_cursors(plan, known, out))
		return PLAN_ITEM;
	while (left) {
		bool shared = plan->phase == PLAN_LAYER && plan->given_others
			< plan_others_share * plan->given_here;

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
