/*
 * CMPLX of C11, which glibc's header defines for gcc alone. Unlike x + y * I it
 * keeps infinities, NaN and the sign of zero as they are.
 */
#ifndef CORE_COMPLEX_VALUE_H
#define CORE_COMPLEX_VALUE_H

#include <complex.h>

#ifndef CMPLX
#define CMPLX(x, y) __builtin_complex((double)(x), (double)(y))
#endif

#endif
