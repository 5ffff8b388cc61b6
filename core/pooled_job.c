#include "core/pooled_job.h"

#include <stdlib.h>

#include "core/operator_share.h"
#include "core/pooled.h"
#include "core/session_operators.h"
#include "core/util.h"

enum { KEPT = 4 };

/* Then the screen sees what there is so far. */
static const double turn_seconds = 0.2;

/* Before all cells, even the cursor's: there is no other way to see T. */
static const double priority = -1;

struct pooled_job {
	struct job job;
	struct operator_share *share;   /* joined */
	struct pooled *pooled;          /* the worker's until collected */
	enum status status;
	struct picture *picture;        /* NULL: no longer looked at */
};

struct picture {
	bool wanted;
	struct pooled_request request;
	struct pooled_job *job;         /* in flight, or NULL */
	struct pooled *shown;           /* so far, or all of it; or NULL */
};

struct pictures {
	struct picture now[SESSION_PICTURES];
	struct pooled *kept[KEPT];      /* whole; the latest first */
	size_t in_flight;
};

struct pictures *
pictures_new(void)
{
	return xcalloc(1, sizeof(struct pictures));
}

void
pictures_free(struct pictures *pictures)
{
	if (!pictures)
		return;
	for (size_t k = 0; k < SESSION_PICTURES; k++)
		pooled_free(pictures->now[k].shown);
	for (size_t k = 0; k < KEPT; k++)
		pooled_free(pictures->kept[k]);
	free(pictures);
}

static void
run(struct job *base, struct workspace *work)
{
	struct pooled_job *job = (struct pooled_job *)base;
	const struct operator *op = NULL;

	job->status = operator_share_open(&op, job->share);
	if (job->status == STATUS_OK)
		job->status = pooled_work(job->pooled, op, work,
			&job->job.cancel, turn_seconds);
	if (job->status != STATUS_OK && job->status != STATUS_CANCELLED
	    && !job->pooled->error)
		job->pooled->error = xstrdup(status_text());
}

bool
pooled_job_is(const struct job *job)
{
	return job->run == run;
}

void
pooled_job_free(struct job *base)
{
	struct pooled_job *job = (struct pooled_job *)base;

	operator_share_leave(job->share);
	pooled_free(job->pooled);
	free(job);
}

/* The oldest of those kept goes. */
static void
keep(struct pictures *pictures, struct pooled *pooled)
{
	if (!pooled || pooled->left || pooled->error) {
		pooled_free(pooled);
		return;
	}
	pooled_free(pictures->kept[KEPT - 1]);
	for (size_t k = KEPT - 1; k > 0; k--)
		pictures->kept[k] = pictures->kept[k - 1];
	pictures->kept[0] = pooled;
}

static struct pooled *
take_kept(struct pictures *pictures, const struct pooled_request *request)
{
	for (size_t k = 0; k < KEPT; k++) {
		struct pooled *pooled = pictures->kept[k];

		if (pooled && pooled_same(&pooled->request, request)) {
			pictures->kept[k] = NULL;
			return pooled;
		}
	}
	return NULL;
}

static void
leave(struct pictures *pictures, struct pool *pool, struct picture *picture)
{
	if (picture->job) {
		picture->job->picture = NULL;
		pool_cancel(pool, &picture->job->job);
	}
	picture->job = NULL;
	keep(pictures, picture->shown);
	picture->shown = NULL;
	picture->wanted = false;
}

static void
start(struct pictures *pictures, struct pool *pool,
	struct session_operators *operators, struct picture *picture)
{
	const struct pooled_request *request = &picture->request;
	struct pooled_job *job;
	struct pooled *pooled;

	if (pooled_new(&pooled, request) != STATUS_OK)
		return;
	job = xcalloc(1, sizeof *job);
	job->job.run = run;
	job->job.priority = priority;
	job->pooled = pooled;
	job->share = session_operators_join(operators, request->layer,
		request->channel);
	/* What a job never run comes back with. */
	job->status = STATUS_CANCELLED;
	job->picture = picture;
	picture->job = job;
	pictures->in_flight++;
	pool_submit(pool, &job->job);
}

void
pictures_look(struct pictures *pictures, struct pool *pool,
	struct session_operators *operators, enum session_picture which,
	const struct pooled_request *request)
{
	struct picture *picture = &pictures->now[which];

	if (!request) {
		leave(pictures, pool, picture);
		return;
	}
	if (picture->wanted && pooled_same(&picture->request, request))
		return;
	leave(pictures, pool, picture);
	picture->wanted = true;
	picture->request = *request;
	picture->shown = take_kept(pictures, request);
	if (!picture->shown)
		start(pictures, pool, operators, picture);
}

const struct pooled *
pictures_get(const struct pictures *pictures, enum session_picture which)
{
	return pictures->now[which].shown;
}

bool
pictures_busy(const struct pictures *pictures)
{
	return pictures->in_flight > 0;
}

/* Shows what there is, and submits the rest of it. */
static void
go_on(struct pictures *pictures, struct pool *pool, struct pooled_job *job)
{
	struct picture *picture = job->picture;

	pooled_free(picture->shown);
	picture->shown = NULL;
	if (pooled_copy(&picture->shown, job->pooled) != STATUS_OK)
		picture->shown = NULL;
	pictures->in_flight++;
	pool_submit(pool, &job->job);
}

static void
take_in(struct pictures *pictures, struct pool *pool, struct pooled_job *job,
	bool *news)
{
	struct picture *picture = job->picture;

	pictures->in_flight--;
	if (!picture) {
		pooled_job_free(&job->job);
		return;
	}
	*news = true;
	if (job->status == STATUS_OK && job->pooled->left) {
		go_on(pictures, pool, job);
		return;
	}
	pooled_free(picture->shown);
	picture->shown = job->pooled;
	picture->job = NULL;
	job->pooled = NULL;
	pooled_job_free(&job->job);
}

struct job *
pictures_collect(struct pictures *pictures, struct pool *pool,
	struct job *jobs, bool *news)
{
	struct job **at = &jobs, *job;

	while ((job = *at)) {
		if (!pooled_job_is(job)) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		take_in(pictures, pool, (struct pooled_job *)job, news);
	}
	return jobs;
}
