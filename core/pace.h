/*
 * How long the rest of a layer will take: what hankel_expect says of it, times
 * how fast each stage of the work has lately been here. A channel is expected
 * to go on as it began, with the sliding method or without, and one nothing is
 * known of as the others do. One thread.
 */
#ifndef CORE_PACE_H
#define CORE_PACE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/meter.h"
#include "core/spectrum.h"

struct atlas;
struct layer;

/* CPU seconds of one worker, and those expected of the same work. */
struct pace_work {
	double spent[METER_STAGES], expected[METER_STAGES];
};

struct pace_channel {
	size_t known;
	double cheap;                   /* part that the sliding method serves */
	double left[METER_STAGES];      /* expected seconds */
};

struct pace {
	struct pace_work behind;        /* fading */
	const struct layer *layer;
	int choice;                     /* enum method_choice */
	struct pace_channel *channels;
	size_t done;            /* cells: known, or of channels that failed */
	/* Of channels something is known of, all together. */
	double left[METER_STAGES], cheap;
	size_t begun;
	/* What a whole channel is expected to take by the exact method, and
	 * its coarse row beyond that. */
	double whole[METER_STAGES], coarse;
	/* Seconds that went by while there was work, CPU seconds that workers
	 * had of them, and cells that came: fading. */
	double passed, worked, cells;
	/* While a channel is counted. */
	struct pace_work counted;
	double served, all;
};

/* So many workers there will be, until it is known better. */
void pace_init(struct pace *pace, size_t workers, int choice);

void pace_free(struct pace *pace);

/* Turns to a layer; what was learned stays, with less weight than what is to
 * come. */
void pace_layer(struct pace *pace, const struct layer *layer,
	const struct atlas *atlas);

/* The atlas knows more, or less, of a channel of the layer. */
void pace_refresh(struct pace *pace, const struct atlas *atlas,
	size_t channel);

/* A job of any layer is over. */
void pace_learn(struct pace *pace, const struct meter *meter);

/* While there was work so many seconds went by, of which workers had so many
 * on a CPU, and found so many cells. */
void pace_pass(struct pace *pace, double passed, double worked, size_t cells);

/* Adds what is behind of a job. */
void pace_add(struct pace_work *work, const struct meter *meter);

/* CPU seconds left of the layer, by the model alone and as learned; < 0: not
 * known yet. running: what is behind of jobs that have not come back, all of
 * them and those of the layer. */
double pace_expected(const struct pace *pace, const struct pace_work *here);
double pace_work_left(const struct pace *pace, const struct pace_work *running,
	const struct pace_work *here);

/* Seconds of the clock for such a CPU second; cells a second. */
double pace_slowness(const struct pace *pace);
double pace_rate(const struct pace *pace);

#endif
