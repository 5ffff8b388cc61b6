/*
 * How much of what is left of a layer will be computed. A layer of thousands
 * of channels does not fit into the atlas: work on it ends when that is full
 * (plan.c), and the time left is until then.
 */
#include "core/plan.h"

#include <math.h>

#include "core/atlas.h"
#include "core/dump.h"
#include "core/operator.h"
#include "core/packed.h"
#include "core/plan_walk.h"
#include "core/util.h"

/* Cells on the screen, those of them that are known, and their values. */
struct seen {
	double cells, known, values;
};

static struct seen
count_seen(const struct session_focus *focus, const struct atlas *atlas)
{
	size_t positions = focus->position_end - focus->position_begin;
	struct seen seen = { 0, 0, 0 };

	for (size_t c = focus->channel_begin; c < focus->channel_end; c++) {
		seen.cells += (double)positions;
		seen.known += (double)size_min(positions,
			atlas_known(atlas, focus->layer, c));
		seen.values += (double)atlas_values(atlas, focus->layer, c);
	}
	return seen;
}

/* With as many values as those on the screen have, or the middle may have. */
static double
bytes_a_cell(const struct layer *layer, struct seen seen)
{
	double cells = (double)(layer->length - 1);
	double values = seen.known >= 1 ? seen.values / seen.known
		: (double)layer_ceiling(layer, layer->length / 2);

	return (double)packed_bytes(layer->length - 1,
		(size_t)(cells * values)) / cells;
}

static double
room(const struct atlas *atlas, size_t bytes)
{
	return fmax(0, plan_full_share * (double)atlas_budget(atlas)
		- (double)bytes);
}

double
plan_reach(const struct plan *plan, const struct atlas *atlas, size_t left)
{
	const struct session_focus *focus = &plan->focus;
	struct seen seen = count_seen(focus, atlas);
	double each = bytes_a_cell(focus->layer, seen);
	double others = plan_others_wanted(plan) ? plan_others_share : 0;
	double visible, hidden;

	if (!left)
		return 0;
	visible = plan->phase >= PLAN_LAYER ? 0
		: fmin((double)left, seen.cells - seen.known);
	hidden = (double)left - visible;
	visible = fmin(visible, room(atlas, atlas_seen_bytes(atlas)) / each);
	/* Others need room as they need time. */
	hidden = fmin(hidden, fmax(0, room(atlas, atlas_bytes(atlas)) / each
		- visible) / (1 + others));
	if (plan->closed)
		hidden = 0;
	return (visible + hidden * (1 + others)) / (double)left;
}
