/*
 * One channel's operator, opened once for all the jobs of that channel: with
 * long sequences its factors are most of the memory, and a second copy would
 * be another gigabyte. It is opened by the first job that runs and closed
 * with the last that might.
 */
#ifndef CORE_OPERATOR_SHARE_H
#define CORE_OPERATOR_SHARE_H

#include <stddef.h>

#include "core/status.h"

struct layer;
struct operator;
struct operator_share;

/* Nothing is loaded yet. One reference to the share, the caller's, and no
 * user of its operator. */
struct operator_share *operator_share_new(const struct layer *layer,
	size_t channel);
void operator_share_unref(struct operator_share *share);   /* NULL is fine */

/* A user, of any thread, holds a reference and may open the operator; each
 * join has its leave. */
void operator_share_join(struct operator_share *share);
void operator_share_leave(struct operator_share *share);

/* The operator, borrowed until leave; others wait while it is opened. What
 * failed once fails again with the same sentence. */
enum status operator_share_open(const struct operator **out,
	struct operator_share *share);

#endif
