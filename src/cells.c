/*
 * How a channel is cut into jobs, and what a job does. The cut depends on the
 * operator and the positions alone, never on the number of threads.
 */
#include "src/cells.h"

#include <math.h>
#include <stdlib.h>

#include "core/hankel.h"
#include "core/linalg.h"
#include "core/measure.h"
#include "core/operator.h"
#include "core/operator_share.h"
#include "core/util.h"
#include "src/options.h"

/* A job lasts this long, or this many times what comes before its first
 * spectrum (forming T, or the backward sweep), whichever is longer. */
static const double job_seconds = 0.2;
enum { JOB_TO_SETUP = 8, TRY_PARTS = 8 };

const double channel_seconds = 2e-5;

enum status
channel_cells_new(struct channel_cells **out, const struct target *target,
	size_t channel, const struct options *options)
{
	const struct tolerance_list *tolerances = &options->tolerances;
	struct channel_cells *cells = xcalloc(1, sizeof *cells);
	size_t positions = target->positions.count, counts;
	enum status status;
	void *readings = NULL, *memory = NULL;

	if (!size_mul(&counts, positions, tolerances->count))
		counts = (size_t)-1;
	status = util_alloc(&readings, positions, sizeof *cells->readings,
		"cells of one channel");
	if (!status)
		status = util_alloc(&memory, counts, sizeof *cells->counts,
			"counts of one channel");
	cells->references = 1;
	cells->target = target;
	cells->channel = channel;
	cells->share = operator_share_new(target->layer, channel);
	cells->tolerances = tolerances;
	cells->choice = options->choice;
	cells->readings = readings;
	cells->counts = memory;
	if (status)
		channel_cells_unref(cells);
	else
		*out = cells;
	return status;
}

struct channel_cells *
channel_cells_ref(struct channel_cells *cells)
{
	cells->references++;
	return cells;
}

void
channel_cells_unref(struct channel_cells *cells)
{
	if (!cells || --cells->references)
		return;
	operator_share_unref(cells->share);
	free(cells->readings);
	free(cells->counts);
	free(cells);
}

void
channel_cells_keep(struct channel_cells *cells, size_t index,
	const struct spectrum *s)
{
	const struct tolerance_list *list = cells->tolerances;
	size_t *counts = &cells->counts[index * list->count];

	cells->readings[index] = (struct reading){
		.sigma_max = s->count ? s->values[0] : 0,
		.sigma_sum = s->sum,
		.entropy = s->entropy,
		.error = s->error,
		.floor = s->floor,
		.entropy_error = s->entropy_error,
		.method = s->method,
	};
	for (size_t k = 0; k < list->count; k++)
		counts[k] = ess_tolerance(s, list->items[k]);
}

/* Where the next spectrum of a job goes: the done-th of its indices. */
struct filler {
	struct cell_job *job;
	size_t done;
};

static size_t
index_at(const struct cell_job *job, size_t k)
{
	return job->indices ? job->indices[job->begin + k] : job->begin + k;
}

static size_t
position_at(const struct cell_job *job, size_t k)
{
	return positions_at(&job->cells->target->positions, index_at(job, k));
}

static void
refuse(void *payload, size_t position)
{
	struct filler *filler = payload;
	struct cell_job *job = filler->job;

	(void)position;
	if (!job->refused)
		job->refused = xcalloc(job->count, sizeof *job->refused);
	job->refused[job->refused_count++] = index_at(job, filler->done++);
}

/* Is the count of every tolerance certain, whatever is not listed? No such
 * value is above the norm of all of them, nor above the floor. */
static bool
counts_all(const struct spectrum *s, const struct tolerance_list *list)
{
	double most = s->unlisted ? fmin(s->floor,
		s->tail / sqrt((double)s->unlisted)) : 0;

	for (size_t k = 0; k < list->count; k++)
		if (tolerance_threshold(list->items[k], s) < most)
			return false;
	return true;
}

/* A table is right to the last count: where a tolerance is so small that it
 * might count what the method dropped, an exact one takes the cell. */
static void
keep(void *payload, const struct spectrum *s)
{
	struct filler *filler = payload;
	struct cell_job *job = filler->job;

	if (job->choice == CHOICE_AUTO
	    && !counts_all(s, job->cells->tolerances))
		refuse(payload, s->position);
	else
		channel_cells_keep(job->cells, index_at(job, filler->done++),
			s);
}

/* The positions of a job, for free(). */
static enum status
list_positions(size_t **out, const struct cell_job *job)
{
	void *memory;
	enum status status = util_alloc(&memory, job->count, sizeof **out,
		"positions of one channel");
	size_t *list;

	if (status)
		return status;
	list = memory;
	for (size_t k = 0; k < job->count; k++)
		list[k] = position_at(job, k);
	*out = list;
	return STATUS_OK;
}

static enum status
compute(struct cell_job *job, struct workspace *work)
{
	struct channel_cells *cells = job->cells;
	const struct layer *layer = cells->target->layer;
	struct filler filler = { job, 0 };
	struct hankel_request request = {
		.count = job->count, .cancel = &job->job.cancel,
		.choice = job->choice,
	};
	size_t *positions = NULL;
	enum status status;

	status = list_positions(&positions, job);
	if (status)
		goto out;
	status = operator_share_open(&request.op, cells->share);
	if (status)
		goto out;
	if (request.op->doubt)
		job->doubt = xstrdup(request.op->doubt);
	request.positions = positions;
	status = hankel_each(work, &request,
		(struct hankel_sink){ keep, &filler, refuse });
	status_at(status, "%s: %s: channel %zu, position %zu",
		layer->dump->label, layer->label, cells->channel,
		position_at(job, size_min(filler.done, job->count - 1)));
out:
	if (status == STATUS_MEMORY)
		workspace_shed(work);
	free(positions);
	return status;
}

/* This job will not look at the operator again. */
static void
leave_operator(struct cell_job *job)
{
	if (job->share)
		operator_share_leave(job->share);
	job->share = NULL;
}

static void
cell_job_run(struct job *base, struct workspace *work)
{
	struct cell_job *job = (struct cell_job *)base;

	job->status = compute(job, work);
	if (job->status)
		job->sentence = xstrdup(status_text());
	leave_operator(job);
}

/* Positions that share most of the work of a method that is tried first:
 * eighths of L, up to a power of 2. */
static size_t
try_grid(const struct layer *layer)
{
	size_t grid = 16;

	while (TRY_PARTS * grid < layer->length)
		grid *= 2;
	return grid;
}

/* The three bits of a part, last first. */
static size_t
reversed(size_t part)
{
	return (part & 1) << 2 | (part & 2) | part >> 2;
}

/* Takes what is left in this part of L. First come parts that are far from
 * each other: neighbours wait for what they share. */
static void
cut_try(struct cell_job *job, const struct layer *layer, size_t rest)
{
	size_t grid = try_grid(layer), part = position_at(job, 0) / grid;

	while (job->count < rest
	    && position_at(job, job->count) / grid == part)
		job->count++;
	job->tries = true;
	job->delay = TRY_PARTS + reversed(part % TRY_PARTS) - part % TRY_PARTS;
	job->cost = hankel_try_cost(layer, TRY_PARTS * job->count) / TRY_PARTS;
}

/* Takes as many of the rest as make a job. */
static void
cut_exact(struct cell_job *job, const struct layer *layer, size_t rest)
{
	double setup = hankel_cost(layer, NULL, 0);
	double seconds = fmax(job_seconds, JOB_TO_SETUP * setup);
	size_t end = 0;

	for (job->cost = setup; job->count < rest; job->count++) {
		size_t i = position_at(job, job->count);

		if (i >= end && job->count && job->cost >= seconds)
			break;
		if (i >= end)
			end = hankel_run_end(layer, i);
		job->cost += hankel_cost_at(layer, i);
	}
}

static struct cell_job *
job_new(struct channel_cells *cells, int choice)
{
	struct cell_job *job = xcalloc(1, sizeof *job);

	job->job.run = cell_job_run;
	job->cells = channel_cells_ref(cells);
	job->share = cells->share;
	operator_share_join(job->share);
	job->choice = choice;
	return job;
}

struct cell_job *
cell_job_new(struct channel_cells *cells, size_t begin)
{
	const struct target *target = cells->target;
	struct cell_job *job = job_new(cells, cells->choice);
	size_t rest = target->positions.count - begin;

	job->begin = begin;
	if (hankel_tries(target->layer, job->choice))
		cut_try(job, target->layer, rest);
	else
		cut_exact(job, target->layer, rest);
	job->cost += begin ? 0 : channel_seconds;
	job->last = begin + job->count == target->positions.count;
	return job;
}

void
cell_job_follow(struct cell_job *job)
{
	size_t begin = 0;

	while (begin < job->refused_count) {
		struct cell_job *next = job_new(job->cells, CHOICE_EXACT);

		next->indices = job->refused;
		next->begin = begin;
		cut_exact(next, job->cells->target->layer,
			job->refused_count - begin);
		begin += next->count;
		next->parent = job;
		next->next_follower = job->followers;
		job->followers = next;
		job->pending++;
	}
}

void
cell_job_free(struct cell_job *job)
{
	while (job->followers) {
		struct cell_job *next = job->followers;

		job->followers = next->next_follower;
		cell_job_free(next);
	}
	leave_operator(job);
	channel_cells_unref(job->cells);
	free(job->refused);
	free(job->sentence);
	free(job->doubt);
	free(job);
}
