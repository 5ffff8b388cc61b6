/*
 * Pictures of T for the screen (pooled.h), made by the session's workers: the
 * block on the screen, and the row of the cursor where the block is too large
 * to keep its entries. What is no longer looked at is cancelled; the last few
 * finished ones are kept.
 */
#ifndef CORE_POOLED_JOB_H
#define CORE_POOLED_JOB_H

#include <stdbool.h>

#include "core/pool.h"
#include "core/session.h"

struct pictures;
struct session_operators;

struct pictures *pictures_new(void);
void pictures_free(struct pictures *pictures);  /* after pool_free */

/* NULL: nothing of this is looked at. */
void pictures_look(struct pictures *pictures, struct pool *pool,
	struct session_operators *operators, enum session_picture which,
	const struct pooled_request *request);

const struct pooled *pictures_get(const struct pictures *pictures,
	enum session_picture which);

/* Anything in flight? */
bool pictures_busy(const struct pictures *pictures);

/* Takes these jobs out of a list of collected ones, and goes on; what is left
 * of it. *news is set where a picture has grown. */
struct job *pictures_collect(struct pictures *pictures, struct pool *pool,
	struct job *jobs, bool *news);

/* Is it one of these? */
bool pooled_job_is(const struct job *job);
void pooled_job_free(struct job *job);

#endif
