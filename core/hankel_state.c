/*
 * Recurrences h_t = A_t h_{t-1} + B_t u_t, y_t = C_t h_t (or, with read = pre,
 * y_t = C_t h_{t-1}) of n states, A_t diagonal or diagonal plus rank one: T is
 * never formed.
 *
 *   H_i = O_i K_i                       (L-i) x n  times  n x i
 *   K_{i+1} = [A_i K_i, B_i]            one more column
 *   O_i = [C_i; O_{i+1}] A_i            one more row       (read = post)
 *   O_i = [C_i; O_{i+1} A_i]                               (read = pre)
 *
 * Only triangular factors are kept: K_i' = Q R_K and O_i = Q' R_O, so that the
 * singular values of H_i are those of the n x n matrix R_O R_K'. Scaling the
 * columns of R keeps it triangular; a new row is folded in by n Givens
 * rotations, a rank-one term by 2 n of them: O(n^2) a step. Entries are
 * products of transitions, never quotients: with |a| <= 1 nothing overflows,
 * and underflow to 0 is right.
 *
 * One backward sweep keeps R_O at every checkpoint, the ends of segments of
 * about sqrt(L) positions; a forward one finds R_K at their beginnings. Inside a
 * segment where a spectrum is wanted both are made again step by step:
 * O(sqrt(L) n^2) memory, positions in ascending order, and the same arithmetic
 * whatever positions are wanted. Between checkpoints no factor is needed as it
 * stands, so that where A_t is diagonal some rows wait, decaying, to be folded
 * in by one reflection a column in place of a rotation each.
 */
#include "core/hankel.h"

#include <math.h>
#include <string.h>

#include "core/linalg.h"
#include "core/product_queue.h"
#include "core/triangular.h"
#include "core/util.h"

struct sweep {
	const struct operator *op;
	size_t L, n, segment;   /* positions a segment */
	double *a, *row, *p, *q, *u;    /* n each */
	double *chain;          /* R_K at the beginning of the segment */
	double *control;        /* R_K, n x n row-major upper */
	double *observe;        /* R_O */
	double *checkpoints;    /* R_O at the end of each segment */
	double *inside;         /* R_O at each position of the segment */
	/* Steps that wait: their diagonals of A_t, and rows, n each. */
	double *decays, *rows;
	size_t waiting;
	struct product_queue queue;
};

/* sqrt(L) needs the least memory; where factors are small, a few more
 * checkpoints make the way to a single position shorter. */
static size_t
segment_length(size_t L, size_t n)
{
	size_t length = (size_t)sqrt((double)L);

	if (n <= 32)
		length /= 4;
	return length / TRIANGULAR_ROWS * TRIANGULAR_ROWS + TRIANGULAR_ROWS;
}

static size_t
segment_count(const struct sweep *sweep)
{
	return (sweep->L + sweep->segment - 1) / sweep->segment;
}

static enum status
sweep_start(struct sweep *sweep, struct workspace *work,
	const struct operator *op)
{
	size_t n = op->state, square = n * n, segments;
	double *p;
	enum status status;

	*sweep = (struct sweep){
		.op = op, .L = op->length, .n = n,
		.segment = segment_length(op->length, n),
	};
	segments = segment_count(sweep);
	status = workspace_buffer(&p, work, BUFFER_STATE,
		(5 + 2 * TRIANGULAR_ROWS) * n
		+ (3 + segments + sweep->segment) * square);
	if (status != STATUS_OK)
		return status;
	sweep->a = p;
	sweep->row = p + n;
	sweep->p = p + 2 * n;
	sweep->q = p + 3 * n;
	sweep->u = p + 4 * n;
	sweep->decays = p + 5 * n;
	sweep->rows = sweep->decays + TRIANGULAR_ROWS * n;
	sweep->chain = sweep->rows + TRIANGULAR_ROWS * n;
	sweep->control = sweep->chain + square;
	sweep->observe = sweep->control + square;
	sweep->checkpoints = sweep->observe + square;
	sweep->inside = sweep->checkpoints + segments * square;
	memset(sweep->chain, 0, 3 * square * sizeof *p);
	return STATUS_OK;
}

/* R_O A_t, A_t = diag(a) + p q'. */
static void
apply_transition(struct sweep *sweep, size_t t)
{
	const struct operator *op = sweep->op;

	if (op->kind->rank_one) {
		op->kind->rank_one(op, t, sweep->p, sweep->q);
		triangular_times_vector(sweep->u, sweep->observe, sweep->p,
			sweep->n);
	}
	triangular_scale_columns(sweep->observe, sweep->a, sweep->n);
	if (op->kind->rank_one)
		triangular_add_rank_one(sweep->observe, sweep->u, sweep->q, sweep->n);
}

/* R_O of position t from that of t + 1. */
static void
step_back(struct sweep *sweep, size_t t)
{
	const struct operator *op = sweep->op;

	op->kind->step(op, t, sweep->a, NULL, sweep->row);
	if (op->reads_before)
		apply_transition(sweep, t);
	triangular_add_row(sweep->observe, sweep->row, sweep->n);
	if (!op->reads_before)
		apply_transition(sweep, t);
}

/* R_K of position t + 1 from that of t: R_K A_t', then the row B_t'. */
static void
step_forward(struct sweep *sweep, size_t t)
{
	const struct operator *op = sweep->op;

	op->kind->step(op, t, sweep->a, sweep->row, NULL);
	if (op->kind->rank_one) {
		op->kind->rank_one(op, t, sweep->p, sweep->q);
		triangular_times_vector(sweep->u, sweep->control, sweep->q,
			sweep->n);
	}
	triangular_scale_columns(sweep->control, sweep->a, sweep->n);
	if (op->kind->rank_one)
		triangular_add_rank_one(sweep->control, sweep->u, sweep->p, sweep->n);
	triangular_add_row(sweep->control, sweep->row, sweep->n);
}

/* Folds the waiting rows into a factor. Each has decayed by the steps after
 * it, and by its own where own is set. */
static void
fold(struct sweep *sweep, double *factor, bool own)
{
	size_t n = sweep->n;
	double *product = sweep->u;

	for (size_t j = 0; j < n; j++)
		product[j] = 1;
	for (size_t k = sweep->waiting; k-- > 0;) {
		const double *a = sweep->decays + k * n;
		double *row = sweep->rows + k * n;

		for (size_t j = 0; j < n; j++) {
			double before = product[j];

			product[j] *= a[j];
			row[j] *= own ? product[j] : before;
		}
	}
	triangular_scale_columns(factor, product, n);
	triangular_add_rows(factor, sweep->rows, sweep->waiting, n);
	sweep->waiting = 0;
}

/* R_O of position max(begin, 1) from that of end. */
static void
skip_back(struct sweep *sweep, size_t begin, size_t end)
{
	const struct operator *op = sweep->op;

	for (size_t t = end; t-- > size_max(begin, 1);) {
		if (op->kind->rank_one) {
			step_back(sweep, t);
			continue;
		}
		op->kind->step(op, t, sweep->decays + sweep->waiting * sweep->n,
			NULL, sweep->rows + sweep->waiting * sweep->n);
		if (++sweep->waiting == TRIANGULAR_ROWS)
			fold(sweep, sweep->observe, !op->reads_before);
	}
	if (sweep->waiting)
		fold(sweep, sweep->observe, !op->reads_before);
}

/* The chain's R_K of position end from that of begin. With a rank-one term
 * the steps inside the segment have gone as far as `from`. */
static void
skip_forward(struct sweep *sweep, size_t begin, size_t from, size_t end)
{
	const struct operator *op = sweep->op;
	size_t square = sweep->n * sweep->n;

	if (op->kind->rank_one) {
		for (size_t t = from; t < end; t++)
			step_forward(sweep, t);
		memcpy(sweep->chain, sweep->control, square * sizeof(double));
		return;
	}
	for (size_t t = begin; t < end; t++) {
		op->kind->step(op, t, sweep->decays + sweep->waiting * sweep->n,
			sweep->rows + sweep->waiting * sweep->n, NULL);
		if (++sweep->waiting == TRIANGULAR_ROWS)
			fold(sweep, sweep->chain, false);
	}
	if (sweep->waiting)
		fold(sweep, sweep->chain, false);
}

static bool
cancelled(const struct hankel_request *request)
{
	return request->cancel && atomic_load(request->cancel);
}

/* checkpoints[g] = R_O at the first position behind segment g. */
static enum status
sweep_backward(struct sweep *sweep, const struct hankel_request *request)
{
	size_t square = sweep->n * sweep->n;
	size_t first = request->positions[0] / sweep->segment;

	for (size_t g = segment_count(sweep); g-- > first;) {
		size_t begin = g * sweep->segment;
		size_t end = size_min(begin + sweep->segment, sweep->L);

		if (cancelled(request))
			return status_set(STATUS_CANCELLED, "cancelled");
		memcpy(sweep->checkpoints + g * square, sweep->observe,
			square * sizeof *sweep->observe);
		skip_back(sweep, begin, end);
	}
	return STATUS_OK;
}

/* inside[k] = R_O at position begin + k, from `first` on. */
static void
sweep_inside(struct sweep *sweep, size_t begin, size_t first, size_t end)
{
	size_t square = sweep->n * sweep->n;

	memcpy(sweep->observe,
		sweep->checkpoints + begin / sweep->segment * square,
		square * sizeof *sweep->observe);
	for (size_t t = end; t-- > first;) {
		step_back(sweep, t);
		memcpy(sweep->inside + (t - begin) * square, sweep->observe,
			square * sizeof *sweep->observe);
	}
}

/* Queues the product for position i; R_K stands at i. */
static enum status
want_spectrum(struct sweep *sweep, size_t i, const double *observe)
{
	size_t order = size_min(i, sweep->L - i);

	return product_queue_push(&sweep->queue, observe, sweep->control,
		&(struct spectrum){
			.position = i,
			.count = size_min(sweep->n, order),
			.method = METHOD_STATE,
		});
}

/* Spectra wanted in [begin, end); *next walks request->positions, the chain
 * stands at begin and is left at end. */
static enum status
sweep_segment(struct sweep *sweep, const struct hankel_request *request,
	size_t begin, size_t *next)
{
	size_t square = sweep->n * sweep->n, t = begin;
	size_t end = size_min(begin + sweep->segment, sweep->L);
	const size_t *wanted = request->positions + *next;
	const size_t *last = request->positions + request->count;
	enum status status = STATUS_OK;

	memcpy(sweep->control, sweep->chain, square * sizeof(double));
	if (wanted < last && *wanted < end)
		sweep_inside(sweep, begin, *wanted, end);
	for (; wanted < last && *wanted < end && status == STATUS_OK;
	    wanted++) {
		for (; t < *wanted; t++)
			step_forward(sweep, t);
		status = want_spectrum(sweep, t,
			sweep->inside + (t - begin) * square);
	}
	*next = (size_t)(wanted - request->positions);
	if (wanted < last && status == STATUS_OK)
		skip_forward(sweep, begin, t, end);
	return status;
}

enum status
hankel_state(struct workspace *work, const struct hankel_request *request,
	struct hankel_sink sink)
{
	struct sweep sweep;
	size_t next = 0;
	enum status status;

	if (!request->count)
		return STATUS_OK;
	status = sweep_start(&sweep, work, request->op);
	if (status == STATUS_OK)
		status = product_queue_start(&sweep.queue, work, sweep.n, sink);
	if (status == STATUS_OK)
		status = sweep_backward(&sweep, request);
	for (size_t begin = 0; begin < sweep.L && next < request->count
		&& status == STATUS_OK; begin += sweep.segment) {
		if (cancelled(request))
			return status_set(STATUS_CANCELLED, "cancelled");
		status = sweep_segment(&sweep, request, begin, &next);
	}
	return status == STATUS_OK ? product_queue_flush(&sweep.queue)
		: status;
}
