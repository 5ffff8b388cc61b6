/*
 * With A the leaf's matrix, transposed, H_i' of position begin + s is made of
 * its first past + s rows and its columns from s on. While it has no more rows
 * than columns, its Gram matrix is that of rows,
 *
 *     G_s = sum of a_c a_c' over columns c >= s,   first past + s entries,
 *
 * beyond that, that of columns: from one end of the run of positions to the
 * middle each has one term more, and a row and a column more or fewer. So
 * terms are only ever added, and all of them cost little more than one.
 *
 * Squares cost half the digits: |s^2 - computed| <= c eps |H|^2, Frobenius.
 */
#include "core/sliding_gram.h"

#include <math.h>
#include <string.h>

#include "core/lanes.h"
#include "core/linalg.h"
#include "core/tridiagonal.h"
#include "core/util.h"

enum { POSITIONS = SLIDING_GRAM_POSITIONS };

/* Of |H|^2: rounding of sums, reflections and QR; in practice 2e-16. */
static const double gram_rounding = 2e-15;

/* Squares below may have lost digits to underflow. */
static const double square_least = 1e-250, square_most = 1e250;

struct gram {
	const double *a;        /* rows x columns, column-major */
	size_t past, span;
	size_t rows, columns;
	size_t turn;            /* positions s < turn: of rows */
	size_t order;           /* of the largest Gram matrix */
	size_t entries;         /* of its lower triangle */
	size_t lanes;           /* of a batch */
	double *by_rows, *by_columns;   /* of s = turn - 1, and of s = turn */
	double *batches;        /* all of them, for tridiagonal_reduce */
	double *diagonal, *beside;
	double *room;
	double trace[POSITIONS], scale[POSITIONS];
};

static size_t
order_of(const struct gram *g, size_t s)
{
	return s < g->turn ? g->past + s : g->columns - s;
}

static enum status
gram_start(struct gram *g, struct workspace *work,
	const struct sliding_node *node, const double *matrix)
{
	size_t square;
	double *p;
	enum status status;

	*g = (struct gram){
		.a = matrix, .past = node->past,
		.span = node->end - node->begin, .lanes = lanes_width(),
	};
	g->rows = g->past + g->span;
	g->columns = g->span + node->future;
	while (g->turn < g->span && g->past + g->turn <= g->columns - g->turn)
		g->turn++;
	for (size_t s = 0; s < g->span; s++)
		g->order = size_max(g->order, order_of(g, s));
	g->entries = g->order * (g->order + 1) / 2;
	square = (g->order + 1) * (g->order + 1);
	status = workspace_buffer(&p, work, BUFFER_BORDER, POSITIONS
		* g->entries + 2 * square
		+ tridiagonal_room(g->lanes, g->order));
	if (status == STATUS_OK)
		status = workspace_buffer(&g->diagonal, work,
			BUFFER_LEAF_VALUES, 2 * POSITIONS * (g->order + 1));
	if (status != STATUS_OK)
		return status;
	g->beside = g->diagonal + POSITIONS * (g->order + 1);
	g->batches = p;
	g->room = p + POSITIONS * g->entries;
	g->by_rows = g->room + tridiagonal_room(g->lanes, g->order);
	g->by_columns = g->by_rows + square;
	memset(g->batches, 0, POSITIONS * g->entries * sizeof *g->batches);
	return STATUS_OK;
}

/* The two in the middle, whole. */
static enum status
gram_middle(struct gram *g, const struct workspace *work)
{
	size_t s = g->turn, n;
	enum status status = STATUS_OK;

	if (s > 0) {
		const double *from = g->a + (s - 1) * g->rows;

		n = g->past + s - 1;
		status = linalg_multiply(g->by_rows, work, (struct linalg_shape){
			n, n, g->columns - (s - 1), n },
			(struct linalg_factor){ from, g->rows, false },
			(struct linalg_factor){ from, g->rows, true }, 1, 0);
	}
	if (status == STATUS_OK && s < g->span) {
		const double *from = g->a + s * g->rows;

		n = g->columns - s;
		status = linalg_multiply(g->by_columns, work,
			(struct linalg_shape){ n, n, g->past + s, n },
			(struct linalg_factor){ from, g->rows, true },
			(struct linalg_factor){ from, g->rows, false }, 1, 0);
	}
	return status;
}

/* Entry (r, c) of G_s, c <= r, for all s that have it: *begin .. *end - 1. Of
 * columns, they count from the last. */
static void
entry_by_rows(double *out, size_t *begin, const struct gram *g, size_t r,
	size_t c)
{
	const double *x = g->a + r, *y = g->a + c;
	size_t s = g->turn - 1;
	double sum = g->by_rows[c * (g->past + s) + r];

	for (out[s] = sum; s > 0 && r < g->past + s - 1; s--) {
		sum += x[(s - 1) * g->rows] * y[(s - 1) * g->rows];
		out[s - 1] = sum;
	}
	*begin = s;
}

static void
entry_by_columns(double *out, size_t *end, const struct gram *g, size_t r,
	size_t c)
{
	size_t first = g->columns - 1 - r, second = g->columns - 1 - c;
	const double *x = g->a + first * g->rows + g->past;
	const double *y = g->a + second * g->rows + g->past;
	size_t s = g->turn, n = g->columns - s;
	double sum = g->by_columns[(second - s) * n + first - s];

	for (out[s] = sum; s + 1 < g->span && first >= s + 1; s++) {
		sum += x[s] * y[s];
		out[s + 1] = sum;
	}
	*end = s + 1;
}

/* Which positions have entry (r, c), c <= r, and what it is. */
static void
entry(double *out, size_t *begin, size_t *end, const struct gram *g, size_t r,
	size_t c)
{
	*begin = *end = g->turn;
	if (g->turn && r < g->past + g->turn - 1)
		entry_by_rows(out, begin, g, r, c);
	if (g->turn < g->span && r < g->columns - g->turn)
		entry_by_columns(out, end, g, r, c);
}

/* Powers of two that bring the traces to 1/2 .. 1. */
static void
find_scales(struct gram *g)
{
	double values[POSITIONS];
	size_t begin, end;
	int exponent;

	for (size_t r = 0; r < g->order; r++) {
		entry(values, &begin, &end, g, r, r);
		for (size_t s = begin; s < end; s++)
			g->trace[s] += values[s];
	}
	for (size_t s = 0; s < g->span; s++) {
		g->scale[s] = 1;
		if (!(g->trace[s] > square_least && g->trace[s] < square_most))
			continue;
		frexp(g->trace[s], &exponent);
		g->scale[s] = ldexp(1, -exponent);
	}
}

static void
fill_batches(struct gram *g)
{
	double values[POSITIONS], *to = g->batches;
	size_t begin, end;

	for (size_t r = 0; r < g->order; r++)
		for (size_t c = 0; c <= r; c++, to += g->lanes) {
			entry(values, &begin, &end, g, r, c);
			for (size_t s = begin; s < end; s++)
				to[s / g->lanes * g->lanes * g->entries
					+ s % g->lanes] = g->scale[s]
					* values[s];
		}
}

/* Eigenvalues of all, two batches at a time. */
static void
find_squares(struct sliding_gram *out, const struct gram *g)
{
	size_t pair = TRIDIAGONAL_GROUPS * g->lanes, n = g->order;

	for (size_t s = 0; s < g->span; s += pair) {
		double *diagonal = g->diagonal + s * (n + 1);
		double *beside = g->beside + s * (n + 1);

		for (size_t b = 0; b < pair; b += g->lanes)
			tridiagonal_reduce(diagonal + b * (n + 1),
				beside + b * (n + 1),
				g->batches + (s + b) * g->entries, n,
				g->lanes, g->room);
		out->failed |= (uint32_t)tridiagonal_values(diagonal, beside,
			n, g->lanes) << s;
	}
}

enum status
sliding_gram_find(struct sliding_gram *out, struct workspace *work,
	const struct sliding_node *node, const double *matrix)
{
	struct gram g;
	enum status status = gram_start(&g, work, node, matrix);

	if (status == STATUS_OK)
		status = gram_middle(&g, work);
	if (status != STATUS_OK)
		return status;
	find_scales(&g);
	fill_batches(&g);
	*out = (struct sliding_gram){
		.lanes = g.lanes, .order = g.order, .squares = g.diagonal,
	};
	find_squares(out, &g);
	for (size_t s = 0; s < g.span; s++) {
		out->unit[s] = 1 / g.scale[s];
		out->doubt[s] = gram_rounding * g.trace[s];
		if (!(g.trace[s] > square_least && g.trace[s] < square_most))
			out->failed |= (uint32_t)1 << s;
	}
	return STATUS_OK;
}

double
sliding_gram_square(const struct sliding_gram *gram, size_t k, size_t s)
{
	size_t batch = s / gram->lanes * gram->lanes * (gram->order + 1);

	return gram->unit[s] * fmax(0, gram->squares[batch + k * gram->lanes
		+ s % gram->lanes]);
}
