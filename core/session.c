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
#include "core/hankel.h"
#include "core/linalg.h"
#include "core/operator.h"
#include "core/plan.h"
#include "core/pool.h"
#include "core/util.h"

static const size_t atlas_most = (size_t)256 << 20;
static const size_t members_most = (size_t)4 << 30;

struct cell_job {
	struct job job;
	struct plan_item item;
	int choice;                     /* enum method_choice */
	double estimate;                /* seconds, by hankel_cost */
	struct spectra *spectra;
	enum status status;
	char *error;
	double seconds;
	struct cell_job *next_in_flight;
};

struct session {
	struct dump_list dumps;
	struct layer **layers;
	size_t layer_count;
	struct atlas *atlas;
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
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
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

	spectra_unref(cells->spectra);
	free(cells->item.positions);
	free(cells->error);
	free(cells);
}

void
session_close(struct session *session)
{
	if (!session)
		return;
	pool_free(session->pool, cell_job_free);
	atlas_free(session->atlas);
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

/* On a worker: one channel's operator, its spectra, and the sentence if that
 * fails. */
static void
cell_job_run(struct job *job, struct workspace *work)
{
	struct cell_job *cells = (struct cell_job *)job;
	struct operator *op = NULL;
	double start = now();

	cells->status = operator_open(&op, cells->item.layer,
		cells->item.channel);
	if (cells->status == STATUS_OK)
		cells->status = hankel_spectra(&cells->spectra, work,
			&(struct hankel_request){
				.op = op,
				.positions = cells->item.positions,
				.count = cells->item.count,
				.cancel = &job->cancel,
				.choice = cells->choice,
			});
	if (cells->status != STATUS_OK)
		cells->error = xstrdup(status_text());
	if (cells->status == STATUS_MEMORY)
		workspace_shed(work);
	operator_close(op);
	cells->seconds = now() - start;
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
take_in(struct session *session, struct cell_job *cells)
{
	const struct plan_item *item = &cells->item;

	if (cells->status == STATUS_OK) {
		atlas_put(session->atlas, item->layer, item->channel,
			cells->spectra);
		if (cells->spectra->count == item->count)
			learn_speed(session, cells);
	} else if (cells->status != STATUS_CANCELLED) {
		atlas_fail(session->atlas, item->layer, item->channel,
			cells->error);
	}
}

bool
session_collect(struct session *session)
{
	struct job *job = pool_collect(session->pool);
	bool news = job != NULL;

	while (job) {
		struct job *next = job->next;
		struct cell_job *cells = (struct cell_job *)job;

		take_off(session, cells);
		take_in(session, cells);
		cell_job_free(job);
		job = next;
	}
	refill(session);
	return news;
}

const struct spectrum *
session_spectrum(const struct session *session, const struct layer *layer,
	size_t channel, size_t position)
{
	return atlas_get(session->atlas, layer, channel, position);
}

const struct spectrum *const *
session_strip(const struct session *session, const struct layer *layer,
	size_t channel)
{
	return atlas_slots(session->atlas, layer, channel);
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

	progress.busy = session->in_flight_count || session->plan_pending;
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
