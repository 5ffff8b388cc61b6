/*
 * How a channel is cut into jobs, and what a job does. The cut depends on the
 * operator and the positions alone, never on the number of threads.
 */
#include "src/cells.h"

#include <math.h>
#include <stdlib.h>

#include "core/hankel.h"
#include "core/measure.h"
#include "core/operator.h"
#include "core/operator_share.h"
#include "core/util.h"

/* A job lasts this long, or this many times what comes before its first
 * spectrum (forming T, or the backward sweep), whichever is longer. */
static const double job_seconds = 0.2;
enum { JOB_TO_SETUP = 8 };

enum status
channel_cells_new(struct channel_cells **out, const struct target *target,
	size_t channel, const struct tolerance_list *tolerances)
{
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
	cells->readings = readings;
	cells->counts = memory;
	if (status)
		channel_cells_unref(cells);
	else
		*out = cells;
	return status;
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

/* Where the next spectrum of a job goes. */
struct filler {
	struct channel_cells *cells;
	size_t index;
};

static void
keep(void *payload, const struct spectrum *s)
{
	struct filler *filler = payload;
	const struct tolerance_list *list = filler->cells->tolerances;
	size_t index = filler->index++;
	size_t *counts = &filler->cells->counts[index * list->count];

	filler->cells->readings[index] = (struct reading){
		.sigma_max = s->count ? s->values[0] : 0,
		.sigma_sum = s->sum,
		.entropy = s->entropy,
		.error = s->error,
		.floor = s->floor,
		.method = s->method,
	};
	for (size_t k = 0; k < list->count; k++)
		counts[k] = ess_tolerance(s, list->items[k]);
}

/* The positions of indices begin .. begin + count - 1, for free(). */
static enum status
list_positions(size_t **out, const struct positions *positions, size_t begin,
	size_t count)
{
	void *memory;
	enum status status = util_alloc(&memory, count, sizeof **out,
		"positions of one channel");
	size_t *list;

	if (status)
		return status;
	list = memory;
	for (size_t k = 0; k < count; k++)
		list[k] = positions_at(positions, begin + k);
	*out = list;
	return STATUS_OK;
}

static enum status
compute(struct cell_job *job, struct workspace *work)
{
	struct channel_cells *cells = job->cells;
	const struct layer *layer = cells->target->layer;
	struct filler filler = { cells, job->begin };
	struct hankel_request request = {
		.count = job->count, .cancel = &job->job.cancel,
	};
	size_t *positions = NULL;
	enum status status;

	status = list_positions(&positions, &cells->target->positions,
		job->begin, job->count);
	if (status)
		goto out;
	status = operator_share_open(&request.op, cells->share);
	if (status)
		goto out;
	if (request.op->doubt)
		job->doubt = xstrdup(request.op->doubt);
	request.positions = positions;
	status = hankel_each(work, &request,
		(struct hankel_sink){ keep, &filler });
	status_at(status, "%s: %s: channel %zu, position %zu",
		layer->dump->label, layer->label, cells->channel,
		positions_at(&cells->target->positions,
			size_min(filler.index, job->begin + job->count - 1)));
out:
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

static void
cut(struct cell_job *job, const struct target *target)
{
	const struct layer *layer = target->layer;
	size_t rest = target->positions.count - job->begin;
	double setup = hankel_cost(layer, NULL, 0);
	double seconds = fmax(job_seconds, JOB_TO_SETUP * setup);

	for (job->cost = setup; job->count < rest && job->cost < seconds;
	    job->count++)
		job->cost += hankel_cost_at(layer, positions_at(
			&target->positions, job->begin + job->count));
	job->count = size_max(job->count, 1);
}

struct cell_job *
cell_job_new(struct channel_cells *cells, size_t begin)
{
	struct cell_job *job = xcalloc(1, sizeof *job);

	job->job.run = cell_job_run;
	job->cells = cells;
	cells->references++;
	job->share = cells->share;
	operator_share_join(job->share);
	job->begin = begin;
	cut(job, cells->target);
	job->last = begin + job->count == cells->target->positions.count;
	return job;
}

void
cell_job_free(struct cell_job *job)
{
	leave_operator(job);
	channel_cells_unref(job->cells);
	free(job->sentence);
	free(job->doubt);
	free(job);
}
