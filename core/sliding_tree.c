#include "core/sliding_tree.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/util.h"

enum state { UNKNOWN, UNDER_WAY, KNOWN };

struct sliding_tree {
	struct operator_memo memo;      /* first: the operator's */
	const struct operator *op;
	struct sliding_limits limits;
	struct sliding_source *source;  /* known with node 0 */
	pthread_mutex_t mutex;          /* of what follows */
	pthread_cond_t known;
	enum state states[SLIDING_SHARED];
	struct sliding_node *nodes[SLIDING_SHARED];
};

void
sliding_tree_free(struct sliding_tree *tree)
{
	if (!tree)
		return;
	for (size_t k = 0; k < SLIDING_SHARED; k++)
		sliding_node_free(tree->nodes[k]);
	sliding_source_free(tree->source);
	pthread_cond_destroy(&tree->known);
	pthread_mutex_destroy(&tree->mutex);
	free(tree);
}

static void
free_memo(struct operator_memo *memo)
{
	sliding_tree_free((struct sliding_tree *)memo);
}

static enum status
tree_new(struct sliding_tree **out, const struct operator *op,
	struct sliding_limits limits)
{
	struct sliding_tree *tree = xcalloc(1, sizeof *tree);
	enum status status;

	pthread_mutex_init(&tree->mutex, NULL);
	pthread_cond_init(&tree->known, NULL);
	tree->memo.free = free_memo;
	tree->op = op;
	tree->limits = limits;
	status = sliding_node_root(&tree->nodes[1], op->length);
	tree->states[1] = KNOWN;
	if (status == STATUS_OK)
		*out = tree;
	else
		sliding_tree_free(tree);
	return status;
}

enum status
sliding_tree_get(struct sliding_tree **out, struct sliding_tree **own,
	const struct operator *op, struct sliding_limits limits)
{
	struct operator_memo *kept = NULL;
	struct sliding_tree *tree;
	enum status status;

	*own = NULL;
	if (op->memo)
		kept = atomic_load(op->memo);
	if (!kept) {
		status = tree_new(&tree, op, limits);
		if (status != STATUS_OK)
			return status;
		*out = tree;
		if (op->memo && atomic_compare_exchange_strong(op->memo,
		    &kept, &tree->memo))
			return STATUS_OK;
		*own = tree;
		if (!op->memo)
			return STATUS_OK;
		/* Another thread was first: its tree, not this one. */
		sliding_tree_free(tree);
		*own = NULL;
	}
	tree = (struct sliding_tree *)kept;
	*out = tree;
	if (tree->limits.any_rank == limits.any_rank)
		return STATUS_OK;
	status = tree_new(own, op, limits);
	*out = *own;
	return status;
}

const struct sliding_node *
sliding_tree_root(struct sliding_tree *tree)
{
	return tree->nodes[1];
}

/* True when this thread is to make node k, and to call end_making. */
static bool
begin_making(struct sliding_tree *tree, size_t k)
{
	bool mine;

	pthread_mutex_lock(&tree->mutex);
	while (tree->states[k] == UNDER_WAY)
		pthread_cond_wait(&tree->known, &tree->mutex);
	mine = tree->states[k] == UNKNOWN;
	if (mine)
		tree->states[k] = UNDER_WAY;
	pthread_mutex_unlock(&tree->mutex);
	return mine;
}

static void
end_making(struct sliding_tree *tree, size_t k, enum status status)
{
	pthread_mutex_lock(&tree->mutex);
	tree->states[k] = status == STATUS_OK ? KNOWN : UNKNOWN;
	pthread_cond_broadcast(&tree->known);
	pthread_mutex_unlock(&tree->mutex);
}

enum status
sliding_tree_source(const struct sliding_source **out, bool *made,
	struct sliding_tree *tree, struct workspace *work)
{
	enum status status = STATUS_OK;

	*made = begin_making(tree, 0);
	if (*made) {
		status = sliding_source_new(&tree->source, work, tree->op);
		end_making(tree, 0, status);
	}
	/* Where making it failed, or was cancelled, another thread may be at
	 * it by now. */
	if (status == STATUS_OK)
		*out = tree->source;
	return status;
}

enum status
sliding_tree_node(const struct sliding_node **out, struct sliding_tree *tree,
	struct workspace *work, size_t k, const struct sliding_node *parent,
	size_t q)
{
	enum status status = STATUS_OK;

	if (begin_making(tree, k)) {
		status = sliding_node_split(&tree->nodes[k], work,
			tree->source, parent, q,
			k % 2 ? SLIDING_BEHIND : SLIDING_BEFORE,
			tree->limits);
		end_making(tree, k, status);
	}
	if (status == STATUS_OK)
		*out = tree->nodes[k];
	return status;
}
