/*
 * Keeps a few jobs more than workers in flight, made from the plan as others
 * finish, so that a change of focus takes effect at once.
 */
#include "core/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/atlas.h"
#include "core/cache.h"
#include "core/cache_job.h"
#include "core/hankel.h"
#include "core/linalg.h"
#include "core/operator.h"
#include "core/packed.h"
#include "core/plan.h"
#include "core/pool.h"
#include "core/util.h"

static const size_t atlas_most = (size_t)256 << 20;
static const size_t members_most = (size_t)4 << 30;

struct cell_job {
	struct job job;
	struct plan_item item;
	struct cache *cache;            /* to look in first, or NULL */
	struct packed *recalled;        /* what was there: whatever it had */
	int choice;                     /* enum method_choice */
	double estimate;                /* seconds, by hankel_cost */
	struct packed *found;
	enum status status;
	char *error;
	double seconds;
	double worked;                  /* of them, by this thread */
	struct cell_job *next_in_flight;
};

struct session {
	struct dump_list dumps;
	struct layer **layers;
	size_t layer_count;
	struct atlas *atlas;
	struct cache *cache;            /* or NULL */
	size_t computed, recalled;      /* cells */
	size_t writes;                  /* in flight */
	struct pool *pool;
	size_t threads;
	int choice;                     /* enum method_choice */
	struct plan plan;
	bool plan_pending;              /* the plan had more to look through */
	struct cell_job *in_flight;
	size_t in_flight_count;
	double rate;                    /* cells a second of one worker, fading */
	double slowness;                /* seconds over estimate, fading */
};

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* min(RAM / 4, most) */
static size_t
memory_default(size_t most)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	if (pages <= 0 || size <= 0)
		return most;
	return size_min((size_t)pages / 4 * (size_t)size, most);
}

static size_t
threads_default(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 0 ? (size_t)cores : 1;
}

static void
list_layers(struct session *session)
{
	for (size_t d = 0; d < session->dumps.count; d++) {
		struct dump *dump = session->dumps.dumps[d];

		session->layers = xreallocarray(session->layers,
			session->layer_count + dump->layer_count,
			sizeof(struct layer *));
		for (size_t k = 0; k < dump->layer_count; k++)
			session->layers[session->layer_count++]
				= &dump->layers[k];
	}
	session->plan.layers = session->layers;
	session->plan.layer_count = session->layer_count;
}

static enum status
open_paths(struct session *session, char *const *paths, size_t path_count,
	size_t memory)
{
	struct dump_list *all = &session->dumps;

	for (size_t k = 0; k < path_count; k++) {
		struct dump_list some = { NULL, 0 };
		enum status status = dump_open(&some, paths[k], memory);

		if (status != STATUS_OK)
			return status;
		all->dumps = xreallocarray(all->dumps, all->count + some.count,
			sizeof(struct dump *));
		memcpy(all->dumps + all->count, some.dumps,
			some.count * sizeof(struct dump *));
		all->count += some.count;
		free(some.dumps);
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
	session->threads = options.threads ? options.threads
		: threads_default();
	session->choice = options.choice;
	session->slowness = 1;
	session->atlas = atlas_new(memory ? memory
		: memory_default(atlas_most));
	if (options.cache && options.cache_size)
		session->cache = cache_open(options.cache,
			options.cache_size, options.choice);
	status = open_paths(session, paths, path_count, memory ? memory
		: memory_default(members_most));
	if (status != STATUS_OK)
		goto out;
	list_layers(session);
	session->pool = pool_new(session->threads);
	if (!session->pool) {
		status = status_set(STATUS_IO, "no worker thread could start");
		goto out;
	}
	*out = session;
	return STATUS_OK;
out:
	session_close(session);
	return status;
}

static void
cell_job_free(struct job *job)
{
	struct cell_job *cells = (struct cell_job *)job;

	packed_unref(cells->found);
	packed_unref(cells->recalled);
	free(cells->item.positions);
	free(cells->error);
	free(cells);
}

static void
job_free(struct job *job)
{
	if (cache_job_is(job))
		cache_job_free(job);
	else
		cell_job_free(job);
}

void
session_close(struct session *session)
{
	if (!session)
		return;
	pool_free(session->pool, job_free);
	atlas_free(session->atlas);
	cache_close(session->cache);
	free(session->layers);
	dump_list_close(&session->dumps);
	free(session);
}

size_t
session_dump_count(const struct session *session)
{
	return session->dumps.count;
}

struct dump *
session_dump(const struct session *session, size_t index)
{
	return session->dumps.dumps[index];
}

/* One channel's operator and its spectra. */
static enum status
compute(struct packed **out, const struct plan_item *item,
	struct workspace *work, const struct cell_job *cells)
{
	struct operator *op = NULL;
	struct spectra *spectra = NULL;
	enum status status = operator_open(&op, item->layer, item->channel);

	if (status == STATUS_OK)
		status = hankel_spectra(&spectra, work,
			&(struct hankel_request){
				.op = op,
				.positions = item->positions,
				.count = item->count,
				.cancel = &cells->job.cancel,
				.choice = cells->choice,
			});
	if (status == STATUS_OK)
		status = packed_of(out, spectra);
	spectra_unref(spectra);
	operator_close(op);
	return status;
}

/* What of the item is not recalled; its positions are for free(). */
static struct plan_item
still_wanted(const struct plan_item *item, const struct packed *recalled)
{
	struct plan_item left = *item;

	left.positions = xcalloc(item->count, sizeof *left.positions);
	left.count = 0;
	for (size_t k = 0; k < item->count; k++) {
		size_t p = item->positions[k];
		size_t at = recalled ? packed_find(recalled, p) : 0;

		if (!recalled || at == recalled->count
		    || recalled->places[at].position != p)
			left.positions[left.count++] = p;
	}
	return left;
}

/* On a worker: what is on disk, the rest computed, and the sentence if that
 * fails. */
static void
cell_job_run(struct job *job, struct workspace *work)
{
	struct cell_job *cells = (struct cell_job *)job;
	struct plan_item left;
	double start, at_work;

	if (cells->cache)
		cache_read(&cells->recalled, cells->cache, cells->item.layer,
			cells->item.channel);
	left = still_wanted(&cells->item, cells->recalled);
	start = seconds_of(CLOCK_MONOTONIC);
	at_work = seconds_of(CLOCK_THREAD_CPUTIME_ID);
	cells->status = STATUS_OK;
	if (left.count)
		cells->status = compute(&cells->found, &left, work, cells);
	if (cells->status != STATUS_OK)
		cells->error = xstrdup(status_text());
	if (cells->status == STATUS_MEMORY)
		workspace_shed(work);
	cells->seconds = seconds_of(CLOCK_MONOTONIC) - start;
	cells->worked = seconds_of(CLOCK_THREAD_CPUTIME_ID) - at_work;
	free(left.positions);
}

static bool
job_holds(const struct cell_job *cells, size_t position)
{
	size_t low = 0, high = cells->item.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cells->item.positions[middle] < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low < cells->item.count && cells->item.positions[low] == position;
}

static bool
is_in_flight(void *payload, const struct layer *layer, size_t channel,
	size_t position)
{
	const struct session *session = payload;

	for (const struct cell_job *cells = session->in_flight; cells;
		cells = cells->next_in_flight)
		if (cells->item.layer == layer
			&& cells->item.channel == channel
			&& !atomic_load(&cells->job.cancel)
			&& job_holds(cells, position))
			return true;
	return false;
}

static void
submit(struct session *session, struct plan_item item)
{
	struct cell_job *cells = xcalloc(1, sizeof *cells);

	cells->job.run = cell_job_run;
	cells->job.priority = (double)session->plan.phase;
	cells->item = item;
	if (!atlas_known(session->atlas, item.layer, item.channel))
		cells->cache = session->cache;
	cells->choice = session->choice;
	cells->estimate = hankel_cost(item.layer, item.positions, item.count);
	cells->status = STATUS_CANCELLED;
	cells->next_in_flight = session->in_flight;
	session->in_flight = cells;
	session->in_flight_count++;
	pool_submit(session->pool, &cells->job);
}

/* Keeps every worker busy and one job a worker waiting. */
static void
refill(struct session *session)
{
	struct plan_known known = { session->atlas, is_in_flight, session };
	enum plan_answer answer = PLAN_ITEM;
	struct plan_item item;

	while (session->in_flight_count < 2 * session->threads
		&& answer == PLAN_ITEM) {
		answer = plan_next(&session->plan, known, &item);
		if (answer == PLAN_ITEM)
			submit(session, item);
	}
	session->plan_pending = answer != PLAN_NOTHING;
}

void
session_look(struct session *session, const struct session_focus *focus)
{
	const struct session_focus *last = &session->plan.focus;

	if (!memcmp(last, focus, sizeof *focus))
		return;
	if (last->layer != focus->layer)
		for (struct cell_job *cells = session->in_flight; cells;
			cells = cells->next_in_flight)
			if (cells->item.layer != focus->layer)
				pool_cancel(session->pool, &cells->job);
	plan_look(&session->plan, focus);
	for (size_t c = focus->channel_begin; c < focus->channel_end; c++)
		atlas_touch(session->atlas, focus->layer, c);
	refill(session);
}

static void
take_off(struct session *session, const struct cell_job *cells)
{
	struct cell_job **at = &session->in_flight;

	while (*at != cells)
		at = &(*at)->next_in_flight;
	*at = cells->next_in_flight;
	session->in_flight_count--;
}

static void
learn_speed(struct session *session, const struct cell_job *cells)
{
	double rate = (double)cells->item.count / (cells->seconds + 1e-9);
	double slowness = cells->seconds / cells->estimate;

	session->rate = session->rate > 0
		? 0.9 * session->rate + 0.1 * rate : rate;
	session->slowness = 0.9 * session->slowness + 0.1 * slowness;
}

static void
save(struct session *session, const struct plan_item *item, double seconds)
{
	struct job *job = session->cache ? cache_job_new(session->cache,
		session->atlas, item->layer, item->channel, seconds) : NULL;

	if (!job)
		return;
	job->priority = PLAN_LAYER;
	session->writes++;
	pool_submit(session->pool, job);
}

/* Takes over the block; returns how many cells of it were not known. */
static size_t
put(struct session *session, const struct plan_item *item,
	struct packed **block)
{
	size_t before = atlas_known(session->atlas, item->layer, item->channel);
	size_t after;

	if (!*block)
		return 0;
	atlas_put(session->atlas, item->layer, item->channel, *block);
	*block = NULL;
	after = atlas_known(session->atlas, item->layer, item->channel);
	return after > before ? after - before : 0;
}

static void
take_in(struct session *session, struct cell_job *cells)
{
	const struct plan_item *item = &cells->item;
	size_t new;

	session->recalled += put(session, item, &cells->recalled);
	if (cells->found) {
		if (cells->found->count == item->count)
			learn_speed(session, cells);
		new = put(session, item, &cells->found);
		session->computed += new;
		if (new)
			save(session, item, cells->worked);
	}
	if (cells->status != STATUS_OK && cells->status != STATUS_CANCELLED)
		atlas_fail(session->atlas, item->layer, item->channel,
			cells->error);
}

bool
session_collect(struct session *session)
{
	bool news = false;

	for (struct job *job = pool_collect(session->pool), *next; job;
		job = next) {
		next = job->next;
		if (cache_job_is(job)) {
			session->writes--;
		} else {
			take_off(session, (struct cell_job *)job);
			take_in(session, (struct cell_job *)job);
			news = true;
		}
		job_free(job);
	}
	refill(session);
	return news;
}

bool
session_spectrum(struct spectrum *out, const struct session *session,
	const struct layer *layer, size_t channel, size_t position)
{
	return atlas_get(out, session->atlas, layer, channel, position);
}

void
session_each(const struct session *session, const struct layer *layer,
	size_t channel, size_t begin, size_t end, struct hankel_sink sink)
{
	atlas_each(session->atlas, layer, channel, begin, end, sink);
}

bool
session_count(uint32_t *out, const struct session *session,
	const struct layer *layer, size_t channel, size_t begin, size_t end,
	struct tolerance tol)
{
	return atlas_count(out, session->atlas, layer, channel, begin, end,
		tol);
}

const char *
session_failure(const struct session *session, const struct layer *layer,
	size_t channel)
{
	return atlas_failure(session->atlas, layer, channel);
}

int
session_fd(const struct session *session)
{
	return pool_fd(session->pool);
}

size_t
session_known(const struct session *session, const struct layer *layer,
	size_t channel)
{
	return atlas_known(session->atlas, layer, channel);
}

struct session_progress
session_progress(const struct session *session)
{
	const struct layer *layer = session->plan.focus.layer;
	struct session_progress progress = { .eta = -1 };
	double left;

	progress.busy = session->in_flight_count || session->plan_pending
		|| session->writes;
	progress.computed = session->computed;
	progress.recalled = session->recalled;
	if (!layer || !layer->resolved || layer->status != STATUS_OK)
		return progress;
	progress.wanted = layer->channels * (layer->length - 1);
	for (size_t c = 0; c < layer->channels; c++)
		progress.done += session_failure(session, layer, c)
			? layer->length - 1 : session_known(session, layer, c);
	progress.rate = session->rate * (double)session->threads;
	if (progress.rate <= 0)
		return progress;
	left = hankel_cost(layer, NULL, layer->length - 1)
		* (double)layer->channels
		* (double)(progress.wanted - progress.done)
		/ (double)progress.wanted;
	progress.eta = left * session->slowness / (double)session->threads;
	return progress;
}
