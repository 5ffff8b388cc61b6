/*
 * What is known of whole layers: averages for the layer list, the mean over
 * channels for the profile, extremes for the colour scale. A pass over a
 * layer's cached spectra may take longer than a frame, so passes go on from
 * frame to frame, the selected layer first; what is shown is always the last
 * finished pass. Averages are those of DESIGN 2 over what is known: positions
 * first, then channels.
 */
#ifndef UI_LAYER_STATS_H
#define UI_LAYER_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/summary.h"

struct layer;
struct layer_stats;
struct model;

struct layer_averages {
	size_t known, wanted;   /* cells; equal: complete */
	size_t failed;          /* channels that cannot be computed */
	double ess;             /* the measure's ESS; NaN: nothing known */
	double share;           /* ESS / TSS (layer_capacity); or NaN */
	size_t saturated, collapsed;    /* channels (summary.h), so far */
	bool stale;             /* of another tolerance or measure than now */
};

struct layer_stats *layer_stats_new(struct layer *layer);
void layer_stats_free(struct layer_stats *stats);

/* Goes on with the passes of the selected layer, then of the places
 * begin .. end - 1 of the list, for at most `cells` cells. True when something is left to do. */
bool layer_stats_work(struct model *model, size_t begin, size_t end,
	size_t cells);

/* The same with a layer that need not be of the model's dump: *stats is made if
 * it is NULL. Returns the cells spent; less than `cells` once it is done. */
size_t layer_stats_advance(struct layer_stats **stats, struct layer *layer,
	const struct model *model, size_t cells);

/* Likewise for so many seconds of this thread's CPU, as far as the turn has
 * them (spell.h). */
bool layer_stats_go_on(struct model *model, size_t begin, size_t end,
	double seconds);

/* Goes on with the selected layer's until it is done, within a frame's time:
 * where an action needs its numbers at the tolerance of now. */
void layer_stats_finish(struct model *model);

/* Likewise those of all layers of the list, as far as the time goes. */
void layer_stats_finish_list(struct model *model);

/* One channel in the last finished pass. */
struct layer_channel {
	double mean;            /* of the measure, over positions; or NaN */
	bool saturated, collapsed;
	bool complete;          /* all of its positions are computed */
	struct verdict verdict;
};
struct layer_channel layer_stats_channel(const struct layer_stats *stats,
	size_t channel);

/* Of the last finished pass; false before the first. */
bool layer_stats_get(struct layer_averages *out,
	const struct layer_stats *stats, const struct model *model);

/* Mean over channels of the measure, over positions begin .. end - 1; NaN
 * where nothing is known. */
double layer_stats_mean(const struct layer_stats *stats, size_t begin,
	size_t end);

/* Adds all channels' cells of the measure at such positions; what shares one
 * of 4096 bins comes along. */
void layer_stats_range(struct summary *sum, const struct layer_stats *stats,
	size_t begin, size_t end);

/* Lets the scale of what is seen of the selected layer end at what is seen by
 * now. */
void layer_stats_rescale(struct model *model);

#endif
