/*
 * One mutex a store guards everything here but cursors that are in use and
 * the pass itself, which only takes it to publish. A member's table is added
 * to by its pass alone; readers copy the window they want under the mutex.
 */
#include "core/restart_member.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/cache.h"
#include "core/cache_key.h"
#include "core/restart.h"
#include "core/source.h"
#include "core/store.h"
#include "core/thread.h"
#include "core/util.h"

/* Idle cursors a member, and members of a store that have any: a cursor is
 * 100 kB. */
enum { CURSORS = 4, MEMBERS = 8 };

/* A pass that nobody waits for looks so often whether it may go on. */
static const struct timespec turn = { 0, 10000000 };

/* Of all stores: who waits for a pass, and whether one that nobody waits for
 * has its turn. */
static atomic_uint waiting;
static atomic_bool behind;

struct member {
	const struct store_member *member;      /* the key */
	struct restart_members *all;
	struct deflated deflated;
	bool keyed;
	unsigned char key[SHA256_SIZE];
	struct restarts restarts;
	uint64_t at;                    /* the pass has been through so much */
	bool running, done, ended;      /* ended: and has kept its points */
	unsigned waiters;
	enum status status;             /* of a pass that failed, */
	char *sentence;                 /* and why */
	pthread_t thread;
	struct restart_cursor *cursors[CURSORS];        /* idle ones; last used first */
	struct member *next;
};

struct restart_members {
	pthread_mutex_t mutex;
	pthread_cond_t moved;           /* a pass, or stop */
	struct member *first;           /* used last */
	struct cache *cache;
	double patience;                /* seconds */
	bool stop;
	bool leave;                     /* passes end; readers wait on */
};

struct restart_members *
restart_members_new(void)
{
	struct restart_members *all = xcalloc(1, sizeof *all);

	pthread_condattr_t steady;

	pthread_mutex_init(&all->mutex, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&all->moved, &steady);
	pthread_condattr_destroy(&steady);
	all->patience = INFINITY;
	return all;
}

void
restart_members_set(struct restart_members *all, struct cache *cache,
	double patience)
{
	all->cache = cache;
	all->patience = patience;
}

void
restart_members_stop(struct restart_members *all)
{
	pthread_mutex_lock(&all->mutex);
	all->stop = true;
	pthread_cond_broadcast(&all->moved);
	pthread_mutex_unlock(&all->mutex);
}

static void
close_cursors(struct member *member)
{
	for (size_t k = 0; k < CURSORS; k++) {
		restart_cursor_close(member->cursors[k]);
		member->cursors[k] = NULL;
	}
}

void
restart_members_free(struct restart_members *all)
{
	if (!all)
		return;
	restart_members_stop(all);
	while (all->first) {
		struct member *member = all->first;

		all->first = member->next;
		if (member->running)
			pthread_join(member->thread, NULL);
		close_cursors(member);
		restarts_free(&member->restarts);
		free(member->sentence);
		free(member);
	}
	pthread_cond_destroy(&all->moved);
	pthread_mutex_destroy(&all->mutex);
	free(all);
}

static void
keep(const struct member *member)
{
	unsigned char *bytes;
	size_t size;

	if (!member->all->cache || !member->keyed)
		return;
	restarts_pack(&bytes, &size, &member->restarts, &member->deflated,
		member->key);
	cache_blob_write(member->all->cache, member->key, bytes, size);
	free(bytes);
}

/* What there is on disk, of a pass that came to its end or did not. */
static bool
recall(struct restarts *out, const struct member *member)
{
	struct cache *cache = member->all->cache;
	int fd = cache && member->keyed ? cache_blob_open(cache, member->key)
		: -1;
	bool right = fd >= 0 && restarts_unpack(out, fd, &member->deflated,
		member->key);

	if (fd >= 0 && !right)
		close(fd);
	return right;
}

/* Once they are on disk the windows need not be in memory, too. */
static void
let_go(struct member *member)
{
	struct restarts kept, made;

	if (!recall(&kept, member))
		return;
	if (!kept.whole) {      /* there was no room for this one */
		restarts_free(&kept);
		return;
	}
	pthread_mutex_lock(&member->all->mutex);
	made = member->restarts;
	member->restarts = kept;
	pthread_mutex_unlock(&member->all->mutex);
	restarts_free(&made);
}

/* Publishes how far the pass is; false: it should end. */
static bool
publish(struct member *member, uint64_t at, bool done, enum status code)
{
	struct restart_members *all = member->all;
	bool more;

	pthread_mutex_lock(&all->mutex);
	member->at = at;
	member->done = done;
	if (code) {
		member->status = code;
		member->sentence = xstrdup(status_text());
	}
	/* What is left at the end is nothing but to see that it is one. */
	more = (!(all->stop || all->leave) || at == member->deflated.bytes)
		&& !done && !code;
	pthread_cond_broadcast(&all->moved);
	pthread_mutex_unlock(&all->mutex);
	return more;
}

/* Whether somebody waits for this pass, or none for any and the others that
 * nobody waits for stand still: true until give_turn, and *aside set then. */
static bool
take_turn(struct member *member, bool *aside)
{
	struct restart_members *all = member->all;
	bool wanted;

	pthread_mutex_lock(&all->mutex);
	wanted = member->waiters || all->stop || all->leave;
	pthread_mutex_unlock(&all->mutex);
	*aside = !wanted;
	return wanted || (!atomic_load(&waiting)
		&& !atomic_exchange(&behind, true));
}

static void
give_turn(bool aside)
{
	if (aside)
		atomic_store(&behind, false);
}

static void *
run_pass(void *argument)
{
	struct member *member = argument;
	struct restart_pass *pass = NULL;
	enum status code = restart_pass_open(&pass, &member->deflated,
		&member->restarts);
	size_t before = member->restarts.count;
	uint64_t at = member->at;
	bool done = false, aside;

	do {
		while (!take_turn(member, &aside))
			nanosleep(&turn, NULL);
		if (!code)
			code = restart_pass_step(pass, &member->restarts, &at,
				&done);
		give_turn(aside);
	} while (publish(member, at, done, code));
	restart_pass_close(pass);
	/* Of one that was stopped: the next begins where this one ended. */
	if (done || (!code && member->restarts.count > before))
		keep(member);
	if (done)
		let_go(member);
	pthread_mutex_lock(&member->all->mutex);
	member->ended = true;
	pthread_cond_broadcast(&member->all->moved);
	pthread_mutex_unlock(&member->all->mutex);
	return NULL;
}

/* With the mutex held. */
static enum status
begin_pass(struct member *member)
{
	member->ended = false;
	member->restarts.lock = &member->all->mutex;
	member->running = thread_start(&member->thread, run_pass, member);
	if (!member->running) {
		restarts_free(&member->restarts);
		return status_set(STATUS_MEMORY, "no thread to inflate it");
	}
	return STATUS_OK;
}

/* With the mutex held: points from disk; the pass for what they lack. */
static enum status
begin(struct member *member, const struct store *store)
{
	struct restarts *restarts = &member->restarts;

	member->keyed = cache_key_member(member->key, store, member->member);
	if (!recall(restarts, member)) {
		restarts_start(restarts);
		return begin_pass(member);
	}
	if (restarts->whole) {
		member->at = member->deflated.bytes;
		member->done = true;
		return STATUS_OK;
	}
	if (restarts_gather(restarts)) {
		member->at = restarts->points[restarts->count - 1].at;
	} else {
		restarts_free(restarts);
		restarts_start(restarts);
	}
	return begin_pass(member);
}

/* The member, taken out of the list. */
static struct member *
take_member(struct restart_members *all, const struct store_member *wanted)
{
	struct member **link = &all->first, *member;

	while (*link && (*link)->member != wanted)
		link = &(*link)->next;
	member = *link;
	if (member)
		*link = member->next;
	return member;
}

/* To the front; what is too far behind then is unlikely to be read on. */
static void
put_member(struct restart_members *all, struct member *member)
{
	struct member *old = member;

	member->next = all->first;
	all->first = member;
	for (int k = 0; old && k < MEMBERS; k++)
		old = old->next;
	if (old)
		close_cursors(old);
}

/* With the mutex held. */
static enum status
settle(struct member **out, struct restart_members *all,
	const struct store *store, const struct store_member *wanted,
	uint64_t start)
{
	struct member *member = take_member(all, wanted);
	enum status code;

	if (!member) {
		member = xcalloc(1, sizeof *member);
		member->member = wanted;
		member->all = all;
		member->deflated = (struct deflated){ store->source, start,
			wanted->stored_bytes, wanted->bytes, wanted->crc };
		code = begin(member, store);
		if (code) {
			free(member);
			return code;
		}
	}
	put_member(all, member);
	*out = member;
	return STATUS_OK;
}

static struct timespec
deadline_in(double seconds)
{
	struct timespec t;
	double whole;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += (long)(modf(seconds, &whole) * 1e9);
	t.tv_sec += (time_t)whole + t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* With the mutex held: until something moved; false: after the deadline. */
static bool
wait_until(struct restart_members *all, const struct timespec *deadline)
{
	if (isinf(all->patience))
		return !pthread_cond_wait(&all->moved, &all->mutex);
	return !pthread_cond_timedwait(&all->moved, &all->mutex, deadline);
}

static bool
any_runs(const struct restart_members *all)
{
	for (const struct member *member = all->first; member;
		member = member->next)
		if (member->running && !member->ended)
			return true;
	return false;
}

void
restart_members_end(struct restart_members *all, double seconds)
{
	struct timespec deadline = deadline_in(seconds);

	pthread_mutex_lock(&all->mutex);
	while (any_runs(all) && !pthread_cond_timedwait(&all->moved,
		&all->mutex, &deadline))
		continue;
	pthread_mutex_unlock(&all->mutex);
}

void
restart_members_leave(struct restart_members *all, double seconds)
{
	pthread_mutex_lock(&all->mutex);
	all->leave = true;
	pthread_mutex_unlock(&all->mutex);
	restart_members_end(all, seconds);
}

/* With the mutex held: until the pass is behind `end`. */
static enum status
await(struct member *member, uint64_t end)
{
	struct restart_members *all = member->all;
	struct timespec deadline = { 0 };
	bool more = true;

	if (!isinf(all->patience))
		deadline = deadline_in(all->patience);
	member->waiters++;
	atomic_fetch_add(&waiting, 1);
	while (more && !member->done && !member->status && member->at < end
		&& !all->stop)
		more = wait_until(all, &deadline);
	atomic_fetch_sub(&waiting, 1);
	member->waiters--;
	if (member->status)
		return status_set(member->status, "%s", member->sentence);
	if (!member->done && member->at < end)
		return status_set(STATUS_CANCELLED, "no longer wanted");
	return STATUS_OK;
}

/* With the mutex held: a window of a file that was damaged since its points
 * were read. They are made anew; one of those who find out begins. */
static enum status
begin_anew(struct member *member)
{
	enum status code;

	if (member->restarts.fd < 0)
		return status_set(STATUS_MEMORY, "its restart points were "
			"overwritten in memory");
	/* The pass that made them has nothing left to do. */
	if (member->running)
		pthread_join(member->thread, NULL);
	restarts_free(&member->restarts);
	restarts_start(&member->restarts);
	member->at = 0;
	member->done = false;
	code = begin_pass(member);
	if (code) {             /* for all that wait, too */
		member->status = code;
		member->sentence = xstrdup(status_text());
	}
	return code;
}

/* With the mutex held, which is given up while inflating begins: a new cursor
 * at the last point before a byte, or NULL where there is no such point any
 * more. */
static enum status
new_cursor(struct restart_cursor **out, struct member *member,
	const struct restart_point *found)
{
	struct restart_members *all = member->all;
	struct restart_point point = *found;
	unsigned char *window = xmalloc(point.window_size + 1);
	enum status code;

	*out = NULL;
	if (!restarts_window(window, &member->restarts, &point)) {
		free(window);
		return begin_anew(member);
	}
	pthread_mutex_unlock(&all->mutex);
	code = restart_cursor_open(out, &member->deflated, &point, window);
	free(window);
	pthread_mutex_lock(&all->mutex);
	return code;
}

/* With the mutex held: the idle cursor nearest before a byte, if it saves
 * anything over the last point; taken out. */
static struct restart_cursor *
take_cursor(struct member *member, uint64_t at, uint64_t point)
{
	struct restart_cursor *best = NULL;
	size_t which = 0;

	for (size_t k = 0; k < CURSORS; k++) {
		struct restart_cursor *cursor = member->cursors[k];

		if (cursor && restart_cursor_at(cursor) <= at
			&& restart_cursor_at(cursor) >= point
			&& (!best || restart_cursor_at(cursor)
				> restart_cursor_at(best))) {
			best = cursor;
			which = k;
		}
	}
	if (best) {
		memmove(member->cursors + which, member->cursors + which + 1,
			(CURSORS - 1 - which) * sizeof *member->cursors);
		member->cursors[CURSORS - 1] = NULL;
	}
	return best;
}

static void
give_cursor(struct member *member, struct restart_cursor *cursor)
{
	restart_cursor_close(member->cursors[CURSORS - 1]);
	memmove(member->cursors + 1, member->cursors,
		(CURSORS - 1) * sizeof *member->cursors);
	member->cursors[0] = cursor;
}

/* With the mutex held, which is given up while inflating. */
static enum status
read_member(struct member *member, void *out, uint64_t offset, size_t n)
{
	struct restart_members *all = member->all;
	const struct restart_point *point;
	struct restart_cursor *cursor;
	enum status code;

	do {
		code = await(member, offset + n);
		if (code)
			return code;
		point = restarts_find(&member->restarts, offset);
		cursor = take_cursor(member, offset, point->at);
		if (!cursor)
			code = new_cursor(&cursor, member, point);
		if (code)
			return code;
	} while (!cursor);
	pthread_mutex_unlock(&all->mutex);
	code = restart_cursor_read(cursor, &member->deflated, out, offset,
		n);
	pthread_mutex_lock(&all->mutex);
	if (code)
		restart_cursor_close(cursor);
	else
		give_cursor(member, cursor);
	return code;
}

enum status
restart_members_read(struct restart_members *all, void *out, uint64_t offset,
	size_t n, const struct store *store, const struct store_member *wanted,
	uint64_t start)
{
	struct member *member = NULL;
	enum status code;

	if (offset > wanted->bytes || n > wanted->bytes - offset)
		return status_set(STATUS_FORMAT, "it ends too early");
	pthread_mutex_lock(&all->mutex);
	code = settle(&member, all, store, wanted, start);
	if (!code)
		code = read_member(member, out, offset, n);
	pthread_mutex_unlock(&all->mutex);
	return code;
}

void
restart_members_progress(struct restart_members *all, uint64_t *done,
	uint64_t *total)
{
	pthread_mutex_lock(&all->mutex);
	for (struct member *member = all->first; member; member = member->next)
		if (member->running && !member->done && !member->status) {
			*done += member->at;
			*total += member->deflated.bytes;
		}
	pthread_mutex_unlock(&all->mutex);
}
