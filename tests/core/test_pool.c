/*
 * The pool under load: every job comes back once, whatever is cancelled. Run
 * under the thread sanitizer by ./bootstrap check.
 */
#include <poll.h>
#include <sched.h>
#include <stdlib.h>

#include "core/pool.h"
#include "core/util.h"
#include "tests/tap.h"

enum { JOBS = 2000 };

struct counted {
	struct job job;
	int runs;
	int collected;
	volatile double sink;
};

static void
run(struct job *job, struct workspace *work)
{
	struct counted *counted = (struct counted *)job;

	(void)work;
	counted->runs++;
	for (int k = 0; k < 500 && !atomic_load(&job->cancel); k++)
		counted->sink += k;
}

static void
keep(struct job *job)
{
	((struct counted *)job)->collected++;
}

static size_t
count_all(struct job *job)
{
	size_t n = 0;

	for (; job; n++) {
		struct job *next = job->next;

		keep(job);
		job = next;
	}
	return n;
}

static void
test_all_come_back(void)
{
	struct counted *jobs = xcalloc(JOBS, sizeof *jobs);
	struct pool *pool = pool_new(4);
	size_t back = 0, runs = 0;
	bool once = pool_add_express(pool);

	for (size_t k = 0; k < JOBS; k++) {
		jobs[k].job.run = run;
		jobs[k].job.priority = (double)(k % 7);
		pool_submit(pool, &jobs[k].job);
		if (k % 3 == 0)
			pool_cancel(pool, &jobs[k].job);
		if (k % 50 == 0)
			back += count_all(pool_collect(pool));
	}
	while (back < JOBS)
		back += count_all(pool_wait(pool));
	for (size_t k = 0; k < JOBS; k++) {
		once &= jobs[k].collected == 1 && jobs[k].runs <= 1;
		runs += (size_t)jobs[k].runs;
	}
	ok(back == JOBS && once, "every job comes back exactly once");
	ok(runs >= JOBS - JOBS / 3 - 1, "and ran, unless cancelled");
	ok(!pool_wait(pool), "waiting for nothing returns");
	pool_free(pool, keep);
	free(jobs);
}

static void
test_wakes(void)
{
	struct counted job = { .job = { .run = run } };
	struct pool *pool = pool_new(1);
	struct pollfd ready = { .fd = pool_fd(pool), .events = POLLIN };

	ok(poll(&ready, 1, 0) == 0, "nothing to collect: not readable");
	pool_submit(pool, &job.job);
	ok(poll(&ready, 1, 20000) == 1, "a finished job makes it readable");
	ok(count_all(pool_collect(pool)) == 1, "and is collected");
	ok(poll(&ready, 1, 0) == 0, "after which it is quiet again");
	pool_free(pool, keep);
}

static void
test_free_early(void)
{
	struct counted *jobs = xcalloc(JOBS, sizeof *jobs);
	struct pool *pool = pool_new(2);
	bool once = true;

	for (size_t k = 0; k < JOBS; k++) {
		jobs[k].job.run = run;
		pool_submit(pool, &jobs[k].job);
	}
	pool_free(pool, keep);
	for (size_t k = 0; k < JOBS; k++)
		once &= jobs[k].collected == 1;
	ok(once, "closing with work waiting hands every job back");
	free(jobs);
}

/* Ends when it is told to. */
static void
run_until(struct job *job, struct workspace *work)
{
	(void)work;
	((struct counted *)job)->runs++;
	while (!atomic_load(&job->cancel))
		sched_yield();
}

/* Urgent jobs come back while all workers have one that does not end, and
 * while another of those waits. */
static void
test_express(void)
{
	struct counted slow[3] = { 0 }, urgent = { 0 };
	struct pool *pool = pool_new(2);

	ok(pool_add_express(pool), "an express thread");
	for (size_t k = 0; k < LENGTH(slow); k++) {
		slow[k].job.run = run_until;
		slow[k].job.priority = 1;
		pool_submit(pool, &slow[k].job);
	}
	urgent.job.run = run;
	for (int k = 0; k < 100; k++) {
		pool_submit(pool, &urgent.job);
		count_all(pool_wait(pool));
	}
	ok(urgent.runs == 100, "what is urgent does not wait");
	for (size_t k = 0; k < LENGTH(slow); k++)
		pool_cancel(pool, &slow[k].job);
	for (size_t back = 0; back < LENGTH(slow);)
		back += count_all(pool_wait(pool));
	ok(slow[0].runs + slow[1].runs + slow[2].runs <= 2,
		"and the express thread runs nothing else");
	pool_free(pool, keep);
}

static atomic_bool has_begun, may_end;

/* Heeds its cancel as little as a factorisation does. */
static void
run_on(struct job *job, struct workspace *work)
{
	(void)work;
	atomic_store(&has_begun, true);
	while (!atomic_load(&may_end))
		sched_yield();
	((struct counted *)job)->runs++;
}

static void
test_stop(void)
{
	struct counted jobs[2] = { { .job = { .run = run_on } },
		{ .job = { .run = run_on } } };
	struct pool *pool = pool_new(1);
	bool early;

	pool_submit(pool, &jobs[0].job);
	pool_submit(pool, &jobs[1].job);
	while (!atomic_load(&has_begun))
		sched_yield();
	early = pool_stop(pool, 0.01);
	atomic_store(&may_end, true);
	ok(!early && pool_stop(pool, 1000) && jobs[0].runs == 1
		&& !jobs[1].runs, "a pool is stopped once nothing runs, and "
		"says so where something does");
	pool_free(pool, keep);
	ok(jobs[0].collected == 1 && jobs[1].collected == 1,
		"and hands its jobs back");
}

int
main(void)
{
	test_all_come_back();
	test_wakes();
	test_free_early();
	test_express();
	test_stop();
	return done();
}
