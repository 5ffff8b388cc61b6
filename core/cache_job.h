/*
 * A job for the pool: what the atlas holds of a channel goes to disk.
 */
#ifndef CORE_CACHE_JOB_H
#define CORE_CACHE_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pool.h"

struct atlas;
struct cache;
struct layer;

/* After so many more seconds of work in the channel: NULL where that is not
 * worth a file, or not yet. For the thread that owns the atlas; cache and layer
 * are borrowed until the job is freed. */
struct job *cache_job_new(struct cache *cache, struct atlas *atlas,
	const struct layer *layer, size_t channel, double seconds);
void cache_job_free(struct job *job);

/* Is it one of these? */
bool cache_job_is(const struct job *job);

#endif
