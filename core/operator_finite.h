/*
 * Does T overflow? No factor shows it by itself: products do.
 */
#ifndef CORE_OPERATOR_FINITE_H
#define CORE_OPERATOR_FINITE_H

#include <stddef.h>

#include "core/operator.h"
#include "core/status.h"

/* STATUS_VALUE where an entry of T is infinite or NaN. So many rows are formed
 * that they are sums of about that many terms, but the last one always, and one
 * in the middle. */
enum status operator_finite(const struct operator *op, size_t terms);

#endif
