/*
 * Spectra of H_i = T[i:, :i] for chosen positions of one operator. The
 * methods are one file each (hankel_direct.c, hankel_state.c); this is where
 * one is chosen. Whatever the choice of positions, the values at a position
 * come out the same, bit for bit.
 */
#ifndef CORE_HANKEL_H
#define CORE_HANKEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/operator.h"
#include "core/spectrum.h"

struct workspace;

struct hankel_request {
	const struct operator *op;
	const size_t *positions;        /* ascending, each in 1..L-1 */
	size_t count;
	const atomic_bool *cancel;      /* polled between factorisations; or NULL */
};

/* Receives the spectra one by one, positions ascending. The spectrum and its
 * values are borrowed for the call. */
struct hankel_sink {
	void (*take)(void *payload, const struct spectrum *spectrum);
	void *payload;
};

/* Runs the request into the sink: nothing is kept, memory does not grow with
 * the number of positions. STATUS_CANCELLED ends it early; what the sink has
 * taken by then is right. */
enum status hankel_each(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);

/* The same as a block, one reference of which is the caller's. When cancelled
 * after the first position, the block of what is done (count is shorter) and
 * STATUS_OK; before it, STATUS_CANCELLED. */
enum status hankel_spectra(struct spectra **out, struct workspace *work,
	const struct hankel_request *request);

enum method hankel_method(const struct layer *layer);

/* Singular values hankel_each gives at position i, at least 1: those that are
 * not 0 by the operator's structure. hankel_order: all min(i, L-i) of H_i, for
 * recurrences min(i, L-i, n). */
size_t hankel_count(const struct layer *layer, size_t i);
size_t hankel_order(const struct layer *layer, size_t i);

/* The part of H_i that is not 0 by structure: rows i .. i + rows - 1 of T,
 * columns i - columns .. i - 1. */
void hankel_block(const struct layer *layer, size_t i, size_t *rows,
	size_t *columns);

/* Seconds this is likely to take on one core: for ordering and estimates.
 * hankel_cost_at: one more position; hankel_cost: a request for count
 * positions (NULL: spread evenly), what comes before the first included. */
double hankel_cost_at(const struct layer *layer, size_t position);
double hankel_cost(const struct layer *layer, const size_t *positions,
	size_t count);

/* T of an operator with rows, row-major L x L, lower triangle valid; kept in
 * the workspace for whoever asks for the same next. Only up to that many
 * positions is that worth its memory. */
enum { HANKEL_WHOLE_MAX = 4096 };
enum status hankel_whole(double **out, struct workspace *work,
	const struct operator *op);

/* The methods, for hankel.c and tests. */
enum status hankel_direct(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);
enum status hankel_state(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);

#endif
