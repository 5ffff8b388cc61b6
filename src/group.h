/*
 * What a row of --per channel, layer or file says of the channels it stands
 * for: each channel's mean over positions, then the plain mean over channels;
 * extremes over cells; totals weighted by width (DESIGN 2).
 */
#ifndef SRC_GROUP_H
#define SRC_GROUP_H

#include <stddef.h>

#include "core/summary.h"

struct channel_cells;

/* One measure: entropy-ESS or a tolerance-ESS. */
struct group_measure {
	struct summary means;   /* of channels */
	double min, max;        /* over cells */
	double total;
};

struct group {
	size_t measure_count;
	struct group_measure *measures;
	size_t channels;
	struct summary tss;     /* means of channels */
	size_t judged;          /* channels with interior positions: */
	size_t saturated, collapsed;
};

void group_init(struct group *group, size_t measure_count);
void group_done(struct group *group);
void group_reset(struct group *group);

/* The value of measure m at a cell: 0 entropy-ESS, then the tolerances. */
double group_value(const struct channel_cells *cells, size_t index, size_t m);

void group_add(struct group *group, const struct channel_cells *cells);

#endif
