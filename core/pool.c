/*
 * One lock guards both lists; a worker holds it only to take or hand back a
 * job. Who puts the first job on the empty done list writes a byte into the
 * pipe, after the lock: so whoever the byte wakes does not run into it. Who
 * takes the list empties the pipe under the lock; a job that comes later has
 * its byte still to come, and a byte that comes late wakes for nothing.
 */
#include "core/pool.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/linalg.h"
#include "core/thread.h"
#include "core/util.h"

struct worker {
	struct pool *pool;
	pthread_t thread;
	bool express;                   /* takes urgent jobs alone */
	struct job *running;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work, urgent, finished;
	struct job *queue;              /* lowest priority value first */
	struct job *done, **done_end;   /* oldest first */
	size_t unfinished;              /* queued or running */
	bool closing;
	int wake[2];
	size_t worker_count;
	struct worker *workers;         /* and room for the express one */
};

static bool
is_urgent(const struct job *job)
{
	return job->priority <= 0;
}

/* With the lock held; true when it is wake()'s turn without it. */
static bool
finish(struct pool *pool, struct job *job)
{
	bool first = !pool->done;

	job->next = NULL;
	*pool->done_end = job;
	pool->done_end = &job->next;
	pool->unfinished--;
	pthread_cond_broadcast(&pool->finished);
	return first;
}

static void
wake(struct pool *pool)
{
	if (write(pool->wake[1], "", 1) < 0) {
		/* A full pipe wakes just as well. */
	}
}

static bool
has_work(const struct worker *worker)
{
	const struct job *first = worker->pool->queue;

	return first && (!worker->express || is_urgent(first));
}

static struct job *
take(struct worker *worker)
{
	struct pool *pool = worker->pool;
	struct job *job;

	pthread_mutex_lock(&pool->lock);
	while (!has_work(worker) && !pool->closing)
		pthread_cond_wait(worker->express ? &pool->urgent
			: &pool->work, &pool->lock);
	job = pool->closing ? NULL : pool->queue;
	if (job)
		pool->queue = job->next;
	worker->running = job;
	pthread_mutex_unlock(&pool->lock);
	return job;
}

static void *
worker_main(void *payload)
{
	struct worker *worker = payload;
	struct pool *pool = worker->pool;
	struct workspace *work = workspace_new();
	struct job *job;
	bool first;

	while ((job = take(worker))) {
		job->run(job, work);
		pthread_mutex_lock(&pool->lock);
		worker->running = NULL;
		first = finish(pool, job);
		pthread_mutex_unlock(&pool->lock);
		if (first)
			wake(pool);
	}
	workspace_free(work);
	return NULL;
}

static bool
open_wake(int wake[2])
{
	if (pipe(wake))
		return false;
	for (int k = 0; k < 2; k++) {
		fcntl(wake[k], F_SETFD, FD_CLOEXEC);
		fcntl(wake[k], F_SETFL, O_NONBLOCK);
	}
	return true;
}

static bool
start_worker(struct pool *pool, bool express)
{
	struct worker *worker = &pool->workers[pool->worker_count];
	bool started;

	worker->pool = pool;
	worker->express = express;
	started = thread_start(&worker->thread, worker_main, worker);
	pool->worker_count += started;
	return started;
}

struct pool *
pool_new(size_t threads)
{
	struct pool *pool = xcalloc(1, sizeof *pool);

	if (!open_wake(pool->wake)) {
		free(pool);
		return NULL;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->urgent, NULL);
	pthread_cond_init(&pool->finished, NULL);
	pool->done_end = &pool->done;
	pool->workers = xcalloc(threads + 1, sizeof *pool->workers);
	while (pool->worker_count < threads && start_worker(pool, false))
		continue;
	if (!pool->worker_count) {
		pool_free(pool, NULL);
		return NULL;
	}
	return pool;
}

bool
pool_add_express(struct pool *pool)
{
	return start_worker(pool, true);
}

static void
free_jobs(struct job *job, void (*free_job)(struct job *job))
{
	while (job) {
		struct job *next = job->next;

		free_job(job);
		job = next;
	}
}

/* With the lock held. */
static void
begin_closing(struct pool *pool)
{
	pool->closing = true;
	for (size_t k = 0; k < pool->worker_count; k++)
		if (pool->workers[k].running)
			atomic_store(&pool->workers[k].running->cancel, true);
	pthread_cond_broadcast(&pool->work);
	pthread_cond_broadcast(&pool->urgent);
}

static bool
is_running(const struct pool *pool)
{
	for (size_t k = 0; k < pool->worker_count; k++)
		if (pool->workers[k].running)
			return true;
	return false;
}

bool
pool_stop(struct pool *pool, double seconds)
{
	double end = clock_seconds(CLOCK_REALTIME) + seconds;
	struct timespec until = { (time_t)end,
		(long)((end - floor(end)) * 1e9) };
	bool in_time = true, running;

	pthread_mutex_lock(&pool->lock);
	begin_closing(pool);
	while ((running = is_running(pool)) && in_time)
		in_time = !pthread_cond_timedwait(&pool->finished,
			&pool->lock, &until);
	pthread_mutex_unlock(&pool->lock);
	return !running;
}

void
pool_free(struct pool *pool, void (*free_job)(struct job *job))
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	begin_closing(pool);
	pthread_mutex_unlock(&pool->lock);
	for (size_t k = 0; k < pool->worker_count; k++)
		pthread_join(pool->workers[k].thread, NULL);
	free_jobs(pool->queue, free_job);
	free_jobs(pool->done, free_job);
	close(pool->wake[0]);
	close(pool->wake[1]);
	pthread_cond_destroy(&pool->work);
	pthread_cond_destroy(&pool->urgent);
	pthread_cond_destroy(&pool->finished);
	pthread_mutex_destroy(&pool->lock);
	free(pool->workers);
	free(pool);
}

void
pool_submit(struct pool *pool, struct job *job)
{
	struct job **place;

	pthread_mutex_lock(&pool->lock);
	place = &pool->queue;
	while (*place && (*place)->priority <= job->priority)
		place = &(*place)->next;
	job->next = *place;
	*place = job;
	pool->unfinished++;
	pthread_cond_signal(&pool->work);
	if (is_urgent(job))
		pthread_cond_signal(&pool->urgent);
	pthread_mutex_unlock(&pool->lock);
}

void
pool_cancel(struct pool *pool, struct job *job)
{
	struct job **place;
	bool first = false;

	pthread_mutex_lock(&pool->lock);
	atomic_store(&job->cancel, true);
	place = &pool->queue;
	while (*place && *place != job)
		place = &(*place)->next;
	if (*place) {
		*place = job->next;
		first = finish(pool, job);
	}
	pthread_mutex_unlock(&pool->lock);
	if (first)
		wake(pool);
}

/* With the lock held. */
static struct job *
collect(struct pool *pool)
{
	struct job *jobs = pool->done;
	char bytes[16];

	pool->done = NULL;
	pool->done_end = &pool->done;
	while (read(pool->wake[0], bytes, sizeof bytes) > 0)
		continue;
	return jobs;
}

struct job *
pool_collect(struct pool *pool)
{
	struct job *jobs;

	pthread_mutex_lock(&pool->lock);
	jobs = collect(pool);
	pthread_mutex_unlock(&pool->lock);
	return jobs;
}

struct job *
pool_wait(struct pool *pool)
{
	struct job *jobs;

	pthread_mutex_lock(&pool->lock);
	while (!pool->done && pool->unfinished)
		pthread_cond_wait(&pool->finished, &pool->lock);
	jobs = collect(pool);
	pthread_mutex_unlock(&pool->lock);
	return jobs;
}

int
pool_fd(const struct pool *pool)
{
	return pool->wake[0];
}
