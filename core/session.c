/*
 * Keeps a few jobs more than workers in flight, made from the plan as others
 * finish, so that a change of focus takes effect at once.
 */
#include "core/session.h"

#include "core/atlas.h"
#include "core/cache_job.h"
#include "core/certificates.h"
#include "core/clock.h"
#include "core/packed.h"
#include "core/pool.h"
#include "core/pooled_job.h"
#include "core/session_job.h"
#include "core/session_operators.h"
#include "core/session_parts.h"
#include "core/util.h"

/* A job expected to end sooner is not worth cancelling for the cursor. */
static const double soon = 0.05;

/* Jobs wait for each worker until they are so many seconds of work: longer
 * than this thread may be busy drawing. But no more than so many. */
static const double ahead_seconds = 0.1;
enum { AHEAD_MOST = 32 };

/* Channels on their way to disk that need not hurry. */
enum { WRITES_WAITING = 8 };

static double
now(void)
{
	return clock_seconds(CLOCK_MONOTONIC);
}

/* CPU seconds of all threads but this one. */
static double
workers_clock(void)
{
	return clock_seconds(CLOCK_PROCESS_CPUTIME_ID)
		- clock_seconds(CLOCK_THREAD_CPUTIME_ID);
}

/* Submitted, and neither cancelled nor, if at once is asked, behind others? */
static bool
is_coming(const struct session_job *cells, const struct layer *layer,
	size_t channel, bool at_once)
{
	return cells->item.layer == layer && cells->item.channel == channel
		&& (!at_once || cells->item.phase == PLAN_CURSOR)
		&& !atomic_load(&cells->job.cancel);
}

static void
mark_in_flight(void *payload, const struct layer *layer, size_t channel,
	bool at_once, uint64_t *bits)
{
	const struct session *session = payload;

	for (struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		if (is_coming(cells, layer, channel, at_once))
			session_job_mark(cells, bits);
}

static bool
any_in_flight(void *payload, const struct layer *layer, size_t channel)
{
	const struct session *session = payload;

	for (const struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		if (cells->item.layer == layer
			&& cells->item.channel == channel)
			return true;
	return false;
}

static bool
is_certain(void *payload, const struct layer *layer, size_t channel,
	size_t position)
{
	struct session *session = payload;
	struct count_bounds bounds;

	if (session->asked.known.layer != layer
		|| session->asked_channel != channel)
		session->asked = (struct gap){ 0 };
	session->asked_channel = channel;
	session_neighbours(session, &session->asked, layer, channel, position);
	bounds = interlacing_count(&session->asked.known, position,
		session->plan.focus.tolerance);
	return bounds.low == bounds.high;
}

static struct plan_known
what_is_known(struct session *session)
{
	session->asked = (struct gap){ 0 };
	return (struct plan_known){ session->atlas, any_in_flight,
		mark_in_flight, is_certain, session };
}

/* One job brings a channel's norms; the others need not. */
static bool
wants_norms(const struct session *session, const struct plan_item *item)
{
	for (const struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		if (cells->wants_norms && cells->item.layer == item->layer
			&& cells->item.channel == item->channel)
			return false;
	return certificates_wanted(session->certificates, item->layer,
		item->channel);
}

static void
submit(struct session *session, struct plan_item item)
{
	struct session_job *cells;

	cells = session_job_new(item, session_operators_join(
		session->operators, item.layer, item.channel), session->choice,
		item.phase != PLAN_CURSOR && wants_norms(session, &item));
	if (!atlas_known(session->atlas, item.layer, item.channel))
		cells->cache = session->cache;
	cells->block_most = atlas_block_most(session->atlas);
	cells->window = session->windows;
	cells->next = session->in_flight;
	session->in_flight = cells;
	session->in_flight_count++;
	pool_submit(session->pool, &cells->job);
}

/* What the channels of jobs in flight hold, or will: each once, or as often as
 * there are jobs of it, which is quick to say. */
static size_t
bytes_in_flight(const struct session *session, bool once)
{
	size_t bytes = 0;

	for (const struct session_job *cells = session->in_flight; cells;
		cells = cells->next) {
		const struct session_job *other = once ? session->in_flight
			: cells;

		while (other->share != cells->share)
			other = other->next;
		if (other == cells)
			bytes += layer_channel_bytes(cells->item.layer);
	}
	return bytes;
}

/* Is there work for every worker, and more for when it is done? */
static bool
enough(const struct session *session)
{
	double seconds = 0;

	if (bytes_in_flight(session, false) >= CHANNELS_BYTES_MOST
	    && bytes_in_flight(session, true) >= CHANNELS_BYTES_MOST)
		return true;
	if (session->in_flight_count < 2 * session->threads)
		return false;
	if (session->in_flight_count >= AHEAD_MOST * session->threads)
		return true;
	for (const struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		if (!atomic_load(&cells->started))
			seconds += cells->expected;
	return seconds >= ahead_seconds * (double)session->threads;
}

/* Keeps every worker busy; the cursor's cell is always taken. */
static void
refill(struct session *session)
{
	struct plan_known known = what_is_known(session);
	enum plan_answer answer = session->stopped ? PLAN_NOTHING : PLAN_ITEM;
	struct plan_item item;

	while (answer == PLAN_ITEM
		&& (session->plan.cursor || session->plan.beside_cursor
			|| !enough(session))) {
		answer = plan_next(&session->plan, known, &item);
		if (answer == PLAN_ITEM)
			submit(session, item);
	}
	session->plan_pending = answer != PLAN_NOTHING;
}

/* Any cell of it on the screen? */
static bool
is_visible(const struct session_job *cells, const struct session_focus *focus)
{
	const struct plan_item *item = &cells->item;

	if ((item->layer != focus->layer && item->layer != focus->beside)
	    || item->channel < focus->channel_begin
	    || item->channel >= focus->channel_end)
		return false;
	return session_job_touches(cells, focus->position_begin,
		focus->position_end);
}

static void
cancel_unseen(struct session *session)
{
	for (struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		if (!is_visible(cells, &session->plan.focus))
			pool_cancel(session->pool, &cells->job);
}

/* The cursor's cell is there, or fails, or is on its way. */
static bool
cursor_served(const struct session *session)
{
	const struct session_focus *focus = &session->plan.focus;

	for (const struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		if (is_coming(cells, focus->layer, focus->channel, true)
		    && session_job_holds(cells, focus->position))
			return true;
	return atlas_holds(session->atlas, focus->layer, focus->channel,
		focus->position) || atlas_failure(session->atlas, focus->layer,
		focus->channel);
}

/* The cursor's cell is not to wait for where the cursor was, nor for a long
 * job: where all workers have one, the least needed ends after its present
 * factorisation. */
static void
make_room(struct session *session)
{
	struct session_job *least = NULL;
	size_t running = 0;

	if (cursor_served(session))
		return;
	for (struct session_job *cells = session->in_flight; cells;
		cells = cells->next) {
		bool started = atomic_load(&cells->started);

		if (atomic_load(&cells->job.cancel))
			continue;
		if (cells->item.phase == PLAN_CURSOR
			&& (!started || cells->expected > soon)) {
			pool_cancel(session->pool, &cells->job);
			continue;
		}
		running += started;
		if (started && cells->expected > soon && (!least
			|| cells->item.phase >= least->item.phase))
			least = cells;
	}
	if (least && running >= session->threads + session->express)
		pool_cancel(session->pool, &least->job);
}

/* Seconds of the clock and of workers' CPUs that went by since the last time,
 * or since there was something to do. */
static void
keep_time(struct session *session, size_t cells)
{
	double time = now(), worked = workers_clock();

	if (session->busy)
		pace_pass(&session->pace, time - session->clock,
			worked - session->worked, cells);
	session->clock = time;
	session->worked = worked;
	session->busy = session->in_flight_count > 0;
}

static bool
same_focus(const struct session_focus *a, const struct session_focus *b)
{
	return plan_same_window(a, b) && a->channel == b->channel
		&& a->position == b->position && a->counts == b->counts
		&& tolerance_equal(a->tolerance, b->tolerance);
}

void
session_look(struct session *session, const struct session_focus *focus)
{
	struct session_focus last = session->plan.focus;

	if (same_focus(&last, focus))
		return;
	session->stopped = false;
	plan_look(&session->plan, focus);
	if (!plan_same_window(&last, focus)) {
		session->windows++;
		cancel_unseen(session);
	}
	if (last.layer != focus->layer) {
		certificates_look(session->certificates, focus->layer);
		pace_layer(&session->pace, focus->layer, session->atlas);
	}
	make_room(session);
	atlas_look(session->atlas, (struct atlas_view){ focus->layer,
		focus->channel_begin, focus->channel_end, focus->channel });
	for (size_t c = focus->channel_begin; c < focus->channel_end; c++) {
		if (focus->beside && c < focus->beside->channels)
			atlas_touch(session->atlas, focus->beside, c);
		atlas_touch(session->atlas, focus->layer, c);
	}
	refill(session);
	if (!session->busy)
		keep_time(session, 0);
}

void
session_stop(struct session *session)
{
	for (struct session_job *cells = session->in_flight; cells;
		cells = cells->next)
		pool_cancel(session->pool, &cells->job);
	session->stopped |= session->in_flight_count || session->plan_pending;
	session->plan_pending = false;
}

static void
take_off(struct session *session, const struct session_job *cells)
{
	struct session_job **at = &session->in_flight;

	while (*at != cells)
		at = &(*at)->next;
	*at = cells->next;
	session->in_flight_count--;
}

/* Only the cursor's cell may push out what is seen, and what came too late to
 * be seen nothing at all. Of a block that is too large by itself the atlas
 * keeps a part. */
static bool
worth_keeping(const struct session *session, const struct session_job *cells,
	const struct packed *block)
{
	const struct session_focus *focus = &session->plan.focus;
	const struct plan_item *item = &cells->item;
	size_t budget = atlas_budget(session->atlas);
	size_t bytes = item->layer->length + packed_bytes(block->count,
		block->value_count);

	if (!is_visible(cells, focus))
		return atlas_bytes(session->atlas) + bytes < budget;
	return (item->phase == PLAN_CURSOR && item->channel == focus->channel
		&& session_job_holds(cells, focus->position))
		|| atlas_seen_bytes(session->atlas)
			+ size_min(bytes, budget / 4 * 3) < budget;
}

/* With many under way they take turns with what is visible, as each holds
 * spectra that the atlas may long have dropped. */
static void
save(struct session *session, const struct plan_item *item, double seconds)
{
	struct job *job = session->cache ? cache_job_new(session->cache,
		session->atlas, item->layer, item->channel, seconds) : NULL;

	if (!job)
		return;
	job->priority = session->writes < WRITES_WAITING ? PLAN_LAYER
		: PLAN_VISIBLE;
	session->writes++;
	pool_submit(session->pool, job);
}

/* Takes over the block; returns how many cells of it were not known. */
static size_t
put(struct session *session, const struct session_job *cells,
	struct packed **block)
{
	const struct plan_item *item = &cells->item;
	size_t before = atlas_known(session->atlas, item->layer, item->channel);
	size_t after;

	if (!*block)
		return 0;
	if (!worth_keeping(session, cells, *block)) {
		if (cells->window == session->windows)
			plan_close(&session->plan, item->phase < PLAN_LAYER
				? PLAN_VISIBLE : PLAN_LAYER);
		return 0;
	}
	atlas_put(session->atlas, item->layer, item->channel, *block);
	*block = NULL;
	after = atlas_known(session->atlas, item->layer, item->channel);
	return after > before ? after - before : 0;
}

static void
take_in(struct session *session, struct session_job *cells)
{
	const struct plan_item *item = &cells->item;
	bool cut = session_job_short(cells);
	size_t new;

	if (cells->norms) {
		certificates_put(session->certificates, item->layer,
			item->channel, cells->norms);
		session->norms++;
	}
	cells->norms = NULL;
	session->recalled += put(session, cells, &cells->recalled);
	pace_learn(&session->pace, &cells->meter);
	/* A full atlas thins large blocks out: what was planned for another
	 * window may have been part of one, and is now wanted by itself. */
	new = put(session, cells, &cells->found);
	cut |= new < cells->left && cells->window != session->windows;
	session->computed += new;
	if (new)
		save(session, item, cells->worked);
	if (cells->status != STATUS_OK && cells->status != STATUS_CANCELLED)
		atlas_fail(session->atlas, item->layer, item->channel,
			cells->error);
	else if (cut)
		plan_again(&session->plan, item->layer);
}

/* What is left of the layer looked at, after these jobs. Where the atlas is
 * nearly full any channel may have been dropped. */
static void
count_left(struct session *session, const struct job *jobs)
{
	const struct layer *layer = session->pace.layer;

	if (!layer)
		return;
	for (; jobs; jobs = jobs->next) {
		const struct plan_item *item
			= &((const struct session_job *)jobs)->item;

		if (!cache_job_is(jobs) && item->layer == layer)
			pace_refresh(&session->pace, session->atlas,
				item->channel);
	}
	if (atlas_bytes(session->atlas) > atlas_budget(session->atlas) / 2)
		for (size_t c = 0; c < layer->channels; c++)
			pace_refresh(&session->pace, session->atlas, c);
}

bool
session_collect(struct session *session)
{
	struct job *jobs = pool_collect(session->pool), *next;
	size_t before = session->computed;
	bool news = false;

	jobs = pictures_collect(session->pictures, session->pool, jobs, &news);
	for (struct job *job = jobs; job; job = job->next) {
		if (cache_job_is(job)) {
			session->writes--;
			continue;
		}
		take_off(session, (struct session_job *)job);
		take_in(session, (struct session_job *)job);
		news = true;
	}
	count_left(session, jobs);
	for (struct job *job = jobs; job; job = next) {
		next = job->next;
		session_any_job_free(job);
	}
	refill(session);
	keep_time(session, session->computed - before);
	return news;
}
