/*
 * "Depth" counts axes by how they lie in the file, outermost first. Two of
 * them may be restricted; the inner one of these decides how long runs are.
 */
#include "core/member_part.h"

#include "core/util.h"

/* What is read of an axis. */
struct range {
	size_t first, count, extent;
};

static int
axis_at(const struct tensor_type *type, int depth)
{
	return type->fortran ? type->rank - 1 - depth : depth;
}

/* The innermost axis of which not all is read, or -1. */
static int
innermost(const struct range *ranges, int rank)
{
	int depth = rank - 1;

	while (depth >= 0 && ranges[depth].count == ranges[depth].extent)
		depth--;
	return depth;
}

/* Bytes of one index of the axis at a depth. */
static size_t
bytes_within(const struct range *ranges, int depth,
	const struct tensor_type *type)
{
	size_t bytes = type->item;

	for (int k = depth + 1; k < type->rank; k++)
		bytes *= ranges[k].extent;
	return bytes;
}

static bool
is_scattered(const struct range *ranges, int depth)
{
	for (int k = 0; k < depth; k++)
		if (ranges[k].count > 1)
			return true;
	return false;
}

/* Neighbours of the wanted index, so that runs are worth reading: always the
 * same ones, for who wants these next. */
static void
widen(struct range *range, size_t inner)
{
	size_t n = (PART_RUN_LEAST + inner - 1) / inner;

	range->count = n = size_min(n, range->extent);
	range->first = size_min(range->first - range->first % n,
		range->extent - n);
}

/* Everything around the runs, from their depth out. */
static void
place_runs(struct member_part *part, const struct range *ranges, int depth,
	size_t inner)
{
	size_t step = inner;

	part->run = ranges[depth].count * inner;
	part->offset = ranges[depth].first * inner;
	part->loops = depth;
	for (int k = depth - 1; k >= 0; k--) {
		step *= ranges[k + 1].extent;
		part->count[k] = ranges[k].count;
		part->stride[k] = step;
		part->offset += ranges[k].first * step;
	}
	/* Loops of one turn are none. */
	while (part->loops > 0 && part->count[part->loops - 1] == 1)
		part->loops--;
}

bool
member_part_plan(struct member_part *out, const struct tensor_type *type,
	const struct part_wanted *wanted)
{
	struct range ranges[TENSOR_RANK_MAX];
	struct member_part part = { .type = *type, .whole = type->bytes };
	size_t inner;
	int depth, cut = 0;

	for (int k = 0; k < type->rank; k++) {
		int axis = axis_at(type, k);

		ranges[k] = (struct range){ 0, type->shape[axis],
			type->shape[axis] };
		if (axis == wanted->axis) {
			ranges[k].first = wanted->index;
			ranges[k].count = 1;
			cut = k;
		} else if (axis == wanted->batch_axis) {
			ranges[k].first = wanted->batch;
			ranges[k].count = 1;
		}
	}
	depth = innermost(ranges, type->rank);
	inner = bytes_within(ranges, depth, type);
	if (depth > cut && inner < PART_RUN_LEAST) {
		/* A batch side by side is read with all its elements. */
		ranges[depth].first = 0;
		ranges[depth].count = ranges[depth].extent;
		depth = innermost(ranges, type->rank);
		inner = bytes_within(ranges, depth, type);
	}
	if (depth < 0)
		return false;
	if (depth == cut && inner < PART_RUN_LEAST
		&& is_scattered(ranges, depth))
		widen(&ranges[cut], inner);
	place_runs(&part, ranges, depth, inner);
	part.first = ranges[cut].first;
	for (int k = 0; k < type->rank; k++)
		part.type.shape[axis_at(type, k)] = ranges[k].count;
	if (tensor_type_measure(&part.type)
		|| part.type.bytes > type->bytes / 2
		|| (part.loops && part.run < PART_RUN_LEAST))
		return false;
	*out = part;
	return true;
}
