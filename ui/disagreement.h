/*
 * The search (search.h) for where the two definitions of ESS disagree most or,
 * of dumps that are compared, these two, a place in each channel.
 */
#ifndef UI_DISAGREEMENT_H
#define UI_DISAGREEMENT_H

#include "core/status.h"

struct model;

/* Begins; from where the cursor is at such a place it goes to the next, else
 * to the first. STATUS_MISSING: it is done, and nothing is known. */
enum status disagreement_start(struct model *model);

#endif
