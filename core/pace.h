/*
 * How long the rest of a layer will take: what hankel_cost expects of it,
 * times how jobs of that method have lately compared with what was expected
 * of them. One thread.
 */
#ifndef CORE_PACE_H
#define CORE_PACE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/spectrum.h"

struct atlas;
struct layer;

/* Sums that fade with the seconds that are added. */
struct pace_sums {
	double spent;           /* seconds of one worker */
	double expected;        /* of the same jobs */
	double cells;
};

struct pace_channel {
	size_t known;
	double left;            /* expected seconds */
};

struct pace {
	/* Jobs of positions far apart, and of runs of neighbours, which may
	 * share work. */
	struct pace_sums sums[METHOD_COUNT][2];
	const struct layer *layer;
	double *seconds;        /* L: expected, of each position in a run */
	double channel_seconds;         /* all of these together */
	double counted;                 /* while a channel's are counted */
	struct pace_channel *channels;
	double left;            /* of all channels */
	size_t done;            /* cells: known, or of channels that failed */
	/* Seconds that went by while there was work, and those workers spent
	 * on it: how many of them really work at a time. */
	double passed, worked;
};

/* So many workers there will be, until it is known better. */
void pace_init(struct pace *pace, size_t workers);

void pace_free(struct pace *pace);

/* Turns to a layer; what was learned of its method stays, with less weight
 * than what is to come. */
void pace_layer(struct pace *pace, const struct layer *layer,
	const struct atlas *atlas);

/* The atlas knows more, or less, of a channel of the layer. */
void pace_refresh(struct pace *pace, const struct atlas *atlas,
	size_t channel);

/* A job took so long. */
struct pace_job {
	const struct layer *layer;
	bool run;               /* of neighbours */
	size_t cells;
	double expected, spent;
};
void pace_learn(struct pace *pace, const struct pace_job *job);

/* While there was work so many seconds went by until jobs came back, which
 * had taken so many. */
void pace_pass(struct pace *pace, double passed, double worked);

/* Of all workers together; < 0: not known yet. */
double pace_left(const struct pace *pace);
double pace_rate(const struct pace *pace);      /* cells a second */

#endif
