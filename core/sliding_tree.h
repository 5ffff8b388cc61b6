/*
 * The top of an operator's tree of nodes, made once for all threads that work
 * on it. Any thread.
 */
#ifndef CORE_SLIDING_TREE_H
#define CORE_SLIDING_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sliding_node.h"
#include "core/sliding_source.h"
#include "core/status.h"

/* Node 1 is the root, 2k and 2k + 1 are the halves of k: five levels, which
 * cost as much as all others. */
enum { SLIDING_SHARED = 32 };

struct sliding_tree;

/* That of the operator, which frees it; or a new one, for *own to free, where
 * it keeps none or one for other limits. */
enum status sliding_tree_get(struct sliding_tree **out,
	struct sliding_tree **own, const struct operator *op,
	struct sliding_limits limits);
void sliding_tree_free(struct sliding_tree *tree);         /* NULL is fine */

/* made: by this call, not by another thread or one before. */
enum status sliding_tree_source(const struct sliding_source **out, bool *made,
	struct sliding_tree *tree, struct workspace *work);

/* Node k < SLIDING_SHARED: a side of its parent, split at q. NULL where its
 * rank does not let it pay. Borrowed; others wait while it is made. */
enum status sliding_tree_node(const struct sliding_node **out,
	struct sliding_tree *tree, struct workspace *work, size_t k,
	const struct sliding_node *parent, size_t q);
const struct sliding_node *sliding_tree_root(struct sliding_tree *tree);

#endif
