/*
 * Running text broken into lines between tokens. Lines are laid out a block of
 * tokens at a time, and a block begins a line: so a text of a million tokens
 * costs no more than what is seen of it.
 */
#ifndef UI_TEXT_LINES_H
#define UI_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct layer;
struct token_piece;
struct text_lines;

struct text_line {
	size_t begin, end;      /* tokens begin .. end - 1; never empty */
};

/* Over so many columns; blocks are laid out as they are asked for. */
struct text_lines *text_lines_new(const struct layer *layer, int columns,
	bool unicode);
void text_lines_free(struct text_lines *lines);

/* The line that holds a token < L. */
struct text_line text_lines_at(struct text_lines *lines, size_t token);

/* So many lines further, or back, as far as there are any. */
struct text_line text_lines_step(struct text_lines *lines,
	struct text_line line, long steps);

/* What stands for a token. */
const struct token_piece *text_lines_piece(struct text_lines *lines,
	size_t token);

/* The column a token begins at in its line, and the token at a column (the
 * last one beyond the end). */
int text_lines_column(struct text_lines *lines, size_t token);
size_t text_lines_pick(struct text_lines *lines, struct text_line line,
	int column);

#endif
