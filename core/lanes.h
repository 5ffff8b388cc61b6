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

#endif
