/*
 * A run of positions, and what H_i of each of them is made of.
 *
 * For begin <= i < end, H_i is up to orthogonal factors the part of
 *
 *            past        begin .. end - 1
 *         [  read     |  T               ]   rows begin .. end - 1
 *         [  across   |  feed            ]   future
 *
 * with rows i .. end - 1 and the future, columns of the past and begin ..
 * i - 1. The past are a few combinations of the columns before begin, the
 * future a few of the rows from end on. All of T is a node without either;
 * split at q, its off-diagonal block H_q is compressed from the right for the
 * positions behind q, H_q ~ (H_q V) V', and from the left for those before q,
 * H_q ~ U (U' H_q). So every entry of T is looked at in one node only. (These
 * are the sequentially semiseparable and HSS forms: Dewilde & van der Veen
 * 1998; Chandrasekaran et al. 2005.)
 *
 * Both compressions are orthogonal projections A = B + E, B'E = 0 or BE' = 0,
 * so that with every one of them s_k(A)^2 - s_k(B)^2 lies in 0 .. |E|^2: for
 * each position the squares of what it lost add up in `dropped`.
 */
#ifndef CORE_SLIDING_NODE_H
#define CORE_SLIDING_NODE_H

#include <stddef.h>

#include "core/sliding_source.h"
#include "core/status.h"

struct sliding_node {
	size_t begin, end;
	size_t past, future;
	/* Column-major, and each transposed: */
	double *read;           /* past x (end - begin + future), across last */
	double *feed;           /* (end - begin) x future */
	double *dropped;        /* end - begin */
};

/* How far to compress. */
struct sliding_limits {
	double tolerance;       /* what may be dropped of each H_i, relative to
				 * its Frobenius norm */
	bool any_rank;          /* however much it costs */
};

enum sliding_side { SLIDING_BEFORE, SLIDING_BEHIND };

/* The root: nothing is compressed yet. */
enum status sliding_node_root(struct sliding_node **out, size_t length);
void sliding_node_free(struct sliding_node *node);         /* NULL is fine */

/* The positions before q, or from q on. *out = NULL where the rank does not
 * let it pay. */
enum status sliding_node_split(struct sliding_node **out,
	struct workspace *work, const struct sliding_source *source,
	const struct sliding_node *node, size_t q, enum sliding_side side,
	struct sliding_limits limits);

/* The matrix above, transposed: (past + end - begin) x (end - begin + future)
 * column-major, into out. Above the diagonal of T it is 0. */
void sliding_node_matrix(const struct sliding_node *node,
	const struct sliding_source *source, double *out, double *row);

#endif
