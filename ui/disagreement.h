/*
 * The search for where the two definitions of ESS disagree most or, of dumps
 * that are compared, these two, a place in each channel. It looks at each cell
 * of a layer, millions of them, and so goes on from frame to frame (spell.h)
 * until it is done or a key gives it up.
 */
#ifndef UI_DISAGREEMENT_H
#define UI_DISAGREEMENT_H

#include <stdbool.h>

#include "core/status.h"

struct model;

/* Begins; from where the cursor is at such a place it goes to the next, else
 * to the first. STATUS_MISSING: it is done, and nothing is known. */
enum status disagreement_start(struct model *model);

/* True while it is under way. What it finds, it says. */
bool disagreement_go_on(struct model *model);

/* Gives it up. */
void disagreement_stop(struct model *model);

#endif
