/*
 * The row of numbers under a map or a profile, and the text around the
 * cursor.
 */
#ifndef UI_POSITION_AXIS_H
#define UI_POSITION_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"

struct bins;
struct layer;
struct model;

/* Round positions, and the cursor's own where it stands. rect: one row, its
 * first column that of the first pixel. Delimiters among the tokens are
 * marked. */
void position_axis_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *bins);

/* The tokens around the cursor as running text over the rect; a bar stands
 * between the tokens H_i lies between, at `column` of the rect if the text
 * allows. Nothing without tokens. */
void position_tokens_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, int column);

/* A token that ends a sentence, a document, a turn: "<eos>", "[SEP]". */
bool position_delimiter(const char *token);

/* The token in quotes, for a read-out; "-" where there is none. */
enum { POSITION_TOKEN = 48 };
char *position_token(char out[POSITION_TOKEN], const struct layer *layer,
	size_t i);

#endif
