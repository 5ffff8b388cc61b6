/*
 * Spectra of H_i = T[i:, :i] for chosen positions of one operator. The three
 * methods are one file each (hankel_direct.c, hankel_state.c, ...); this is
 * where one is chosen.
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

/* One reference to the block, the caller's. When cancelled: STATUS_CANCELLED
 * and nothing is handed over. */
enum status hankel_spectra(struct spectra **out, struct workspace *work,
	const struct hankel_request *request);

enum method hankel_method(const struct operator *op);

/* Seconds this is likely to take on one core: for ordering and estimates. */
double hankel_cost(const struct layer *layer, const size_t *positions,
	size_t count);

/* The methods. */
enum status hankel_direct(struct spectra *out, struct workspace *work,
	const struct hankel_request *request);
enum status hankel_state(struct spectra *out, struct workspace *work,
	const struct hankel_request *request);

#endif
