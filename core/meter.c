#include "core/meter.h"

#include <stddef.h>

#include "core/clock.h"

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
		meter->last = clock_seconds(CLOCK_THREAD_CPUTIME_ID);
}

void
meter_tick(struct meter *meter, enum meter_stage stage, double expected)
{
	double time;

	if (!meter)
		return;
	time = clock_seconds(CLOCK_THREAD_CPUTIME_ID);
	add(&meter->spent[stage], time - meter->last);
	add(&meter->expected[stage], expected);
	meter->last = time;
}

void
meter_skip(struct meter *meter)
{
	meter_start(meter);
}
