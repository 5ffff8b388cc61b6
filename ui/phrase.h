/*
 * The language of the ":" line, of configuration and of scripts: commands with
 * a ';' between, each a name or enough of its beginning, then its argument.
 *
 *     layer "a;b"; 512; 3 down; find any text; to its end
 *
 * A number before a name, with or without a blank, is its argument; a number
 * alone is a position. An argument that holds a ';' or begins with a blank is
 * quoted (\" and \\ within); those called TEXT in command.def take all of the
 * line as it is. "/text" is find.
 */
#ifndef UI_PHRASE_H
#define UI_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the line; without a name it is a number. */
struct phrase {
	size_t number, number_end;
	size_t name, name_end;
	size_t argument, end;           /* without the blanks around it */
	bool all;                       /* it is a TEXT: no quotes in it */
};

/* The first command from that byte on; false: no more. The next one begins
 * at out->end. */
bool phrase_next(struct phrase *out, const char *line, size_t from);

/* The argument without its quotes, for free(). */
char *phrase_argument(const struct phrase *phrase, const char *line);

/* The text as such an argument, quoted if it must be; for free(). */
char *phrase_quote(const char *text);

#endif
