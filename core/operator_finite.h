/*
 * Does T overflow? No factor shows it by itself: products do.
 */
#ifndef CORE_OPERATOR_FINITE_H
#define CORE_OPERATOR_FINITE_H

#include <stdbool.h>

#include "core/operator.h"
#include "core/status.h"

/* STATUS_VALUE where an entry of T is infinite or NaN. Of a long T some rows
 * are formed, the last always: closely, so many that it takes a second. */
enum status operator_finite(const struct operator *op, bool closely);

#endif
