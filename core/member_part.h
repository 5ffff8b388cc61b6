/*
 * Part of an array as it lies in a file: one index of one axis, or a few of
 * them side by side, of one element of its batch axis. In the file these are
 * runs of bytes at even distances.
 */
#ifndef CORE_MEMBER_PART_H
#define CORE_MEMBER_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "core/tensor.h"

/* What is wanted of an array; its axes are as stored. */
struct part_wanted {
	int axis;
	size_t index;
	int batch_axis;                 /* or -1 */
	size_t batch;
};

struct member_part {
	struct tensor_type type;        /* of what is read */
	size_t first;                   /* the index it begins with */
	size_t whole;                   /* bytes of the whole array */
	size_t offset;                  /* of the first run among them */
	size_t run;                     /* bytes of a run */
	int loops;                      /* over runs, outermost first */
	size_t count[TENSOR_RANK_MAX], stride[TENSOR_RANK_MAX];
};

/* Single elements far apart cost a page each: so many bytes of neighbours, at
 * least, are read with them. */
enum { PART_RUN_LEAST = 4096 };

/* False where reading all of it is as cheap. */
bool member_part_plan(struct member_part *out, const struct tensor_type *type,
	const struct part_wanted *wanted);

#endif
