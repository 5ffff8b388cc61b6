/*
 * Singular values of many upper bidiagonal matrices side by side, one a lane,
 * by dqds (Fernando and Parlett 1994; Parlett and Marques 2000): to a few eps
 * of each value. Each lane goes its own way: what it gives does not depend on
 * its neighbours.
 */
#ifndef CORE_BIDIAGONAL_H
#define CORE_BIDIAGONAL_H

#include <stdbool.h>
#include <stddef.h>

enum { BIDIAGONAL_LANES_MAX = 16 };

/* A batch in doubles that the caller owns, 64-byte aligned. */
struct bidiagonal {
	size_t lanes;           /* matrices in all */
	size_t order;           /* of the largest */
	double *memory;
	double *q, *e;          /* squares; matrix w, entry k: [k * lanes + w] */
	double *next_q, *next_e;
	double *values;
	size_t orders[BIDIAGONAL_LANES_MAX];    /* 0: none */
	bool failed[BIDIAGONAL_LANES_MAX];
	double largest[BIDIAGONAL_LANES_MAX];   /* square of an entry */
};

/* Twice the lanes of this machine's registers: 16, 8 or 4; any smaller number
 * of these will do as well. */
size_t bidiagonal_lanes(void);

/* Doubles of a batch, and how they are laid out. */
size_t bidiagonal_room(size_t lanes, size_t order);
struct bidiagonal bidiagonal_place(double *memory, size_t lanes,
	size_t order);

/* Matrix w: n <= order diagonal entries and n - 1 beside them, `stride` doubles
 * apart. Entries are of order 1 at the largest. */
void bidiagonal_set(struct bidiagonal *batch, size_t w, const double *diagonal,
	const double *super, size_t stride, size_t n);

/* Runs the batch. Then the n values of matrix w, descending; false if they did
 * not come out. */
void bidiagonal_run(struct bidiagonal *batch);
bool bidiagonal_values(double *values, const struct bidiagonal *batch,
	size_t w);

#endif
