/*
 * Positions of one node may differ in size by many powers of ten, where gates
 * open and close. So rows and columns are weighted by the smallest H_i that
 * holds them: what is dropped is small beside each.
 */
#include "core/sliding_basis.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/basis.h"
#include "core/linalg.h"
#include "core/util.h"

enum {
	PANEL = 1 << 18,        /* doubles of H_q in memory at a time, */
	PANEL_COLUMNS = 128,    /* or, where this is more, so many columns */
	RANK_FREE = 96,         /* a rank that always pays */
	RANK_SHARE = 5,         /* so does 1/5 of the order of H_q, */
	RANK_MOST = 512,        /* but none above: finding it takes long */
	RANK_FIRST = 26,        /* where nothing is known of the rank */
	WHOLE_SHARE = 2,        /* from half the order on, a sketch is no gain */
};

/* Dropped by truncation alone, of the tolerance: the sketch misses the rest. */
static const double truncated_share = 0.55;

/* Pivoting spreads rounding: a rank hidden in it shows where a little more may
 * go. That is so many times the tolerance. */
static const double loose_share = 1.4;

/* Of the tolerance: with more left out, a wider sketch is tried. */
static const double residual_most = 4;

/* H_q transposed, in panels of columns: rows q .. end - 1 of T, then the
 * future; each is the past, then columns begin .. q - 1. */
struct block {
	const struct sliding_node *node;
	const struct sliding_source *source;
	size_t q, rows, columns;        /* of the transpose */
	double *data;                   /* panel_columns of them */
	size_t panel_columns;
	size_t panel;                   /* first column there; SIZE_MAX: none */
	double *row;                    /* scratch, L */
	double *weight;                 /* of columns, or of rows */
};

/* A basis and what it keeps of the block. */
struct basis {
	enum sliding_side side;
	double *combinations;           /* random ones of the block, */
	size_t drawn;                   /* so many */
	double *vectors;                /* orthonormal, */
	size_t stride;                  /* their leading dimension */
	double *image;                  /* V' H_q' or H_q' U */
	double *lost;                   /* squares, by column or row of H_q' */
	size_t rank;
};

static void
read_column(const struct block *block, size_t c, double *out)
{
	const struct sliding_node *node = block->node;
	size_t span = node->end - node->begin, past = node->past;
	size_t t = block->q - node->begin + c;  /* counted from begin */

	memcpy(out, node->read + t * past, past * sizeof *out);
	if (t < span)
		sliding_source_read(block->source, node->begin + t,
			node->begin, block->q - node->begin, out + past,
			block->row);
	else
		memcpy(out + past, node->feed + (t - span) * span,
			(block->q - node->begin) * sizeof *out);
}

/* Columns c .. of the block, as many as *count then says. */
static double *
panel_at(struct block *block, size_t c, size_t *count)
{
	size_t first = c / block->panel_columns * block->panel_columns;
	size_t end = size_min(first + block->panel_columns, block->columns);

	if (block->panel != first)
		for (size_t k = first; k < end; k++)
			read_column(block, k,
				block->data + (k - first) * block->rows);
	block->panel = first;
	*count = end - c;
	return block->data + (c - first) * block->rows;
}

static enum status
block_start(struct block *block, struct workspace *work,
	const struct sliding_source *source, const struct sliding_node *node,
	size_t q)
{
	size_t rows = node->past + q - node->begin;
	size_t columns = node->end - q + node->future;
	enum status status;

	*block = (struct block){
		.node = node, .source = source, .q = q, .rows = rows,
		.columns = columns, .panel = SIZE_MAX,
		.panel_columns = size_min(columns,
			size_max(PANEL / size_max(rows, 1), PANEL_COLUMNS)),
	};
	status = workspace_buffer(&block->data, work, BUFFER_BLOCK,
		rows * block->panel_columns);
	if (status == STATUS_OK)
		status = workspace_buffer(&block->row, work, BUFFER_ROW,
			source->length + size_max(rows, columns));
	if (status == STATUS_OK)
		block->weight = block->row + source->length;
	return status;
}

/* *least becomes the smallest norm that is not 0 or unknown; 1 over it. */
static double
weigh(double *least, double norm)
{
	if (norm > 0)
		*least = fmin(*least, norm);
	return *least < INFINITY ? 1 / *least : 0;
}

/* Row t of T belongs to H_i for q <= i <= t; the future to all of them. */
static void
weigh_columns(struct block *block)
{
	const double *norm = block->source->norm;
	size_t end = block->node->end, c = 0;
	double least = INFINITY;

	for (size_t t = block->q; t < end; t++)
		block->weight[c++] = weigh(&least, norm[t]);
	for (; c < block->columns; c++)
		block->weight[c] = weigh(&least, NAN);
}

/* Column j of T belongs to H_i for j < i < q; the past to all of them. */
static void
weigh_rows(struct block *block)
{
	const double *norm = block->source->norm;
	const struct sliding_node *node = block->node;
	double least = INFINITY;

	for (size_t j = block->q; j-- > node->begin;) {
		block->weight[node->past + j - node->begin]
			= weigh(&least, NAN);
		weigh(&least, norm[j]);
	}
	for (size_t r = 0; r < node->past; r++)
		block->weight[r] = weigh(&least, NAN);
}

static const uint64_t random_step = 0x9e3779b97f4a7c15;

/* Uniform in -1 .. 1: SplitMix64 (Steele, Lea & Flood 2014) of a fixed
 * seed, so that the same operator always gives the same bits. */
static double
random_at(uint64_t *state)
{
	uint64_t z = *state += random_step;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	z ^= z >> 31;
	return (double)(z >> 11) * 0x1p-52 - 1;
}

/* Columns first .. first + k - 1 of a random matrix with `count` rows, row r
 * times weight[r]. */
static void
random_columns(double *out, const double *weight, size_t count, size_t first,
	size_t k)
{
	uint64_t state = random_step * (uint64_t)(first * count);

	for (size_t c = 0; c < k; c++)
		for (size_t r = 0; r < count; r++)
			*out++ = weight[r] * random_at(&state);
}

/* Draws random combinations up to the k-th: of the columns, columns weighted,
 * for a basis of what is behind q; of the rows, for one of what is before. */
static enum status
draw(struct basis *basis, struct workspace *work, struct block *block,
	size_t k)
{
	bool behind = basis->side == SLIDING_BEHIND;
	size_t length = behind ? block->rows : block->columns;
	size_t mixed = behind ? block->columns : block->rows, count;
	size_t more = k - basis->drawn;
	double *to = basis->combinations + basis->drawn * length, *mix;
	enum status status = workspace_buffer(&mix, work, BUFFER_SKETCH,
		mixed * more);

	if (status != STATUS_OK)
		return status;
	random_columns(mix, block->weight, mixed, basis->drawn, more);
	for (size_t c = 0; !status && c < block->columns; c += count) {
		const double *panel = panel_at(block, c, &count);
		struct linalg_factor a = { panel, block->rows, !behind };

		status = workspace_cancelled(work);
		if (status != STATUS_OK)
			break;
		if (behind)
			status = linalg_multiply(to, work,
				(struct linalg_shape){ length, more, count,
				length }, a, (struct linalg_factor){ mix + c,
				mixed, false }, 1, c > 0);
		else
			status = linalg_multiply(to + c, work,
				(struct linalg_shape){ count, more, mixed,
				length }, a, (struct linalg_factor){
				mix, mixed, false }, 1, 0);
	}
	basis->drawn = k;
	return status;
}

/* A basis of k of them, each with variance 1/k; there will not be more than
 * `most`. */
static enum status
sketch(struct basis *basis, struct workspace *work, struct block *block,
	size_t k, size_t most, double tolerance)
{
	size_t length = basis->side == SLIDING_BEHIND ? block->rows
		: block->columns;
	double unit = sqrt(3 / (double)k);
	enum status status = STATUS_OK;

	if (!basis->drawn)
		status = workspace_buffer(&basis->combinations, work,
			BUFFER_COMBINATIONS, length * most);
	if (status == STATUS_OK)
		status = draw(basis, work, block, k);
	basis->stride = basis_stride(length);
	if (status == STATUS_OK)
		status = workspace_buffer(&basis->vectors, work,
			BUFFER_SKETCH, basis->stride * k);
	if (status != STATUS_OK)
		return status;
	for (size_t c = 0; c < k; c++) {
		const double *from = basis->combinations + c * length;
		double *to = basis->vectors + c * basis->stride;

		for (size_t r = 0; r < length; r++)
			to[r] = unit * from[r];
		memset(to + length, 0,
			(basis->stride - length) * sizeof *to);
	}
	return basis_columns(&basis->rank, work, (struct basis_matrix){
		basis->vectors, basis->stride, length, k },
		(struct basis_limits){ tolerance, loose_share * tolerance });
}

/* From the weighted columns of an image: those it is of. */
static void
unweigh(double *image, double *lost, const double *weight, size_t rank,
	size_t count)
{
	for (size_t c = 0; c < count; c++) {
		double back = weight[c] > 0 ? 1 / weight[c] : 0;

		for (size_t r = 0; r < rank; r++)
			image[c * rank + r] *= back;
		lost[c] *= back * back;
	}
}

/* The weighted block, as columns of what is compressed. */
static void
copy_weighted(struct basis_matrix to, const struct basis *basis,
	struct block *block)
{
	size_t m = block->rows, n = block->columns, count;
	const double *from = panel_at(block, 0, &count);
	bool behind = basis->side == SLIDING_BEHIND;

	for (size_t c = 0; c < to.n; c++)
		memset(to.a + c * to.stride + to.m, 0,
			(to.stride - to.m) * sizeof *to.a);
	for (size_t c = 0; c < n; c++)
		for (size_t r = 0; r < m; r++) {
			double x = *from++ * block->weight[behind ? c : r];

			to.a[behind ? c * to.stride + r
				: r * to.stride + c] = x;
		}
}

/* All of it from a block that is one panel: its factorisation says what the
 * basis keeps and what it loses, so that the basis itself is not needed. */
static enum status
whole_basis(struct basis *basis, struct workspace *work, struct block *block,
	double tolerance)
{
	bool behind = basis->side == SLIDING_BEHIND;
	size_t m = behind ? block->rows : block->columns;
	size_t n = behind ? block->columns : block->rows;
	size_t room = size_min(m, n) * n;
	struct basis_matrix copy = { .stride = basis_stride(m), .m = m,
		.n = n };
	double *p;
	enum status status = workspace_buffer(&copy.a, work, BUFFER_SKETCH,
		copy.stride * n);

	if (status == STATUS_OK)
		status = workspace_buffer(&p, work, BUFFER_RESIDUAL,
			2 * room + n);
	if (status != STATUS_OK)
		return status;
	basis->lost = p;
	basis->image = p + n;
	copy_weighted(copy, basis, block);
	status = basis_image(p + n, basis->lost, &basis->rank, work, copy,
		(struct basis_limits){ tolerance, loose_share * tolerance });
	if (status != STATUS_OK)
		return status;
	unweigh(p + n, basis->lost, block->weight, basis->rank, n);
	if (behind)
		return STATUS_OK;
	basis->image = p + n + room;
	for (size_t c = 0; c < n; c++)
		for (size_t r = 0; r < basis->rank; r++)
			basis->image[r * n + c] = p[n + c * basis->rank + r];
	return STATUS_OK;
}

/* image = V' H_q' (rank x columns), or H_q' U (rows x rank). */
static enum status
project(struct basis *basis, const struct workspace *work, struct block *block)
{
	size_t m = block->rows, rank = basis->rank, count;
	enum status status = STATUS_OK;

	for (size_t c = 0; !status && c < block->columns; c += count) {
		struct linalg_factor a = { panel_at(block, c, &count), m,
			false };

		status = workspace_cancelled(work);
		if (status != STATUS_OK)
			break;
		if (basis->side == SLIDING_BEHIND)
			status = linalg_multiply(basis->image + c * rank, work,
				(struct linalg_shape){ rank, count, m, rank },
				(struct linalg_factor){ basis->vectors,
				basis->stride, true }, a, 1, 0);
		else
			status = linalg_multiply(basis->image, work,
				(struct linalg_shape){ m, rank, count, m }, a,
				(struct linalg_factor){ basis->vectors + c,
				basis->stride, false }, 1, c > 0);
	}
	return status;
}

/* Adds the squares of what is left of `count` columns from c on. */
static void
add_lost(const struct basis *basis, const double *left, size_t rows, size_t c,
	size_t count)
{
	for (size_t k = 0; k < count; k++, left += rows) {
		double sum = 0;

		if (basis->side == SLIDING_BEFORE) {
			for (size_t r = 0; r < rows; r++)
				basis->lost[r] += left[r] * left[r];
			continue;
		}
		for (size_t r = 0; r < rows; r++)
			sum += left[r] * left[r];
		basis->lost[c + k] = sum;
	}
}

/* H_q' - V image, or H_q' - image U', which takes the place of the panel. */
static enum status
find_lost(const struct basis *basis, const struct workspace *work,
	struct block *block)
{
	size_t m = block->rows, rank = basis->rank, count;
	enum status status = STATUS_OK;

	if (basis->side == SLIDING_BEFORE)
		memset(basis->lost, 0, m * sizeof *basis->lost);
	for (size_t c = 0; !status && c < block->columns; c += count) {
		double *left = panel_at(block, c, &count);
		struct linalg_factor a = { basis->image, m, false };
		struct linalg_factor b = { basis->vectors + c, basis->stride,
			true };

		if (basis->side == SLIDING_BEHIND) {
			a = (struct linalg_factor){ basis->vectors,
				basis->stride, false };
			b = (struct linalg_factor){ basis->image + c * rank,
				rank, false };
		}
		status = linalg_multiply(left, work, (struct linalg_shape){
			m, count, rank, m }, a, b, -1, 1);
		add_lost(basis, left, m, c, count);
	}
	block->panel = SIZE_MAX;
	return status;
}

/* Image and lost of a basis from a sketch. */
static enum status
finish_basis(struct basis *basis, struct workspace *work, struct block *block)
{
	bool behind = basis->side == SLIDING_BEHIND;
	size_t lost = behind ? block->columns : block->rows;
	double *p;
	enum status status = workspace_buffer(&p, work, BUFFER_RESIDUAL,
		lost * (basis->rank + 1));

	if (status != STATUS_OK)
		return status;
	basis->image = p;
	basis->lost = p + lost * basis->rank;
	status = project(basis, work, block);
	return status == STATUS_OK ? find_lost(basis, work, block) : status;
}

/* The Frobenius norm of what was lost, weighted: relative to each H_i. */
static double
weighted_lost(const struct basis *basis, const struct block *block)
{
	size_t count = basis->side == SLIDING_BEHIND ? block->columns
		: block->rows;
	double sum = 0;

	for (size_t k = 0; k < count; k++)
		sum += basis->lost[k] * block->weight[k] * block->weight[k];
	return sqrt(sum);
}

static size_t
rank_limit(const struct block *block, struct sliding_limits limits)
{
	size_t order = size_min(block->q, block->source->length - block->q);

	return limits.any_rank ? block->rows + block->columns
		: size_min(size_max(RANK_FREE, order / RANK_SHARE), RANK_MOST);
}

/* Widens the sketch until it holds the rank with half as much to spare, which
 * leaves little more than the best basis would. *found: the rank is one that
 * pays. */
static enum status
find_basis(struct basis *basis, bool *found, struct workspace *work,
	struct block *block, struct sliding_limits limits)
{
	size_t least = size_min(block->rows, block->columns);
	size_t most = rank_limit(block, limits);
	size_t widest = size_min(least, 2 * most + 16);
	size_t k = size_max(size_max(block->node->past, block->node->future),
		RANK_FIRST) * 2 + 8;
	double tolerance = truncated_share * limits.tolerance;
	bool whole = false;
	enum status status = STATUS_OK;

	*found = false;
	for (; !*found && !whole && status == STATUS_OK; k *= 2) {
		whole = WHOLE_SHARE * k >= least
			&& block->panel_columns == block->columns;
		if (k > 2 * most + 16 && !whole)
			return STATUS_OK;
		k = size_min(k, least);
		status = whole ? whole_basis(basis, work, block, tolerance)
			: sketch(basis, work, block, k, widest, tolerance);
		if (status != STATUS_OK || basis->rank > most)
			return status;
		if (!whole && k < least && 3 * basis->rank > 2 * k)
			continue;
		if (!whole)
			status = finish_basis(basis, work, block);
		*found = whole || k == least || weighted_lost(basis, block)
			<= residual_most * limits.tolerance;
	}
	return status;
}

enum status
sliding_basis_find(struct sliding_basis *out, bool *found,
	struct workspace *work, const struct sliding_source *source,
	const struct sliding_node *node, size_t q, enum sliding_side side,
	struct sliding_limits limits)
{
	struct basis basis = { .side = side };
	struct block block;
	enum status status = block_start(&block, work, source, node, q);

	if (status != STATUS_OK)
		return status;
	if (side == SLIDING_BEHIND)
		weigh_columns(&block);
	else
		weigh_rows(&block);
	status = find_basis(&basis, found, work, &block, limits);
	*out = (struct sliding_basis){ block.rows, block.columns, basis.rank,
		basis.image, basis.lost };
	return status;
}
