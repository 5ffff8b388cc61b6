/*
 * A dump against esscope-dump(5): every value of every factor is looked at, in
 * all elements of a batch, and every member, used or not, is read and held
 * against its CRC.
 * What is wrong makes a channel or a layer unusable; what is in doubt can be
 * meant, but seldom is.
 */
#ifndef CORE_DUMP_CHECK_H
#define CORE_DUMP_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/dump.h"

/* The first sentence of its kind, and how many channels, of all elements of a
 * batch, it is true of. */
struct check_remark {
	char *text;             /* safe to print; NULL: none */
	size_t channels;
};

struct check_factor {
	const struct factor *factor;
	char axes[TENSOR_RANK_MAX + 1];         /* as stored: "BLHN" */
	size_t channels;        /* of all elements of the batch, if it has one */
	double least, most;     /* NaN aside; of complex ones the real part */
	bool nan;
	struct check_remark wrong, doubt;
};

struct check_layer {
	struct layer *layer;            /* its status and error are settled */
	struct check_factor *factors;   /* none of a layer that has an error */
	size_t factor_count;
	struct check_remark wrong, doubt;       /* of the operator as a whole */
	char **advice;                  /* doubts about meta and what is unused */
	size_t advice_count;
};

struct dump_check {
	struct check_layer *layers;
	size_t layer_count;
	char **advice;                  /* about the dump as a whole */
	size_t advice_count;
	char **damaged;                 /* members that are no factor in use */
	size_t damaged_count;
	size_t wrong, doubts;           /* of all kinds */
};

struct dump_check *dump_check(struct dump *dump);
void dump_check_free(struct dump_check *check);

#endif
