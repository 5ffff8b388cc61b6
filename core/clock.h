/* Clocks in seconds, to take differences of. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <time.h>

/* CLOCK_MONOTONIC, or the CPU time of the thread or the process: these cannot
 * fail. */
static inline double
clock_seconds(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
