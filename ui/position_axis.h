/*
 * The row of numbers under a map or a profile, and tokens in a few words.
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

/* A token that ends a sentence, a document, a turn: "<eos>", "[SEP]". */
bool position_delimiter(const char *token);

/* The token in quotes, for a read-out; "-" where there is none. */
enum { POSITION_TOKEN = 48 };
char *position_token(char out[POSITION_TOKEN], const struct layer *layer,
	size_t i);

#endif
