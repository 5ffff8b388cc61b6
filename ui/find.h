/*
 * Search: the next token of the layer, or the next layer, that holds a text.
 */
#ifndef UI_FIND_H
#define UI_FIND_H

#include "core/status.h"

struct model;

/* Goes to the next (direction 1) or previous (-1) match of model->needle:
 * tokens first, layers first where the layer list has the focus. The cursor
 * stands at the token's own position. STATUS_MISSING when there is none. */
enum status find_step(struct model *model, int direction);

/* The layer of that name, else the first whose name holds the text. */
enum status find_layer(struct model *model, const char *name);

#endif
