/*
 * What is behind of a job, stage by stage: CPU seconds that were spent on it,
 * and what the model of cost (hankel_expect) had expected of the same work.
 * Their ratio is how fast this machine is at that stage. The worker that runs
 * the job writes, any thread reads while it runs.
 */
#ifndef CORE_METER_H
#define CORE_METER_H

#include <stdatomic.h>

/* Each with a pace of its own: BLAS, our own lanes, memory. */
enum meter_stage {
	METER_TRY,              /* an operator looked through: can it slide? */
	METER_LEAF,             /* positions that the sliding method serves */
	METER_CORE,             /* of blocks of neighbours: their core, */
	METER_STEP,             /* and the way from it to each of them */
	METER_DIRECT,           /* one H_i by LAPACK */
	METER_SWEEP,            /* state factors, from position to position */
	METER_PRODUCT,          /* spectra of their products */
	METER_STAGES,
};

struct meter {
	_Atomic double spent[METER_STAGES], expected[METER_STAGES];
	double last;            /* the worker's CPU clock */
};

/* From now on the calling thread works for it. NULL is fine, here and below. */
void meter_start(struct meter *meter);

/* All since the last call was for that, and so much is done. */
void meter_tick(struct meter *meter, enum meter_stage stage, double expected);

/* All since the last call teaches nothing. */
void meter_skip(struct meter *meter);

#endif
