/*
 * Triangular factors of panels one after the other. With columns of T[start:,
 * :start]' counted from the last row of T, the next block's panel is this one
 * without its last columns, which changes nothing in the others' R, and with
 * `size` more rows, which R takes in O(size M^2) in place of O(M^2 start).
 *
 * Chains begin at fixed places, so that a block's R is the same bits whatever
 * else is asked for.
 */
#ifndef CORE_BLOCK_CHAIN_H
#define CORE_BLOCK_CHAIN_H

#include "core/block_panel.h"

/* One for T, one for T turned about. All 0: begun nowhere. */
struct block_chain {
	struct block_panel panel;       /* of its first block, and as far beside
					 * as the chain goes; across holds R */
	size_t size;            /* of its blocks; 0: none */
	size_t at;              /* where the block of R starts */
};

/* panel->across, formed, becomes its R over zeros. */
enum status block_chain_factor(struct block_chain *chain,
	struct block_panel *panel, struct workspace *work,
	const struct operator *op, bool turned);

#endif
