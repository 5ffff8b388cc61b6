#include "core/meter.h"

#include <stddef.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One thread writes. */
static void
add(_Atomic double *sum, double what)
{
	atomic_store_explicit(sum, atomic_load_explicit(sum,
		memory_order_relaxed) + what, memory_order_relaxed);
}

void
meter_start(struct meter *meter)
{
	if (meter)
		meter->last = now();
}

void
meter_tick(struct meter *meter, enum meter_stage stage, double expected)
{
	double time;

	if (!meter)
		return;
	time = now();
	add(&meter->spent[stage], time - meter->last);
	add(&meter->expected[stage], expected);
	meter->last = time;
}

void
meter_skip(struct meter *meter)
{
	meter_start(meter);
}
