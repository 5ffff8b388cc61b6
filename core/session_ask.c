/*
 * What is known, and how far it has come: nothing is submitted or moved.
 */
#include "core/session.h"

#include "core/atlas.h"
#include "core/certificates.h"
#include "core/plan_walk.h"
#include "core/pool.h"
#include "core/pooled_job.h"
#include "core/session_job.h"
#include "core/session_parts.h"
#include "core/util.h"

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

void
session_neighbours(const struct session *session, struct gap *gap,
	const struct layer *layer, size_t channel, size_t position)
{
	certificates_around(session->certificates, gap, session->atlas,
		layer, channel, position);
}

uint32_t
session_changes(const struct session *session, const struct layer *layer)
{
	return atlas_changes(session->atlas, layer) + session->norms;
}

const char *
session_failure(const struct session *session, const struct layer *layer,
	size_t channel)
{
	return atlas_failure(session->atlas, layer, channel);
}

void
session_look_picture(struct session *session, enum session_picture which,
	const struct pooled_request *request)
{
	pictures_look(session->pictures, session->pool, session->operators,
		which, request);
}

const struct pooled *
session_picture(const struct session *session, enum session_picture which)
{
	return pictures_get(session->pictures, which);
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

static bool
is_busy(const struct session *session)
{
	return session->in_flight_count || session->plan_pending
		|| session->writes || pictures_busy(session->pictures);
}

/* Cells that are neither there nor to come found no room. */
size_t
session_short_of(const struct session *session, size_t done, size_t wanted)
{
	size_t bytes = atlas_budget(session->atlas);
	double all = (double)atlas_bytes(session->atlas) * (double)wanted
		/ (double)done / plan_full_share;

	if (is_busy(session) || session->stopped || !done || done >= wanted)
		return 0;
	for (bytes = size_min(2 * bytes, SIZE_MAX / 4); bytes & (bytes - 1);)
		bytes &= bytes - 1;
	while ((double)bytes < all && bytes < SIZE_MAX / 4)
		bytes *= 2;
	return bytes;
}

struct session_progress
session_progress(const struct session *session)
{
	const struct layer *layer = session->pace.layer;
	struct session_progress progress = { .eta = -1, .work = -1 };
	struct pace_work running = { { 0 }, { 0 } }, here = running;

	progress.busy = is_busy(session);
	progress.stopped = session->stopped;
	progress.computed = session->computed;
	progress.recalled = session->recalled;
	/* Between another batch element and the next look there is none. */
	if (!layer || !session->plan.focus.layer)
		return progress;
	progress.wanted = layer->channels * (layer->length - 1);
	progress.done = session->pace.done;
	progress.short_of = session_short_of(session, progress.done,
		progress.wanted);
	progress.rate = pace_rate(&session->pace);
	for (const struct session_job *cells = session->in_flight; cells;
		cells = cells->next) {
		pace_add(&running, &cells->meter);
		if (cells->item.layer == layer)
			pace_add(&here, &cells->meter);
	}
	progress.left = pace_expected(&session->pace, &here);
	progress.work = pace_work_left(&session->pace, &running, &here);
	if (progress.work >= 0)
		progress.eta = progress.work * pace_slowness(&session->pace)
			* plan_reach(&session->plan, session->atlas,
				progress.wanted - progress.done);
	return progress;
}
