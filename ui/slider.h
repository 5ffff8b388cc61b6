/*
 * The tolerance under the hand: a log track from 1e-12 to 1, moved by tenths
 * of a decade, by a typed value or by the mouse. A step lands on a value of
 * two digits (1.0, 1.3, 1.6, 2.0, ...), so what is shown is what is used and
 * can be given to `esscope compute` as it stands.
 */
#ifndef UI_SLIDER_H
#define UI_SLIDER_H

#include "core/measure.h"
#include "core/status.h"
#include "ui/canvas.h"

/* n tenths of a decade up (down for n < 0), no further than the track's end; a
 * typed value beyond it comes back in the same steps. */
struct tolerance slider_step(struct tolerance tol, int n);

/* 0..1 along the track; clamped. */
double slider_fraction(struct tolerance tol);

/* The value of two digits nearest to a place on the track. */
struct tolerance slider_at(struct tolerance tol, double fraction);

/* "rel 1.0e-03": as few digits as read back exactly. Returns out. */
enum { SLIDER_TEXT = 40 };
char *slider_text(char out[SLIDER_TEXT], struct tolerance tol);

/* "1e-4", "rel 1e-4", "abs 0.1", decimal; a bare number keeps the kind of
 * old. What would round to 0 is refused. */
enum status slider_parse(struct tolerance *out, const char *text,
	struct tolerance old);

/* Draws "tol rel 1.0e-03  1e-12 [----O----] 1e0" over the one-row rect. */
void slider_draw(struct canvas *canvas, struct rect rect,
	struct tolerance tol);

/* The tolerance at a column of the drawn track; false beside it, unless the
 * knob is held: then the nearer end. */
bool slider_pick(struct tolerance *out, struct rect rect,
	struct tolerance tol, int column, bool held);

#endif
