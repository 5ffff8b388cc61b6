/*
 * Worker threads: jobs in by priority, finished jobs out on a list, and a
 * pipe that becomes readable when the list is no longer empty. Workers know
 * no screen; no lock is held while a job runs.
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct pool;
struct workspace;

/* Embedded first in what a user of the pool submits, and owned by that user
 * again once collected. */
struct job {
	void (*run)(struct job *job, struct workspace *work);
	double priority;                /* lower runs first */
	atomic_bool cancel;             /* set by pool_cancel; run() polls it */
	struct job *next;               /* the pool's */
};

/* threads >= 1, each with its own workspace. NULL if none could start. */
struct pool *pool_new(size_t threads);

/* One more thread, for jobs of priority 0 or less alone: these never wait for
 * others. At most once; false if it could not start. */
bool pool_add_express(struct pool *pool);

/* Cancels what runs and starts nothing more; false if something still runs
 * after so many seconds: then nothing of the pool may be freed, and the process
 * ends by _exit(2), for threads use what exit(3) tears down. */
bool pool_stop(struct pool *pool, double seconds);

/* Cancels what runs, drops what waits (free_job is called for both, and for
 * what was not collected), joins all threads. */
void pool_free(struct pool *pool, void (*free_job)(struct job *job));

void pool_submit(struct pool *pool, struct job *job);

/* Marks a submitted job as unwanted: one still queued is finished without
 * run(), with cancel set. Either way it is collected as any other. */
void pool_cancel(struct pool *pool, struct job *job);

/* The finished jobs, oldest first, or NULL; never waits. */
struct job *pool_collect(struct pool *pool);

/* As pool_collect, but waits for at least one while jobs are unfinished. */
struct job *pool_wait(struct pool *pool);

/* Readable while finished jobs wait to be collected. */
int pool_fd(const struct pool *pool);

#endif
