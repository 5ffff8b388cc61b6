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

/* A mark at delimiters among the tokens; with numbers, the cursor's mark and
 * position and round ones. rect: one row, its first column that of the first
 * pixel. */
void position_axis_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *bins, bool numbers);

/* The numbers alone, the cursor at any cell of the bins. */
void position_axis_numbers(struct canvas *canvas, struct rect rect,
	const struct bins *bins, size_t cursor);

/* The tokens around the cursor as running text over the rect: the past as it
 * is, the future dim, and its first token, the cursor's own, marked. Nothing
 * without tokens. */
void position_tokens_draw(struct canvas *canvas, struct rect rect,
	const struct model *model);

/* Rows that all tokens of the layer take; 0: more than `most`. */
int position_tokens_rows(const struct model *model, int most, int columns);

/* The token at a row and column of the screen in that rect; false where there
 * is none. */
bool position_tokens_pick(size_t *out, struct rect rect,
	const struct model *model, int row, int column);

/* A token that ends a sentence, a document, a turn: "<eos>", "[SEP]". */
bool position_delimiter(const char *token);

/* The token in quotes, for a read-out; "-" where there is none. */
enum { POSITION_TOKEN = 48 };
char *position_token(char out[POSITION_TOKEN], const struct layer *layer,
	size_t i);

#endif
