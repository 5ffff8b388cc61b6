#include "core/session_job.h"

#include <stdlib.h>
#include <time.h>

#include "core/hankel.h"
#include "core/linalg.h"
#include "core/operator.h"
#include "core/util.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum status
compute(struct session_job *cells, const struct operator *op,
	struct workspace *work)
{
	struct hankel_request request = {
		.op = op,
		.positions = cells->item.positions,
		.count = cells->item.count,
		.cancel = &cells->job.cancel,
		.choice = cells->choice,
	};
	enum status status = hankel_spectra(&cells->spectra, work, &request);

	/* Without norms there are only wider bounds: no reason to fail. */
	if (status == STATUS_OK && cells->wants_norms
	    && !atomic_load(&cells->job.cancel))
		(void)step_norms_new(&cells->norms, work, op);
	return status;
}

/* On a worker: one channel's operator, its spectra, and the sentence if that
 * fails. */
static void
run(struct job *job, struct workspace *work)
{
	struct session_job *cells = (struct session_job *)job;
	struct operator *op = NULL;
	double start = now();

	atomic_store(&cells->started, true);
	cells->fresh = !workspace_owned_by(work, cells->item.layer->serial,
		cells->item.channel);
	cells->status = operator_open(&op, cells->item.layer,
		cells->item.channel);
	if (cells->status == STATUS_OK)
		cells->status = compute(cells, op, work);
	if (cells->status != STATUS_OK)
		cells->error = xstrdup(status_text());
	operator_close(op);
	cells->seconds = now() - start;
}

struct session_job *
session_job_new(struct plan_item item, int choice, bool wants_norms)
{
	struct session_job *cells = xcalloc(1, sizeof *cells);

	cells->job.run = run;
	cells->job.priority = (double)item.phase;
	cells->item = item;
	cells->expected = hankel_cost(item.layer, item.positions, item.count);
	cells->choice = choice;
	cells->wants_norms = wants_norms;
	cells->status = STATUS_CANCELLED;
	return cells;
}

void
session_job_free(struct job *job)
{
	struct session_job *cells = (struct session_job *)job;

	spectra_unref(cells->spectra);
	step_norms_free(cells->norms);
	free(cells->item.positions);
	free(cells->error);
	free(cells);
}

bool
session_job_holds(const struct session_job *cells, size_t position)
{
	size_t low = 0, high = cells->item.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cells->item.positions[middle] < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low < cells->item.count
		&& cells->item.positions[low] == position;
}

bool
session_job_short(const struct session_job *cells)
{
	if (cells->status == STATUS_CANCELLED)
		return true;
	return cells->status == STATUS_OK
		&& cells->spectra->count < cells->item.count;
}
