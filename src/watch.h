/*
 * Files that change while they are looked at: a training run writes its next
 * checkpoint, or the same dump again. A thread asks for sizes and times once a
 * second (NFS has no inotify, and may take its time to answer) and, once they
 * have rested for a second, opens everything anew; the screen takes the session
 * when it is there and never waits. What cannot be opened yet is half-written:
 * it is tried again when it has changed.
 */
#ifndef SRC_WATCH_H
#define SRC_WATCH_H

#include <stddef.h>

#include "core/session.h"

struct watch;

enum watch_news {
	WATCH_NOTHING,
	WATCH_OPENED,           /* *session is the caller's now */
	WATCH_HALF,             /* changed, and cannot be opened: *sentence */
	WATCH_GONE,             /* a path is no more: *sentence */
};

/* NULL where there is nothing to watch. Before the first session_open: what
 * changes behind it is news. The paths are borrowed. */
struct watch *watch_start(char *const *paths, size_t count,
	struct session_options options);
void watch_stop(struct watch *watch);           /* NULL is fine */

/* Does not wait. *sentence is for free(). */
enum watch_news watch_take(struct watch *watch, struct session **session,
	char **sentence);

/* A session that is no longer shown: closing one waits for its workers. */
void watch_retire(struct watch *watch, struct session *session);

#endif
