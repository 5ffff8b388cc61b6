/*
 * Between the files of the plan: a walk over a window of one layer
 * (plan_walk.c), how coarse its rounds are (plan_stride.c), and which walk is
 * next (plan.c).
 */
#ifndef CORE_PLAN_WALK_H
#define CORE_PLAN_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/plan.h"

/* Seconds of work a job is cut to, so that results come in steadily and a
 * move of the cursor is answered soon; more where forming T comes first. */
static const double plan_job_seconds = 0.05;
enum { JOB_TO_SETUP = 3 };

/* Of the atlas's budget, what work for things on the screen may fill with
 * them, and work for others with all. The rest is for the cursor. */
static const double plan_full_share = 0.9;

/* Seconds given to the other layers for each given to what is off the screen
 * of the layer looked at. */
static const double plan_others_share = 1.0 / 3;

/* Cells looked through before plan_next gives the thread back. */
enum { PLAN_LOOK_MOST = 100000 };

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

struct window plan_whole(const struct layer *layer);

/* The k-th of begin..end-1 outwards from centre. */
size_t plan_outwards(size_t k, size_t centre, size_t begin, size_t end);

/* Seconds of an exact method for a position by itself, and of what a job
 * begins with, however few its positions. */
double plan_cost_alone(const struct layer *layer, size_t position);
double plan_cost_setup(const struct layer *layer);

/* Of the first round over a window, and of the one after this. */
size_t plan_first_stride(const struct layer *layer, struct window window);
size_t plan_next_stride(const struct course *course);

/* Appends what is missing of begin .. end - 1 to the item; returns the seconds
 * that adds. */
double course_append(struct course *course, struct plan_item *item,
	size_t begin, size_t end);

/* Has another layer anything left? */
bool plan_others_wanted(const struct plan *plan);

/* Goes on until there is an item, the walk is done, or as many cells are
 * looked through as are left. */
bool course_go_on(struct course *course, struct plan_item *out, size_t *left);

#endif
