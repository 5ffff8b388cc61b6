/*
 * Options that are a count or a size: threads, batch, memory, cache.
 */
#ifndef SRC_OPTION_LIMITS_H
#define SRC_OPTION_LIMITS_H

#include "core/status.h"

struct options;

enum status take_threads(struct options *options, const char *argument);
enum status take_batch(struct options *options, const char *argument);
enum status take_memory(struct options *options, const char *argument);
enum status take_cache_size(struct options *options, const char *argument);
enum status take_no_cache(struct options *options, const char *argument);

#endif
