/*
 * Parts of large deflated members, from any thread. The first that is asked
 * for looks for the member's restart points in the cache on disk; where there
 * are none, a thread makes them in one pass, and whoever asks for bytes that
 * the pass has not reached waits for it. Where reading went on to is kept, so
 * that channels in their order cost their own size.
 *
 * Going through the layers of a dump leaves a pass behind in each: those that
 * somebody waits for go first, in whatever store, and of the others one at a
 * time.
 */
#ifndef CORE_RESTART_MEMBER_H
#define CORE_RESTART_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct cache;
struct restart_members;
struct store;
struct store_member;

/* The large members of a store. */
struct restart_members *restart_members_new(void);
/* Ends passes that are running. Nobody reads any more. NULL is fine. */
void restart_members_free(struct restart_members *all);

/* Where to keep restart points (NULL: nowhere), and for how many seconds a
 * reader waits (INFINITY unless set); before the first reading. */
void restart_members_set(struct restart_members *all, struct cache *cache,
	double patience);

/* n inflated bytes from offset of a member that begins at byte `begin` of the
 * file. STATUS_FORMAT as soon as the pass finds it damaged; STATUS_CANCELLED
 * where it waited in vain, or after restart_members_stop. */
enum status restart_members_read(struct restart_members *all, void *out,
	uint64_t offset, size_t n, const struct store *store,
	const struct store_member *member, uint64_t begin);

/* Nobody waits any longer, and every later reading that would is refused. */
void restart_members_stop(struct restart_members *all);

/* Waits, so many seconds at most, until passes that were stopped have kept
 * what they found. */
void restart_members_end(struct restart_members *all, double seconds);

/* The same where nobody stopped them: passes end and keep what they found,
 * and who waits for one waits on. For a program that is about to end. */
void restart_members_leave(struct restart_members *all, double seconds);

/* Adds inflated and all bytes of the members that a pass is running over. */
void restart_members_progress(struct restart_members *all, uint64_t *done,
	uint64_t *total);

#endif
