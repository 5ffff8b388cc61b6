/*
 * Singular values of the H_i of a node of few positions from their Gram
 * matrices: a fifth of the time of small_svd, for a T that is stored with fewer
 * digits than squares lose.
 */
#ifndef CORE_SLIDING_GRAM_H
#define CORE_SLIDING_GRAM_H

#include <stdint.h>

#include "core/sliding_node.h"
#include "core/status.h"

enum { SLIDING_GRAM_POSITIONS = 32 };

struct sliding_gram {
	size_t lanes, order;
	const double *squares;          /* of a workspace, see below */
	double unit[SLIDING_GRAM_POSITIONS];    /* that they are counted in */
	double doubt[SLIDING_GRAM_POSITIONS];   /* what squares may be off by */
	uint32_t failed;        /* bit s: position begin + s has none */
};

/* matrix: the node's, as sliding_node_matrix makes it, of at most
 * SLIDING_GRAM_POSITIONS positions. What `out` points to is good until the next
 * call with this workspace. */
enum status sliding_gram_find(struct sliding_gram *out,
	struct workspace *work, const struct sliding_node *node,
	const double *matrix);

/* The square of the k-th value of position begin + s, descending. */
double sliding_gram_square(const struct sliding_gram *gram, size_t k,
	size_t s);

#endif
