/*
 * The kinds of causal operators, and one channel's T of them.
 *
 * T[i][j] = 0 for j > i. A kind is one const table and one file (op_*.c), and
 * one line in operator_kinds[]. Nothing else in the program knows a kind by
 * name.
 */
#ifndef CORE_OPERATOR_H
#define CORE_OPERATOR_H

#include <stdatomic.h>
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

/* What the elements of a factor may be. -inf is a legal log decay: a reset. */
enum factor_range {
	RANGE_FINITE,
	RANGE_BELOW_INFINITY,   /* a logit that may be -inf: absent */
	RANGE_LOG_DECAY,        /* <= 0 or -inf, unless the layer may grow */
	RANGE_NOT_POSITIVE,     /* likewise, without -inf */
	RANGE_NOT_NEGATIVE,
	RANGE_GATE,             /* finite, and no logarithm of a gate */
};

/* One factor a kind takes. forms: the axes it may have in canonical order,
 * "|" between alternatives ("HLN", "H|HL|HN|HLN"), "" for a scalar. H heads,
 * G groups of heads (G divides H; also groups of channels D), D channels, L
 * positions, N state, K taps, R folds, X the rank of a low-rank dt. */
struct factor_rule {
	const char *name;
	const char *forms;
	bool required;
	bool or_complex;        /* may be complex: range is of its real part */
	bool leads;     /* one axis more than its form means a batch axis */
	enum factor_range range;
	const char *cause;      /* the usual reason for a value out of range */
	/* Values beyond these bounds are possible, but seldom meant; both 0:
	 * none. */
	double low, high;
	const char *doubt;      /* what may have been stored instead */
};

struct operator;

/* What a method keeps with an operator, for all threads that share it. */
struct operator_memo {
	void (*free)(struct operator_memo *memo);
};

struct operator_kind {
	const char *name;               /* as in meta: "softmax" */
	const char *formula;            /* T[i][j], for help and man page */
	const char *meta_keys;          /* "scale window": those it reads */
	const struct factor_rule *rules;   /* ended by a NULL name */
	/* Does a layer without a declared kind look like this one? */
	bool (*infer)(const struct layer *layer);
	/* After the axes are settled: sizes and rules of TSS, other checks. */
	enum status (*settle)(struct layer *layer);
	/* A bounded TSS beyond L/2 counts as growing with i (long kernels). */
	bool long_unbounded;
	size_t size;                    /* bytes of its struct operator_... */
	enum status (*open)(struct operator *op);
	void (*close)(struct operator *op);
	/* What is unusual in the values of all factors together, for free();
	 * NULL: nothing. May itself be NULL. */
	char *(*examine)(const struct operator *op);
	/* Opening one finds what no factor shows by itself, channel by
	 * channel: else one is as good as another. */
	bool each_opens;
	/* T[i][0..i] into out[0..i]; of a complex T the real part. */
	void (*row)(const struct operator *op, size_t i, double *out);
	/* The same in complex numbers, before re takes a part. NULL where no
	 * factor may be complex. */
	void (*complex_row)(const struct operator *op, size_t i,
		double _Complex *out);
	/* T[i][first .. first + count - 1], all at or below the diagonal; NULL
	 * where a part of a row costs as much as all of it. */
	void (*span)(const struct operator *op, size_t i, size_t first,
		size_t count, double *out);
	/* Recurrences, else NULL: the transition's diagonal a, input b and
	 * output c of step t, each layer_state doubles (NULL: not wanted). */
	void (*step)(const struct operator *op, size_t t,
		double *a, double *b, double *c);
	/* The same of modes that are complex, layer_modes of each. */
	void (*complex_step)(const struct operator *op, size_t t,
		double _Complex *a, double _Complex *b, double _Complex *c);
	/* Where the transition is diag(a) + p q', else NULL. */
	void (*rank_one)(const struct operator *op, size_t t,
		double *p, double *q);
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
	bool is_complex;                /* T is: complex_row is the whole of
					 * it */
	bool complex_modes;             /* operator_complex_step in place of
					 * step() */
	bool reads_before;              /* read = pre: y_t reads h_{t-1} */
	double noise;                   /* unit roundoff of a stored dense T, u;
	                                 * 0 where T is exact (DESIGN 2, floor) */
	char *doubt;                    /* a sentence: its values may not be
					 * what was meant; or NULL */
	_Atomic(struct operator_memo *) *memo;  /* NULL: nothing is kept */
	struct tensor *tensors[LAYER_BINDINGS];  /* as kind->rules */
	/* This channel of each factor: its form without H, G or D. data is NULL
	 * where the dump has no such factor. */
	struct slice slices[LAYER_BINDINGS];
};

/* Loads the factors of one channel and checks their values (NaN, signs).
 * STATUS_VALUE is this channel's own failure; the sentence names file, layer,
 * factor and the likely cause. The layer must be resolved. Any thread. */
enum status operator_open(struct operator **out, const struct layer *layer,
	size_t channel);
void operator_close(struct operator *op);

/* Does the dump hold this factor of the layer? */
bool layer_has(const struct layer *layer, const char *factor);

/* A number of the layer that may come in meta or as a 0-d factor of that
 * name; meta wins, and without either it is the fallback. */
enum status layer_number(double *out, const struct layer *layer,
	const char *key, double fallback);

/* For settle(): a factor, if it is there, whose place another source takes. It
 * is bound no more, and a note says why. */
void layer_drop(struct layer *layer, size_t which, const char *why);

/* State dimension n of a kind with step(): axis N, 1 without one; twice that
 * where T is the real part of complex modes. */
size_t layer_state(const struct layer *layer);
size_t layer_modes(const struct layer *layer);     /* never twice */

/* Is T complex, and not the real part that re in meta makes of it? */
bool layer_is_complex(const struct layer *layer);

/* row() of any kind with step(): q_i walked backwards through the
 * transitions, O(i n), no quotient of products. */
void operator_state_row(const struct operator *op, size_t i, double *out);

/* complex_row() of any kind with complex_step(), and row() of any with
 * complex_row(). */
void operator_complex_state_row(const struct operator *op, size_t i,
	double _Complex *out);
void operator_real_part_row(const struct operator *op, size_t i, double *out);

/* Step t of a complex recurrence in op->state modes: those of the kind or,
 * where T is their real part, each with its conjugate at half the weight. */
void operator_complex_step(const struct operator *op, size_t t,
	double _Complex *a, double _Complex *b, double _Complex *c);

/* A block of T, in entries. */
struct operator_area {
	size_t row, rows, column, columns;
};

/* Definitions of DESIGN 2, for a resolved layer and 1 <= i < L. */
size_t layer_tss(const struct layer *layer, size_t i);
size_t layer_ceiling(const struct layer *layer, size_t i);
bool layer_unbounded(const struct layer *layer);
/* What utilisation is of: TSS, or the ceiling where TSS is unbounded. */
size_t layer_capacity(const struct layer *layer, size_t i);
bool layer_interior(const struct layer *layer, size_t i);

#endif
