/*
 * Which cells to compute next: the cursor's, then what is visible, coarse to
 * fine and outwards from the cursor, cells whose count is certain last; then
 * the rest of the layer, with a share for the other layers, then these. A
 * plan is walks that remember where they stand; it computes nothing and keeps
 * no cells.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/session.h"

struct atlas;

/* Also the priority of jobs, lowest first. */
enum plan_phase {
	PLAN_CURSOR, PLAN_VISIBLE, PLAN_CERTAIN, PLAN_LAYER, PLAN_OTHERS,
};

/* Cells of one channel; positions is malloc'd, ascending. */
struct plan_item {
	struct layer *layer;
	size_t channel;
	size_t *positions;
	size_t count;
	enum plan_phase phase;
	bool run;               /* neighbours, which may share work */
	double seconds;         /* expected, what comes first apart */
};

/* Over a window of one layer: rounds of strides, in a round channels, in a
 * channel positions, both outwards. */
struct walk {
	size_t stride;          /* a power of 2; 0: not begun */
	size_t channel_rank, position_rank;
	bool done;
};

struct plan {
	struct layer **layers;          /* all, borrowed */
	size_t layer_count;
	struct session_focus focus;
	bool cursor;                    /* its cell was not asked for yet */
	enum plan_phase phase;          /* of the layer looked at */
	enum plan_phase closed;         /* it and later ones: no room; 0: none */
	struct walk walk;               /* in that phase */
	bool beside_cursor;             /* as cursor, */
	struct walk beside;             /* and walk, of the layer beside it */
	double seen_here, seen_beside;  /* seconds, to what is visible */
	struct walk *others;            /* of all layers, whole */
	double *given;                  /* seconds, to each; for fairness */
	double given_here, given_others;
};

void plan_init(struct plan *plan, struct layer **layers, size_t layer_count);
void plan_free(struct plan *plan);

/* What is computed, in flight or certain already need not be planned. */
struct plan_known {
	struct atlas *atlas;
	/* Anything of the channel? Then a bit is set for each of its positions
	 * that is; at_once: not behind others of its job. */
	bool (*any_in_flight)(void *payload, const struct layer *layer,
		size_t channel);
	void (*mark_in_flight)(void *payload, const struct layer *layer,
		size_t channel, bool at_once, uint64_t *bits);
	/* Is the count at the focus's tolerance, though not computed? */
	bool (*certain)(void *payload, const struct layer *layer,
		size_t channel, size_t position);
	void *payload;
};

/* Turns to a focus. With the same window as before, what has been walked
 * through stays so. */
void plan_look(struct plan *plan, const struct session_focus *focus);

/* What that phase gave found no room: with this window there is no more of it
 * and of later phases, only of the cursor. */
void plan_close(struct plan *plan, enum plan_phase phase);

/* Cells that were planned will not come: walks of that layer start afresh. */
void plan_again(struct plan *plan, const struct layer *layer);

enum plan_answer { PLAN_ITEM, PLAN_NOTHING, PLAN_LATER };

/* PLAN_LATER: much was looked through and nothing found yet; ask again. */
enum plan_answer plan_next(struct plan *plan, struct plan_known known,
	struct plan_item *out);

/* Do the two look at the same cells? */
bool plan_same_window(const struct session_focus *a,
	const struct session_focus *b);

/* So many neighbours, from a multiple of it on, are best asked together. */
size_t plan_grain(const struct layer *layer);

/* Seconds that the coarse row of a channel costs beyond what its cells would
 * in their runs. */
double plan_coarse_cost(const struct layer *layer);

/* Of the time that the cells left of the layer looked at would take, the part
 * until there is no room for more, with what others have of it. */
double plan_reach(const struct plan *plan, const struct atlas *atlas,
	size_t left);

#endif
