/*
 * The operators a session's jobs work on, kept open between the jobs of a
 * channel: T is formed from its factors once, and what the sliding method
 * found out about it is not found out again. One thread, the session's;
 * operators are opened and read by workers (operator_share.h).
 */
#ifndef CORE_SESSION_OPERATORS_H
#define CORE_SESSION_OPERATORS_H

#include <stddef.h>

struct layer;
struct operator_share;
struct session_operators;

/* Keeps those of so many channels, the last ones asked for, as far as they hold
 * no more than half of CHANNELS_BYTES_MOST. */
struct session_operators *session_operators_new(size_t most);

/* Jobs that joined an operator may go on with it. */
void session_operators_free(struct session_operators *all);    /* NULL is fine */

/* Joined for the caller, who leaves it. Recurrences, whose jobs are few and
 * whose factors are long, are not kept. */
struct operator_share *session_operators_join(struct session_operators *all,
	const struct layer *layer, size_t channel);

#endif
