/*
 * The two triangular factors of a recurrence and how they move from one
 * position to the next, for hankel_state.c. Real and complex arithmetic have
 * one file each (state_real.c, state_complex.c), and a table for each way to
 * move; the sweep over positions sees factors as so many doubles.
 */
#ifndef CORE_STATE_FACTORS_H
#define CORE_STATE_FACTORS_H

#include <stddef.h>

#include "core/operator.h"
#include "core/product_queue.h"
#include "core/status.h"
#include "core/triangular.h"

/* K_i' = Q R_K and O_i = Q' R_O of H_i = O_i K_i. */
struct state_factors {
	const struct operator *op;
	size_t n;
	double *a, *row, *p, *q, *u;    /* n entries each */
	double memory;          /* state_memory */
	/* Steps that wait: diagonals of A_t, and rows; TRIANGULAR_ROWS x n. */
	double *decays, *rows;
	double *control;        /* R_K, n x n row-major upper */
	double *observe;        /* R_O */
};

enum { STATE_VECTORS = 5 + 2 * TRIANGULAR_ROWS };

struct state_arithmetic {
	size_t parts;           /* doubles an entry */
	/* R_O of position t from that of t + 1. */
	void (*back)(struct state_factors *factors, size_t t);
	/* R_K of position t + 1 from that of t. */
	void (*forward)(struct state_factors *factors, size_t t);
	/* R_O of position begin from that of end, and R_K of end from that of
	 * begin, quicker than step by step and rounded in another way. The
	 * same bits in one go as in several of TRIANGULAR_ROWS steps each.
	 * Both NULL where steps are all there is. */
	void (*skip_back)(struct state_factors *factors, size_t begin,
		size_t end);
	void (*skip_forward)(struct state_factors *factors, size_t begin,
		size_t end);
	/* Queues the product for position i, where R_K stands. */
	enum status (*want)(const struct state_factors *factors, size_t i,
		const double *observe, struct product_queue *queue);
};

/* Steps that the state which decays slowest remembers, as far as samples tell.
 * a and row are overwritten. */
double state_memory(const struct state_factors *factors);

/* Bound on the error of the values at position i, in units of the size of the
 * product (triangular_product_size): n rotations and an n x n product, and the
 * rounding of the steps that led there (state_error.c). */
double state_error(const struct state_factors *factors, size_t i);

extern const struct state_arithmetic state_diagonal, state_rank_one,
	state_complex;

#endif
