/*
 * Which kernels OpenBLAS multiplies with.
 */
#ifndef CORE_BLAS_KERNELS_H
#define CORE_BLAS_KERNELS_H

/* An OpenBLAS older than the processor takes kernels for any processor, half
 * as fast: gives it the best it has that run here. What the user chose in
 * OPENBLAS_CORETYPE stays. For a program's main(): no thread may be in BLAS. */
void blas_kernels_choose(void);

#endif
