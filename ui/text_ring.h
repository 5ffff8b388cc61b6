/*
 * The text around the cursor as running text over a few rows. Where all of it
 * has no room the rows are a ring: line n stands in row n modulo their number
 * and never moves, and the text to come is written over the oldest, a token
 * for each that the cursor passes, half a ring ahead of it. So a move sends a
 * token of it, wherever it is. A stroke stands where the newest meets the
 * oldest. One row alone is no ring: it goes on by a third of itself.
 */
#ifndef UI_TEXT_RING_H
#define UI_TEXT_RING_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"

struct model;
struct text_ring;

struct text_ring *text_ring_new(void);
void text_ring_free(struct text_ring *ring);

/* Its lines are laid out anew: the tokens may be others. */
void text_ring_forget(struct text_ring *ring);

/* Rows that all tokens of the layer take; 0: more than `most`. */
int text_ring_rows(const struct model *model, int most, int columns);

/* Lines are laid out from the first token on. So that a text of a million
 * costs a frame no more than what is seen of it, that goes on from frame to
 * frame, and until it has come to the cursor lines are laid out around that. */
void text_ring_look(const struct model *model, struct rect rect);

/* For so many seconds (spell.h); true: something is left. */
bool text_ring_go_on(struct model *model, double seconds);

/* The past as it is, the future dim, and its first token, the cursor's own,
 * marked. Nothing without tokens. */
void text_ring_draw(struct canvas *canvas, struct rect rect,
	const struct model *model);

/* The token at a row and column of the screen in that rect; false where there
 * is none. */
bool text_ring_pick(size_t *out, struct rect rect, const struct model *model,
	int row, int column);

#endif
