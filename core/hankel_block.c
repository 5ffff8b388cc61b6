/*
 * Neighbouring positions together: blocks of positions i0 .. i0 + b - 1 share
 * the rows and columns of T that all their H_i have. That core is brought to
 * a band once, by LAPACK, and bordered.c gives the singular values of
 * every H_i around it.
 *
 * Only i >= L/2 is looked at: turned about its antidiagonal, T is causal again
 * and its H_{L-i} has the values of H_i. There H_i has no more rows than
 * columns. With rows counted from the last,
 *
 *     T[i0:, :i0]' = Q R       (in chains)   R: core first, then b - 1 rows
 *     core' = U B V'           (by panels)   B: a band
 *
 * The grid of blocks depends on L alone, so that a position's values do not
 * depend on what else is asked for. The ends, where H_i is small, go through
 * hankel_direct.
 */
#include "core/hankel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/bidiagonal.h"
#include "core/block_chain.h"
#include "core/block_panel.h"
#include "core/bordered.h"
#include "core/lanes.h"
#include "core/linalg.h"
#include "core/operator_rows.h"
#include "core/util.h"

/* Larger blocks share more, but the lanes of a batch, neighbouring blocks, then
 * differ more in size; measured at L = 256 .. 4096. */

enum { SIZE_LEAST = 8, SIZE_MOST = BORDERED_SIZE_MAX, SIZES_A_LENGTH = 64 };

/* Positions computed by themselves, at least, where L is so large that this
 * takes long. */
enum { LANDMARKS_LEAST = 6, LANDMARK_LENGTH = 1536 };

/* Superdiagonals of a core: a wide band takes longer to become bidiagonal, a
 * narrow one makes thin products of matrices. */
enum { BAND = 16 };

/* Rotations are backward stable: a multiple of eps s1, as LAPACK's. */
static const double block_error = 1e-14;

/* Positions start .. start + size - 1 >= L/2, of T or of T turned about. */
struct block {
	size_t start, size;
	bool turned;
	uint64_t wanted;        /* bit k: position start + k */
};

/* One lane of a batch. */
struct lane {
	const struct block *block;
	double scale;                   /* the batch holds T / scale */
	double floors[BORDERED_SIZE_MAX];       /* by rounding of a stored T */
};

struct block_run {
	struct workspace *work;
	const struct hankel_request *request;
	size_t L;
	struct block *blocks;
	size_t block_count;
	struct spectrum *spectra;       /* of the request's positions */
	double *values;                 /* and what they point into */
	struct block_chain chains[2];   /* of T, and of T turned about */
	struct lane lanes[BORDERED_LANES_MAX];
	size_t lane_count;
	struct bordered batch;
	/* bidiagonal matrices of positions, waiting for company */
	struct bidiagonal queue;
	struct waiting {
		struct spectrum *spectrum;
		double scale;
	} waiting[BIDIAGONAL_LANES_MAX];
	size_t waiting_count;
	double *found;                  /* values of one of them */
	double step_cost;               /* of all positions of the lanes, or 0 */
	enum status status;
};

static size_t
size_most(size_t L)
{
	size_t size = SIZE_LEAST;

	while (size < SIZE_MOST && size * SIZES_A_LENGTH < L)
		size *= 2;
	return size;
}

/* The block of the grid that holds i >= L/2; size 0: none, near the end. */
static struct block
block_of(size_t L, size_t i)
{
	struct block block = { .start = L - L / 2, .size = size_most(L) };
	size_t whole = (L - block.start) / block.size, at;

	/* While two more of this size follow, without looking. */
	at = size_min((i - block.start) / block.size, whole > 2 ? whole - 2 : 0);
	for (block.start += at * block.size;; block.start += block.size) {
		while (block.size >= SIZE_LEAST
			&& L - block.start < 2 * block.size)
			block.size /= 2;
		if (block.size < SIZE_LEAST)
			return (struct block){ .size = 0 };
		if (i < block.start + block.size)
			return block;
	}
}

static size_t
mirror(size_t L, size_t i)
{
	return i < L - i ? L - i : i;
}

/* A few positions all over a long sequence are looked at first, each by
 * itself, and LAPACK alone takes half of what a block of one takes: 3 % more
 * for all positions, of half the time until there is something to see. */
static bool
is_landmark(size_t L, size_t i)
{
	size_t stride = 1;

	while ((L - 1) / (2 * stride) >= LANDMARKS_LEAST)
		stride *= 2;
	return L >= LANDMARK_LENGTH && i % stride == 0;
}

bool
hankel_block_holds(size_t L, size_t i)
{
	return !is_landmark(L, i) && block_of(L, mirror(L, i)).size > 0;
}

/* Of L^3: one block's core; of m^2: a position all of whose block is asked for,
 * and one for itself, which goes through as many steps as the block has
 * positions. Nanoseconds on a 2020s core of wide registers. */
double
hankel_block_core_cost(size_t L, size_t i, bool alone)
{
	size_t at = mirror(L, i);
	double m = (double)(L - at), size = (double)block_of(L, at).size;
	double core = 0.035 * m * m * (double)at + 0.05 * m * m * m
		+ 12 * m * (double)L;

	return 1e-9 * core / (alone ? 1 : size);
}

double
hankel_block_step_cost(size_t L, size_t i, bool alone)
{
	size_t at = mirror(L, i);
	double m = (double)(L - at), size = (double)block_of(L, at).size;
	double step = 8 / (double)lanes_width() * m * m;

	return 1e-9 * step * (alone ? 2 * (size + 2) : 6.8);
}

double
hankel_block_cost(size_t L, size_t i, bool alone)
{
	return hankel_block_core_cost(L, i, alone)
		+ hankel_block_step_cost(L, i, alone);
}

size_t
hankel_block_end(size_t L, size_t i)
{
	size_t start = L - L / 2, run = size_most(L) * lanes_width(), at;

	if (i >= start) {
		at = start + ((i - start) / run + 1) * run;
		return size_min(at, L);
	}
	at = start + (L - i - start) / run * run;
	return L - at + 1;
}

/* Blocks of the same start lie side by side: their cores have one size. */
static int
compare_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (int)x->turned - (int)y->turned;
}

/* The blocks of the positions asked for. */
static void
list_blocks(struct block_run *run)
{
	for (size_t k = 0; k < run->request->count; k++) {
		size_t i = run->request->positions[k], at = mirror(run->L, i);
		struct block block = block_of(run->L, at), *last = NULL;

		if (!hankel_block_holds(run->L, i))
			continue;
		block.turned = at != i;
		if (run->block_count)
			last = &run->blocks[run->block_count - 1];
		if (!last || compare_blocks(last, &block)) {
			last = &run->blocks[run->block_count++];
			*last = block;
		}
		last->wanted |= (uint64_t)1 << (at - block.start);
	}
	qsort(run->blocks, run->block_count, sizeof *run->blocks,
		compare_blocks);
}

/* The core as a band and what stands around it, into lane w. */
static void
fill_lane(const struct bordered *batch, size_t w, const struct block_panel *panel)
{
	size_t W = batch->lanes, waiting = batch->size - 1, M = panel->M;
	size_t m = M - waiting, skip = batch->order - m, lead = panel->start;

	for (size_t r = 0; r < m; r++) {
		size_t at = skip + r;

		for (size_t k = 0; k <= BAND && r + k < m; k++)
			batch->band[(at * (BAND + 1) + k) * W + w]
				= panel->across[(r + k) * lead + r];
		for (size_t j = 0; j < waiting; j++) {
			batch->rows[(at * waiting + j) * W + w]
				= panel->across[(M - 1 - j) * lead + r];
			batch->columns[(at * waiting + j) * W + w]
				= panel->beside[j * M + r];
		}
	}
	for (size_t j = 0; j < waiting; j++)
		for (size_t k = 0; k < waiting; k++) {
			size_t at = (j * waiting + k) * W + w;

			batch->corner[at] = k < j
				? panel->beside[k * M + M - 1 - j] : 0;
			batch->tail[at] = j + k < waiting
				? panel->across[(M - 1 - k) * lead + m + j] : 0;
		}
}

/* One block: T's part, its core, lane w of the batch. */
static enum status
prepare_lane(struct block_run *run, const struct block *block, size_t w)
{
	struct lane *lane = &run->lanes[w];
	const struct operator *op = run->request->op;
	struct block_panel panel;
	size_t m;
	enum status status = block_panel_new(&panel, run->work, BUFFER_MATRIX,
		run->L, block->start, block->size);

	lane->block = block;
	if (status == STATUS_OK)
		status = block_panel_form(&panel, run->work, op,
			block->turned);
	if (status == STATUS_OK)
		status = block_panel_floors(lane->floors, &panel, run->work,
			op->noise);
	if (status == STATUS_OK)
		status = block_chain_factor(&run->chains[block->turned], &panel,
			run->work, op, block->turned);
	if (status != STATUS_OK)
		return status;
	lane->scale = panel.scale;
	m = panel.M - (panel.size - 1);
	status = linalg_band(run->work, panel.across, panel.start, m, BAND,
		(struct linalg_vectors){ panel.across + m * panel.start,
			panel.start, panel.size - 1 },
		(struct linalg_vectors){ panel.beside, panel.M,
			panel.size - 1 });
	if (status == STATUS_OK)
		fill_lane(&run->batch, w, &panel);
	meter_tick(run->request->meter, METER_CORE, hankel_block_core_cost(
		run->L, block->start + block->size / 2, true));
	return status;
}

/* Where the request has position i. */
static size_t
index_of(const struct hankel_request *request, size_t i)
{
	size_t low = 0, high = request->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (request->positions[middle] <= i)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool
cancelled(const struct hankel_request *request)
{
	return request->cancel && atomic_load(request->cancel);
}

/* What waits has its values now. */
static enum status
flush(struct block_run *run)
{
	enum status status = STATUS_OK;

	bidiagonal_run(&run->queue);
	for (size_t w = 0; w < run->waiting_count; w++) {
		struct spectrum *out = run->waiting[w].spectrum;
		double *values = run->values + (out->values - run->values);
		size_t n = run->queue.orders[w];

		if (!bidiagonal_values(run->found, &run->queue, w))
			status = status_set(STATUS_NUMERIC, "singular values "
				"of %zu x %zu did not converge", n, n);
		/* Behind a band's order are zeros. */
		for (size_t k = 0; k < out->count; k++)
			values[k] = run->found[k] * run->waiting[w].scale;
		out->error = block_error * values[0];
		out->floor = fmax(out->error, out->floor);
		if (status == STATUS_OK)
			status = spectrum_finish(out);
	}
	run->waiting_count = 0;
	run->queue = bidiagonal_place(run->queue.memory,
		run->queue.lanes, run->queue.order);
	return status;
}

/* Position k of lane w: its bidiagonal matrix starts behind `skip` zeros. */
static enum status
keep_position(struct block_run *run, size_t k, size_t w,
	const double *diagonal, const double *super, size_t order)
{
	const struct lane *lane = &run->lanes[w];
	size_t at = lane->block->start + k, n = run->L - at;
	size_t lanes = run->batch.lanes, skip = (order - n) * lanes + w;
	struct spectrum *out = &run->spectra[index_of(run->request,
		lane->block->turned ? run->L - at : at)];

	bidiagonal_set(&run->queue, run->waiting_count, diagonal + skip,
		super + skip, lanes, n);
	run->waiting[run->waiting_count++] = (struct waiting){ out,
		lane->scale };
	out->floor = lane->scale * lane->floors[k];
	out->method = METHOD_BLOCK;
	return run->waiting_count == run->queue.lanes ? flush(run) : STATUS_OK;
}

/* Part of the way to all positions of a block that leads from the one before
 * to position k: longer where a larger part of the tree of bordered.h begins.
 * Measured. */
static double
step_share(size_t k, size_t size)
{
	double sum = 0, here = 0;

	for (size_t at = 0; at < size; at++) {
		int rank = __builtin_ctzll(at ? at : size);
		double part = 3 * rank + ldexp(1, rank);

		part = 2 + (at ? rank ? part : 0 : part * 2 / 3);
		sum += part;
		if (at == k)
			here = part;
	}
	return here / sum;
}

static bool
take_position(void *payload, size_t k, const double *diagonal,
	const double *super, size_t order)
{
	struct block_run *run = payload;

	if (cancelled(run->request))
		run->status = status_set(STATUS_CANCELLED, "cancelled");
	for (size_t w = 0; w < run->lane_count && run->status == STATUS_OK; w++)
		if (run->lanes[w].block->wanted >> k & 1)
			run->status = keep_position(run, k, w, diagonal,
				super, order);
	if (run->step_cost > 0)
		meter_tick(run->request->meter, METER_STEP, run->step_cost
			* step_share(k, run->batch.size));
	return run->status == STATUS_OK;
}

/* Seconds of the way to all positions of so many blocks; 0: so few are wanted
 * that it tells nothing. */
static double
step_cost(const struct block_run *run, const struct block *blocks,
	uint64_t wanted)
{
	double sum = 0;

	if ((size_t)__builtin_popcountll(wanted) < blocks->size / 2)
		return 0;
	for (size_t w = 0; w < run->lane_count; w++)
		sum += hankel_block_step_cost(run->L, blocks[w].start
			+ blocks[w].size / 2, false) * (double)blocks[w].size;
	return sum;
}

/* Lanes of half a register for half as many: their numbers are the same, and
 * move half as much memory. */
static size_t
lanes_for(size_t count)
{
	size_t lanes = lanes_width();

	return lanes == 8 && count <= 4 ? 4 : lanes;
}

/* count blocks of one size, the largest core first. */
static enum status
run_batch(struct block_run *run, const struct block *blocks, size_t count)
{
	size_t size = blocks->size, order = run->L - blocks->start - (size - 1);
	size_t lanes = lanes_for(count);
	uint64_t wanted = 0;
	double *memory;
	enum status status = workspace_buffer(&memory, run->work,
		BUFFER_BORDER, bordered_room(lanes, order, size, BAND));

	if (status != STATUS_OK)
		return status;
	run->batch = bordered_place(memory, lanes, order, size, BAND);
	order += size - 1;
	lanes = bidiagonal_lanes();
	status = workspace_buffer(&memory, run->work, BUFFER_BIDIAGONAL,
		bidiagonal_room(lanes, order));
	if (status != STATUS_OK)
		return status;
	run->queue = bidiagonal_place(memory, lanes, order);
	status = workspace_buffer(&run->found, run->work, BUFFER_VALUES,
		run->L);
	if (status != STATUS_OK)
		return status;
	run->lane_count = count;
	for (size_t w = 0; w < count && status == STATUS_OK; w++) {
		if (cancelled(run->request))
			return status_set(STATUS_CANCELLED, "cancelled");
		status = prepare_lane(run, &blocks[w], w);
		wanted |= blocks[w].wanted;
	}
	if (status != STATUS_OK)
		return status;
	run->status = STATUS_OK;
	run->step_cost = step_cost(run, blocks, wanted);
	bordered_run(&run->batch, wanted, (struct bordered_sink){
		take_position, run });
	status = run->status == STATUS_OK ? flush(run) : run->status;
	if (!(run->step_cost > 0))
		meter_skip(run->request->meter);
	return status;
}

static enum status
run_blocks(struct block_run *run)
{
	size_t lanes = lanes_width(), k = 0, count;
	enum status status = STATUS_OK;

	for (; k < run->block_count && status == STATUS_OK; k += count) {
		const struct block *blocks = run->blocks + k;

		for (count = 1; count < lanes && k + count < run->block_count
			&& blocks[count].size == blocks->size; count++)
			continue;
		status = run_batch(run, blocks, count);
	}
	return status;
}

/* Near the ends: spectra of hankel_direct, kept with the others. */
static void
keep_direct(void *payload, const struct spectrum *spectrum)
{
	struct block_run *run = payload;
	struct spectrum *out = &run->spectra[index_of(run->request,
		spectrum->position)];
	double *values = run->values + (out->values - run->values);

	memcpy(values, spectrum->values, spectrum->count * sizeof *values);
	*out = *spectrum;
	out->values = values;
}

static enum status
run_ends(struct block_run *run)
{
	struct hankel_request request = *run->request;
	size_t *positions = xcalloc(request.count, sizeof *positions);
	size_t count = 0;
	enum status status;

	for (size_t k = 0; k < request.count; k++)
		if (!hankel_block_holds(run->L, request.positions[k]))
			positions[count++] = request.positions[k];
	request.positions = positions;
	request.count = count;
	status = hankel_direct(run->work, &request, (struct hankel_sink){
		keep_direct, run });
	free(positions);
	return status;
}

static enum status
start_run(struct block_run *run)
{
	const struct hankel_request *request = run->request;
	const struct layer *layer = request->op->layer;
	size_t total = 0;
	void *values = NULL;
	enum status status;

	for (size_t k = 0; k < request->count; k++)
		total += hankel_count(layer, request->positions[k]);
	status = util_alloc(&values, total, sizeof *run->values,
		"singular values");
	if (status != STATUS_OK)
		return status;
	run->values = values;
	run->spectra = xcalloc(request->count, sizeof *run->spectra);
	run->blocks = xcalloc(request->count, sizeof *run->blocks);
	total = 0;
	for (size_t k = 0; k < request->count; k++) {
		size_t i = request->positions[k];

		run->spectra[k].position = i;
		run->spectra[k].count = hankel_count(layer, i);
		run->spectra[k].values = run->values + total;
		total += run->spectra[k].count;
	}
	return STATUS_OK;
}

enum status
hankel_block_each(struct workspace *work, const struct hankel_request *request,
	struct hankel_sink sink)
{
	struct block_run run = {
		.work = work, .request = request, .L = request->op->length,
	};
	struct operator_rows rows;      /* T is formed, if it has to be */
	enum status status;

	if (!request->count)
		return STATUS_OK;
	status = start_run(&run);
	if (status == STATUS_OK)
		status = operator_rows_open(&rows, work, request->op);
	if (status == STATUS_OK) {
		meter_skip(request->meter);
		list_blocks(&run);
		status = run_blocks(&run);
	}
	if (status == STATUS_OK)
		status = run_ends(&run);
	for (size_t k = 0; k < request->count && status == STATUS_OK; k++)
		sink.take(sink.payload, &run.spectra[k]);
	free(run.blocks);
	free(run.spectra);
	free(run.values);
	return status;
}
