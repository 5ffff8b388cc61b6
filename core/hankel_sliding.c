/*
 * Operators whose H_i have few singular values that matter: softmax over
 * smooth logits, long convolutions, dumps of recurrences as dense T.
 *
 * H_{i+1} is H_i without its first row and with one more column: what its
 * neighbours keep of T, it keeps, too. T is split in halves, down to leaves
 * of a few positions, and at each split the block between the halves is
 * replaced by a few of its combinations (sliding_node.h); at a leaf every H_i
 * is a small matrix. T is looked at once: O(L^2 r) flops for all positions,
 * O(L r) memory, and O(r^3) a position. Nothing is squared, and the grid of
 * splits is fixed, so that the values at a position are the same bits
 * whatever else is wanted.
 *
 * Each position carries the Frobenius norm E of all it lost. E bounds what is
 * not listed; a listed value is s <= true <= sqrt(s^2 + E^2). A position that
 * lost more than it may is computed by an exact method instead.
 */
#include "core/hankel.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/linalg.h"
#include "core/sliding_gram.h"
#include "core/sliding_node.h"
#include "core/sliding_source.h"
#include "core/sliding_tree.h"
#include "core/small_svd.h"
#include "core/util.h"

/* Positions of a leaf: as many as small_svd takes at once. */
enum { LEAF = SMALL_SVD_BATCH };

/* What splits may drop of H_i: of an exact T, that much of its norm; of a
 * stored one, that much of what rounding may have changed, u |H_i|. */
static const double exact_tolerance = 1e-12, noise_tolerance = 0.9;

/* What a position may have lost to be taken: of s1, where T is exact; where
 * it is rounded, of what that may have changed, u |H_i|, and never what a
 * tolerance could count. */
static const double exact_lost = 1e-9, noise_lost = 1e-6;
static const double rounding_lost = 1.25;
static const double error_most = 9e-8, entropy_most = 1e-6;

/* Squares of values are good enough where what they lose is less than this
 * share of what splits lost, or of s1. */
static const double squared_lost = 0.25, squared_most = 1e-9;

/* Rounding in a dozen orthogonal transformations and the last SVD, of s1. */
static const double rounding = 1e-13;

struct run {
	struct workspace *work;
	const struct hankel_request *request;
	struct hankel_sink sink;
	struct sliding_tree *tree;
	const struct sliding_source *source;
	struct sliding_limits limits;
	bool forced;            /* positions are taken whatever they lost */
	size_t next;            /* the first of the request not reached yet */
	size_t squares_from;    /* before it, squares were tried and failed */
	size_t exact;           /* of those reached, the last `exact` wait for
				 * the exact method */
};

/* The matrix of a leaf, and where it goes. */
struct leaf {
	const struct sliding_node *node;
	size_t length;          /* L */
	size_t rows, columns;   /* of the transpose */
	size_t order;           /* no H_i in it is larger */
	double *matrix;         /* transposed, rows x columns */
	double *one;            /* one H_i for LAPACK */
	double *batch, *values, *scratch;       /* small_svd's */
	double *found;          /* values of one H_i */
	/* where the values are, but for those that failed */
	enum { BY_LAPACK, BY_BATCH, BY_SQUARES } way;
	uint32_t failed;
	struct sliding_gram gram;
};

static enum status
flush_exact(struct run *run)
{
	struct hankel_request rest = *run->request;
	size_t count = run->exact;

	if (!count)
		return STATUS_OK;
	run->exact = 0;
	rest.positions += run->next - count;
	if (run->sink.refuse) {
		for (size_t k = 0; k < count; k++)
			run->sink.refuse(run->sink.payload,
				rest.positions[k]);
		return STATUS_OK;
	}
	rest.count = count;
	rest.choice = CHOICE_EXACT;
	return hankel_each(run->work, &rest, run->sink);
}

/* Positions before `end` are left to the exact method. */
static void
skip_to(struct run *run, size_t end)
{
	while (run->next < run->request->count
	    && run->request->positions[run->next] < end) {
		run->next++;
		run->exact++;
	}
}

static bool
wants(const struct run *run, size_t end)
{
	return run->next < run->request->count
		&& run->request->positions[run->next] < end;
}

/* Is one of the positions in begin .. end - 1 wanted? */
static bool
wants_within(const struct run *run, size_t begin, size_t end)
{
	size_t low = run->next, high = run->request->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (run->request->positions[middle] < begin)
			low = middle + 1;
		else
			high = middle;
	}
	return low < run->request->count
		&& run->request->positions[low] < end;
}

static enum status
leaf_start(struct leaf *leaf, struct run *run, const struct sliding_node *node)
{
	size_t span = node->end - node->begin, square, row = run->source->length;
	double *p;
	enum status status;

	*leaf = (struct leaf){ .node = node, .length = run->source->length,
		.rows = node->past + span,
		.columns = span + node->future };
	leaf->order = size_max(leaf->rows, leaf->columns);
	square = leaf->order * leaf->order;
	status = workspace_buffer(&p, run->work, BUFFER_LEAF,
		(LEAF + 1) * square + small_svd_scratch(leaf->order)
		+ (LEAF + 1) * leaf->order + row
		+ leaf->rows * leaf->columns);
	if (status != STATUS_OK)
		return status;
	leaf->batch = p;
	leaf->values = leaf->batch + LEAF * square;
	leaf->scratch = leaf->values + LEAF * leaf->order;
	leaf->one = leaf->scratch + small_svd_scratch(leaf->order);
	leaf->found = leaf->one + square;
	leaf->matrix = leaf->found + leaf->order;
	sliding_node_matrix(node, run->source, leaf->matrix,
		leaf->matrix + leaf->rows * leaf->columns);
	return STATUS_OK;
}

/* All H_i of the leaf side by side for small_svd: rows of T last to first, so
 * that what an H_i does not have is 0 in its last rows and columns. */
static void
fill_batch(struct leaf *leaf)
{
	size_t n = leaf->order, span = leaf->node->end - leaf->node->begin;
	size_t past = leaf->node->past;
	double *to = leaf->batch;

	memset(to, 0, LEAF * n * n * sizeof *to);
	for (size_t c = 0; c < leaf->columns; c++, to += LEAF * n) {
		/* The column of the matrix: from the last. */
		size_t from = leaf->columns - 1 - c;
		const double *column = leaf->matrix + from * leaf->rows;

		for (size_t r = 0; r < leaf->rows; r++) {
			size_t s = r < past ? 0 : r - past + 1;
			size_t end = size_min(from + 1, span);

			if (!s && end == LEAF)
				for (; s < LEAF; s++)
					to[r * LEAF + s] = column[r];
			for (; s < end; s++)
				to[r * LEAF + s] = column[r];
		}
	}
}

/* Singular values of position begin + s, descending, into leaf->found; their
 * number, and what their squares may be off by. */
static enum status
leaf_values(size_t *count, double *doubt, struct leaf *leaf,
	struct workspace *work, size_t s)
{
	size_t rows = leaf->node->past + s, columns = leaf->columns - s;

	*count = size_min(rows, columns);
	*doubt = 0;
	if (leaf->way != BY_LAPACK && !(leaf->failed >> s & 1)) {
		for (size_t k = 0; k < *count; k++)
			leaf->found[k] = leaf->way == BY_BATCH
				? leaf->values[k * LEAF + s]
				: sqrt(sliding_gram_square(&leaf->gram, k, s));
		if (leaf->way == BY_SQUARES)
			*doubt = leaf->gram.doubt[s];
		return STATUS_OK;
	}
	for (size_t c = 0; c < columns; c++)
		memcpy(leaf->one + c * rows,
			leaf->matrix + (s + c) * leaf->rows,
			rows * sizeof *leaf->one);
	leaf->found[0] = 0;
	return *count ? linalg_singular_values(leaf->found, work, leaf->one,
		rows, columns) : STATUS_OK;
}

/* May this position be taken? */
static bool
is_good(const struct run *run, const struct spectrum *s, double lost,
	double norm)
{
	double u = run->source->op->noise;
	double most = s->values[0] * run->source->scale;

	if (run->forced)
		return true;
	if (!isfinite(norm) || s->error > error_most * s->values[0])
		return false;
	if (u > 0)
		return lost <= fmin(rounding_lost * u * norm,
			noise_lost * most);
	return lost <= exact_lost * most && s->entropy_error <= entropy_most;
}

/* What is known of one H_i. */
struct found {
	double *values;         /* count of them, descending, */
	size_t count;
	double doubt;           /* whose squares may be off by this; */
	double lost;            /* the Frobenius norm of what is not there */
};

/* How far a value may be off whose square may be off by `doubt`. */
static double
squared_error(double value, double doubt)
{
	double square = value * value;

	return doubt > 0 ? doubt / (value + sqrt(fmax(square - doubt, 0))) : 0;
}

/* The spectrum from `count` values: lists those above what was lost. */
static enum status
describe(struct spectrum *out, const struct sliding_source *source,
	const struct found *found)
{
	double unit = 1 / source->scale, lost = found->lost, sum = lost * lost;
	double *values = found->values, least, doubt = found->doubt;
	size_t count = found->count;
	size_t i = out->position;
	size_t order = size_min(i, source->length - i), listed = 0;
	size_t most = hankel_count(source->op->layer, i);

	/* Behind the structural rank there is rounding alone, whatever was
	 * lost. */
	while (listed < size_min(count, most) && values[listed] > lost)
		listed++;
	/* Doubts of single squares add up to no more than their root times
	 * that of all (Hoffman & Wielandt 1953). */
	sum += doubt * sqrt((double)(count - listed));
	for (size_t k = listed; k < count; k++)
		sum += values[k] * values[k];
	out->floor = fmax(rounding * values[0], hypot(lost, listed < count
		? sqrt(values[listed] * values[listed] + doubt) : 0));
	if (!listed)
		values[0] = 0;
	out->count = size_max(listed, 1);
	out->values = values;
	out->unlisted = order - out->count;
	out->tail = unit * sqrt((double)(order - listed) * sum);
	/* sqrt(s^2 + E^2) - s is largest for the smallest s. */
	least = values[out->count - 1];
	out->error = rounding * values[0] + squared_error(least, doubt);
	least -= squared_error(least, doubt);
	if (lost > 0)
		out->error += lost * (lost / (hypot(least, lost) + least));
	out->floor = fmax(out->floor, out->error);
	if (source->noise)
		out->floor = fmax(out->floor, source->noise[i]);
	/* What is left of a value among subnormal numbers is as good as the
	 * least of them. */
	out->error = out->error * unit + DBL_TRUE_MIN;
	out->floor = fmax(out->floor * unit, out->error);
	for (size_t k = 0; k < out->count; k++)
		values[k] *= unit;
	out->method = METHOD_SLIDING;
	return spectrum_finish(out);
}

/* The square of the norm of all that position begin + s lost: what underflow
 * took from the squares of single entries included. */
static double
lost_square(const struct leaf *leaf, size_t s)
{
	double length = (double)leaf->length;

	return leaf->node->dropped[s] + 4 * length * length * DBL_MIN;
}

static enum status
leaf_position(struct run *run, struct leaf *leaf, size_t i)
{
	size_t s = i - leaf->node->begin;
	struct found found = { .values = leaf->found,
		.lost = sqrt(lost_square(leaf, s)) };
	struct spectrum spectrum = { .position = i };
	enum status status = leaf_values(&found.count, &found.doubt, leaf,
		run->work, s);

	if (status != STATUS_OK)
		return status;
	status = describe(&spectrum, run->source, &found);
	if (status != STATUS_OK)
		return status;
	if (is_good(run, &spectrum, found.lost, run->source->norm[i])) {
		status = flush_exact(run);
		if (status == STATUS_OK)
			run->sink.take(run->sink.payload, &spectrum);
	} else {
		run->exact++;
	}
	run->next++;
	return status;
}

static enum status
leaf_positions(struct run *run, struct leaf *leaf)
{
	enum status status = STATUS_OK;
	size_t count = 0;

	for (; wants(run, leaf->node->end) && status == STATUS_OK; count++)
		status = leaf_position(run, leaf,
			run->request->positions[run->next]);
	/* Few of them pay for what all would share. */
	if (2 * count >= leaf->node->end - leaf->node->begin)
		meter_tick(run->request->meter, METER_LEAF, (double)count
			* hankel_leaf_cost(run->request->op->layer));
	else
		meter_skip(run->request->meter);
	return status;
}

/* Do squares lose nothing at position s that matters beside what splits have
 * lost already? */
static bool
squares_do(const struct leaf *leaf, size_t s)
{
	const struct sliding_gram *gram = &leaf->gram;
	size_t count = size_min(leaf->node->past + s, leaf->columns - s), k = 0;
	double lost = lost_square(leaf, s);

	if (gram->failed >> s & 1 || !count)
		return true;
	while (k + 1 < count && sliding_gram_square(gram, k + 1, s) > lost)
		k++;
	return squared_error(sqrt(sliding_gram_square(gram, k, s)),
		gram->doubt[s]) <= fmax(squared_lost * sqrt(lost), squared_most
		* sqrt(sliding_gram_square(gram, 0, s)));
}

/* A node of few positions whose values come from squares: of a stored T alone,
 * which has digits to spare. Whether they do is for all of them or none; then
 * *done stays false. */
static enum status
visit_squares(bool *done, struct run *run, const struct sliding_node *node)
{
	struct leaf leaf;
	enum status status = leaf_start(&leaf, run, node);

	if (status == STATUS_OK)
		status = sliding_gram_find(&leaf.gram, run->work, node,
			leaf.matrix);
	if (status != STATUS_OK)
		return status;
	leaf.way = BY_SQUARES;
	leaf.failed = leaf.gram.failed;
	for (size_t i = node->begin; i < node->end; i++)
		if (!squares_do(&leaf, i - node->begin)) {
			run->squares_from = node->end;
			return STATUS_OK;
		}
	*done = true;
	return leaf_positions(run, &leaf);
}

static enum status
visit_leaf(struct run *run, const struct sliding_node *node)
{
	struct leaf leaf;
	enum status status = leaf_start(&leaf, run, node);

	if (status != STATUS_OK)
		return status;
	if (leaf.order <= SMALL_SVD_MAX) {
		fill_batch(&leaf);
		leaf.failed = small_svd(leaf.values, leaf.batch, leaf.order,
			leaf.scratch);
		leaf.way = BY_BATCH;
	}
	return leaf_positions(run, &leaf);
}

static bool
cancelled(const struct hankel_request *request)
{
	return request->cancel && atomic_load(request->cancel);
}

static enum status visit(struct run *run, const struct sliding_node *node,
	size_t k);

/* Node k, a half of `node`. */
static enum status
visit_half(struct run *run, const struct sliding_node *node, size_t q,
	size_t k)
{
	enum sliding_side side = k % 2 ? SLIDING_BEHIND : SLIDING_BEFORE;
	size_t begin = side == SLIDING_BEHIND ? q : node->begin;
	size_t end = side == SLIDING_BEHIND ? node->end : q;
	const struct sliding_node *child;
	struct sliding_node *own = NULL;
	enum status status;

	if (!wants_within(run, begin, end))
		return STATUS_OK;
	if (cancelled(run->request))
		return status_set(STATUS_CANCELLED, "cancelled");
	if (k < SLIDING_SHARED) {
		status = sliding_tree_node(&child, run->tree, run->work, k,
			node, q);
	} else {
		status = sliding_node_split(&own, run->work, run->source,
			node, q, side, run->limits);
		child = own;
	}
	if (status != STATUS_OK)
		return status;
	if (k < SLIDING_SHARED || !child)
		meter_tick(run->request->meter, METER_TRY, 0);
	if (child)
		status = visit(run, child, k);
	else
		skip_to(run, end);
	sliding_node_free(own);
	return status;
}

/* All wanted positions of node k, ascending. The first half is the largest
 * power of two of leaves that leaves something. */
static enum status
visit(struct run *run, const struct sliding_node *node, size_t k)
{
	size_t span = node->end - node->begin, half = LEAF;
	bool done = false;
	enum status status = STATUS_OK;

	if (run->source->op->noise > 0 && span <= SLIDING_GRAM_POSITIONS
	    && node->begin >= run->squares_from)
		status = visit_squares(&done, run, node);
	if (done || status != STATUS_OK)
		return status;
	if (span <= LEAF)
		return visit_leaf(run, node);
	while (2 * half < span)
		half *= 2;
	status = visit_half(run, node, node->begin + half, 2 * k);
	if (status == STATUS_OK)
		status = visit_half(run, node, node->begin + half, 2 * k + 1);
	return status;
}

/* What rounding may have lost of nothing is more than nothing: known exactly,
 * it need not be left to others. */
static void
give_zeros(struct run *run)
{
	const double zero = 0;

	for (; run->next < run->request->count; run->next++) {
		size_t i = run->request->positions[run->next];
		struct spectrum spectrum = {
			.position = i,
			.count = 1,
			.values = &zero,
			.unlisted = size_min(i, run->source->length - i) - 1,
			.method = METHOD_SLIDING,
		};

		(void)spectrum_finish(&spectrum);
		run->sink.take(run->sink.payload, &spectrum);
	}
}

enum status
hankel_sliding(struct workspace *work, const struct hankel_request *request,
	struct hankel_sink sink)
{
	const struct operator *op = request->op;
	struct run run = { .work = work, .request = request, .sink = sink };
	struct sliding_tree *own;
	bool made = false;
	enum status status;

	run.forced = request->choice == CHOICE_ONLY + METHOD_SLIDING;
	run.limits.any_rank = run.forced;
	run.limits.tolerance = op->noise > 0 ? noise_tolerance * op->noise
		: exact_tolerance;
	status = sliding_tree_get(&run.tree, &own, op, run.limits);
	if (status == STATUS_OK)
		status = sliding_tree_source(&run.source, &made, run.tree,
			work);
	meter_tick(request->meter, METER_TRY, made
		? hankel_try_cost(op->layer, 0) : 0);
	if (status == STATUS_OK && run.source->zero)
		give_zeros(&run);
	else if (status == STATUS_OK && run.source->usable)
		status = visit(&run, sliding_tree_root(run.tree), 1);
	else if (status == STATUS_OK)
		skip_to(&run, op->length);
	if (status == STATUS_OK)
		status = flush_exact(&run);
	sliding_tree_free(own);
	return status;
}
