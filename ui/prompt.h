/*
 * The line one types a command or a search into. It holds what is typed and
 * how it is edited; input.c runs it, prompt_line.c draws it.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

enum { PROMPT_MAX = 256, PROMPT_NOTE = 80 };

struct prompt {
	bool open;
	char sigil;                     /* ':' a command, '/' a text to find */
	size_t length;                  /* bytes of UTF-8, without the 0 */
	size_t cursor;                  /* the byte it is before */
	size_t recalled;                /* lines back in the history, and */
	size_t typed;                   /* how many bytes were typed then */
	char text[PROMPT_MAX];
	char note[PROMPT_NOTE];         /* stands behind it */
};

enum prompt_result { PROMPT_MORE, PROMPT_ENTERED, PROMPT_LEFT };

void prompt_open(struct prompt *prompt, char sigil, const char *text);

/* The same, with what is to be known before Enter. */
void prompt_ask(struct prompt *prompt, const char *text, const char *note);

/* One key (tty.h). ENTERED: text is the line, and the prompt is closed. LEFT:
 * given up (Esc, or Backspace on nothing). */
enum prompt_result prompt_key(struct prompt *prompt, int key);

/* Replaces the text; the cursor is at its end. Cut between characters where it
 * is too long. */
void prompt_set(struct prompt *prompt, const char *text);

/* Replaces the bytes from..cursor; false, and nothing is changed, where there
 * is no room. */
bool prompt_replace(struct prompt *prompt, size_t from, const char *text);

#endif
