#include "core/session_job.h"

#include <stdlib.h>

#include "core/cache.h"
#include "core/clock.h"
#include "core/dump.h"
#include "core/hankel.h"
#include "core/linalg.h"
#include "core/operator_share.h"
#include "core/packed.h"
#include "core/util.h"

/* The channel's operator and the spectra of these positions. */
static enum status
compute(struct session_job *cells, const size_t *positions,
	struct workspace *work)
{
	const struct operator *op = NULL;
	struct spectra *spectra = NULL;
	enum status status = operator_share_open(&op, cells->share);

	meter_start(&cells->meter);
	if (status == STATUS_OK)
		status = hankel_spectra(&spectra, work,
			&(struct hankel_request){
				.op = op,
				.positions = positions,
				.count = cells->left,
				.cancel = &cells->job.cancel,
				.choice = cells->choice,
				.meter = &cells->meter,
			});
	if (status == STATUS_OK)
		status = packed_of(&cells->found, spectra);
	/* Without norms there are only wider bounds: no reason to fail. */
	if (status == STATUS_OK && cells->wants_norms
	    && !atomic_load(&cells->job.cancel))
		(void)step_norms_new(&cells->norms, work, op);
	spectra_free(spectra);
	return status;
}

/* What of the item is not recalled, for free(). */
static size_t *
still_wanted(struct session_job *cells)
{
	const struct plan_item *item = &cells->item;
	const struct packed *recalled = cells->recalled;
	size_t *positions = xcalloc(item->count, sizeof *positions);

	for (size_t k = 0; k < item->count; k++) {
		size_t p = item->positions[k];
		size_t at = recalled ? packed_find(recalled, p) : 0;

		if (!recalled || at == recalled->count
		    || recalled->places[at].position != p)
			positions[cells->left++] = p;
	}
	return positions;
}

/* On a worker: what is on disk, the rest computed, and the sentence if that
 * fails. */
static void
run(struct job *job, struct workspace *work)
{
	struct session_job *cells = (struct session_job *)job;
	size_t *positions;
	double start;

	atomic_store(&cells->started, true);
	if (cells->cache)
		cache_read(&cells->recalled, cells->cache, cells->item.layer,
			cells->item.channel);
	positions = still_wanted(cells);
	start = clock_seconds(CLOCK_THREAD_CPUTIME_ID);
	cells->status = STATUS_OK;
	if (cells->left)
		cells->status = compute(cells, positions, work);
	if (cells->status != STATUS_OK)
		cells->error = xstrdup(status_text());
	if (cells->status == STATUS_MEMORY)
		workspace_shed(work);
	cells->worked = clock_seconds(CLOCK_THREAD_CPUTIME_ID) - start;
	/* The session's thread would have to copy it. */
	cells->computed = cells->found ? cells->found->count : 0;
	packed_thin(&cells->found, cells->block_most);
	packed_thin(&cells->recalled, cells->block_most);
	free(positions);
}

struct session_job *
session_job_new(struct plan_item item, struct operator_share *share,
	int choice, bool wants_norms)
{
	struct session_job *cells = xcalloc(1, sizeof *cells);

	cells->job.run = run;
	cells->job.priority = (double)item.phase;
	cells->item = item;
	cells->share = share;
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

	operator_share_leave(cells->share);
	packed_unref(cells->recalled);
	packed_unref(cells->found);
	step_norms_free(cells->norms);
	free(cells->item.positions);
	free(cells->marks);
	free(cells->error);
	free(cells);
}

/* The index of its first position that is not below; or its count. */
static size_t
find(const struct session_job *cells, size_t position)
{
	const size_t *positions = cells->item.positions;
	size_t low = 0, high = cells->item.count;

	/* A run of neighbours is the rule. */
	if (high && positions[high - 1] - positions[0] == high - 1)
		return position < positions[0] ? 0
			: size_min(high, position - positions[0]);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (positions[middle] < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
session_job_touches(const struct session_job *cells, size_t begin, size_t end)
{
	size_t k = find(cells, begin);

	return k < cells->item.count && cells->item.positions[k] < end;
}

bool
session_job_holds(const struct session_job *cells, size_t position)
{
	return session_job_touches(cells, position, position + 1);
}

static void
set_bits(uint64_t *bits, const struct plan_item *item)
{
	for (size_t k = 0; k < item->count; k++) {
		size_t p = item->positions[k];

		bits[p / 64] |= (uint64_t)1 << p % 64;
	}
}

void
session_job_mark(struct session_job *cells, uint64_t *bits)
{
	const struct plan_item *item = &cells->item;
	size_t words = (item->layer->length + 63) / 64;

	/* A few are no more than the words would be. */
	if (item->count < words) {
		set_bits(bits, item);
		return;
	}
	if (!cells->marks) {
		cells->marks = xcalloc(words, sizeof *cells->marks);
		set_bits(cells->marks, item);
	}
	for (size_t w = 0; w < words; w++)
		bits[w] |= cells->marks[w];
}

bool
session_job_short(const struct session_job *cells)
{
	if (cells->status == STATUS_CANCELLED)
		return true;
	return cells->status == STATUS_OK && cells->left
		&& cells->computed < cells->left;
}
