/*
 * A block of T as a picture: its entries at or below the diagonal shared out
 * over a grid of groups with integer edges, and what each group holds. Groups
 * wholly above the diagonal are empty. Made in a worker, a few rows of groups
 * at a time, coarse to fine, so that a large T is seen before all of it is
 * formed; where the block is small enough its entries are kept as well.
 */
#ifndef CORE_POOLED_H
#define CORE_POOLED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/operator.h"
#include "core/status.h"

struct workspace;

struct pooled_request {
	const struct layer *layer;
	size_t channel;
	struct operator_area area;
	size_t rows, columns;   /* groups, at most the area's */
};

/* Of |T|, the modulus of a complex T. */
struct pooled_group {
	double max, min, sum;
	double extreme;         /* T (its real part) where |T| is largest */
	size_t count;           /* entries; 0: none, or none that is finite */
};

struct pooled {
	struct pooled_request request;
	struct pooled_group *groups;    /* rows x columns */
	bool *done;                     /* a row of groups */
	size_t left;                    /* rows of groups not done */
	size_t parts;                   /* doubles an entry: 2 of a complex T */
	double *entries;                /* the area row-major, 0 above the
					 * diagonal; NULL: not kept */
	size_t bad;                     /* entries that are not finite */
	char *error;                    /* why there is nothing; or NULL */
};

bool pooled_same(const struct pooled_request *a,
	const struct pooled_request *b);

enum status pooled_new(struct pooled **out,
	const struct pooled_request *request);
void pooled_free(struct pooled *pooled);        /* NULL is fine */

/* What there is so far, without entries. */
enum status pooled_copy(struct pooled **out, const struct pooled *from);

/* Goes on for about so many seconds, at least a row of T; STATUS_CANCELLED
 * where cancel is set. */
enum status pooled_work(struct pooled *pooled, const struct operator *op,
	struct workspace *work, const atomic_bool *cancel, double seconds);

/* Are the entries of such a block kept? */
bool pooled_keeps(const struct operator_area *area);

/* The rows (or columns) of T in group g of so many: begin of g, end of g is
 * begin of g + 1. */
size_t pooled_edge(size_t begin, size_t count, size_t groups, size_t g);

#endif
