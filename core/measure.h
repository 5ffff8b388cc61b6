/*
 * Effective State-Size of a spectrum (Parnichkun et al. 2025, arXiv
 * 2504.19561): tolerance-ESS counts singular values strictly above a
 * threshold; entropy-ESS is exp of the entropy of s / sum(s).
 */
#ifndef CORE_MEASURE_H
#define CORE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/spectrum.h"

enum tolerance_kind { TOLERANCE_RELATIVE, TOLERANCE_ABSOLUTE };

struct tolerance {
	enum tolerance_kind kind;
	double value;
};

#define TOLERANCE_DEFAULT \
	((struct tolerance){ TOLERANCE_RELATIVE, 1e-3 })

bool tolerance_equal(struct tolerance a, struct tolerance b);

/* The absolute threshold: value, or value * s1. */
double tolerance_threshold(struct tolerance tol, const struct spectrum *s);

/* #{s > threshold}; 0 where H_i = 0. */
size_t ess_tolerance(const struct spectrum *s, struct tolerance tol);

/* exp(-sum p ln p) over s > 0; 0 where H_i = 0. values descending. */
double ess_entropy(const double *values, size_t count);

#endif
