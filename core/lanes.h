/*
 * Work on doubles side by side in registers, compiled once for each width of
 * registers (lanes_widths.inc) and chosen at run time.
 */
#ifndef CORE_LANES_H
#define CORE_LANES_H

#include <stddef.h>

/* The widest this machine has of the widths compiled for: 8, 4 or 2 doubles.
 * What runs on that many runs on fewer as well. */
size_t lanes_width(void);

/* Of the functions that lanes_widths.inc made of NAME(name), the one for so
 * many lanes. */
#if defined __x86_64__
#define LANES_OF(name, lanes) \
	((lanes) == 8 ? name##_8 : (lanes) == 4 ? name##_4 : name##_2)
#else
#define LANES_OF(name, lanes) ((void)(lanes), name##_2)
#endif

#endif
