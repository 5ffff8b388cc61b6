/*
 * What an order of channels goes by: the measure, the tolerance and the
 * position of when it was chosen, whatever the screen has moved on to; and
 * this in words, as :sort takes them.
 */
#ifndef UI_CHANNEL_CRITERION_H
#define UI_CHANNEL_CRITERION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/measure.h"
#include "core/status.h"

struct measure_kind;
struct model;

/* Numbers: the largest first, what is not known last. */
enum channel_sort {
	CHANNELS_BY_NUMBER,
	CHANNELS_BY_VALUE,      /* of the measure, at a position */
	CHANNELS_BY_MEAN,       /* of the measure, over positions */
	CHANNELS_BY_LIKENESS,   /* of their rows: see channel_cluster.h */
	CHANNEL_SORTS,
};

extern const char *const channel_sort_names[CHANNEL_SORTS];

struct channel_criterion {
	enum channel_sort sort;
	size_t position;                /* of CHANNELS_BY_VALUE */
	const struct measure_kind *measure;
	struct tolerance tolerance;
};

/* That sort by what the model shows now. */
struct channel_criterion channel_criterion_now(const struct model *model,
	enum channel_sort sort);

/* What does not matter to the sort is not compared. */
bool channel_criterion_equal(const struct channel_criterion *a,
	const struct channel_criterion *b);

/* "value at 118 of tolerance rel 1e-3", for free(); the sort alone where that
 * says as much now. */
char *channel_criterion_text(const struct model *model,
	const struct channel_criterion *by, bool now);

/* Reads what follows the sort, which is now's: at I, of MEASURE, rel X or abs
 * X, each at most once; out is left untouched by what is none of these. */
enum status channel_criterion_read(struct channel_criterion *out,
	const char *text);

#endif
