#include "core/cache_job.h"

#include <stdlib.h>

#include "core/atlas.h"
#include "core/cache.h"
#include "core/dump.h"
#include "core/packed.h"
#include "core/util.h"

/* A channel goes to disk when all of it is known, and before that after so
 * many seconds of work. */
static const double partial_seconds = 10;

struct cache_job {
	struct job job;
	struct cache *cache;
	const struct layer *layer;
	size_t channel;
	struct packed *blocks[ATLAS_BLOCKS];
	size_t block_count;
};

static void
run(struct job *job, struct workspace *work)
{
	struct cache_job *write = (struct cache_job *)job;
	struct packed *whole = NULL;

	(void)work;
	if (packed_merge(&whole, write->blocks, write->block_count)
		== STATUS_OK)
		cache_write(write->cache, write->layer, write->channel, whole);
	packed_unref(whole);
}

struct job *
cache_job_new(struct cache *cache, struct atlas *atlas,
	const struct layer *layer, size_t channel, double seconds)
{
	bool whole = atlas_known(atlas, layer, channel) == layer->length - 1;
	struct cache_job *write;

	seconds = atlas_spend(atlas, layer, channel, seconds);
	if (!whole && seconds < partial_seconds)
		return NULL;
	write = xcalloc(1, sizeof *write);
	write->job.run = run;
	write->cache = cache;
	write->layer = layer;
	write->channel = channel;
	write->block_count = atlas_blocks(write->blocks, atlas, layer,
		channel);
	if (!cache_worth(write->blocks, write->block_count, seconds)) {
		cache_job_free(&write->job);
		return NULL;
	}
	atlas_saved(atlas, layer, channel);
	return &write->job;
}

void
cache_job_free(struct job *job)
{
	struct cache_job *write = (struct cache_job *)job;

	for (size_t k = 0; k < write->block_count; k++)
		packed_unref(write->blocks[k]);
	free(write);
}

bool
cache_job_is(const struct job *job)
{
	return job->run == run;
}
