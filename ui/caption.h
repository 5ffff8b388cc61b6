/*
 * What a picture that leaves the screen must say of itself: what was measured
 * and how it is defined, of what, from which file, by which program.
 */
#ifndef UI_CAPTION_H
#define UI_CAPTION_H

#include "core/measure.h"
#include "ui/model.h"

/* "1e-3", "2.5e-2", "0": as few characters as read back exactly. */
enum { CAPTION_NUMBER = 32 };
char *caption_number(char out[CAPTION_NUMBER], double value);

/* "s > 1e-3 s1 (relative tolerance)" */
enum { CAPTION_RULE = 80 };
char *caption_rule(char out[CAPTION_RULE], struct tolerance tol);

/* "head" or "channel". */
const char *caption_channel(const struct layer *layer);

/* Sentences of one line each, for free(). The measure and its formula; */
char *caption_definition(const struct model *model);

/* the layer, and the channel and position of the cursor or the window; */
char *caption_place(const struct model *model, enum pane pane);

/* the file, the model, a hash of the content (core/content.h) and the
 * program. */
char *caption_source(const struct model *model);

/* Likewise B's, where two are compared and that is A's; else NULL. */
char *caption_compared(const struct model *model);

#endif
