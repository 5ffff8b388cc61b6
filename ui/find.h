/*
 * Search: the next place in the running text of the layer, or the next layer,
 * that holds a text. Letters match either case unless a capital is typed.
 */
#ifndef UI_FIND_H
#define UI_FIND_H

#include "core/status.h"

struct model;

/* Goes to the next (direction 1) or previous (-1) match of model->needle:
 * text first, layers first where the layer list has the focus. A word may be
 * of several tokens: the cursor stands at the position of the token in which
 * it begins. STATUS_MISSING when there is none. */
enum status find_step(struct model *model, int direction);

/* The layer of that name, else the first whose name holds the text. */
enum status find_layer(struct model *model, const char *name);

#endif
