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
 * singular values of H_i are those of the n x n matrix R_O R_K'. One step moves
 * a factor in O(n^2) (state_factors.h). Entries are products of transitions,
 * never quotients: with |a| <= 1 nothing overflows, and underflow to 0 is
 * right.
 *
 * R_K runs forward, R_O backward, and they must meet at every position. One
 * backward sweep keeps R_O at the end of every piece of the sequence; then,
 * piece by piece from the left, R_O is made again inside the piece, from its
 * end, while R_K runs forward. Pieces are cut into pieces until all R_O of one
 * fit: with m levels of them m L^(1/m) n^2 memory and m - 1 backward sweeps
 * (revolve: Griewank & Walther 2000).
 *
 * Between checkpoints no factor is needed as it stands, and a skip may be
 * quicker than its steps (state_real.c). For the same bits whatever positions
 * are wanted, R_O at the ends of a level's pieces always comes of skips from
 * the end of the piece above; R_K at the beginning of a piece is a chain of
 * skips from position 0, and only a copy of it steps into the piece. Pieces are
 * multiples of what a skip folds in at once, so that skips may be joined.
 */
#include "core/hankel.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/linalg.h"
#include "core/state_factors.h"
#include "core/util.h"

/* What checkpoints may take; two levels, sqrt(L) each, where they fit. */
static const size_t checkpoint_bytes = (size_t)64 << 20;
enum { LEVELS_MIN = 2, LEVELS_MAX = 64, SMALL_STATE = 32 };
enum { SQUARES = 3 };           /* chain, inside, R_O */

struct level {
	size_t piece;           /* positions; 1 on the last level */
	double *kept;           /* R_O at the end of each piece, and on the
				 * last level at each position */
};

struct sweep {
	const struct hankel_request *request;
	const struct state_arithmetic *arithmetic;
	struct state_factors factors;
	struct product_queue queue;
	double *chain;          /* R_K at the beginning of a piece */
	double *inside;         /* R_K within it */
	size_t L;
	double cost;            /* of all passes, without products: seconds */
	size_t size;            /* doubles a factor */
	size_t next;            /* the next of request->positions */
	size_t levels;
	struct level level[LEVELS_MAX];
};

static size_t
pieces(size_t length, size_t piece)
{
	return (length + piece - 1) / piece;
}

/* Positions a piece of the last level but one, the steps of which are taken one
 * by one. Where factors are small, a few more checkpoints make the way to a
 * single position shorter. */
static size_t
last_piece(const struct sweep *sweep, size_t levels)
{
	size_t length = (size_t)pow((double)sweep->L, 1 / (double)levels);

	if (sweep->factors.n <= SMALL_STATE)
		length /= 4;
	return length / TRIANGULAR_ROWS * TRIANGULAR_ROWS + TRIANGULAR_ROWS;
}

/* Cuts L into `levels` levels of about L^(1/levels) pieces each; returns the
 * factors kept. */
static size_t
cut(struct sweep *sweep, size_t levels)
{
	size_t last = last_piece(sweep, levels), total = 0, above = sweep->L;
	double count = (double)pieces(sweep->L, last);
	double ratio = pow(count, 1 / (double)(levels - 1));

	sweep->levels = levels;
	for (size_t k = 0; k < levels; k++) {
		double left = (double)levels - 2 - (double)k;
		size_t piece = k + 1 == levels ? 1
			: last * size_max((size_t)pow(ratio, left), 1);

		piece = size_min(piece, above);
		sweep->level[k].piece = piece;
		total += pieces(above, piece);
		above = piece;
	}
	return total;
}

/* As few levels as fit into the budget, or as little as can be. */
static size_t
choose_levels(struct sweep *sweep)
{
	size_t room = checkpoint_bytes / (sweep->size * sizeof(double));
	size_t best = LEVELS_MIN, least = cut(sweep, LEVELS_MIN);

	for (size_t m = LEVELS_MIN + 1; m < LEVELS_MAX && least > room
		&& sweep->L >> (m - 1); m++) {
		size_t total = cut(sweep, m);

		if (total < least) {
			least = total;
			best = m;
		}
	}
	return cut(sweep, best);
}

static double *
take(double **rest, size_t count)
{
	double *taken = *rest;

	*rest += count;
	return taken;
}

/* The workspace's buffer, dealt out. */
static enum status
sweep_room(struct sweep *sweep, struct workspace *work)
{
	struct state_factors *f = &sweep->factors;
	size_t n = f->n * sweep->arithmetic->parts, size = f->n * n, kept;
	double *p;
	enum status status;

	sweep->size = size;
	kept = choose_levels(sweep);
	status = workspace_buffer(&p, work, BUFFER_STATE,
		STATE_VECTORS * n + (SQUARES + kept) * size);
	if (status != STATUS_OK)
		return status;
	memset(p, 0, SQUARES * size * sizeof *p);
	f->control = sweep->chain = take(&p, size);
	sweep->inside = take(&p, size);
	f->observe = take(&p, size);
	f->a = take(&p, n);
	f->row = take(&p, n);
	f->p = take(&p, n);
	f->q = take(&p, n);
	f->u = take(&p, n);
	f->decays = take(&p, TRIANGULAR_ROWS * n);
	f->rows = take(&p, TRIANGULAR_ROWS * n);
	for (size_t k = 0, above = sweep->L; k < sweep->levels; k++) {
		size_t piece = sweep->level[k].piece;

		sweep->level[k].kept = take(&p, pieces(above, piece) * size);
		above = piece;
	}
	return STATUS_OK;
}

static void
keep(const struct sweep *sweep, double *kept)
{
	memcpy(kept, sweep->factors.observe, sweep->size * sizeof *kept);
}

static enum status
check_cancelled(const struct sweep *sweep)
{
	const atomic_bool *cancel = sweep->request->cancel;

	if (cancel && atomic_load(cancel))
		return status_set(STATUS_CANCELLED, "cancelled");
	return STATUS_OK;
}

/* Is a position before `end` still wanted? */
static bool
wants_before(const struct sweep *sweep, size_t end)
{
	return sweep->next < sweep->request->count
		&& sweep->request->positions[sweep->next] < end;
}

/* Positions between two looks at the request's cancel. */
static size_t
stride(const struct sweep *sweep)
{
	return sweep->level[sweep->levels - 2].piece;
}

/* So many steps are behind, on one of as many passes as there are levels. */
static void
tick(const struct sweep *sweep, size_t steps)
{
	meter_tick(sweep->request->meter, METER_SWEEP, sweep->cost * 2 / 3
		* (double)steps / (double)(sweep->levels * sweep->L));
}

/* R_O from end to begin. */
static enum status
go_back(struct sweep *sweep, size_t begin, size_t end)
{
	const struct state_arithmetic *arithmetic = sweep->arithmetic;
	enum status status = STATUS_OK;

	while (end > begin && status == STATUS_OK) {
		size_t from = end - size_min(end - begin, stride(sweep));

		if (arithmetic->skip_back)
			arithmetic->skip_back(&sweep->factors, from, end);
		for (size_t t = end; !arithmetic->skip_back && t-- > from;)
			arithmetic->back(&sweep->factors, t);
		tick(sweep, end - from);
		end = from;
		status = check_cancelled(sweep);
	}
	return status;
}

/* The chain from begin to end. */
static enum status
go_forward(struct sweep *sweep, size_t begin, size_t end)
{
	const struct state_arithmetic *arithmetic = sweep->arithmetic;
	enum status status = STATUS_OK;

	while (begin < end && status == STATUS_OK) {
		size_t to = begin + size_min(end - begin, stride(sweep));

		if (arithmetic->skip_forward)
			arithmetic->skip_forward(&sweep->factors, begin, to);
		for (size_t t = begin; !arithmetic->skip_forward && t < to; t++)
			arithmetic->forward(&sweep->factors, t);
		begin = to;
		status = check_cancelled(sweep);
	}
	return status;
}

/* R_K runs from begin through what is wanted before end, to meet the R_O kept
 * there; it is left at *at. */
static enum status
run_through(struct sweep *sweep, const struct level *level, size_t begin,
	size_t end, size_t *at)
{
	const struct hankel_request *request = sweep->request;
	size_t t = begin, before = sweep->next;
	enum status status = STATUS_OK;

	while (wants_before(sweep, end) && status == STATUS_OK) {
		size_t wanted = request->positions[sweep->next++];

		for (; t < wanted; t++)
			sweep->arithmetic->forward(&sweep->factors, t);
		status = check_cancelled(sweep);
		if (status == STATUS_OK)
			status = sweep->arithmetic->want(&sweep->factors, t,
				level->kept + (t - begin) * sweep->size,
				&sweep->queue);
	}
	/* Where few are wanted the steps to them are most of it. */
	meter_tick(request->meter, 2 * (sweep->next - before) >= t - begin
		? METER_PRODUCT : METER_SWEEP, (double)(sweep->next - before)
		* hankel_cost_at(request->op->layer, t) + (double)(t - begin)
		* sweep->cost / 3 / (double)sweep->L);
	*at = t;
	return status;
}

/* The last level: R_O at each position of a piece, then R_K through it. */
static enum status
meet(struct sweep *sweep, const struct level *level, size_t begin, size_t end)
{
	size_t first = sweep->request->positions[sweep->next], at;
	bool skips = sweep->arithmetic->skip_forward;
	enum status status;

	for (size_t t = end; t-- > first;) {
		sweep->arithmetic->back(&sweep->factors, t);
		keep(sweep, level->kept + (t - begin) * sweep->size);
	}
	tick(sweep, end - first);
	if (skips) {
		memcpy(sweep->inside, sweep->chain,
			sweep->size * sizeof *sweep->inside);
		sweep->factors.control = sweep->inside;
	}
	status = run_through(sweep, level, begin, end, &at);
	sweep->factors.control = sweep->chain;
	if (status != STATUS_OK || !wants_before(sweep, SIZE_MAX))
		return status;
	return go_forward(sweep, skips ? begin : at, end);
}

/* R_O at the end of each piece of [begin, end), from the one that holds the
 * next position on; R_O stands at end. */
static enum status
keep_ends(struct sweep *sweep, const struct level *level, size_t begin,
	size_t end)
{
	size_t first = (sweep->request->positions[sweep->next] - begin)
		/ level->piece;
	enum status status = check_cancelled(sweep);

	for (size_t g = pieces(end - begin, level->piece);
	    g-- > first && status == STATUS_OK;) {
		size_t from = begin + g * level->piece;

		keep(sweep, level->kept + g * sweep->size);
		if (g > first)
			status = go_back(sweep, from,
				size_min(from + level->piece, end));
	}
	return status;
}

/* Spectra wanted in [begin, end), of which there are some; R_O stands at end,
 * the chain at begin and is left at end, or where nothing more is wanted. */
static enum status
sweep_range(struct sweep *sweep, size_t depth, size_t begin, size_t end)
{
	const struct level *level = &sweep->level[depth];
	enum status status;

	if (depth + 1 == sweep->levels)
		return meet(sweep, level, begin, end);
	status = keep_ends(sweep, level, begin, end);
	for (size_t from = begin, g = 0; from < end && status == STATUS_OK
		&& wants_before(sweep, SIZE_MAX); from += level->piece, g++) {
		size_t to = size_min(from + level->piece, end);

		if (wants_before(sweep, to)) {
			memcpy(sweep->factors.observe, level->kept
				+ g * sweep->size,
				sweep->size * sizeof(double));
			status = sweep_range(sweep, depth + 1, from, to);
		} else {
			status = go_forward(sweep, from, to);
		}
	}
	return status;
}

static const struct state_arithmetic *
arithmetic_of(const struct operator *op)
{
	if (op->complex_modes)
		return &state_complex;
	return op->kind->rank_one ? &state_rank_one : &state_diagonal;
}

enum status
hankel_state(struct workspace *work, const struct hankel_request *request,
	struct hankel_sink sink)
{
	struct sweep sweep = {
		.request = request,
		.arithmetic = arithmetic_of(request->op),
		.factors = { .op = request->op, .n = request->op->state },
		.L = request->op->length,
		.cost = hankel_cost(request->op->layer, NULL, 0),
	};
	enum status status;

	if (!request->count)
		return STATUS_OK;
	status = sweep_room(&sweep, work);
	if (status == STATUS_OK)
		status = product_queue_start(&sweep.queue, work,
			sweep.factors.n, sweep.arithmetic->parts, sink);
	if (status != STATUS_OK)
		return status;
	sweep.factors.memory = state_memory(&sweep.factors);
	status = sweep_range(&sweep, 0, 0, sweep.L);
	return status == STATUS_OK ? product_queue_flush(&sweep.queue)
		: status;
}
