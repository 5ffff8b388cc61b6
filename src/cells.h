/*
 * Cells of one channel, and the jobs that compute them on worker threads. A
 * job is a run of positions of one channel, short enough that one big channel
 * keeps every thread busy and long enough that jobs cost nothing. It keeps what
 * rows need of each spectrum, never the spectra.
 */
#ifndef SRC_CELLS_H
#define SRC_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pool.h"
#include "core/spectrum.h"
#include "src/options.h"
#include "src/target.h"

/* What rows need of one H_i. */
struct reading {
	double sigma_max, sigma_sum, entropy;
	double error, floor, entropy_error;
	enum method method;
};

/* One channel under way. Filled by its jobs, each its own part; read when the
 * last is done. Counted references, main thread only. */
struct channel_cells {
	unsigned references;
	const struct target *target;
	size_t channel;
	const struct tolerance_list *tolerances;
	int choice;                     /* enum method_choice */
	struct operator_share *share;
	struct reading *readings;       /* by index of position */
	size_t *counts;                 /* (position, tolerance) */
	double priority;                /* of its last job so far */
	bool failed;                    /* one of its jobs failed */
};

struct cell_job {
	struct job job;                 /* first: the pool's */
	struct channel_cells *cells;
	struct operator_share *share;   /* NULL once run */
	size_t begin, count;            /* indices of positions; those at */
	const size_t *indices;          /* indices[begin ...], if not NULL */
	int choice;                     /* enum method_choice */
	bool tries;                     /* by a method that may refuse */
	size_t *refused;                /* indices left to exact methods, */
	size_t refused_count;           /* by cell_job_follow: */
	struct cell_job *parent;        /* which this one follows */
	struct cell_job *followers;     /* of this one, by next_follower; */
	struct cell_job *next_follower; /* freed with it */
	size_t pending;                 /* followers not done */
	size_t delay;                   /* jobs that are better run before */
	bool last;                      /* of its channel */
	bool done;
	double cost;                    /* seconds, estimated */
	enum status status;
	char *sentence;                 /* why it failed, or NULL */
	char *doubt;                    /* the operator's, or NULL */
};

/* Seconds that a channel takes beside its spectra: of many short ones it is
 * most of the work. */
extern const double channel_seconds;

/* Room for all positions of the target, with one reference. */
enum status channel_cells_new(struct channel_cells **out,
	const struct target *target, size_t channel,
	const struct options *options);
struct channel_cells *channel_cells_ref(struct channel_cells *cells);
void channel_cells_unref(struct channel_cells *cells);

/* Takes what rows need of the index-th position's spectrum. */
void channel_cells_keep(struct channel_cells *cells, size_t index,
	const struct spectrum *s);

/* The job for the positions from `begin` on; it holds a reference. */
struct cell_job *cell_job_new(struct channel_cells *cells, size_t begin);
void cell_job_free(struct cell_job *job);

/* Jobs for what a job that is done has refused, now its followers, all of
 * them pending. */
void cell_job_follow(struct cell_job *job);

#endif
