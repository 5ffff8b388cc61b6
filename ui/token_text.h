/*
 * Tokens as a reader wants them: running text. Vocabularies hide it in
 * different ways, and tell by their tokens which:
 *
 *	byte level (GPT-2)	a character a byte; "\u0120the" is " the"
 *	SentencePiece		"\u2581the" is " the", "<0x0A>" is a byte
 *	WordPiece		"##ing" goes on, other words begin with a blank
 *	otherwise		a token is its text
 *
 * A character may be spread over several tokens; it belongs to the one that
 * begins it, and the others show a dot, for every token must be seen. Control
 * characters, bidi controls and bytes that are no UTF-8 become visible, none
 * reaches a terminal.
 */
#ifndef UI_TOKEN_TEXT_H
#define UI_TOKEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct layer;

struct token_piece {
	char *text;             /* UTF-8, at least one cell */
	int width;
	bool breaks;            /* ends a line */
};

struct token_text {
	size_t begin, count;    /* tokens begin .. begin + count - 1 */
	struct token_piece *pieces;
};

/* Tokens begin .. end - 1 of a layer that has them; without Unicode control
 * characters are \n, \x1b. */
struct token_text *token_text_new(const struct layer *layer, size_t begin,
	size_t end, bool unicode);
void token_text_free(struct token_text *text);  /* NULL is fine */

#endif
