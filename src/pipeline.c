/*
 * A ring of jobs in the order of their rows: made at its tail, handed to the
 * pool, finished in any order, consumed at its head.
 */
#include "src/pipeline.h"

#include <math.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/hankel.h"
#include "core/machine.h"
#include "core/pool.h"
#include "core/util.h"
#include "src/cells.h"
#include "src/reading.h"
#include "src/report.h"
#include "src/sink.h"
#include "src/warnings.h"

/* Jobs in flight or waiting for one before them, for each thread. */
enum { JOBS_A_THREAD = 4 };

/* A run estimated at more seconds is announced. */
static const double long_run = 60;

/* What was said of one of the layers whose rows are due. */
struct side {
	struct warnings *warnings;
	bool doubted;                   /* one of its operators, aloud */
};

struct pipeline {
	const struct options *options;
	struct cell_sink sink;
	struct progress *progress;
	struct pool *pool;
	struct cell_job **ring;
	size_t ring_size;
	size_t head, tail;              /* jobs consumed, jobs made */
	/* the dump under way */
	const struct target *targets;
	size_t target_count;
	size_t group;                   /* first target of the next job's */
	size_t side, channel;           /* of the next job */
	size_t index;                   /* of its first position */
	struct channel_cells *cells;    /* its channel; NULL: to be made */
	bool *failed;
	/* the layers whose rows are due */
	struct said said;
	struct side sides[ABREAST_MOST];
};

size_t
pipeline_threads(const struct options *options)
{
	return options->threads ? options->threads : machine_cores();
}

void
pipeline_expect(struct progress *progress, const struct target_list *targets,
	const struct options *options)
{
	for (size_t k = 0; k < targets->count; k++) {
		const struct target *target = &targets->items[k];
		double cost = target_cost(target, options);

		progress->total += cost;
		if (hankel_tries(target->layer, options->choice))
			progress->untried += cost;
	}
}

double
progress_left(const struct progress *progress)
{
	double left = progress->total - progress->done;

	if (progress->tried > 0)
		left += progress->untried * progress->refused
			/ progress->tried;
	return left;
}

void
pipeline_announce(struct progress *progress, const struct options *options)
{
	size_t threads = pipeline_threads(options);
	double seconds = progress_left(progress) / (double)threads;
	char text[REPORT_DURATION_TEXT];

	if (seconds <= long_run || progress->announced)
		return;
	progress->announced = true;
	report("this takes about %s on %zu thread%s; narrow it with "
		"--layer, --channel or --position, as in "
		"--per layer --position ::8",
		report_duration(text, seconds), threads,
		threads == 1 ? "" : "s");
}

enum status
pipeline_new(struct pipeline **out, const struct options *options,
	struct cell_sink sink, struct progress *progress)
{
	struct pipeline *pipeline = xcalloc(1, sizeof *pipeline);
	size_t threads = pipeline_threads(options);

	pipeline->options = options;
	pipeline->sink = sink;
	pipeline->progress = progress;
	pipeline->ring_size = JOBS_A_THREAD * threads;
	pipeline->ring = xcalloc(pipeline->ring_size, sizeof(struct cell_job *));
	for (size_t k = 0; k < sink.abreast; k++)
		pipeline->sides[k].warnings
			= warnings_new(&options->tolerances);
	pipeline->pool = pool_new(threads);
	if (!pipeline->pool) {
		pipeline_free(pipeline);
		return status_set(STATUS_IO, "no worker thread could start");
	}
	*out = pipeline;
	return STATUS_OK;
}

/* Waits for what is in flight, so that the ring is the one owner. */
static void
drop_jobs(struct pipeline *pipeline)
{
	for (size_t k = pipeline->head; k < pipeline->tail; k++) {
		struct cell_job *job
			= pipeline->ring[k % pipeline->ring_size];

		pool_cancel(pipeline->pool, &job->job);
		for (job = job->followers; job; job = job->next_follower)
			pool_cancel(pipeline->pool, &job->job);
	}
	while (pool_wait(pipeline->pool))
		continue;
	while (pipeline->head < pipeline->tail)
		cell_job_free(pipeline->ring[pipeline->head++
			% pipeline->ring_size]);
	channel_cells_unref(pipeline->cells);
	pipeline->cells = NULL;
}

static void
no_job(struct job *job)
{
	(void)job;      /* the ring is empty by now */
}

void
pipeline_free(struct pipeline *pipeline)
{
	if (!pipeline)
		return;
	pool_free(pipeline->pool, no_job);
	for (size_t k = 0; k < pipeline->sink.abreast; k++)
		warnings_free(pipeline->sides[k].warnings);
	free(pipeline->ring);
	free(pipeline);
}

/* The target of the next job. */
static const struct target *
next_target(const struct pipeline *pipeline)
{
	return &pipeline->targets[pipeline->group + pipeline->side];
}

/* Those of a group have equally many. */
static size_t
next_channel(const struct pipeline *pipeline, size_t from)
{
	return channel_list_next(&pipeline->options->selection.channels, from,
		next_target(pipeline)->channels);
}

static void
enter_group(struct pipeline *pipeline, size_t group)
{
	pipeline->group = group;
	if (group < pipeline->target_count)
		pipeline->channel = next_channel(pipeline, 0);
}

/* Behind the last job of a channel, or when it has failed already: on to the
 * same channel of the target beside it, or to the next one. */
static void
leave_channel(struct pipeline *pipeline)
{
	size_t channels = next_target(pipeline)->channels;

	channel_cells_unref(pipeline->cells);
	pipeline->cells = NULL;
	pipeline->index = 0;
	if (++pipeline->side < pipeline->sink.abreast)
		return;
	pipeline->side = 0;
	pipeline->channel = next_channel(pipeline, pipeline->channel + 1);
	if (pipeline->channel == channels)
		enter_group(pipeline,
			pipeline->group + pipeline->sink.abreast);
}

/* Room for the next channel's cells. Without it that channel is left out. */
static bool
begin_channel(struct pipeline *pipeline)
{
	const struct target *target = next_target(pipeline);

	if (pipeline->cells)
		return true;
	if (!channel_cells_new(&pipeline->cells, target, pipeline->channel,
	    pipeline->options))
		return true;
	report("%s: %s: channel %zu: %s", target->layer->dump->label,
		target->layer->label, pipeline->channel, status_text());
	*pipeline->failed = true;
	leave_channel(pipeline);
	return false;
}

/* The next job, into the ring and to the pool. */
static void
make_job(struct pipeline *pipeline)
{
	struct cell_job *job;

	if (!begin_channel(pipeline))
		return;
	job = cell_job_new(pipeline->cells, pipeline->index);
	job->job.priority = (double)(pipeline->tail + job->delay);
	job->cells->priority = fmax(job->cells->priority, job->job.priority);
	pipeline->ring[pipeline->tail++ % pipeline->ring_size] = job;
	pool_submit(pipeline->pool, &job->job);
	pipeline->index += job->count;
	if (job->last)
		leave_channel(pipeline);
}

/* Is there memory for one more channel beside those in the ring? */
static bool
has_room(const struct pipeline *pipeline)
{
	const struct channel_cells *last = NULL;
	size_t bytes = layer_channel_bytes(next_target(pipeline)->layer);

	if (pipeline->cells || pipeline->head == pipeline->tail)
		return true;
	for (size_t k = pipeline->head; k < pipeline->tail; k++) {
		const struct channel_cells *cells
			= pipeline->ring[k % pipeline->ring_size]->cells;

		if (cells != last)
			bytes += layer_channel_bytes(cells->target->layer);
		last = cells;
	}
	return bytes <= CHANNELS_BYTES_MOST;
}

static void
fill_ring(struct pipeline *pipeline)
{
	while (pipeline->group < pipeline->target_count
	    && pipeline->tail - pipeline->head < pipeline->ring_size
	    && has_room(pipeline))
		make_job(pipeline);
}

static void
fail_channel(struct pipeline *pipeline, struct cell_job *job)
{
	if (!job->cells->failed)
		report_once(&pipeline->said, job->sentence);
	job->cells->failed = true;
	*pipeline->failed = true;
	/* What is not yet made of it need not be computed. */
	if (pipeline->cells == job->cells)
		leave_channel(pipeline);
}

/* The oldest job, done: its channel's rows once it was the last of them. */
static enum status
consume(struct pipeline *pipeline, struct cell_job *job)
{
	const struct channel_cells *cells = job->cells;
	struct side *side = &pipeline->sides[(size_t)(cells->target
		- pipeline->targets) % pipeline->sink.abreast];

	pipeline->progress->done += job->cost;
	report_progress(pipeline->progress->done, pipeline->progress->done
		+ progress_left(pipeline->progress));
	if (job->doubt && !side->doubted)
		report("%s", job->doubt);
	side->doubted |= job->doubt != NULL;
	if (job->status)
		fail_channel(pipeline, job);
	if (!job->last || cells->failed)
		return STATUS_OK;
	warnings_add(side->warnings, cells);
	return pipeline->sink.channel(pipeline->sink.rows, job->cells);
}

/* Of the oldest job; NULL without one. */
static const struct target *
head_target(const struct pipeline *pipeline)
{
	return pipeline->head == pipeline->tail ? NULL
		: pipeline->ring[pipeline->head % pipeline->ring_size]
		->cells->target;
}

static bool
is_of_group(const struct pipeline *pipeline, const struct target *target,
	size_t group)
{
	return target && target < &pipeline->targets[group
		+ pipeline->sink.abreast];
}

/* Consumes what is done at the head of the ring, as far as it belongs to the
 * group: there is none before it. */
static enum status
drain_ring(struct pipeline *pipeline, size_t group)
{
	enum status status = STATUS_OK;

	while (!status && is_of_group(pipeline, head_target(pipeline),
	    group)) {
		struct cell_job *job
			= pipeline->ring[pipeline->head % pipeline->ring_size];

		if (!job->done)
			break;
		status = consume(pipeline, job);
		pipeline->head++;
		cell_job_free(job);
	}
	return status;
}

/* A job that left positions to exact methods is done with the last of those
 * that follow it. These come behind the tries of their channel and before the
 * next channel, the longest first: a long one that starts last would leave
 * the other threads idle. */
static void
follow(struct pipeline *pipeline, struct cell_job *job)
{
	cell_job_follow(job);
	for (struct cell_job *next = job->followers; next;
	    next = next->next_follower) {
		next->job.priority = job->cells->priority
			+ 1 / (1 + next->cost);
		pipeline->progress->total += next->cost;
		pipeline->progress->refused += next->cost;
		pool_submit(pipeline->pool, &next->job);
	}
	pipeline_announce(pipeline->progress, pipeline->options);
}

static void
follower_done(struct pipeline *pipeline, struct cell_job *follower)
{
	struct cell_job *job = follower->parent;

	pipeline->progress->done += follower->cost;
	if (follower->status && !job->status) {
		job->status = follower->status;
		job->sentence = follower->sentence;
		follower->sentence = NULL;
	}
	job->done = !--job->pending;
}

static void
mark_done(struct pipeline *pipeline, struct job *done)
{
	while (done) {
		struct job *next = done->next;
		struct cell_job *job = (struct cell_job *)done;

		if (job->tries) {
			pipeline->progress->tried += job->cost;
			pipeline->progress->untried -= job->cost;
		}
		if (job->parent)
			follower_done(pipeline, job);
		else if (job->refused_count && !job->status)
			follow(pipeline, job);
		else
			job->done = true;
		done = next;
	}
	report_progress(pipeline->progress->done, pipeline->progress->done
		+ progress_left(pipeline->progress));
}

/* Does the ring hold, or will it get, a job of the group? */
static bool
has_jobs(const struct pipeline *pipeline, size_t group)
{
	return pipeline->group <= group || is_of_group(pipeline,
		head_target(pipeline), group);
}

static void
end_group(struct pipeline *pipeline)
{
	for (size_t k = 0; k < pipeline->sink.abreast; k++) {
		warnings_end_layer(pipeline->sides[k].warnings);
		pipeline->sides[k].doubted = false;
	}
	said_reset(&pipeline->said);
}

/* group: the index of its first target. */
static enum status
run_group(struct pipeline *pipeline, size_t group)
{
	const struct cell_sink *sink = &pipeline->sink;
	enum status status = sink->begin(sink->rows, &pipeline->targets[group]);
	const struct target *head;

	while (!status && has_jobs(pipeline, group)) {
		fill_ring(pipeline);
		status = drain_ring(pipeline, group);
		head = head_target(pipeline);
		if (!status && is_of_group(pipeline, head, group))
			mark_done(pipeline, reading_wait(pipeline->pool,
				head->layer->dump));
	}
	if (!status)
		status = sink->end(sink->rows);
	end_group(pipeline);
	return status;
}

/* What was there and is not in the numbers. */
static void
report_notes(const struct layer *layer)
{
	for (size_t k = 0; k < layer->note_count; k++)
		report("%s: %s: %s", layer->dump->label, layer->label,
			layer->notes[k]);
}

enum status
pipeline_run(struct pipeline *pipeline, const struct target_list *targets,
	bool *failed)
{
	enum status status = STATUS_OK;

	pipeline->targets = targets->items;
	pipeline->target_count = targets->count;
	pipeline->failed = failed;
	for (size_t k = 0; k < targets->count; k++)
		report_notes(targets->items[k].layer);
	enter_group(pipeline, 0);
	for (size_t k = 0; k < targets->count && !status;
	    k += pipeline->sink.abreast)
		status = run_group(pipeline, k);
	drop_jobs(pipeline);
	return status;
}
