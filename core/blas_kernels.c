/*
 * OpenBLAS looks its processor up in a list when it is loaded (0.3.21, of
 * Debian 12, knows none of Intel's after 2022), and falls back to kernels of
 * SSE3 where it is not there. What the kernels need can be asked of any
 * processor, so here it is asked, and OpenBLAS made to look again.
 */
#include "core/blas_kernels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

/* Exported by builds that choose at run time, named in none of its headers. */
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

static const char variable[] = "OPENBLAS_CORETYPE";

/* The name OpenBLAS has for kernels that run here; NULL: there are none better
 * than those for any processor. */
static const char *
best_kernels(void)
{
#if defined __x86_64__
	if (__builtin_cpu_supports("avx512f")
	    && __builtin_cpu_supports("avx512dq")
	    && __builtin_cpu_supports("avx512bw")
	    && __builtin_cpu_supports("avx512vl")
	    && __builtin_cpu_supports("avx512cd"))
		return "SkylakeX";
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return "Haswell";
#endif
	return NULL;
}

/* Does OpenBLAS use those of x86 processors from before AVX? */
static bool
kernels_are_old(void)
{
	static const char *const old[] = { "Katmai", "Coppermine", "Northwood",
		"Prescott", "Banias", "Core2", "Penryn", "Dunnington",
		"Nehalem", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona",
		"Nano", "Atom", "Bobcat" };
	const char *name = openblas_get_corename();

	for (size_t k = 0; k < sizeof old / sizeof *old; k++)
		if (!strcmp(name, old[k]))
			return true;
	return false;
}

void
blas_kernels_choose(void)
{
	const char *best = best_kernels();

	if (!best || !gotoblas_dynamic_init || !gotoblas_dynamic_quit
	    || getenv(variable) || !kernels_are_old())
		return;
	setenv(variable, best, 1);
	gotoblas_dynamic_quit();
	gotoblas_dynamic_init();
	unsetenv(variable);
}
