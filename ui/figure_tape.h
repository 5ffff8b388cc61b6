/*
 * A figure noted down in place of drawn: a view's strokes, in their order, as
 * bytes of a stream. Who may read the model makes the tape, which takes little
 * time; any thread and any backend draws it, for it holds copies of all that is
 * drawn. Tapes stay within the process that made them.
 */
#ifndef UI_FIGURE_TAPE_H
#define UI_FIGURE_TAPE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/status.h"
#include "ui/figure.h"

extern const struct figure_backend figure_tape;

/* Draws a tape, size bytes of memory as of malloc. Once *stop (if not NULL) is
 * true, no further: STATUS_CANCELLED. */
enum status figure_play(const struct figure_backend *backend, FILE *stream,
	const char *tape, size_t size, const atomic_bool *stop);

#endif
