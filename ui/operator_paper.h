/*
 * T for a figure or a table: the window that the screen shows, in as many
 * pixels as paper has. It is a picture of its own, so that the screen's stays
 * as it is meanwhile. Wanted while model->paper is set.
 */
#ifndef UI_OPERATOR_PAPER_H
#define UI_OPERATOR_PAPER_H

#include "ui/operator_picture.h"

/* Asks the session for it, or no longer. */
void operator_paper_look(struct model *model);

struct operator_picture operator_paper_get(const struct model *model);

#endif
