/*
 * What a row says of the channels it stands for. Of --per channel, layer or
 * file: each channel's mean over positions, then the plain mean over channels;
 * extremes over cells; totals weighted by width (DESIGN 2). Of --per position:
 * means and extremes over channels.
 */
#ifndef SRC_GROUP_H
#define SRC_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "core/summary.h"

struct channel_cells;
struct positions;
struct target;

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

/* Over the channels of one layer, at each of its selected positions. */
struct position_sums {
	size_t measure_count;
	struct summary *items;  /* (position, measure); NULL: ended */
};

enum status position_sums_begin(struct position_sums *sums,
	const struct target *target, size_t measure_count);
void position_sums_end(struct position_sums *sums);

void position_sums_add(struct position_sums *sums,
	const struct channel_cells *cells);

/* All measures of the index-th position. */
const struct summary *position_sums_at(const struct position_sums *sums,
	size_t index);

/* Positions that occur in any of several layers. Begins as zeros. */
struct position_set {
	bool *has;
	size_t size;
};

void position_set_add(struct position_set *set,
	const struct positions *positions);
size_t position_set_count(const struct position_set *set);
void position_set_clear(struct position_set *set);

#endif
