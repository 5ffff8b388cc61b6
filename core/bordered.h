/*
 * Singular values of matrices with a core in common. Position k of `size` (a
 * power of two) stands for
 *
 *     | core       columns 0 .. k-1  |      m x m core, and around it
 *     | rows k ..  corner            |      size - 1 rows and columns,
 *
 * as the H_i of neighbouring positions i do: each step loses a row and gains a
 * column. The core comes as an upper band matrix, once for all, and what stands
 * around it in the bases of that form; it becomes bidiagonal first. Half of the
 * positions have the later half of the rows in common, the other half the
 * earlier columns: both halves absorb what they share and are bidiagonal again,
 * O(m^2) for the whole set (bordered_chase.inc), and so on down to one position,
 * log2(size) steps instead of the O(m^3) of a matrix on its own. Rotations
 * throughout, nothing is squared: the values are as good as LAPACK's.
 *
 * A batch holds as many such problems as a register has lanes, each with its
 * own numbers and all of one shape: a smaller core stands at the end of its
 * arrays, behind zeros. What a lane gives does not depend on its neighbours.
 */
#ifndef CORE_BORDERED_H
#define CORE_BORDERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BORDERED_LANES_MAX = 8, BORDERED_SIZE_MAX = 64 };

struct bordered {
	size_t lanes;           /* problems side by side: entry e of problem w
				 * is at [e * lanes + w] */
	size_t size;            /* positions, at most BORDERED_SIZE_MAX */
	size_t order;           /* m of the largest core */
	size_t width;           /* superdiagonals of the core */
	double *band;           /* m x (width + 1): entry (r, r + k) is row r's
				 * k-th; 0 beyond the last column */
	double *rows;           /* m x (size - 1): row j in column j */
	double *columns;        /* m x (size - 1): column k in column k */
	double *tail;           /* what rows have beyond the core's row space:
				 * (size - 1) x (size - 1), row j in column j */
	double *corner;         /* (size - 1) x (size - 1): row j, column k */
	double *room;           /* the rest of the memory, for the work */
};

/* Doubles that a batch takes in all. */
size_t bordered_room(size_t lanes, size_t order, size_t size, size_t width);

/* Lays out a batch in that much memory, 64-byte aligned, all zeros. */
struct bordered bordered_place(double *memory, size_t lanes, size_t order,
	size_t size, size_t width);

/* Takes position k, now the square upper bidiagonal matrix of order m + size -
 * 1 - k (lanes as above; the lane of a smaller core is zero at its beginning).
 * Returns false to end the run. */
struct bordered_sink {
	bool (*take)(void *payload, size_t k, const double *diagonal,
		const double *super, size_t order);
	void *payload;
};

/* Gives those of the positions whose bit is set in wanted, ascending. */
void bordered_run(const struct bordered *batch, uint64_t wanted,
	struct bordered_sink sink);

#endif
