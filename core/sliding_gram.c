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

enum {
	POSITIONS = SLIDING_GRAM_POSITIONS,
	SIDE = 8,               /* entries of a row at a time */
};

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
	/* Both whole, of s = turn - 1 and of s = turn; columns count from the
	 * last. */
	double *by_rows, *by_columns;
	double *across;         /* rows past + s of A, s >= turn, from their
				 * last entry, order apart */
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
	square = g->order * g->order;
	status = workspace_buffer(&p, work, BUFFER_BORDER, POSITIONS
		* (g->entries + g->order) + 2 * square + SIDE
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
	g->across = g->by_columns + square;
	memset(g->batches, 0, POSITIONS * g->entries * sizeof *g->batches);
	return STATUS_OK;
}

/* Columns from s = turn on, from the last to that, of A's last rows. */
static void
turn_about(struct gram *g)
{
	size_t n = g->columns - g->turn;

	for (size_t s = g->turn; s < g->span; s++)
		for (size_t c = 0; c < n; c++)
			g->across[(s - g->turn) * g->order + c]
				= g->a[(g->columns - 1 - c) * g->rows
					+ g->past + s];
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
		for (size_t k = 0; k < n * n / 2; k++) {
			double x = g->by_columns[k];

			g->by_columns[k] = g->by_columns[n * n - 1 - k];
			g->by_columns[n * n - 1 - k] = x;
		}
		turn_about(g);
	}
	return status;
}

/* Entries of a row of G_s, for all s. */
typedef double row_part[POSITIONS][SIDE];

/* next = last + x * term. */
static void
add_term(double *restrict next, const double *restrict last, double x,
	const double *restrict term)
{
	for (size_t k = 0; k < SIDE; k++)
		next[k] = last[k] + x * term[k];
}

/* Entries (r, c) .. (r, c + SIDE - 1) of those by rows that have row r, r <=
 * past + turn - 2; the first of these. What is beyond a row is not used. */
static size_t
entries_by_rows(row_part out, const struct gram *g, size_t r, size_t c)
{
	size_t s = g->turn - 1, n = g->past + s;

	memcpy(out[s], g->by_rows + r * n + c, SIDE * sizeof **out);
	for (; s > 0 && r < g->past + s - 1; s--) {
		const double *term = g->a + (s - 1) * g->rows;

		add_term(out[s - 1], out[s], term[r], term + c);
	}
	return s;
}

/* The same of those by columns; behind the last of these. */
static size_t
entries_by_columns(row_part out, const struct gram *g, size_t r, size_t c)
{
	size_t s = g->turn, n = g->columns - s;

	memcpy(out[s], g->by_columns + r * n + c, SIDE * sizeof **out);
	for (; s + 1 < g->span && r < g->columns - (s + 1); s++) {
		const double *term = g->across + (s - g->turn) * g->order;

		add_term(out[s + 1], out[s], term[r], term + c);
	}
	return s + 1;
}

/* Positions *begin .. *end - 1 have row r. */
static void
find_entries(row_part out, size_t *begin, size_t *end, const struct gram *g,
	size_t r, size_t c)
{
	*begin = *end = g->turn;
	if (g->turn && r < g->past + g->turn - 1)
		*begin = entries_by_rows(out, g, r, c);
	if (g->turn < g->span && r < g->columns - g->turn)
		*end = entries_by_columns(out, g, r, c);
}

/* Powers of two that bring the traces to 1/2 .. 1. */
static void
find_scales(struct gram *g)
{
	row_part values;
	size_t begin, end;
	int exponent;

	for (size_t r = 0; r < g->order; r++) {
		size_t c = r / SIDE * SIDE;

		find_entries(values, &begin, &end, g, r, c);
		for (size_t s = begin; s < end; s++)
			g->trace[s] += values[s][r - c];
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
	row_part values;
	size_t begin, end, batch = g->lanes * g->entries;

	for (size_t r = 0; r < g->order; r++)
		for (size_t c = 0; c <= r; c++) {
			double *to = g->batches
				+ (r * (r + 1) / 2 + c) * g->lanes;

			if (c % SIDE == 0)
				find_entries(values, &begin, &end, g, r, c);
			for (size_t s = begin; s < end; s++)
				to[s / g->lanes * batch + s % g->lanes]
					= g->scale[s] * values[s][c % SIDE];
		}
}

/* The largest order of positions s .. s + g->lanes - 1. */
static size_t
batch_order(const struct gram *g, size_t s)
{
	size_t end = size_min(s + g->lanes, g->span), order = 1;

	for (; s < end; s++)
		order = size_max(order, order_of(g, s));
	return order;
}

/* Eigenvalues of all, two batches at a time. */
static void
find_squares(struct sliding_gram *out, const struct gram *g)
{
	size_t pair = TRIDIAGONAL_GROUPS * g->lanes, n = g->order;

	for (size_t s = 0; s < g->span; s += pair) {
		double *diagonal = g->diagonal + s * (n + 1);
		double *beside = g->beside + s * (n + 1);

		memset(diagonal, 0, pair * (n + 1) * sizeof *diagonal);
		memset(beside, 0, pair * (n + 1) * sizeof *beside);
		for (size_t b = 0; b < pair; b += g->lanes)
			tridiagonal_reduce(diagonal + b * (n + 1),
				beside + b * (n + 1),
				g->batches + (s + b) * g->entries,
				batch_order(g, s + b), g->lanes, g->room);
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
