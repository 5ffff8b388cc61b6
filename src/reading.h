/*
 * Large deflated members, for commands without a screen: their restart points
 * are kept on disk as the screen's are, and stderr says how far the pass over
 * a member is while nothing else happens. Main thread.
 */
#ifndef SRC_READING_H
#define SRC_READING_H

#include "core/dump.h"
#include "core/status.h"

struct cache;
struct job;
struct options;
struct pool;

/* Where restart points are kept; NULL with --no-cache, or where there is no
 * place. STATUS_USAGE for a limit that is none. */
enum status reading_open(struct cache **out, const struct options *options);

/* To be called for dumps just opened; the cache outlives them. */
void reading_keep(const struct dump_list *dumps, struct cache *cache);

/* As pool_wait, while the pool works on the dump. */
struct job *reading_wait(struct pool *pool, const struct dump *dump);

#endif
