/*
 * The pool under load: every job comes back once, whatever is cancelled. Run
 * under the thread sanitizer by ./bootstrap check.
 */
#include <poll.h>
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
	bool once = true;

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

int
main(void)
{
	test_all_come_back();
	test_wakes();
	test_free_early();
	return done();
}
