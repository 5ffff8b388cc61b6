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
 * One backward sweep keeps R_O at every checkpoint; then, segment by segment
 * from the left, R_O is made again inside the segment while R_K runs forward:
 * O(sqrt(L) n^2) memory, positions in ascending order, and the same
 * arithmetic whatever positions are wanted.
 */
#include "core/hankel.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/linalg.h"
#include "core/util.h"

/* Rounding of n-term products and of the rotations behind them, per unit of
 * sum_j |column j of R_O| |column j of R_K|: a bound that, like the method
 * itself, does not change when states are rescaled. */
static double
rounding_error(const double *observe, const double *control, size_t n)
{
	double total = 0;

	for (size_t j = 0; j < n; j++) {
		double o = 0, k = 0;

		for (size_t r = 0; r <= j; r++) {
			o += observe[r * n + j] * observe[r * n + j];
			k += control[r * n + j] * control[r * n + j];
		}
		total += sqrt(o) * sqrt(k);
	}
	return (double)(n + 16) * DBL_EPSILON * total;
}

struct sweep {
	const struct operator *op;
	struct workspace *work;
	size_t L, n, segment;   /* positions a segment */
	double *a, *row, *p, *q, *u;    /* n each */
	double *control;        /* R_K, n x n row-major upper */
	double *observe;        /* R_O */
	double *product;        /* R_O R_K' */
	double *checkpoints;    /* R_O at the end of each segment */
	double *inside;         /* R_O at each position of the segment */
};

static size_t
segment_length(size_t L)
{
	size_t length = (size_t)sqrt((double)L);

	return size_max(length, 8);
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
		.op = op, .work = work, .L = op->length, .n = n,
		.segment = segment_length(op->length),
	};
	segments = segment_count(sweep);
	status = workspace_buffer(&p, work, BUFFER_STATE,
		5 * n + (3 + segments + sweep->segment) * square);
	if (status != STATUS_OK)
		return status;
	sweep->a = p;
	sweep->row = p + n;
	sweep->p = p + 2 * n;
	sweep->q = p + 3 * n;
	sweep->u = p + 4 * n;
	sweep->control = p + 5 * n;
	sweep->observe = sweep->control + square;
	sweep->product = sweep->observe + square;
	sweep->checkpoints = sweep->product + square;
	sweep->inside = sweep->checkpoints + segments * square;
	memset(sweep->control, 0, 2 * square * sizeof *p);
	return STATUS_OK;
}

/* sqrt(x^2 + y^2); hypot where squares would leave the range of doubles. */
static double
length2(double x, double y)
{
	double sum = x * x + y * y;

	return sum > 1e-290 && sum < 1e290 ? sqrt(sum) : hypot(x, y);
}

/* The rotation (c, s) that turns (x, y) into (h, 0); returns h. */
static double
rotation(double *c, double *s, double x, double y)
{
	double h = length2(x, y);

	*c = x / h;
	*s = y / h;
	return h;
}

/* Turns the pairs (x[j], y[j]), from <= j < n. */
static void
turn(double *restrict x, double *restrict y, double c, double s, size_t from,
	size_t n)
{
	for (size_t j = from; j < n; j++) {
		double a = x[j], b = y[j];

		x[j] = c * a + s * b;
		y[j] = c * b - s * a;
	}
}

/* Turns rows x and y from column k on so that y[k] becomes 0. */
static void
annihilate(double *x, double *y, size_t k, size_t n)
{
	double c, s;

	if (y[k] == 0)
		return;
	rotation(&c, &s, x[k], y[k]);
	turn(x, y, c, s, k, n);
}

/* R'R += v v': folds row v (destroyed) into the upper-triangular R. */
static void
add_row(double *r, double *v, size_t n)
{
	for (size_t k = 0; k < n; k++)
		annihilate(r + k * n, v, k, n);
}

/* R diag(a) */
static void
scale_columns(double *restrict r, const double *restrict a, size_t n)
{
	for (size_t k = 0; k < n; k++, r += n)
		for (size_t j = k; j < n; j++)
			r[j] *= a[j];
}

/* u = R v */
static void
upper_times_vector(double *u, const double *r, const double *v, size_t n)
{
	for (size_t k = 0; k < n; k++, r += n) {
		u[k] = 0;
		for (size_t j = k; j < n; j++)
			u[k] += r[j] * v[j];
	}
}

/* R + u v', triangular again (Golub & Van Loan, 6.5.1): rotations from below
 * turn u into a multiple of e_1 and R into Hessenberg form; the outer product
 * then touches its first row only, and rotations from above restore R. */
static void
add_rank_one(double *r, double *u, const double *v, size_t n)
{
	for (size_t k = n - 1; k-- > 0;) {
		double c, s;

		if (u[k + 1] == 0)
			continue;
		u[k] = rotation(&c, &s, u[k], u[k + 1]);
		turn(r + k * n, r + (k + 1) * n, c, s, k, n);
	}
	for (size_t j = 0; j < n; j++)
		r[j] += u[0] * v[j];
	for (size_t k = 0; k + 1 < n; k++)
		annihilate(r + k * n, r + (k + 1) * n, k, n);
}

/* R_O A_t, A_t = diag(a) + p q'. */
static void
apply_transition(struct sweep *sweep, size_t t)
{
	const struct operator *op = sweep->op;

	if (op->kind->rank_one) {
		op->kind->rank_one(op, t, sweep->p, sweep->q);
		upper_times_vector(sweep->u, sweep->observe, sweep->p,
			sweep->n);
	}
	scale_columns(sweep->observe, sweep->a, sweep->n);
	if (op->kind->rank_one)
		add_rank_one(sweep->observe, sweep->u, sweep->q, sweep->n);
}

/* R_O of position t from that of t + 1. */
static void
step_back(struct sweep *sweep, size_t t)
{
	const struct operator *op = sweep->op;

	op->kind->step(op, t, sweep->a, NULL, sweep->row);
	if (op->reads_before)
		apply_transition(sweep, t);
	add_row(sweep->observe, sweep->row, sweep->n);
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
		upper_times_vector(sweep->u, sweep->control, sweep->q,
			sweep->n);
	}
	scale_columns(sweep->control, sweep->a, sweep->n);
	if (op->kind->rank_one)
		add_rank_one(sweep->control, sweep->u, sweep->p, sweep->n);
	add_row(sweep->control, sweep->row, sweep->n);
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
		for (size_t t = end; t-- > size_max(begin, 1);)
			step_back(sweep, t);
	}
	return STATUS_OK;
}

/* inside[k] = R_O at position begin + k. */
static void
sweep_inside(struct sweep *sweep, size_t begin, size_t end)
{
	size_t square = sweep->n * sweep->n;

	memcpy(sweep->observe,
		sweep->checkpoints + begin / sweep->segment * square,
		square * sizeof *sweep->observe);
	for (size_t t = end; t-- > size_max(begin, 1);) {
		step_back(sweep, t);
		memcpy(sweep->inside + (t - begin) * square, sweep->observe,
			square * sizeof *sweep->observe);
	}
}

static enum status
state_spectrum(struct spectrum *out, struct sweep *sweep, double *values,
	const double *observe)
{
	size_t n = sweep->n, i = out->position;
	enum status status;

	linalg_upper_times_transpose(sweep->product, observe, sweep->control,
		n);
	status = linalg_singular_values(values, sweep->work, sweep->product,
		n, n);
	if (status != STATUS_OK)
		return status;
	out->count = size_min(n, size_min(i, sweep->L - i));
	out->values = values;
	out->error = rounding_error(observe, sweep->control, n);
	out->floor = out->error;
	out->method = METHOD_STATE;
	spectrum_finish(out);
	return STATUS_OK;
}

/* Spectra wanted in [begin, end); *next walks request->positions, R_K stands
 * at begin and is left at end. */
static enum status
sweep_segment(struct sweep *sweep, const struct hankel_request *request,
	struct hankel_sink sink, size_t begin, size_t *next)
{
	size_t square = sweep->n * sweep->n;
	size_t end = size_min(begin + sweep->segment, sweep->L);
	double *values;
	enum status status;

	status = workspace_buffer(&values, sweep->work, BUFFER_VALUES,
		sweep->n);
	if (*next < request->count && request->positions[*next] < end)
		sweep_inside(sweep, begin, end);
	for (size_t t = begin; t < end && status == STATUS_OK; t++) {
		struct spectrum spectrum = { .position = t };

		if (*next < request->count && request->positions[*next] == t) {
			status = state_spectrum(&spectrum, sweep, values,
				sweep->inside + (t - begin) * square);
			if (status != STATUS_OK)
				return status;
			sink.take(sink.payload, &spectrum);
			(*next)++;
		}
		step_forward(sweep, t);
	}
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
		status = sweep_backward(&sweep, request);
	for (size_t begin = 0; begin < sweep.L && next < request->count
		&& status == STATUS_OK; begin += sweep.segment) {
		if (cancelled(request))
			return status_set(STATUS_CANCELLED, "cancelled");
		status = sweep_segment(&sweep, request, sink, begin, &next);
	}
	return status;
}
