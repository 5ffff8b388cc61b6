#include "core/machine.h"

#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/cgroup.h"
#include "core/util.h"

static uint64_t
bytes_of(const struct rlimit *limit)
{
	return limit->rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit->rlim_cur;
}

size_t
machine_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	uint64_t least = cgroup_limits("").memory;
	struct rlimit limit;

	if (pages > 0 && size > 0)
		least = size_min(least, (size_t)pages * (size_t)size);
	if (!getrlimit(RLIMIT_AS, &limit))
		least = size_min(least, bytes_of(&limit));
	if (!getrlimit(RLIMIT_DATA, &limit))
		least = size_min(least, bytes_of(&limit));
	return least == UINT64_MAX ? 0 : (size_t)least;
}

/* Of a machine with more cores than a set has room for: all of them. */
static size_t
allowed_cores(void)
{
	cpu_set_t set;
	long online;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (size_t)CPU_COUNT(&set);
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (size_t)online : 1;
}

size_t
machine_cores(void)
{
	double quota = ceil(cgroup_limits("").cores);
	size_t cores = size_max(allowed_cores(), 1);

	return quota < (double)cores ? size_max((size_t)quota, 1) : cores;
}
