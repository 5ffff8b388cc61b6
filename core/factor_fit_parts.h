/*
 * Between the files of factor_fit: the search for readings (factor_fit.c), and
 * what is said where there is none or more than one (factor_fit_fail.c).
 */
#ifndef CORE_FACTOR_FIT_PARTS_H
#define CORE_FACTOR_FIT_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/dump.h"
#include "core/operator.h"

enum { ORDER_MAX = TENSOR_RANK_MAX + 1, FIT_TEXT = 160 };

struct reading {
	char order[LAYER_BINDINGS][ORDER_MAX];
	char form[LAYER_BINDINGS][ORDER_MAX];
	size_t size[AXIS_LETTERS];
};

struct fit {
	struct layer *layer;
	const struct factor_rule *rules;
	const struct factor *factors[LAYER_BINDINGS];  /* NULL: absent */
	const char *declared[LAYER_BINDINGS];  /* order in meta, or NULL, */
	char order[LAYER_BINDINGS][ORDER_MAX];  /* and in the rule's letters */
	bool batched;
	bool loose;                     /* L may be stored first, too */
	struct reading now, found, other;
	size_t count;                   /* readings found: 0, 1 or 2 */
	bool shared;                    /* do the groups of `found` divide? */
	size_t deepest;                 /* the rule that no reading got past, */
	size_t deepest_size[AXIS_LETTERS];  /* and what was known there */
};

/* Copies the next form of a rule; false after the last. `*forms` moves on,
 * and is NULL behind the last. */
bool fit_next_form(char out[ORDER_MAX], const char **forms);

/* Searches once more, for factors that may be stored with L first, as (L,H,N);
 * L: its size, 0 if any will do. False where there is no such reading. */
bool fit_search_loose(struct fit *fit, size_t L);

/* "(H), (H,L) or (H,L,N) with H=4 L=64": the forms of a rule, and of their
 * letters those that are known. */
void fit_describe_forms(char out[FIT_TEXT], const struct factor_rule *rule,
	const size_t size[AXIS_LETTERS]);

/* "axes": {"q": "LHN"}, of what is stored in another order in fit->found; false
 * where nothing is. */
enum { FIT_AXES = 320 };
bool fit_axes_text(char out[FIT_AXES], const struct fit *fit);

enum status fit_fail_no_reading(struct fit *fit);
enum status fit_fail_two_readings(const struct fit *fit);

#endif
