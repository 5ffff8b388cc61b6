#include "core/session.h"

#include <stdlib.h>
#include <string.h>

#include "core/atlas.h"
#include "core/cache.h"
#include "core/cache_job.h"
#include "core/certificates.h"
#include "core/linalg.h"
#include "core/machine.h"
#include "core/pool.h"
#include "core/pooled_job.h"
#include "core/session_job.h"
#include "core/session_operators.h"
#include "core/session_parts.h"
#include "core/util.h"

/* Together with what else a large dump takes, well below 512 MB. */
static const size_t atlas_most = (size_t)256 << 20;
static const size_t members_most = (size_t)64 << 20;

/* Norms for certain bounds may take this part of what the atlas may. */
enum { NORMS_PART = 8 };

/* A worker waits no longer for a large member to be inflated, but does what
 * can be done meanwhile and tries again. */
static const double patience = 0.2;

/* A pass that is stopped needs no longer to write what it found. */
static const double keep_seconds = 0.1;

/* Channels whose operator stays open: a screen of attention heads. */
enum { OPERATORS_KEPT = 16 };

/* min(RAM / 4, most) */
static size_t
memory_default(size_t most)
{
	size_t memory = machine_memory();

	return memory ? size_min(memory / 4, most) : most;
}

/* One a core: more would only take turns, each with a workspace of its own. */
static size_t
threads_for(size_t wanted)
{
	size_t cores = machine_cores();

	return wanted ? size_min(wanted, cores) : cores;
}

/* The workers, and unless there is to be one thread alone another, so that
 * the cursor's cell waits for none of them. */
static enum status
start_workers(struct session *session, size_t wanted)
{
	session->threads = threads_for(wanted);
	session->pool = pool_new(session->threads);
	if (!session->pool)
		return status_set(STATUS_IO, "no worker thread could start");
	session->express = wanted != 1 && pool_add_express(session->pool);
	pace_init(&session->pace, session->threads, session->choice);
	return STATUS_OK;
}

static void
list_some(struct session *session, const struct dump_list *dumps)
{
	for (size_t d = 0; d < dumps->count; d++) {
		struct dump *dump = dumps->dumps[d];

		session->layers = xreallocarray(session->layers,
			session->layer_count + dump->layer_count,
			sizeof(struct layer *));
		for (size_t k = 0; k < dump->layer_count; k++)
			session->layers[session->layer_count++]
				= &dump->layers[k];
	}
}

void
session_list_layers(struct session *session)
{
	list_some(session, &session->dumps);
	list_some(session, &session->elements);
	plan_init(&session->plan, session->layers, session->layer_count);
	session->certificates = certificates_new(session->layers,
		session->layer_count, atlas_budget(session->atlas)
		/ NORMS_PART);
}

static enum status
open_paths(struct session *session, char *const *paths, size_t path_count,
	size_t memory, size_t batch)
{
	struct dump_list *all = &session->dumps;

	for (size_t k = 0; k < path_count; k++) {
		struct dump_list some = { 0 };
		enum status status = dump_open(&some, paths[k], memory);

		if (status == STATUS_OK)
			status = dump_list_batch(&some, batch);
		if (status != STATUS_OK) {
			dump_list_close(&some);
			return status;
		}
		all->dumps = xreallocarray(all->dumps, all->count + some.count,
			sizeof(struct dump *));
		memcpy(all->dumps + all->count, some.dumps,
			some.count * sizeof(struct dump *));
		all->count += some.count;
		free(some.dumps);
		if (!all->skipped)
			all->skipped = some.skipped;
		else
			free(some.skipped);
	}
	return STATUS_OK;
}

enum status
session_open(struct session **out, char *const *paths, size_t path_count,
	struct session_options options)
{
	struct session *session = xcalloc(1, sizeof *session);
	size_t memory = options.memory;
	enum status status;

	linalg_start();
	session->choice = options.choice;
	session->pictures = pictures_new();
	session->atlas = atlas_new(memory ? memory
		: memory_default(atlas_most));
	if (options.cache && options.cache_size)
		session->cache = cache_open(options.cache,
			options.cache_size, options.choice);
	status = open_paths(session, paths, path_count, memory ? memory
		: memory_default(members_most), options.batch);
	if (status != STATUS_OK)
		goto out;
	for (size_t k = 0; k < session->dumps.count; k++)
		dump_keep(session->dumps.dumps[k], session->cache, patience);
	session->operators = session_operators_new(OPERATORS_KEPT);
	session_list_layers(session);
	status = start_workers(session, options.threads);
	if (status != STATUS_OK)
		goto out;
	*out = session;
	return STATUS_OK;
out:
	session_close(session);
	return status;
}

void
session_any_job_free(struct job *job)
{
	if (cache_job_is(job))
		cache_job_free(job);
	else if (pooled_job_is(job))
		pooled_job_free(job);
	else
		session_job_free(job);
}

static void
stop_reading(struct session *session)
{
	for (size_t k = 0; k < session->dumps.count; k++)
		dump_stop(session->dumps.dumps[k]);
}

bool
session_quit(struct session *session, double seconds)
{
	bool stopped;

	stop_reading(session);
	stopped = pool_stop(session->pool, seconds);
	for (size_t k = 0; k < session->dumps.count; k++)
		dump_end(session->dumps.dumps[k], keep_seconds);
	return stopped;
}

void
session_close(struct session *session)
{
	if (!session)
		return;
	stop_reading(session);
	pool_free(session->pool, session_any_job_free);
	plan_free(&session->plan);
	pace_free(&session->pace);
	certificates_free(session->certificates);
	session_operators_free(session->operators);
	pictures_free(session->pictures);
	atlas_free(session->atlas);
	free(session->layers);
	dump_list_close(&session->elements);
	dump_list_close(&session->dumps);
	cache_close(session->cache);
	free(session);
}

int
session_reading(const struct session *session)
{
	double done = 0, total = 0;

	for (size_t k = 0; k < session->dumps.count; k++) {
		uint64_t some, of;

		if (!dump_reading(session->dumps.dumps[k], &some, &of))
			continue;
		done += (double)some;
		total += (double)of;
	}
	return total > 0 ? (int)(100 * done / total) : -1;
}

size_t
session_dump_count(const struct session *session)
{
	return session->dumps.count;
}

const char *
session_skipped(const struct session *session)
{
	return session->dumps.skipped;
}

struct dump *
session_dump(const struct session *session, size_t index)
{
	return session->dumps.dumps[index];
}
