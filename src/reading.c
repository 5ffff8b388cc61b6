#include "src/reading.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/cache.h"
#include "core/pool.h"
#include "src/options.h"
#include "src/report.h"

enum { LOOK_MS = 500 };

enum status
reading_open(struct cache **out, const struct options *options)
{
	char *directory;
	size_t size;
	enum status status = options_cache_size(&size, options);

	if (status)
		return status;
	directory = size ? cache_directory() : NULL;
	*out = directory ? cache_open(directory, size, options->choice) : NULL;
	free(directory);
	return STATUS_OK;
}

void
reading_keep(const struct dump_list *dumps, struct cache *cache)
{
	for (size_t k = 0; k < dumps->count; k++)
		dump_keep(dumps->dumps[k], cache, INFINITY);
}

struct job *
reading_wait(struct pool *pool, const struct dump *dump)
{
	struct pollfd results = { .fd = pool_fd(pool), .events = POLLIN };
	uint64_t done, total;

	if (!isatty(STDERR_FILENO))
		return pool_wait(pool);
	while (!poll(&results, 1, LOOK_MS))
		if (dump_reading(dump, &done, &total))
			report_reading((double)done / (double)total);
	return pool_wait(pool);
}
