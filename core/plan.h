/*
 * Which cells to compute next: the cursor's, then what is visible, coarse to
 * fine and outwards from the cursor, then the rest of the layer, then the
 * other layers. A plan is a walk that remembers where it stands; it computes
 * nothing and keeps no cells.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/session.h"

struct atlas;

enum plan_phase {
	PLAN_CURSOR, PLAN_VISIBLE, PLAN_LAYER, PLAN_OTHERS, PLAN_DONE,
};

/* Cells of one channel; positions is malloc'd, ascending. */
struct plan_item {
	struct layer *layer;
	size_t channel;
	size_t *positions;
	size_t count;
};

struct plan {
	struct layer **layers;          /* all, borrowed */
	size_t layer_count;
	struct session_focus focus;
	enum plan_phase phase;
	size_t stride;                  /* positions this coarse, a power of 2 */
	size_t layer_rank, channel_rank, position;
};

/* What is computed or in flight already need not be planned. */
struct plan_known {
	struct atlas *atlas;
	bool (*in_flight)(void *payload, const struct layer *layer,
		size_t channel, size_t position);
	void *payload;
};

/* Turns the walk to a focus. With the same window as before, what has been
 * walked through stays so. */
void plan_look(struct plan *plan, const struct session_focus *focus);

enum plan_answer { PLAN_ITEM, PLAN_NOTHING, PLAN_LATER };

/* PLAN_LATER: much was looked through and nothing found yet; ask again. */
enum plan_answer plan_next(struct plan *plan, struct plan_known known,
	struct plan_item *out);

#endif
