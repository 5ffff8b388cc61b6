/* What the machine has, of the targets in lanes_widths.inc. */
#include "core/lanes.h"

size_t
lanes_width(void)
{
#if defined __x86_64__
	if (__builtin_cpu_supports("avx512dq")
		&& __builtin_cpu_supports("avx512vl"))
		return 8;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return 4;
#endif
	return 2;
}
