/*
 * Spectra of H_i = T[i:, :i] for chosen positions of one operator. The
 * methods are one file each (hankel_direct.c, hankel_state.c,
 * hankel_sliding.c); this is where one is chosen. Whatever the choice of
 * positions, the values at a position come out the same, bit for bit.
 */
#ifndef CORE_HANKEL_H
#define CORE_HANKEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/meter.h"
#include "core/operator.h"
#include "core/spectrum.h"

struct workspace;

/* What decides the method: cost; cost among those exact to 1e-9 s1; or, from
 * CHOICE_ONLY on, the user: CHOICE_ONLY + METHOD_STATE. */
enum method_choice { CHOICE_AUTO, CHOICE_EXACT, CHOICE_ONLY };

/* "auto", or a method's name; false for any other text. */
bool method_choice_parse(int *out, const char *text);

struct hankel_request {
	const struct operator *op;
	const size_t *positions;        /* ascending, each in 1..L-1 */
	size_t count;
	const atomic_bool *cancel;      /* polled between factorisations; or NULL */
	int choice;                     /* enum method_choice */
	struct meter *meter;            /* told what is behind; or NULL */
};

/* Receives the spectra one by one, positions ascending. The spectrum and its
 * values are borrowed for the call. */
struct hankel_sink {
	void (*take)(void *payload, const struct spectrum *spectrum);
	void *payload;
	/* Where an exact method is left a position that a cheap one could not
	 * serve: NULL has it computed at once; else it is told instead, in
	 * order, and goes without a spectrum. */
	void (*refuse)(void *payload, size_t position);
};

/* Runs the request into the sink: nothing is kept, memory does not grow with
 * the number of positions. STATUS_CANCELLED ends it early; what the sink has
 * taken by then is right. */
enum status hankel_each(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);

/* The same as a block, for spectra_free. When cancelled
 * after the first position, the block of what is done (count is shorter) and
 * STATUS_OK; before it, STATUS_CANCELLED. */
enum status hankel_spectra(struct spectra **out, struct workspace *work,
	const struct hankel_request *request);

/* The exact method. */
enum method hankel_method(const struct layer *layer);

/* Will a method be tried that is much cheaper than hankel_cost says, and may
 * refuse positions? hankel_try_cost: seconds until it has served or refused
 * them all. */
bool hankel_tries(const struct layer *layer, int choice);
double hankel_try_cost(const struct layer *layer, size_t positions);

/* Seconds for each position it serves, all of them together. */
double hankel_leaf_cost(const struct layer *layer);

/* Singular values hankel_each gives at position i at most, and at least 1:
 * those that are not 0 by the operator's structure. hankel_order: all
 * min(i, L-i) of H_i, for
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

/* Adds what one more position of a run costs by the exact method, stage by
 * stage: the same units as a request's meter. */
void hankel_expect(double expected[METER_STAGES], const struct layer *layer,
	size_t position, int choice);

/* Positions i .. hankel_run_end - 1 cost the exact method less together than
 * apart: i + 1 where it makes no difference. */
size_t hankel_run_end(const struct layer *layer, size_t i);

/* The methods, for hankel.c and tests. */
enum status hankel_direct(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);
enum status hankel_state(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);
enum status hankel_block_each(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);

/* Is i one of those hankel_block_each does itself? And where the run of
 * positions from i on ends that its lanes take together. */
bool hankel_block_holds(size_t L, size_t i);
size_t hankel_block_end(size_t L, size_t i);

/* Seconds for such an i, alone or with the whole of its run: its share of the
 * cores, of the way from there, and both. */
double hankel_block_core_cost(size_t L, size_t i, bool alone);
double hankel_block_step_cost(size_t L, size_t i, bool alone);
double hankel_block_cost(size_t L, size_t i, bool alone);

/* Seconds of LAPACK's for one H_i. */
double hankel_direct_cost(size_t rows, size_t columns);
enum status hankel_sliding(struct workspace *work,
	const struct hankel_request *request, struct hankel_sink sink);

#endif
