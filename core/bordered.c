/*
 * The memory of a batch, and the choice among the widths of registers at run
 * time. The mathematics is in bordered_chase.inc
 * and bordered_tree.inc.
 */
#include "core/bordered.h"

#include <math.h>
#include <string.h>

#include "core/lanes.h"

/* Chases under way together, and how many steps apart: three keep clear of
 * what the one before still has to touch. */
enum { GROUP = 8, LAG = 3 };

/* Entries of a vector: what is absorbed, and one column more than rows. */
static size_t
height_of(size_t order, size_t size)
{
	return order + size + 4;
}

/* Components beyond the matrix: waiting rows bring as many, and every column
 * absorbed may leave one. */
static size_t
tails_of(size_t size)
{
	return 2 * size;
}

#define LANES_BODY "core/bordered_tree.inc"
#include "core/lanes_widths.inc"

/* What one level of the tree takes: see halve and absorb_all. */
static size_t
level_room(size_t order, size_t size)
{
	size_t height = height_of(order, size), tails = tails_of(size);
	size_t room = 0;

	for (size_t s = size / 2; s; s /= 2) {
		size_t steps = s > 1 ? height / (s + 1) + 2 : 1;

		room += 2 * height + (s - 1) * (2 * height + tails + s - 1);
		room += s * (height + tails) + (height + s + 2) * (s + 4);
		room += 4 * GROUP * steps;
	}
	return room;
}

/* What the core takes: see begin. */
static size_t
core_room(size_t order, size_t size, size_t width)
{
	size_t height = height_of(order, size);

	return 2 * height + (height + width + 1) * (width + 3)
		+ 4 * GROUP * (height / width + 2);
}

size_t
bordered_room(size_t lanes, size_t order, size_t size, size_t width)
{
	size_t waiting = size - 1;

	return lanes * (order * (width + 1) + 2 * order * waiting
		+ 2 * waiting * waiting + core_room(order, size, width)
		+ level_room(order, size));
}

struct bordered
bordered_place(double *memory, size_t lanes, size_t order, size_t size,
	size_t width)
{
	size_t waiting = size - 1;
	struct bordered batch = {
		.lanes = lanes, .size = size, .order = order, .width = width,
		.band = memory,
	};

	batch.rows = batch.band + order * (width + 1) * lanes;
	batch.columns = batch.rows + order * waiting * lanes;
	batch.tail = batch.columns + order * waiting * lanes;
	batch.corner = batch.tail + waiting * waiting * lanes;
	batch.room = batch.corner + waiting * waiting * lanes;
	memset(memory, 0, (size_t)(batch.room - memory) * sizeof *memory);
	return batch;
}

void
bordered_run(const struct bordered *batch, uint64_t wanted,
	struct bordered_sink sink)
{
	LANES_OF(run, batch->lanes)(batch, wanted, sink);
}
