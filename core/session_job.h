/*
 * What a worker does for a session: some cells of one channel. Filled in by
 * the session's thread, run on a worker, read by the session's thread again
 * once collected.
 */
#ifndef CORE_SESSION_JOB_H
#define CORE_SESSION_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/interlacing.h"
#include "core/meter.h"
#include "core/plan.h"
#include "core/pool.h"
#include "core/status.h"

struct cache;
struct operator_share;
struct packed;

struct session_job {
	struct job job;                 /* first: the pool's */
	struct plan_item item;
	double expected;                /* seconds, by hankel_cost */
	int choice;                     /* enum method_choice */
	struct operator_share *share;   /* joined */
	struct cache *cache;            /* to look in first, or NULL */
	bool wants_norms;
	size_t block_most;              /* bytes of each result */
	unsigned long window;           /* the how manieth it was planned in */
	atomic_bool started;
	struct meter meter;             /* what is behind, while it runs */
	/* Results. */
	struct packed *recalled;        /* from disk: whatever it had */
	size_t left;                    /* cells that it had not */
	size_t computed;                /* of these; the first, if cut short */
	struct packed *found;           /* and what there is room for of them */
	struct step_norms *norms;
	enum status status;
	char *error;
	double worked;                  /* CPU seconds */
	uint64_t *marks;                /* of session_job_mark, or NULL */
	struct session_job *next;          /* in flight: the session's */
};

/* Takes over the item's positions, and leaves the share in the end. */
struct session_job *session_job_new(struct plan_item item,
	struct operator_share *share, int choice, bool wants_norms);
void session_job_free(struct job *job);

bool session_job_holds(const struct session_job *cells, size_t position);

/* Any of positions begin .. end - 1? */
bool session_job_touches(const struct session_job *cells, size_t begin,
	size_t end);

/* Sets a bit for each of its positions, 64 a word. */
void session_job_mark(struct session_job *cells, uint64_t *bits);

/* It was cancelled before all of its cells were computed. */
bool session_job_short(const struct session_job *cells);

#endif
