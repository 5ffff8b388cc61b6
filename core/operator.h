/*
 * The kinds of causal operators, and one channel's T of them.
 *
 * T[i][j] = 0 for j > i. A kind is one const table and one file (op_*.c), and
 * one line in operator_kinds[]. Nothing else in the program knows a kind by
 * name.
 */
#ifndef CORE_OPERATOR_H
#define CORE_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/dump.h"
#include "core/status.h"

/* Theoretical state size at position i of a layer with state_size n. */
enum tss_rule {
	TSS_STATE,      /* n: recurrences, and a metadata override */
	TSS_WINDOW,     /* min(i, n): n = window - 1, taps - 1, or SIZE_MAX */
	TSS_RANK,       /* min(i, L - i): dense, unknown */
};

/* One factor a kind takes. forms: the axes it may have, canonical order,
 * "|" between alternatives, "" for a scalar ("HLN", "H|HL|HN|HLN"). H heads, G groups of heads
 * (G divides H), D channels, L positions, N state, K taps, R folds. */
struct factor_rule {
	const char *name;
	const char *forms;
	bool required;
	bool leads;     /* one axis more than its form means a batch axis */
};

struct operator;

struct operator_kind {
	const char *name;               /* as in meta: "softmax" */
	const char *formula;            /* T[i][j], for help and man page */
	const char *meta_keys;          /* "scale window": those it reads */
	const struct factor_rule *rules;   /* ended by a NULL name */
	/* Does a layer without a declared kind look like this one? */
	bool (*infer)(const struct layer *layer);
	/* After the axes are settled: sizes and rules of TSS, other checks. */
	enum status (*settle)(struct layer *layer);
	size_t size;                    /* bytes of its struct operator_... */
	enum status (*open)(struct operator *op);
	void (*close)(struct operator *op);
	/* T[i][0..i] into out[0..i]. */
	void (*row)(const struct operator *op, size_t i, double *out);
	/* Diagonal recurrences, else NULL: transition a, input b and output c
	 * of step t, each state_size doubles (NULL: not wanted). */
	void (*step)(const struct operator *op, size_t t,
		double *a, double *b, double *c);
};

extern const struct operator_kind *const operator_kinds[];  /* NULL-ended */

/* One channel, immutable once open; several threads may read it. Kinds embed
 * this first. */
struct operator {
	const struct operator_kind *kind;
	const struct layer *layer;
	size_t channel;
	size_t length;                  /* L */
	size_t state;                   /* n, 0 without step() */
	bool reads_before;              /* read = pre: y_t reads h_{t-1} */
	double noise;                   /* unit roundoff of a stored dense T, u;
	                                 * 0 where T is exact (DESIGN 2, floor) */
	struct tensor *tensors[LAYER_BINDINGS];  /* as layer->bindings */
	struct slice slices[LAYER_BINDINGS];
};

/* Loads the factors of one channel and checks their values (NaN, signs).
 * STATUS_VALUE is this channel's own failure; the sentence names file, layer,
 * factor and the likely cause. The layer must be resolved. Any thread. */
enum status operator_open(struct operator **out, const struct layer *layer,
	size_t channel);
void operator_close(struct operator *op);

/* rows x cols block T[i0.., j0..], row-major with leading dimension cols; for
 * j > i zero. scratch: i0 + rows doubles. */
void operator_block(const struct operator *op, size_t i0, size_t rows,
	size_t j0, size_t cols, double *out, double *scratch);

/* Definitions of DESIGN 2, for a resolved layer and 1 <= i < L. */
size_t layer_tss(const struct layer *layer, size_t i);
size_t layer_ceiling(const struct layer *layer, size_t i);
bool layer_unbounded(const struct layer *layer);
bool layer_interior(const struct layer *layer, size_t i);

#endif
